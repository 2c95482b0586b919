"""The line of steps, listed once, and the one way to walk it: load, build aside, check, draw aside, publish.

`journey run` and the Prefect flow both call `run_line`; the flow only passes another `perform`. Each step opens the
warehouse it needs and closes it again, so that steps share nothing but files and any of them can be a task of its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from journey_mining.change import keep_run, measure_change
from journey_mining.costs import Meter
from journey_mining.dashboards import RunStatus, Stamp, draw_site, write_status
from journey_mining.errors import JourneyMiningError
from journey_mining.identity import stitch
from journey_mining.journeys import build_journeys
from journey_mining.maps import freeze_pictures
from journey_mining.mining import mine_paths
from journey_mining.nights import Night, bring_back, building_warehouse, hand_over, sweep
from journey_mining.privacy import load_key
from journey_mining.privacy.tombstones import renew_tombstones
from journey_mining.progress import terminal_bar
from journey_mining.project import Project, Settings, load_project
from journey_mining.report import Problem, StepReport
from journey_mining.runs import (
    FAILED,
    PUBLISHED,
    UNCHANGED,
    RunRecord,
    StepRecord,
    append_run,
    fingerprint,
    now_text,
    project_lock,
    stepped,
)
from journey_mining.scoring import score
from journey_mining.scoring.path_scores import score_paths
from journey_mining.sources import build_events, erase_loaded, load_inbox, load_sources, load_status, loaded_inputs
from journey_mining.version import __version__
from journey_mining.voice import (
    measure_levels,
    outdated_correction,
    project_engine,
    score_texts,
    sweep_voice,
    voice_marks,
)
from journey_mining.warehouse import DuckDBWarehouse, Warehouse, layer_models
from journey_mining.warehouse.checks import run_checks
from journey_mining.warehouse.duckdb_warehouse import replace_file

_MARK_TABLE, _MARK_FILE = "published_state", "fingerprint.txt"
BUILT_LAYERS = ("events", "identity", "journeys", "paths", "scores", "change")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the line."""

    name: str
    run: Callable[[Night], StepReport]
    says: str
    """what it does, for people who watch"""
    touches_inbox: bool = False
    """reads files that others may still be writing: worth a retry"""


