"""Hiding small groups so that they cannot be worked out from what stays visible.

In: counted cells and flows. Out: which of them must not be shown. Ways lead back to a hidden cell, and each is
closed: everybody minus the other segments, and the total of a node minus its other flows. A third leads over two
pictures: a number of one minus the cells of the other that are part of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from journey_mining.vocabulary import ALL_SEGMENTS

_MAIN_WAY = 0.25
"""share of what enters a node above which a flow is a main way"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Journeys that went from one node to another."""

    source: Hashable
    target: Hashable
    journeys: int
    customers: int
    is_forced: bool = False
    """hidden whatever its size, as the complement of a hidden cell elsewhere"""


def hidden_cells(counts: Sequence[int], small: int) -> set[int]:
    """Places of the counts to hide where their total is shown: those below `small`; a lone one takes the next smallest.

    >>> sorted(hidden_cells([15, 12, 4], 10))
    [1, 2]
    """
    hidden = {place for place, count in enumerate(counts) if 0 < count < small}
    rest = sorted((count, place) for place, count in enumerate(counts) if count >= small)
    # a lone hidden cell is the total minus the others
    return hidden | {rest[0][1]} if len(hidden) == 1 and rest else hidden


def forced_cells(rows: Iterable[tuple[str, Hashable, int]], small: int) -> set[tuple[str, Hashable]]:
    """Cells (segment, key) to hide because the same key is small in some segment while "all" is shown.

    Args:
        rows: segment, key and customers of every cell; those of "all" are ignored.
        small: cells below this are hidden.
    """
    by_key: dict[Hashable, list[tuple[str, int]]] = defaultdict(list)
    for segment, key, customers in rows:
        if segment != ALL_SEGMENTS:
            by_key[key].append((segment, customers))
    forced: set[tuple[str, Hashable]] = set()
    for key, cells in by_key.items():
        cells.sort()
        forced |= {(cells[place][0], key) for place in hidden_cells([count for _, count in cells], small)}
    return forced


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Cells that a reader can take away from a number published elsewhere."""

    total: int
    """journeys of the published number"""
    cells: frozenset[Hashable]
    """cells whose journeys are all among them"""


def shown_with_totals(
    journeys: Mapping[Hashable, int],
    customers: Mapping[Hashable, int],
    shown: Iterable[Hashable],
    families: Sequence[Family],
    small: int,
) -> set[Hashable]:
    """The cells that may stay shown beside the totals of their families.

    A published number minus the cells shown of it must be nothing or at least `small` journeys, and, as far as cells
    that are not shown can tell, of at least `small` customers. A family that breaks this gives up its smallest shown
    cell until it holds or shows none; then only the number itself is told, which is published with a rule of its own.

    Args:
        journeys: of every cell, shown or not.
        customers: of every cell; at most its journeys.
        shown: cells that are shown unless a family forbids it.
        families: every published number that cells are part of.
        small: groups below this are never shown.
    """
    left = set(shown)
    # the narrowest first: what a link gives up often mends the total as well
    ordered = sorted(families, key=lambda family: len(family.cells))
    while True:
        broken = next((family for family in ordered if _is_broken(family, left, journeys, customers, small)), None)
        if broken is None:
            return left
        left.remove(min(broken.cells & left, key=lambda cell: (journeys[cell], str(cell))))


def _is_broken(
    family: Family,
    shown: set[Hashable],
    journeys: Mapping[Hashable, int],
    customers: Mapping[Hashable, int],
    small: int,
) -> bool:
    if not family.cells & shown:
        return False
    rest = family.total - sum(journeys[cell] for cell in family.cells & shown)
    hidden = family.cells - shown
    # cells tell all that is left: then they bound its customers too
    is_told = rest == sum(journeys[cell] for cell in hidden)
    people = sum(customers[cell] for cell in hidden) if is_told else rest
    return rest > 0 and min(rest, people) < small


def visible_flows(flows: Sequence[Flow], small: int) -> list[Flow]:
    """The flows that may be drawn, in the order given.

    A flow below `small` customers is hidden. Where the hidden part of a node's outflow or inflow is itself below
    `small` it could be worked out from the node's total, so the next smallest flow joins it, until nothing is left
    to work out. What is hidden goes into the node's remainder, so totals stay whole.

    The outflow is always protected, because pages print its remainder. The inflow is protected as long as that costs
    no main way: a flow that is more than a quarter of what enters a node is never sacrificed for the node's sake.
    """
    visible = [flow for flow in flows if flow.customers >= small and not flow.is_forced]
    hidden = [flow for flow in flows if flow.journeys and (flow.customers < small or flow.is_forced)]
    entering: dict[Hashable, int] = defaultdict(int)
    for flow in flows:
        entering[flow.target] += flow.journeys
    while True:
        more = _next_to_hide(visible, hidden, small, entering)
        if more is None:
            return visible
        visible.remove(more)
        hidden.append(more)


def _next_to_hide(
    visible: Sequence[Flow], hidden: Sequence[Flow], small: int, entering: Mapping[Hashable, int]
) -> Flow | None:
    remainder: dict[tuple[str, Hashable], int] = defaultdict(int)
    for flow in hidden:
        for side in _sides(flow):
            remainder[side] += flow.journeys
    small_sides = {side for side, journeys in remainder.items() if 0 < journeys < small}
    candidates = [
        flow
        for flow in visible
        if ("out", flow.source) in small_sides
        or (("in", flow.target) in small_sides and flow.journeys <= _MAIN_WAY * entering[flow.target])
    ]
    return min(candidates, key=lambda flow: (flow.journeys, str(flow.source), str(flow.target)), default=None)


def _sides(flow: Flow) -> tuple[tuple[str, Hashable], tuple[str, Hashable]]:
    return ("out", flow.source), ("in", flow.target)
