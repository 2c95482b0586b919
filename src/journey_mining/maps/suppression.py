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


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Journeys that went from one node to another."""

    source: Hashable
    target: Hashable
    journeys: int
    customers: int


def hidden_cells(counts: Sequence[int], small: int) -> set[int]:
    """Places of the counts to hide where their total is shown: those below `small`, and the next smallest along.

    The total minus what is shown is the sum of the hidden ones, which must not be a small group either.

    >>> sorted(hidden_cells([15, 12, 4], 10)), sorted(hidden_cells([15, 12, 6, 5], 10))
    ([1, 2], [2, 3])
    """
    hidden = {place for place, count in enumerate(counts) if 0 < count < small}
    rest = sorted((count, place) for place, count in enumerate(counts) if count >= small)
    while rest and 0 < sum(counts[place] for place in hidden) < small:
        hidden.add(rest.pop(0)[1])
    return hidden


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
