"""Who is to be forgotten: keyed hashes of identifiers, kept in the project so that no replay brings a person back.

`forgotten/tombstones.jsonl` holds a line for each identifier, `forgotten/rows.jsonl` one for each record that named the
person by nothing but a record number, `forgotten/texts.jsonl` one for each trace that a text of theirs may have left
beside the warehouse. All hold hashes under a key of their own, made from the project's key: neither the values nor the
hashes of published tables stand in them.

When the key is rotated, the values are not there to be hashed anew. Every mark is hashed once more under the new key
instead: whoever has nothing but the former one can test no value against the files. To compare a value it is hashed
under each former key in turn, and then under all that came after it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from journey_mining.errors import SettingsError
from journey_mining.privacy.keys import load_keys
from journey_mining.privacy.private_files import write_private
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
    """The marks of a project, and the keys they were made with."""

    acts: Mapping[str, str] = field(default_factory=dict)
    """the act by mark"""
    kinds: frozenset[str] = frozenset()
    """kinds that some mark is of"""
    keys: tuple[bytes, ...] = ()
    """the project's key, as identifiers are hashed with it, and former ones, the latest first"""

    def __bool__(self) -> bool:
        return bool(self.acts)

    def covers(self, kind: str, value: str) -> bool:
        """Whether an identifier in its one spelling is to be forgotten."""
        return kind in self.kinds and self._of_value(kind, value) is not None

    def act_of(self, kind: str, value: str) -> str:
        """The act that marked an identifier; empty where nobody asked for it yet."""
        return self.acts[mark] if (mark := self._of_value(kind, value)) else ""

    def covers_object(self, kind: str, name: str) -> bool:
        """Whether a deal or the like is to be forgotten."""
        return kind in self.kinds and self._holds(f"{kind}|{name}")

    def covers_row(self, place: str, cells: Iterable[str | None]) -> bool:
        """Whether a record, named by its stream and the text of its key, is to be forgotten."""
        return ROW in self.kinds and self._holds(_row(place, cells))

    def covers_text(self, trace: str) -> bool:
        """Whether something that was kept of a text, named by a trace of it, is to be forgotten."""
        return TEXT in self.kinds and self._holds(f"{TEXT}||{trace}")

    @property
    def identifier_kinds(self) -> frozenset[str]:
        """Kinds of identifiers that some mark is of."""
        return self.kinds - {ROW, TEXT}

    def mark(self, kind: str, published: str, *, made_with: int = 0) -> str:
        """The mark of an identifier, from its published value: a keyed hash, or itself for a record number.

        `made_with` is the place of the key that the value was hashed with.
        """
        return self._hashed(f"{kind}|{published}", made_with)

    def row_mark(self, place: str, cells: Iterable[str | None]) -> str:
        """The mark of a record."""
        return self._hashed(_row(place, cells), 0)

    def text_mark(self, trace: str) -> str:
        """The mark of a trace of a text."""
        return self._hashed(f"{TEXT}||{trace}", 0)

    def key_mark(self, made_with: int = 0) -> str:
        """By what lines tell which key they were made with; it stands in no mark."""
        return _keyed(self.keys[made_with], "key|")

    def renewed(self, mark: str, made_with: int) -> str:
        """A mark made with a former key, as it is with the present one."""
        for key in reversed(self.keys[:made_with]):
            mark = _keyed(key, f"former|{mark}")
        return mark

    @property
    def state(self) -> str:
        """Changes when the marks do."""
        return hashlib.sha256("\n".join(sorted(self.acts)).encode()).hexdigest()

    def _of_value(self, kind: str, value: str) -> str | None:
        marks = (self.mark(kind, pseudonym(kind, value, key), made_with=place) for place, key in enumerate(self.keys))
        return next((mark for mark in marks if mark in self.acts), None)

    def _holds(self, text: str) -> bool:
        return any(self._hashed(text, place) in self.acts for place in range(len(self.keys)))

    def _hashed(self, text: str, made_with: int) -> str:
        return self.renewed(_keyed(self.keys[made_with], text), made_with)


