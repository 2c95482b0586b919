"""What is read of whole columns at once is what the parser makes of each text, and plain cells are so read."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from journey_mining.sources.cell_error import CellError
from journey_mining.sources.cells import CellContext, arrow_type, parser_of
from journey_mining.sources.plain_cells import Kernel, kernel_of
from journey_mining.sources.spec import SourceSettings
from journey_mining.sources.spec_column import Column

SOURCE = SourceSettings(id="s", system="x", role="crm", title_ru="С", title_en="S", timezone="Europe/Berlin")
CONTEXT = CellContext(
    source=SOURCE,
    latest=datetime(2026, 9, 30, 12),  # noqa: DTZ001 - UTC
    null_values=frozenset({"", "null", "0001-01-01"}),
)
COLUMNS: dict[str, dict[str, Any]] = {
    "id": {"type": "id", "not_in": ["none"], "map": {"a1": "b2"}},
    "text": {"type": "text"},
    "url": {"type": "url"},
    "email": {"type": "email"},
    "int": {"type": "int", "minimum": -5, "maximum": 1e6},
    "any_int": {"type": "int"},
    "decimal": {"type": "decimal"},
    "date": {"type": "date"},
    "datetime": {"type": "datetime"},
    "two_formats": {"type": "datetime", "formats": ["%d.%m.%Y %H:%M", "%m.%d.%Y %H:%M", "%Y%m%d"]},
    "day": {"type": "date", "formats": ["%d/%m/%Y"]},
    "datetime_tz": {"type": "datetime_tz"},
    "epoch_s": {"type": "epoch_s"},
    "epoch_ms": {"type": "epoch_ms"},
    "epoch_us": {"type": "epoch_us"},
}
STRANGE = [
    "", "null", "none", "a1", "0", "7", "00", "1e5", "1.5E+10", "4,1e7", "12e456", "1e", "-", "-0", "-7", "+5",
    "007", "٣", "999999999999999", "1000000000000000", "12.5", "12.345", "1,5", ".5", "5.", "1 000", "-0.00",
    "99999999999999.99", " x", "x ", "x\xa0", "\u2003x", "x\x1f", "x\x85", "й", "Ёж", "слово и слово",
    "x" * 33_000, "й" * 33_000, "x\x00", "a@b.ru", "A@b.ru", "a.@b.ru", ".a@b.ru", "a..b@b.ru", "a@b",
    "a@-b.ru", "a@b-.ru", "mailto:a@b.ru", "a@x.xn--p1ai", "2026-02-30 10:00:00", "2026-03-29 02:30:00",
    "2026-10-25 02:30:00", "2026-03-29 03:00:00", "2026-09-30 13:59:59", "2026-09-30 14:00:00",
    "2026-09-30 14:00:01", "2026-10-01", "2026-10-02", "1999-12-31 23:59:59", "2000-01-01 00:59:59",
    "2000-01-01T01:00:00", "0000-01-01 00:00:00", "9999-12-31 23:59:59", "2026-04-01 24:00:00",
    "2026-04-01 10:00:60", "01.02.2026", "01.02.2026 10:00", "13.02.2026 10:00", "02.13.2026 10:00",
    "1.2.2026 10:00", "01/02/2026", "20260401", "01.02.2026 10:00:05", "29.03.2026 02:30",
    "2026-04-01T10:00:00Z", "2026-04-01T10:00:00+03:00", "0001-01-01", "2026-04-01 10:00:00.123-05:30",
    "2026-04-01T10:00:00.123456Z", "2026-04-01T10:00:00+19:59", "2026-04-01T10:00:00", "1767225600",
    "1767225600000", "1767225600000000", "946684799", "946684800", "99999999999", "-5",
]  # fmt: skip
SHAPED = st.one_of(
    st.sampled_from(STRANGE),
    st.text(max_size=12),
    st.datetimes(datetime(1999, 12, 30), datetime(2026, 10, 3)).map(str),  # noqa: DTZ001 - local
    st.from_regex(r"\A[0-9]{1,2}[./-][0-9]{1,2}[./-][0-9]{2,4}( [0-9]{2}:[0-9]{2})?\Z"),
    st.from_regex(r"\A-?[0-9]{0,16}[.,]?[0-9]{0,3}([eE][0-9]{1,3})?\Z"),
    st.from_regex(r"\A[A-Za-z0-9._-]{1,6}@[a-z0-9.-]{1,8}\Z"),
)


def column(name: str) -> Column:
    return Column.model_validate({"from": ["x"], **COLUMNS[name]})


def kernel(name: str) -> Kernel:
    found = kernel_of(column(name), CONTEXT)
    assert found is not None
    return found


def one_by_one(name: str, text: str) -> Any:
    """What the parser makes of a text; the fault where it makes nothing of it."""
    try:
        return parser_of(column(name), CONTEXT)(text)
    except CellError as fault:
        return fault


@pytest.mark.parametrize("name", COLUMNS)
@settings(max_examples=40, deadline=None)
@given(texts=st.lists(st.one_of(st.none(), SHAPED), max_size=12))
@example(texts=STRANGE)
@example(texts=[])
@example(texts=[None])
def test_cells_read_at_once_are_what_each_of_them_is(name: str, texts: list[str | None]) -> None:
    values, done = kernel(name)(pa.array(texts, pa.string()))
    read = {text: value for text, value, is_done in zip(texts, values.to_pylist(), done, strict=True) if is_done}
    kind = arrow_type(column(name))
    assert values.type == kind
    assert read == {text: pa.array([one_by_one(name, text or "")], kind)[0].as_py() for text in read}


@pytest.mark.parametrize("text", STRANGE)
def test_each_strange_text_alone_is_what_the_parser_makes_of_it(text: str) -> None:
    found = {name: kernel(name)(pa.array([text], pa.string())) for name in COLUMNS}
    read = {name: values[0].as_py() for name, (values, done) in found.items() if done[0]}
    assert read == {name: pa.array([one_by_one(name, text)], arrow_type(column(name)))[0].as_py() for name in read}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("id", "14389127361800000001"),
        ("id", "40105ab7e455"),
        ("text", "Заявка с сайта"),
        ("email", "ivan.petrov+shop@mail.example"),
        ("int", "17"),
        ("decimal", "1234.50"),
        ("date", "01.02.2026"),
        ("date", "2026-04-01"),
        ("datetime", "2026-04-01 10:00:00"),
        ("datetime", "01.02.2026 10:00"),
        ("datetime_tz", "2026-04-01T10:00:00+03:00"),
        ("epoch_s", "1767225600"),
    ],
)
def test_plain_cells_are_read_at_once(name: str, text: str) -> None:
    assert kernel(name)(pa.array([text], pa.string()))[1].tolist() == [True]


@pytest.mark.parametrize(
    "rule", [{"allowed": ["a"]}, {"clean": "html"}, {"replace": [["a", "b"]]}, {"type": "text_list"}]
)
def test_columns_with_rules_of_their_own_are_left_to_the_parser(rule: dict[str, Any]) -> None:
    assert kernel_of(Column.model_validate({"from": ["x"], **rule}), CONTEXT) is None
