"""What becomes of buyers: who stays, who buys again, and roughly what a buyer is worth.

In: the tables `customer_loyalty` and `purchase`. Out: `Metric` values per segment. Buyers are those whose first known
purchase lies in the time observed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from journey_mining.scoring.episodes import cell_of, in_segment
from journey_mining.scoring.horizon import Horizon, followed_horizon, wanted_horizon
from journey_mining.scoring.metric import Flag, Method, Metric
from journey_mining.scoring.occupancy import Reader, share_metrics
from journey_mining.vocabulary import Estimand

YEARLY_DISCOUNT = 0.10
"""how much less money of next year is worth; a convention, said so in docs/methods.md"""
_AGAIN = {"not yet": 0, "again": 1}
_STAYS = {"stays": 0, "silent": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class LoyaltySettings:
    """What the numbers of buyers depend on besides the data."""

    silence_days: float
    """after so long without a sign of life a buyer counts as gone"""
    min_days: int
    currency: str
    """amounts in other currencies are left out"""


def loyalty_metrics(
    buyers: pd.DataFrame, purchases: pd.DataFrame, segments: list[str], reader: Reader, settings: LoyaltySettings
) -> list[Metric]:
    """Retention, repeat purchase and rough value; frames have the columns of their tables, and `person_no`."""
    again = _again_times(buyers)
    everybody = cell_of(again, _AGAIN, cause="state")
    wanted = wanted_horizon(everybody.curves, silence_days=settings.silence_days, min_days=settings.min_days)
    common = followed_horizon(wanted, everybody.followed_days)
    metrics: list[Metric] = []
    for segment in segments:
        of_segment = in_segment(again, segment)
        cell = cell_of(of_segment, _AGAIN, cause="state")
        own = followed_horizon(common.days, cell.followed_days)
        read_at = Horizon(days=own.days, is_short=own.days < wanted)
        metrics += share_metrics(cell, read_at, {1: Estimand.REPEAT_PURCHASE}, reader, segment=segment, stage="")
        stay = cell_of(_stay_times(in_segment(buyers, segment)), _STAYS, cause="state")
        [retention] = share_metrics(stay, read_at, {0: Estimand.RETENTION}, reader, segment=segment, stage="")
        metrics += [retention, _value(retention, in_segment(buyers, segment), purchases, settings)]
    return metrics


def lifetime_value(worth: float, retention: float, discount: float) -> float:
    """What a buyer brings who is worth `worth` a period and stays for the next with a constant chance.

    All of it from the next period on: m r / (1 + d - r), with the discount of a period d.

    >>> round(lifetime_value(100, 0.9, 0.01), 2)
    818.18
    """
    return worth * retention / (1 + discount - retention)


def _again_times(buyers: pd.DataFrame) -> pd.DataFrame:
    again = buyers["next_purchase_days"].notna()
    return buyers.assign(
        time_days=buyers["next_purchase_days"].where(again, buyers["followed_days"]),
        delay_days=0.0,
        state=np.where(again, "again", "not yet"),
    )


def _stay_times(buyers: pd.DataFrame) -> pd.DataFrame:
    silent = buyers["is_silent"].astype(bool)
    return buyers.assign(time_days=buyers["active_days"], delay_days=0.0, state=np.where(silent, "silent", "stays"))


def _value(retention: Metric, buyers: pd.DataFrame, purchases: pd.DataFrame, settings: LoyaltySettings) -> Metric:
    """Money a buyer brings in the first horizon, carried on by the retention; the interval is that of the retention."""
    days = retention.horizon_days or 0
    row = replace(
        retention,
        estimand=Estimand.CUSTOMER_VALUE,
        method=Method.GEOMETRIC,
        estimate=None,
        interval_low=None,
        interval_high=None,
        at_risk_count=None,
        event_count=0,
        flags=(*retention.flags, Flag.ROUGH),
    )
    mature = buyers[buyers["followed_days"] >= days]
    paid = purchases[(purchases["currency"].isin(["", settings.currency])) & purchases["amount"].notna()]
    if mature.empty or paid.empty or retention.estimate is None or days < 1:
        return replace(row, flags=(*row.flags, Flag.NO_SOURCE) if paid.empty else row.flags)
    starts = mature[["person_id", "first_purchased_at"]]
    joined = paid.merge(starts, on="person_id", how="inner", validate="many_to_one")
    early = joined[(joined["purchased_at"] - joined["first_purchased_at"]).dt.total_seconds() <= days * 86400]
    worth = float(early["amount"].sum()) / len(mature)
    discount = (1 + YEARLY_DISCOUNT) ** (days / 365) - 1
    low, high = (
        None if bound is None else lifetime_value(worth, bound, discount)
        for bound in (retention.interval_low, retention.interval_high)
    )
    return replace(
        row,
        estimate=lifetime_value(worth, retention.estimate, discount),
        interval_low=low,
        interval_high=high,
        customer_count=len(mature),
        event_count=len(early),
    )
