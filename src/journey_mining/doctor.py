"""`journey doctor`: is the installation able to run the project, and is the project well?

In: the machine and the project folder; nothing is changed but for a file that is written and removed again. Out: a list
of findings, each with what to do.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from journey_mining.errors import JourneyMiningError, ProjectLockedError
from journey_mining.gates import old_sources
from journey_mining.privacy import load_key
from journey_mining.project import Project, load_project
from journey_mining.publishing import held_number, published_mark, shown_number
from journey_mining.runs import FAILED, clock_problems, project_lock, read_runs
from journey_mining.schema_version import stored_version, version_problem
from journey_mining.sources import check_specs, load_status
from journey_mining.warehouse import DuckDBWarehouse

Verdict = Literal["well", "look", "ill"]
_LEAST_ROOM = 500_000_000
"""bytes; less is too little for any night"""
_BESIDE = 3
"""a night needs room for a warehouse and a site beside the published ones, and for what is spilled"""
_LATE_NIGHT = timedelta(hours=36)
_FLOW = (3, 8)
"""version of Prefect that the flow was tried with"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that was looked at."""

    what: str
    verdict: Verdict
    text: str
    todo: str = ""


def examine(root: Path, *, now: datetime) -> list[Finding]:
    """Every finding, first of the installation, then of the project."""
    found = [_python(), *_packages(), *_prefect(), _room(root)]
    try:
        project = load_project(root)
    except JourneyMiningError as fault:
        return [*found, _ill("settings", fault)]
    found.append(Finding(what="settings", verdict="well", text=f"{project.root} can be read."))
    return [*found, *_writing(project), _lock(project), _key(project), *_sources(project, now), *_state(project, now)]


def _python() -> Finding:
    is_well = sys.version_info >= (3, 11)
    version = ".".join(map(str, sys.version_info[:3]))
    todo = "" if is_well else "Install Python 3.11 or newer."
    return Finding(what="python", verdict="well" if is_well else "ill", text=version, todo=todo)


def _packages() -> Iterator[Finding]:
    """What the package asks for against what is installed; exact pins where the lock stands beside it."""
    missing = [name for name in _needed() if not _version(name)]
    if missing:
        yield Finding(what="packages", verdict="ill", text=f"missing: {', '.join(missing)}", todo="Run `make setup`.")
        return
    lock = Path(__file__).resolve().parents[2] / "requirements.lock"
    if not lock.is_file():
        yield Finding(what="packages", verdict="well", text="all that are needed are there")
        return
    pins: dict[str, set[str]] = {}
    # a package may have a pin for each version of Python
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock.read_text(encoding="utf-8"), re.MULTILINE):
        pins.setdefault(name, set()).add(version)
    other = [f"{name} {_version(name)}" for name in _needed() if _version(name) not in pins.get(name, ())]
    text = f"others than in requirements.lock: {', '.join(other)}" if other else "as in requirements.lock"
    todo = "Run `make setup`, or expect numbers to differ in their last digits." if other else ""
    yield Finding(what="packages", verdict="look" if other else "well", text=text, todo=todo)


def _needed() -> list[str]:
    lines = metadata.requires("journey-mining") or []
    names = [re.split(r"[<>=!~ ;\[]", line)[0].lower() for line in lines if "extra ==" not in line]
    return sorted(names)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def _prefect() -> Iterator[Finding]:
    if find_spec("prefect") is None:
        yield Finding(what="prefect", verdict="well", text="not installed; `journey run` needs none")
        return
    version, fastapi = _version("prefect"), _version("fastapi")
    is_known = tuple(int(part) for part in version.split(".")[:2]) == _FLOW
    is_able = tuple(int(part) for part in fastapi.split(".")[:2]) < (0, 155)
    where = "the server of PREFECT_API_URL" if os.environ.get("PREFECT_API_URL") else "an embedded server"
    if is_known and is_able:
        yield Finding(what="prefect", verdict="well", text=f"{version}, with {where}")
    else:
        todo = "Install the versions of requirements.lock (extra `flow`); `journey run` works in any case."
        yield Finding(what="prefect", verdict="look", text=f"prefect {version}, fastapi {fastapi}", todo=todo)


def _room(root: Path) -> Finding:
    there = next(path for path in (root.resolve(), *root.resolve().parents) if path.is_dir())
    free = shutil.disk_usage(there).free
    sizes = [path.stat().st_size for path in (root / "warehouse").glob("*.duckdb") if path.is_file()]
    wanted = max(_LEAST_ROOM, _BESIDE * sum(sizes))
    text = f"{free / 1e9:.1f} GB free, a night wants {wanted / 1e9:.1f} GB"
    todo = "Make room: older exports, `run.keep_sites`." if free < wanted else ""
    return Finding(what="disk", verdict="ill" if free < wanted else "well", text=text, todo=todo)


