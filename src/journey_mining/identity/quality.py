"""How well found persons match true ones, on data whose truth is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """Agreement of found persons with true ones; all shares in 0..1."""

    pair_precision: float
    """share of pairs put together that belong together; 1 where no pair was put together"""
    pair_recall: float
    """share of pairs that belong together and were put together; 1 where no pair belongs together"""
    b3_precision: float
    """B-cubed: mean over items of the share of their found person that is truly theirs"""
    b3_recall: float
    """B-cubed: mean over items of the share of their true person that was found with them"""
    item_count: int


def measure_quality(truth: Mapping[str, Hashable], found: Mapping[str, Hashable]) -> Quality:
    """Compare found persons with true ones over the items of `truth`; an item that was not found stands alone.

    Pairs are counted from the cells of the truth-by-found table, so the work is linear in the number of items.
    Reference for B-cubed: Bagga and Baldwin, 1998.

    >>> measure_quality({"e1": "ann", "e2": "ann", "e3": "bob"}, {"e1": 1, "e2": 1, "e3": 1}).pair_precision
    0.3333333333333333
    """
    labels = {item: found.get(item, ("alone", item)) for item in truth}
    cells = Counter((truth[item], labels[item]) for item in truth)
    true_sizes, found_sizes = Counter(truth.values()), Counter(labels.values())
    together = _pairs(cells.values())
    items = max(len(truth), 1)
    return Quality(
        pair_precision=_share(together, _pairs(found_sizes.values())),
        pair_recall=_share(together, _pairs(true_sizes.values())),
        b3_precision=sum(n * n / found_sizes[label] for (_, label), n in cells.items()) / items if truth else 1.0,
        b3_recall=sum(n * n / true_sizes[person] for (person, _), n in cells.items()) / items if truth else 1.0,
        item_count=len(truth),
    )


def _pairs(sizes: Iterable[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
