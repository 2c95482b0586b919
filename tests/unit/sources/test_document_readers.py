"""Web pages, Parquet files and SQLite databases as a source reads them: literal rows."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from journey_mining.errors import FileRejectedError
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.readers import html_table, parquet, sqlite
from journey_mining.sources.spec import Stream

Rows = list[tuple[int, list[str | None]]]
READERS = {"html": html_table, "parquet": parquet, "sqlite": sqlite}


def stream(form: str, dialect: dict[str, Any]) -> Stream:
    columns = {"id": {"from": ["id"], "type": "id"}}
    base = {"id": "s", "files": ["*"], "format": form, "key": ["id"], "columns": columns}
    return Stream.model_validate(base | ({form: dialect} if dialect else {}))


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Rows]:
    def rows(form: str, content: bytes, *, encoding: str = "", name: str = "file", **dialect: Any) -> Rows:
        (tmp_path / name).write_bytes(content)
        delivered = Delivered(path=tmp_path / name, name=name)
        return [(line, list(cells)) for line, cells in READERS[form].read(delivered, stream(form, dialect), encoding)]

    return rows


def refusal(read: Callable[..., Rows], *arguments: Any, **more: Any) -> str:
    with pytest.raises(FileRejectedError) as caught:
        read(*arguments, **more)
    return caught.value.code


def page(read: Callable[..., Rows], text: str, *, encoding: str = "utf-8-sig", **dialect: Any) -> Rows:
    return read("html", text.encode("utf-8"), encoding=encoding, **dialect)


def cells(rows: Rows) -> list[list[str | None]]:
    return [row for _, row in rows]


def test_rows_of_a_page_have_the_lines_where_they_begin(read: Callable[..., Rows]) -> None:
    head = "<html>\n<table>\n<thead><tr><th>id</th><th>Название</th></tr></thead>\n"
    text = f"{head}<tr><td>1</td><td>Р &amp; К</td></tr></table>"
    assert page(read, text) == [(3, ["id", "Название"]), (4, ["1", "Р & К"])]


def test_breaks_and_blocks_in_a_cell_are_line_ends(read: Callable[..., Rows]) -> None:
    text = "<table><tr><td>id</td></tr><tr><td> one\n  two<br>three<p>four</p><b>five</b> </td></tr></table>"
    assert cells(page(read, text)) == [["id"], ["one two\nthree four\nfive"]]


def test_cells_that_span_columns_leave_the_others_in_place(read: Callable[..., Rows]) -> None:
    text = "<table><tr><th>id<th colspan=2>contact<th>sum</tr><tr><td>1<td>a<td>b<td>2</tr></table>"
    assert cells(page(read, text)) == [["id", "contact", None, "sum"], ["1", "a", "b", "2"]]


def test_cells_that_span_rows_stand_in_each(read: Callable[..., Rows]) -> None:
    text = "<table><tr><th>id<th>item<tr><td rowspan=2>1<td>x<tr><td>y<tr><td>2<td>z</table>"
    assert cells(page(read, text)) == [["id", "item"], ["1", "x"], ["1", "y"], ["2", "z"]]


def test_titles_and_footers_over_the_whole_width_are_no_rows(read: Callable[..., Rows]) -> None:
    table = "<tr><th>id<th>a</tr><tr><td>1<td>x</tr>"
    text = f"<table><tr><td colspan=2>May</td></tr>{table}<tr><td colspan=2>Total: 1</table>"
    assert cells(page(read, text)) == [["id", "a"], ["1", "x"]]


def test_short_rows_are_filled_and_empty_ones_left_out(read: Callable[..., Rows]) -> None:
    text = "<table><tr><td>id<td>a</tr><tr></tr><tr><td>1</tr><tr><td><td></tr></table>"
    assert cells(page(read, text)) == [["id", "a"], ["1", None]]


def test_tables_are_counted_as_they_begin(read: Callable[..., Rows]) -> None:
    text = "<table><tr><td><table><tr><td>in</table>out</table><table><tr><td>id</tr><tr><td>1</table>"
    assert cells(page(read, text, table=3)) == [["id"], ["1"]]
    assert cells(page(read, text, table=2)) == [["in"]]
    assert cells(page(read, text, table=1)) == [["in out"]]


def test_styles_and_scripts_are_no_text(read: Callable[..., Rows]) -> None:
    text = "<style>td{}</style><table><tr><td><style>b{}</style>id<script>x()</script></td></tr></table>"
    assert cells(page(read, text)) == [["id"]]


def test_a_page_says_itself_that_it_is_cyrillic(read: Callable[..., Rows]) -> None:
    head = '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">'
    text = f"{head}<table><tr><td>Сумма</td></tr></table>"
    assert cells(read("html", text.encode("cp1251"), encoding="utf-8-sig")) == [["Сумма"]]


def test_a_page_that_says_utf_8_and_is_not_is_read_in_the_encoding_of_the_spec(read: Callable[..., Rows]) -> None:
    text = '<meta charset="utf-8"><table><tr><td>Сумма</td></tr></table>'
    assert cells(read("html", text.encode("cp1251"), encoding="cp1251")) == [["Сумма"]]
    with pytest.raises(UnicodeDecodeError):
        read("html", text.encode("cp1251"), encoding="utf-8-sig")


def test_a_page_without_the_table_is_rejected(read: Callable[..., Rows]) -> None:
    assert refusal(read, "html", b"<p>Session expired</p>", encoding="utf-8") == "TABLE_NOT_FOUND"


def packed(*columns: tuple[str, Any]) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(dict(columns)), sink)
    return bytes(sink.getvalue())


def test_values_of_parquet_keep_their_digits_and_zones(read: Callable[..., Rows]) -> None:
    stamp = datetime(2026, 4, 1, 7, 0, 0, 250_000, tzinfo=UTC)
    content = packed(
        ("id", pa.array([14389127361827369821], pa.uint64())),
        ("gap", pa.array([12.0])),
        ("lost", pa.array([1.4389127361827e19])),
        ("sum", pa.array([Decimal("13490.50")])),
        ("paid", pa.array([False])),
        ("on", pa.array([date(2026, 4, 1)])),
        ("zoned", pa.array([stamp], pa.timestamp("us", tz="Europe/Moscow"))),
        ("local", pa.array([stamp.replace(tzinfo=None)], pa.timestamp("ns"))),
        ("raw", pa.array(["да".encode()])),
        ("kind", pa.array(["a"]).dictionary_encode()),
    )
    assert read("parquet", content)[1] == (
        1,
        ["14389127361827369821", "12", "1.43891273618270E+19", "13490.50", "false", "2026-04-01",
         "2026-04-01 10:00:00.250000+03:00", "2026-04-01 07:00:00.250000", "да", "a"],
    )  # fmt: skip


def test_nested_values_of_parquet_are_json(read: Callable[..., Rows]) -> None:
    parameters = [{"key": "ga_session_id", "value": {"int_value": 1776000000, "string_value": None}}]
    assert read("parquet", packed(("id", pa.array(["1"])), ("params", pa.array([parameters])))) == [
        (0, ["id", "params"]),
        (1, ["1", '[{"key": "ga_session_id", "value": {"int_value": 1776000000, "string_value": null}}]']),
    ]


def test_empty_values_and_not_a_number_are_empty_cells(read: Callable[..., Rows]) -> None:
    assert read("parquet", packed(("id", pa.array([None, "1"])), ("n", pa.array([1.5, float("nan")])))) == [
        (0, ["id", "n"]),
        (1, [None, "1.5"]),
        (2, ["1", None]),
    ]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY_FILE"),
        (b"PARE....", "LOCKED_ARCHIVE"),
        (b"id;a\n", "TRUNCATED_FILE"),
        (b"PAR1....", "TRUNCATED_FILE"),
    ],
)
def test_what_is_no_parquet_is_rejected_with_its_reason(read: Callable[..., Rows], content: bytes, code: str) -> None:
    assert refusal(read, "parquet", content) == code


@pytest.fixture
def database(tmp_path: Path) -> bytes:
    with closing(sqlite3.connect(tmp_path / "made.db")) as made:
        made.execute("create table Event (id integer, name text, sum real, body blob)")
        made.execute("insert into Event values (9007199254740993, 'да', 2.0, x'ff01'), (2, null, 0.5, 'text')")
        made.execute("create view looks as select * from Event")
        made.commit()
    return (tmp_path / "made.db").read_bytes()


def test_rows_of_a_database_keep_their_digits(read: Callable[..., Rows], database: bytes) -> None:
    assert read("sqlite", database, table="event") == [
        (0, ["id", "name", "sum", "body"]),
        (1, ["9007199254740993", "да", "2", "ff01"]),
        (2, ["2", None, "0.5", "text"]),
    ]


def test_a_packed_database_is_read_too(read: Callable[..., Rows], database: bytes) -> None:
    assert len(read("sqlite", gzip.compress(database), name="file.gz", table="Event")) == 3


@pytest.mark.parametrize("table", ["events", "looks"])
def test_tables_that_are_not_there_and_views_are_refused(
    read: Callable[..., Rows], database: bytes, table: str
) -> None:
    assert refusal(read, "sqlite", database, table=table) == "TABLE_NOT_FOUND"


def test_what_is_no_database_is_rejected_with_its_reason(read: Callable[..., Rows], database: bytes) -> None:
    assert refusal(read, "sqlite", b"", table="event") == "EMPTY_FILE"
    assert refusal(read, "sqlite", b"id;a\n", table="event") == "TRUNCATED_FILE"
    assert refusal(read, "sqlite", database[:3000] + b"\xff" * 4000, table="event") == "TRUNCATED_FILE"
