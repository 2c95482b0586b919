"""PostHog: an id that is a browser before the login and a person after it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from journey_mining.privacy import pseudonym
from source_place import KEY, Place

if TYPE_CHECKING:
    from conftest import Catalogue

BROWSER = "0190aaaa-0000-7000-8000-000000000001"
PHONE = "0190aaaa-0000-7000-8000-000000000002"


def identifiers(events_of: Catalogue, number: str) -> list[tuple[str, str]]:
    return events_of("posthog")(
        "select kind, value from event_identifier inner join event using (event_id) "
        f"where natural_key like '%{number}' order by kind, value"
    )


def hashed(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    return sorted((kind, pseudonym(kind, value, KEY)) for kind, value in pairs)


def test_events_are_told_in_the_words_of_all_web_sources(events_of: Catalogue) -> None:
    assert events_of("posthog")(
        "select right(natural_key, 2), event_kind, activity_raw, occurred_at::varchar, actor_type, amount, currency "
        "from event order by occurred_at, order_key"
    ) == [
        ("01", "pageview", "/", "2026-04-01 08:00:00", "customer", None, None),
        ("02", "hit", "$autocapture", "2026-04-01 08:00:10", "system", None, None),
        ("03", "form_submitted", "$autocapture", "2026-04-01 08:00:20", "customer", None, None),
        ("04", "goal", "calculator_used", "2026-04-01 08:01:00.123", "customer", None, None),
        ("05", "hit", "$identify", "2026-04-01 08:02:00", "system", None, None),
        ("06", "signup", "signed up", "2026-04-01 08:03:00", "customer", None, None),
        ("07", "cart_added", "product added", "2026-04-01 08:04:00", "customer", None, None),
        ("08", "checkout_started", "checkout started", "2026-04-01 08:05:00", "customer", None, None),
        ("09", "order_created", "order completed", "2026-04-01 08:06:00", "customer", 99.5, "EUR"),
        ("10", "hit", "$pageleave", "2026-04-01 08:07:00", "system", None, None),
        ("11", "hit", "$identify", "2026-04-01 09:00:00", "system", None, None),
        ("12", "hit", "$create_alias", "2026-04-01 09:10:00", "system", None, None),
        ("13", "pageview", "Settings", "2026-04-01 09:11:00", "customer", None, None),
        ("14", "pageview", "/", "2026-04-01 09:12:00", "bot", None, None),
        ("15", "pageview", "/", "2026-04-01 09:13:00", "customer", None, None),
        ("16", "goal", "invoice opened", "2026-04-01 09:14:00", "customer", None, None),
        ("17", "order_cancelled", "order refunded", "2026-04-01 09:15:00", "customer", 99.5, "EUR"),
        ("18", "pageview", "/panel", "2026-04-01 10:00:00", "customer", None, None),
    ]


def test_a_page_knows_where_it_was_come_to_from_and_direct_is_no_host(events_of: Catalogue) -> None:
    assert events_of("posthog")(
        "select right(natural_key, 2), referrer_host, utm_source, utm_medium, utm_campaign from event "
        "where right(natural_key, 2) in ('01', '04') order by 1"
    ) == [("01", "search.example", "ya", "cpc", "spring"), ("04", None, None, None, None)]


def test_an_event_in_files_of_both_formats_is_told_once(events_of: Catalogue) -> None:
    held = events_of.place("posthog").raw(
        "select (select count(*) from stg_posthog__events where event_uuid like '%17'), "
        "(select count(*) from stg_posthog__events_parquet where event_uuid like '%17')"
    )
    assert (held, events_of("posthog")("select count(*) from event where natural_key like '%17'")) == (
        [(1, 1)],
        [(1,)],
    )


def test_before_the_login_there_is_a_browser_only(events_of: Catalogue) -> None:
    assert identifiers(events_of, "0001") == hashed(("posthog_anonymous", BROWSER))


def test_the_login_ties_browser_person_and_address(events_of: Catalogue) -> None:
    assert identifiers(events_of, "0005") == hashed(
        ("email", "anna@romashka.example"), ("posthog_anonymous", BROWSER), ("user_id", "u-501")
    )


def test_a_colleague_on_the_same_computer_is_not_the_one_before(events_of: Catalogue) -> None:
    assert identifiers(events_of, "0011") == hashed(("posthog_anonymous", BROWSER), ("user_id", "u-502"))


def test_an_alias_is_a_browser_of_the_person(events_of: Catalogue) -> None:
    assert identifiers(events_of, "0012") == hashed(("posthog_anonymous", PHONE), ("user_id", "u-502"))
    assert identifiers(events_of, "0013") == hashed(("posthog_anonymous", PHONE))


def test_an_address_among_the_properties_is_somebody_elses(events_of: Catalogue) -> None:
    assert identifiers(events_of, "0004") == hashed(("posthog_anonymous", BROWSER))


def test_an_id_that_is_an_address_is_an_address(events_of: Catalogue) -> None:
    assert identifiers(events_of, "0016") == hashed(("email", "boris@probny.example"))


def test_robots_and_computers_of_developers_are_flagged(events_of: Catalogue) -> None:
    assert events_of("posthog")(
        "select right(natural_key, 2), exclude, exclude_reason from event where exclude is not null order by 1"
    ) == [("14", "bot", "browser of a robot"), ("15", "test", "a computer of a developer")]


def test_visits_and_orders_are_objects(events_of: Catalogue) -> None:
    assert events_of("posthog")(
        "select object_type, count(distinct object_id), count(*) from event_object group by 1 order by 1"
    ) == [("order", 1, 2), ("visit", 1, 11)]


def test_the_fewest_fields_are_enough(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.use("posthog", fixtures=False)
    row = '{"uuid": "e-1", "event": "$pageview", "distinct_id": "u-1", "timestamp": "2026-04-01T08:00:00Z"}\n'
    place.put("posthog/events.jsonl", row)
    place.load()
    assert place.built("select event_kind, activity_raw, occurred_at::varchar from event") == [
        ("pageview", "/", "2026-04-01 08:00:00")
    ]
