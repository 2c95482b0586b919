"""`overrides.toml`: what people know of who is who, against all evidence.

The file holds personal data: `journey init` does not make it, and no message repeats a value of it. Values may stand
there as the warehouse holds them (`email:#0123...`, as `journey identity review` prints them) instead of plain.
"""

from __future__ import annotations

import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from journey_mining.errors import SettingsError
from journey_mining.project.values import read_toml

OVERRIDES_FILE = "overrides.toml"
_TABLES = ("merge", "split")
_KEYS = {"a", "b", "reason"}
_IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*:.+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """Two identifiers that are one person, or are two."""

    a: tuple[str, str] = ("", "")
    """(kind, value); a value that begins with # is already hashed"""
    b: tuple[str, str] = ("", "")
    reason: str = ""
    """for whoever reads the file; it goes no further"""
    place: str = ""
    """where it stands, such as [[merge]] 2: what messages name in place of the values"""

    def __repr__(self) -> str:
        """The place only: values are personal."""
        return f"Override({self.place!r})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overrides:
    """All of `overrides.toml`."""

    merge: tuple[Override, ...] = ()
    split: tuple[Override, ...] = ()
    is_open_to_others: bool = False
    """whether the file can be read by anybody but its owner"""

    def __bool__(self) -> bool:
        """Whether anything is overridden."""
        return bool(self.merge or self.split)


NO_OVERRIDES = Overrides()


def read_overrides(root: Path) -> Overrides:
    """The overrides of the project in `root`; none where there is no file.

    Raises:
        SettingsError: the file is not TOML or has an entry that is not complete; no value of it is repeated.
    """
    path = root / OVERRIDES_FILE
    if not path.is_file():
        return NO_OVERRIDES
    data = read_toml(path)
    unknown = sorted(set(data) - set(_TABLES))
    if unknown:
        raise _fault(path, f"{len(unknown)} tables are neither [[merge]] nor [[split]]")
    found = {table: tuple(_entries(path, table, data.get(table, []))) for table in _TABLES}
    # Windows has no such modes: there every file looks open
    mode = path.stat().st_mode if os.name == "posix" else 0
    return Overrides(**found, is_open_to_others=bool(mode & (stat.S_IRGRP | stat.S_IROTH)))


def _entries(path: Path, table: str, entries: Any) -> list[Override]:
    if not isinstance(entries, list):
        raise _fault(path, f"{table} is written as [{table}] or as a value")
    return [_entry(path, f"[[{table}]] {number}", entry) for number, entry in enumerate(entries, start=1)]


def _entry(path: Path, place: str, entry: Any) -> Override:
    if not isinstance(entry, dict) or set(entry) - _KEYS:
        raise _fault(path, f"{place} has keys besides a, b and reason")
    texts = {key: str(entry.get(key, "")).strip() for key in sorted(_KEYS)}
    wrong = [key for key, text in texts.items() if not (text and isinstance(entry[key], str))]
    wrong += [key for key in ("a", "b") if key not in wrong and not _IDENTIFIER.fullmatch(texts[key])]
    if wrong:
        raise _fault(path, f"{place} lacks {', '.join(wrong)}, or it is not of the right shape")
    a, b = (_pair(texts[key]) for key in ("a", "b"))
    if a == b:
        raise _fault(path, f"{place} names the same identifier twice")
    return Override(a=a, b=b, reason=texts["reason"], place=place)


def _pair(text: str) -> tuple[str, str]:
    kind, _, value = text.partition(":")
    return kind, value.strip()


def _fault(path: Path, what: str) -> SettingsError:
    return SettingsError(
        f"{path}: {what}.",
        expected='entries such as [[merge]] with a = "kind:value", b = "kind:value" and reason = "why".',
        todo="Correct the entry; docs/project-folder.md shows one of each.",
    )
