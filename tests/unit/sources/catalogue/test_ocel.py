"""Object-centric event logs in three encodings, from the fixtures to events."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from journey_mining.privacy import pseudonym
from source_place import KEY

if TYPE_CHECKING:
    from conftest import Catalogue


def md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def test_events_of_all_three_encodings_are_events(events_of: Catalogue) -> None:
    assert events_of("ocel")(
        "select natural_key, activity_raw, occurred_at::varchar, ts_quality, actor_type, channel, amount, "
        "customer_type from event order by occurred_at"
    ) == [
        ("ocel:e1", "Place order", "2026-04-01 07:00:00", "exact", "customer", "web", 990.5, "Small business"),
        ("ocel:e2", "Pack", "2026-04-02 08:00:00.25", "exact", "agent", "crm", None, "Small business"),
        ("ocel:e3", "Count stock", "2026-04-03 08:00:00", "assumed_tz", "system", "crm", None, None),
        ("ocel:r1", "Возврат", "2026-04-05 12:00:00", "exact", "system", "phone", None, None),
        ("ocel:k1", "Call us", "2026-04-06 09:00:00", "exact", "system", "phone", None, None),
    ]


def test_customers_among_the_objects_are_the_persons(events_of: Catalogue) -> None:
    values = [
        ("ocel:e1", "email", "anna@romashka.example"),
        ("ocel:e1", "ocel_customer", "c1"),
        ("ocel:e2", "email", "anna@romashka.example"),
        ("ocel:e2", "ocel_customer", "c1"),
        ("ocel:k1", "ocel_customer", "p1"),
        ("ocel:k1", "phone", "+79165550107"),
        ("ocel:r1", "ocel_customer", "boris@probny.example"),
    ]
    assert events_of("ocel")(
        "select natural_key, kind, value from event_identifier inner join event using (event_id) order by 1, 2"
    ) == [(key, kind, pseudonym(kind, value, KEY)) for key, kind, value in values]


def test_objects_keep_their_part_and_customers_are_hidden(events_of: Catalogue) -> None:
    assert events_of("ocel")(
        "select natural_key, object_type, object_id, qualifier from event_object inner join event using (event_id) "
        "order by 1, 2"
    ) == [
        ("ocel:e1", "customer", md5("c1"), "buyer"),
        ("ocel:e1", "order", "o1", "created"),
        ("ocel:e2", "customer", md5("c1"), "buyer"),
        ("ocel:e2", "order", "o1", "related"),
        ("ocel:k1", "person", md5("p1"), "caller"),
        ("ocel:r1", "Клиент", md5("boris@probny.example"), "who"),
    ]


def test_a_link_to_an_unlisted_object_stays_in_staging(events_of: Catalogue) -> None:
    assert events_of.place("ocel").raw(
        "select event_id, object_type from stg_ocel__links where object_id = 'gone'"
    ) == [("e2", None)]
