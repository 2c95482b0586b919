"""Omnidesk: lists that are objects, zeros that stand for the other side, a log of changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Catalogue


def test_a_case_is_opened_answered_settled_opened_again_and_rated(events_of: Catalogue) -> None:
    assert events_of("omnidesk")(
        "select event_kind, activity_raw, occurred_at::varchar, ts_quality, actor_type, direction from event "
        "join event_object using (event_id) where object_id = '2000' order by occurred_at, order_key"
    ) == [
        ("ticket_created", "Тикет", "2026-05-04 07:00:00", "exact", "customer", "in"),
        ("ticket_reply", "Автоматический ответ", "2026-05-04 07:00:05", "exact", "bot", "out"),
        ("ticket_reply", "Ответ поддержки", "2026-05-04 08:00:00", "exact", "agent", "out"),
        ("ticket_status_changed", "Статус: waiting", "2026-05-04 08:00:00", "exact", "agent", None),
        ("ticket_reply", "Сообщение клиента", "2026-05-04 09:00:00", "exact", "customer", "in"),
        ("ticket_solved", "Статус: closed", "2026-05-04 12:00:00", "exact", "system", None),
        ("ticket_reopened", "Статус: open", "2026-05-05 07:00:00", "exact", "customer", None),
        ("ticket_solved", "Статус: closed", "2026-05-05 12:00:00", "exact", "agent", None),
        ("csat", "Оценка поддержки", "2026-05-12 07:00:00", "approx", "customer", "in"),
    ]


def test_without_a_log_a_case_says_itself_when_it_was_closed(events_of: Catalogue) -> None:
    assert events_of("omnidesk")(
        "select natural_key, event_kind, occurred_at::varchar, channel, score_raw, score_norm from event "
        "where natural_key like 'case:2001:%' order by occurred_at, order_key"
    ) == [
        ("case:2001:created", "ticket_created", "2026-05-05 06:00:00", "messenger", None, None),
        ("case:2001:closed", "ticket_solved", "2026-05-05 09:00:00", "messenger", None, None),
        ("case:2001:csat", "csat", "2026-05-05 09:00:00", "messenger", "low", 0.0),
    ]


def test_a_case_that_staff_began_went_out(events_of: Catalogue) -> None:
    assert events_of("omnidesk")(
        "select actor_type, direction from event where natural_key = 'case:2004:created'"
    ) == [("agent", "out")]  # fmt: skip


def test_the_count_among_the_records_is_no_record(events_of: Catalogue) -> None:
    place = events_of.place("omnidesk")
    assert place.raw("select count(*) from stg_omnidesk__cases") == [(4,)]
    assert place.raw("select * from quarantine") == []


def test_notes_and_messages_of_the_system_are_no_events(events_of: Catalogue) -> None:
    assert events_of("omnidesk")(
        "select natural_key from event where natural_key in ('message:30003', 'message:30006')"
    ) == []  # fmt: skip


def test_deleted_cases_are_left_out_and_spam_is_flagged(events_of: Catalogue) -> None:
    assert events_of("omnidesk")(
        "select natural_key, exclude, exclude_reason from event "
        "where natural_key like 'case:2002:%' or natural_key like 'case:2003:%'"
    ) == [("case:2002:created", "bot", "spam")]


def test_linked_users_are_one_person_on_several_channels(events_of: Catalogue) -> None:
    assert events_of("omnidesk")(
        "select kind, case when kind = 'omnidesk_user' then value end as known_as from event_identifier "
        "join event using (event_id) where natural_key = 'case:2000:created' order by 1, 2"
    ) == [("email", None), ("omnidesk_user", "7001"), ("omnidesk_user", "7005"), ("phone", None)]


def test_customers_are_quoted_in_plain_text(events_of: Catalogue) -> None:
    assert events_of("omnidesk")(
        "select natural_key, text from event_text join event using (event_id) where exclude is null order by 1"
    ) == [
        ("case:2000:created", "Не работает сайт\nСайт не открывается с утра"),
        ("case:2000:csat", "Спасибо"),
        ("case:2001:created", "Счёт"),
        ("case:2001:csat", "Долго"),
        ("message:30005", "Спасибо, работает"),
    ]
