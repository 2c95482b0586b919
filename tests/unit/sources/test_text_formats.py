"""Delimited text and lines as odd systems write them: no headings, two rows of headings, footers, logs."""

from __future__ import annotations

from typing import Any

import pytest

from source_place import Place

BARE = """
spec_version = 1
[source]
id = "odd"
system = "odd"
role = "other"
title_ru = "О"
title_en = "O"
[[stream]]
id = "rows"
files = ["odd/*"]
{how}
key = ["number"]
[stream.columns]
number = {{ from = ["{number}"], type = "id" }}
name   = {{ from = ["{name}"] }}
"""
EVENTS = """-- model: events
-- layer: events
-- grain: one row per row
-- key: stream, natural_key
-- reads: stg_odd__rows
-- why: test
select 'rows' as stream, number as natural_key, 'hit' as event_kind, name as activity_raw,
    timestamp '2026-01-01' as occurred_at, 'system' as actor_type, 'web' as channel
from stg_odd__rows
"""


def rows(place: Place, how: str, content: str, *, number: str = "number", name: str = "name") -> list[tuple[Any, ...]]:
    place.settings(load={"max_quarantine_share": 0.9})
    place.spec("odd", BARE.format(how=how, number=number, name=name), events=EVENTS)
    place.put("odd/file.txt", content)
    place.load()
    return place.raw("select number, name, _line from stg_odd__rows order by _line")


def test_a_file_without_headings_takes_those_of_its_spec(place: Place) -> None:
    how = 'format = "csv"\ncsv = { delimiter = ";", headings = ["number", "other", "name"] }'
    assert rows(place, how, "1;x;Anna\n2;y;Boris\n") == [("1", "Anna", 1), ("2", "Boris", 2)]


def test_headings_that_are_there_after_all_are_no_row(place: Place) -> None:
    how = 'format = "csv"\ncsv = { headings = ["number", "name"] }'
    assert rows(place, how, "Number, Name\n1,Anna\n") == [("1", "Anna", 2)]


def test_two_rows_of_headings_are_joined(place: Place) -> None:
    how = 'format = "csv"\ncsv = { heading_rows = 2 }'
    content = "number,What is bad?,,Name\n,Price,Speed,Open-Ended Response\n1,a,b,Anna\n"
    assert rows(place, how, content, name="What is bad? / Speed") == [("1", "b", 3)]


def test_reading_ends_at_the_footer_of_a_report(place: Place) -> None:
    how = "format = \"csv\"\ncsv = { footer = '^(Grand Totals|Copyright)' }"
    assert rows(place, how, 'number,name\n1,Anna\n"Grand Totals (1)",\n"Copyright (c)",\n') == [("1", "Anna", 2)]


def test_named_groups_of_a_line_are_cells(place: Place) -> None:
    how = "format = \"regex\"\nregex = { pattern = '^(?P<number>\\d+) - (?P<name>.*)$', ignore = '^#' }"
    assert rows(place, how, "# log\n1 - Anna\nbroken\n2 - Boris\n") == [("1", "Anna", 2), ("2", "Boris", 4)]
    assert place.raw("select line, reason from quarantine") == [(3, "MALFORMED_ROW")]


def test_utf16_with_its_mark_is_read(place: Place) -> None:
    place.spec(
        "odd", BARE.format(how='format = "csv"\nencodings = ["utf-16"]', number="number", name="name"), events=EVENTS
    )
    place.put("odd/file.csv", "\ufeffnumber,name\n1,Анна\n".encode("utf-16-le"))
    place.load()
    assert place.raw("select number, name from stg_odd__rows") == [("1", "Анна")]


@pytest.mark.parametrize(
    "how", ['format = "regex"', 'format = "sqlite"', "format = \"regex\"\nregex = { pattern = 'x' }"]
)
def test_a_format_without_what_it_needs_is_refused(place: Place, how: str) -> None:
    from journey_mining.errors import SpecError
    from journey_mining.sources.spec import load_sources

    place.spec("odd", BARE.format(how=how, number="n", name="m"), events=EVENTS)
    with pytest.raises(SpecError, match="needs"):
        load_sources(place.project.sources)


def test_utf16_without_its_mark_is_refused_in_words(place: Place) -> None:
    spec = BARE.format(how='format = "csv"\nencodings = ["utf-16"]', number="number", name="name")
    place.spec("odd", spec, events=EVENTS)
    place.put("odd/file.csv", "number,name\n1,Anna\n")
    assert [problem.code for problem in place.load().report.problems] == ["BAD_ENCODING"]
