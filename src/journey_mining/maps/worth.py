"""What hangs on the touchpoints of a stage, and what it would bring to lose fewer there.

In: `importance`, `moment_of_truth`, `opportunity`. Out: `Weight` and `Gain` values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from journey_mining.maps.heads import Name
from journey_mining.maps.map_pictures import Gain, Weight
from journey_mining.maps.numbers import Limits, Number, Standing, number_of
from journey_mining.maps.tables import Row, Tables
from journey_mining.scoring.opportunity import NOT_PROVEN
from journey_mining.scoring.removal_effect_table import LIKE_PLACEBO

_REFERENCES = ("target", "rest")
"""what people declared says more than what others happen to lose"""


def weights_of(
    tables: Tables, segment: str, stage: str, limits: Limits, *, customers: int | None
) -> tuple[Weight, ...]:
    """Ranked touchpoints that most customers meet in the stage, the most important first.

    Args:
        tables: what was published.
        segment: its id.
        stage: its id.
        limits: thresholds in customers.
        customers: those whose start was seen, of whom the shares are; None where their number is hidden.
    """
    moments = {row["touchpoint"]: row for row in tables.of("moment_of_truth", segment, stage=stage)}
    ranked = [row for row in tables.of("importance", segment) if row["rank"] is not None]
    return tuple(
        _weight(row, moments[row["touchpoint"]], len(ranked), limits, customers)
        for row in sorted(ranked, key=lambda row: (row["rank"], row["touchpoint"]))
        if row["touchpoint"] in moments and (row["customer_count"] or 0) >= limits.small
    )


def _weight(row: Row, moment: Row, ranked: int, limits: Limits, customers: int | None) -> Weight:
    flags = str(row["flags"] or "").split(",")
    won = (row["won_share"] or 0.0) * (customers or 0)
    return Weight(
        touchpoint=row["touchpoint"],
        name=Name(ru=row["name_ru"], en=row["name_en"]),
        rank=int(row["rank"]),
        rank_low=int(row["rank_low"]),
        rank_high=int(row["rank_high"]),
        ranked=ranked,
        effect=_effect(row, limits, won),
        reach=row["reach_share"] if _is_told(row["reach_share"], customers or 0, limits) else None,
        is_like_placebo=LIKE_PLACEBO in flags,
        is_moment_of_truth=bool(moment["is_moment_of_truth"]),
    )


def _effect(row: Row, limits: Limits, won: float) -> Number:
    """The removal effect; no count of its own is told, nor a share that a few of those who won could be read from."""
    if not _is_told(row["removal_effect"], won, limits):
        return Number(standing=Standing.HIDDEN, method=row["method"])
    cell = {
        "estimate": row["removal_effect"],
        "interval_low": row["removal_low"],
        "interval_high": row["removal_high"],
        "customer_count": row["customer_count"],
        "horizon_days": None,
        "method": row["method"],
        "flags": row["flags"],
    }
    return replace(number_of(cell, limits), customers=None)


def _is_told(share: float | None, people: float, limits: Limits) -> bool:
    """Whether a share of people leaves no small group on either of its sides."""
    if share is None:
        return False
    sides = (share * people, (1 - share) * people)
    return min(sides) >= limits.small


def gains_of(rows: Sequence[Row], limits: Limits, *, is_base_hidden: bool) -> tuple[Gain, ...]:
    """What a stage could bring, against each reference.

    Args:
        rows: those of `opportunity` of one segment and stage.
        limits: thresholds in customers.
        is_base_hidden: whether the number of customers who entered must stay hidden.
    """
    found = [_gain(row, limits, is_base_hidden=is_base_hidden) for row in rows]
    return tuple(sorted(found, key=lambda gain: _REFERENCES.index(gain.reference_kind)))


def _gain(row: Row, limits: Limits, *, is_base_hidden: bool) -> Gain:
    cell = {
        "estimate": row["amount"],
        "interval_low": row["amount_low"],
        "interval_high": row["amount_high"],
        "customer_count": row["customer_count"],
        "horizon_days": row["horizon_days"],
        "method": row["method"],
        "flags": row["flags"],
    }
    amount = number_of(cell, limits, is_base_hidden=is_base_hidden)
    return Gain(
        reference_kind=row["reference_kind"],
        amount=amount,
        currency=row["currency"] or "",
        reach=row["reach_per_quarter"] if amount.is_full and not is_base_hidden else None,
        excess=float(row["excess"] or 0.0),
        value=row["value"] if amount.is_full else None,
        is_proven=NOT_PROVEN not in amount.flags,
    )
