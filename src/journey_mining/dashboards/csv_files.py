"""Tables that people take away, and CSV files of them: UTF-8 with a byte order mark; semicolons and commas for Russian.

Numbers carry all their digits but no thousands separators. Where a spreadsheet would begin a formula stands an
apostrophe.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, NamedTuple

from journey_mining.dashboards.change_words import action_cells, alarm_cells, drift_cells, split_cells
from journey_mining.dashboards.compare_view import contrast_rows, sides_of, way_rows
from journey_mining.dashboards.data_view import metric_rows
from journey_mining.dashboards.origin_view import rows_file
from journey_mining.dashboards.paths_view import rest_share, stage_rows, step_rows
from journey_mining.dashboards.process_svg import process_rows
from journey_mining.dashboards.run_view import file_rows
from journey_mining.dashboards.scene import Scene
from journey_mining.dashboards.stage_tables import stage_files
from journey_mining.dashboards.trends_view import cohort_rows, trend_rows
from journey_mining.dashboards.what_if_view import what_if_rows
from journey_mining.dashboards.worth_view import gain_rows, weight_rows
from journey_mining.maps.map_pictures import SegmentMap, StageColumn
from journey_mining.maps.moods import SIGNALS
from journey_mining.maps.numbers import Number
from journey_mining.maps.path_pictures import SegmentPaths
from journey_mining.maps.stage_pictures import StagePicture
from journey_mining.maps.what_if_pictures import WhatIf
from journey_mining.spreadsheet import write_rows
from journey_mining.vocabulary import Estimand

_WHAT_IF = (
    "what_if.fewer",
    "what_if.now",
    "what_if.drop",
    "what_if.won",
    "what_if.won_low",
    "what_if.won_high",
    "what_if.days",
    "what_if.days_low",
    "what_if.days_high",
    "what_if.mark",
)
_FILE_HEAD = ("source", "stream", "file", "mark", "read", "accepted", "quarantined", "collapsed")


class Sheet(NamedTuple):
    """One table as people take it away: headings in the language of the scene, and rows of plain values."""

    head: Sequence[str]
    rows: Sequence[Sequence[Any]]


def csv_text(scene: Scene, sheet: Sheet) -> str:
    """The content of one file."""
    target = io.StringIO()
    target.write("\ufeff")
    is_russian = scene.language == "ru"
    rows = chain([sheet.head], sheet.rows)
    write_rows(target, rows, delimiter=";" if is_russian else ",", decimal="," if is_russian else ".")
    return target.getvalue()


def segment_files(scene: Scene, picture: SegmentMap, paths: SegmentPaths, what_if: WhatIf) -> dict[str, Sheet]:
    """Files of one segment by name."""
    words = scene.words.plain
    files = {"stages.csv": _stages(scene, picture)}
    head = [words("paths.from"), words("paths.to"), words("paths.count"), words("paths.share")]
    if paths.stage_flows:
        files["stage_flows.csv"] = Sheet(head, stage_rows(scene, paths.stage_flows))
    if paths.step_flows:
        step_head = [words("paths.step", n="").strip(), *head]
        files["step_flows.csv"] = Sheet(step_head, step_rows(scene, paths.step_flows))
    if paths.variants:
        files["variants.csv"] = _variants(scene, paths)
    if paths.process:
        files["process.csv"] = Sheet(
            [words("paths.from"), words("paths.to"), words("paths.variants_customers")],
            process_rows(scene, paths.process),
        )
    files |= _worth_files(scene, picture)
    if what_if.stages:
        files["what_if.csv"] = Sheet(_heads(scene, "map.stage", *_WHAT_IF), what_if_rows(scene, what_if))
    return files


def _worth_files(scene: Scene, picture: SegmentMap) -> dict[str, Sheet]:
    files: dict[str, Sheet] = {}
    if weights := weight_rows(scene, picture):
        head = _heads(scene, "worth.touchpoint", "map.stage", "worth.place")
        head += ["rank_low", "rank_high", *_heads(scene, "worth.effect"), "low", "high", *_heads(scene, "worth.mark")]
        files["importance.csv"] = Sheet(head, weights)
    if gains := gain_rows(scene, picture):
        head = [*_heads(scene, "map.stage", "worth.reference", "worth.amount"), "low", "high", "currency", "n"]
        head += [*_heads(scene, "worth.entries", "worth.excess", "worth.value"), "proven"]
        files["opportunity.csv"] = Sheet(head, gains)
    return files


def comparison_files(scene: Scene) -> dict[str, Sheet]:
    """Files of every comparison by name."""
    files: dict[str, Sheet] = {}
    for comparison in scene.pictures.comparisons:
        first, second = sides_of(scene, comparison)
        head = [scene.words.plain("data.metric"), scene.words.plain("map.stage")]
        head += [f"{side}{part}" for side in (first, second) for part in ("", ": 95% −", ": 95% +", ": n")]
        gap = scene.words.plain("compare.difference")
        head += [gap, f"{gap}: 95% −", f"{gap}: 95% +", "q", "horizon_days"]
        files[f"{comparison.slug}.csv"] = Sheet(head, contrast_rows(scene, comparison))
        if comparison.ways:
            names = [*_heads(scene, "paths.variants_path", "paths.variants_ending"), first, second]
            files[f"{comparison.slug}.ways.csv"] = Sheet(names, way_rows(scene, comparison))
    return files


def stage_page_files(scene: Scene, picture: StagePicture) -> dict[str, Sheet]:
    """Files of one stage of a segment by name."""
    return {name: Sheet(head, rows) for name, (head, rows) in stage_files(scene, picture).items()}


def shared_files(scene: Scene) -> dict[str, Sheet]:
    """Files of the overview and the data page by name."""
    words = scene.words.plain
    head = ["estimand", words("data.metric"), "segment", words("page.segment"), "stage", words("map.stage")]
    head += ["estimate", "interval_low", "interval_high", "customers", "standing", "method", "horizon_days", "flags"]
    unmapped = [
        (item.source, item.event_kind, item.activity, item.events, item.customers.value)
        for item in scene.pictures.notes.unmapped
    ]
    return {
        "segments.csv": _segments(scene),
        "metrics.csv": Sheet(head, metric_rows(scene)),
        **{
            rows_file(estimand): Sheet(head, metric_rows(scene, estimand))
            for estimand in sorted({note.estimand for note in scene.pictures.notes.metrics})
        },
        "files.csv": Sheet(_heads(scene, *(f"data.{key}" for key in _FILE_HEAD)), file_rows(scene)),
        "unmapped.csv": Sheet(
            [
                words("data.source"),
                words("data.kind"),
                words("data.activity"),
                words("data.events"),
                words("index.customers"),
            ],
            unmapped,
        ),
        **_trend_files(scene),
    }


def _trend_files(scene: Scene) -> dict[str, Sheet]:
    """Files of the trends page by name."""
    trends = scene.pictures.trends
    cells = ["estimate", "interval_low", "interval_high", "customers"]
    place = ("page.segment", "map.stage")
    files = {
        "trends.csv": Sheet(
            [
                *_heads(scene, "page.segment", "data.metric", "map.stage", "trends.run"),
                *cells,
                *_heads(scene, "trends.same_rules"),
            ],
            trend_rows(scene),
        ),
        "cohorts.csv": Sheet(
            [
                *_heads(scene, "page.segment", "trends.what", "map.stage", "trends.entered_until"),
                *cells,
                "horizon_days",
                *_heads(scene, "trends.usual"),
            ],
            cohort_rows(scene),
        ),
        "alarms.csv": Sheet(
            [
                *_heads(scene, *place, *(f"trends.{key}" for key in ("what", "started", "raised", "ended", "usual"))),
                *cells,
                "horizon_days",
            ],
            [alarm_cells(scene, alarm) for alarm in trends.alarms],
        ),
    }
    return files | _change_files(scene)


def _change_files(scene: Scene) -> dict[str, Sheet]:
    """Files of the parts of the trends page that may be empty."""
    trends, place = scene.pictures.trends, ("page.segment", "map.stage")
    files: dict[str, Sheet] = {}
    if trends.actions:
        head = _heads(scene, "trends.action", *place, "data.metric", "trends.begun", "trends.before", "trends.after")
        head += [*_heads(scene, "compare.difference"), "low", "high", "mde", "customers", "design"]
        rows = [action_cells(scene, action) for action in trends.actions]
        files["actions.csv"] = Sheet([*head, *_heads(scene, "trends.reading")], rows)
    if trends.splits:
        parts = ("before", "after", "behaviour", "mix", "late_data", "restitching", "unexplained", "rules")
        head = [*_heads(scene, "data.metric", *place, *(f"trends.{part}" for part in parts)), "customers"]
        files["moved.csv"] = Sheet(head, [split_cells(scene, split) for split in trends.splits])
    if trends.drifts:
        head = [*_heads(scene, "page.segment", "trends.distance", "trends.by_chance"), "q"]
        head += _heads(
            scene, "trends.n_before", "trends.n_after", "paths.from", "paths.to", "trends.before", "trends.after"
        )
        rows = [row for drift in trends.drifts for row in drift_cells(scene, drift)]
        files["drift.csv"] = Sheet(head, rows)
    return files


def _heads(scene: Scene, *keys: str) -> list[str]:
    return [scene.words.plain(key) for key in keys]


def _stages(scene: Scene, picture: SegmentMap) -> Sheet:
    estimands: dict[str, Callable[[StageColumn], Number]] = {
        "stage_reached": lambda c: c.reached,
        "drop_off": lambda c: c.drop_off,
        "moved_on": lambda c: c.moved_on,
        "moved_back": lambda c: c.moved_back,
        "under_way": lambda c: c.under_way,
        "stage_dwell_median": lambda c: c.dwell,
        "voice": lambda c: c.voice,
        "rating": lambda c: c.rating,
        "all_customers": lambda c: c.all_customers,
        **{str(estimand): _signal(estimand) for estimand in SIGNALS},
    }
    head = [scene.words.plain("map.stage"), scene.words.plain("estimand.stage_entered")]
    for key in estimands:
        name = scene.words.plain(f"estimand.{key}")
        head += [name, f"{name}: 95% −", f"{name}: 95% +", f"{name}: n"]

    def row(column: StageColumn) -> list[Any]:
        cells: list[Any] = [scene.name(column.stage.name), column.entered.value]
        for pick in estimands.values():
            number = pick(column)
            cells += [number.estimate, number.low, number.high, number.customers]
        return cells

    return Sheet(head, [row(column) for column in picture.columns])


def _signal(estimand: Estimand) -> Callable[[StageColumn], Number]:
    return lambda column: column.signals[estimand]


def _variants(scene: Scene, paths: SegmentPaths) -> Sheet:
    words = scene.words.plain
    variants = paths.variants
    rows: list[list[Any]] = [
        [
            " > ".join(scene.stage_name(stage) for stage in row.stages),
            words(f"ending.{row.ending}"),
            row.journeys,
            row.customers,
            row.share,
            row.cumulative,
            row.median_days,
        ]
        for row in (variants.rows if variants else ())
    ]
    if variants and variants.rest_journeys:
        share = rest_share(variants)
        rows.append(
            [words("paths.variants_rest", n=variants.rest_variants), "", variants.rest_journeys, "", share, 1.0, ""]
        )
    head = [
        "variants_path",
        "variants_ending",
        "count",
        "variants_customers",
        "share",
        "variants_cumulative",
        "variants_days",
    ]
    return Sheet([words(f"paths.{key}") for key in head], rows)


def _segments(scene: Scene) -> Sheet:
    head = [scene.words.plain("page.segment"), scene.words.plain("index.customers")]
    goal = scene.words.plain(f"estimand.{Estimand.GOAL_REACHED}")
    maps = {picture.segment.id: picture for picture in scene.pictures.maps}
    rows: list[list[Any]] = []
    for segment in scene.pictures.segments:
        number = maps[segment.id].goal_reached if segment.id in maps else None
        cells = [number.estimate, number.low, number.high] if number else [None, None, None]
        rows.append([scene.name(segment.name), segment.customers.value, *cells])
    return Sheet([*head, goal, f"{goal}: 95% −", f"{goal}: 95% +"], rows)
