"""What it would be worth to lose no more customers in a stage than others do.

    amount = entries per quarter x max(0, F - F_ref) x P(purchase | moved on) x mean amount

F is drop-off within h days, drawn towards the other segments (empirical Bayes on log(-log F)); F_ref is that of the
rest of the customers, or a target that the company declares. The interval comes from draws of all five parts from their
own distributions, with a fixed seed. Amounts of different stages do not add up: a customer saved twice is saved once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from journey_mining.project import Action, Target
from journey_mining.scoring.competing_risks import FloatArray, shares_at
from journey_mining.scoring.episodes import EPISODE_CAUSES, LOST, Cell, cell_of
from journey_mining.scoring.horizon import followed_horizon
from journey_mining.scoring.metric import Flag
from journey_mining.scoring.occupancy import Reader
from journey_mining.scoring.progress_worth import Worth
from journey_mining.scoring.shrinkage import shrink
from journey_mining.vocabulary import ALL_SEGMENTS

QUARTER_DAYS = 365.25 / 4
DRAWS = 2000
SEED = 20260101
NOT_PROVEN = "not_proven"
PROVEN_FROM = 0.9
"""probability that there is anything to gain"""
_UNITS = ("money", "journeys")


@dataclass(frozen=True, slots=True, kw_only=True)
class Opportunity:
    """What one stage of one segment could bring in a quarter."""

    segment: str
    stage: str
    reach_per_quarter: float
    """entries into the stage"""
    drop_off: float
    """after shrinking"""
    drop_off_low: float
    drop_off_high: float
    drop_off_raw: float
    reference: float
    reference_kind: str
    """rest or target"""
    excess: float
    """drop_off - reference, 0 where that is negative"""
    journeys_kept: float
    """customers a quarter who would move on instead"""
    purchase_share: float | None
    """chance of a purchase after moving on"""
    mean_amount: float | None
    """trimmed mean of purchases"""
    value: float | None
    """worth of one who moves on: purchase_share x mean_amount; without amounts the share alone"""
    unit: str
    """money or journeys"""
    currency: str
    amount: float | None
    """per quarter, in `unit`"""
    amount_low: float | None
    amount_high: float | None
    probability_positive: float
    customer_count: int
    reference_customer_count: int | None
    """empty for a target"""
    horizon_days: int
    method: str
    action_id: str
    action_status: str
    action_owner: str
    flags: str


_TYPES = {
    "str": pa.string(),
    "float": pa.float64(),
    "float | None": pa.float64(),
    "int": pa.int64(),
    "int | None": pa.int64(),
}
OPPORTUNITY_SCHEMA = pa.schema([(name, _TYPES[str(kind)]) for name, kind in Opportunity.__annotations__.items()])


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What opportunities need besides episodes."""

    targets: Sequence[Target]
    actions: Sequence[Action]
    worth: dict[tuple[str, str], Worth]
    """by segment and stage"""
    currency: str
    observed_days: float


def opportunity_table(rows: Sequence[Opportunity]) -> pa.Table:
    """The rows of `opportunity`, in total order."""
    ordered = sorted(rows, key=lambda row: (row.segment, row.stage, row.reference_kind))
    return pa.Table.from_pylist([asdict(row) for row in ordered], schema=OPPORTUNITY_SCHEMA)


