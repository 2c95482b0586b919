"""What a customer who moves on from a stage is worth: the chance of a purchase, times what purchases bring.

In: the tables `progress_value` and `purchase`. Out: a `Worth` per segment and stage.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from journey_mining.scoring.competing_risks import FloatArray, clustered_error, shares_at
from journey_mining.scoring.episodes import cell_of, in_segment
from journey_mining.scoring.horizon import followed_horizon
from journey_mining.scoring.metric import Thresholds

TRIMMED = 0.10
"""share of purchases left out at each end: one contract of a lifetime must not set the value of a stage"""
_OUTCOMES = {"open": 0, "bought": 1, "ended": 2}
BORROWED_AMOUNT = "amount_of_all"
"""too few purchases in the segment, so that those of everybody stand in"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worth:
    """Value of one who moves on, in parts; None where the data do not tell."""

    purchase_share: float | None = None
    purchase_error: float = 0.0
    mean_amount: float | None = None
    amount_error: float = 0.0
    flags: tuple[str, ...] = ()

    @property
    def value(self) -> float | None:
        """Expected amount; without amounts the chance of a purchase; None without either."""
        if self.purchase_share is None:
            return None
        return self.purchase_share * (1.0 if self.mean_amount is None else self.mean_amount)

    def draws(self, of_share: FloatArray, of_amount: FloatArray) -> FloatArray:
        """Values at standard normal numbers for the two parts; never negative."""
        share = np.clip((self.purchase_share or 0.0) + self.purchase_error * of_share, 0.0, 1.0)
        amount = 1.0 if self.mean_amount is None else self.mean_amount + self.amount_error * of_amount
        values: FloatArray = share * np.maximum(amount, 0.0)
        return values


def progress_worths(
    progressed: pd.DataFrame,
    purchases: pd.DataFrame,
    segments: list[str],
    stages: list[str],
    thresholds: Thresholds,
    *,
    wanted_days: int,
) -> dict[tuple[str, str], Worth]:
    """Worth by segment and stage; frames have the columns of their tables and `person_no`.

    `purchases` holds only amounts in the currency of the project. A segment with purchases of fewer than `thin`
    customers borrows the amount of everybody.
    """
    amounts = {segment: _amount(in_segment(purchases, segment), thresholds.thin) for segment in segments}
    everybody = _amount(purchases, thresholds.thin)
    found = {}
    for segment in segments:
        amount = amounts[segment] or everybody
        borrowed = (BORROWED_AMOUNT,) if amount and not amounts[segment] else ()
        for stage in stages:
            rows = in_segment(progressed[progressed["stage"] == stage], segment)
            share = _purchase_share(rows, thresholds.small, wanted_days)
            found[segment, stage] = Worth(
                purchase_share=share[0] if share else None,
                purchase_error=share[1] if share else 0.0,
                mean_amount=amount[0] if amount else None,
                amount_error=amount[1] if amount else 0.0,
                flags=borrowed,
            )
    return found


def trimmed_mean(values: FloatArray, cluster: np.ndarray, share: float = TRIMMED) -> tuple[float, float]:
    """Mean without the `share` smallest and largest values, and its standard error clustered by customer.

    The error is that of the values drawn in to the limits (Tukey, McLaughlin 1963; Yuen 1974).

    >>> trimmed_mean(np.array([1.0, 2.0, 3.0, 4.0, 1000.0]), np.arange(5), share=0.2)[0]
    3.0
    """
    count = len(values)
    ordered = np.sort(values)
    cut = int(count * share)
    kept = ordered[cut : count - cut]
    drawn_in = np.clip(values, kept[0], kept[-1])
    influence = (drawn_in - drawn_in.mean()) / (count * (1 - 2 * share))
    return float(kept.mean()), clustered_error(influence, cluster)


def _amount(purchases: pd.DataFrame, fewest: int) -> tuple[float, float] | None:
    if purchases["person_no"].nunique() < fewest:
        return None
    return trimmed_mean(purchases["amount"].to_numpy(np.float64), purchases["person_no"].to_numpy(np.int64))


def _purchase_share(rows: pd.DataFrame, fewest: int, wanted_days: int) -> tuple[float, float] | None:
    """Share that buys in the rest of the journey, those still under way censored, and its standard error."""
    cell = cell_of(rows, _OUTCOMES, cause="outcome")
    horizon = followed_horizon(wanted_days, cell.followed_days)
    if cell.customer_count < fewest or horizon.days < 1:
        return None
    shares = shares_at(cell.curves, horizon.days)
    return float(shares.cause[0]), float(shares.cause_error[0])
