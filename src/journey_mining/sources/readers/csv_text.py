"""Delimited text: quotes, breaks inside of cells, rows of headings, footers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Protocol

from journey_mining.sources.batches import RowFault
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.headings import fold
from journey_mining.sources.readers.tables import BATCH_ROWS, Row, RowBlock
from journey_mining.sources.readers.text_lines import bounded_lines, physical_lines
from journey_mining.sources.spec import Stream
from journey_mining.sources.spec_formats import CsvDialect

LARGEST_CELL = 8 << 20
"""characters; the csv module takes 131,072 unless told"""
_END = "\x1e\x1d\x1e"


def read(delivered: Delivered, stream: Stream, encoding: str) -> Iterator[Row | RowFault]:
    """The headings, then the rows of a delimited file.

    Raises:
        csv.Error: a quote that is opened and never closed.
        UnicodeDecodeError: the file is not written in `encoding`.
    """
    for found in read_blocks(delivered, stream, encoding):
        if isinstance(found, RowBlock):
            yield from zip(found.lines, found.rows, strict=True)
        else:
            yield found


def read_blocks(delivered: Delivered, stream: Stream, encoding: str) -> Iterator[Row | RowBlock | RowFault]:
    """What `read` gives, with the rows in blocks: for large files."""
    dialect = stream.csv
    with delivered.text(encoding) as text:
        reader = _reader(text, dialect) if dialect.quote else None
        rows = _plain_rows(text, dialect) if reader is None else _quoted_rows(reader, dialect)
        headings, first = _headings(rows, dialect)
        if headings is None:
            return
        yield headings
        blocks = _plain_blocks(rows) if reader is None else _blocks(reader)
        too_large = [_oversize(line) for line, cells in first if not cells]
        start = [_block([row for row in first if row[1]])]
        yield from _above_footer(chain(too_large, start, blocks), dialect)


def _above_footer(blocks: Iterator[RowBlock | RowFault], dialect: CsvDialect) -> Iterator[RowBlock | RowFault]:
    """The blocks without the empty cells at their ends, as far as the footer."""
    footer = re.compile(dialect.footer) if dialect.footer else None
    for block in blocks:
        if isinstance(block, RowFault):
            yield block
            continue
        rows = block.rows
        end = next((i for i, cells in enumerate(rows) if footer.search(cells[0] or "")), None) if footer else None
        if end is not None:
            rows = rows[:end]
        if dialect.drop_empty_trailing:
            rows = [_trimmed(cells, dialect) for cells in rows]
        yield RowBlock(lines=block.lines[: len(rows)], rows=rows)
        if end is not None:
            return


def _headings(rows: Iterator[Row], dialect: CsvDialect) -> tuple[Row | None, list[Row]]:
    """The headings, from the file or from the spec, and what was read of the rows to find them."""
    first = next(rows, None)
    if first is None:
        return None, []
    if dialect.headings:
        is_headed = [fold(cell or "") for cell in _trimmed(first[1], dialect)] == [fold(h) for h in dialect.headings]
        return (0, dialect.headings), [] if is_headed else [first]
    joined = _trimmed(first[1], dialect)
    for _ in range(1, dialect.heading_rows):
        below = next(rows, None)
        joined = joined if below is None else _joined(joined, _trimmed(below[1], dialect))
    return (first[0], joined), []


def _joined(upper: Sequence[str | None], lower: Sequence[str | None]) -> list[str]:
    """Two rows of headings as one: an empty upper cell repeats the one before it, an empty lower one adds nothing."""
    joined, last = [], ""
    for place in range(max(len(upper), len(lower))):
        over = (upper[place] if place < len(upper) else "") or ""
        under = (lower[place] if place < len(lower) else "") or ""
        last = over.strip() or last
        joined.append(f"{last} / {under.strip()}" if under.strip() else over)
    return joined


def _plain_rows(text: io.TextIOWrapper, dialect: CsvDialect) -> Iterator[Row]:
    """Line number and cells of each line in which quotes are ordinary characters; blank lines are no rows."""
    for number, line in enumerate(physical_lines(text), start=1):
        if number > dialect.skip_lines and line:
            cells = line.split(dialect.delimiter)
            is_wrapped = dialect.unwrap_quotes and '"' in line
            yield number, [_unwrapped(cell) if '"' in cell else cell for cell in cells] if is_wrapped else cells


def _plain_blocks(rows: Iterator[Row]) -> Iterator[RowBlock]:
    while found := list(islice(rows, BATCH_ROWS)):
        yield _block(found)


def _block(rows: list[Row]) -> RowBlock:
    return RowBlock(lines=[line for line, _ in rows], rows=[cells for _, cells in rows])


class _Reader(Protocol):
    """What the csv module reads with."""

    line_num: int

    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


def _reader(text: io.TextIOWrapper, dialect: CsvDialect) -> _Reader:
    csv.field_size_limit(LARGEST_CELL)
    # a last row of our own: where it does not come back alone, an open quote has swallowed it and all before it
    return csv.reader(
        chain(bounded_lines(text), [_END]), delimiter=dialect.delimiter, quotechar=dialect.quote, doublequote=True
    )


def _quoted_rows(reader: _Reader, dialect: CsvDialect) -> Iterator[Row]:
    """Line number of the start of each row, and its cells, one by one: for the headings; a row too large has none."""
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as fault:
            yield _too_large(reader, start, fault).line, []
            continue
        if cells is None or cells == [_END]:
            return
        if cells and start > dialect.skip_lines:
            yield start, cells


def _blocks(reader: _Reader) -> Iterator[RowBlock | RowFault]:
    """The rows in blocks; blank lines are no rows, and a row too large is a fault."""
    last = reader.line_num + 1
    while True:
        rows, ends, fault = _some_rows(reader)
        is_over = bool(rows) and rows[-1] == [_END]
        last = ends[-2] + 1 if rows else last
        lines = [end + 1 for end in ends[:-1]]
        if [] in rows or is_over:
            kept = [i for i, cells in enumerate(rows) if cells and cells != [_END]]
            rows, lines = [rows[i] for i in kept], [lines[i] for i in kept]
        if rows:
            yield RowBlock(lines=lines, rows=rows)
        if fault is not None:
            yield _too_large(reader, ends[-1] + 1, fault)
        elif is_over:
            return
        elif len(ends) == 1:
            message = f"line {last} opens a quote that is never closed"
            raise csv.Error(message)


def _some_rows(reader: _Reader) -> tuple[list[list[str]], list[int], csv.Error | None]:
    """Rows, the lines at which they end (before them that of the row before), and what stopped the reading."""
    rows: list[list[str]] = []
    ends = [reader.line_num]
    try:
        for row in islice(reader, BATCH_ROWS):
            rows.append(row)
            ends.append(reader.line_num)
    except csv.Error as fault:
        return rows, ends, fault
    return rows, ends, None


def _too_large(reader: _Reader, start: int, fault: csv.Error) -> RowFault:
    if reader.line_num > start:
        message = f"line {start} opens a quote and goes on for more than {LARGEST_CELL} characters"
        raise csv.Error(message) from fault
    return _oversize(start)


def _oversize(start: int) -> RowFault:
    detail = f"a cell of more than {LARGEST_CELL} characters"
    return RowFault(line=start, reason="OVERSIZE_CELL", detail=detail)


def _unwrapped(cell: str) -> str:
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


def _trimmed(cells: Sequence[str | None], dialect: CsvDialect) -> Sequence[str | None]:
    return cells[:-1] if dialect.drop_empty_trailing and cells and not (cells[-1] or "").strip() else cells