def _row(place: str, cells: Iterable[str | None]) -> str:
    return "|".join([ROW, place, *((cell or "").strip() for cell in cells)])


def _keyed(key: bytes, text: str) -> str:
    own = hmac.digest(key, _PURPOSE, hashlib.sha256)
    return hmac.digest(own, text.encode(), hashlib.sha256).hex()[:_HEX_DIGITS]


def load_tombstones(project: Project) -> Tombstones:
    """The marks of a project; none, without a look at its key, where nobody was forgotten.

    Marks made with a former key are told as they are with the present one, so that it does not matter where a rotation
    was interrupted.

    Raises:
        SettingsError: a file of marks is damaged, or the key that they were made with is not among the keys.
    """
    lines = [line for path in _paths(project) for line in _lines(path)]
    if not lines:
        return Tombstones()
    made = Tombstones(keys=load_keys(project))
    return Tombstones(
        keys=made.keys,
        acts={line["mark"]: line["act"] for line in _renewed(made, lines, project)},
        kinds=frozenset(line["kind"] for line in lines),
    )


def marked_identifiers(project: Project) -> list[tuple[str, str]]:
    """The act and the kind of every marked identifier, sorted; whatever the key, and without a look at it.

    Raises:
        SettingsError: the file of marks is damaged.
    """
    return sorted((line["act"], line["kind"]) for line in _lines(project.root / FOLDER / IDENTIFIERS))


def renew_tombstones(project: Project) -> int:
    """Write marks made with a former key as they are with the present one; how many. Nothing else changes.

    Raises:
        SettingsError: as `load_tombstones`.
    """
    count = 0
    for path in _paths(project):
        lines = _lines(path)
        if lines:
            renewed = _renewed(Tombstones(keys=load_keys(project)), lines, project)
            changed = sum(new != old for new, old in zip(renewed, lines, strict=True))
            if changed:
                write_private(path, "".join(json.dumps(line) + "\n" for line in renewed))
            count += changed
    return count


def add_tombstones(project: Project, marks: Iterable[tuple[str, str]], *, act: str) -> int:
    """Add marks (kind, mark), all of them of one file; how many were new.

    The file is replaced as a whole, so a crash leaves the old or the new.

    Raises:
        SettingsError: the file that is there is damaged, or its key is unknown.
    """
    marks = sorted(set(marks))
    name = next((_FILES[kind] for kind, _ in marks if kind in _FILES), IDENTIFIERS)
    path = project.root / FOLDER / name
    made = Tombstones(keys=load_keys(project))
    lines = _renewed(made, _lines(path), project)
    known = {line["mark"] for line in lines}
    new = [
        {"kind": kind, "mark": mark, "act": act, "key": made.key_mark()} for kind, mark in marks if mark not in known
    ]
    if new:
        write_private(path, "".join(json.dumps(line) + "\n" for line in [*lines, *new]))
    return len(new)


def _renewed(made: Tombstones, lines: list[dict[str, str]], project: Project) -> list[dict[str, str]]:
    places = {made.key_mark(place): place for place in range(len(made.keys))}
    if not {line["key"] for line in lines} <= places.keys():
        raise SettingsError(
            f"{project.root / FOLDER} holds marks that were made with another key.",
            expected="that key among the keys of the project: without it, forgotten people would come back unseen.",
            todo="Bring the former key back: as a line 'former KEY' in the key file, or in JOURNEY_FORMER_KEYS. "
            "Or remove the folder and ask to forget everybody anew.",
        )
    return [{**line, "mark": made.renewed(line["mark"], places[line["key"]]), "key": made.key_mark()} for line in lines]


def _paths(project: Project) -> list[Path]:
    return [project.root / FOLDER / name for name in (IDENTIFIERS, *_FILES.values())]


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
