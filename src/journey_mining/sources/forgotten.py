"""Rows of people who are to be forgotten: told from their cells, set aside before anything of them is stored.

In: text batches on their way in, and tombstones. Out: the batches without those rows. A row is of a person where a
whole cell, or an item of a list in it, is an identifier of theirs; where an identifier merely stands inside a longer
text, that place of the text is blotted out and the row, which is somebody else's, stays.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from journey_mining.privacy import as_seen, is_personal, normalise_email, normalise_phone
from journey_mining.privacy.tombstones import Tombstones
from journey_mining.sources.batches import Cells, RowFault, TextBatch
from journey_mining.sources.spec import Source, Stream

FORGOTTEN = "FORGOTTEN"
"""reason of rows that were set aside because their person is forgotten; nothing else is kept of them"""
BLOT = "[forgotten]"
_SPLIT = re.compile(r"[,;|\n]")
_EMAIL = re.compile(r"[\w.+%'-]{1,64}@[\w.-]{3,253}\w", re.ASCII | re.IGNORECASE)
_WIDE_EMAIL = re.compile(r"[\w.+%'-]{1,64}@[\w.-]{3,253}\w")
_PHONE = re.compile(r"\+?\(?\d(?:[ \t\u00a0().–—-]{0,3}\d){7,14}(?!\d)")
_OPAQUE = re.compile(r"(?<![\w-])(?=[A-Za-z_.:-]{0,127}\d)[\w.:-]{6,128}(?![\w-])")
_LONGEST_CELL = 320
_MEMO_LIMIT = 200_000


class Sieve:
    """Looks for forgotten people in the rows of one stream; remembers the cells it has looked at."""

    def __init__(self, tombstones: Tombstones, source: Source, stream: Stream) -> None:
        self._marks = tombstones
        self._place = f"{source.id}.{stream.id}"
        self._key = stream.key
        self._country = source.settings.default_country
        self._opaque = sorted(kind for kind in tombstones.identifier_kinds - {"email", "phone"} if is_personal(kind))
        self._seen: dict[str, tuple[bool, str]] = {}

    def sifted(self, batches: Iterable[TextBatch]) -> Iterator[TextBatch]:
        """The batches without rows of forgotten people, which become faults that hold nothing of them."""
        for batch in batches:
            yield self.without(batch) if self._marks else batch

    def without(self, batch: TextBatch) -> TextBatch:
        """One batch, sifted."""
        gone = self.gone(batch)
        kept = [row for row in range(len(batch.lines)) if row not in gone]
        columns: dict[str, Cells] = {name: self._blotted(cells, kept) for name, cells in batch.columns.items()}
        extra = self._blotted(batch.extra, kept)
        # line 0: a line would lead back to the person, for whoever has the export
        faults = [RowFault(line=0, reason=FORGOTTEN) for _ in gone]
        return TextBatch(
            lines=[batch.lines[row] for row in kept],
            columns=columns,
            extra=list(extra),
            raw=[self._raw(batch.raw[row]) for row in kept],
            faults=[*(replace(fault, raw=self.blotted(fault.raw)) for fault in batch.faults), *faults],
            records=[batch.records[row] for row in kept],
        )

    def gone(self, batch: TextBatch) -> set[int]:
        """Places of the rows that are of forgotten people."""
        gone = {
            row
            for cells in batch.columns.values()
            for row, cell in enumerate(cells)
            if cell is not None and self._look(cell)[0]
        }
        keys = [batch.columns.get(name) for name in self._key]
        if "row" in self._marks.kinds:
            gone |= {
                row
                for row in range(len(batch.lines))
                if self._marks.covers_row(self._place, [cells[row] if cells else None for cells in keys])
            }
        return gone

    def blotted(self, text: str) -> str:
        """The text without identifiers of forgotten people."""
        return self._look(text)[1] if text else text

    def _blotted(self, cells: Cells, kept: list[int]) -> list[str | None]:
        return [None if (cell := cells[row]) is None else self.blotted(cell) for row in kept]

    def _raw(self, row: object) -> object:
        text = row if isinstance(row, str) else json.dumps(row, ensure_ascii=False, sort_keys=True)
        blotted = self.blotted(text)
        return row if blotted == text else blotted

    def _look(self, cell: str) -> tuple[bool, str]:
        """Whether a cell names a forgotten person, and what may stay of it where it does not."""
        known = self._seen.get(cell)
        if known is None:
            if len(self._seen) > _MEMO_LIMIT:
                self._seen.clear()
            seen = as_seen(cell)
            is_named = len(seen) <= _LONGEST_CELL and any(self._covers(part.strip()) for part in _SPLIT.split(seen))
            blotted = self._without_finds(seen)
            # a cell stays as it was written where nobody is found in it
            known = self._seen[cell] = (is_named, cell if blotted == seen else blotted)
        return known

    def _covers(self, part: str) -> bool:
        if "@" in part and self._is_email(part):
            return True
        if sum(c.isdecimal() for c in part) >= 8 and self._is_phone(part):  # noqa: PLR2004 - the shortest number
            return True
        return len(part) >= 6 and self._is_opaque(part)  # noqa: PLR2004 - shorter ones name somebody in one column only

    def _without_finds(self, text: str) -> str:
        if "@" in text and "email" in self._marks.kinds:
            for pattern in (_EMAIL, _WIDE_EMAIL):
                text = pattern.sub(lambda find: BLOT if self._is_email(find[0]) else find[0], text)
        if "phone" in self._marks.kinds:
            text = _PHONE.sub(lambda find: BLOT if self._is_phone(find[0]) else find[0], text)
        if self._opaque:
            text = _OPAQUE.sub(lambda find: BLOT if self._is_opaque(find[0]) else find[0], text)
        return text

    def _is_email(self, text: str) -> bool:
        value = normalise_email(text) if "email" in self._marks.kinds else None
        return value is not None and self._marks.covers("email", value)

    def _is_phone(self, text: str) -> bool:
        value = normalise_phone(text, self._country) if "phone" in self._marks.kinds and not _is_time(text) else None
        return value is not None and self._marks.covers("phone", value)

    def _is_opaque(self, text: str) -> bool:
        return any(self._marks.covers(kind, text) for kind in self._opaque)


def forgotten_count(reasons: Iterable[tuple[tuple[str, str], int]]) -> int:
    """Of counted faults ((reason, column), count), those that say nothing of the quality of a file."""
    return sum(count for (reason, _), count in reasons if reason == FORGOTTEN)


_TIME = re.compile(r"(?:19|20)\d\d-[01]\d-[0-3]\d")


def _is_time(text: str) -> bool:
    return _TIME.match(text) is not None
