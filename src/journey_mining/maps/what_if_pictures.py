"""The values of a what-if page: a grid of supposed changes with what would follow of each."""

from __future__ import annotations

from dataclasses import dataclass

from journey_mining.maps.heads import Name, SegmentHead, StageHead
from journey_mining.maps.numbers import Number


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """What would follow if a share of the losses of a stage did not happen; intervals are 90 %."""

    fewer_lost: float
    """share of the losses"""
    won: float
    """change of the share that ever reaches the goal"""
    won_low: float
    won_high: float
    days: float
    """change of the days from start to end"""
    days_low: float
    days_high: float
    is_beyond: bool
    """no segment loses so few in this stage"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfStage:
    """A stage with its grid; empty where too few are lost to be told."""

    stage: StageHead
    drop_off: Number
    """as on the map"""
    customers: int | None
    """None where hidden"""
    grid: tuple[Supposed, ...]
    """from the smallest change to the largest"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What a segment's chain of stages says; without a chain that is believed there are no stages."""

    segment: SegmentHead
    is_usable: bool
    reason: Name
    """why the chain is not believed; empty where it is, and where there is none"""
    predicted: float | None
    """share won within the horizon, by the chain"""
    observed: float | None
    """the same share without any chain; with its 95 % interval"""
    observed_low: float | None
    observed_high: float | None
    horizon_days: int | None
    won: float | None
    """share that ever reaches the goal, by the chain; with its 90 % interval"""
    won_low: float | None
    won_high: float | None
    days: float | None
    """mean days from start to end, by the chain"""
    customers: int | None
    stages: tuple[WhatIfStage, ...]
