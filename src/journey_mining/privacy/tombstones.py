"""Who is to be forgotten: keyed hashes of identifiers, kept in the project so that no replay brings a person back.

`forgotten/tombstones.jsonl` holds a line for each identifier, `forgotten/rows.jsonl` one for each record that named the
person by nothing but a record number, `forgotten/texts.jsonl` one for each trace that a text of theirs may have left
beside the warehouse. All hold hashes under a key of their own, made from the project's key: neither the values nor the
hashes of published tables stand in them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from journey_mining.errors import SettingsError
from journey_mining.privacy.keys import load_key
from journey_mining.privacy.pseudonyms import pseudonym
from journey_mining.project import Project

FOLDER, IDENTIFIERS = "forgotten", "tombstones.jsonl"
ROW, TEXT = "row", "text"
"""kinds of marks of whole records, and of traces of texts; all others are kinds of identifiers"""
_FILES = {ROW: "rows.jsonl", TEXT: "texts.jsonl"}
_PURPOSE = b"journey_mining tombstone 1"
_HEX_DIGITS = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Tombstones:
    """The marks of a project, and the key they were made with."""

    marks: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    """kinds that some mark is of"""
    key: bytes = b""
    """the project's key, as identifiers are hashed with it"""

    def __bool__(self) -> bool:
        return bool(self.marks)

    def covers(self, kind: str, value: str) -> bool:
        """Whether an identifier in its one spelling is to be forgotten."""
        return kind in self.kinds and self.mark(kind, pseudonym(kind, value, self.key)) in self.marks

    def covers_row(self, place: str, cells: Iterable[str | None]) -> bool:
        """Whether a record, named by its stream and the text of its key, is to be forgotten."""
        return ROW in self.kinds and self.row_mark(place, cells) in self.marks

    def covers_text(self, trace: str) -> bool:
        """Whether something that was kept of a text, named by a trace of it, is to be forgotten."""
        return TEXT in self.kinds and self.text_mark(trace) in self.marks

    @property
    def identifier_kinds(self) -> frozenset[str]:
        """Kinds of identifiers that some mark is of."""
        return self.kinds - {ROW, TEXT}

    def mark(self, kind: str, published: str) -> str:
        """The mark of an identifier, from its published value: a keyed hash, or itself for a record number."""
        return self._hashed(f"{kind}|{published}")

    def row_mark(self, place: str, cells: Iterable[str | None]) -> str:
        """The mark of a record."""
        return self._hashed("|".join([ROW, place, *((cell or "").strip() for cell in cells)]))

    def text_mark(self, trace: str) -> str:
        """The mark of a trace of a text."""
        return self._hashed(f"{TEXT}||{trace}")

    @property
    def state(self) -> str:
        """Changes when the marks do."""
        return hashlib.sha256("\n".join(sorted(self.marks)).encode()).hexdigest()

    def _hashed(self, text: str) -> str:
        own = hmac.digest(self.key, _PURPOSE, hashlib.sha256)
        return hmac.digest(own, text.encode(), hashlib.sha256).hex()[:_HEX_DIGITS]


def load_tombstones(project: Project) -> Tombstones:
    """The marks of a project; none, without a look at its key, where nobody was forgotten.

    Raises:
        SettingsError: a file of marks is damaged, or the key is not the one that the marks were made with.
    """
    lines = [line for name in (IDENTIFIERS, *_FILES.values()) for line in _lines(project.root / FOLDER / name)]
    if not lines:
        return Tombstones()
    made = Tombstones(
        key=load_key(project),
        marks=frozenset(line["mark"] for line in lines),
        kinds=frozenset(line["kind"] for line in lines),
    )
    if {line["key"] for line in lines} != {made.mark("key", "")}:
        raise SettingsError(
            f"{project.root / FOLDER} holds marks that were made with another key.",
            expected="the key of the project unchanged: with another one, forgotten people would come back unseen.",
            todo="Bring the former key back, or remove the folder and ask to forget everybody anew.",
        )
    return made


def add_tombstones(project: Project, marks: Iterable[tuple[str, str]], *, act: str) -> int:
    """Add marks (kind, mark), all of them of one file; how many were new.

    The file is replaced as a whole, so a crash leaves the old or the new.

    Raises:
        SettingsError: the file that is there is damaged.
    """
    marks = sorted(set(marks))
    name = next((_FILES[kind] for kind, _ in marks if kind in _FILES), IDENTIFIERS)
    path = project.root / FOLDER / name
    lines = _lines(path)
    known = {line["mark"] for line in lines}
    key_mark = Tombstones(key=load_key(project)).mark("key", "")
    new = [{"kind": kind, "mark": mark, "act": act, "key": key_mark} for kind, mark in marks if mark not in known]
    if new:
        write_private(path, "".join(json.dumps(line) + "\n" for line in [*lines, *new]))
    return len(new)


def act_of(project: Project, mark: str) -> str:
    """The act that made a mark; empty where nobody asked for it yet.

    Raises:
        SettingsError: the file of marks is damaged.
    """
    lines = _lines(project.root / FOLDER / IDENTIFIERS)
    return next((line["act"] for line in lines if line["mark"] == mark), "")


def write_private(path: Path, content: str | bytes) -> None:
    """Write a file that only its owner may read; it is there as a whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    building = path.with_name(path.name + ".building")
    building.unlink(missing_ok=True)
    descriptor = os.open(building, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        os.fsync(file.fileno())
    building.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _lines(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    try:
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return [{name: str(line[name]) for name in ("kind", "mark", "act", "key")} for line in lines]
    except (ValueError, KeyError, TypeError) as fault:
        raise SettingsError(
            f"{path} is damaged.",
            expected="one JSON object a line, as `journey forget` writes them.",
            todo="Restore it from a backup: without it, forgotten people would come back.",
        ) from fault
