"""Tables as Parquet and CSV, read back by pyarrow and pandas."""

from __future__ import annotations

import io
from collections.abc import Callable

import pandas as pd
import pyarrow.parquet as pq
import pytest

from journey_mining.dashboards.csv_files import csv_text
from journey_mining.handouts import Published
from journey_mining.handouts.parquet import parquet_bytes
from journey_mining.handouts.segment_sheets import dated, segment_sheets, shared_sheets

State = Callable[[str], Published]


@pytest.mark.parametrize("shape", ["usual", "hostile", "small", "web only"])
def test_every_table_is_parquet_with_its_origin(state: State, shape: str) -> None:
    published = state(shape)
    scene = published.scene("en")
    sheets = dated(scene, {**shared_sheets(scene), **segment_sheets(scene, published.segment("all"))})
    for name, sheet in sheets.items():
        content = parquet_bytes(scene, name, sheet)
        table = pq.read_table(io.BytesIO(content))
        assert table.num_rows == len(sheet.rows)
        assert table.schema.metadata[b"as_of"] == b"2026-09-28T00:00:00Z"
        assert table.schema.metadata[b"small_cell"] == b"10"
        assert set(table["as_of"].to_pylist()) <= {"2026-09-28T00:00:00Z"}
        assert content == parquet_bytes(scene, name, sheet)


def test_numbers_are_numbers_in_parquet_and_equal_those_of_the_pictures(state: State) -> None:
    published = state("usual")
    scene, segment = published.scene("en"), published.segment("smb")
    sheet = segment_sheets(scene, segment)["stages"]
    frame = pq.read_table(io.BytesIO(parquet_bytes(scene, "stages", sheet))).to_pandas()
    assert frame["drop_off"].tolist() == [column.drop_off.estimate for column in segment.map.columns]
    assert frame["drop_off_customers"].tolist() == [column.drop_off.customers for column in segment.map.columns]


def test_russian_files_have_semicolons_and_commas_and_a_mark(state: State) -> None:
    published = state("usual")
    scene, segment = published.scene("ru"), published.segment("smb")
    sheet = segment_sheets(scene, segment)["stages"]
    content = csv_text(scene, sheet).encode()
    assert content.startswith(b"\xef\xbb\xbf")
    frame = pd.read_csv(io.BytesIO(content), sep=";", decimal=",", encoding="utf-8-sig")
    own = [column.drop_off.estimate for column in segment.map.columns]
    assert frame["Отток"].tolist() == pytest.approx(own, rel=1e-5)


def test_numbers_say_where_they_come_from(state: State) -> None:
    published = state("usual")
    sheet = segment_sheets(published.scene("en"), published.segment("smb"))["numbers"]
    marks = {str(row[0]): row[-1] for row in sheet.rows}
    assert (marks["voice"], marks["drop_off"], marks["rating"]) == ("◐", "●", "●")
    assert {row[2] for row in sheet.rows} == {"smb"}


def test_no_segment_that_is_too_small_can_be_asked_for(state: State) -> None:
    assert "corp" not in state("small").segments()
    assert "corp" in state("usual").segments()
