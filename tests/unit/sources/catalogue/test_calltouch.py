"""Calltouch: telephone numbers beside cookies."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Catalogue


def test_calls_know_their_page_and_campaign(events_of: Catalogue) -> None:
    assert events_of("calltouch")(
        "select natural_key, event_kind, activity_raw, occurred_at::varchar, url_host, url_path, referrer_host, "
        "utm_source, utm_medium, utm_campaign from event order by occurred_at"
    ) == [
        ("call:880002", "call", "Пропущенный звонок", "2026-05-04 06:05:00", "oblako.example", "/", None,
         "(direct)", None, None),
        ("call:880001", "call", "Входящий звонок", "2026-05-04 11:05:09", "oblako.example", "/order", "yandex.ru",
         "yandex", "cpc", "brand"),
        ("call:880003", "call", "Входящий звонок", "2026-05-05 05:30:00", None, None, None,
         "google", "organic", None),
        ("call:880004", "call", "Обратный звонок с сайта", "2026-05-05 07:00:00", "oblako.example", "/contacts", None,
         "yandex", "organic", None),
    ]  # fmt: skip


def test_a_call_binds_a_number_to_the_cookies_of_a_browser(events_of: Catalogue) -> None:
    assert events_of("calltouch")(
        "select natural_key, list(kind order by kind) from event_identifier join event using (event_id) "
        "group by natural_key order by 1"
    ) == [
        ("call:880001", ["calltouch_client", "ga_client", "phone", "ym_client"]),
        ("call:880002", ["calltouch_client", "phone"]),
        ("call:880004", ["calltouch_client", "email", "phone", "ym_client"]),
    ]


def test_numbers_and_client_ids_stay_exact(events_of: Catalogue) -> None:
    assert events_of.place("calltouch").raw(
        "select phone, ym_client, ga_client from stg_calltouch__calls where call_id in ('880001', '880002') order by 1"
    ) == [("+79165550101", "16512345678901234567", "1234567890.1777800000"), ("+79165550102", None, None)]


def test_the_newest_file_wins_and_pages_are_read_like_lists(events_of: Catalogue) -> None:
    assert events_of("calltouch")("select attributes from event where natural_key = 'call:880003'") == [
        ('{"answered": true, "target": true, "first_of_number": true, "talk_seconds": 12, "wait_seconds": 2}',)
    ]


def test_a_call_belongs_to_its_session(events_of: Catalogue) -> None:
    assert events_of("calltouch")(
        "select object_type, object_id, qualifier from event_object join event using (event_id) "
        "where natural_key = 'call:880001' order by 1"
    ) == [("call", "880001", "subject"), ("session", "770001", "origin")]


def test_words_that_stand_for_nothing_are_no_fault(events_of: Catalogue) -> None:
    assert events_of("calltouch")("select * from load_problem") == []
