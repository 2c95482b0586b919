"""The line of steps, listed once, and the one way to walk it: load, build aside, check, draw aside, publish.

`journey run` and the Prefect flow both call `run_line`; the flow only passes another `perform`. Each step opens the
warehouse it needs and closes it again, so that steps share nothing but files and any of them can be a task of its own.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from journey_mining.change import keep_run
from journey_mining.costs import Meter
from journey_mining.errors import JourneyMiningError
from journey_mining.gates import SourceAge, old_sources
from journey_mining.night_work import (
    check_promises,
    compare_nights,
    count_paths,
    cut_journeys,
    draw,
    estimate,
    find_persons,
    hold_against_limits,
    load,
    load_source,
    make_events,
    sources_taken,
)
from journey_mining.nights import Night, sweep
from journey_mining.privacy import load_key
from journey_mining.project import Project, load_project
from journey_mining.publishing import publish, published_mark, recover
from journey_mining.report import Problem, StepReport
from journey_mining.runs import (
    FAILED,
    PUBLISHED,
    UNCHANGED,
    RunRecord,
    StepRecord,
    append_run,
    clock_problems,
    fingerprint,
    now_text,
    project_lock,
    stepped,
    trim_runs,
)
from journey_mining.schema_version import drop_backup
from journey_mining.site_status import tell_site
from journey_mining.sources import (
    load_sources,
    load_status,
    loaded_inputs,
)
from journey_mining.version import __version__
from journey_mining.voice import voice_marks
from journey_mining.warehouse.storage import storage_fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the line."""

    name: str
    run: Callable[[Night], StepReport]
    says: str
    """what it does, for people who watch"""
    touches_inbox: bool = False
    """reads files that others may still be writing: worth a retry"""
    parts: Callable[[Night], Sequence[str]] = lambda _night: ()
    """names of parts that an orchestrator may run before the step, each as a task of its own"""
    run_part: Callable[[Night, str], StepReport] = lambda _night, _part: StepReport()


Perform = Callable[[Step, Night], StepReport]


@dataclass(frozen=True, slots=True, kw_only=True)
class Watcher:
    """Whom to tell what happens; both calls are optional."""

    before: Callable[[Step], None] = lambda _step: None
    after: Callable[[Step, StepRecord], None] = lambda _step, _record: None


Tell = Callable[[Path, RunRecord], Sequence[Problem]]
"""tells people of a run; a problem for each way in which they could not be reached"""


def tell_nobody(_root: Path, _record: RunRecord) -> Sequence[Problem]:
    """Send nothing."""
    return ()


STEPS = (
    Step(
        name="load",
        run=load,
        says="take new exports from the inbox",
        touches_inbox=True,
        parts=sources_taken,
        run_part=load_source,
    ),
    Step(name="event", run=make_events, says="turn records into events"),
    Step(name="identity", run=find_persons, says="find who is who"),
    Step(name="journey", run=cut_journeys, says="cut journeys and stages"),
    Step(name="paths", run=count_paths, says="count the paths people take"),
    Step(name="scores", run=estimate, says="score texts, drop-off and friction"),
    Step(name="gates", run=hold_against_limits, says="hold each source against what is usual"),
    Step(name="change", run=compare_nights, says="compare with earlier nights and segments with each other"),
    Step(name="check", run=check_promises, says="check every promise of the tables"),
    Step(name="site", run=draw, says="draw the maps"),
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
    as_of: datetime | None = None,
    only: Sequence[str] = (),
    tell: Tell = tell_nobody,
) -> RunRecord:
    """Run the line for the project in `root` and publish; the record of the run.

    When no file, setting or code changed since the last published run, nothing is built (`force` builds anyway). When a
    step fails, the published warehouse and site stay as they are and the site says so. `as_of` (UTC) builds the
    state of an earlier cutoff, `only` takes new files of these sources alone.
    `tell` is called with the record of a run, however it ended; what it could not send is added to the problems.

    Raises:
        JourneyMiningError: the run failed; the record is written before it is raised.
    """
    if not (root / "journey.toml").is_file():
        load_project(root)  # says what is missing; nothing is recorded in a folder that is no project
    night = Night(root=root.resolve(), started_at=clock(), as_of=as_of, only=tuple(only))
    try:
        with project_lock(night.root):
            _clear_leftovers(night)
            return _recorded(_Run(night, perform, watcher or Watcher()), force=force, clock=clock, tell=tell)
    except OSError as fault:
        # before the run, or in recording it
        told = storage_fault(fault, folder=str(night.root))
        if told is None:
            raise
        raise told from fault


