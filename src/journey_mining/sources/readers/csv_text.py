"""Delimited text: quotes, breaks inside of cells, rows of headings, footers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import chain

from journey_mining.sources.batches import RowFault
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.headings import fold
from journey_mining.sources.readers.tables import Row
from journey_mining.sources.readers.text_lines import physical_lines
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
    dialect = stream.csv
    footer = re.compile(dialect.footer) if dialect.footer else None
    with delivered.text(encoding) as text:
        rows = _rows(text, dialect)
        headings, first = _headings(rows, dialect)
        if headings is None:
            return
        yield headings
        for line, cells in chain(first, rows):
            if footer and cells and footer.search(cells[0] or ""):
                return
            if cells:
                yield line, _trimmed(cells, dialect)
            else:
                detail = f"a cell of more than {LARGEST_CELL} characters"
                yield RowFault(line=line, reason="OVERSIZE_CELL", detail=detail)


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


def _rows(text: io.TextIOWrapper, dialect: CsvDialect) -> Iterator[Row]:
    """Line number of the start of each row, and its cells; blank lines are no rows, no cells mean a row too large."""
    if dialect.quote:
        for start, cells in _quoted_rows(text, dialect):
            if start > dialect.skip_lines:
                yield start, cells
        return
    for number, line in enumerate(physical_lines(text), start=1):
        if number > dialect.skip_lines and line:
            cells = line.split(dialect.delimiter)
            is_wrapped = dialect.unwrap_quotes and '"' in line
            yield number, [_unwrapped(cell) if '"' in cell else cell for cell in cells] if is_wrapped else cells


def _quoted_rows(text: io.TextIOWrapper, dialect: CsvDialect) -> Iterator[tuple[int, list[str]]]:
    csv.field_size_limit(LARGEST_CELL)
    # a last row of our own: where it does not come back alone, an open quote has swallowed it and all before it
    reader = csv.reader(chain(text, [_END]), delimiter=dialect.delimiter, quotechar=dialect.quote, doublequote=True)
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as fault:
            if reader.line_num > start:
                message = f"line {start} opens a quote and goes on for more than {LARGEST_CELL} characters"
                raise csv.Error(message) from fault
            yield start, []
            continue
        if cells == [_END]:
            return
        if cells is None:
            message = f"line {start} opens a quote that is never closed"
            raise csv.Error(message)
        if cells:
            yield start, cells


def _unwrapped(cell: str) -> str:
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


def _trimmed(cells: Sequence[str | None], dialect: CsvDialect) -> Sequence[str | None]:
    return cells[:-1] if dialect.drop_empty_trailing and cells and not (cells[-1] or "").strip() else cells
