"""Workbooks as a source reads them: literal rows."""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from journey_mining.errors import FileRejectedError
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.readers import xlsx
from journey_mining.sources.spec import Stream
from support import at

Rows = list[tuple[int, list[str | None]]]


def stream(**dialect: Any) -> Stream:
    columns = {"id": {"from": ["id"], "type": "id"}}
    return Stream.model_validate(
        {"id": "s", "files": ["*"], "format": "xlsx", "key": ["id"], "xlsx": dialect, "columns": columns}
    )


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def workbook(*rows: list[Any], **sheets: list[list[Any]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for name, others in sheets.items():
        sheet = book.create_sheet(name)
        for row in others:
            sheet.append(row)
    return saved(book)


def changed(content: bytes, part: str, change: Callable[[str], str]) -> bytes:
    """The workbook with one of its parts rewritten."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            text = old.read(name)
            new.writestr(name, change(text.decode()) if name == part else text)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Rows]:
    def rows(content: bytes, *, name: str = "book.xlsx", **dialect: Any) -> Rows:
        (tmp_path / name).write_bytes(content)
        return list(xlsx.read(Delivered(path=tmp_path / name, name=name), stream(**dialect), ""))

    return rows


def refusal(read: Callable[..., Rows], content: bytes, **dialect: Any) -> str:
    with pytest.raises(FileRejectedError) as caught:
        read(content, **dialect)
    return caught.value.code


def test_cells_become_text_that_types_can_read(read: Callable[..., Rows]) -> None:
    book = workbook(
        ["id", "sum", "share", "paid", "on", "at", "note"],
        [12.0, 1234.5, 0.1 + 0.2, True, date(2026, 4, 1), at("2026-04-01T10:30"), " да "],
    )
    assert read(book) == [
        (1, ["id", "sum", "share", "paid", "on", "at", "note"]),
        (2, ["12", "1234.5", "0.3", "true", "2026-04-01", "2026-04-01 10:30:00", " да "]),
    ]


def test_midnight_in_a_cell_of_date_and_time_keeps_its_time(read: Callable[..., Rows]) -> None:
    assert read(workbook(["at"], [at("2026-04-01")])) == [(1, ["at"]), (2, ["2026-04-01 00:00:00"])]


def test_a_duration_is_seconds(read: Callable[..., Rows]) -> None:
    assert read(workbook(["wait"], [timedelta(hours=30, seconds=1)]))[1] == (2, ["108001"])


def test_dates_of_the_other_calendar_are_the_same_dates(read: Callable[..., Rows]) -> None:
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["on"])
    book.active.append([date(2026, 4, 1)])
    assert read(saved(book)) == [(1, ["on"]), (2, ["2026-04-01"])]


def test_a_number_beyond_fifteen_digits_shows_that_it_lost_some(read: Callable[..., Rows]) -> None:
    book = workbook(["id", "text"], [1438912736182736982, "1438912736182736982"])
    assert read(book)[1] == (2, ["1.43891273618274E+18", "1438912736182736982"])


def test_empty_rows_are_none_and_missing_cells_are_empty(read: Callable[..., Rows]) -> None:
    assert read(workbook(["id", "a", "b"], [], [1, None, None], ["2", "x", "y"])) == [
        (1, ["id", "a", "b"]),
        (3, ["1", None, None]),
        (4, ["2", "x", "y"]),
    ]


def test_a_wrong_dimension_loses_no_rows(read: Callable[..., Rows]) -> None:
    book = changed(workbook(["id", "a"], ["1", "x"]), SHEET, lambda text: text.replace('ref="A1:B2"', 'ref="A1"'))
    assert read(book) == [(1, ["id", "a"]), (2, ["1", "x"])]


def test_a_missing_dimension_loses_no_rows(read: Callable[..., Rows]) -> None:
    book = changed(workbook(["id", "a"], ["1", "x"]), SHEET, lambda text: re.sub(r"<dimension[^>]*/>", "", text))
    assert read(book) == [(1, ["id", "a"]), (2, ["1", "x"])]


def test_a_formula_gives_the_value_kept_beside_it(read: Callable[..., Rows]) -> None:
    book = workbook(["id"], ["=6*7"])
    assert read(changed(book, SHEET, lambda text: re.sub(r"<v\s*/>|<v></v>", "<v>42</v>", text)))[1] == (2, ["42"])


def test_an_error_of_a_formula_is_no_value(read: Callable[..., Rows]) -> None:
    book = workbook(["id", "a"], ["1", "#N/A"])
    assert read(book)[1] == (2, ["1", None])


def test_a_date_beyond_the_calendar_is_no_value(read: Callable[..., Rows]) -> None:
    book = changed(
        workbook(["id", "on"], ["1", date(2026, 4, 1)]), SHEET, lambda text: text.replace("46113", "99999999999")
    )
    assert read(book)[1] == (2, ["1", None])


def test_a_note_right_of_the_table_costs_no_row(read: Callable[..., Rows]) -> None:
    assert read(workbook(["id"], ["1", None, "ask Anna"])) == [(1, ["id"]), (2, ["1"])]


def test_a_merged_heading_stands_over_its_first_column(read: Callable[..., Rows]) -> None:
    book = Workbook()
    book.active.append(["id", "contact", None, "sum"])
    book.active.append(["1", "a", "b", 2])
    book.active.merge_cells("B1:C1")
    assert read(saved(book)) == [(1, ["id", "contact", None, "sum"]), (2, ["1", "a", "b", "2"])]


def test_lines_above_the_headings_are_left_out(read: Callable[..., Rows]) -> None:
    assert read(workbook(["Report of May"], [], ["id"], ["1"]), skip_lines=2) == [(3, ["id"]), (4, ["1"])]


@pytest.mark.parametrize("sheet", [2, "Deals", " deals"])
def test_a_sheet_is_found_by_number_or_name(read: Callable[..., Rows], sheet: str | int) -> None:
    assert read(workbook(["x"], Deals=[["id"], ["7"]]), sheet=sheet) == [(1, ["id"]), (2, ["7"])]


@pytest.mark.parametrize("sheet", [0, 3, "Dealz"])
def test_a_sheet_that_is_not_there_is_said(read: Callable[..., Rows], sheet: str | int) -> None:
    assert refusal(read, workbook(["x"], Deals=[["id"]]), sheet=sheet) == "TABLE_NOT_FOUND"


def test_a_packed_workbook_is_read_too(read: Callable[..., Rows]) -> None:
    assert read(gzip.compress(workbook(["id"], ["1"])), name="book.xlsx.gz") == [(1, ["id"]), (2, ["1"])]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY_FILE"),
        (b"\xd0\xcf\x11\xe0 old or locked", "LOCKED_ARCHIVE"),
        (b"<html><table>", "TRUNCATED_FILE"),
        (workbook(["id"])[:-200], "TRUNCATED_FILE"),
    ],
)
def test_what_is_no_workbook_is_rejected_with_its_reason(read: Callable[..., Rows], content: bytes, code: str) -> None:
    assert refusal(read, content) == code


def test_a_workbook_that_unpacks_to_a_flood_is_refused_before_unpacking(read: Callable[..., Rows]) -> None:
    flood = changed(workbook(["id"], ["1"]), SHEET, lambda text: text + " " * (65 << 20))
    assert refusal(read, flood) == "UNSAFE_FILE"


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/styles.xml"])
def test_a_workbook_with_entities_is_refused(read: Callable[..., Rows], part: str) -> None:
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    book = changed(workbook(["id"], ["1"]), part, lambda text: laughs + re.sub(r"<\?xml[^>]*\?>", "", text))
    assert refusal(read, book) == "UNSAFE_FILE"


def test_a_row_far_below_all_sheets_is_refused(read: Callable[..., Rows]) -> None:
    book = changed(
        workbook(["id"], ["1"]), SHEET, lambda text: text.replace('r="2"', 'r="999999999"').replace("A2", "A999999999")
    )
    assert refusal(read, book) == "UNSAFE_FILE"


def test_a_workbook_with_a_broken_part_is_rejected(read: Callable[..., Rows]) -> None:
    """The archive is whole, and what is packed in it cannot be unpacked."""
    whole = workbook(["id"], *([number] for number in range(500)))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        part = archive.getinfo(SHEET)
        start = part.header_offset + 30 + len(part.filename)
    broken = whole[:start] + b"\xff" * 20 + whole[start + 20 :]
    assert refusal(read, broken) == "TRUNCATED_FILE"
