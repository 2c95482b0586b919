"""Reading the three shapes of exports: delimited text, one JSON object a line, JSON documents.

In: a delivered file and its stream. Out: `TextBatch` values of bounded size, with true line numbers.
A file that cannot be read as a whole raises `FileRejectedError`; a row that cannot be read becomes a fault.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from journey_mining.errors import FileRejectedError
from journey_mining.sources.batches import Cells, RowFault, TextBatch, shown
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.headings import HeadingMatch, match_headings, missing_words
from journey_mining.sources.json_path import dig, steps_of, text_of
from journey_mining.sources.json_text import parse_json, parse_json_at
from journey_mining.sources.spec import CsvDialect, Stream

BATCH_ROWS = 20_000
LARGEST_CELL = 8 << 20
"""characters; the csv module takes 131,072 unless told"""
_END = "\x1e\x1d\x1e"
_LIST_JOIN = "\n"
_as_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a first look at a file says."""

    encoding: str
    header_hash: str
    headings: tuple[str, ...] = ()
    match: HeadingMatch | None = None


def open_file(delivered: Delivered, stream: Stream) -> Opened:
    """Find the encoding under which the headings are the promised ones.

    Single-byte encodings decode anything, so decoding alone proves nothing; the headings do.

    Raises:
        FileRejectedError: empty, in no known encoding, or a required column is missing.
    """
    if stream.format != "csv":
        return Opened(encoding=_decodable(delivered, stream), header_hash="")
    best: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    is_known = False
    for encoding in stream.encodings:
        headings = _headings(delivered, stream, encoding)
        if headings is None:
            continue
        match = match_headings(stream, headings)
        if not match.missing:
            digest = hashlib.sha256("\x1f".join(headings).encode()).hexdigest()
            return Opened(encoding=encoding, header_hash=digest, headings=headings, match=match)
        is_known = is_known or any(match.cells.values())
        if not best or len(match.missing) < len(lacking):
            best, lacking = headings, match.missing
    if not best or any("\0" in heading for heading in best):
        raise _rejected(delivered, "BAD_ENCODING", "cannot be decoded", f"text in {' or '.join(stream.encodings)}")
    if not is_known:
        what = f"has none of the headings of the spec under {' or '.join(stream.encodings)}"
        expected = f"this export in one of these encodings, cells divided by {stream.csv.delimiter!r}"
        raise _rejected(delivered, "HEADER_NOT_FOUND", what, expected)
    raise _rejected(
        delivered, "MISSING_REQUIRED_COLUMN", missing_words(stream, lacking, best), "the headings of the spec"
    )


def read_batches(delivered: Delivered, stream: Stream, opened: Opened) -> Iterator[TextBatch]:
    """The rows of a file in batches.

    Raises:
        FileRejectedError: the file turns out to be damaged, wrongly encoded, or not what its spec says.
    """
    number = 0
    try:
        for batch in _shaped(delivered, stream, opened):
            yield replace(batch, records=range(number + 1, number + len(batch.lines) + 1))
            number += len(batch.lines)
    except UnicodeDecodeError as fault:
        raise _rejected(
            delivered, "BAD_ENCODING", f"stops being {opened.encoding} at byte {fault.start} of a block", "one encoding"
        ) from fault
    except csv.Error as fault:
        raise _rejected(delivered, "BAD_DELIMITER", f"cannot be split into cells ({fault})", "closed quotes") from fault


def _shaped(delivered: Delivered, stream: Stream, opened: Opened) -> Iterator[TextBatch]:
    if stream.format == "csv":
        return _read_table(delivered, stream, opened)
    if stream.format == "ndjson":
        return _read_lines(delivered, stream, opened.encoding)
    return _read_documents(delivered, stream, opened.encoding)


def _headings(delivered: Delivered, stream: Stream, encoding: str) -> tuple[str, ...] | None:
    try:
        with delivered.text(encoding) as text:
            first = next(_rows(text, stream.csv), None)
    except UnicodeDecodeError:
        return None
    if first is None:
        raise _rejected(delivered, "EMPTY_FILE", "is empty", "a line of headings")
    return tuple(_trimmed(first[1], stream.csv))


def _decodable(delivered: Delivered, stream: Stream) -> str:
    for encoding in stream.encodings:
        try:
            with delivered.text(encoding) as text:
                start = text.read(1 << 16)
        except UnicodeDecodeError:
            continue
        if not start.strip():
            raise _rejected(delivered, "EMPTY_FILE", "is empty", "JSON records")
        return encoding
    raise _rejected(delivered, "BAD_ENCODING", "cannot be decoded", f"text in {' or '.join(stream.encodings)}")


def _rows(text: io.TextIOWrapper, dialect: CsvDialect) -> Iterator[tuple[int, list[str]]]:
    """Line number of the start of each row, and its cells; blank lines are no rows, no cells mean a row too large."""
    if dialect.quote:
        for start, cells in _quoted_rows(text, dialect):
            if start > dialect.skip_lines:
                yield start, cells
        return
    for number, line in enumerate(_physical_lines(text), start=1):
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


