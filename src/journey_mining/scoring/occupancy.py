"""Where those who entered are some days later: the shares of one cell as metrics, and its median time.

In: a `Cell` and a horizon. Out: `Metric` values. Used for stages (moved on, dropped off, moved back, under way) and for
whole journeys (goal reached).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from journey_mining.scoring.competing_risks import Incidence, shares_at, survival_quantile
from journey_mining.scoring.episodes import Cell
from journey_mining.scoring.horizon import Horizon
from journey_mining.scoring.intervals import Interval, log_log, normal_quantile, wilson
from journey_mining.scoring.metric import Flag, Method, Metric, Thresholds
from journey_mining.vocabulary import Estimand


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How cells are read: the settings that all numbers of a run share."""

    thresholds: Thresholds
    confidence: float

    @property
    def z(self) -> float:
        """Quantile of the normal distribution for the confidence."""
        return normal_quantile(self.confidence)


def share_metrics(
    cell: Cell, horizon: Horizon, estimands: dict[int, Estimand], reader: Reader, *, segment: str, stage: str
) -> list[Metric]:
    """Shares of the causes named at the horizon; cause 0 stands for those still under way.

    The shares of all causes and of those under way add up to 1. No row has an estimate where nobody was followed for a
    day.
    """
    base = Metric(
        estimand=Estimand.UNDER_WAY,
        segment=segment,
        stage=stage,
        customer_count=cell.customer_count,
        journey_count=cell.journey_count,
        method=Method.AALEN_JOHANSEN,
        horizon_days=horizon.days,
        flags=(Flag.SHORT_HORIZON,) if horizon.is_short else (),
    )
    if not cell.customer_count or horizon.days < 1:
        flags = (*reader.thresholds.flags(cell.customer_count), *base.flags)
        return [replace(base, estimand=estimand, flags=flags) for estimand in estimands.values()]
    shares = shares_at(cell.curves, horizon.days)
    mature = cell.mature_customers(horizon.days)
    base = replace(base, at_risk_count=shares.at_risk)
    metrics = []
    for cause, estimand in estimands.items():
        share = float(shares.cause[cause - 1]) if cause else shares.under_way
        error = float(shares.cause_error[cause - 1]) if cause else shares.under_way_error
        events = int(shares.events[cause - 1]) if cause else shares.at_risk
        row = replace(base, estimand=estimand, estimate=share, event_count=events)
        metrics.append(_with_interval(row, share, error, mature, reader))
    return metrics


def _with_interval(row: Metric, share: float, error: float, mature: int, reader: Reader) -> Metric:
    flags = [*reader.thresholds.flags(row.customer_count, share=share), *row.flags]
    method, interval = incidence_interval(share, error, mature, reader.z)
    if not row.event_count:
        flags.append(Flag.NO_EVENTS)
    return replace(row, interval_low=interval[0], interval_high=interval[1], method=method, flags=tuple(flags))


def incidence_interval(share: float, error: float, mature: int, z: float) -> tuple[Method, Interval]:
    """Interval of a cumulative incidence and its method; `mature` customers were followed for the whole horizon."""
    interval = log_log(share, error, z)
    if interval is not None:
        return Method.AALEN_JOHANSEN, interval
    return Method.AALEN_JOHANSEN_WILSON, _edge_interval(share, mature, z)


def _edge_interval(share: float, mature: int, z: float) -> Interval:
    """Wilson's interval for a share of 0 or 1 among customers who were followed for the whole horizon."""
    low, high = wilson(round(share) * mature, mature, z)
    return min(low, share), max(high, share)


def median_metric(
    cell: Cell, estimand: Estimand, reader: Reader, *, segment: str, stage: str = "", share: float = 0.5
) -> Metric:
    """Median days until the end of the episode or journey, open ones censored; Woodruff's interval.

    `share` asks for another quantile: the days by which that share has ended.
    The bounds are the times at which the curve passes the log-log bounds of S at the median. A bound that the data do
    not reach is left empty, as is the median itself while half have not left.
    """
    row = Metric(
        estimand=estimand,
        segment=segment,
        stage=stage,
        customer_count=cell.customer_count,
        journey_count=cell.journey_count,
        method=Method.KAPLAN_MEIER,
        flags=reader.thresholds.flags(cell.customer_count),
    )
    if not cell.customer_count:
        return row
    events = int(cell.curves.events.sum())
    median = survival_quantile(cell.curves, share)
    if median is None:
        flags = (*row.flags, Flag.NO_EVENTS) if not events else row.flags
        return replace(row, event_count=events, flags=flags)
    low, high = _woodruff(cell.curves, median, reader.z, still=1 - share)
    return replace(row, estimate=median, interval_low=low, interval_high=high, event_count=events)


def _woodruff(curves: Incidence, median: float, z: float, *, still: float) -> tuple[float | None, float | None]:
    shares = shares_at(curves, median)
    bounds = log_log(still, shares.under_way_error, z) or (still, still)
    return survival_quantile(curves, 1 - bounds[1]), survival_quantile(curves, 1 - bounds[0])


def days(duration_seconds: float) -> int:
    """Whole days that cover a duration in seconds.

    >>> days(86401)
    2
    """
    return math.ceil(duration_seconds / 86400)
