"""Times in every writing that exports use."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from journey_mining.sources.cell_error import CellError
from journey_mining.sources.spec_column import Column
from journey_mining.sources.times import offset_parser, time_parser

LATEST = datetime(2027, 1, 1)  # noqa: DTZ001 - UTC


def local(text: str, *formats: str, kind: str = "datetime") -> datetime | date:
    column = Column.model_validate({"from": ["t"], "type": kind, "formats": formats})
    return time_parser(column, "Europe/Moscow", LATEST)(text)


def with_offset(text: str, *formats: str) -> datetime:
    column = Column.model_validate({"from": ["t"], "type": "datetime_tz", "formats": formats})
    return offset_parser(column, LATEST)(text)


@pytest.mark.parametrize(
    ("text", "written", "utc"),
    [
        ("30/Oct/26 5:00 PM", "%d/%b/%y %I:%M %p", "2026-10-30 14:00:00"),
        ("30/Oct/26 12:05 a.m.", "%d/%b/%y %I:%M %p", "2026-10-29 21:05:00"),
        ("30/Oct/26 12:05 PM", "%d/%b/%y %I:%M %p", "2026-10-30 09:05:00"),
        ("5 мая 2026, 09:30", "%d %b %Y, %H:%M", "2026-05-05 06:30:00"),
        ("5 сент. 2026 09:30", "%d %b %Y %H:%M", "2026-09-05 06:30:00"),
        ("May 5 2026", "%b %d %Y", "2026-05-04 21:00:00"),
        ("30/Jul/2026:23:33:01 +0500", "%d/%b/%Y:%H:%M:%S %z", "2026-07-30 18:33:01"),
        ("46146.5", "excel", "2026-05-04 09:00:00"),
        ("46146", "excel", "2026-05-03 21:00:00"),
        ("2026-05-04 10:00:00", "excel|%Y-%m-%d %H:%M:%S", "2026-05-04 07:00:00"),
    ],
)
def test_a_local_time_becomes_utc(text: str, written: str, utc: str) -> None:
    assert str(local(text, *written.split("|"))) == utc


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("30/Okt/26 5:00 PM", "%d/%b/%y %I:%M %p"),
        ("30/Oct/26 13:00 PM", "%d/%b/%y %I:%M %p"),
        ("31.02.2026", "%d.%m.%Y"),
        ("99999999", "excel"),
        ("999999", "excel"),
        ("-3", "excel"),
    ],
)
def test_what_is_no_time_is_refused(text: str, written: str) -> None:
    with pytest.raises(CellError):
        local(text, written)


def test_a_date_ignores_the_hour_and_the_zone() -> None:
    assert local("2026-05-04 23:30:00 +0300", "%Y-%m-%d %H:%M:%S %z", kind="date") == date(2026, 5, 4)


@pytest.mark.parametrize(
    "text",
    [
        "2026-05-06T10:00:00+03:00",
        "2026-05-06T10:00:00+0300",
        "2026-05-06T07:00:00Z",
        "2026-05-06 07:00:00.000Z",
        "Wed, 06 May 2026 10:00:00 +0300",
        "6 May 2026 10:00:00 +0300",
        "Wed, 06 May 2026 07:00:00 GMT",
        "Wed, 06 May 2026 07:00:00 -0000",
    ],
)
def test_a_time_with_an_offset_needs_no_zone(text: str) -> None:
    assert str(with_offset(text)) == "2026-05-06 07:00:00"


def test_an_offset_may_stand_in_a_format_of_its_own() -> None:
    assert str(with_offset("06/May/26 10:00 +03:00", "%d/%b/%y %H:%M %z")) == "2026-05-06 07:00:00"


@pytest.mark.parametrize("text", ["2026-05-06T10:00:00", "Wed, 06 May 2026 10:00:00", "yesterday", "", "+0300"])
def test_a_missing_offset_is_not_guessed(text: str) -> None:
    with pytest.raises(CellError):
        with_offset(text)
