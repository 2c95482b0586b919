"""OTRS and Znuny: dumps of the history, of articles and of customers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conftest import Catalogue


def test_the_history_is_told_with_who_did_it(events_of: Catalogue) -> None:
    assert events_of("otrs")(
        "select natural_key, event_kind, activity_raw, occurred_at::varchar, actor_type, channel, direction "
        "from event where exclude is null order by occurred_at, order_key"
    ) == [
        ("history:9001", "ticket_created", "Тикет", "2026-05-04 07:00:00", "customer", "email", "in"),
        ("history:9004", "ticket_status_changed", "Статус: open", "2026-05-04 08:00:00", "agent", "email", None),
        ("history:9005", "ticket_reply", "Ответ поддержки", "2026-05-04 08:00:00", "agent", "email", "out"),
        ("history:9007", "ticket_solved", "Статус: closed successful", "2026-05-04 09:00:00", "agent", "email", None),
        ("history:9008", "ticket_reply", "Сообщение клиента", "2026-05-05 06:00:00", "customer", "email", "in"),
        ("history:9009", "ticket_reopened", "Статус: open", "2026-05-05 06:00:00", "system", "email", None),
        ("history:9010", "ticket_merged", "Статус: merged", "2026-05-05 07:00:00", "agent", "email", None),
        ("history:9011", "ticket_created", "Тикет", "2026-05-05 09:00:00", "customer", "phone", "in"),
        ("history:9017", "ticket_reply", "Сообщение клиента", "2026-06-01 06:00:00", "customer", "portal", "in"),
        ("history:9018", "ticket_status_changed", "Статус: pending auto close+", "2026-06-01 06:30:00", "agent",
         "phone", None),
    ]  # fmt: skip


def test_notes_moves_automatic_answers_and_hidden_messages_are_no_events(events_of: Catalogue) -> None:
    assert events_of("otrs")(
        "select natural_key from event where natural_key in "
        "('history:9003', 'history:9006', 'history:9013', 'history:9016')"
    ) == []  # fmt: skip


def test_the_first_message_is_told_with_its_ticket(events_of: Catalogue) -> None:
    assert events_of("otrs")(
        "select natural_key from event where natural_key in ('history:9002', 'history:9012', 'history:9015')"
    ) == []  # fmt: skip


def test_a_ticket_moved_into_the_queue_of_junk_is_flagged(events_of: Catalogue) -> None:
    assert events_of("otrs")("select natural_key, exclude, exclude_reason from event where exclude is not null") == [
        ("history:9014", "bot", "queue of junk")
    ]


def test_customers_are_quoted_without_quotes_and_signatures(events_of: Catalogue) -> None:
    assert events_of("otrs")(
        "select natural_key, text from event_text join event using (event_id) where exclude is null order by 1"
    ) == [
        ("history:9001", "Не открывается сайт\nЗдравствуйте! Сайт не открывается с утра."),
        ("history:9008", "Снова не работает"),
        ("history:9011", "Звонок\nСпрашивает о цене"),
        ("history:9017", "Пришлите счёт"),
    ]


def test_a_customer_is_known_by_login_address_and_phone(events_of: Catalogue) -> None:
    assert events_of("otrs")(
        "select natural_key, list(kind order by kind) from event_identifier join event using (event_id) "
        "where natural_key in ('history:9001', 'history:9011') group by natural_key order by 1"
    ) == [
        ("history:9001", ["email", "otrs_customer"]),
        ("history:9011", ["email", "otrs_customer", "phone"]),
    ]


def test_the_sender_of_a_message_is_the_address_in_brackets(events_of: Catalogue) -> None:
    assert events_of.place("otrs").raw(
        "select article_id, from_email, sender from stg_otrs__articles "
        "where article_id in ('501', '504', '509') order by 1"
    ) == [("501", "Anna@Mail.example", "customer"), ("504", None, "agent"), ("509", None, "customer")]


def test_a_company_is_published_as_a_hash_and_a_person_is_none(events_of: Catalogue) -> None:
    assert events_of("otrs")(
        "select natural_key, object_type, length(object_id) from event_object join event using (event_id) "
        "where natural_key in ('history:9001', 'history:9011') order by 1, 2"
    ) == [
        ("history:9001", "ticket", 2),
        ("history:9011", "organization", 32),
        ("history:9011", "ticket", 2),
    ]


def test_a_dump_that_overlaps_brings_the_same_line_again(events_of: Catalogue) -> None:
    assert events_of.place("otrs").raw(
        "select count(*) from stg_otrs__history where history_id = '9016'"
    ) == [(1,)]  # fmt: skip
    assert events_of("otrs")("select * from load_problem") == []
