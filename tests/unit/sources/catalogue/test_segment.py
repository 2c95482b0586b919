"""Segment and RudderStack: tables of a warehouse, and calls as they were sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from journey_mining.privacy import pseudonym
from source_place import KEY, Place

if TYPE_CHECKING:
    from conftest import Catalogue


def test_rows_of_the_tables_are_events(events_of: Catalogue) -> None:
    assert events_of("segment")(
        "select natural_key, event_kind, activity_raw, occurred_at::varchar, actor_type from event "
        "where natural_key like 'm-%' order by occurred_at, order_key"
    ) == [
        ("m-1", "pageview", "/", "2026-04-01 08:00:00", "customer"),
        ("m-2", "pageview", "/pricing", "2026-04-01 08:01:00.5", "customer"),
        ("m-3", "pageview", "/", "2026-04-01 08:02:00", "bot"),
        ("m-10", "goal", "Calculator Used", "2026-04-01 08:03:00", "customer"),
        ("m-20", "hit", "identify", "2026-04-01 08:04:00", "system"),
        ("m-11", "signup", "Signed Up", "2026-04-01 08:05:00", "customer"),
        ("m-12", "hit", "Product Viewed", "2026-04-01 08:06:00", "system"),
        ("m-13", "cart_added", "Product Added", "2026-04-01 08:07:00", "customer"),
        ("m-14", "checkout_started", "Checkout Started", "2026-04-01 08:08:00", "customer"),
        ("m-15", "order_created", "Order Completed", "2026-04-01 08:09:00", "customer"),
        ("m-16", "search", "Products Searched", "2026-04-01 08:10:00", "customer"),
        ("m-21", "hit", "identify", "2026-04-01 08:20:00", "system"),
        ("m-30", "hit", "alias", "2026-04-01 08:25:00", "system"),
        ("m-4", "pageview", "Settings", "2026-04-01 08:30:00", "customer"),
    ]


def test_calls_of_the_archive_are_events(events_of: Catalogue) -> None:
    assert events_of("segment")(
        "select natural_key, event_kind, activity_raw, url_path, amount, currency from event "
        "where natural_key like 'r-%' order by occurred_at, order_key"
    ) == [
        ("r-1", "pageview", "/blog/first", "/blog/first", None, None),
        ("r-3", "hit", "identify", None, None, None),
        ("r-2", "order_created", "Order Completed", "/thanks", 20.0, "EUR"),
        ("r-4", "hit", "alias", None, None, None),
        ("r-5", "form_submitted", "Form Submitted", "/contact", None, None),
        ("r-6", "hit", "group", None, None, None),
    ]


def test_a_call_delivered_twice_or_in_two_formats_is_told_once(events_of: Catalogue) -> None:
    held = events_of.place("segment").raw(
        "select (select count(*) from stg_segment__pages where call_id = 'm-2'), "
        "(select count(*) from stg_segment__calls where call_id = 'm-2'), "
        "(select max(rows_collapsed) from file_ledger where stream = 'pages')"
    )
    told = events_of("segment")("select count(*) from event where natural_key = 'm-2'")
    assert (held, told) == ([(1, 1, 1)], [(1,)])


def test_money_of_an_order_comes_from_its_own_table(events_of: Catalogue) -> None:
    assert events_of("segment")(
        "select natural_key, amount, currency, object_id from event inner join event_object using (event_id) order by 1"
    ) == [("m-15", 990.5, "RUB", "SG-1"), ("r-2", 20.0, "EUR", "SG-2")]


def test_campaigns_are_read_and_robots_flagged(events_of: Catalogue) -> None:
    assert events_of("segment")(
        "select natural_key, utm_source, utm_medium, utm_campaign, referrer_host, exclude_reason from event "
        "where utm_source is not null or exclude is not null order by 1"
    ) == [
        ("m-1", "ya", "cpc", "spring", "search.example", None),
        ("m-3", None, None, None, None, "browser of a robot"),
        ("r-1", "newsletter", "email", "april", None, None),
    ]


def test_a_login_ties_browser_user_address_and_phone(events_of: Catalogue) -> None:
    values = [
        ("email", "anna@romashka.example"),
        ("phone", "+79165550101"),
        ("segment_anonymous", "an-1111-aaaa"),
        ("user_id", "u-501"),
    ]
    assert events_of("segment")(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'm-20' order by kind"
    ) == [(kind, pseudonym(kind, value, KEY)) for kind, value in values]


def test_an_alias_ties_what_somebody_was_called_before(events_of: Catalogue) -> None:
    values = [("segment_anonymous", "an-5555-eeee"), ("user_id", "u-501")]
    assert events_of("segment")(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'm-30' order by kind"
    ) == [(kind, pseudonym(kind, value, KEY)) for kind, value in values]


def test_a_user_id_that_is_an_address_is_an_address(events_of: Catalogue) -> None:
    assert events_of("segment")(
        "select kind from event_identifier inner join event using (event_id) where natural_key = 'm-21' order by kind"
    ) == [("email",), ("segment_anonymous",)]


def test_an_address_among_the_properties_is_somebody_elses(events_of: Catalogue) -> None:
    assert events_of("segment")(
        "select value from event_identifier inner join event using (event_id) "
        "where natural_key = 'r-2' and kind = 'email'"
    ) == [(pseudonym("email", "vera@vektor.example", KEY),)]


def test_a_user_called_undefined_joins_nobody(events_of: Catalogue) -> None:
    assert events_of("segment")(
        "select kind, blocked_reason from event_identifier inner join event using (event_id) where natural_key = 'm-16'"
    ) == [("user_id", "placeholder")]


def test_the_fewest_columns_are_enough(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.use("segment", fixtures=False)
    place.put("segment/pages.csv", "id,timestamp\nm-1,2026-04-01 08:00:00\n")
    place.load()
    assert place.built("select event_kind, activity_raw, occurred_at::varchar from event") == [
        ("pageview", "/", "2026-04-01 08:00:00")
    ]
