"""A run as JSON lines, for logs that machines read: one object a line, counts and codes, never a personal value."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO

from journey_mining.console import EXIT_FAILED, EXIT_PROBLEMS
from journey_mining.errors import JourneyMiningError
from journey_mining.project import load_project
from journey_mining.runs import PUBLISHED, RunRecord, StepRecord
from journey_mining.steps import Step, Watcher
from journey_mining.summary import findings


class LogFormat(StrEnum):
    """How a run is told."""

    TEXT = "text"
    JSON = "json"
    AUTO = "auto"
    """text on a terminal, JSON elsewhere"""

    def is_json(self, stream: IO[str]) -> bool:
        """Whether lines for machines are asked for."""
        return self is LogFormat.JSON or (self is LogFormat.AUTO and not stream.isatty())


def lines_watcher(stream: IO[str]) -> Watcher:
    """A watcher that writes a line for each step done."""

    def after(step: Step, record: StepRecord) -> None:
        _line(stream, "step", "info", step=step.name, seconds=record.seconds, counts=record.counts)

    return Watcher(after=after)


def lines_outcome(stream: IO[str], root: Path, record: RunRecord) -> int:
    """Lines for problems and for the end of a run; the exit code."""
    project = load_project(root)
    for problem in record.problems:
        level = "info" if problem.is_notice else "warning"
        _line(stream, "problem", level, code=problem.code, where=problem.where, text=problem.text)
    found = findings(project) if record.status == PUBLISHED else []
    site = (project.site / "index.html").as_uri()
    _line(stream, "run", "info", run_id=record.run_id, status=record.status, findings=found, site=site)
    return EXIT_PROBLEMS if any(not problem.is_notice for problem in record.problems) else 0


def lines_failure(stream: IO[str], error: JourneyMiningError) -> int:
    """A line for why a run failed; the exit code."""
    _line(stream, "failed", "error", code=error.code, text=str(error))
    return EXIT_FAILED


def _line(stream: IO[str], event: str, level: str, **values: object) -> None:
    about = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), "level": level, "event": event}
    stream.write(json.dumps(about | values, ensure_ascii=False) + "\n")
    stream.flush()
