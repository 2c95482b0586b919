"""The values of the trends page: numbers over runs and over cohorts, and what stands beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from journey_mining.maps.compare_pictures import Contrast
from journey_mining.maps.heads import Name, SegmentHead, StageHead
from journey_mining.maps.numbers import Number
from journey_mining.vocabulary import Estimand


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPoint:
    """A number at one moment: the cutoff of a run, or the end of the weeks in which a cohort entered."""

    at: datetime
    number: Number
    is_comparable: bool = True
    """whether the run had tonight's rules"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """One number of one segment over runs, oldest first."""

    estimand: Estimand
    stage: StageHead | None
    points: tuple[TrendPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmNote:
    """Those who enter a stage fare worse than those of the first months."""

    segment: SegmentHead
    stage: StageHead
    direction: Literal["progress_down", "loss_up"]
    started_on: datetime
    raised_on: datetime
    ended_on: datetime | None
    """None while it stands"""
    baseline: float
    since: Number
    """share of those who entered since it started"""


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortTrend:
    """A share by the weeks of entry, against the share of the first months."""

    stage: StageHead
    direction: Literal["progress_down", "loss_up"]
    horizon_days: int
    baseline: float
    points: tuple[TrendPoint, ...]
    alarms: tuple[AlarmNote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentTrends:
    """The small multiples of one segment."""

    segment: SegmentHead
    goal: Trend
    loss: Trend | None
    """of the worst stage; None where no stage may be ranked"""
    mood: Trend
    duration: Trend
    cohorts: tuple[CohortTrend, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunMark:
    """Something that happened at a moment of every chart."""

    at: datetime
    kind: Literal["rules_changed", "action_started"]
    name: Name
    """of the action"""
    segment: str
    """the action's; "all" for everybody"""
    parts: tuple[str, ...]
    """parts of the rules that changed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A number that is not what it was about a week ago."""

    segment: SegmentHead
    stage: StageHead | None
    """None for whole journeys"""
    estimand: Estimand
    contrast: Contrast
    """tonight first, the earlier run second; q over all numbers that were looked at"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionNote:
    """What became of an action; numbers are None where too few were seen."""

    id: str
    name: Name
    segment: SegmentHead
    stage: StageHead
    estimand: Estimand
    since: datetime
    design: str
    wording: str
    """effect, associated, changed; empty where nothing can be said yet"""
    estimate: float | None
    low: float | None
    high: float | None
    detectable: float | None
    """the smallest difference that these data could have found"""
    is_distinguishable: bool
    before: float | None
    after: float | None
    customers: int | None
    control: SegmentHead | None
    horizon_days: int | None
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitNote:
    """How far a number moved since last night, and which part each cause has; None where too few tell of it."""

    estimand: Estimand
    segment: SegmentHead
    stage: StageHead
    before: float
    after: float
    behaviour: float | None
    mix: float | None
    late_data: float | None
    restitching: float | None
    rules: float | None
    unexplained: float | None
    customers: int | None
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftFlow:
    """A flow between stages, before and now, in shares of those who left the stage."""

    stage: StageHead
    target: str
    """a stage, or won, lost, open"""
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DriftNote:
    """Whether customers of a segment walk other ways now."""

    segment: SegmentHead
    is_compared: bool
    distance: float | None
    expected: float | None
    """distance that chance alone brings"""
    q_value: float | None
    customers_before: int | None
    customers_after: int | None
    recent_weeks: int
    earlier_weeks: int
    flows: tuple[DriftFlow, ...]
    """those that tell most of the distance, first first"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trends:
    """The trends page."""

    runs: tuple[datetime, ...]
    """cutoffs of the runs shown, oldest first, tonight's last"""
    run_count: int
    """runs remembered"""
    segments: tuple[SegmentTrends, ...]
    marks: tuple[RunMark, ...]
    alarms: tuple[AlarmNote, ...]
    watched: int
    """charts that are watched for alarms"""
    unwatched: int
    actions: tuple[ActionNote, ...]
    splits: tuple[SplitNote, ...]
    drifts: tuple[DriftNote, ...]
    changes: tuple[Change, ...]
    """numbers that moved since `changed_since`, the surest first"""
    changed_since: datetime | None
    """the earlier run; None where none is old enough"""
    looked_at: int
    """numbers that both runs have: so many comparisons were made"""
    muted_by: tuple[str, ...] = ()
    """sources of which a gate fails: while there are any, an alarm may tell of them and not of customers"""

    @property
    def standing(self) -> tuple[AlarmNote, ...]:
        """Alarms that are not over; none while they are muted."""
        if self.muted_by:
            return ()
        return tuple(alarm for alarm in self.alarms if alarm.ended_on is None)
