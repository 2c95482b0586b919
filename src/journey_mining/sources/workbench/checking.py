"""A dry run of one source: loaded and turned into events in a private temporary folder, then told in numbers.

In: a project and a source folder, with the files that lie in the inbox, or others. Out: a `SourceCheck`. The databases
of the project are not touched; the loader and the SQL are those of a real run.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path

from journey_mining.errors import JourneyMiningError, NotFoundError, SpecError, did_you_mean
from journey_mining.project import Project
from journey_mining.report import Problem
from journey_mining.sources.events import build_events, rehearse
from journey_mining.sources.file_names import shown_name
from journey_mining.sources.loader import load_files
from journey_mining.sources.spec import Source, load_source, load_sources
from journey_mining.sources.workbench.advice import advice_of
from journey_mining.sources.workbench.check_events import event_checks
from journey_mining.sources.workbench.check_report import SourceCheck
from journey_mining.sources.workbench.check_streams import stream_checks
from journey_mining.warehouse import DuckDBWarehouse

_SAID_ELSEWHERE = frozenset({"UNCLAIMED_FILE", "INBOX_MISSING", "UNREADABLE_FOLDER"})


def check_source(
    project: Project,
    name: str = "",
    *,
    now: datetime,
    files: Sequence[Path] = (),
    show_values: bool = False,
) -> list[SourceCheck]:
    """Dry runs of one source of the project, or of all; `files` are tried in place of the inbox.

    Raises:
        NotFoundError: the project has no such source, or a file is not there.
    """
    folders = sorted(path.parent for path in project.sources.glob("*/spec.toml"))
    chosen = [folder for folder in folders if name in ("", folder.name)]
    if name and not chosen:
        known = [folder.name for folder in folders]
        raise NotFoundError(
            f"The project has no source {name!r}.{did_you_mean(name, known)}",
            expected=f"one of {', '.join(known) or 'none yet'}.",
            todo="Name one of them; `journey source add` takes one of the catalogue, `journey source new` drafts one.",
        )
    missing = [str(path) for path in files if not path.is_file()]
    if missing:
        raise NotFoundError(f"{', '.join(missing)} does not exist.", expected="files to try.", todo="Correct the path.")
    checks = [_checked(project, folder, now=now, files=files, show_values=show_values) for folder in chosen]
    return [*checks, *_clashes(project, name, checks)]


def _clashes(project: Project, name: str, checks: list[SourceCheck]) -> list[SourceCheck]:
    """Faults of the sources taken together, such as two of one id; told when all are asked about."""
    if name or any(check.faults for check in checks):
        return []
    try:
        load_sources(project.sources)
    except SpecError as fault:
        problem = Problem(code=fault.code, where="sources", text=str(fault))
        return [SourceCheck(source="sources", folder="sources", faults=(problem,))]
    return []


def _checked(project: Project, folder: Path, *, now: datetime, files: Sequence[Path], show_values: bool) -> SourceCheck:
    try:
        source = load_source(folder)
        rehearse(source)
    except SpecError as fault:
        problem = Problem(code=fault.code, where=folder.name, text=str(fault))
        return SourceCheck(source=folder.name, folder=folder.name, faults=(problem,))
    # made readable by its owner only
    with tempfile.TemporaryDirectory(prefix="journey_check_") as place:
        trial = _trial(project, folder, source, Path(place), files)
        check = _tried(trial, project, source, now=now, show_values=show_values)
    inbox = _unclaimed(project, source) if not files else _unmatched(source, files)
    check = replace(check, unclaimed=inbox)
    return replace(check, advice=advice_of(source, check, project, tries=[shown_name(path.name) for path in files]))


def _trial(project: Project, folder: Path, source: Source, place: Path, files: Sequence[Path]) -> Project:
    """A project of this source alone, in the temporary folder; nothing refuses a file for its share of bad rows."""
    shutil.copytree(folder, place / "sources" / folder.name, ignore=shutil.ignore_patterns("fixtures"))
    inbox = project.inbox
    if files:
        inbox = place / "inbox"
        inbox.mkdir()
        for path in files:
            target = inbox / _inbox_name(source, path)
            target.parent.mkdir(parents=True, exist_ok=True)
            _free(target).symlink_to(path.resolve())
    settings = project.settings
    settings = settings.model_copy(
        update={
            "inbox": settings.inbox.model_copy(update={"path": str(inbox)}),
            "load": settings.load.model_copy(update={"max_quarantine_share": 1.0}),
        }
    )
    return replace(project, root=place, settings=settings)


def _free(target: Path) -> Path:
    """The path, or one beside it where another folder held a file of the same name."""
    stem, dot, ending = target.name.partition(".")
    others = (target.with_name(f"{stem}~{number}{dot}{ending}") for number in range(2, 10_000))
    return next(path for path in (target, *others) if not path.is_symlink())


def _inbox_name(source: Source, path: Path) -> str:
    """Where a file would lie in the inbox: in the folder whose glob takes its name, else in that of the source."""
    globs = [glob for stream in source.streams for glob in stream.files]
    folders = [glob.rpartition("/")[0] for glob in globs if fnmatchcase(path.name, glob.rpartition("/")[2])]
    plain = next((folder for folder in folders if not any(char in folder for char in "*?[")), source.id)
    return f"{plain}/{path.name}" if plain else path.name


def _tried(trial: Project, project: Project, source: Source, *, now: datetime, show_values: bool) -> SourceCheck:
    loaded = load_files(trial, now=now)
    problems = [p for p in loaded.report.problems if not p.is_file and p.code not in _SAID_ELSEWHERE]
    limit = project.settings.load.max_quarantine_share
    with DuckDBWarehouse(trial.raw_file, read_only=True) as raw:
        streams = stream_checks(raw, source, limit=limit, show_values=show_values)
    check = SourceCheck(source=source.id, folder=source.folder.name, streams=streams)
    if not any(stream.total("rows_accepted") for stream in streams):
        return replace(check, problems=tuple(problems))
    target = trial.root / "warehouse" / "check.duckdb"
    try:
        report = build_events(trial, target=target, key=secrets.token_bytes(32))
    except JourneyMiningError as fault:
        problem = Problem(code=fault.code, where=source.folder.name, text=str(fault))
        return replace(check, faults=(problem,), problems=tuple(problems))
    with DuckDBWarehouse(target, read_only=True) as events:
        return event_checks(events, replace(check, problems=(*problems, *report.problems)), project)


def _unclaimed(project: Project, source: Source) -> tuple[str, ...]:
    """Files in the source's own folders of the inbox that no stream of any source takes."""
    own = {glob.split("/")[0] for stream in source.streams for glob in stream.files if "/" in glob}
    globs = [glob for stream in source.streams for glob in stream.files]
    globs += [*project.settings.inbox.ignore, *_other_globs(project, source)]
    found = []
    for folder in sorted(own):
        for path in sorted((project.inbox / folder).rglob("*")) if not set(folder) & set("*?[") else []:
            name = path.relative_to(project.inbox).as_posix()
            is_hidden = any(part.startswith(".") for part in name.split("/"))
            if path.is_file() and not is_hidden and not any(fnmatchcase(name, glob) for glob in globs):
                found.append(shown_name(name))
    return tuple(found)


def _other_globs(project: Project, source: Source) -> list[str]:
    others = []
    for path in project.sources.glob("*/spec.toml"):
        if path.parent != source.folder:
            try:
                others += [glob for stream in load_source(path.parent).streams for glob in stream.files]
            except SpecError:
                continue
    return others


def _unmatched(source: Source, files: Sequence[Path]) -> tuple[str, ...]:
    globs = [glob for stream in source.streams for glob in stream.files]
    return tuple(
        shown_name(path.name)
        for path in files
        if not any(fnmatchcase(_inbox_name(source, path), glob) for glob in globs)
    )
