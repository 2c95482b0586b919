"""Workbooks, read back by openpyxl and pandas."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import datetime

import openpyxl
import pandas as pd
import pytest

from journey_mining.dashboards.one_file import one_file
from journey_mining.handouts import Published
from journey_mining.handouts.workbook import HEAD_COLUMNS, HEAD_ROW, workbook_bytes

State = Callable[[str], Published]


def made(published: Published, segment: str = "smb") -> bytes:
    return workbook_bytes([published.scene("ru"), published.scene("en")], published.segment(segment))


def row_of(sheet: openpyxl.worksheet.worksheet.Worksheet, label: str, part: str) -> list[object]:
    rows = sheet.iter_rows(min_row=HEAD_ROW + 1, values_only=True)
    return next(list(row[HEAD_COLUMNS:]) for row in rows if row[:2] == (label, part))


def test_numbers_of_the_map_are_those_of_the_page(state: State) -> None:
    published = state("usual")
    scene, segment = published.scene("en"), published.segment("smb")
    sheet = openpyxl.load_workbook(io.BytesIO(made(published)))["Map"]
    page = one_file(scene, segment.map)
    shares = row_of(sheet, "Drop-off", "share")
    assert shares == pytest.approx([column.drop_off.estimate for column in segment.map.columns], rel=1e-12)
    assert row_of(sheet, "Drop-off", "n") == [column.drop_off.customers for column in segment.map.columns]
    assert [value for value in shares if f"<b>{scene.formats.share(value)}</b>" not in page] == []
    assert sheet.freeze_panes == "E7"
    assert "Data up to 28\xa0Sep 2026" in sheet["A2"].value


def test_words_stand_where_a_number_may_not(state: State) -> None:
    published = state("usual")
    sheet = openpyxl.load_workbook(io.BytesIO(made(published)))["Map"]
    moods = [column.voice for column in published.segment("smb").map.columns]
    cells = row_of(sheet, "Emotion index", "index −1…+1")
    assert [isinstance(cell, str) for cell in cells] == [not mood.is_full for mood in moods]
    assert "no data" in cells


def test_every_row_says_where_it_comes_from(state: State) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(made(state("usual"))))["Карта"]
    marks = {row[2] for row in sheet.iter_rows(min_row=HEAD_ROW + 1, values_only=True)}
    assert marks == {"●", "◐", "○", "●◐"}


def test_no_text_becomes_a_formula(state: State) -> None:
    content = made(state("hostile"))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheets = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/worksheets/")]
    assert [sheet for sheet in sheets if re.search(r"<f[ >]", sheet)] == []
    book = openpyxl.load_workbook(io.BytesIO(content))
    started = [
        cell for sheet in book for row in sheet.iter_rows() for cell in row if str(cell.value or "").startswith("=")
    ]
    assert len(started) > 10
    assert {(cell.data_type, cell.quotePrefix) for cell in started} == {("s", True)}


def test_the_same_state_gives_the_same_bytes_and_carries_its_own_date(state: State) -> None:
    published = state("usual")
    assert made(published) == made(published)
    assert openpyxl.load_workbook(io.BytesIO(made(published))).properties.modified == datetime(2026, 9, 28)  # noqa: DTZ001


@pytest.mark.parametrize("shape", ["usual", "small"])
def test_no_table_holds_a_count_of_few(state: State, shape: str) -> None:
    published = state(shape)
    sheets = pd.read_excel(io.BytesIO(made(published, "all")), sheet_name=None)
    numbers = sheets["numbers"]["customers"].dropna()
    assert len(numbers) > 20
    assert numbers.between(1, published.pictures.limits.small - 1).sum() == 0
    assert (sheets["numbers"]["as_of"] == "2026-09-28T00:00:00Z").all()


def test_every_table_has_its_headings_in_the_first_row(state: State) -> None:
    sheets = pd.read_excel(io.BytesIO(made(state("usual"))), sheet_name=None)
    tables = {name: frame for name, frame in sheets.items() if name not in ("Карта", "Map")}
    assert {"numbers", "stages", "stage_flows", "variants", "what_if", "stage_facts", "Definitions"} <= set(tables)
    assert [
        name for name, frame in tables.items() if frame.empty or frame.columns.str.startswith("Unnamed").any()
    ] == []
