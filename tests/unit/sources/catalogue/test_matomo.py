"""Matomo: visits that go on while they are exported, and the actions inside of them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from journey_mining.privacy import pseudonym
from source_place import KEY, Place

if TYPE_CHECKING:
    from conftest import Catalogue


def test_actions_of_a_visit_are_events_in_their_order(events_of: Catalogue) -> None:
    assert events_of("matomo")(
        "select natural_key, event_kind, activity_raw, occurred_at::varchar, actor_type from event "
        "where natural_key like 'visit:1:901:%' order by occurred_at, order_key"
    ) == [
        ("visit:1:901:0", "pageview", "/", "2026-04-01 07:00:00", "customer"),
        ("visit:1:901:1", "pageview", "/pricing", "2026-04-01 07:01:00", "customer"),
        ("visit:1:901:2", "goal", "Saw the prices", "2026-04-01 07:01:00", "customer"),
        ("visit:1:901:3", "goal", "Calculator: used", "2026-04-01 07:02:00", "customer"),
        ("visit:1:901:4", "search", "search", "2026-04-01 07:03:00", "customer"),
        ("visit:1:901:5", "outlink", "partner.example", "2026-04-01 07:04:00", "customer"),
        ("visit:1:901:6", "download", "/files/price.pdf", "2026-04-01 07:05:00", "customer"),
        ("visit:1:901:7", "cart_added", "cart", "2026-04-01 07:06:00", "customer"),
        ("visit:1:901:8", "order_created", "order", "2026-04-01 07:07:00", "customer"),
        ("visit:1:901:9", "hit", "media", "2026-04-01 07:08:00", "system"),
    ]


def test_a_visit_exported_while_it_went_on_is_one_visit(events_of: Catalogue) -> None:
    assert events_of.place("matomo").raw(
        "select count(*), (select count(*) from stg_matomo__actions__version) from stg_matomo__actions"
    ) == [(12, 14)]


def test_only_orders_have_money(events_of: Catalogue) -> None:
    assert events_of("matomo")("select event_kind, amount, currency from event where amount is not null") == [
        ("order_created", 49.9, "EUR")
    ]


def test_what_a_visit_came_from_belongs_to_its_first_action(events_of: Catalogue) -> None:
    assert events_of("matomo")(
        "select natural_key, referrer_host, utm_source, utm_medium, utm_campaign from event "
        "where utm_medium is not null or referrer_host is not null order by 1"
    ) == [
        ("visit:1:901:0", "mail.example", "newsletter", "email", "spring"),
        ("visit:1:902:0", "search.example", "example search", "organic", None),
    ]


def test_what_was_searched_for_is_not_published(events_of: Catalogue) -> None:
    assert events_of("matomo")("select url_path, attributes from event where event_kind = 'search'") == [
        ("/search", None)
    ]


def test_the_cookie_and_the_user_are_identifiers_and_an_address_is_an_address(events_of: Catalogue) -> None:
    values = [
        ("matomo_visitor", "a1b2c3d4e5f60718"),
        ("user_id", "u-501"),
        ("email", "boris@probny.example"),
        ("matomo_visitor", "b1b2c3d4e5f60718"),
    ]
    assert events_of("matomo")(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key in ('visit:1:902:0', 'visit:1:903:0') order by natural_key, kind desc, kind"
    ) == [(kind, pseudonym(kind, value, KEY)) for kind, value in (values[1], values[0], values[3], values[2])]


def test_visits_and_orders_are_objects(events_of: Catalogue) -> None:
    assert events_of("matomo")(
        "select object_type, object_id, qualifier from event_object inner join event using (event_id) "
        "where natural_key = 'visit:1:901:8' order by 1"
    ) == [("order", "M-77", "subject"), ("visit", "1:901", "part_of")]


def test_a_visit_without_actions_is_no_event(events_of: Catalogue) -> None:
    assert events_of("matomo")("select count(*) from event where natural_key like 'visit:1:904:%'") == [(0,)]


def test_the_message_of_an_error_is_refused(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.use("matomo", fixtures=False)
    place.put("matomo/visits.json", '{"result": "error", "message": "You can\'t access this resource"}')
    place.load()
    assert place.raw("select status, error_code from file_ledger") == [("rejected", "NO_RECORDS")]
