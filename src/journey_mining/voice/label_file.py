"""Files in which people label texts: written as a workbook and as CSV, read back from what a spreadsheet made of them.

Columns: id, text, language, stage, label, and one for each feeling that may be marked. What a spreadsheet
would run as a formula is written as text in the workbook, and behind an apostrophe in the CSV.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from journey_mining.errors import SettingsError
from journey_mining.privacy.private_files import write_private
from journey_mining.spreadsheet import as_written, cell_text, dated_workbook, write_rows
from journey_mining.voice.batch import LABELS

FEELINGS = ("frustration", "confusion", "satisfaction", "trust")
COLUMNS = ("id", "text", "language", "stage", "label", *FEELINGS)
LABEL_WORDS = {"ru": ("негатив", "нейтрально", "позитив"), "en": LABELS}
"""what the list in the workbook offers, in the order of `LABELS`"""
_LONGEST = 4_000
_HEADINGS = {
    "id": "id ид номер",
    "text": "text текст сообщение message",
    "language": "language lang язык",
    "stage": "stage этап",
    "label": "label метка оценка тональность polarity sentiment разметка",
    "frustration": "frustration раздражение",
    "confusion": "confusion растерянность",
    "satisfaction": "satisfaction удовлетворение",
    "trust": "trust доверие",
}
_HEADING_OF = {word: name for name, words in _HEADINGS.items() for word in words.split()}
_STEMS = (("negativ", "негатив", "отрицат", "плох"), ("neutral", "нейтрал"), ("positiv", "позитив", "положит", "хорош"))
_SHORT = {"neg": 0, "нег": 0, "neu": 1, "ней": 1, "нейтр": 1, "pos": 2, "поз": 2}
_NOT_MARKED = frozenset({"", "0", "no", "нет", "false", "ложь", "-"})
_SEARCHED_FOR_HEADINGS = 20
_MOST_ROWS = 100_000
_NO_HEADINGS = "has no row of headings with label and text (or id)"
_BETWEEN_SIGNS = re.compile(r"[^\W_](?:.*[^\W_])?", re.DOTALL)
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    csv.Error,
    SyntaxError,  # both XML parsers raise it
    OSError,
    EOFError,
    LookupError,
    ArithmeticError,
    ValueError,
    TypeError,
    AttributeError,
    RuntimeError,  # an archive that is encrypted, or of a later version
)
"""what readers of archives, XML and CSV raise for files that were torn or changed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledText:
    """A row of a label file."""

    text_id: str
    """'' where somebody added a text of their own"""
    text: str
    language: str = ""
    stage: str = ""
    label: int | None = None
    """place in `LABELS`, or None"""
    marks: tuple[str, ...] = ()
    """feelings that were marked, and other columns that were filled with a mark"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFile:
    """What a label file holds."""

    rows: tuple[LabelledText, ...]
    """rows with a label, each text once"""
    unlabelled_count: int = 0
    unread: tuple[str, ...] = ()
    """words in the column label that mean nothing known, each once, the first ones"""
    unread_count: int = 0
    contradicting_count: int = 0
    """texts that stand there several times with different labels; none of them is taken"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Cells of a label file or of a sheet of it."""

    rows: Sequence[Sequence[str]]
    head: int
    """number of the row of headings"""
    columns: dict[int, str]
    """known name, or the heading itself, by place of the column"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextForm:
    """How a label file that is text was written."""

    delimiter: str
    encoding: str


def write_workbook(rows: Sequence[LabelledText], path: Path, *, language: str) -> None:
    """Write a workbook with a list to choose labels from; the same rows give the same bytes."""
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    sheet.title = "labels"
    for place, name in enumerate(COLUMNS, start=1):
        sheet.cell(1, place, name).font = Font(bold=True)
    for number, row in enumerate(rows, start=2):
        for place, value in enumerate(_cells(row, language), start=1):
            cell = sheet.cell(number, place)
            cell.value, cell.data_type, cell.quotePrefix = value or None, "s" if value else "n", bool(value)
            cell.alignment = Alignment(vertical="top", wrap_text=place == COLUMNS.index("text") + 1)
    words = [*LABEL_WORDS[language], *(word for words in LABEL_WORDS.values() for word in words)]
    choice = DataValidation(type="list", formula1=f'"{",".join(dict.fromkeys(words))}"', allow_blank=True)
    marks = DataValidation(type="list", formula1='"x"', allow_blank=True)
    for rule, cells in ((choice, f"E2:E{len(rows) + 1}"), (marks, f"F2:I{len(rows) + 1}")):
        rule.showErrorMessage, rule.errorStyle = True, "stop"
        sheet.add_data_validation(rule)
        rule.add(cells)
    for column, width in zip("ABCDEFGHI", (20, 90, 10, 16, 14, 12, 12, 12, 12), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
    write_private(path, saved_workbook(book))


def write_csv(rows: Sequence[LabelledText], path: Path, *, language: str) -> None:
    """Write the same rows as CSV: UTF-8 with a mark, semicolons for Russian."""
    target = io.StringIO()
    cells = (_cells(row, language) for row in rows)
    write_rows(target, chain([COLUMNS], cells), delimiter=";" if language == "ru" else ",")
    write_private(path, target.getvalue().encode("utf-8-sig"))


def read_labels(path: Path) -> LabelFile:
    """Read a label file: workbook or text, usual delimiters and encodings, any order of columns, either language.

    Raises:
        SettingsError: the file is missing or damaged, or has no columns text (or id) and label.
    """
    try:
        is_workbook = is_workbook_file(path)
    except OSError as fault:
        raise _unreadable(path, f"cannot be read ({type(fault).__name__})") from fault
    table = next(iter(read_tables(path).values())) if is_workbook else read_text_table(path)[0]
    read = [_row(cells, table.columns) for cells in table.rows[table.head + 1 :]]
    return _once_each([(row, word) for row, word in read if row.text_id or row.text])


def read_tables(path: Path) -> dict[str, Table]:
    """The sheets of a workbook that have the headings, by their name, at least one.

    Raises:
        SettingsError: the workbook is damaged, or none of its sheets has the headings.
    """
    with _refusing_damage(path):
        sheets = _sheets(path)
    found = {name: table for name, rows in sheets.items() if (table := _found_table(rows))}
    if not found:
        raise _unreadable(path, _NO_HEADINGS)
    return found


def read_text_table(path: Path) -> tuple[Table, TextForm]:
    """The cells of a label file that is text, and how it was written.

    Raises:
        SettingsError: the file cannot be read, or has no headings.
    """
    with _refusing_damage(path):
        text, encoding = _decoded(path.read_bytes())
        head = "\n".join(text.splitlines()[:_SEARCHED_FOR_HEADINGS])
        delimiter = max(";\t,", key=lambda sign: (_found_table(_split(head, sign)) is not None, head.count(sign)))
        table = _found_table(_split(text, delimiter))
    if table is None:
        raise _unreadable(path, _NO_HEADINGS)
    return table, TextForm(delimiter=delimiter, encoding=encoding)


def labelled_text(table: Table, number: int) -> LabelledText:
    """One row of a table."""
    return _row(table.rows[number], table.columns)[0]


def opened_workbook(path: Path) -> Any:
    """A workbook to be changed."""
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that do not matter here
        return load_workbook(path)


def saved_workbook(book: Any) -> bytes:
    """The content of a workbook without the time at which it was written."""
    target = io.BytesIO()
    book.save(target)
    return dated_workbook(target.getvalue())


@contextmanager
def _refusing_damage(path: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGE as fault:
        raise _unreadable(path, f"cannot be read ({type(fault).__name__})") from fault


def _cells(row: LabelledText, language: str) -> list[str]:
    label = "" if row.label is None else LABEL_WORDS[language][row.label]
    marks = ["x" if feeling in row.marks else "" for feeling in FEELINGS]
    text = cell_text(row.text)[:_LONGEST]
    return [row.text_id, text, row.language, row.stage, label, *marks]


def is_workbook_file(path: Path) -> bool:
    """Whether it is packed as workbooks are, whatever its name ends in."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def _sheets(path: Path) -> dict[str, list[list[str]]]:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns of styles and extensions that do not matter here
        # of bytes: where the workbook is damaged, a file would stay open
        book = load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True)
        try:
            return {sheet.title: _sheet_rows(sheet) for sheet in book.worksheets}
        finally:
            book.close()


