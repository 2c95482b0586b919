"""The values of a stage page: who leaves here and when, who with, how long they wait, what they say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from journey_mining.maps.heads import Name, SegmentHead
from journey_mining.maps.map_pictures import Friction, Quote, StageColumn
from journey_mining.maps.numbers import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """The share lost up to a day after entry; `share` is None for a small sample."""

    day: int
    share: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LossCurve:
    """How losses grow with the time since entry; passes through the drop-off at the horizon."""

    points: tuple[CurvePoint, ...]
    horizon_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Drop-off of those of whom something was known at entry."""

    condition: str
    name: Name
    drop_off: Number
    other_drop_off: float | None
    """of those without it"""
    excess: float | None
    """customers lost beyond the share of the others; None where their number is not told"""
    difference_low: float | None
    difference_high: float | None
    q_value: float | None
    is_confirmed: bool
    """found in one half of the customers and seen again in the other"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgroup:
    """A rule found in one half of the customers, with what the other half says of it."""

    name: Name
    lost: Number
    other_share: float | None
    difference: float
    low: float
    high: float
    q_value: float | None
    is_confirmed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitBin:
    """Share of the answered waits that took so long; `until_days` is None for the last."""

    from_days: float
    until_days: float | None
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How long customers wait for our answer in the stage."""

    median: Number
    slow: Number
    """time by which nine of ten are answered"""
    answered: Number
    """share answered within the horizon"""
    bins: tuple[WaitBin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """Journeys that went on to a stage, or ended."""

    target: str
    """a stage id, an ending, or `other`"""
    journeys: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NextSteps:
    """Where journeys went from the stage; the steps add up to `total`."""

    total: int
    steps: tuple[NextStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A friction point with its cautions."""

    friction: Friction
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDeviation:
    """A way in which journeys leave the intended way at the stage."""

    kind: str
    step: Name
    after: Name | None
    share: Number
    loss_ratio: float | None
    loss_low: float | None
    loss_high: float | None
    q_value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A word of the texts of the stage, and how much more often it stands there than elsewhere."""

    text: str
    customers: int
    base_customers: int
    lift: float
    lift_low: float
    lift_high: float
    q_value: float | None
    mood: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastRun:
    """The drop-off of the stage as an earlier run, or this one, told it."""

    as_of: datetime
    number: Number
    is_comparable: bool
    """whether that run had the rules of this one"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StagePicture:
    """One stage of one segment."""

    segment: SegmentHead
    column: StageColumn
    """the numbers of the map"""
    lost_by_status: Number
    lost_by_silence: Number
    curve: LossCurve | None
    facts: tuple[Fact, ...]
    """by customers lost beyond the share of the others"""
    subgroups: tuple[Subgroup, ...]
    """confirmed ones first, then by difference"""
    waits: Waits
    next_steps: NextSteps | None
    obstacles: tuple[Obstacle, ...]
    deviations: tuple[StageDeviation, ...]
    terms: tuple[Term, ...]
    """by lift; empty where no words were counted"""
    quotes: tuple[Quote, ...]
    past: tuple[PastRun, ...]
    """oldest first; this run is the last"""
