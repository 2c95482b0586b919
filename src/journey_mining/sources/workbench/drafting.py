"""A draft of a source from the files themselves: `spec.toml`, SQL that runs, a README, and the questions left open.

In: files and a project. Out: a new folder `<project>/sources/<name>/`; a folder that is there is never touched.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from journey_mining.errors import FileRejectedError, NotFoundError, SettingsError, SpecError
from journey_mining.project import Project
from journey_mining.sources.delivered import unreadable
from journey_mining.sources.events import rehearse
from journey_mining.sources.file_names import shown_name
from journey_mining.sources.spec import load_source, load_sources
from journey_mining.sources.workbench.plan import Plan, plan_of
from journey_mining.sources.workbench.sampling import Sample, sample_of
from journey_mining.sources.workbench.spec_text import locale_of, spec_text
from journey_mining.sources.workbench.sql_text import events_text, identifiers_text, own_words, texts_text
from journey_mining.sources.workbench.stream_guess import stream_guesses

_NAME = re.compile(r"^[a-z][a-z0-9]*(?:_[a-z0-9]+)*$")
_TODO = re.compile(r"(?:#|--) TODO:? ?(.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What was drafted."""

    folder: Path
    files: tuple[str, ...]
    """names of the files written"""
    plan: Plan
    todo_count: int
    skipped: tuple[str, ...]
    """files that could not be looked at, and why"""
    outside: tuple[Path, ...]
    """files that do not lie in the inbox yet"""


def draft_source(
    project: Project, name: str, paths: Sequence[Path], *, role: str = "other", timezone: str = ""
) -> Draft:
    """Write a draft of the source `name` from files of it.

    Raises:
        SettingsError: the name cannot be one, or is taken.
        NotFoundError: a file is not there.
        FileRejectedError: none of the files can be read.
    """
    folder = project.sources / name
    _refuse_name(project, name, folder)
    samples, skipped = _samples(project, name, paths)
    headings = [field.heading for _, sample in samples for field in sample.fields]
    guesses = stream_guesses(samples, source=name, locale=locale_of(headings))
    plan = plan_of(name, role, guesses, timezone=timezone)
    texts = {
        "spec.toml": spec_text(plan),
        "events.sql": events_text(plan),
        "event_identifiers.sql": identifiers_text(plan),
        "event_texts.sql": texts_text(plan),
        "README.md": _readme(plan),
    }
    written = {file: text for file, text in texts.items() if text}
    _write(folder, written)
    todos = sum(len(_TODO.findall(text)) for text in written.values())
    outside = tuple(path for path in _files(paths) if project.inbox not in path.resolve().parents)
    return Draft(
        folder=folder, files=tuple(written), plan=plan, todo_count=todos, skipped=tuple(skipped), outside=outside
    )


def _refuse_name(project: Project, name: str, folder: Path) -> None:
    if not _NAME.fullmatch(name):
        raise SettingsError(
            f"{name!r} cannot be the name of a source.",
            expected="lower-case letters, digits and single underscores, such as repair_shop.",
            todo="Name it otherwise.",
        )
    taken = {source.id for source in load_sources(project.sources)}
    if folder.exists() or name in taken:
        raise SettingsError(
            f"The source {name!r} is there already ({folder}).",
            expected="a new name: what you wrote is never overwritten.",
            todo="Choose another name, or remove the folder first.",
        )


def _samples(project: Project, name: str, paths: Sequence[Path]) -> tuple[list[tuple[str, Sample]], list[str]]:
    """Samples under the paths that files have or will have in the inbox; and files that could not be looked at."""
    samples, skipped = [], []
    for path in _files(paths):
        try:
            samples.append((_inbox_name(project, name, path), sample_of(path)))
        except FileRejectedError as fault:
            skipped.append(f"{fault.what} {fault.todo}")
        except Exception as fault:  # noqa: BLE001 - files of strangers; only the kind of the fault is told
            skipped.append(unreadable(shown_name(path.name), fault).what)
    if not samples:
        raise FileRejectedError(
            f"None of the files can be drafted from: {' '.join(skipped)}",
            expected="at least one export with rows.",
            todo="Look at the files; export them in another format.",
        )
    return samples, skipped


def _files(paths: Sequence[Path]) -> list[Path]:
    """The files named, and those in folders named."""
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise NotFoundError(
            f"{', '.join(missing)} does not exist.", expected="files of the export.", todo="Correct the path."
        )
    found = [f for path in paths for f in (sorted(path.rglob("*")) if path.is_dir() else [path])]
    return [path for path in found if path.is_file() and not path.name.startswith(".")]


def _inbox_name(project: Project, name: str, path: Path) -> str:
    resolved = path.resolve()
    if project.inbox in resolved.parents:
        return resolved.relative_to(project.inbox).as_posix()
    return f"{name}/{path.name}"


def _write(folder: Path, texts: dict[str, str]) -> None:
    """Write the folder and try it; what we cannot stand for is taken away again."""
    folder.mkdir(parents=True)
    for file, text in texts.items():
        (folder / file).write_text(text, encoding="utf-8")
    try:
        rehearse(load_source(folder))
    except SpecError:
        for file in texts:
            (folder / file).unlink()
        folder.rmdir()
        raise


def _readme(plan: Plan) -> str:
    rows = [
        f"| {', '.join(f'`{glob}`' for glob in stream.guess.files)} | {_tells(stream.event_kind)} |"
        for stream in plan.streams
    ]
    kinds = sorted({kind for stream in plan.streams for kind, _ in stream.identifiers})
    texts = [stream.guess.id for stream in plan.streams if own_words(stream)]
    lines = [
        f"# {plan.source}",
        "",
        f"Put its exports into `inbox/{plan.source}/`. Drafted from files; every `TODO` in `spec.toml` and the SQL is",
        "a question that the files leave open.",
        "",
        "| export | what it tells |",
        "|---|---|",
        *rows,
        "",
        f"Identifiers: {', '.join(f'`{kind}`' for kind in kinds) or 'none found'}. Objects: none yet.",
        f"Texts: {', '.join(texts) or 'none found'}.",
        "",
    ]
    return "\n".join(lines)


def _tells(kind: str) -> str:
    return f"one `{kind}` a row" if kind else "who is who: looked up, gives no events"
