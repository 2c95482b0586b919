"""The record of runs and the lock of a project: what ran when, with which inputs, and how it ended.

`warehouse/runs.jsonl` holds one line a run, oldest first. It is written by appending one line, so a crash can at worst
leave a half line at its end, which is skipped when reading. Old lines are dropped by swapping in a shorter record.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from journey_mining.costs import Costs
from journey_mining.errors import ProjectLockedError
from journey_mining.file_lock import is_locked_now
from journey_mining.project import Project
from journey_mining.report import Problem, StepReport
from journey_mining.version import __version__
from journey_mining.warehouse.models import sql_root

_ENGINES = ("duckdb", "pyarrow", "pandas", "numpy", "scipy", "pm4py", "plotly", "phonenumbers", "pot", "rapidfuzz")
"""packages whose version may change a number or a page"""
PUBLISHED = "published"
UNCHANGED = "unchanged"
FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """How one step of a run went."""

    name: str
    seconds: float
    counts: dict[str, int]
    """rows by table, and what else the step counted"""
    cpu_seconds: float | None = None
    """of this process and of those it waited for; none in records of before it was measured"""
    peak_mb: float | None = None
    """most memory held while the step ran; none where the system cannot tell it for a step"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run, from start to end."""

    run_id: str
    """start time as text; unique because a project has one writer"""
    version: str
    status: str
    """published, unchanged or failed"""
    started_at: str
    finished_at: str
    fingerprint: str
    """hash of all that decides the result: files, settings, specs, code"""
    steps: tuple[StepRecord, ...]
    problems: tuple[Problem, ...]
    error_code: str = ""
    error: str = ""


def runs_file(root: Path) -> Path:
    """Where the record of runs of the project in `root` is kept."""
    return root / "warehouse" / "runs.jsonl"


def append_run(root: Path, record: RunRecord) -> None:
    """Add one line to the record and force it to disk."""
    path = runs_file(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    # a crash may have left half a line; the new one must not be glued to it
    is_torn = path.is_file() and not path.read_bytes().endswith(b"\n")
    with path.open("a", encoding="utf-8") as lines:
        lines.write("\n" * is_torn + json.dumps(asdict(record), ensure_ascii=False) + "\n")
        lines.flush()
        os.fsync(lines.fileno())


def read_runs(root: Path) -> list[RunRecord]:
    """All recorded runs, oldest first; half-written lines are skipped."""
    path = runs_file(root)
    if not path.is_file():
        return []
    return [
        record for line in path.read_text(encoding="utf-8", errors="replace").splitlines() if (record := _parsed(line))
    ]


def last_published(root: Path) -> RunRecord | None:
    """The run whose results are published now."""
    return next((run for run in reversed(read_runs(root)) if run.status == PUBLISHED), None)


def trim_runs(root: Path, *, keep: int) -> None:
    """Drop the oldest lines of the record beyond `keep`; the last published run always stays.

    The record is rewritten as a whole and swapped in, and only once a tenth more than `keep` has gathered.
    """
    path, runs = runs_file(root), read_runs(root)
    if len(runs) <= keep + keep // 10:
        return
    good, kept = last_published(root), runs[-keep:]
    if good is not None and good not in kept:
        kept = [good, *kept]
    unfinished = path.with_name(".runs.jsonl.part")
    with unfinished.open("w", encoding="utf-8") as lines:
        lines.writelines(json.dumps(asdict(run), ensure_ascii=False) + "\n" for run in kept)
        lines.flush()
        os.fsync(lines.fileno())
    unfinished.replace(path)


def clock_problems(root: Path, started_at: datetime) -> list[Problem]:
    """A problem where the clock stands before the start of an earlier run: ages of sources cannot be trusted then."""
    latest = max((run.started_at for run in read_runs(root)), default="")
    if now_text(started_at) >= latest:
        return []
    text = (
        f"The clock says {started_at:%Y-%m-%d %H:%M} UTC, but a run started at {latest[:16].replace('T', ' ')} UTC. "
        "Expected: a clock that goes forward. To do: set the clock; rows that seem to come from the future wait in "
        "quarantine until then, and nothing that was published is lost."
    )
    return [Problem(code="CLOCK_BACK", where="clock", text=text)]


@contextmanager
def project_lock(root: Path) -> Iterator[None]:
    """Hold the project for one writer; the lock goes away with the process, however it ends.

    Raises:
        ProjectLockedError: another process holds it.
    """
    path = root / "warehouse" / ".lock"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as handle:
        if not is_locked_now(handle):
            handle.seek(0)
            raise ProjectLockedError(
                f"Another run holds the project {root} (process {handle.read().strip() or 'unknown'}).",
                expected="one run of a project at a time.",
                todo="Wait until it ends, or stop that process; the lock goes away with it.",
            )
        handle.seek(0)
        handle.truncate(0)
        handle.write(str(os.getpid()))
        handle.flush()
        yield


def fingerprint(project: Project, *, inputs: list[str], key: bytes) -> str:
    """Hash of everything that decides the result of a run; `inputs` names what was loaded, `key` hashes identifiers."""
    digest = hashlib.sha256(__version__.encode())
    engines = [f"{name} {metadata.version(name)}" for name in (*_ENGINES, *_cluster_engine(project))]
    key_mark = hmac.new(key, b"fingerprint", hashlib.sha256).hexdigest()
    for part in (*inputs, *engines, key_mark):
        digest.update(b"\0" + part.encode())
    for path in (*_project_files(project), *_code_files()):
        digest.update(b"\0" + path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _cluster_engine(project: Project) -> list[str]:
    """The package of the cluster's engine, where one is used and installed; without it, building says what to do."""
    is_used = project.settings.warehouse.engine == "spark"
    return [name for name in ("pyspark",) if is_used and find_spec(name)]


def stepped(name: str, costs: Costs, report: StepReport) -> StepRecord:
    """A step's report as it is recorded."""
    return StepRecord(
        name=name,
        seconds=round(costs.seconds, 3),
        counts=dict(report.counts),
        cpu_seconds=round(costs.cpu_seconds, 3),
        peak_mb=None if costs.peak_mb is None else round(costs.peak_mb, 1),
    )


def now_text(moment: datetime) -> str:
    """A UTC moment as the record writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _project_files(project: Project) -> list[Path]:
    settings = [project.root / name for name in ("journey.toml", "stages.toml", "segments.toml", "overrides.toml")]
    settings.append(project.root / "forgotten" / "tombstones.jsonl")
    folders = [*(project.root / "knowledge").rglob("*"), *project.sources.rglob("*")]
    return [path for path in (*settings, *sorted(folders)) if path.is_file()]


def _code_files() -> list[Path]:
    package = Path(__file__).resolve().parent
    suffixes = {".py", ".sql", ".toml", ".j2", ".css", ".js", ".npz"}
    found = {path for root in (package, sql_root()) for path in root.rglob("*") if path.suffix in suffixes}
    return sorted(found)


def _parsed(line: str) -> RunRecord | None:
    """A line of the record; none where it is torn or does not hold what a record needs.

    Fields that this version does not know are left out, so that an older one can read what a newer one wrote.
    """
    try:
        data: dict[str, Any] = json.loads(line)
        steps = tuple(StepRecord(**_known(StepRecord, step)) for step in data.pop("steps"))
        problems = tuple(Problem(**_known(Problem, problem)) for problem in data.pop("problems"))
        return RunRecord(**_known(RunRecord, data), steps=steps, problems=problems)
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def _known(kind: type, data: dict[str, Any]) -> dict[str, Any]:
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in data.items() if name in names}
