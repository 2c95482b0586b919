"""Rows of an event log by journey: they come in any order and go, part by part, with those of a journey side by side.

A part holds whole journeys: the first bits of the spread of an id say which. Within a part one sort of 64-bit numbers
(upper bits of the spread, number of the row) brings the rows of a journey together. That the bits stand for the id is
then not believed but looked at: where ids differ inside a run of equal bits, these rows are sorted by the ids.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from journey_mining.packed.keys import Ints, bits, order_of
from journey_mining.packed.texts import Words, spread

PART_ROWS = 500_000
"""rows that are looked at together; about 60 bytes each at the widest moment, and near to the processor"""
_WORD_BITS = 64
_SPARE, _MORE = 4_096, 1.1

Columns = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class JourneyRows:
    """Rows of whole journeys, each in the order of places."""

    starts: Ints
    """place of the first row of each journey"""
    columns: Columns


class LogRows:
    """Rows by part, in arrays as narrow as what came so far."""

    def __init__(self, rows: int, *, part_rows: int = PART_ROWS) -> None:
        """Room for about `rows` rows."""
        part_count = 1 << bits(-(-max(rows, 1) // part_rows)) if rows > part_rows else 1
        self._part_bits = part_count.bit_length() - 1
        self._parts = [_Part(_room=rows // part_count) for _ in range(part_count)]

    def __len__(self) -> int:
        return sum(part.size for part in self._parts)

    def add(self, ids: list[Words], columns: Columns) -> None:
        """Add rows: the words of their journey's id, and what else is known; `place` orders them within a journey."""
        arrays = {**{f"word_{number:06}": word for number, word in enumerate(ids)}, **columns}
        if not self._part_bits:
            self._parts[0].add(arrays)
            return
        part = (spread(ids) >> np.uint64(_WORD_BITS - self._part_bits)).astype(np.uint16)
        order = np.argsort(part, kind="stable")
        bounds = np.cumsum(np.bincount(part, minlength=len(self._parts)))
        first = 0
        sorted_arrays = {name: values[order] for name, values in arrays.items()}
        for number, last in enumerate(bounds.tolist()):
            if last > first:
                self._parts[number].add({name: values[first:last] for name, values in sorted_arrays.items()})
            first = last

    def journeys(self) -> Iterator[JourneyRows]:
        """Journeys, part by part; what was given is forgotten."""
        while self._parts:
            part = self._parts.pop()
            if part.size:
                yield _by_journey(part.taken())


@dataclass(slots=True)
class _Part:
    """Columns with room at their end."""

    _room: int
    size: int = 0
    _columns: Columns = field(default_factory=dict)

    def add(self, arrays: Columns) -> None:
        """Append rows; a column that one side lacks is zero there."""
        last = self.size + len(next(iter(arrays.values())))
        for name, values in arrays.items():
            self._columns[name] = self._with_room(name, values.dtype, last)
            self._columns[name][self.size : last] = values
        for name in self._columns.keys() - arrays.keys():
            self._columns[name] = self._with_room(name, self._columns[name].dtype, last)
            self._columns[name][self.size : last] = 0
        self.size = last

    def taken(self) -> Columns:
        """The columns without the room at their end."""
        return {name: values[: self.size] for name, values in self._columns.items()}

    def _with_room(self, name: str, kind: np.dtype[Any], rows: int) -> NDArray[Any]:
        known = self._columns.get(name)
        if known is not None and len(known) >= rows and np.can_cast(kind, known.dtype):
            return known
        wide = _mapped(
            max(int(max(self._room, rows) * _MORE) + _SPARE, 0 if known is None else len(known)),
            kind if known is None else np.promote_types(kind, known.dtype),
        )
        if known is not None:
            wide[: self.size] = known[: self.size]
        return wide


def _mapped(size: int, kind: np.dtype[Any]) -> NDArray[Any]:
    """Zeros that take memory where they are written to only, and give all of it back at once when they are let go."""
    byte_count = size * kind.itemsize
    own = getattr(mmap, "MAP_PRIVATE", None)
    there = mmap.mmap(-1, byte_count) if own is None else mmap.mmap(-1, byte_count, flags=own | mmap.MAP_ANONYMOUS)
    return np.frombuffer(there, dtype=kind)


def _by_journey(columns: Columns) -> JourneyRows:
    ids = [columns.pop(name) for name in sorted(columns) if name.startswith("word_")]
    order, is_new = _grouped(ids)
    if "place" in columns:
        place = columns.pop("place")[order]
        if ((place[1:] < place[:-1]) & ~is_new[1:]).any():
            order = order[order_of(np.cumsum(is_new) - 1, place)]
    return JourneyRows(np.flatnonzero(is_new), {name: values[order] for name, values in columns.items()})


def _grouped(ids: list[Words]) -> tuple[Ints, NDArray[np.bool_]]:
    """Indices that bring rows of one id together, in the order in which they came; and where an id begins."""
    row_bits = np.uint64(bits(len(ids[0])))
    packed = spread(ids)
    packed >>= row_bits
    packed <<= row_bits
    packed |= np.arange(len(packed), dtype=np.uint64)
    packed.sort()
    order = (packed & ((np.uint64(1) << row_bits) - np.uint64(1))).astype(np.int64)
    packed >>= row_bits
    is_run = _changes([packed])
    is_new = _changes([word[order] for word in ids])
    if np.count_nonzero(is_new) != np.count_nonzero(is_run):
        run = np.cumsum(is_run) - 1
        order = order[np.lexsort((order, *(word[order] for word in ids), run))]
        is_new = _changes([word[order] for word in ids])
    return order, is_new


def _changes(columns: list[Words]) -> NDArray[np.bool_]:
    """Whether a row differs from the one before; the first does."""
    is_new = np.ones(len(columns[0]), dtype=bool)
    np.not_equal(columns[0][1:], columns[0][:-1], out=is_new[1:])
    for values in columns[1:]:
        is_new[1:] |= values[1:] != values[:-1]
    return is_new
