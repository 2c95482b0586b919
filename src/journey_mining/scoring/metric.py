"""One row of `metric_value`: an estimate with its interval, its n and its method; and the table of many."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum

import pyarrow as pa

from journey_mining.vocabulary import METRIC_COLUMNS, Estimand


class Method(StrEnum):
    """How a number was made; docs/methods.md explains each word."""

    COUNT = "count"
    """counted, without error"""
    SHARE = "share"
    """a share of everything there is; no sample, no interval"""
    WILSON = "wilson"
    """share with Wilson's interval, clustered by customer"""
    AALEN_JOHANSEN = "aalen_johansen"
    """cumulative incidence, log-log interval, clustered by customer"""
    AALEN_JOHANSEN_WILSON = "aalen_johansen_wilson"
    """cumulative incidence of 0 or 1; the other bound is Wilson's over customers followed long enough"""
    KAPLAN_MEIER = "kaplan_meier"
    """median with open cases censored"""
    STUDENT_T = "student_t"
    """mean of customer means"""
    CLUSTERED_NORMAL = "clustered_normal"
    """normal interval, standard error clustered by customer"""
    AUGMENTED_WEIGHTS = "augmented_weights"
    """mean over everybody, from those who answered and what is known of all; interval from influence values"""
    GEOMETRIC = "geometric"
    """worth of a period that repeats with a constant retention"""


class Flag(StrEnum):
    """What a reader must know before trusting a row."""

    SMALL = "small"
    """fewer customers than may be shown"""
    THIN = "thin"
    """show an interval only"""
    SHORT_HORIZON = "short_horizon"
    """the data are too young for the horizon that the stage needs"""
    NO_EVENTS = "no_events"
    """the share is 0 because nothing happened; only the upper bound says something"""
    NO_SOURCE = "no_source"
    """no source tells such events at all, so that their absence says nothing"""
    NPS = "nps"
    CSAT = "csat"
    CES = "ces"
    REVIEW = "review"
    CALL_RATING = "call_rating"
    """the kinds of answers behind a rating"""
    ENTRY_TIME_DRIFT = "entry_time_drift"
    """those who entered long ago fared otherwise than the estimate says: entries of different times differ"""
    SERVICE_HOURS = "service_hours"
    """only hours of service count"""
    ROUGH = "rough"
    """an order of magnitude, not an estimate to plan by"""
    CONFLICT = "conflict"
    """some who wrote kindly of the stage rated it 2 of 5 or lower within two weeks"""
    APART = "apart"
    """texts and answers do not go together closely enough to be put on one scale"""
    NO_INVITATIONS = "no_invitations"
    """no source tells who was asked, so that nothing can be said of those who did not answer"""
    TOO_FEW_ANSWERS = "too_few_answers"
    """too few of those asked answered for a correction by what is known of everybody"""


ANSWER_FLAGS = (Flag.NPS, Flag.CSAT, Flag.CES, Flag.REVIEW, Flag.CALL_RATING)
"""flags that stand for kinds of answers; each is the kind's own name"""


MIN_EXPECTED_EVENTS = 5
"""a share that rests on fewer expected events is thin"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One estimate for one segment and one stage ('' = the whole journey)."""

    estimand: Estimand
    segment: str
    stage: str = ""
    estimate: float | None = None
    """None where the data allow no estimate"""
    interval_low: float | None = None
    interval_high: float | None = None
    customer_count: int = 0
    """n: customers, never texts or events"""
    journey_count: int | None = None
    event_count: int | None = None
    """events behind the estimate: exits of the cause, texts, answers, tickets"""
    at_risk_count: int | None = None
    """episodes still under way and observed at the horizon"""
    method: Method = Method.COUNT
    horizon_days: int | None = None
    flags: tuple[Flag, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """When a cell is too small; in customers."""

    small: int
    thin: int

    def flags(self, customers: int, *, share: float | None = None) -> tuple[Flag, ...]:
        """Flags of a cell; `share` adds the rule of five expected events.

        >>> Thresholds(small=10, thin=30).flags(20)
        (<Flag.THIN: 'thin'>,)
        """
        flags = [Flag.SMALL] if customers < self.small else []
        rare = share is not None and customers * share < MIN_EXPECTED_EVENTS
        return (*flags, Flag.THIN) if customers < self.thin or rare else tuple(flags)


_TEXT, _FLOAT, _INT = pa.string(), pa.float64(), pa.int64()
_TYPES = {
    "estimand": _TEXT,
    "segment": _TEXT,
    "stage": _TEXT,
    "estimate": _FLOAT,
    "interval_low": _FLOAT,
    "interval_high": _FLOAT,
    "customer_count": _INT,
    "journey_count": _INT,
    "event_count": _INT,
    "at_risk_count": _INT,
    "method": _TEXT,
    "horizon_days": _INT,
    "as_of": pa.timestamp("us"),
    "flags": _TEXT,
}


def metric_table(metrics: Iterable[Metric], *, as_of: datetime) -> pa.Table:
    """The rows of `metric_value`, sorted by estimand, segment and stage."""
    ordered = sorted(metrics, key=lambda m: (m.estimand, m.segment, m.stage))
    rows = [{**asdict(m), "as_of": as_of, "flags": ",".join(dict.fromkeys(m.flags))} for m in ordered]
    return pa.Table.from_pylist(rows, schema=pa.schema([(name, _TYPES[name]) for name in METRIC_COLUMNS]))
