"""The intended way as a process tree.

In: the intended paths of a project. Out: `Block` trees.
"""

from __future__ import annotations

from collections.abc import Collection

from journey_mining.mining.process_tree import CHOICE, LOOP, PARALLEL, SEQUENCE, Block
from journey_mining.project import IntendedPath, PathStep

_SILENT = Block()


def intended_tree(path: IntendedPath, optional: Collection[str] = ()) -> Block:
    """The tree of an intended path; the ids in `optional` may be left out wherever they stand.

    >>> from journey_mining.project import PathStep
    >>> str(intended_tree(IntendedPath(steps=("a", PathStep(optional="b")))))
    "->( 'a', X( tau, 'b' ) )"
    """
    return _in_order(path.way, optional)


def _tree(step: PathStep, optional: Collection[str]) -> Block:
    if step.id:
        leaf = Block(label=step.id)
        return _maybe(leaf) if step.id in optional else leaf
    if step.optional:
        return _maybe(_tree(step.optional, optional))
    if step.repeat:
        return Block(operator=LOOP, children=(_tree(step.repeat, optional), _SILENT))
    if step.in_order:
        return _in_order(step.in_order, optional)
    parts = tuple(_tree(child, optional) for child in (*step.any_of, *step.in_any_order))
    return _joined(CHOICE if step.any_of else PARALLEL, parts)


def _in_order(steps: tuple[PathStep, ...], optional: Collection[str]) -> Block:
    return _joined(SEQUENCE, tuple(_tree(step, optional) for step in steps))


def _joined(operator: str, parts: tuple[Block, ...]) -> Block:
    return Block(operator=operator, children=parts) if len(parts) > 1 else parts[0]


def _maybe(block: Block) -> Block:
    return Block(operator=CHOICE, children=(_SILENT, block))
