"""Usedesk: one answer of the API holds a ticket, its comments and its changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Catalogue


def test_one_file_feeds_tickets_comments_and_changes(events_of: Catalogue) -> None:
    assert events_of("usedesk")(
        "select natural_key, event_kind, activity_raw, occurred_at::varchar, actor_type, direction from event "
        "join event_object using (event_id) where object_id = '5001' order by occurred_at, order_key"
    ) == [
        ("ticket:5001:created", "ticket_created", "Тикет", "2026-05-04 07:00:00", "customer", "in"),
        ("comment:9002", "ticket_reply", "Автоматический ответ", "2026-05-04 07:00:00", "bot", "out"),
        ("change:7002", "ticket_status_changed", "Статус: open", "2026-05-04 07:00:01", "system", None),
        ("comment:9004", "ticket_reply", "Ответ поддержки", "2026-05-04 08:00:00", "agent", "out"),
        ("change:7003", "ticket_solved", "Статус: solved", "2026-05-04 08:00:00", "agent", None),
        ("comment:9005", "ticket_reply", "Сообщение клиента", "2026-05-04 09:00:00", "customer", "in"),
        ("change:7004", "ticket_reopened", "Статус: open", "2026-05-04 09:00:00", "system", None),
        ("change:7005", "ticket_solved", "Статус: solved", "2026-05-04 10:00:00", "agent", None),
        ("change:7006", "ticket_status_changed", "Статус: closed", "2026-05-04 11:00:00", "system", None),
    ]


def test_a_merged_ticket_says_so(events_of: Catalogue) -> None:
    assert events_of("usedesk")(
        "select event_kind, channel from event where natural_key = 'change:7010'"
    ) == [("ticket_merged", "messenger")]  # fmt: skip


def test_a_change_of_something_else_and_a_private_comment_are_no_events(events_of: Catalogue) -> None:
    assert events_of("usedesk")(
        "select natural_key from event where natural_key in ('change:7001', 'comment:9003')"
    ) == []  # fmt: skip


def test_newsletters_and_spam_are_flagged_and_deleted_tickets_left_out(events_of: Catalogue) -> None:
    assert events_of("usedesk")(
        "select natural_key, exclude, exclude_reason from event "
        "where natural_key in ('ticket:5003:created', 'ticket:5005:created', 'ticket:5007:created') order by 1"
    ) == [("ticket:5003:created", "bot", "newsletter"), ("ticket:5007:created", "bot", "sender of spam")]


def test_addresses_are_read_from_lists_of_clients_and_from_one_client_alone(events_of: Catalogue) -> None:
    assert events_of.place("usedesk").raw(
        "select client_id, emails, phones, more_emails, more_phones from stg_usedesk__clients "
        "where client_id in ('261702', '261703') order by 1"
    ) == [
        ("261702", ["anna@mail.example", "anna.p@home.example"], ["+79165550101"], None, None),
        ("261703", None, None, ["boris@romashka.example"], ["+79165550102"]),
    ]


def test_each_event_carries_all_that_is_known_of_the_client(events_of: Catalogue) -> None:
    assert events_of("usedesk")(
        "select natural_key, list(kind order by kind) from event_identifier join event using (event_id) "
        "where natural_key in ('comment:9005', 'change:7010') group by natural_key order by 1"
    ) == [
        ("change:7010", ["email", "phone", "usedesk_client"]),
        ("comment:9005", ["email", "email", "phone", "usedesk_client"]),
    ]


def test_whoever_the_desk_calls_nobody_joins_nobody(events_of: Catalogue) -> None:
    assert events_of("usedesk")(
        "select count(*), count(kind) from event left join event_identifier using (event_id) "
        "where natural_key in ('ticket:5004:created', 'ticket:5006:created')"
    ) == [(2, 0)]


def test_clients_are_quoted(events_of: Catalogue) -> None:
    assert events_of("usedesk")(
        "select natural_key, text from event_text join event using (event_id) where exclude is null order by 1"
    ) == [
        ("comment:9005", "Спасибо"),
        ("ticket:5001:created", "Не работает сайт\nСайт не открывается"),
        ("ticket:5002:created", "Счёт"),
        ("ticket:5004:created", "Уведомление суда"),
        ("ticket:5006:created", "Заявка с портала"),
    ]


def test_an_address_of_nought_is_no_fault(events_of: Catalogue) -> None:
    assert events_of("usedesk")("select * from load_problem") == []