def _recorded(run: _Run, *, force: bool, clock: Callable[[], datetime], tell: Tell) -> RunRecord:
    """Walk the line, record how it ended and let the site say so."""
    night = run.night
    try:
        run.problems.extend(clock_problems(night.root, night.started_at))
        walked = run.walk(force=force, clock=clock)
        # asked once: pages and record tell the same
        ages = old_sources(night.project, now=night.started_at)
    except Exception as fault:
        told = storage_fault(fault, folder=str(night.root))
        failed = run.record(FAILED, clock(), told or fault)
        _report_failure(night, failed, told or fault)
        for problem in tell(night.root, failed):
            (told or fault).add_note(problem.text)
        if told is None:
            raise
        raise told from fault
    record = with_ages(walked, ages)
    append_run(night.root, record)
    trim_runs(night.root, keep=night.project.settings.run.keep_runs)
    tell_site(night.root, record, ages=ages)
    return replace(record, problems=(*record.problems, *tell(night.root, record)))


def with_ages(record: RunRecord, ages: Sequence[SourceAge]) -> RunRecord:
    """The record with every source that is older than its gate allows, by the clock of this night."""
    return replace(record, problems=(*record.problems, *(age.problem for age in ages)))


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
        cutoff = [f"as_of|{self.night.as_of.isoformat()}"] if self.night.as_of else []
        inputs = [*inputs, *voice_marks(project), *cutoff]
        self.fingerprint = fingerprint(project, inputs=inputs, key=load_key(project))
        if published_mark(project) == self.fingerprint and not force:
            keep_run(project)  # a crash after publishing may have left it out
            return self.record(UNCHANGED, clock())
        for step in STEPS[1:]:
            self.take(step)
        publish(
            project,
            building=self.night.building,
            site=self.night.site_building,
            mark=self.fingerprint,
            run_id=now_text(self.night.started_at),
        )
        sweep(project)
        keep_run(project)
        drop_backup(project)
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
    # one kind of file of each source says enough; some files give several streams
    globs = [source.streams[0].files[0] for source in load_sources(project.sources)]
    return JourneyMiningError(
        f"No export has been loaded from {project.inbox} yet.",
        expected=f"files such as {', '.join(globs) or '(no source is in use)'}.",
        todo="Put exports there, or correct what was rejected; `journey source check` says what each source reads.",
        code="NO_EXPORTS",
    )


def _clear_leftovers(night: Night) -> None:
    """Finish or undo what a crash cut in half, and remove what an unfinished build left."""
    recover(night.root)
    shutil.rmtree(night.site_building, ignore_errors=True)
    for leftover in (night.building, night.building.with_name(night.building.name + ".wal")):
        leftover.unlink(missing_ok=True)


def _report_failure(night: Night, record: RunRecord, fault: Exception) -> None:
    """Record the failure and tell the site; trouble in doing so must not hide the fault itself."""
    try:
        append_run(night.root, record)
        tell_site(night.root, record)
    except OSError as second:
        fault.add_note(f"The failure could not be recorded either: {type(second).__name__}.")


def _worded(fault: Exception) -> str:
    """The error for the record; only our own errors are known to hold no personal value."""
    return (
        str(fault)
        if isinstance(fault, JourneyMiningError)
        else f"Unexpected {type(fault).__name__}; see the run's log."
    )
