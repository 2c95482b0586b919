"""Which numbers are not what they were a week ago, beyond the chance of so many looks.

In: tonight's numbers and those of the latest run that is a week old. Out: `Change` values, the surest first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from scipy import stats

from journey_mining.maps.compare_pictures import Contrast
from journey_mining.maps.comparisons import PastRun, against_past, past_run
from journey_mining.maps.heads import SegmentHead, StageHead
from journey_mining.maps.segment_maps import Ground
from journey_mining.maps.trend_pictures import Change
from journey_mining.scoring.differences import false_discovery
from journey_mining.scoring.intervals import normal_quantile
from journey_mining.vocabulary import FINDING_Q, Estimand

LOOK_BACK = timedelta(days=7)
"""a run at least this old is what tonight is held against"""
_OF_JOURNEYS = (Estimand.GOAL_REACHED, Estimand.JOURNEY_MEDIAN)
_OF_STAGES = (Estimand.DROP_OFF, Estimand.DWELL_MEDIAN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What changed, since when, and how many numbers were looked at."""

    changes: tuple[Change, ...] = ()
    since: datetime | None = None
    looked_at: int = 0


def changes_of(ground: Ground, segments: Sequence[SegmentHead], as_of: datetime) -> Moved:
    """What changed since the latest run that is a week old; nothing where there is none."""
    past = past_run(ground.tables, as_of, LOOK_BACK)
    if past is None:
        return Moved()
    looked = [change for segment in segments if segment.has_pages for change in _looked(ground, past, segment)]
    q_values = false_discovery([_chance(ground, change.contrast) for change in looked])
    found = [
        replace(change, contrast=replace(change.contrast, q_value=q_value))
        for change, q_value in zip(looked, q_values, strict=True)
        if q_value is not None and q_value < FINDING_Q
    ]
    told = sum(q_value is not None for q_value in q_values)
    return Moved(changes=tuple(sorted(found, key=_order)), since=past.as_of, looked_at=told)


def _looked(ground: Ground, past: PastRun, segment: SegmentHead) -> list[Change]:
    """Every number that is compared, whether it moved or not: all of them are looks."""
    places: list[tuple[Estimand, StageHead | None]] = [(estimand, None) for estimand in (*_OF_JOURNEYS, ground.mood_of)]
    places += [(estimand, stage) for stage in ground.stages for estimand in (*_OF_STAGES, ground.mood_of)]
    return [
        Change(
            segment=segment,
            stage=stage,
            estimand=estimand,
            contrast=against_past(ground, past.rows, segment.id, estimand, stage.id if stage else ""),
        )
        for estimand, stage in places
    ]


def _chance(ground: Ground, contrast: Contrast) -> float | None:
    """Two-sided p value, from the side of the interval that looks to zero; None without a difference."""
    moved, low, high = contrast.difference, contrast.low, contrast.high
    if moved is None or low is None or high is None:
        return None
    half = moved - low if moved > 0 else high - moved
    if half <= 0:
        return 1.0
    z = normal_quantile(ground.project.settings.scores.confidence) * abs(moved) / half
    return float(2 * stats.norm.sf(z))


def _order(change: Change) -> tuple[float, str, int, str]:
    stage = change.stage.number if change.stage else 0
    return change.contrast.q_value or 0.0, change.segment.id, stage, str(change.estimand)
