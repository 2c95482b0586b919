"""The nightly run as a Prefect flow: the steps of `journey_mining.steps`, each a task with timing and a log.

Run it by hand: `python pipelines/nightly.py --project FOLDER`. Without PREFECT_API_URL Prefect starts its embedded
server for the run; everything that would talk to the network or chatter is switched off before it is imported.
"""

from __future__ import annotations

import argparse
import os
import sys
import warnings
from datetime import datetime
from pathlib import Path

from rich.console import Console

from journey_mining.console import print_failure, print_outcome
from journey_mining.errors import JourneyMiningError
from journey_mining.project import load_project

_QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",  # a failed run is told once, by us
    "PREFECT_LOGGING_TO_API_ENABLED": "false",
    # the embedded server needs 15 to 30 s on a busy machine; the default of 20 s fails some nights
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    **{
        f"PREFECT_SERVER_SERVICES_{service}_ENABLED": "false"
        for service in (
            "SCHEDULER",
            "LATE_RUNS",
            "TRIGGERS",
            "EVENT_PERSISTER",
            "FOREMAN",
            "CANCELLATION_CLEANUP",
            "PAUSE_EXPIRATIONS",
            "REPOSSESSOR",
        )
    },
}


def keep_prefect_quiet(home: Path) -> None:
    """Set Prefect's environment where the operator has not set it; must happen before prefect is imported."""
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    os.environ.setdefault("PREFECT_HOME", str(home))


def main(arguments: list[str] | None = None) -> int:
    """Run the flow once for one project; the exit code of the process."""
    parser = argparse.ArgumentParser(description="Run the nightly flow of a journey_mining project.")
    parser.add_argument("--project", type=Path, required=True, help="project folder")
    parser.add_argument("--force", "--full", action="store_true", help="build again even when nothing changed")
    parser.add_argument(
        "--as-of", type=datetime.fromisoformat, help="cutoff of the data (UTC), for a night of the past"
    )
    parser.add_argument("--only", action="append", default=[], help="take new files of this source alone; repeatable")
    chosen = parser.parse_args(arguments)
    console = Console(highlight=False, soft_wrap=True)
    project = chosen.project.resolve()
    try:
        load_project(project)  # a wrong setting should not cost the start of a server
    except JourneyMiningError:
        return run_flow_free(console, project)
    return run_flow(console, project, full=chosen.force, as_of=chosen.as_of, only=chosen.only)


def run_flow_free(console: Console, project: Path) -> int:
    """Let the line itself record and tell what is wrong with the settings; always a failure."""
    from journey_mining.steps import run_line

    try:
        return print_outcome(console, project, run_line(project))
    except JourneyMiningError as error:
        return print_failure(complaints(), project, error)


def run_flow(console: Console, project: Path, *, full: bool, as_of: datetime | None, only: list[str]) -> int:
    """Run the flow in Prefect's engine; the exit code."""
    keep_prefect_quiet(project / "warehouse" / ".prefect")
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    console.print("Starting Prefect's embedded server (about 15 seconds) ...")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from flow import nightly

        try:
            record = nightly(str(project), full=full, as_of=as_of, only=only)
        except JourneyMiningError as error:
            return print_failure(complaints(), project, error)
        return print_outcome(console, project, record)


def complaints() -> Console:
    """Where faults are told."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


if __name__ == "__main__":
    sys.exit(main())
