"""Rows on their way from a file to a table: text batches as a reader yields them, typed batches as staging takes them.

In: `TextBatch` values. Out: Arrow tables of raw text and of typed values, the rows that could not be taken and why, and
counts of values that were left out. Pure.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa

from journey_mining.sources.cell_error import CellError
from journey_mining.sources.cells import Parser, arrow_type
from journey_mining.sources.spec import ROW_KEY, Stream

_MEMO_LIMIT = 30_000
_SELDOM_TWICE = 0.5
"""share of different cells above which remembering costs more than parsing"""
_RAW_LIMIT = 4_000
WAITING = "TS_FUTURE"
"""reason of rows that may be sound once their time has come"""

Cells = Sequence[str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFault:
    """A row that was not taken."""

    line: int
    """physical line, or number of the record in a JSON document; both from 1"""
    reason: str
    column_name: str | None = None
    detail: str = ""
    raw: str = ""
    record: int | None = None
    """number of the record in the file; none for what could not even be split into records"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextBatch:
    """Rows as text, column by column."""

    lines: list[int]
    """where a row stands in the file, for people; several records may share a line"""
    columns: dict[str, Cells]
    """mapped columns; all as long as `lines`"""
    extra: list[str | None]
    """JSON of the cells that no column claims"""
    raw: Sequence[object]
    """rows as read, for the quarantine: cells, or a JSON record"""
    faults: list[RowFault] = field(default_factory=list)
    """rows that are not among the others because they could not even be split"""
    records: Sequence[int] = ()
    """numbers of the rows, each once in a file and growing; as long as `lines`"""

    @property
    def row_count(self) -> int:
        """Rows read, sound or not."""
        return len(self.lines) + len(self.faults)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedBatch:
    """What became of a text batch."""

    raw: pa.Table
    """text of all rows, taken or not: another spec, or a later time, may say more of it"""
    typed: pa.Table
    """values of the rows taken"""
    faults: list[RowFault]
    warnings: Counter[tuple[str, str]]
    """(column, reason) of values that were left out, or kept in doubt, while their row was kept"""
    retry_from: datetime | None
    """UTC; once this lies in the past some value is no longer in the future and can be taken"""


class BatchTyper:
    """Types the batches of one stream; remembers what it has parsed, because exports repeat themselves."""

    def __init__(self, stream: Stream, parsers: dict[str, Parser]) -> None:
        self.stream = stream
        self._parsers = parsers
        self._required = set(stream.required_columns())
        self._values: dict[str, dict[str | None, Any]] = {name: {} for name in stream.columns}
        self._faults: dict[str, dict[str | None, CellError]] = {name: {} for name in stream.columns}

    def typed(self, batch: TextBatch) -> TypedBatch:
        """Parse every cell; rows whose key or required columns fail become faults."""
        values: dict[str, Sequence[Any]] = {name: self._parse(name, cells) for name, cells in batch.columns.items()}
        refused: dict[int, RowFault] = {}
        for name, parsed in values.items():
            if name in self._required:
                self._refuse(batch, name, parsed, refused)
        lost = {row for row, fault in refused.items() if fault.reason != WAITING}
        left_out = self._left_out(batch, lost)
        return TypedBatch(
            raw=self._raw_table(batch),
            typed=self._typed_table(batch, values, _others(batch, refused)),
            faults=[*batch.faults, *(refused[row] for row in sorted(refused))],
            warnings=Counter((name, fault.reason) for row, name, fault in left_out if row not in refused),
            retry_from=min((fault.moment for _, _, fault in left_out if fault.moment), default=None),
        )

    def _parse(self, name: str, cells: Cells) -> list[Any]:
        values, faults, parse = self._values[name], self._faults[name], self._parsers[name]
        if len(values) + len(faults) > _MEMO_LIMIT:
            values.clear()
            faults.clear()
        distinct = set(cells)
        if len(distinct) > _SELDOM_TWICE * len(cells):
            return [None if cell is None else self._parsed(cell, faults, parse) for cell in cells]
        values[None] = None
        for cell in distinct.difference(values):
            values[cell] = self._parsed(cell or "", faults, parse)
        return list(map(values.__getitem__, cells))

    @staticmethod
    def _parsed(cell: str, faults: dict[str | None, CellError], parse: Parser) -> Any:
        try:
            return parse(cell)
        except CellError as fault:
            faults[cell] = fault
            return fault.value

    def _refuse(self, batch: TextBatch, name: str, values: Sequence[Any], refused: dict[int, RowFault]) -> None:
        if None not in values:
            return
        missing = CellError("NULL_KEY" if name in self.stream.key else "MISSING_VALUE")
        for row, value in enumerate(values):
            if value is None and (row not in refused or refused[row].reason == WAITING):
                reason = self._faults[name].get(batch.columns[name][row], missing).reason
                refused[row] = RowFault(
                    line=batch.lines[row],
                    reason=reason,
                    column_name=name,
                    raw=shown(batch.raw[row]),
                    record=batch.records[row],
                )

    def _left_out(self, batch: TextBatch, lost: set[int]) -> list[tuple[int, str, CellError]]:
        """Faulty cells of the rows that are not lost: row, column, fault."""
        return [
            (row, name, faults[cell])
            for name, faults in self._faults.items()
            if faults
            for row, cell in enumerate(batch.columns[name])
            if cell in faults and row not in lost
        ]

    def _raw_table(self, batch: TextBatch) -> pa.Table:
        columns = {name: pa.array(cells, pa.string()) for name, cells in batch.columns.items()}
        columns["_extra"] = pa.array(batch.extra, pa.string())
        return pa.table(columns | _places(batch, None))

    def _typed_table(self, batch: TextBatch, values: dict[str, Sequence[Any]], kept: list[int] | None) -> pa.Table:
        columns = {
            name: pa.array(_rows(values[name], kept), arrow_type(column))
            for name, column in self.stream.columns.items()
        }
        if ROW_KEY in self.stream.key:
            rows = range(len(batch.lines)) if kept is None else kept
            columns[ROW_KEY] = pa.array([_row_key(batch, row) for row in rows], pa.string())
        return pa.table(columns | _places(batch, kept))


def _others(batch: TextBatch, refused: Collection[int]) -> list[int] | None:
    """The rows that are not refused; None for all of them."""
    return [row for row in range(len(batch.lines)) if row not in refused] if refused else None


def _places(batch: TextBatch, kept: list[int] | None) -> dict[str, pa.Array]:
    return {
        "_line": pa.array(_rows(batch.lines, kept), pa.int64()),
        "_record": pa.array(_rows(batch.records, kept), pa.int64()),
    }


def _rows(values: Sequence[Any], kept: list[int] | None) -> Sequence[Any]:
    return values if kept is None else [values[row] for row in kept]


def shown(row: object) -> str:
    """A row as the quarantine keeps it: text, or JSON of its cells, cut to a sane length."""
    text = row if isinstance(row, str) else json.dumps(row, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= _RAW_LIMIT else f"{text[:_RAW_LIMIT]} ... ({len(text)} characters)"


def _row_key(batch: TextBatch, row: int) -> str:
    """A hash of the cells; the repeats of a row are numbered when all rows of the file are there."""
    cells = "\x1f".join((batch.columns[name][row] or "").strip() for name in sorted(batch.columns))
    return hashlib.md5(cells.encode(), usedforsecurity=False).hexdigest()
