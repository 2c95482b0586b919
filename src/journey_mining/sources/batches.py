"""Rows on their way from a file to a table: text batches as a reader yields them, typed batches as staging takes them.

In: `TextBatch` values. Out: Arrow tables of raw text and of typed values, the rows that could not be taken and why, and
counts of values that were left out. Pure.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from journey_mining.sources.cell_error import CellError
from journey_mining.sources.cells import Parser, arrow_type
from journey_mining.sources.plain_cells import Kernel, merged
from journey_mining.sources.spec import ROW_KEY, Stream

_MEMO_LIMIT = 30_000
_SELDOM_TWICE = 0.5
"""share of different cells above which remembering costs more than parsing"""
_FEW = 1_000
"""different cells that are always worth remembering"""
_RAW_LIMIT = 4_000
_TEXT = pa.string()
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

    def __init__(self, stream: Stream, parsers: dict[str, Parser], kernels: Mapping[str, Kernel] | None = None) -> None:
        self.stream = stream
        self._parsers = parsers
        self._kernels = kernels or {}
        self._types = {name: arrow_type(column) for name, column in stream.columns.items()}
        self._required = set(stream.required_columns())
        self._values: dict[str, dict[str, Any]] = {name: {} for name in stream.columns}
        self._faults: dict[str, dict[str | None, CellError]] = {name: {} for name in stream.columns}
        self._varies = dict.fromkeys(stream.columns, False)
        """whether most cells of the last batch differed from each other"""

    def typed(self, batch: TextBatch) -> TypedBatch:
        """Type every cell; rows whose key or required columns fail become faults."""
        texts = {name: pa.array(cells, _TEXT) for name, cells in batch.columns.items()}
        values = {name: self._column(name, cells) for name, cells in texts.items()}
        refused: dict[int, RowFault] = {}
        for name, parsed in values.items():
            if name in self._required and parsed.null_count:
                self._refuse(batch, name, parsed, refused)
        lost = {row for row, fault in refused.items() if fault.reason != WAITING}
        left_out = self._left_out(batch, lost)
        places = {"_line": _numbers(batch.lines), "_record": _numbers(batch.records)}
        return TypedBatch(
            raw=pa.table({**texts, "_extra": pa.array(batch.extra, _TEXT), **places}),
            typed=self._typed_table(batch, values, places, refused),
            faults=[*batch.faults, *(refused[row] for row in sorted(refused))],
            warnings=Counter((name, fault.reason) for row, name, fault in left_out if row not in refused),
            retry_from=min((fault.moment for _, _, fault in left_out if fault.moment), default=None),
        )

    def _column(self, name: str, cells: pa.Array | pa.ChunkedArray) -> pa.Array | pa.ChunkedArray:
        """The values of a column; each different text is looked at once where texts repeat."""
        if isinstance(cells, pa.ChunkedArray):
            # more than two gigabytes of text
            return pa.chunked_array([self._column(name, chunk) for chunk in cells.chunks], self._types[name])
        if len(self._values[name]) + len(self._faults[name]) > _MEMO_LIMIT:
            self._values[name].clear()
            self._faults[name].clear()
        if self._varies[name]:
            # what was so in one batch is looked at again in the next but for the time that takes
            return self._read(name, cells)
        coded = cells.dictionary_encode()
        self._varies[name] = len(coded.dictionary) > _SELDOM_TWICE * len(cells)
        return self._read(name, coded.dictionary).take(coded.indices)

    def _read(self, name: str, cells: pa.Array) -> pa.Array:
        """Plain cells at once, the others one by one."""
        kernel = self._kernels.get(name)
        if kernel is None:
            return self._parse(name, cells)
        read = kernel(cells)
        left = pc.invert(pc.or_(pa.array(read[1]), cells.is_null()))
        return merged(read[0], left, self._parse(name, cells.filter(left))) if left.true_count else read[0]

    def _parse(self, name: str, cells: pa.Array) -> pa.Array:
        """Cells by the parser of their column."""
        coded = cells.dictionary_encode()
        known, kind = self._values[name], self._types[name]
        is_kept = len(coded.dictionary) <= _SELDOM_TWICE * len(cells) or len(coded.dictionary) <= _FEW
        values = []
        for cell in coded.dictionary.to_pylist():
            if cell in known:
                values.append(known[cell])
            else:
                values.append(self._parsed(name, cell))
                if is_kept:
                    known[cell] = values[-1]
        return pa.array(values, kind).take(coded.indices)

    def _parsed(self, name: str, cell: str) -> Any:
        try:
            return self._parsers[name](cell)
        except CellError as fault:
            self._faults[name][cell] = fault
            return fault.value

    def _refuse(self, batch: TextBatch, name: str, values: pa.Array, refused: dict[int, RowFault]) -> None:
        missing = CellError("NULL_KEY" if name in self.stream.key else "MISSING_VALUE")
        for row in pc.indices_nonzero(values.is_null()).to_pylist():
            if row not in refused or refused[row].reason == WAITING:
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

    def _typed_table(
        self, batch: TextBatch, values: dict[str, Any], places: dict[str, Any], refused: Collection[int]
    ) -> pa.Table:
        columns = {name: values[name] for name in self.stream.columns}
        if ROW_KEY in self.stream.key:
            columns[ROW_KEY] = pa.array([_row_key(batch, row) for row in range(len(batch.lines))], _TEXT)
        table = pa.table(columns | places)
        kept = [row for row in range(len(batch.lines)) if row not in refused]
        return table.take(pa.array(kept, pa.int64())) if refused else table


def _numbers(values: Sequence[int]) -> pa.Array:
    return pa.array(np.asarray(values, dtype=np.int64), pa.int64())


def shown(row: object) -> str:
    """A row as the quarantine keeps it: text, or JSON of its cells, cut to a sane length."""
    text = row if isinstance(row, str) else json.dumps(row, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= _RAW_LIMIT else f"{text[:_RAW_LIMIT]} ... ({len(text)} characters)"


def _row_key(batch: TextBatch, row: int) -> str:
    """A hash of the cells; the repeats of a row are numbered when all rows of the file are there."""
    cells = "\x1f".join((batch.columns[name][row] or "").strip() for name in sorted(batch.columns))
    return hashlib.md5(cells.encode(), usedforsecurity=False).hexdigest()
