"""Yandex Metrica: visits beside hits, and nothing told twice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from journey_mining.privacy import pseudonym
from source_place import KEY, Place

if TYPE_CHECKING:
    from conftest import Catalogue

VISITS = "ym:s:counterID\tym:s:visitID\tym:s:dateTime\tym:s:clientID\tym:s:visitDuration\tym:s:startURL"
GOALS = "\tym:s:goalsID\tym:s:goalsDateTime"
HITS = "ym:pv:watchID\tym:pv:visitID\tym:pv:counterID\tym:pv:clientID\tym:pv:dateTime\tym:pv:URL\tym:pv:isPageView"
PAGE = "https://oblako-host.example/"


def told(tmp_path: Path, *, visits: str, hits: str = "", zone: str = "Europe/Moscow") -> list[tuple[object, ...]]:
    place = Place(tmp_path)
    place.use("metrica", fixtures=False)
    spec = tmp_path / "sources" / "metrica" / "spec.toml"
    spec.write_text(spec.read_text(encoding="utf-8").replace("Europe/Moscow", zone), encoding="utf-8")
    place.put("metrica/visits.tsv", visits)
    place.put("metrica/hits.tsv", f"{HITS}\n{hits}")
    place.load()
    return place.built("select stream, event_kind, occurred_at::varchar, ts_quality from event order by 3, 2")


def test_a_visit_without_hits_is_told_with_its_goals_and_orders(events_of: Catalogue) -> None:
    assert events_of("metrica")(
        "select substr(natural_key, 12, 4), event_kind, activity_raw, occurred_at::varchar, amount, currency, "
        "attributes from event where natural_key like 'visit:1001:2026:7000000000000000011%' "
        "order by occurred_at, order_key"
    ) == [
        ("2026", "visit", "/blog", "2026-05-02 07:00:00", None, None, '{"pages": 5}'),
        ("2026", "goal", "Цель 301", "2026-05-02 07:05:00", None, None, '{"goal": "301"}'),
        ("2026", "goal", "Цель 302", "2026-05-02 07:06:00", None, None, '{"goal": "302"}'),
        ("2026", "goal", "Цель 301", "2026-05-02 07:20:00", None, None, '{"goal": "301"}'),
        ("2026", "order_created", "Заказ на сайте", "2026-05-02 07:25:00", 990.5, "RUB", None),
        ("2026", "order_created", "Заказ на сайте", "2026-05-02 07:28:00", 100.0, "RUB", None),
    ]


def test_of_two_tellings_of_a_visit_the_longer_counts(events_of: Catalogue) -> None:
    assert events_of.place("metrica").raw(
        "select seconds, page_views, (select count(*) from stg_metrica__visits__version) from stg_metrica__visits "
        "where visit_year = '2026' and visit_id = '7000000000000000011'"
    ) == [(1800, 5, 9)]


def test_a_visit_is_known_by_counter_year_and_number(events_of: Catalogue) -> None:
    assert events_of("metrica")(
        "select natural_key, utm_source, utm_medium from event where natural_key like '%2025%' and event_kind = 'visit'"
    ) == [("visit:1001:2025:7000000000000000011", "yandex", "organic")]


def test_a_visit_has_its_last_significant_source(events_of: Catalogue) -> None:
    assert events_of("metrica")(
        "select utm_source, utm_medium, utm_campaign, referrer_host, url_path from event "
        "where natural_key = 'visit:1001:2026:7000000000000000011'"
    ) == [("ya", "cpc", "spring", "yandex.ru", "/smb/blog/kak-vybrat")]


def test_a_visit_and_a_goal_that_hits_tell_are_not_told_again(events_of: Catalogue) -> None:
    assert events_of("metrica")(
        "select natural_key, occurred_at::varchar from event where stream = 'visits' and occurred_at < '2026-04-30' "
        "and natural_key like '%:2026:%'"
    ) == [("visit:1001:2026:7000000000000000012:goal:302:1", "2026-04-01 07:01:00")]


def test_the_cookie_and_the_contact_who_logged_in_are_identifiers(events_of: Catalogue) -> None:
    assert events_of("metrica")(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'visit:1001:2026:7000000000000000014' order by kind"
    ) == [("b24_contact", "503"), ("ym_client", pseudonym("ym_client", "16600000000000000002", KEY))]


def test_a_visit_without_a_cookie_belongs_to_nobody(events_of: Catalogue) -> None:
    assert events_of("metrica")(
        "select count(*) from event inner join event_identifier using (event_id) "
        "where natural_key = 'visit:1001:2026:7000000000000000013'"
    ) == [(0,)]


def test_robots_are_flagged_by_metrica_and_by_their_name(events_of: Catalogue) -> None:
    assert events_of("metrica")(
        "select right(natural_key, 2), exclude, exclude_reason from event "
        "where stream = 'visits' and exclude is not null order by 1"
    ) == [("15", "bot", "taken for a robot by Metrica"), ("16", "bot", "browser of a robot")]


def test_orders_are_followed_by_their_numbers_and_a_page_of_thanks_loaded_twice_is_one(events_of: Catalogue) -> None:
    assert events_of("metrica")("select object_type, object_id from event_object order by 2") == [
        ("order", "W-15"),
        ("order", "W-16"),
    ]


def test_a_hit_without_a_cookie_is_found_by_the_number_of_its_visit(tmp_path: Path) -> None:
    visits = f"{VISITS}\n1001\t700\t2026-05-02 10:00:00\t0\t60\t{PAGE}\n"
    assert told(tmp_path, visits=visits, hits=f"1\t700\t1001\t0\t2026-05-02 10:00:30\t{PAGE}\t1\n") == [
        ("hits", "pageview", "2026-05-02 07:00:30", "exact")
    ]


def test_the_number_of_another_years_visit_is_not_this_one(tmp_path: Path) -> None:
    visits = f"{VISITS}\n1001\t700\t2025-05-02 10:00:00\t0\t60\t{PAGE}\n"
    assert told(tmp_path, visits=visits, hits=f"1\t700\t1001\t0\t2026-05-02 10:00:30\t{PAGE}\t1\n") == [
        ("visits", "visit", "2025-05-02 07:00:00", "exact"),
        ("hits", "pageview", "2026-05-02 07:00:30", "exact"),
    ]


def test_times_of_goals_are_moscows_whatever_the_counters_zone(tmp_path: Path) -> None:
    goals = r"[301]" + "\t" + r"[\'2026-05-02 10:01:00\']"
    visits = f"{VISITS}{GOALS}\n1001\t700\t2026-05-02 12:00:00\t5\t300\t{PAGE}\t{goals}\n"
    assert told(tmp_path, visits=visits, zone="Asia/Yekaterinburg") == [
        ("visits", "visit", "2026-05-02 07:00:00", "exact"),
        ("visits", "goal", "2026-05-02 07:01:00", "exact"),
    ]


def test_times_of_goals_are_the_counters_where_moscows_would_lie_outside_the_visit(tmp_path: Path) -> None:
    goals = r"[301]" + "\t" + r"[\'2026-05-02 12:01:00\']"
    visits = f"{VISITS}{GOALS}\n1001\t700\t2026-05-02 12:00:00\t5\t300\t{PAGE}\t{goals}\n"
    assert told(tmp_path, visits=visits, zone="Asia/Yekaterinburg") == [
        ("visits", "visit", "2026-05-02 07:00:00", "exact"),
        ("visits", "goal", "2026-05-02 07:01:00", "exact"),
    ]


def test_a_goal_without_a_time_is_somewhere_in_its_visit(tmp_path: Path) -> None:
    visits = f"{VISITS}\tym:s:goalsID\n1001\t700\t2026-05-02 10:00:00\t5\t300\t{PAGE}\t[301]\n"
    assert told(tmp_path, visits=visits) == [
        ("visits", "goal", "2026-05-02 07:00:00", "approx"),
        ("visits", "visit", "2026-05-02 07:00:00", "exact"),
    ]
