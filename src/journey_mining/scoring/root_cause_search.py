"""Subgroups in which more are lost than elsewhere: found among one half of the customers, confirmed among the other.

A beam search of depth 2 for weighted relative accuracy (Lavrac, Flach, Zupan 1999), share of the subgroup times its
excess of losses. The best of many looks better than it is, so its numbers come from customers who took no part in the
search: Newcombe's interval and a score test of the difference to the rest of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from journey_mining.scoring.differences import newcombe, score_z, two_sided
from journey_mining.scoring.intervals import Interval

Condition = tuple[str, str]
"""what is known, and its value"""
Rule = tuple[Condition, ...]
"""conditions that hold together, sorted"""
BoolArray = NDArray[np.bool_]

MIN_CUSTOMERS = 50
"""customers a subgroup needs, and the rest of its half, in each half"""
BEAM = 8
"""rules of one condition that are refined"""
MOST_RULES = 3
"""rules of a cell that are put to the test"""
_SAME = 0.8
"""two rules that share so much of their customers are one"""
MIN_GAIN = 1.1
"""a second condition must raise the quality of both its conditions by so much"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A rule that the search half suggests."""

    rule: Rule
    quality: float
    """weighted relative accuracy in the search half"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """A rule in the half that took no part in the search."""

    customers: int
    """in the subgroup"""
    other_customers: int
    lost_share: float
    other_share: float
    interval: Interval
    """of the difference"""
    p_value: float
    """two-sided; 1 where nobody or everybody is lost"""

    @property
    def difference(self) -> float:
        """Share lost in the subgroup minus that elsewhere."""
        return self.lost_share - self.other_share


def search(holds: dict[Condition, BoolArray], is_lost: BoolArray, *, min_customers: int = MIN_CUSTOMERS) -> list[Found]:
    """The best rules of at most two conditions, best first; ties by the words of the rule.

    Args:
        holds: for each condition, whether it holds for each customer of the search half.
        is_lost: whether each was lost.
        min_customers: a subgroup and its rest need so many.
    """
    single: dict[Rule, float] = {
        (condition,): quality
        for condition, mask in sorted(holds.items())
        if (quality := _quality(mask, is_lost, min_customers)) > 0
    }
    beam = sorted(single, key=lambda rule: (-single[rule], rule))[:BEAM]
    found = dict(single)
    for rule in beam:
        for condition, mask in sorted(holds.items()):
            if condition[0] == rule[0][0]:
                continue
            pair = tuple(sorted((rule[0], condition)))
            quality = _quality(holds[rule[0]] & mask, is_lost, min_customers)
            parents = [single.get((part,), 0.0) for part in pair]
            if quality > MIN_GAIN * max(parents):
                found[pair] = quality
    ordered = sorted(found, key=lambda rule: (-found[rule], rule))
    distinct = _distinct(ordered, holds)
    return [Found(rule=rule, quality=found[rule]) for rule in distinct]


def members(rule: Rule, holds: dict[Condition, BoolArray], count: int) -> BoolArray:
    """Who of `count` customers fulfils every condition of the rule."""
    mask = np.ones(count, dtype=bool)
    for condition in rule:
        mask &= holds.get(condition, np.zeros(count, dtype=bool))
    return mask


def confirm(mask: BoolArray, is_lost: BoolArray, z: float) -> Confirmation | None:
    """The difference between a subgroup and the rest; None where either is empty."""
    inside, outside = is_lost[mask], is_lost[~mask]
    if not len(inside) or not len(outside):
        return None
    counts = int(inside.sum()), len(inside), int(outside.sum()), len(outside)
    p_value = two_sided(score_z(*counts))
    return Confirmation(
        customers=len(inside),
        other_customers=len(outside),
        lost_share=float(inside.mean()),
        other_share=float(outside.mean()),
        interval=newcombe(*counts, z),
        p_value=1.0 if p_value is None else p_value,
    )


def _quality(mask: BoolArray, is_lost: BoolArray, min_customers: int) -> float:
    size = int(mask.sum())
    if size < min_customers or len(mask) - size < min_customers:
        return 0.0
    return size / len(mask) * (float(is_lost[mask].mean()) - float(is_lost.mean()))


def _distinct(ordered: list[Rule], holds: dict[Condition, BoolArray]) -> list[Rule]:
    """The first rules that are not about the same customers as one before, that is by four fifths."""
    kept: list[tuple[Rule, BoolArray]] = []
    for rule in ordered:
        mask = members(rule, holds, len(next(iter(holds.values()))))
        shared = (float((mask & other).sum()) / float((mask | other).sum()) for _, other in kept)
        if all(share < _SAME for share in shared):
            kept.append((rule, mask))
        if len(kept) == MOST_RULES:
            break
    return [rule for rule, _ in kept]
