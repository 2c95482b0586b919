"""Plain tables of events in three formats, from the fixtures to events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from journey_mining.privacy import pseudonym
from source_place import KEY, Place

if TYPE_CHECKING:
    from conftest import Catalogue


def test_rows_of_every_format_are_events(events_of: Catalogue) -> None:
    assert events_of("event_table")(
        "select stream, activity_raw, occurred_at::varchar, ts_quality, actor_type, channel, customer_type, amount "
        "from event order by occurred_at, order_key"
    ) == [
        ("csv_rows", "Create request", "2026-04-01 07:30:00", "assumed_tz", "customer", "web", "Small business", None),
        ("csv_rows", "Analyse, approve", "2026-04-02 08:30:00", "assumed_tz", "agent", "crm", "Small business", None),
        ("csv_rows", "Create request", "2026-04-03 07:00:00", "assumed_tz", "system", "phone", None, None),
        ("csv_rows", "Create request", "2026-04-03 07:00:00", "assumed_tz", "system", "phone", None, None),
        ("csv_rows", "register", "2026-05-01 09:12:00", "exact", "agent", "crm", "Corporate", None),
        ("csv_rows", "decide", "2026-05-02 10:12:00.5", "exact", "system", "crm", "Corporate", None),
        ("parquet_rows", "register", "2026-06-01 09:02:00", "exact", "agent", "crm", None, None),
        ("parquet_rows", "decide", "2026-06-02 10:12:00.5", "exact", "system", "crm", None, None),
        ("xlsx_rows", "Счёт", "2026-07-01 09:00:00", "assumed_tz", "system", "crm", None, None),
        ("xlsx_rows", "Оплата", "2026-07-01 09:00:00", "assumed_tz", "agent", "crm", None, 12500.5),
        ("xlsx_rows", "Возврат", "2026-07-01 21:00:00", "date_only", "system", "crm", None, None),
    ]


def test_the_start_of_an_activity_stays_with_it(events_of: Catalogue) -> None:
    assert events_of("event_table")("select attributes from event where activity_raw = 'Analyse, approve'") == [
        ('{"started_at": "2026-04-02 06:00:00"}',)
    ]


def test_a_customer_is_the_person_and_else_the_case(events_of: Catalogue) -> None:
    values = [("339", 2), ("7002", 1), ("940", 2), ("K-9", 2), ("c-1", 2), ("p-1", 2)]
    assert events_of("event_table")(
        "select kind, value, count(*) from event_identifier group by all order by 2"
    ) == sorted(("event_table_case", pseudonym("event_table_case", value, KEY), count) for value, count in values)


def test_a_row_without_a_case_goes_to_quarantine(events_of: Catalogue) -> None:
    assert events_of.place("event_table").raw("select line, column_name, reason from quarantine") == [
        (6, "case_id", "MISSING_VALUE")
    ]


def test_the_events_of_a_case_share_an_object(events_of: Catalogue) -> None:
    assert events_of("event_table")(
        "select object_type, count(distinct object_id), count(*) from event_object group by all"
    ) == [("case", 6, 11)]


def test_the_index_of_a_frame_makes_no_row_another_one(place: Place) -> None:
    place.use("event_table", fixtures=False)
    place.put("event_table/a.csv", ",case_id,activity,timestamp\n0,c,go,2026-05-01 10:00:00\n")
    place.put("event_table/b.csv", ",case_id,activity,timestamp\n7,c,go,2026-05-01 10:00:00\n")
    place.load()
    assert place.raw("select case_id, activity from stg_event_table__csv_rows") == [("c", "go")]


def test_headings_of_celonis_are_known(place: Place) -> None:
    place.use("event_table", fixtures=False)
    place.put("event_table/c.csv", "_CASE_KEY,ACTIVITY_EN,EVENTTIME,_SORTING\n1,Create,2026-05-01T10:00:00,20\n")
    assert place.load().report.problems == ()
    assert place.raw("select case_id, activity, sorting from stg_event_table__csv_rows") == [("1", "Create", 20)]
