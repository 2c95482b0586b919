"""Google Analytics 4: days that are delivered again, running days, events without ids."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from journey_mining.privacy import pseudonym
from journey_mining.sources import catalog_dir
from source_place import KEY, Place

if TYPE_CHECKING:
    from conftest import Catalogue


def test_events_of_a_day_are_told_in_the_words_of_all_web_sources(events_of: Catalogue) -> None:
    assert events_of("ga4")(
        "select occurred_at::varchar, event_kind, activity_raw, url_path, actor_type, amount, currency from event "
        "where occurred_at < '2026-04-02' and exclude is null order by occurred_at, order_key, natural_key"
    ) == [
        ("2026-04-01 08:00:00.1", "hit", "session_start", None, "system", None, None),
        ("2026-04-01 08:00:00.1", "pageview", "/", "/", "customer", None, None),
        ("2026-04-01 08:01:00", "pageview", "/pricing", "/pricing", "customer", None, None),
        ("2026-04-01 08:02:00", "goal", "calculator_used", "/pricing", "customer", None, None),
        ("2026-04-01 08:03:00", "signup", "sign_up", "/signup", "customer", None, None),
        ("2026-04-01 08:04:00", "cart_added", "add_to_cart", "/shop", "customer", None, None),
        ("2026-04-01 08:05:00", "checkout_started", "begin_checkout", "/checkout", "customer", None, None),
        ("2026-04-01 08:06:00", "order_created", "purchase", "/thanks", "customer", 990.5, "RUB"),
        ("2026-04-01 09:00:00", "pageview", "/privacy", "/privacy", "customer", None, None),
        ("2026-04-01 09:10:00", "download", "/files/price.pdf", "/docs", "customer", None, None),
        ("2026-04-01 09:10:00", "download", "/files/price.pdf", "/docs", "customer", None, None),
        ("2026-04-01 09:11:00", "outlink", "partner.example", "/docs", "customer", None, None),
        ("2026-04-01 09:12:00", "form_submitted", "form_submit", "/contact", "customer", None, None),
        ("2026-04-01 09:13:00", "search", "view_search_results", "/search", "customer", None, None),
        ("2026-04-01 20:59:00", "order_cancelled", "refund", None, "customer", 100.0, "RUB"),
    ]


def test_a_day_drawn_again_replaces_the_day(events_of: Catalogue) -> None:
    assert events_of.place("ga4").raw(
        "select count(*), max(_snapshot_at)::varchar from stg_ga4__events where event_on = '2026-04-01'"
    ) == [(17, "2026-04-03 21:00:00")]


def test_sources_are_read_of_the_event_and_a_click_on_an_ad_names_itself(events_of: Catalogue) -> None:
    assert events_of("ga4")(
        "select activity_raw, utm_source, utm_medium, utm_campaign, referrer_host from event "
        "where utm_source is not null order by occurred_at"
    ) == [("/", "newsletter", "email", "spring", "mail.example"), ("/pricing", "google", "cpc", None, None)]


def test_the_running_day_counts_until_its_table_is_complete(events_of: Catalogue) -> None:
    assert events_of("ga4")(
        "select occurred_at::varchar, activity_raw from event where occurred_at > '2026-04-02' order by 1"
    ) == [
        ("2026-04-02 08:00:00", "/panel"),
        ("2026-04-02 08:01:00", "Settings"),
        ("2026-04-03 08:00:00", "/today"),
        ("2026-04-04 08:00:00", "/now"),
    ]


def test_parts_of_one_day_stand_beside_each_other(events_of: Catalogue) -> None:
    assert events_of.place("ga4").raw("select count(*), count(distinct _file_id) from stg_ga4__events_parquet") == [
        (2, 2)
    ]


def test_equal_events_of_one_file_are_several(events_of: Catalogue) -> None:
    assert events_of("ga4")(
        "select count(*), count(distinct natural_key) from event where event_kind = 'download'"
    ) == [(2, 2)]


def test_numbers_written_as_text_and_as_numbers_name_one_visit(events_of: Catalogue) -> None:
    assert events_of("ga4")(
        "select count(distinct object_id), count(*) from event_object inner join event using (event_id) "
        "where object_type = 'visit' and activity_raw in ('/', '/pricing') and exclude is null"
    ) == [(1, 2)]


def test_one_number_of_a_session_is_two_visits_of_two_browsers(events_of: Catalogue) -> None:
    assert events_of("ga4")(
        "select count(distinct object_id) from event_object inner join event using (event_id) "
        "where object_type = 'visit' and activity_raw = '/'"
    ) == [(3,)]


def test_without_consent_an_event_belongs_to_nobody(events_of: Catalogue) -> None:
    assert events_of("ga4")(
        "select count(*) from event inner join event_identifier using (event_id) where activity_raw = '/privacy'"
    ) == [(0,)]


def test_the_cookie_and_the_user_of_an_event_are_its_identifiers(events_of: Catalogue) -> None:
    values = [("ga_client", "1111111111.1775030000"), ("user_id", "u-501")]
    assert events_of("ga4")(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where event_kind = 'order_created' order by 1"
    ) == [(kind, pseudonym(kind, value, KEY)) for kind, value in values]


def test_a_user_id_that_is_an_address_is_an_address(events_of: Catalogue) -> None:
    assert events_of("ga4")(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where event_kind = 'form_submitted' and kind <> 'ga_client'"
    ) == [("email", pseudonym("email", "boris@probny.example", KEY))]


def test_people_of_the_company_and_trials_are_flagged(events_of: Catalogue) -> None:
    assert events_of("ga4")(
        "select exclude, exclude_reason from event where exclude is not null order by occurred_at"
    ) == [("internal", "traffic_type is internal"), ("test", "debug mode")]


def test_an_order_is_followed_by_its_number(events_of: Catalogue) -> None:
    assert events_of("ga4")(
        "select object_id, event_kind from event_object inner join event using (event_id) "
        "where object_type = 'order' order by occurred_at"
    ) == [("O-17", "order_created"), ("O-17", "order_cancelled")]


def test_streams_that_ended_make_the_source_no_older(events_of: Catalogue) -> None:
    assert events_of("ga4")("select fresh_until::varchar from source_status") == [("2026-04-04 08:00:00",)]


def test_the_same_event_told_twice_is_said(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.use("ga4", fixtures=False)
    day = (catalog_dir() / "ga4" / "fixtures" / "2026-04-02" / "events_20260401.ndjson").read_text(encoding="utf-8")
    place.put("ga4/events_20260401.ndjson", day)
    place.put("ga4/events_20260401_again.ndjson", day.replace("spring", "summer"))
    place.load()
    assert place.built("select stream, code, row_count from load_problem") == [("events", "CHECK_told_twice", 1)]


def test_the_fewest_fields_are_enough(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.use("ga4", fixtures=False)
    row = '{"event_date": "20260401", "event_timestamp": 1775030400000000, "event_name": "page_view"}\n'
    place.put("ga4/events_20260401.json", row)
    place.load()
    assert place.built("select event_kind, activity_raw, occurred_at::varchar from event") == [
        ("pageview", "/", "2026-04-01 08:00:00")
    ]
