"""What a handout is made of: the published state of a project, frozen once, in every language that is asked for.

In: a project that has been run. Out: `Published`. Handouts are made of the same values as pages, so numbers agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from journey_mining.dashboards import Scene, Stamp, scene_of
from journey_mining.dashboards.formats import Language
from journey_mining.errors import NotFoundError, did_you_mean
from journey_mining.maps import freeze_pictures
from journey_mining.maps.map_pictures import SegmentMap
from journey_mining.maps.path_pictures import SegmentPaths
from journey_mining.maps.pictures import Pictures
from journey_mining.maps.stage_pictures import StagePicture
from journey_mining.maps.what_if_pictures import WhatIf
from journey_mining.project import Project
from journey_mining.runs import last_published
from journey_mining.schema_version import refuse_other_tables
from journey_mining.version import __version__
from journey_mining.warehouse import DuckDBWarehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentState:
    """Everything that is known of one segment."""

    map: SegmentMap
    paths: SegmentPaths
    what_if: WhatIf
    stages: tuple[StagePicture, ...]

    @property
    def slug(self) -> str:
        """The name of the segment in names of files."""
        return self.map.segment.slug


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """One published state."""

    project: Project
    pictures: Pictures
    stamp: Stamp

    def scene(self, language: Language) -> Scene:
        """What one language is drawn from."""
        return scene_of(language, self.pictures, self.project, self.stamp)

    def segments(self) -> list[str]:
        """Ids of the segments that have pages."""
        return [picture.segment.id for picture in self.pictures.maps]

    def segment(self, segment: str) -> SegmentState:
        """One segment by its id.

        Raises:
            NotFoundError: there is no such segment, or it is too small to be shown.
        """
        known = self.segments()
        if segment not in known:
            raise NotFoundError(
                f"There is no map of segment {segment!r}.{did_you_mean(segment, known)}",
                expected=f"one of {', '.join(known)}; segments with too few customers (scores.small_cell) have none.",
                todo="Correct --segment.",
            )
        place, pictures = known.index(segment), self.pictures
        return SegmentState(
            map=pictures.maps[place],
            paths=pictures.paths[place],
            what_if=pictures.what_ifs[place],
            stages=pictures.stage_pages[place],
        )


def published_state(project: Project) -> Published:
    """The state that the last good run left.

    Raises:
        NotFoundError: nothing has been published yet.
        JourneyMiningError: another release published it.
    """
    if not project.warehouse_file.is_file():
        raise NotFoundError(
            f"{project.warehouse_file} does not exist.",
            expected="a project that has been run at least once.",
            todo=f"Run `journey run {project.root}`.",
        )
    refuse_other_tables(project)
    with DuckDBWarehouse(project.warehouse_file, read_only=True) as warehouse:
        pictures = freeze_pictures(warehouse, project)
    return Published(project=project, pictures=pictures, stamp=_stamp(project, pictures.as_of))


def _stamp(project: Project, as_of: datetime) -> Stamp:
    """The stamp of the run that is published, so that the same state gives the same file whenever it is taken."""
    run = last_published(project.root)
    if run is None:
        return Stamp(run_at=as_of, version=__version__, run_id="", duration_seconds=0.0)
    started, finished = datetime.fromisoformat(run.started_at), datetime.fromisoformat(run.finished_at)
    return Stamp(
        run_at=started.replace(tzinfo=None),
        version=run.version,
        run_id=run.run_id,
        duration_seconds=(finished - started).total_seconds(),
    )
