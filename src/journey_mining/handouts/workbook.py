"""A segment as a workbook: the map as an analyst lays it out, the tables behind it, and what every number means.

In: scenes of one or more languages, a segment. Out: the bytes of an .xlsx file. Texts stay texts in every spreadsheet,
whatever they begin with; the same state gives the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

from journey_mining.dashboards.csv_files import Sheet
from journey_mining.dashboards.map_view import lead_of
from journey_mining.dashboards.scene import Scene
from journey_mining.handouts.map_rows import MARKS, MapRow, Value, map_rows
from journey_mining.handouts.published import SegmentState
from journey_mining.handouts.segment_sheets import dated, definitions_sheet, segment_sheets
from journey_mining.spreadsheet import begins_formula, cell_text, dated_workbook
from journey_mining.vocabulary import Evidence

HEAD_ROW, HEAD_COLUMNS = 6, 4
"""row of the stages, and columns before the first stage: both stay in view"""
_WIDTHS = (30, 16, 7, 20)
_STAGE_WIDTH, _MOST_WIDTH, _LEAST_WIDTH = 30, 60, 10
_LINE, _LINES = 15.0, 12
_NUMBERS = {"share": "0.0%", "mood": "+0.00;-0.00;0.00", "days": "0.0", "count": "#,##0", "text": "@"}
_LEGEND = {Evidence.MEASURED: "measured", Evidence.TEXTS: "texts", Evidence.DECLARED: "declared"}
_HEAD_COLOUR, _DETAIL_COLOUR = "E8EDF4", "5A6675"


def workbook_bytes(scenes: Sequence[Scene], state: SegmentState) -> bytes:
    """The workbook: a map and definitions in every language, the tables in the first."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator = "journey_mining"
    for scene in scenes:
        _write_map(book.create_sheet(scene.words.plain("page.map")), scene, state)
    for scene in scenes:
        _write_table(book.create_sheet(scene.words.plain("data.definitions")), definitions_sheet(scene))
    for name, sheet in dated(scenes[0], segment_sheets(scenes[0], state)).items():
        _write_table(book.create_sheet(name[:31]), sheet)
    target = io.BytesIO()
    book.save(target)
    return dated_workbook(target.getvalue(), f"{scenes[0].pictures.as_of:%Y-%m-%dT%H:%M:%SZ}")


def _write_map(sheet: Any, scene: Scene, state: SegmentState) -> None:
    from openpyxl.styles import Font

    for number, line in enumerate(_head_lines(scene, state), start=1):
        _put(sheet.cell(number, 1), line)
    sheet.cell(1, 1).font = Font(bold=True, size=16)
    names = [f"{c.stage.number}. {scene.name(c.stage.name)}" for c in state.map.columns]
    heads = [scene.words.plain(key) for key in ("map.stage", "handout.part", "handout.evidence", "data.method")]
    for place, head in enumerate((*heads, *names), start=1):
        _head_cell(sheet.cell(HEAD_ROW, place), head)
    for number, row in enumerate(map_rows(scene, state.map), start=HEAD_ROW + 1):
        _write_map_row(sheet, number, row)
    _lay_out_map(sheet, len(names))


def _head_lines(scene: Scene, state: SegmentState) -> Iterator[str]:
    """Title, cutoff, findings, legend and the rule of small cells."""
    words, limits = scene.words.plain, scene.pictures.limits
    yield f"{words('page.map_of')}: {scene.name(state.map.segment.name)}"
    yield words("page.data_until", date=scene.formats.moment(scene.pictures.as_of)) + f". {scene.brand}"
    yield str(lead_of(scene, state.map).striptags())
    yield "   ".join(f"{sign} {words(f'legend.{_LEGEND[mark]}')}" for mark, sign in MARKS.items())
    yield words("data.privacy", small=limits.small, thin=limits.thin)


def _write_map_row(sheet: Any, number: int, row: MapRow) -> None:
    from openpyxl.styles import Alignment, Font

    for place, words in enumerate((row.label, row.part, row.marks, row.method), start=1):
        cell = sheet.cell(number, place)
        _put(cell, words)
        cell.alignment = Alignment(vertical="top", wrap_text=place == 1)
        cell.font = Font(bold=place == 1 and not row.is_detail, color=_DETAIL_COLOUR if row.is_detail else None)
    for place, value in enumerate(row.cells, start=HEAD_COLUMNS + 1):
        cell = sheet.cell(number, place)
        _put(cell, value)
        if not isinstance(value, str):
            cell.number_format = _NUMBERS[row.form]
        cell.alignment = Alignment(vertical="top", wrap_text=True, horizontal="left" if row.form == "text" else "right")
        cell.font = Font(bold=not row.is_detail and row.form != "text", color=_DETAIL_COLOUR if row.is_detail else None)
    if row.form == "text":
        sheet.row_dimensions[number].height = _LINE * min(max(map(_lines, row.cells), default=1), _LINES)
    if row.is_detail:
        sheet.row_dimensions[number].outline_level = 1


def _lines(value: Value) -> int:
    """How many lines a text takes in a column of stages."""
    return sum(1 + len(line) // _STAGE_WIDTH for line in str(value or "").split("\n"))


def _lay_out_map(sheet: Any, stages: int) -> None:
    from openpyxl.utils import get_column_letter

    for place, width in enumerate((*_WIDTHS, *[_STAGE_WIDTH] * stages), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = sheet.cell(HEAD_ROW + 1, HEAD_COLUMNS + 1)
    sheet.sheet_properties.outlinePr.summaryBelow = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A3
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{HEAD_ROW}:{HEAD_ROW}"


def _write_table(sheet: Any, table: Sheet) -> None:
    """A table with its headings in the first row, as other programs expect it."""
    from openpyxl.utils import get_column_letter

    for place, head in enumerate(table.head, start=1):
        _head_cell(sheet.cell(1, place), head)
    for number, row in enumerate(table.rows, start=2):
        for place, value in enumerate(row, start=1):
            _put(sheet.cell(number, place), None if value == "" else value)
    for place, head in enumerate(table.head, start=1):
        longest = max((len(str(row[place - 1])) for row in table.rows), default=0)
        width = min(max(longest, len(head), _LEAST_WIDTH) + 2, _MOST_WIDTH)
        sheet.column_dimensions[get_column_letter(place)].width = width
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions


def _head_cell(cell: Any, words: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill

    _put(cell, words)
    cell.font = Font(bold=True)
    cell.fill = PatternFill("solid", fgColor=_HEAD_COLOUR)
    cell.alignment = Alignment(vertical="top", wrap_text=True)


def _put(cell: Any, value: Value) -> None:
    """A value; a text is marked as one, so that no spreadsheet runs it, even after it was edited."""
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = cell_text(value)
    cell.data_type = "s"
    if begins_formula(value):
        cell.quotePrefix = True
