"""What the terminal shows of a run and of a project: words and counts for people, used by the CLI and the flow."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from journey_mining.errors import JourneyMiningError, ProjectLockedError
from journey_mining.project import Project, load_project
from journey_mining.runs import PUBLISHED, UNCHANGED, RunRecord, StepRecord, last_published, read_runs
from journey_mining.sources import LoadStatus, load_status
from journey_mining.steps import Step, Watcher
from journey_mining.summary import findings

EXIT_FAILED, EXIT_PROBLEMS = 1, 3
_COUNTS = 7
"""counts that fit into a line; the run record holds all"""


def spaced(number: int) -> str:
    """A number with spaces between thousands.

    >>> spaced(1234567)
    '1 234 567'
    """
    return f"{number:,}".replace(",", " ")


def printing_watcher(console: Console) -> Watcher:
    """A watcher that prints one line a step."""

    def after(step: Step, record: StepRecord) -> None:
        counts = [f"{name.replace('_', ' ')} {spaced(count)}" for name, count in record.counts.items() if count]
        console.print(
            f"  {step.name:<9}{record.seconds:6.1f} s  {step.says}: {', '.join(counts[:_COUNTS])}", markup=False
        )

    return Watcher(after=after)


def print_outcome(console: Console, root: Path, record: RunRecord) -> int:
    """Say how a run ended, what it found and where the site is; the exit code."""
    project = load_project(root)
    if record.status == UNCHANGED:
        console.print("Nothing changed since the last run: no new files, settings or code. The site stays as it is.")
    print_problems(console, record)
    if record.status == PUBLISHED:
        for line in findings(project):
            console.print(line, markup=False)
    console.print(f"Open {(project.site / 'index.html').as_uri()}", markup=False)
    return EXIT_PROBLEMS if any(not problem.is_notice for problem in record.problems) else 0


def print_problems(console: Console, record: RunRecord) -> None:
    """One line for each thing that somebody should look at."""
    for problem in record.problems:
        console.print(f"  ! {problem.code} {problem.where}: {problem.text}", markup=False)


def print_failure(console: Console, root: Path, error: JourneyMiningError) -> int:
    """Say why a run failed and what else it met on the way; the exit code."""
    if read_runs(root):
        print_problems(console, read_runs(root)[-1])
    console.print(f"{error.code}: {error}", markup=False)
    return EXIT_FAILED


def print_status(console: Console, project: Project, *, now: datetime) -> None:
    """Sources, freshness, quarantine, last runs."""
    console.print(f"Project {project.settings.project.name or project.root.name} in {project.root}", markup=False)
    table = Table("source", "files", "rejected", "rows", "quarantined", "fresh until", box=None, pad_edge=False)
    for source in _sources(console, project):
        fresh = f"{source.fresh_until:%Y-%m-%d %H:%M} UTC" if source.fresh_until else "no events yet"
        table.add_row(
            source.source,
            str(source.files_loaded),
            str(source.files_rejected),
            str(source.rows_accepted),
            str(source.rows_quarantined),
            fresh,
        )
    console.print(table)
    runs = read_runs(project.root)
    good = last_published(project.root)
    console.print(_run_words("Last published run", good, now) if good else "No run has been published yet.")
    if runs and runs[-1] is not good:
        console.print(_run_words("Last run", runs[-1], now), markup=False)
    if project.site.is_dir():
        console.print(f"Site: {(project.site / 'index.html').as_uri()}", markup=False)


def _sources(console: Console, project: Project) -> list[LoadStatus]:
    try:
        return load_status(project)
    except ProjectLockedError:
        console.print("A run is loading exports right now; ask again when it ends.")
        return []


def _run_words(what: str, run: RunRecord, now: datetime) -> str:
    started = datetime.fromisoformat(run.started_at)
    hours = (now - started).total_seconds() / 3600
    problems = f", {len(run.problems)} problems" if run.problems else ""
    return f"{what}: {started:%Y-%m-%d %H:%M} UTC ({hours:.1f} h ago), {run.status}{problems}. {run.error}".rstrip()
