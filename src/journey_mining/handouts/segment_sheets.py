"""The public tables of a segment under names of their own, each with the cutoff of the data.

In: a scene, a segment. Out: `Sheet` values: the tables of the CSV files beside the pages; those of stage pages are one
table a kind, with the stage in front.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from journey_mining.dashboards.csv_files import Sheet, comparison_files, segment_files, shared_files, stage_page_files
from journey_mining.dashboards.data_view import data_view, metric_rows
from journey_mining.dashboards.scene import Scene
from journey_mining.handouts.map_rows import MARKS, evidence_of
from journey_mining.handouts.published import SegmentState

_SEGMENT_COLUMN = 2
"""place of the segment's id in the list of all numbers"""


def segment_sheets(scene: Scene, state: SegmentState) -> dict[str, Sheet]:
    """Tables of one segment by name."""
    own = segment_files(scene, state.map, state.paths, state.what_if)
    sheets = {name.removesuffix(".csv"): sheet for name, sheet in own.items()}
    sheets |= _stage_sheets(scene, state)
    return {"numbers": numbers_sheet(scene, state.map.segment.id), **sheets}


def shared_sheets(scene: Scene) -> dict[str, Sheet]:
    """Tables of all segments by name; those of comparisons carry the pair in their names."""
    shared = {name.removesuffix(".csv"): sheet for name, sheet in shared_files(scene).items() if name != "metrics.csv"}
    pairs = {
        f"compare_{name.removesuffix('.csv').replace('.', '_')}": sheet
        for name, sheet in comparison_files(scene).items()
    }
    return {"numbers": numbers_sheet(scene), "definitions": definitions_sheet(scene), **shared, **pairs}


def numbers_sheet(scene: Scene, segment: str | None = None) -> Sheet:
    """Every number with n, interval, method and where it comes from; of one segment, or of all."""
    shared = shared_files(scene)["metrics.csv"]
    rows = [
        [*row, MARKS[evidence_of(str(row[0]))]]
        for row in metric_rows(scene)
        if segment is None or row[_SEGMENT_COLUMN] == segment
    ]
    return Sheet([*shared.head, scene.words.plain("handout.evidence")], rows)


def definitions_sheet(scene: Scene) -> Sheet:
    """One sentence, a method and a horizon for every number."""
    keys = ("metric", "meaning", "method", "horizon")
    rows = [
        [item["id"], item["name"], item["meaning"], item["method"], item["horizon"]]
        for item in data_view(scene)["definitions"]
    ]
    return Sheet(["id", *(scene.words.plain(f"data.{key}") for key in keys)], rows)


def dated(scene: Scene, sheets: Mapping[str, Sheet]) -> dict[str, Sheet]:
    """The tables with the cutoff of the data in a last column."""
    as_of = f"{scene.pictures.as_of:%Y-%m-%dT%H:%M:%S}Z"
    return {
        name: Sheet([*sheet.head, "as_of"], [[*row, as_of] for row in sheet.rows]) for name, sheet in sheets.items()
    }


def _stage_sheets(scene: Scene, state: SegmentState) -> dict[str, Sheet]:
    """Tables of a kind of all stages, one below the other."""
    found: dict[str, tuple[list[str], list[list[Any]]]] = {}
    for picture in state.stages:
        stage = picture.column.stage
        for name, sheet in stage_page_files(scene, picture).items():
            kind = f"stage_{name.removeprefix(f'stage_{stage.slug}_').removesuffix('.csv')}"
            head = [scene.words.plain("map.stage"), *sheet.head]
            rows = found.setdefault(kind, (head, []))[1]
            rows += [[scene.name(stage.name), *row] for row in sheet.rows]
    return {kind: Sheet(head, rows) for kind, (head, rows) in found.items()}
