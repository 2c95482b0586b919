"""CSV and workbooks for people who open them in a spreadsheet: no text is run as a formula, no time of writing is kept.

A cell that begins like a formula is run when the file is opened. So is the rest of a cell behind a separator, where the
program splits lines at another sign than the file was written with; quotes do not help then, because they do not stand
at the beginning of what the program takes for a cell. An apostrophe before the sign makes a text of it.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from typing import IO, Any

_SIGNS = "=+\\-@\uff0b\uff0d\uff1d\uff20"
"""what formulas begin with, wide letters included: some programs take them for the narrow ones"""
_BLANK = "[ \\xa0\"']*"
_BEGINNING = rf"(?:^|[,;|\t\r\n]){_BLANK}"
_FORMULA = re.compile(rf"({_BEGINNING})(?=[{_SIGNS}])")
_MADE_HARMLESS = re.compile(rf"({_BEGINNING})'(?=[{_SIGNS}])")
_LONGEST = 32_767
"""signs that a cell of a workbook holds"""
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def harmless(text: str) -> str:
    r"""The text with an apostrophe wherever a spreadsheet would begin a formula.

    >>> harmless("=1+1"), harmless("thanks;=cmd"), harmless("a - b, c"), harmless("ok\n@SUM")
    ("'=1+1", "thanks;'=cmd", 'a - b, c', "ok\n'@SUM")
    """
    return _FORMULA.sub(r"\1'", text)


def as_written(text: str) -> str:
    """The text that `harmless` was given.

    >>> as_written("thanks;'=cmd")
    'thanks;=cmd'
    """
    return _MADE_HARMLESS.sub(r"\1", text)


def write_rows(
    target: IO[str],
    rows: Iterable[Sequence[Any]],
    *,
    delimiter: str = ",",
    decimal: str = ".",
    line_end: str = "\r\n",
) -> int:
    """Write rows as CSV: numbers with six digits that count, None as nothing, all else harmless; the number of rows."""
    writer = csv.writer(target, delimiter=delimiter, lineterminator=line_end)
    count = 0
    for row in rows:
        writer.writerow([_cell(value, decimal) for value in row])
        count += 1
    return count


def _cell(value: Any, decimal: str) -> str | int | None:
    if value is None or isinstance(value, int):
        return value
    return f"{value:.6g}".replace(".", decimal) if isinstance(value, float) else harmless(str(value))


def begins_formula(text: str) -> bool:
    """Whether a cell that holds nothing but this text would be run.

    >>> begins_formula(" =1+1"), begins_formula("a - b"), begins_formula("a;=1")
    (True, False, False)
    """
    return _FORMULA.match(text.lstrip()) is not None


def cell_text(text: str) -> str:
    """The text as a cell of a workbook can hold it: without signs that XML forbids, cut where a cell ends."""
    return _NOT_IN_XML.sub(" ", text)[:_LONGEST]


def dated_workbook(workbook: bytes, moment: str = "2000-01-01T00:00:00Z") -> bytes:
    """The .xlsx with `moment` in the place of the time at which it was written: same cells, same bytes."""
    target = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook)) as given,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made,
    ):
        for name in given.namelist():
            content = given.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb">\d{4}-\d\d-\d\dT[\d:.]+Z<", f">{moment}<".encode(), content)
            made.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()
