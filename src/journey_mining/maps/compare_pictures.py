"""The values of a comparison page: two sides, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from journey_mining.maps.heads import SegmentHead, StageHead
from journey_mining.maps.numbers import ABSENT, Number
from journey_mining.vocabulary import FINDING_Q, Estimand

Against = Literal["segment", "rest", "past"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contrast:
    """One number on both sides, and what lies between; a difference that may not be shown is None."""

    first: Number = ABSENT
    second: Number = ABSENT
    difference: float | None = None
    """first minus second; None unless both sides are full"""
    low: float | None = None
    """interval of the difference; None where a side is hidden"""
    high: float | None = None
    q_value: float | None = None
    """after correction over all differences of the night; None without a test"""
    is_relevant: bool = False
    """large enough to matter"""

    @property
    def is_known(self) -> bool:
        """Whether there is a difference to speak of, at least as an interval."""
        return self.low is not None and self.high is not None

    @property
    def holds_zero(self) -> bool:
        """Whether the interval leaves it open which side has more."""
        return self.low is not None and self.high is not None and self.low <= 0 <= self.high

    @property
    def is_proven(self) -> bool:
        """Whether the difference is more than chance, also after correction."""
        is_sure = self.q_value is None or self.q_value < FINDING_Q
        return self.difference is not None and self.is_known and not self.holds_zero and is_sure


@dataclass(frozen=True, slots=True, kw_only=True)
class StageContrast:
    """A stage on both sides."""

    stage: StageHead
    drop_off: Contrast
    """both at the same number of days"""
    mood: Contrast
    dwell: Contrast
    """medians; the q value is that of the whole curves"""
    reached: Contrast
    kind: str
    """how all segments stand to the stage (a kind of `common_step`), or empty"""
    is_shared_weak_spot: bool
    """among the two largest losses on both sides"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WayContrast:
    """A way that is drawn for at least one side; a share is None where it is not drawn there."""

    stages: tuple[str, ...]
    ending: str
    first: float | None
    second: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentComparison:
    """Two segments; or one and everybody else; or one and itself some weeks ago."""

    slug: str
    against: Against
    first: SegmentHead
    second: SegmentHead | None
    """None unless another segment"""
    past: datetime | None
    """cutoff of the earlier run, where the past is the other side"""
    mood_of: Estimand
    goal: Contrast
    duration: Contrast
    stages: tuple[StageContrast, ...]
    ways: tuple[WayContrast, ...]

    @property
    def widest(self) -> StageContrast | None:
        """The stage with the largest proven difference of drop-off."""
        proven = [row for row in self.stages if row.drop_off.is_proven]
        return max(proven, key=lambda row: (abs(row.drop_off.difference or 0), -row.stage.number), default=None)

    @property
    def widest_mood(self) -> StageContrast | None:
        """The stage with the largest proven difference of mood."""
        proven = [row for row in self.stages if row.mood.is_proven]
        return max(proven, key=lambda row: (abs(row.mood.difference or 0), -row.stage.number), default=None)

    @property
    def weak_spots(self) -> tuple[StageHead, ...]:
        """Stages among the largest losses of both sides."""
        return tuple(row.stage for row in self.stages if row.is_shared_weak_spot)
