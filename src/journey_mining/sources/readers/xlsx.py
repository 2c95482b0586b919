"""Workbooks (.xlsx, .xlsm): the rows of one sheet as text.

In: a delivered workbook. Out: (row number, cells), the first of them the headings. Formulas give the value that the
spreadsheet kept beside them; dates are told by their number format, in either calendar (1900, 1904).
A workbook is an archive: how much it may unpack to is bounded before anything is unpacked.
"""

from __future__ import annotations

import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.styles.numbers import is_datetime

from journey_mining.errors import did_you_mean
from journey_mining.sources.batches import RowFault
from journey_mining.sources.delivered import SUSPECT_RATIO, SUSPECT_SIZE, Delivered
from journey_mining.sources.readers.cell_text import EXACT_IN_SHEETS, duration_text, number_text, time_text
from journey_mining.sources.readers.faults import rejected
from journey_mining.sources.readers.local_copy import first_bytes, local_copy
from journey_mining.sources.readers.safe_xml import refuse_entities, unsafe
from journey_mining.sources.spec import Stream

Row = tuple[int, Sequence[str | None]]

LARGEST_PART = 2 << 30
"""decompressed bytes of a sheet; a full sheet of a million rows stays below"""
LARGEST_SIDE_PART = 512 << 20
"""decompressed bytes of everything that is held in memory: shared texts, styles"""
_MOST_PARTS = 10_000
_MOST_ROWS = 1_048_576
_AT_ONCE = 500
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_BROKEN = (
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    EOFError,
    OSError,
    zipfile.BadZipFile,
    zlib.error,
)
"""what openpyxl raises over damaged workbooks"""


def read(delivered: Delivered, stream: Stream, encoding: str) -> Iterator[Row | RowFault]:  # noqa: ARG001 - text is UTF-8
    """Rows of the sheet that the stream names; empty rows are none.

    Raises:
        FileRejectedError: no workbook, locked, unsafe, damaged, or without that sheet.
    """
    _refuse_others(delivered)
    with local_copy(delivered) as path, _refusing_damage(delivered):
        _refuse_bombs(delivered, path)
        with _opened(path) as book:
            sheet = _sheet(delivered, book, stream.xlsx.sheet)
            yield from _rows(delivered, sheet, stream.xlsx.skip_lines)


def _rows(delivered: Delivered, sheet: Any, skip: int) -> Iterator[Row]:
    sheet.reset_dimensions()  # some programs write a wrong size, and rows beyond it would be lost
    width = 0
    number = 0
    cells_by_row = sheet.iter_rows()
    while chunk := _next(cells_by_row):
        for cells in chunk:
            number += 1
            if number > _MOST_ROWS:
                raise rejected(delivered, "UNSAFE_FILE", f"has more than {_MOST_ROWS} rows", "a workbook")
            texts = _trimmed([_text(cell) for cell in cells]) if number > skip else []
            if texts:
                width = width or len(texts)
                # what stands right of the headings (a note, a sum) belongs to no column
                yield number, texts[:width] + [None] * (width - len(texts))


def _next(rows: Iterator[Any]) -> list[Any]:
    """A handful of rows; openpyxl warns of styles and of dates beyond the calendar, which cells tell by themselves."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(islice(rows, _AT_ONCE))


def _trimmed(texts: list[str | None]) -> list[str | None]:
    """Cells up to the last that holds anything."""
    while texts and not (texts[-1] or "").strip():
        texts.pop()
    return texts


def _text(cell: Any) -> str | None:
    value = cell.value
    if value is None or isinstance(value, str):
        # errors of formulas (#N/A) are no values
        return None if value is None or cell.data_type == "e" else value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value, exact_below=EXACT_IN_SHEETS)
    return _time(cell, value)


def _time(cell: Any, value: Any) -> str:
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, datetime):
        is_midnight = value.time() == time()
        return time_text(value.date() if is_midnight and is_datetime(cell.number_format) == "date" else value)
    return time_text(value) if isinstance(value, date | time) else str(value)


def _sheet(delivered: Delivered, book: Any, wanted: str | int) -> Any:
    sheets = book.worksheets
    names = [sheet.title for sheet in sheets]
    if isinstance(wanted, int) and 1 <= wanted <= len(sheets):
        return sheets[wanted - 1]
    same = [sheet for sheet in sheets if sheet.title.strip().casefold() == str(wanted).strip().casefold()]
    if isinstance(wanted, str) and same:
        return same[0]
    hint = did_you_mean(str(wanted), names)
    raise rejected(
        delivered,
        "TABLE_NOT_FOUND",
        f"has {len(sheets)} sheets, none of them {wanted!r}{'; one looks like it' if hint else ''}",
        "the sheet that spec.toml names",
        todo="Correct xlsx.sheet in spec.toml: the name of the sheet, or its number from 1.",
    )


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        try:
            yield book
        finally:
            book.close()


def _refuse_others(delivered: Delivered) -> None:
    start = first_bytes(delivered, 4)
    if not start:
        raise rejected(delivered, "EMPTY_FILE", "is empty", "a workbook")
    if start == _OLD_OFFICE:
        what = "is protected by a password, or of Excel before 2007"
        raise rejected(delivered, "LOCKED_ARCHIVE", what, "an .xlsx file", todo="Save it as .xlsx without a password.")
    if start[:2] != b"PK":
        what = "is no workbook (an .xls that a site made is often a web page: format = 'html')"
        raise rejected(delivered, "TRUNCATED_FILE", what, "an .xlsx file")


def _refuse_bombs(delivered: Delivered, path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        sizes = [(part.file_size, part.compress_size, "/worksheets/" in part.filename) for part in parts]
        if len(parts) > _MOST_PARTS or any(_is_bomb(*size) for size in sizes):
            what = "unpacks to more than any export holds"
            raise rejected(delivered, "UNSAFE_FILE", what, "a workbook of a size that fits its content")
        for part in parts:
            if part.filename.endswith((".xml", ".rels")):
                with archive.open(part) as opened:
                    refuse_entities(opened)


def _is_bomb(size: int, packed: int, is_sheet: bool) -> bool:
    limit = LARGEST_PART if is_sheet else LARGEST_SIDE_PART
    return size > limit or (size > SUSPECT_SIZE and size > SUSPECT_RATIO * max(packed, 1))


@contextmanager
def _refusing_damage(delivered: Delivered) -> Iterator[None]:
    try:
        yield
    except DefusedXmlException as fault:
        raise unsafe(delivered) from fault
    except RuntimeError as fault:
        what = "is encrypted, or packed in a way that cannot be read here"
        raise rejected(delivered, "LOCKED_ARCHIVE", what, "a workbook without password") from fault
    except (*_BROKEN, ParseError) as fault:
        what = f"is a damaged or truncated workbook ({type(fault).__name__})"
        raise rejected(delivered, "TRUNCATED_FILE", what, "a workbook that a spreadsheet opens") from fault
