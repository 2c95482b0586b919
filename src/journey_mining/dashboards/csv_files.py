"""CSV files beside charts and tables: UTF-8 with a byte order mark; semicolons and decimal commas for Russian.

Numbers carry all their digits but no thousands separators. A cell that a spreadsheet would run as a formula is
preceded by an apostrophe.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from journey_mining.dashboards.data_view import metric_rows
from journey_mining.dashboards.paths_view import rest_share, stage_rows, step_rows
from journey_mining.dashboards.process_svg import process_rows
from journey_mining.dashboards.scene import Scene
from journey_mining.maps.map_pictures import SegmentMap, StageColumn
from journey_mining.maps.numbers import Number
from journey_mining.maps.path_pictures import SegmentPaths
from journey_mining.vocabulary import Estimand

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_text(scene: Scene, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """The content of one file."""
    target = io.StringIO()
    target.write("\ufeff")
    writer = csv.writer(target, delimiter=";" if scene.language == "ru" else ",", lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([_cell(scene, value) for value in row] for row in rows)
    return target.getvalue()


def _cell(scene: Scene, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        text = f"{value:.6g}"
        return text.replace(".", ",") if scene.language == "ru" else text
    if isinstance(value, int):
        return str(value)
    return f"'{value}" if str(value).startswith(_FORMULA) else str(value)


def segment_files(scene: Scene, picture: SegmentMap, paths: SegmentPaths) -> dict[str, str]:
    """Files of one segment by name."""
    words = scene.words.plain
    files = {"stages.csv": _stages(scene, picture)}
    head = [words("paths.from"), words("paths.to"), words("paths.count"), words("paths.share")]
    if paths.stage_flows:
        files["stage_flows.csv"] = csv_text(scene, head, stage_rows(scene, paths.stage_flows))
    if paths.step_flows:
        step_head = [words("paths.step", n="").strip(), *head]
        files["step_flows.csv"] = csv_text(scene, step_head, step_rows(scene, paths.step_flows))
    if paths.variants:
        files["variants.csv"] = _variants(scene, paths)
    if paths.process:
        files["process.csv"] = csv_text(
            scene,
            [words("paths.from"), words("paths.to"), words("paths.variants_customers")],
            process_rows(scene, paths.process),
        )
    return files


def shared_files(scene: Scene) -> dict[str, str]:
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
        "metrics.csv": csv_text(scene, head, metric_rows(scene)),
        "unmapped.csv": csv_text(
            scene,
            [
                words("data.source"),
                words("data.kind"),
                words("data.activity"),
                words("data.events"),
                words("index.customers"),
            ],
            unmapped,
        ),
    }


def _stages(scene: Scene, picture: SegmentMap) -> str:
    estimands: dict[str, Callable[[StageColumn], Number]] = {
        "stage_reached": lambda c: c.reached,
        "drop_off": lambda c: c.drop_off,
        "moved_on": lambda c: c.moved_on,
        "moved_back": lambda c: c.moved_back,
        "under_way": lambda c: c.under_way,
        "stage_dwell_median": lambda c: c.dwell,
        "voice": lambda c: c.voice,
        "rating": lambda c: c.rating,
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

    return csv_text(scene, head, [row(column) for column in picture.columns])


def _variants(scene: Scene, paths: SegmentPaths) -> str:
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
    return csv_text(scene, [words(f"paths.{key}") for key in head], rows)


def _segments(scene: Scene) -> str:
    head = [scene.words.plain("page.segment"), scene.words.plain("index.customers")]
    goal = scene.words.plain(f"estimand.{Estimand.GOAL_REACHED}")
    maps = {picture.segment.id: picture for picture in scene.pictures.maps}
    rows: list[list[Any]] = []
    for segment in scene.pictures.segments:
        number = maps[segment.id].goal_reached if segment.id in maps else None
        cells = [number.estimate, number.low, number.high] if number else [None, None, None]
        rows.append([scene.name(segment.name), segment.customers.value, *cells])
    return csv_text(scene, [*head, goal, f"{goal}: 95% −", f"{goal}: 95% +"], rows)
