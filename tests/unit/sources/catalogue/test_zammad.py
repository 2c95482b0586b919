"""Zammad, from its fixtures to events: literal rows."""

from __future__ import annotations

from typing import Any

import pytest

from journey_mining.privacy import pseudonym
from source_place import KEY, Place


@pytest.fixture
def rows(events_of: Any) -> Any:
    return events_of("zammad")


def test_the_history_and_the_articles_are_the_events_of_a_ticket(rows: Any) -> None:
    assert rows(
        "select natural_key, event_kind, actor_type, direction, occurred_at::varchar from event "
        "inner join event_object using (event_id) where object_type = 'ticket' and object_id = '3' "
        "order by occurred_at, order_key"
    ) == [
        ("ticket:3:created", "ticket_created", "customer", "in", "2026-05-04 09:00:00.119"),
        ("article:32", "ticket_reply", "bot", "out", "2026-05-04 09:00:05"),
        ("article:33", "ticket_reply", "agent", "out", "2026-05-04 09:20:00"),
        ("history:61", "ticket_status_changed", "system", "internal", "2026-05-04 09:20:00"),
        ("history:63", "ticket_solved", "agent", "out", "2026-05-05 09:00:00"),
        ("article:35", "ticket_reply", "customer", "in", "2026-05-06 08:00:00"),
        ("history:64", "ticket_reopened", "customer", "in", "2026-05-06 08:00:00"),
        ("history:65", "ticket_solved", "system", "out", "2026-05-07 09:00:00"),
        ("ticket:3:csat", "csat", "customer", "in", "2026-05-07 09:00:00"),
    ]


def test_tickets_have_a_channel_and_who_began_them(rows: Any) -> None:
    assert rows(
        "select natural_key, event_kind, activity_raw, channel, actor_type from event "
        "where natural_key like '%:created' and exclude is null order by 1"
    ) == [
        ("ticket:3:created", "ticket_created", "Тикет: support", "email", "customer"),
        ("ticket:4:created", "ticket_created", "Тикет", "phone", "agent"),
        ("ticket:5:created", "ticket_created", "Тикет", "email", "customer"),
        ("ticket:7:created", "email_out", "Тикет", "email", "agent"),
    ]


def test_without_a_history_the_ticket_says_when_it_was_closed(rows: Any) -> None:
    assert rows(
        "select natural_key, event_kind, occurred_at::varchar, ts_quality from event "
        "where natural_key like '%:solved' and exclude is null order by 1"
    ) == [
        ("ticket:4:solved", "ticket_solved", "2026-05-08 10:00:00", "exact"),
        ("ticket:5:solved", "ticket_merged", "2026-05-09 10:00:00", "approx"),
    ]


def test_numbers_of_states_types_and_senders_are_words(events_of: Any) -> None:
    assert events_of.place("zammad").raw(
        "select state, article_type, article_sender, customer_id from stg_zammad__tickets where ticket_id = '8'"
    ) == [("closed", "web", "Customer", None)]


def test_internal_articles_and_the_first_one_are_no_replies(rows: Any) -> None:
    assert rows("select count(*) from event where natural_key in ('article:31', 'article:34')") == [(0,)]


def test_a_rating_of_ones_own_is_normalised(rows: Any) -> None:
    assert rows("select score_raw, score_norm, ts_quality from event where event_kind = 'csat'") == [
        ("4/5", 0.75, "approx")
    ]


def test_a_customer_binds_number_address_phone_and_record(rows: Any) -> None:
    assert rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'ticket:3:created' order by kind"
    ) == [
        ("crm_id", "501"),
        ("email", pseudonym("email", "anna@romashka.example", KEY)),
        ("phone", pseudonym("phone", "+79165550101", KEY)),
        ("zammad_user", "6"),
    ]


def test_another_person_who_writes_is_himself(rows: Any) -> None:
    assert rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'article:35' order by kind"
    ) == [
        ("email", pseudonym("email", "boris@romashka.example", KEY)),
        ("phone", pseudonym("phone", "+79035550202", KEY)),
        ("zammad_user", "7"),
    ]


def test_the_system_is_nobody(rows: Any) -> None:
    assert rows("select count(*) from event_identifier where kind = 'zammad_user' and value = '1'") == [(0,)]


def test_events_know_their_ticket_and_organisation(rows: Any) -> None:
    assert rows(
        "select object_type, object_id, qualifier from event_object inner join event using (event_id) "
        "where natural_key = 'article:33' order by 1"
    ) == [("organization", "9", "account"), ("ticket", "3", "subject")]


def test_texts_are_the_customers_own_words_without_quotations(rows: Any) -> None:
    assert rows(
        "select natural_key, text from event_text inner join event using (event_id) where exclude is null order by 1"
    ) == [
        ("article:35", "Опять сломалось"),
        ("ticket:3:created", "Не работает почта\nПочта не работает, звоните [phone]"),
        ("ticket:5:created", "дубль"),
    ]


def test_staff_and_tests_are_flagged(rows: Any) -> None:
    assert rows("select natural_key, exclude, exclude_reason from event where exclude is not null order by 1") == [
        ("ticket:6:created", "internal", "agent requester"),
        ("ticket:8:created", "test", "title test"),
        ("ticket:8:solved", "test", "title test"),
    ]


def test_articles_of_tickets_that_were_not_delivered_are_told(place: Place) -> None:
    place.use("zammad", fixtures=False)
    place.put("zammad/articles.json", '[{"id": 1, "ticket_id": 5, "created_at": "2026-01-01T00:00:00Z"}]')
    place.load()
    assert place.built("select code, row_count from load_problem") == [("CHECK_unknown_ticket", 1)]
