"""A published project in a notebook: its tables as frames and the pictures of its pages as plotly figures.

`journey_mining.open("my-project")` gives an `OpenProject`. Every picture `x(segment)` has a twin `x_data(segment)` with
the same numbers as a frame. The rule of small cells holds here as on the pages; the tables are the analyst's own.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self, TypeVar

import pandas as pd

from journey_mining.dashboards import Stamp, on_paper, scene_of
from journey_mining.dashboards.drop_off_figure import drop_off_figure
from journey_mining.dashboards.emotion import emotion_figure
from journey_mining.dashboards.scene import Scene
from journey_mining.dashboards.stage_sankey import stage_sankey
from journey_mining.dashboards.step_sankey import step_sankey
from journey_mining.dashboards.time_lines import HEIGHT as _LINE_HEIGHT
from journey_mining.dashboards.time_lines import loss_figure, runs_figure
from journey_mining.errors import NotFoundError, did_you_mean, unknown_name
from journey_mining.maps import freeze_pictures
from journey_mining.maps.map_pictures import SegmentMap
from journey_mining.maps.path_pictures import SegmentPaths
from journey_mining.maps.stage_pictures import StagePicture
from journey_mining.project import load_project
from journey_mining.schema_version import refuse_other_tables
from journey_mining.version import __version__
from journey_mining.warehouse import DuckDBWarehouse

PartT = TypeVar("PartT")
_CURVE_HEIGHT, _FLOW_HEIGHT = 260, 560


class OpenProject:
    """One published state of a project, read-only."""

    def __init__(self, root: Path, *, language: str = "en") -> None:
        """Open what the last good run published.

        Raises:
            NotFoundError: nothing has been published yet.
            JourneyMiningError: another release published it.
        """
        project = load_project(root)
        if not project.warehouse_file.is_file():
            raise NotFoundError(
                f"{project.warehouse_file} does not exist.",
                expected="a project that has been run at least once.",
                todo=f"Run `journey run {root}`.",
            )
        refuse_other_tables(project)
        self._warehouse = DuckDBWarehouse(project.warehouse_file, read_only=True)
        pictures = freeze_pictures(self._warehouse, project)
        # the stamp is of pages only: nothing drawn here shows it
        stamp = Stamp(run_at=pictures.as_of, version=__version__, run_id="", duration_seconds=0.0)
        self._scene: Scene = scene_of("ru" if language == "ru" else "en", pictures, project, stamp)

    def __repr__(self) -> str:
        """What is open, of when, and what can be asked of it."""
        pictures = self._scene.pictures
        drawn = ", ".join(f"{name}()" for name in picture_names())
        return (
            f"<OpenProject {self._scene.brand!r}, data up to {pictures.as_of:%Y-%m-%d %H:%M} UTC\n"
            f"  segments: {', '.join(self.segments())}\n"
            f"  stages: {', '.join(self.stages())}\n"
            f"  pictures: {drawn}; each has a twin with its numbers, such as {picture_names()[0]}_data()\n"
            f"  tables: {len(self.tables())}, see tables() and table(name)>"
        )

    def tables(self) -> list[str]:
        """Names of all published tables."""
        return self._warehouse.tables()

    def table(self, name: str) -> pd.DataFrame:
        """A published table, in the order of its columns' values.

        Raises:
            NotFoundError: there is no such table.
        """
        if name not in self.tables():
            raise NotFoundError(
                f"There is no table {name!r}.{did_you_mean(name, self.tables())}",
                expected="one of `tables()`; docs/tables.md describes them.",
                todo="Correct the name.",
            )
        return self._warehouse.read(name, order_by=self._warehouse.columns(name))

    def segments(self) -> list[str]:
        """Ids of the segments that have a map."""
        return [picture.segment.id for picture in self._scene.pictures.maps]

    def stages(self) -> list[str]:
        """Ids of the stages, in order."""
        return [head.id for head in self._scene.pictures.stages]

    def emotion_curve(self, segment: str = "all") -> Any:
        """The emotion curve of a segment's map as a plotly figure."""
        return self._drawn(emotion_figure(self._scene, self._map(segment)), _CURVE_HEIGHT)

    def emotion_curve_data(self, segment: str = "all") -> pd.DataFrame:
        """Points of the emotion curve: stage, estimate, interval, customers; missing where they may not be shown."""
        return self._points(segment, "voice")

    def drop_off(self, segment: str = "all") -> Any:
        """Drop-off of each stage with its interval, as a plotly figure."""
        return self._drawn(drop_off_figure(self._scene, self._map(segment)), _CURVE_HEIGHT)

    def drop_off_data(self, segment: str = "all") -> pd.DataFrame:
        """Drop-off of each stage: estimate, interval, customers, horizon in days."""
        return self._points(segment, "drop_off")

    def loss_curve(self, stage: str, segment: str = "all") -> Any:
        """How losses of a stage grow with the days since entry, as a plotly figure."""
        curve = _enough(self._stage(stage, segment).curve, segment)
        return self._drawn(loss_figure(self._scene, curve), _LINE_HEIGHT)

    def loss_curve_data(self, stage: str, segment: str = "all") -> pd.DataFrame:
        """Points of the curve of losses: day, share lost, interval."""
        points = _enough(self._stage(stage, segment).curve, segment).points
        rows = [(point.day, point.share, point.low, point.high) for point in points]
        return pd.DataFrame(rows, columns=["day", "estimate", "interval_low", "interval_high"])

    def drop_off_runs(self, stage: str, segment: str = "all") -> Any:
        """Drop-off of a stage as each run told it, as a plotly figure."""
        return self._drawn(runs_figure(self._scene, self._stage(stage, segment).past), _LINE_HEIGHT)

    def drop_off_runs_data(self, stage: str, segment: str = "all") -> pd.DataFrame:
        """Drop-off of a stage by run: cutoff, estimate, interval, customers, whether its rules were those of today."""
        rows = [
            (run.as_of, run.number.estimate, run.number.low, run.number.high, run.number.customers, run.is_comparable)
            for run in self._stage(stage, segment).past
        ]
        names = ["as_of", "estimate", "interval_low", "interval_high", "customer_count", "is_comparable"]
        return pd.DataFrame(rows, columns=names)

    def stage_sankey(self, segment: str = "all") -> Any:
        """The Sankey of stages as a plotly figure."""
        flows = _enough(self._paths(segment).stage_flows, segment)
        return self._drawn(stage_sankey(self._scene, flows, self._map(segment)), _FLOW_HEIGHT)

    def stage_sankey_data(self, segment: str = "all") -> pd.DataFrame:
        """Links of the Sankey of stages: stage, target, journeys."""
        links = _enough(self._paths(segment).stage_flows, segment).links
        return pd.DataFrame([(x.stage, x.target, x.journeys) for x in links], columns=["stage", "target", "journeys"])

    def step_sankey(self, segment: str = "all") -> Any:
        """The Sankey of the first steps as a plotly figure."""
        flows = _enough(self._paths(segment).step_flows, segment)
        return self._drawn(step_sankey(self._scene, flows), _FLOW_HEIGHT)

    def step_sankey_data(self, segment: str = "all") -> pd.DataFrame:
        """Links of the Sankey of steps: step, source, target, journeys."""
        links = _enough(self._paths(segment).step_flows, segment).links
        rows = [(x.step, x.source, x.target, x.journeys) for x in links]
        return pd.DataFrame(rows, columns=["step", "source", "target", "journeys"])

    def close(self) -> None:
        """Let go of the warehouse file."""
        self._warehouse.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _points(self, segment: str, row: str) -> pd.DataFrame:
        numbers = [(column.stage.id, getattr(column, row)) for column in self._map(segment).columns]
        rows = [(stage, n.estimate, n.low, n.high, n.customers, n.horizon_days) for stage, n in numbers]
        names = ["stage", "estimate", "interval_low", "interval_high", "customer_count", "horizon_days"]
        return pd.DataFrame(rows, columns=names)

    def _drawn(self, figure: dict[str, Any], height: int) -> Any:
        return on_paper(figure, stages=len(self._scene.pictures.stages), height=height)

    def _map(self, segment: str) -> SegmentMap:
        return self._scene.pictures.maps[self._place(segment)]

    def _paths(self, segment: str) -> SegmentPaths:
        return self._scene.pictures.paths[self._place(segment)]

    def _stage(self, stage: str, segment: str) -> StagePicture:
        pictures = self._scene.pictures.stage_pages[self._place(segment)]
        if stage not in self.stages():
            raise unknown_name("stage", stage, self.stages(), todo="Correct the name.")
        return next(picture for picture in pictures if picture.column.stage.id == stage)

    def _place(self, segment: str) -> int:
        if segment not in self.segments():
            raise unknown_name("segment", segment, self.segments(), todo="Correct the name.")
        return self.segments().index(segment)


def picture_names() -> list[str]:
    """Names of the pictures of an open project; each has a twin, its name with `_data`."""
    return [name.removesuffix("_data") for name in vars(OpenProject) if name.endswith("_data")]


def _enough(part: PartT | None, segment: str) -> PartT:
    if part is None:
        raise NotFoundError(
            f"Segment {segment!r} has too few customers for this picture.",
            expected="enough customers in every flow (scores.small_cell).",
            todo="Look at segment 'all', or wait for more data.",
        )
    return part
