"""Cells survive the way through a file, and no cell can break the typing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import get_args
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from journey_mining.sources.cell_error import CellError
from journey_mining.sources.cells import CellContext, parser_of
from journey_mining.sources.headings import fold
from journey_mining.sources.json_path import text_of
from journey_mining.sources.spec import SourceSettings
from journey_mining.sources.spec_column import Column, ColumnType

SOURCE = SourceSettings(id="s", system="x", role="crm", title_ru="С", title_en="S", timezone="Europe/Moscow")
CONTEXT = CellContext(source=SOURCE, latest=datetime(2030, 1, 1), null_values=frozenset({""}))  # noqa: DTZ001
KINDS = st.sampled_from(get_args(ColumnType))


def parser(kind: str) -> Callable[[str], object]:
    return parser_of(Column.model_validate({"from": ["x"], "type": kind}), CONTEXT)


@settings(max_examples=300, deadline=None)
@given(kind=KINDS, text=st.text(max_size=60))
def test_any_text_is_a_value_nothing_or_a_named_fault(kind: str, text: str) -> None:
    try:
        parser(kind)(text)
        reason = "FINE"
    except CellError as fault:
        reason = fault.reason
    assert reason.isupper()


@settings(max_examples=100, deadline=None)
@given(moment=st.datetimes(datetime(2000, 1, 2), datetime(2029, 12, 31)))  # noqa: DTZ001
def test_local_times_become_utc_as_the_zone_says(moment: datetime) -> None:
    local = moment.replace(microsecond=0)
    expected = local.replace(tzinfo=ZoneInfo("Europe/Moscow")).astimezone(UTC).replace(tzinfo=None)
    assert parser("datetime")(f"{local:%d.%m.%Y %H:%M:%S}") == expected


@given(text=st.text(max_size=40))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(value=st.one_of(st.none(), st.booleans(), st.integers(), st.text(), st.lists(st.integers())))
def test_a_json_value_as_a_cell_is_text_or_nothing(value: object) -> None:
    assert isinstance(text_of(value), str) is (value is not None)
