"""One run as the command line does it, and what the terminal shows of kept sites."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.table import Table

from journey_mining.console import EXIT_FAILED, EXIT_PROBLEMS, print_failure, print_outcome, printing_watcher
from journey_mining.console_lines import LogFormat, lines_failure, lines_outcome, lines_watcher
from journey_mining.doctor import Finding
from journey_mining.errors import JourneyMiningError, unknown_name
from journey_mining.notices import channels_of, tell_people
from journey_mining.project import Project, load_project
from journey_mining.publishing import held_number, kept_sites, privacy_mark, shown_number
from journey_mining.report import Problem
from journey_mining.runs import RunRecord
from journey_mining.steps import run_line


def run_once(
    console: Console,
    complaints: Console,
    root: Path,
    *,
    form: str,
    force: bool,
    as_of: datetime | None,
    only: Sequence[str],
) -> int:
    """Run the line in this process and say how it went, in text or in lines of JSON; the exit code."""
    is_json = log_format(form).is_json(console.file)
    watcher = lines_watcher(console.file) if is_json else printing_watcher(console)
    try:
        record = run_line(root, watcher=watcher, force=force, as_of=as_of, only=only, tell=tell_plainly)
    except JourneyMiningError as error:
        return lines_failure(console.file, error) if is_json else print_failure(complaints, root, error)
    return lines_outcome(console.file, root, record) if is_json else print_outcome(console, root, record)


def log_format(name: str) -> LogFormat:
    """The form of that name.

    Raises:
        NotFoundError: there is none.
    """
    if name not in list(LogFormat):
        raise unknown_name("log format", name, list(LogFormat), todo="Name one of them with --log-format.")
    return LogFormat(name)


def tell_plainly(root: Path, record: RunRecord) -> Sequence[Problem]:
    """Tell people through the channels of `[notify]`, without an orchestrator."""
    try:
        settings = load_project(root).settings.notify
    except JourneyMiningError:
        return ()  # the settings themselves are what is wrong
    return tell_people(root, record, channels_of(settings))


def print_findings(console: Console, findings: Sequence[Finding]) -> int:
    """One line for each finding, and what to do; the exit code."""
    signs = {"well": "ok  ", "look": "look", "ill": "ILL "}
    for finding in findings:
        todo = f" To do: {finding.todo}" if finding.todo else ""
        console.print(f"{signs[finding.verdict]}  {finding.what:<10} {finding.text}{todo}", markup=False)
    verdicts = {finding.verdict for finding in findings}
    return EXIT_FAILED if "ill" in verdicts else EXIT_PROBLEMS if "look" in verdicts else 0


def print_sites(console: Console, project: Project) -> None:
    """Every kept site, newest first: its number, run, cutoff, and whether it is shown."""
    shown, held, rules = shown_number(project.root), held_number(project.root), privacy_mark(project)
    table = Table("site", "run", "data until", "", box=None, pad_edge=False)
    for site in reversed(kept_sites(project.root)):
        words = []
        if site.number == shown:
            words.append("shown, held by hand" if site.number == held else "shown")
        if site.privacy != rules:
            words.append("cannot be shown again: other rules of privacy")
        table.add_row(str(site.number), site.run_id[:16].replace("T", " "), site.as_of[:16], "; ".join(words))
    console.print(table)
    if held is not None:
        console.print("New nights are kept aside until `journey rollback --release`.")
