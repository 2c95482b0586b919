"""Snowplow: columns without headings, events delivered more than once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from journey_mining.privacy import pseudonym
from source_place import KEY

if TYPE_CHECKING:
    from conftest import Catalogue


def test_events_are_told_in_the_words_of_all_web_sources(events_of: Catalogue) -> None:
    assert events_of("snowplow")(
        "select right(natural_key, 2), event_kind, activity_raw, occurred_at::varchar, ts_quality, actor_type "
        "from event order by occurred_at, order_key"
    ) == [
        ("01", "pageview", "/", "2026-04-01 08:00:00.123", "exact", "customer"),
        ("02", "hit", "page_ping", "2026-04-01 08:00:10.123", "exact", "system"),
        ("03", "outlink", "partner.example", "2026-04-01 08:01:00.123", "exact", "customer"),
        ("04", "goal", "Calculator: used", "2026-04-01 08:02:00.123", "exact", "customer"),
        ("05", "form_submitted", "submit_form", "2026-04-01 08:03:00.123", "exact", "customer"),
        ("06", "cart_added", "snowplow_ecommerce_action", "2026-04-01 08:04:00.123", "exact", "customer"),
        ("07", "order_created", "transaction", "2026-04-01 08:05:00.123", "exact", "customer"),
        ("08", "goal", "calculation_sent", "2026-04-01 08:06:00.123", "exact", "customer"),
        ("09", "pageview", "/panel", "2026-04-01 08:07:00.123", "exact", "customer"),
        ("10", "pageview", "/", "2026-04-01 08:08:00.123", "exact", "bot"),
        ("11", "pageview", "/", "2026-04-01 08:09:00.123", "exact", "bot"),
        ("12", "pageview", "/old", "2026-04-01 08:10:00.9", "approx", "customer"),
        ("13", "pageview", "Settings", "2026-04-01 08:11:00.123", "exact", "customer"),
    ]


def test_a_page_knows_where_it_was_come_to_from(events_of: Catalogue) -> None:
    assert events_of("snowplow")(
        "select url_host, url_path, referrer_host, utm_source, utm_medium, utm_campaign, attributes from event "
        "where utm_source is not null"
    ) == [("shop.example", "/", "search.example", "ya", "cpc", "spring", '{"app": "site", "platform": "web"}')]


def test_an_order_has_its_money_and_its_number(events_of: Catalogue) -> None:
    assert events_of("snowplow")(
        "select amount, currency, object_id from event inner join event_object using (event_id) "
        "where object_type = 'order'"
    ) == [(120.5, "EUR", "S-9")]


def test_an_event_delivered_twice_is_one_event(events_of: Catalogue) -> None:
    assert events_of.place("snowplow").raw(
        "select sum(rows_read), sum(rows_collapsed), (select count(*) from stg_snowplow__events) from file_ledger"
    ) == [(16, 1, 13)]


def test_a_row_of_another_width_goes_to_quarantine(events_of: Catalogue) -> None:
    assert events_of.place("snowplow").raw("select line, reason, detail from quarantine") == [
        (15, "MALFORMED_ROW", "100 cells instead of 131")
    ]


def test_robots_are_flagged_by_their_name_and_by_the_list(events_of: Catalogue) -> None:
    assert events_of("snowplow")(
        "select right(natural_key, 2), exclude, exclude_reason from event where exclude is not null order by 1"
    ) == [("10", "bot", "browser of a robot"), ("11", "bot", "listed as a robot")]


def test_two_cookies_and_the_user_are_identifiers(events_of: Catalogue) -> None:
    values = [
        ("domain_userid", "11111111-aaaa-4aaa-8aaa-111111111111"),
        ("network_userid", "22222222-bbbb-4bbb-8bbb-222222222222"),
        ("user_id", "u-501"),
    ]
    assert events_of("snowplow")(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key like '%09' order by kind"
    ) == [(kind, pseudonym(kind, value, KEY)) for kind, value in values]


def test_a_cookie_of_zeros_is_none_and_an_address_is_an_address(events_of: Catalogue) -> None:
    assert events_of("snowplow")(
        "select right(natural_key, 2), kind from event_identifier inner join event using (event_id) "
        "where right(natural_key, 2) = '10' or kind = 'email'"
    ) == [("12", "email")]


def test_events_of_a_session_are_one_visit(events_of: Catalogue) -> None:
    assert events_of("snowplow")(
        "select count(distinct object_id), count(*) from event_object where object_type = 'visit'"
    ) == [(1, 13)]
