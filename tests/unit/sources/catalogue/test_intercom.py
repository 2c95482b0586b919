"""Intercom, from its fixtures to events: literal rows."""

from __future__ import annotations

from typing import Any

import pytest

from journey_mining.privacy import pseudonym
from source_place import KEY, Place


@pytest.fixture
def rows(events_of: Any) -> Any:
    return events_of("intercom")


def test_a_conversation_is_begun_answered_closed_and_opened_again(rows: Any) -> None:
    assert rows(
        "select natural_key, event_kind, actor_type, direction, occurred_at::varchar from event "
        "where stream = 'parts' and occurred_at < '2026-05-07' order by occurred_at, order_key"
    ) == [
        ("part:8001:reply", "ticket_reply", "bot", "out", "2026-05-04 09:01:00"),
        ("part:8004:reply", "ticket_reply", "agent", "out", "2026-05-04 09:20:00"),
        ("part:8005:state", "ticket_status_changed", "agent", "internal", "2026-05-04 09:21:00"),
        ("part:8006:reply", "ticket_reply", "customer", "in", "2026-05-04 12:00:00"),
        ("part:8007:reply", "ticket_reply", "agent", "out", "2026-05-04 13:00:00"),
        ("part:8007:state", "ticket_solved", "agent", "out", "2026-05-04 13:00:00"),
        ("part:8008:reply", "ticket_reply", "customer", "in", "2026-05-05 08:00:00"),
        ("part:8008:state", "ticket_reopened", "customer", "in", "2026-05-05 08:00:00"),
        ("part:8009:reply", "ticket_reply", "bot", "out", "2026-05-05 08:05:00"),
        ("part:8010:reply", "ticket_reply", "customer", "in", "2026-05-05 08:06:00"),
        ("part:8011:state", "ticket_solved", "system", "out", "2026-05-06 10:00:00"),
    ]


def test_an_opening_without_a_closing_before_is_no_reopening(rows: Any) -> None:
    assert rows("select event_kind, attributes from event where natural_key = 'part:8020:state'") == [
        ("ticket_status_changed", '{"change": "open"}')
    ]


def test_notes_and_assignments_are_no_events(rows: Any) -> None:
    assert rows("select count(*) from event where natural_key similar to 'part:(8002|8003):.*'") == [(0,)]


def test_conversations_have_a_channel_and_a_matter(rows: Any) -> None:
    assert rows(
        "select natural_key, event_kind, activity_raw, channel, actor_type, direction from event "
        "where natural_key like '%:created' order by 1"
    ) == [
        ("conversation:7001:created", "ticket_created", "Тикет: support", "chat", "customer", "in"),
        ("conversation:7002:created", "email_out", "Тикет: presale", "email", "agent", "out"),
        ("conversation:7003:created", "ticket_created", "Тикет: billing", "phone", "customer", "in"),
        ("conversation:7004:created", "ticket_created", "Тикет", "messenger", "customer", "in"),
    ]


def test_a_list_without_parts_still_dates_the_closing(rows: Any) -> None:
    assert rows(
        "select natural_key, occurred_at::varchar, ts_quality from event where natural_key like 'conversation:%:solved'"
    ) == [("conversation:7003:solved", "2026-05-08 17:30:00", "exact")]


def test_an_older_list_does_not_take_the_state_back(events_of: Any) -> None:
    assert events_of.place("intercom").raw(
        "select state, rating from stg_intercom__conversations where conversation_id = '7001'"
    ) == [("closed", 4)]


def test_a_rating_is_normalised_and_about_when_it_was_asked_for(rows: Any) -> None:
    assert rows(
        "select natural_key, score_raw, score_norm, occurred_at::varchar, ts_quality from event "
        "where event_kind = 'csat'"
    ) == [("conversation:7001:csat", "4/5", 0.75, "2026-05-06 10:01:00", "approx")]


def test_a_contact_binds_its_number_address_phone_and_record(rows: Any) -> None:
    assert rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'conversation:7001:created' order by kind"
    ) == [
        ("crm_id", "501"),
        ("email", pseudonym("email", "anna@romashka.example", KEY)),
        ("intercom_contact", "6650a1"),
        ("phone", pseudonym("phone", "+79165550101", KEY)),
    ]


def test_another_customer_in_a_conversation_is_himself(rows: Any) -> None:
    assert rows(
        "select natural_key, value from event_identifier inner join event using (event_id) "
        "where kind = 'intercom_contact' and natural_key in ('part:8006:reply', 'part:8007:reply') order by 1"
    ) == [("part:8006:reply", "6650a2"), ("part:8007:reply", "6650a1")]


def test_the_external_id_of_a_lead_is_no_record_of_the_crm(rows: Any) -> None:
    assert rows(
        "select kind from event_identifier inner join event using (event_id) "
        "where natural_key = 'part:8020:reply' order by kind"
    ) == [("email",), ("intercom_contact",), ("phone",)]


def test_events_know_their_conversation_and_company(rows: Any) -> None:
    assert rows(
        "select object_type, object_id, qualifier from event_object inner join event using (event_id) "
        "where natural_key = 'part:8004:reply' order by 1"
    ) == [("organization", "c-77", "account"), ("ticket", "7001", "subject")]


def test_texts_are_the_customers_own_words_without_quotations(rows: Any) -> None:
    assert rows("select natural_key, text from event_text inner join event using (event_id) order by 1") == [
        ("conversation:7001:created", "Не работает почта, звоните [phone]"),
        ("conversation:7001:csat", "Долго, но помогли"),
        ("conversation:7004:created", "test"),
        ("part:8006:reply", "У меня тоже не работает"),
        ("part:8008:reply", "Опять сломалось"),
        ("part:8020:reply", "Сколько стоит?"),
    ]


def test_a_redacted_part_is_an_event_without_text(rows: Any) -> None:
    assert rows(
        "select count(*) from event left join event_text using (event_id) "
        "where natural_key = 'part:8010:reply' and text is null"
    ) == [(1,)]


def test_tests_are_flagged(rows: Any) -> None:
    assert rows("select natural_key, exclude, exclude_reason from event where exclude is not null") == [
        ("conversation:7004:created", "test", "tag test")
    ]


def test_an_address_is_no_record_number(place: Place) -> None:
    place.use("intercom", fixtures=False)
    place.put("intercom/contacts.json", '{"id": "c1", "role": "user", "external_id": "anna@mail.example"}')
    author = '{"type": "user", "id": "c1"}'
    place.put(
        "intercom/conversations.json", f'{{"id": "1", "created_at": 1767225600, "source": {{"author": {author}}}}}'
    )
    place.load()
    assert place.built("select kind, value from event_identifier") == [("intercom_contact", "c1")]