def stage_opportunities(
    episodes: pd.DataFrame, stage: str, segments: list[str], reader: Reader, known: Known, *, wanted_days: int
) -> list[Opportunity]:
    """Opportunities of one stage; only segments of k customers or more, with as many in the rest.

    `episodes` has the columns of `episode_time` and `person_no`.
    """
    of_stage = episodes[episodes["stage"] == stage]
    small = reader.thresholds.small
    losses: dict[str, _Loss] = {}
    for segment in segments:
        rows = of_stage if segment == ALL_SEGMENTS else of_stage[of_stage["segment"] == segment]
        loss = _loss(rows, wanted_days)
        if loss and loss.cell.customer_count >= small:
            losses[segment] = loss
    drawn = _towards_each_other({name: loss for name, loss in losses.items() if name != ALL_SEGMENTS})
    found = []
    for segment, loss in losses.items():
        of_rest = of_stage[of_stage["segment"] != segment]
        own = drawn.get(segment, loss.scaled)
        references = _references(segment, stage, of_rest, loss, known, small)
        found += [_opportunity(segment, stage, own, loss, reference, known, reader) for reference in references]
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scaled:
    """A share on the scale log(-log F), on which it is about normal; a target has no error."""

    mean: float
    error: float

    @classmethod
    def of(cls, share: float, error: float) -> _Scaled:
        slope = abs(share * math.log(share))
        return cls(mean=math.log(-math.log(share)), error=error / slope)

    def shares(self, normal: FloatArray) -> FloatArray:
        """Shares at standard normal values."""
        values: FloatArray = np.exp(-np.exp(np.clip(self.mean + self.error * normal, -50, 50)))
        return values

    @property
    def share(self) -> float:
        return float(self.shares(np.zeros(1))[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loss:
    cell: Cell
    days: int
    is_short: bool
    share: float
    scaled: _Scaled


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reference:
    kind: str
    scaled: _Scaled
    customers: int | None


def _loss(rows: pd.DataFrame, wanted_days: int) -> _Loss | None:
    """Drop-off of some rows; None where nobody or everybody was lost, so that there is nothing to compare."""
    cell = cell_of(rows, EPISODE_CAUSES, cause="cause")
    horizon = followed_horizon(wanted_days, cell.followed_days)
    if not cell.customer_count or horizon.days < 1:
        return None
    shares = shares_at(cell.curves, horizon.days)
    share, error = float(shares.cause[LOST - 1]), float(shares.cause_error[LOST - 1])
    if not 0 < share < 1 or error <= 0:
        return None
    scaled = _Scaled.of(share, error)
    return _Loss(cell=cell, days=horizon.days, is_short=horizon.is_short, share=share, scaled=scaled)


def _towards_each_other(losses: dict[str, _Loss]) -> dict[str, _Scaled]:
    means = np.array([loss.scaled.mean for loss in losses.values()])
    errors = np.array([loss.scaled.error for loss in losses.values()])
    shrunk = shrink(means, errors**2)
    pairs = zip(losses, shrunk.estimate, shrunk.error, strict=True)
    return {name: _Scaled(mean=float(mean), error=float(error)) for name, mean, error in pairs}


def _references(
    segment: str, stage: str, of_rest: pd.DataFrame, loss: _Loss, known: Known, small: int
) -> list[_Reference]:
    """What a segment is held against: its target, and the rest of the customers at the same number of days."""
    found = []
    own = [t for t in known.targets if t.stage == stage and (t.segment or ALL_SEGMENTS) in (segment, ALL_SEGMENTS)]
    if own:
        target = max(own, key=lambda t: (t.segment or ALL_SEGMENTS) == segment)
        found.append(_Reference(kind="target", scaled=_Scaled.of(target.drop_off, 0.0), customers=None))
    rest = _loss(of_rest, loss.days) if segment != ALL_SEGMENTS else None
    if rest and rest.cell.customer_count >= small:
        found.append(_Reference(kind="rest", scaled=rest.scaled, customers=rest.cell.customer_count))
    return found


def _opportunity(
    segment: str,
    stage: str,
    own: _Scaled,
    loss: _Loss,
    reference: _Reference,
    known: Known,
    reader: Reader,
) -> Opportunity:
    worth = known.worth.get((segment, stage), Worth())
    # the same draws for every cell: a row does not depend on which others there are
    rng = np.random.Generator(np.random.PCG64(SEED))
    normal = rng.standard_normal((5, DRAWS))
    entries = int((loss.cell.curves.durations.delay <= 0).sum())
    reach = entries / known.observed_days * QUARTER_DAYS
    reaches = reach * np.exp(normal[0] / math.sqrt(max(loss.cell.customer_count, 1)))
    shares, against = own.shares(normal[1]), reference.scaled.shares(normal[2])
    gain = np.maximum(shares - against, 0.0)
    excess = max(own.share - reference.scaled.share, 0.0)
    kept = reach * excess
    has_value = worth.value is not None
    amounts = reaches * gain * worth.draws(normal[3], normal[4]) if has_value else np.zeros(DRAWS)
    tail = (1 - reader.confidence) / 2
    low, high = (float(value) for value in np.quantile(amounts, [tail, 1 - tail]))
    of_share = own.shares(np.array([reader.z, -reader.z]))
    positive = float((shares > against).mean())
    amount = reach * excess * worth.value if worth.value is not None else None
    action = action_for(known.actions, segment, stage)
    return Opportunity(
        segment=segment,
        stage=stage,
        reach_per_quarter=reach,
        drop_off=own.share,
        drop_off_low=float(of_share.min()),
        drop_off_high=float(of_share.max()),
        drop_off_raw=loss.share,
        reference=reference.scaled.share,
        reference_kind=reference.kind,
        excess=excess,
        journeys_kept=kept,
        purchase_share=worth.purchase_share,
        mean_amount=worth.mean_amount,
        value=worth.value,
        unit=_UNITS[0] if worth.mean_amount is not None else _UNITS[1],
        currency=known.currency if worth.mean_amount is not None else "",
        amount=amount,
        # the draws of a maximum lie on one side of it where there is hardly a gain
        amount_low=min(low, amount) if amount is not None else None,
        amount_high=max(high, amount) if amount is not None else None,
        probability_positive=positive,
        customer_count=loss.cell.customer_count,
        reference_customer_count=reference.customers,
        horizon_days=loss.days,
        method="empirical_bayes",
        action_id=action.id if action else "",
        action_status=action.status if action else "",
        action_owner=action.owner if action else "",
        flags=_flags(loss, positive, worth, reader),
    )


def action_for(actions: Sequence[Action], segment: str, stage: str) -> Action | None:
    """The action declared for a stage; one of the segment itself comes before one of everybody.

    Then what is under way, ideas, and what is done; of equals the first in the file.
    """
    order = {"in_progress": 0, "idea": 1, "done": 2}
    fitting = [a for a in actions if a.stage == stage and (a.segment or ALL_SEGMENTS) in (segment, ALL_SEGMENTS)]
    return min(fitting, key=lambda a: ((a.segment or ALL_SEGMENTS) != segment, order[a.status]), default=None)


def _flags(loss: _Loss, positive: float, worth: Worth, reader: Reader) -> str:
    flags: list[str] = [*reader.thresholds.flags(loss.cell.customer_count, share=loss.share)]
    flags += [Flag.SHORT_HORIZON] if loss.is_short else []
    flags += [NOT_PROVEN] if positive < PROVEN_FROM else []
    return ",".join([*flags, *worth.flags])
