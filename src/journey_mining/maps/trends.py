"""Numbers over runs and over cohorts.

In: `metric_history`, `run_event`, `alarm`, `alarm_chart`, `cusum_point`. Out: `Trends`. The notes below the charts are
made in `change_notes`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from journey_mining.maps.change_list import changes_of
from journey_mining.maps.change_notes import action_notes, alarm_notes, drift_notes, run_marks, split_notes
from journey_mining.maps.heads import SegmentHead, StageHead
from journey_mining.maps.map_pictures import SegmentMap
from journey_mining.maps.numbers import number_of
from journey_mining.maps.segment_maps import Ground
from journey_mining.maps.tables import Row
from journey_mining.maps.trend_pictures import AlarmNote, CohortTrend, SegmentTrends, Trend, TrendPoint, Trends
from journey_mining.scoring.intervals import normal_quantile, wilson
from journey_mining.scoring.metric import Method
from journey_mining.vocabulary import Estimand

_LOSS_UP = "loss_up"

Cell = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Past:
    """What earlier runs said."""

    ground: Ground
    history: Mapping[tuple[str, str, str], Sequence[Row]]
    """by estimand, segment and stage; oldest first"""
    charts: Mapping[Cell, Row]
    points: Mapping[Cell, Sequence[Row]]
    alarms: Sequence[AlarmNote]


def trends_of(ground: Ground, segments: Sequence[SegmentHead], maps: Sequence[SegmentMap]) -> Trends:
    """The whole page; `maps` are those of the segments that have pages."""
    rows = ground.tables.rows
    heads = {head.id: head for head in segments if head.has_pages}
    alarms = alarm_notes(ground, heads)
    charts = {(row["segment"], row["stage"], row["direction"]): row for row in rows["alarm_chart"]}
    past = _Past(
        ground=ground,
        history=_grouped(rows["metric_history"], ("estimand", "segment", "stage")),
        charts=charts,
        points=_grouped(rows["cusum_point"], ("segment", "stage", "direction")),
        alarms=alarms,
    )
    moved = changes_of(ground, segments, rows["run_setting"][0]["as_of"])
    watched = sum(row["status"] == "watched" for row in charts.values())
    return Trends(
        runs=tuple(sorted({row["as_of"] for row in rows["metric_history"]})),
        run_count=ground.tables.run_count,
        segments=tuple(_segment(past, picture) for picture in maps),
        marks=run_marks(ground),
        alarms=alarms,
        watched=watched,
        unwatched=len(charts) - watched,
        actions=action_notes(ground, heads),
        splits=split_notes(ground, heads),
        drifts=drift_notes(ground, heads),
        changes=moved.changes,
        changed_since=moved.since,
        looked_at=moved.looked_at,
        muted_by=_red(rows),
    )


def _red(rows: Mapping[str, Sequence[Row]]) -> tuple[str, ...]:
    """Systems of the sources of which a gate fails."""
    failing = {row["source"] for row in rows["gate_result"] if row["standing"] == "fail"}
    return tuple(row["system"] or row["source"] for row in rows["source_status"] if row["source"] in failing)


def _segment(past: _Past, picture: SegmentMap) -> SegmentTrends:
    segment, worst = picture.segment.id, picture.worst_loss
    return SegmentTrends(
        segment=picture.segment,
        goal=_trend(past, segment, Estimand.GOAL_REACHED),
        loss=_trend(past, segment, Estimand.DROP_OFF, worst.stage) if worst else None,
        mood=_trend(past, segment, picture.mood_of),
        duration=_trend(past, segment, Estimand.JOURNEY_MEDIAN),
        cohorts=tuple(_cohorts(past, segment, worst.stage if worst else None)),
    )


def _trend(past: _Past, segment: str, estimand: Estimand, stage: StageHead | None = None) -> Trend:
    name = stage.id if stage else ""
    tonight = past.ground.number(estimand, segment, name)
    points = [
        TrendPoint(
            at=row["as_of"],
            # what may not be told of tonight's n was no more to be told of an earlier one
            number=number_of(row, past.ground.limits, is_base_hidden=tonight.customers is None),
            is_comparable=row["is_comparable"],
        )
        for row in past.history.get((estimand, segment, name), ())
    ]
    return Trend(estimand=estimand, stage=stage, points=tuple(points))


def _cohorts(past: _Past, segment: str, worst: StageHead | None) -> Iterable[CohortTrend]:
    """Losses of the worst stage, and every cell with an alarm."""
    heads = {stage.id: stage for stage in past.ground.stages}
    alarmed = [(alarm.stage.id, alarm.direction) for alarm in past.alarms if alarm.segment.id == segment]
    wanted = ([(worst.id, _LOSS_UP)] if worst else []) + sorted(alarmed, key=lambda cell: heads[cell[0]].number)
    for stage, direction in dict.fromkeys(wanted):
        chart = past.charts.get((segment, stage, direction))
        points = past.points.get((segment, stage, direction), ())
        if chart is None or chart["baseline"] is None or not points:
            continue
        is_base_hidden = past.ground.number(Estimand.DROP_OFF, segment, stage).customers is None
        yield CohortTrend(
            stage=heads[stage],
            direction=chart["direction"],
            horizon_days=int(chart["horizon_days"]),
            baseline=chart["baseline"],
            points=tuple(_cohort_point(past.ground, chart, row, is_base_hidden=is_base_hidden) for row in points),
            alarms=tuple(
                a for a in past.alarms if (a.segment.id, a.stage.id, a.direction) == (segment, stage, direction)
            ),
        )


def _cohort_point(ground: Ground, chart: Row, row: Row, *, is_base_hidden: bool) -> TrendPoint:
    """A share of entries with Wilson's interval; several entries of one customer count as one trial."""
    share, trials = row["events"] / row["entries"], int(row["customer_count"])
    low, high = wilson(share * trials, trials, normal_quantile(ground.project.settings.scores.confidence))
    cell = {
        "estimate": share,
        "interval_low": low,
        "interval_high": high,
        "customer_count": trials,
        "horizon_days": chart["horizon_days"],
        "method": Method.WILSON,
        "flags": "",
    }
    at: datetime = row["on"]
    return TrendPoint(at=at, number=number_of(cell, ground.limits, is_base_hidden=is_base_hidden))


def _grouped(rows: Iterable[Row], key: Sequence[str]) -> dict[tuple[str, str, str], list[Row]]:
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        first, second, third = (str(row[name] or "") for name in key)
        groups[first, second, third].append(row)
    return groups