def _sheet_rows(sheet: Any) -> list[list[str]]:
    sheet.reset_dimensions()
    rows = sheet.iter_rows(max_row=_MOST_ROWS, values_only=True)
    return [["" if value is None else str(value) for value in cells] for cells in rows]


def _split(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(10_000_000)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _decoded(content: bytes) -> tuple[str, str]:
    """The text, and an encoding to write it with."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16"), "utf-16"
    try:
        return content.decode("utf-8-sig"), "utf-8-sig"
    except UnicodeDecodeError:
        # what that code page cannot say comes back in one that can
        return content.decode("cp1251", errors="replace"), "utf-8-sig"


def _found_table(rows: Sequence[Sequence[str]]) -> Table | None:
    """The rows with their headings, where there are any."""
    for number, cells in enumerate(rows[:_SEARCHED_FOR_HEADINGS]):
        words = [_plain(cell) for cell in cells]
        names = [_HEADING_OF.get(word, word) for word in words]
        if "label" in names and {"id", "text"} & set(names):
            columns = {place: name for place, name in enumerate(names) if name and names.index(name) == place}
            return Table(rows=rows, head=number, columns=columns)
    return None


def _row(cells: Sequence[str], columns: dict[int, str]) -> tuple[LabelledText, str]:
    """A row, and the word in its column label."""
    values = {name: cells[place].strip() for place, name in columns.items() if place < len(cells)}
    text = values.get("text", "")
    word = values.get("label", "")
    others = [name for name in values if name not in COLUMNS[:5]]
    row = LabelledText(
        text_id=values.get("id", "").lstrip("'"),
        text=as_written(text),
        language=values.get("language", ""),
        stage=values.get("stage", ""),
        label=label_of(word),
        marks=tuple(mark for name in others for mark in _marks(name, values[name])),
    )
    return row, word


def _marks(name: str, value: str) -> list[str]:
    """A feeling that is marked, or the words of a column such as "phenomena" that holds several."""
    if name in FEELINGS:
        return [name] if _plain(value) not in _NOT_MARKED else []
    if name in ("phenomenon", "phenomena", "явление", "явления", "tag", "tags"):
        return [word for word in re.split(r"[;,\s]+", value.lower()) if word]
    return []


def label_of(word: str) -> int | None:
    """Place in `LABELS` that a word means, in Russian or English and however it was typed; None where unknown.

    >>> [label_of(word) for word in ("Negative", " ПОЗИТИВ. ", "нейтральный", "neu", "2", "")]
    [0, 2, 1, 1, None, None]
    """
    plain = _plain(word)
    if plain in _SHORT:
        return _SHORT[plain]
    return next((label for label, stems in enumerate(_STEMS) if plain.startswith(stems)), None)


def _plain(word: str) -> str:
    found = _BETWEEN_SIGNS.search(word.lower().replace("ё", "е"))
    return found[0] if found else ""


def _once_each(read: Sequence[tuple[LabelledText, str]]) -> LabelFile:
    labels: dict[str, LabelledText] = {}
    contradicting: set[str] = set()
    for row, _ in read:
        key = row.text_id or row.text
        if row.label is None:
            continue
        if key in labels and labels[key].label != row.label:
            contradicting.add(key)
        marks = (*labels[key].marks, *row.marks) if key in labels else row.marks
        labels[key] = replace(row, marks=tuple(dict.fromkeys(marks)))
    unread = [word for row, word in read if row.label is None and word]
    return LabelFile(
        rows=tuple(row for key, row in labels.items() if key not in contradicting),
        unlabelled_count=sum(row.label is None and not word for row, word in read),
        unread=tuple(dict.fromkeys(unread))[:5],
        unread_count=len(unread),
        contradicting_count=len(contradicting),
    )


def _unreadable(path: Path, why: str) -> SettingsError:
    return SettingsError(
        f"The label file {path} {why}.",
        expected="a workbook or CSV as `journey voice label` writes it, with its columns id, text and label.",
        todo="Save it from the spreadsheet as .xlsx or CSV with its headings, or write a new one.",
    )
