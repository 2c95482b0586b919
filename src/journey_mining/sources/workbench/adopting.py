"""Sources of the catalogue into a project: copied, never over what is there.

In: names of the catalogue. Out: folders under `<project>/sources/`, and where their files belong.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from journey_mining.errors import SettingsError, did_you_mean
from journey_mining.project import Project
from journey_mining.sources.spec import load_source, load_sources
from journey_mining.sources.status import catalog_dir

DEMO_SOURCES = ("bitrix24", "metrica", "survey", "zendesk")
"""the systems that the sample simulates"""
_README_LINES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """A source that was copied into a project."""

    id: str
    title: str
    folder: Path
    globs: tuple[str, ...]
    """names of files it takes, relative to the inbox"""
    about: str
    """first lines of its README"""


def adopt_sources(project: Project, names: Sequence[str]) -> list[Adopted]:
    """Copy sources of the catalogue into the project; all or none.

    Raises:
        SettingsError: there is no such source, or the project has it already.
    """
    offered = catalog_names()
    taken = {source.id for source in load_sources(project.sources)}
    for name in names:
        if name not in offered:
            raise SettingsError(
                f"There is no source {name!r} in the catalogue.{did_you_mean(name, offered)}",
                expected=f"some of {', '.join(offered)}.",
                todo="Name one of them, or draft your own with `journey source new`.",
            )
        if (project.sources / name).exists() or name in taken:
            raise SettingsError(
                f"The project has the source {name!r} already.",
                expected="a source that is new to it: what you wrote is never overwritten.",
                todo=f"Remove {project.sources / name} first to start it anew.",
            )
    return [_adopt(project, name) for name in dict.fromkeys(names)]


def catalog_names() -> list[str]:
    """Names of the shipped sources."""
    return sorted(path.parent.name for path in catalog_dir().glob("*/spec.toml"))


def sources_to_start_with(inbox: Path) -> tuple[str, ...]:
    """Sources of a new project: those whose files lie in the inbox, else those of the demo.

    >>> sources_to_start_with(Path("no such folder"))
    ('bitrix24', 'metrica', 'survey', 'zendesk')
    """
    files = [path.relative_to(inbox).as_posix() for path in inbox.rglob("*") if path.is_file()]
    found = tuple(name for name in catalog_names() if files and _takes_any(catalog_dir() / name, files))
    return found or DEMO_SOURCES


def _takes_any(folder: Path, files: list[str]) -> bool:
    globs = [glob for stream in load_source(folder).streams for glob in stream.files]
    return any(fnmatchcase(file, glob) for file in files for glob in globs)


def _adopt(project: Project, name: str) -> Adopted:
    folder = project.sources / name
    ignored = shutil.ignore_patterns("fixtures", "__pycache__")
    shutil.copytree(catalog_dir() / name, folder, ignore=ignored)
    source = load_source(folder)
    readme = folder / "README.md"
    lines = readme.read_text(encoding="utf-8").splitlines() if readme.is_file() else []
    about = "\n".join(line for line in lines[1 : _README_LINES + 1] if not line.startswith("|")).strip()
    return Adopted(
        id=source.id,
        title=source.settings.title_en,
        folder=folder,
        globs=tuple(glob for stream in source.streams for glob in stream.files),
        about=about,
    )
