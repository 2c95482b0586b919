"""Help Scout, from its fixtures to events: literal rows."""

from __future__ import annotations

from typing import Any

import pytest

from journey_mining.privacy import pseudonym
from source_place import KEY, Place


@pytest.fixture
def rows(events_of: Any) -> Any:
    return events_of("helpscout")


def test_threads_are_replies_and_changes_of_status(rows: Any) -> None:
    assert rows(
        "select natural_key, event_kind, actor_type, direction, occurred_at::varchar from event "
        "where stream = 'threads' and exclude is null order by occurred_at, order_key"
    ) == [
        ("thread:11", "ticket_reply", "agent", "out", "2026-05-04 09:30:00"),
        ("thread:11:status", "ticket_status_changed", "agent", "internal", "2026-05-04 09:30:00"),
        ("thread:14", "ticket_reply", "agent", "out", "2026-05-04 12:00:00"),
        ("thread:14:status", "ticket_solved", "agent", "out", "2026-05-04 12:00:00"),
        ("thread:15", "ticket_reply", "customer", "in", "2026-05-05 08:00:00"),
        ("thread:15:status", "ticket_reopened", "customer", "in", "2026-05-05 08:00:00"),
        ("thread:16", "ticket_reply", "agent", "out", "2026-05-05 09:00:00"),
        ("thread:17:status", "ticket_solved", "system", "out", "2026-05-07 09:00:00"),
    ]


def test_conversations_have_a_channel_and_a_matter(rows: Any) -> None:
    assert rows(
        "select natural_key, event_kind, activity_raw, channel, actor_type from event "
        "where natural_key like '%:created' and exclude is null order by 1"
    ) == [
        ("conversation:1456:created", "ticket_created", "Тикет: support", "email", "customer"),
        ("conversation:1457:created", "ticket_created", "Тикет: billing", "chat", "customer"),
        ("conversation:1459:created", "email_out", "Тикет", "email", "agent"),
    ]


def test_without_threads_the_conversation_says_when_it_was_closed(rows: Any) -> None:
    assert rows(
        "select natural_key, occurred_at::varchar, ts_quality from event where natural_key like '%:solved'"
    ) == [("conversation:1457:solved", "2026-05-08 10:00:00", "exact")]


def test_notes_drafts_and_the_first_thread_are_no_replies(rows: Any) -> None:
    assert rows("select count(*) from event where natural_key in ('thread:10', 'thread:12', 'thread:13')") == [(0,)]


def test_a_merged_conversation_is_not_solved_besides(rows: Any) -> None:
    assert rows(
        "select natural_key, event_kind from event inner join event_object using (event_id) "
        "where object_type = 'ticket' and object_id = '1461' order by occurred_at"
    ) == [("conversation:1461:created", "ticket_created"), ("thread:41:status", "ticket_merged")]


def test_ratings_are_words_smileys_and_numbers(rows: Any) -> None:
    assert rows(
        "select natural_key, event_kind, score_raw, score_norm, occurred_at::varchar from event "
        "where stream = 'ratings' order by 1"
    ) == [
        ("rating:1", "csat", "okay", 0.5, "2026-05-07 12:12:13"),
        ("rating:2", "csat", "great", 1.0, "2026-05-08 12:00:00"),
        ("rating:4", "nps", "9/10", 0.9, "2026-05-09 12:00:00"),
        ("rating:5", "csat", "down", 0.0, "2026-05-10 12:00:00"),
    ]


def test_a_customer_binds_number_addresses_phone_and_record(rows: Any) -> None:
    values = [
        ("crm_id", "501"),
        ("email", pseudonym("email", "anna.p@mail.example", KEY)),
        ("email", pseudonym("email", "anna@romashka.example", KEY)),
        ("helpscout_customer", "500"),
        ("phone", pseudonym("phone", "+79165550101", KEY)),
    ]
    assert rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'conversation:1456:created' order by kind, value"
    ) == sorted(values)


def test_another_person_who_writes_is_himself(rows: Any) -> None:
    assert rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'thread:15' order by kind"
    ) == [("email", pseudonym("email", "boris@romashka.example", KEY)), ("helpscout_customer", "501")]


def test_events_know_their_conversation_and_organisation(rows: Any) -> None:
    assert rows(
        "select object_type, object_id, qualifier from event_object inner join event using (event_id) "
        "where natural_key = 'thread:11' order by 1"
    ) == [("organization", "77", "account"), ("ticket", "1456", "subject")]


def test_texts_are_the_customers_own_words_without_quotations(rows: Any) -> None:
    assert rows(
        "select natural_key, text from event_text inner join event using (event_id) where exclude is null order by 1"
    ) == [
        ("conversation:1456:created", "Почта\nНе работает почта, звоните [phone]"),
        ("rating:1", "Долго, но помогли"),
        ("thread:15", "Опять сломалось"),
    ]


def test_spam_and_tests_are_flagged_and_deleted_ones_left_out(rows: Any) -> None:
    assert rows(
        "select natural_key, exclude, exclude_reason from event "
        "where natural_key like '%:created' and (exclude is not null or natural_key like '%1460%') order by 1"
    ) == [
        ("conversation:1458:created", "bot", "spam"),
        ("conversation:1461:created", "test", "subject test"),
    ]


def test_ratings_that_are_not_understood_are_told(place: Place) -> None:
    place.use("helpscout", fixtures=False)
    place.put(
        "helpscout/ratings.json", '{"id": 1, "conversationId": 2, "rating": "🦄", "createdAt": "2026-01-01T00:00:00"}'
    )
    place.load()
    assert place.built("select code, row_count from load_problem") == [("CHECK_unknown_rating", 1)]