Perform = Callable[[Step, Night], StepReport]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Whom to tell what happens; both calls are optional."""

    before: Callable[[Step], None] = lambda _step: None
    after: Callable[[Step, StepRecord], None] = lambda _step, _record: None


def _load(night: Night) -> StepReport:
    renew_tombstones(night.project)  # a rotation of the key may have been interrupted
    erased = erase_loaded(night.project, now=night.started_at)
    voice = sweep_voice(night.project)
    report = load_inbox(night.project, now=night.started_at)
    forgotten = {"rows_forgotten": erased} if erased else {}
    counts = {**report.counts, **forgotten, **voice.counts}
    return replace(report, counts=counts, problems=(*report.problems, *voice.problems))


def _event(night: Night) -> StepReport:
    project = night.project
    report = build_events(project, target=night.building, key=load_key(project))
    hand_over(night)
    return report


def _identity(night: Night) -> StepReport:
    return _in_building(night, stitch)


def _journey(night: Night) -> StepReport:
    return _in_building(night, build_journeys)


def _paths(night: Night) -> StepReport:
    return _in_building(night, mine_paths)


def _scores(night: Night) -> StepReport:
    return _in_building(night, _scored)


def _scored(warehouse: Warehouse, project: Project) -> StepReport:
    texts = _texts(warehouse, project)
    levels = measure_levels(warehouse, project)
    numbers = score(warehouse, project)
    ways = score_paths(warehouse, project)
    counts = {**texts.counts, **levels.counts, **numbers.counts, **ways.counts}
    problems = (*texts.problems, *outdated_correction(project), *numbers.problems)
    return StepReport(counts=counts, problems=problems)


def _texts(warehouse: Warehouse, project: Project) -> StepReport:
    marks = [*voice_marks(project), project.settings.voice.model_dump_json()]
    with terminal_bar("texts") as tell:
        return score_texts(
            warehouse, engine=project_engine(project), former=project.warehouse_file, marks=marks, tell=tell
        )


def _change(night: Night) -> StepReport:
    return _in_building(night, measure_change)


def _check(night: Night) -> StepReport:
    report = _in_building(night, _checked)
    bring_back(night)
    return report


def _checked(warehouse: Warehouse, _project: Project) -> StepReport:
    there = set(warehouse.tables())
    built = [model for layer in BUILT_LAYERS for model in layer_models(layer) if model.name in there]
    problems = run_checks(warehouse, built)
    return StepReport(counts={"models": len(built)}, problems=problems)


def _site(night: Night) -> StepReport:
    project = night.project
    with DuckDBWarehouse(night.building, read_only=True) as warehouse:
        pictures = freeze_pictures(warehouse, project)
    stamp = Stamp(
        run_at=night.started_at.replace(tzinfo=None),
        run_id=now_text(night.started_at),
        version=__version__,
        duration_seconds=(datetime.now(UTC) - night.started_at).total_seconds(),
        steps=night.taken,
    )
    pages = draw_site(pictures, project, stamp=stamp, out=night.site_building)
    return StepReport(counts={"files": len(pages)})


STEPS = (
    Step(name="load", run=_load, says="take new exports from the inbox", touches_inbox=True),
    Step(name="event", run=_event, says="turn records into events"),
    Step(name="identity", run=_identity, says="find who is who"),
    Step(name="journey", run=_journey, says="cut journeys and stages"),
    Step(name="paths", run=_paths, says="count the paths people take"),
    Step(name="scores", run=_scores, says="score texts, drop-off and friction"),
    Step(name="change", run=_change, says="compare with earlier nights and segments with each other"),
    Step(name="check", run=_check, says="check every promise of the tables"),
    Step(name="site", run=_site, says="draw the maps"),
)


def perform_directly(step: Step, night: Night) -> StepReport:
    """Run a step in this process, without an orchestrator."""
    return step.run(night)


def run_line(
    root: Path,
    *,
    perform: Perform = perform_directly,
    watcher: Watcher | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    force: bool = False,
) -> RunRecord:
    """Run the line for the project in `root` and publish; the record of the run.

    When no file, setting or code changed since the last published run, nothing is built (`force` builds anyway). When a
    step fails, the published warehouse and site stay as they are and the site says so.

    Raises:
        JourneyMiningError: the run failed; the record is written before it is raised.
    """
    if not (root / "journey.toml").is_file():
        load_project(root)  # says what is missing; nothing is recorded in a folder that is no project
    night = Night(root=root.resolve(), started_at=clock())
    with project_lock(night.root):
        _clear_leftovers(night)
        run = _Run(night, perform, watcher or Watcher())
        try:
            record = run.walk(force=force, clock=clock)
        except Exception as fault:
            _report_failure(night, run.record(FAILED, clock(), fault), fault)
            raise
        append_run(night.root, record)
        _tell_site(night.root, record)
        return record


class _Run:
    """A run in progress: what was done so far, for the record."""

    def __init__(self, night: Night, perform: Perform, watcher: Watcher) -> None:
        self.night = night
        self.perform = perform
        self.watcher = watcher
        self.steps: list[StepRecord] = []
        self.problems: list[Problem] = []
        self.fingerprint = ""

    def walk(self, *, force: bool, clock: Callable[[], datetime]) -> RunRecord:
        project = self.night.project
        sweep(project)  # what a night that failed left on a cluster
        self.take(STEPS[0])
        inputs = loaded_inputs(project)
        if not any(status.files_loaded for status in load_status(project)):
            raise _nothing_loaded(project)
        self.fingerprint = fingerprint(project, inputs=[*inputs, *voice_marks(project)], key=load_key(project))
        if _published_fingerprint(project) == self.fingerprint and not force:
            keep_run(project)  # a crash after publishing may have left it out
            return self.record(UNCHANGED, clock())
        for step in STEPS[1:]:
            self.take(step)
        _publish(self.night, project, self.fingerprint)
        sweep(project)
        keep_run(project)
        return self.record(PUBLISHED, clock())

    def take(self, step: Step) -> None:
        self.watcher.before(step)
        meter = Meter()
        taken = tuple((record.name, record.seconds) for record in self.steps)
        report = self.perform(step, replace(self.night, taken=taken))
        record = stepped(step.name, meter.read(), report)
        self.steps.append(record)
        self.problems.extend(report.problems)
        self.watcher.after(step, record)

    def record(self, status: str, finished: datetime, fault: Exception | None = None) -> RunRecord:
        return RunRecord(
            run_id=now_text(self.night.started_at),
            version=__version__,
            status=status,
            started_at=now_text(self.night.started_at),
            finished_at=now_text(finished),
            fingerprint=self.fingerprint,
            steps=tuple(self.steps),
            problems=tuple(self.problems),
            error_code=getattr(fault, "code", type(fault).__name__) if fault else "",
            error=_worded(fault) if fault else "",
        )


def _nothing_loaded(project: Project) -> JourneyMiningError:
    globs = [stream.files[0] for source in load_sources(project.sources) for stream in source.streams]
    return JourneyMiningError(
        f"No export has been loaded from {project.inbox} yet.",
        expected=f"files such as {', '.join(globs) or '(no source is in use)'}.",
        todo="Put exports there, or correct what was rejected; `journey source list` says what is read.",
        code="NO_EXPORTS",
    )


def _in_building(night: Night, work: Callable[[Warehouse, Project], StepReport]) -> StepReport:
    with building_warehouse(night) as warehouse:
        return work(warehouse, night.project)


def _publish(night: Night, project: Project, mark: str) -> None:
    """Swap in the finished warehouse and site, both marked with what they were made from.

    A crash between the two swaps leaves two different marks, so the next run builds again.
    """
    with DuckDBWarehouse(night.building) as warehouse:
        warehouse.write(_MARK_TABLE, pa.table({"fingerprint": [mark]}))
    (night.site_building / _MARK_FILE).write_text(mark + "\n", encoding="utf-8")
    replace_file(night.building, project.warehouse_file)
    previous = project.root / "site.previous"
    if project.site.exists():
        project.site.rename(previous)
    night.site_building.rename(project.site)
    shutil.rmtree(previous, ignore_errors=True)


def _published_fingerprint(project: Project) -> str | None:
    """What the published warehouse and site were made from; none where they differ, or one is missing or damaged."""
    mark = project.site / _MARK_FILE
    if not (mark.is_file() and project.warehouse_file.is_file()):
        return None
    found = _published_value(project.root, _MARK_TABLE, "fingerprint")
    return str(found) if found == mark.read_text(encoding="utf-8").strip() else None


def _published_value(root: Path, table: str, column: str) -> object:
    """The value of a one-row table of the published warehouse; none where it cannot be read."""
    try:
        with DuckDBWarehouse(root / "warehouse" / "journeys.duckdb", read_only=True) as warehouse:
            if table not in warehouse.tables():
                return None
            return warehouse.read_arrow(table, columns=(column,))[column][0].as_py()
    except JourneyMiningError:
        return None


def _clear_leftovers(night: Night) -> None:
    """Undo a swap that a crash cut in half, and remove what an unfinished build left."""
    site, previous = night.root / "site", night.root / "site.previous"
    if previous.is_dir() and not site.exists():
        previous.rename(site)
    shutil.rmtree(previous, ignore_errors=True)
    shutil.rmtree(night.site_building, ignore_errors=True)
    for leftover in (night.building, night.building.with_name(night.building.name + ".wal")):
        leftover.unlink(missing_ok=True)


def _report_failure(night: Night, record: RunRecord, fault: Exception) -> None:
    """Record the failure and tell the site; trouble in doing so must not hide the fault itself."""
    try:
        append_run(night.root, record)
        _tell_site(night.root, record)
    except OSError as second:
        fault.add_note(f"The failure could not be recorded either: {type(second).__name__}.")


def _tell_site(root: Path, record: RunRecord) -> None:
    """Let every page of the published site say how the last run ended."""
    site = root / "site"
    if not site.is_dir():
        return
    cutoff = _published_value(root, "run_setting", "as_of")
    status = RunStatus(
        outcome="failed" if record.status == FAILED else "ok",
        run_at=datetime.fromisoformat(record.started_at).replace(tzinfo=None),
        shown_until=cutoff if isinstance(cutoff, datetime) else None,
        reason=record.error_code,
        rejected=tuple(problem.where for problem in record.problems if problem.is_file),
        timezone=_zone(root),
    )
    write_status(site, status)


def _zone(root: Path) -> str:
    """Zone in which pages print times; the default where the settings are what is wrong."""
    try:
        return load_project(root).settings.project.timezone
    except JourneyMiningError:
        return Settings().project.timezone


def _worded(fault: Exception) -> str:
    """The error for the record; only our own errors are known to hold no personal value."""
    return (
        str(fault)
        if isinstance(fault, JourneyMiningError)
        else f"Unexpected {type(fault).__name__}; see the run's log."
    )