def _physical_lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Lines that end with a newline; a lone carriage return is part of a cell."""
    text.reconfigure(newline="\n")
    for line in text:
        yield line.rstrip("\n").removesuffix("\r")


def _unwrapped(cell: str) -> str:
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


def _trimmed(cells: Sequence[str], dialect: CsvDialect) -> Sequence[str]:
    return cells[:-1] if dialect.drop_empty_trailing and cells and not cells[-1].strip() else cells


def _read_table(delivered: Delivered, stream: Stream, opened: Opened) -> Iterator[TextBatch]:
    match = opened.match or match_headings(stream, opened.headings)
    with delivered.text(opened.encoding) as text:
        rows = _rows(text, stream.csv)
        next(rows, None)
        good: list[tuple[int, Sequence[str]]] = []
        faults: list[RowFault] = []
        for line, cells in rows:
            row = _trimmed(cells, stream.csv)
            if len(row) == len(opened.headings):
                good.append((line, row))
            else:
                faults.append(_wrong_width(line, row, len(opened.headings)))
            if len(good) + len(faults) >= BATCH_ROWS:
                yield _table_batch(good, faults, match)
                good, faults = [], []
        if good or faults:
            yield _table_batch(good, faults, match)


def _wrong_width(line: int, row: Sequence[str], expected: int) -> RowFault:
    if not row:
        return RowFault(line=line, reason="OVERSIZE_CELL", detail=f"a cell of more than {LARGEST_CELL} characters")
    detail = f"{len(row)} cells instead of {expected}"
    return RowFault(line=line, reason="MALFORMED_ROW", detail=detail, raw=shown(list(row)))


def _table_batch(rows: list[tuple[int, Sequence[str]]], faults: list[RowFault], match: HeadingMatch) -> TextBatch:
    cells = [row for _, row in rows]
    by_place = list(zip(*cells, strict=True))
    columns: dict[str, Cells] = {}
    for name, places in match.cells.items():
        if len(places) == 1 and rows:
            columns[name] = by_place[places[0]]
        elif places:
            columns[name] = [_LIST_JOIN.join(row[place] for place in places if row[place]) for row in cells]
        else:
            columns[name] = [None] * len(rows)
    return TextBatch(
        lines=[line for line, _ in rows],
        columns=columns,
        extra=[_extra(row, match) for row in cells],
        raw=cells,
        faults=faults,
    )


def _extra(row: Sequence[str], match: HeadingMatch) -> str | None:
    rest = {heading: row[place] for place, heading in match.unmapped if row[place]}
    return _as_json(rest) if rest else None


def _read_lines(delivered: Delivered, stream: Stream, encoding: str) -> Iterator[TextBatch]:
    with delivered.text(encoding) as text:
        records: list[tuple[int, dict[str, Any]]] = []
        faults: list[RowFault] = []
        for number, line in enumerate(_physical_lines(text), start=1):
            if not line.strip():
                continue
            try:
                records += [(number, record) for record in _records(parse_json(line), stream)]
            except ValueError:
                faults.append(RowFault(line=number, reason="MALFORMED_JSON", raw=shown(line)))
            if len(records) + len(faults) >= BATCH_ROWS:
                yield _record_batch(records, faults, stream)
                records, faults = [], []
        if records or faults:
            yield _record_batch(records, faults, stream)


def _read_documents(delivered: Delivered, stream: Stream, encoding: str) -> Iterator[TextBatch]:
    """One document, or several one after the other (pages of an API appended to a file)."""
    with delivered.text(encoding) as text:
        content = text.read()
    place, number = _skip_space(content, 0), 0
    while place < len(content):
        try:
            document, place = parse_json_at(content, place)
        except ValueError as fault:
            raise _rejected(delivered, "MALFORMED_JSON", "is not complete JSON", "a whole JSON document") from fault
        try:
            records = _records(document, stream)
        except ValueError as fault:
            what = f"holds a document without a record at {' or '.join(stream.json_.records)}"
            raise _rejected(delivered, "NO_RECORDS", what, "records; a message of an error is none") from fault
        for start in range(0, len(records), BATCH_ROWS):
            chunk = records[start : start + BATCH_ROWS]
            yield _record_batch([(number + i, record) for i, record in enumerate(chunk, start=1)], [], stream)
            number += len(chunk)
        place = _skip_space(content, place)


def _skip_space(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t\r\n\ufeff,":
        place += 1
    return place


def _records(document: Any, stream: Stream) -> list[dict[str, Any]]:
    """Records of a document: those of the first path that yields any.

    Raises:
        ValueError: nothing in the document is a record.
    """
    for path in stream.json_.records:
        found = dig(document, path)
        if isinstance(found, list) and (not found or isinstance(found[0], dict)):
            return [record for record in found if isinstance(record, dict)]
        if isinstance(found, dict) and not steps_of(path):
            return [found]
    message = "no record at any of the paths"
    raise ValueError(message)


def _record_batch(records: list[tuple[int, dict[str, Any]]], faults: list[RowFault], stream: Stream) -> TextBatch:
    columns: dict[str, Cells] = {}
    used: set[str] = set()
    for name, column in stream.columns.items():
        paths = [column.path] if column.path else [f"$.{key}" for key in column.from_]
        used.update(steps_of(path)[0] for path in paths)
        columns[name] = [_first_text(record, paths) for _, record in records]
    return TextBatch(
        lines=[line for line, _ in records],
        columns=columns,
        extra=[_json({key: value for key, value in record.items() if key not in used}) for _, record in records],
        raw=[record for _, record in records],
        faults=faults,
    )


def _first_text(record: dict[str, Any], paths: list[str]) -> str | None:
    return next((text for path in paths if (text := text_of(dig(record, path))) is not None), None)


def _json(value: dict[str, Any]) -> str | None:
    return _as_json(value) if value else None


def _rejected(delivered: Delivered, code: str, what: str, expected: str) -> FileRejectedError:
    return FileRejectedError(
        f"{delivered.full_name} {what}.",
        expected=f"{expected}.",
        todo="Export the file again, or correct spec.toml of its source; the next run tries it again then.",
        code=code,
    )
