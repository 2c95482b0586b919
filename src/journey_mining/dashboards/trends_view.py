"""The trends page as values for its template."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from markupsafe import Markup

from journey_mining.dashboards.change_words import (
    action_row,
    alarm_row,
    drift_row,
    mark_words,
    split_row,
)
from journey_mining.dashboards.scene import Kind, Scene
from journey_mining.dashboards.trend_lines import Scale, line_svg, scale_of
from journey_mining.maps.heads import StageHead
from journey_mining.maps.trend_pictures import CohortTrend, RunMark, SegmentTrends, Trend, TrendPoint
from journey_mining.vocabulary import ALL_SEGMENTS, Estimand

TABLE_ROWS = 12
"""runs in the table of a page; the file holds all that are drawn"""
_FEWEST_RUNS = 2
_KINDS: dict[Estimand, Kind] = {
    Estimand.VOICE: "mood",
    Estimand.RATING: "mood",
    Estimand.JOURNEY_MEDIAN: "days",
}


def trends_view(scene: Scene) -> dict[str, Any]:
    """Everything the trends page prints."""
    trends = scene.pictures.trends
    is_first = len(trends.runs) < _FEWEST_RUNS
    return {
        "trends": trends,
        "is_first": is_first,
        "lead": _lead(scene),
        "cards": [_segment(scene, item, is_first=is_first) for item in trends.segments],
        "marks": [mark_words(scene, mark) for mark in trends.marks],
        "alarms": [alarm_row(scene, alarm) for alarm in trends.alarms],
        "muted": _muted(scene),
        "actions": [action_row(scene, action) for action in trends.actions],
        "splits": [split_row(scene, split) for split in trends.splits],
        "since": scene.formats.moment(trends.splits[0].since) if trends.splits else "",
        "drifts": [drift_row(scene, drift) for drift in trends.drifts],
    }


def trend_rows(scene: Scene) -> list[list[Any]]:
    """Every point of every run chart for the CSV file."""
    return [
        [
            scene.name(item.segment.name),
            scene.words.plain(f"estimand.{trend.estimand}"),
            scene.name(trend.stage.name) if trend.stage else "",
            *_cells(point),
            scene.words.plain("trends.yes" if point.is_comparable else "trends.no"),
        ]
        for item in scene.pictures.trends.segments
        for trend in _trends(item)
        for point in trend.points
    ]


def cohort_rows(scene: Scene) -> list[list[Any]]:
    """Every point of every cohort chart for the CSV file."""
    return [
        [
            scene.name(item.segment.name),
            scene.words.plain(f"trends.{cohort.direction}"),
            scene.name(cohort.stage.name),
            *_cells(point),
            cohort.horizon_days,
            cohort.baseline,
        ]
        for item in scene.pictures.trends.segments
        for cohort in item.cohorts
        for point in cohort.points
    ]


def _cells(point: TrendPoint) -> list[Any]:
    number = point.number
    return [f"{point.at:%Y-%m-%d}", number.estimate, number.low, number.high, number.customers]


def _lead(scene: Scene) -> Markup:
    """How many runs, which alarms stand, whether paths drift."""
    trends, words = scene.pictures.trends, scene.words
    runs = scene.formats.plural(trends.run_count, words.forms("trends.runs_forms"))
    first = "trends.lead_first" if len(trends.runs) < _FEWEST_RUNS else "trends.lead_runs"
    parts = [words(first, runs=runs)]
    standing = trends.standing
    if trends.muted_by:
        parts.append(words("trends.lead_muted", sources=", ".join(map(scene.system, trends.muted_by))))
    elif standing:
        alarm = alarm_row(scene, standing[0])
        alarms = scene.formats.plural(len(standing), words.forms("trends.alarms_forms"))
        parts.append(words("trends.lead_alarms", alarms=alarms, first=alarm["says"]))
    elif trends.watched:
        parts.append(
            words("trends.lead_calm", n=scene.formats.plural(trends.watched, words.forms("trends.charts_forms")))
        )
    else:
        parts.append(words("trends.lead_unwatched"))
    return Markup(" ").join(parts)


def _muted(scene: Scene) -> Markup | None:
    names = ", ".join(map(scene.system, scene.pictures.trends.muted_by))
    return scene.words("trends.muted", sources=names) if names else None


def _trends(item: SegmentTrends) -> list[Trend]:
    return [trend for trend in (item.goal, item.loss, item.mood, item.duration) if trend is not None]


def _segment(scene: Scene, item: SegmentTrends, *, is_first: bool) -> dict[str, Any]:
    marks = [m for m in scene.pictures.trends.marks if m.segment in ("", ALL_SEGMENTS, item.segment.id)]
    trends = _trends(item)
    return {
        "id": item.segment.slug,
        "name": scene.name(item.segment.name),
        "charts": [_run_chart(scene, trend, marks, is_first=is_first) for trend in trends],
        "cohorts": [_cohort_chart(scene, cohort, marks) for cohort in item.cohorts],
        "heads": [_title(scene, trend.estimand, trend.stage) for trend in trends],
        "table": _table(scene, trends),
        "cohort_tables": [_cohort_table(scene, cohort) for cohort in item.cohorts],
    }


def _title(scene: Scene, estimand: Estimand, stage: StageHead | None) -> str:
    name = scene.words.plain(f"estimand.{estimand}")
    return f"{name}: {scene.name(stage.name)}" if stage else name


def _run_chart(scene: Scene, trend: Trend, marks: Sequence[RunMark], *, is_first: bool) -> dict[str, Any]:
    kind = _KINDS.get(trend.estimand, "share")
    chart = _chart(scene, trend.points, kind, marks, title=_title(scene, trend.estimand, trend.stage))
    return chart | {"key": str(trend.estimand), "is_single": is_first, "note": ""}


def _cohort_chart(scene: Scene, cohort: CohortTrend, marks: Sequence[RunMark]) -> dict[str, Any]:
    words = scene.words.plain
    title = words(f"trends.{cohort.direction}_at", stage=scene.name(cohort.stage.name))
    chart = _chart(scene, cohort.points, "share", marks, title=title, baseline=cohort.baseline)
    scale = scale_of(cohort.points, (cohort.baseline,))
    alarms = [
        {"left": scale.x(alarm.started_on), "css": "alarm", "title": alarm_row(scene, alarm)["says"]}
        for alarm in cohort.alarms
        if scale and scale.holds(alarm.started_on)
    ]
    note = words(
        "trends.cohort_note", horizon=scene.horizon(cohort.horizon_days), usual=scene.formats.share(cohort.baseline)
    )
    return chart | {
        "key": "",
        "is_single": False,
        "note": note,
        "marks": [*chart["marks"], *alarms],
        "says": [alarm_row(scene, alarm)["says"] for alarm in cohort.alarms],
    }


def _chart(
    scene: Scene,
    points: Sequence[TrendPoint],
    kind: Kind,
    marks: Sequence[RunMark],
    *,
    title: str,
    baseline: float | None = None,
) -> dict[str, Any]:
    """A chart with its last value in words; `svg` is empty where nothing may be drawn."""
    scale = scale_of(points, () if baseline is None else (baseline,))
    last = scene.shown(points[-1].number, kind) if points else None
    return {
        "title": title,
        "last": last,
        "svg": line_svg(points, scale, baseline=baseline) if scale else "",
        "start": scene.formats.short_date(points[0].at) if points else "",
        "span": _span(scene, points, kind),
        "end": scene.formats.short_date(points[-1].at) if points else "",
        "alt": _alt(scene, title, points, kind),
        "marks": _marks(scene, marks, scale),
        "says": [],
    }


def _alt(scene: Scene, title: str, points: Sequence[TrendPoint], kind: Kind) -> str:
    """First and last known value in one sentence."""
    known = [point for point in points if point.number.is_full or point.number.is_thin]
    if not known:
        return f"{title}: {scene.words.plain('state.no_data')}"
    first, last = (scene.shown(point.number, kind) for point in (known[0], known[-1]))
    return scene.words.plain(
        "trends.alt",
        title=title,
        start=scene.formats.date(known[0].at),
        first=first.range if first.is_thin else first.text,
        end=scene.formats.date(known[-1].at),
        last=last.range if last.is_thin else last.text,
    )


def _span(scene: Scene, points: Sequence[TrendPoint], kind: Kind) -> str:
    """The lowest and the highest value of the line: the scale is its own."""
    values = [point.number.estimate for point in points if point.number.estimate is not None]
    if not values:
        return ""
    low, high = min(values), max(values)
    if kind == "share":
        return scene.formats.share_range(low, high)
    return scene.formats.mood_range(low, high) if kind == "mood" else scene.formats.days_range(low, high)


def _marks(scene: Scene, marks: Sequence[RunMark], scale: Scale | None) -> list[dict[str, Any]]:
    return [
        {
            "left": scale.x(mark.at),
            "css": "rule" if mark.kind == "rules_changed" else "action",
            "title": mark_words(scene, mark)["says"],
        }
        for mark in marks
        if scale and scale.holds(mark.at)
    ]


def _table(scene: Scene, trends: Sequence[Trend]) -> list[tuple[str, list[Any]]]:
    """The last runs, newest first: date and one shown number per chart."""
    cutoffs = sorted({point.at for trend in trends for point in trend.points}, reverse=True)[:TABLE_ROWS]
    by_time = [{point.at: point.number for point in trend.points} for trend in trends]
    return [
        (
            scene.formats.moment(at),
            [
                scene.shown(own[at], _KINDS.get(trend.estimand, "share")) if at in own else None
                for trend, own in zip(trends, by_time, strict=True)
            ],
        )
        for at in cutoffs
    ]


def _cohort_table(scene: Scene, cohort: CohortTrend) -> dict[str, Any]:
    title = scene.words.plain(f"trends.{cohort.direction}_at", stage=scene.name(cohort.stage.name))
    rows = [(scene.formats.date(point.at), scene.shown(point.number)) for point in reversed(cohort.points)]
    return {"title": title, "rows": rows[:TABLE_ROWS]}
