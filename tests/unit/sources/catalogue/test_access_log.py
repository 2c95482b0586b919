"""Lines of a web server's log: which of them are touchpoints, and who is no visitor."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from source_place import Place

if TYPE_CHECKING:
    from conftest import Catalogue

LINE = '198.51.100.9 - - [20/May/2026:10:00:{second:02d} +0000] "GET /{page} HTTP/1.1" 200 10 "-" "{agent}"\n'
CHROME = "Mozilla/5.0 (X11) Chrome/130.0"


@pytest.fixture
def log(tmp_path: Path) -> Place:
    place = Place(tmp_path)
    place.settings(load={"max_quarantine_share": 0.9})
    place.use("access_log", fixtures=False)
    return place


def test_pages_and_files_are_touchpoints_and_the_rest_is_technical(events_of: Catalogue) -> None:
    assert events_of("access_log")(
        "select occurred_at::varchar, event_kind, activity_raw, url_path, actor_type, attributes from event "
        "where occurred_at between '2026-05-17 07:05:00' and '2026-05-17 07:07:00' order by occurred_at, order_key"
    ) == [
        ("2026-05-17 07:05:03", "pageview", "/blog", "/blog/choose-hosting", "customer", '{"status": "200"}'),
        ("2026-05-17 07:05:03", "hit", "Технический запрос", None, "system", '{"status": "200"}'),
        ("2026-05-17 07:06:00", "pageview", "/pricing", "/pricing", "customer", '{"status": "304"}'),
        ("2026-05-17 07:06:10", "download", "/files/price.pdf", "/files/price.pdf", "customer", '{"status": "200"}'),
        ("2026-05-17 07:06:11", "hit", "Технический запрос", None, "system", '{"status": "206"}'),
        ("2026-05-17 07:06:20", "hit", "Технический запрос", None, "system", '{"status": "404"}'),
        ("2026-05-17 07:06:30", "hit", "Технический запрос", None, "system", '{"status": "302"}'),
    ]


def test_marks_of_a_campaign_are_read_from_the_address(events_of: Catalogue) -> None:
    assert events_of("access_log")(
        "select utm_source, utm_medium, utm_campaign, referrer_host from event where utm_source is not null"
    ) == [("ya", "cpc", "spring", "search.example")]


def test_equal_lines_of_one_file_are_several_requests_and_those_of_a_rotated_copy_are_not(
    events_of: Catalogue,
) -> None:
    assert events_of("access_log")(
        "select occurred_at::varchar, count(*) from event "
        "where occurred_at in ('2026-05-17 09:00:00', '2026-05-17 09:05:00', '2026-05-18 06:30:00') "
        "group by 1 order by 1"
    ) == [("2026-05-17 09:00:00", 2), ("2026-05-17 09:05:00", 1), ("2026-05-18 06:30:00", 1)]


def test_robots_that_say_so_are_flagged_and_a_telephone_named_cubot_is_none(events_of: Catalogue) -> None:
    assert events_of("access_log")(
        "select occurred_at::varchar, exclude, exclude_reason, actor_type from event "
        "where occurred_at between '2026-05-17 09:01:00' and '2026-05-17 09:03:00' order by 1"
    ) == [
        ("2026-05-17 09:01:00", None, None, "customer"),
        ("2026-05-17 09:02:00", "bot", "browser of a robot", "bot"),
        ("2026-05-17 09:03:00", "bot", "no browser named", "bot"),
    ]


def test_a_visitor_of_a_page_a_second_is_a_robot(events_of: Catalogue) -> None:
    assert events_of("access_log")(
        "select exclude, count(*) from event where exclude_reason = 'more than 60 pages a minute' group by 1"
    ) == [("bot", 61)]


def test_binary_requests_go_to_quarantine_and_unused_connections_and_comments_are_no_lines(
    events_of: Catalogue,
) -> None:
    assert events_of.place("access_log").raw("select line, reason from quarantine") == [(14, "MALFORMED_ROW")]


def test_a_line_with_a_virtual_host_a_user_of_two_words_and_quotes_is_read(events_of: Catalogue) -> None:
    assert events_of("access_log")(
        "select url_host, url_path, referrer_host, event_kind from event where url_host is not null"
    ) == [("shop.example", "/unsubscribe/[email]", "mail.example", "pageview")]


def test_a_line_of_the_short_format_names_no_browser(events_of: Catalogue) -> None:
    assert events_of("access_log")(
        "select url_path, exclude_reason from event where occurred_at = '2026-05-18 06:30:00'"
    ) == [("/common", "no browser named")]


def test_half_an_hour_of_silence_ends_what_one_address_is_known_by(events_of: Catalogue) -> None:
    assert events_of("access_log")(
        "select min(occurred_at)::varchar, max(occurred_at)::varchar, count(*), max(kind) from event "
        "inner join event_identifier using (event_id) where occurred_at < '2026-05-17 09:00:30' "
        "group by value order by 1"
    ) == [
        ("2026-05-17 07:05:03", "2026-05-17 07:06:30", 7, "log_visit"),
        ("2026-05-17 09:00:00", "2026-05-17 09:00:00", 2, "log_visit"),
    ]


def test_no_address_is_published(events_of: Catalogue) -> None:
    assert events_of("access_log")("select count(*) from event_identifier where value like '%.%'") == [(0,)]


def test_a_long_name_of_a_picture_is_still_a_picture(log: Place) -> None:
    log.put("access_log/access.log", LINE.format(second=1, page="i/ahhh___face-d5g5zap8x7c6v5.png?v=2", agent=CHROME))
    log.load()
    assert log.built("select event_kind from event") == [("hit",)]


def test_an_address_in_the_name_of_a_browser_is_a_robots(log: Place) -> None:
    agent = "Mozilla/5.0 (compatible; Walker/1.0; help@walker.example)"
    log.put("access_log/access.log", LINE.format(second=1, page="", agent=agent))
    log.load()
    assert log.built("select event_kind, activity_raw, exclude from event") == [("pageview", "/", "bot")]


def test_requests_of_one_second_keep_their_order(log: Place) -> None:
    lines = "".join(LINE.format(second=1, page=page, agent=CHROME) for page in "zay")
    log.put("access_log/access.log", lines)
    log.load()
    assert log.built("select activity_raw from event order by occurred_at, order_key") == [("/z",), ("/a",), ("/y",)]