def _writing(project: Project) -> Iterator[Finding]:
    folders = (project.root, project.root / "warehouse", project.root / "sites")
    for folder in (place for place in folders if place.exists()):
        try:
            with tempfile.TemporaryFile(dir=folder):
                continue
        except OSError as fault:
            todo = "Give the user of the run the right to write there, or mount it for writing."
            yield Finding(what="rights", verdict="ill", text=f"{folder}: {fault.strerror}", todo=todo)
            return
    yield Finding(what="rights", verdict="well", text="the project can be written")


def _lock(project: Project) -> Finding:
    """Whether a run is under way, or somebody has the tables open for writing."""
    try:
        with project_lock(project.root):
            for path in (project.warehouse_file, project.raw_file):
                if path.is_file():
                    DuckDBWarehouse(path, read_only=True).close()
    except ProjectLockedError as fault:
        return Finding(what="lock", verdict="look", text=fault.what, todo=fault.todo)
    except JourneyMiningError as fault:
        return _ill("lock", fault)
    except OSError as fault:
        return Finding(what="lock", verdict="ill", text=str(fault.strerror), todo="See `rights`.")
    return Finding(what="lock", verdict="well", text="nobody holds the project")


def _key(project: Project) -> Finding:
    named = project.settings.privacy.key_file
    if named and Path(named).is_file() and Path(named).stat().st_mode & 0o077:
        return Finding(what="key", verdict="ill", text=f"others can read {named}", todo=f"chmod 600 {named}")
    try:
        load_key(project)
    except JourneyMiningError as fault:
        return _ill("key", fault)
    return Finding(what="key", verdict="well", text="found, and private")


def _sources(project: Project, now: datetime) -> Iterator[Finding]:
    faults = check_specs(project)
    for problem in faults:
        yield Finding(what=f"source {problem.where}", verdict="ill", text=problem.text, todo="Correct its folder.")
    if faults:
        return
    try:
        status = load_status(project)
    except JourneyMiningError as fault:
        yield Finding(what="sources", verdict="look", text=fault.what, todo=fault.todo)
        return
    rejected = sum(source.files_rejected for source in status)
    todo = "`journey status` and the data page name them." if rejected else ""
    text = f"{len(status)} sources, {sum(s.files_loaded for s in status)} files loaded, {rejected} rejected"
    yield Finding(what="sources", verdict="look" if rejected else "well", text=text, todo=todo)
    for age in old_sources(project, now=now):
        yield Finding(what=f"source {age.source}", verdict="look", text=age.problem.text, todo="Ask for its exports.")


def _state(project: Project, now: datetime) -> Iterator[Finding]:
    """Schema, published state, last run, clock."""
    if project.warehouse_file.is_file():
        fault = version_problem(project)
        text = f"schema {stored_version(project.warehouse_file)}" if fault is None else fault.text
        todo = "" if fault is None else "Run `journey run`: it builds the tables anew from raw data."
        yield Finding(what="schema", verdict="look" if fault else "well", text=text, todo=todo)
        whole = published_mark(project) is not None
        todo = "" if whole else "Run `journey run`: it finishes or undoes what was cut off."
        text = f"site {shown_number(project.root)} is shown" if whole else "tables and site are of different nights"
        yield Finding(what="published", verdict="well" if whole else "look", text=text, todo=todo)
    if held_number(project.root) is not None:
        todo = "`journey rollback --release` follows the nights again."
        yield Finding(what="rollback", verdict="look", text=f"site {held_number(project.root)} is held", todo=todo)
    for problem in clock_problems(project.root, now):
        yield Finding(what="clock", verdict="look", text=problem.text, todo="Set the clock.")
    yield _last_run(project, now)


def _last_run(project: Project, now: datetime) -> Finding:
    runs = read_runs(project.root)
    if not runs:
        return Finding(what="last run", verdict="look", text="there was none yet", todo="Run `journey run`.")
    last = runs[-1]
    if last.status == FAILED:
        return Finding(what="last run", verdict="look", text=f"failed: {last.error}", todo="See the error; run again.")
    age = now - datetime.fromisoformat(last.started_at)
    text = f"{last.status}, {age.total_seconds() / 3600:.0f} hours ago"
    todo = "Look at the schedule (cron, systemd, Prefect)." if age > _LATE_NIGHT else ""
    return Finding(what="last run", verdict="look" if todo else "well", text=text, todo=todo)


def _ill(what: str, fault: JourneyMiningError) -> Finding:
    return Finding(what=what, verdict="ill", text=fault.what, todo=fault.todo)
