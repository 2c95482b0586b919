"""XES event logs, from the fixtures to events."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

from journey_mining.privacy import pseudonym
from source_place import KEY, Place

if TYPE_CHECKING:
    from conftest import Catalogue


def test_activities_are_events_and_a_start_counts_only_without_an_end(events_of: Catalogue) -> None:
    assert events_of("xes")(
        "select activity_raw, event_kind, occurred_at::varchar, ts_quality, actor_type, channel, customer_type "
        "from event order by occurred_at, order_key"
    ) == [
        ("Register claim", "activity", "2026-04-01 07:00:00", "exact", "customer", "web", "Small business"),
        ("Check claim", "activity", "2026-04-02 11:30:00", "exact", "agent", "crm", "Small business"),
        ("Pay", "activity", "2026-04-03 12:00:00", "assumed_tz", "system", "crm", "Small business"),
        ("Звонок", "activity", "2026-04-05 12:00:00.5", "exact", "system", "phone", None),
        ("Звонок", "activity", "2026-04-05 12:00:00.5", "exact", "system", "phone", None),
    ]


def test_the_cost_of_an_activity_is_its_amount(events_of: Catalogue) -> None:
    assert events_of("xes")("select amount, currency from event where amount is not null") == [(120.5, "EUR")]


def test_a_customer_is_the_person_and_else_the_case(events_of: Catalogue) -> None:
    assert events_of("xes")("select kind, value, count(*) from event_identifier group by all order by 3 desc") == [
        ("xes_case", pseudonym("xes_case", "0", KEY), 3),
        ("xes_case", pseudonym("xes_case", "anna@mail.example", KEY), 2),
    ]


def test_a_case_is_an_object_whose_name_is_hidden_even_if_it_comes_last(events_of: Catalogue) -> None:
    assert events_of("xes")("select distinct object_type, object_id from event_object order by object_id") == [
        ("case", "8f14e45fceea167a5a36dedd4bea2543"),
        ("case", "cfcd208495d565ef66e7dff9f98764da"),
    ]


def test_resources_are_published_nowhere(events_of: Catalogue) -> None:
    assert events_of("xes")("select count(*) from event where concat(event) ilike '%Sample%'") == [(0,)]


def test_an_event_of_a_trace_without_a_name_goes_to_quarantine(events_of: Catalogue) -> None:
    assert events_of.place("xes").raw("select line, column_name, reason from quarantine") == [
        (7, "case_id", "MISSING_VALUE")
    ]


def test_a_log_delivered_again_adds_nothing(place: Place) -> None:
    place.settings(load={"max_quarantine_share": 0.5})
    place.use("xes")
    text = (place.inbox / "xes" / "claims.xes").read_text(encoding="utf-8")
    place.put("xes/again.xes.gz", gzip.compress(text.replace("<log ", "<!-- a later export -->\n<log ").encode()))
    place.load()
    assert place.raw("select count(*) from stg_xes__events") == [(6,)]
