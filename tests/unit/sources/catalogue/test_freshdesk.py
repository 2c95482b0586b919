"""Freshdesk, from its fixtures to events: literal rows."""

from __future__ import annotations

from typing import Any

import pytest

from journey_mining.privacy import pseudonym
from source_place import KEY, Place


@pytest.fixture
def rows(events_of: Any) -> Any:
    return events_of("freshdesk")


def test_the_list_alone_tells_opening_first_answer_solving_and_survey(rows: Any) -> None:
    assert rows(
        "select natural_key, event_kind, occurred_at::varchar, ts_quality, channel, actor_type, direction from event "
        "where natural_key like 'ticket:501:%' order by occurred_at, order_key"
    ) == [
        ("ticket:501:created", "ticket_created", "2026-05-04 12:00:00", "exact", "email", "customer", "in"),
        ("ticket:501:first_reply", "ticket_reply", "2026-05-04 12:30:00", "exact", "email", "agent", "out"),
        ("ticket:501:solved", "ticket_solved", "2026-05-06 17:12:09", "exact", "email", "agent", "out"),
        ("ticket:501:csat", "csat", "2026-05-06 17:12:09", "approx", "email", "customer", "in"),
    ]


def test_what_the_api_tells_of_a_ticket_wins_over_the_list(rows: Any) -> None:
    assert rows(
        "select natural_key, event_kind, occurred_at::varchar, actor_type from event "
        "where activity_raw = 'Тикет: support' order by occurred_at, order_key"
    ) == [
        ("ticket:502:created", "ticket_created", "2026-05-05 10:00:00", "customer"),
        ("message:9001", "ticket_reply", "2026-05-05 11:00:00", "agent"),
        ("message:9003", "ticket_reply", "2026-05-05 12:00:00", "customer"),
        ("ticket:502:solved:2026-05-05 15:00:00", "ticket_solved", "2026-05-05 15:00:00", "agent"),
        ("rating:61", "csat", "2026-05-05 16:00:00", "customer"),
        ("ticket:502:reopened:2026-05-06 09:00:00", "ticket_reopened", "2026-05-06 09:00:00", "system"),
    ]


def test_each_ticket_is_opened_once(rows: Any) -> None:
    assert rows("select count(*), count(distinct natural_key) from event where natural_key like '%:created'") == [
        (6, 6)
    ]


def test_a_status_between_is_told_by_the_file_that_showed_it(rows: Any) -> None:
    assert rows(
        "select natural_key, attributes, activity_raw from event where event_kind = 'ticket_status_changed'"
    ) == [("ticket:504:pending:2026-05-07 08:30:00", '{"status": "pending"}', "Тикет: Incident")]


def test_a_duration_of_more_than_a_day_is_kept_as_text(rows: Any) -> None:
    assert rows("select attributes from event where natural_key = 'ticket:501:solved'") == [
        ('{"resolution_time": "53:12:09"}',)
    ]


def test_the_first_of_two_headings_source_is_the_tickets(events_of: Any) -> None:
    assert events_of.place("freshdesk").raw(
        "select ticket_id, source from stg_freshdesk__ticket_list order by ticket_id"
    ) == [("501", "Email"), ("502", "Portal"), ("503", "Phone")]


def test_ratings_of_seven_steps_are_normalised(rows: Any) -> None:
    assert rows(
        "select natural_key, score_raw, round(score_norm, 3) from event where event_kind = 'csat' order by 1"
    ) == [("rating:61", "101", 0.667), ("rating:62", "-103", 0.0), ("ticket:501:csat", "very happy", 0.833)]


def test_private_notes_and_copies_of_surveys_are_no_events(rows: Any) -> None:
    assert rows("select count(*) from event where natural_key in ('message:9002', 'message:9004')") == [(0,)]


def test_what_an_agent_sends_first_is_no_ticket(rows: Any) -> None:
    assert rows("select event_kind, actor_type, direction from event where natural_key = 'ticket:506:created'") == [
        ("email_out", "agent", "out")
    ]


def test_deleted_tickets_are_left_out(rows: Any) -> None:
    assert rows("select count(*) from event where natural_key like 'ticket:507:%'") == [(0,)]


def test_spam_and_tests_are_flagged(rows: Any) -> None:
    assert rows(
        "select distinct left(natural_key, 10), exclude, exclude_reason from event where exclude is not null order by 1"
    ) == [("ticket:503", "test", "subject test"), ("ticket:505", "bot", "spam")]


def test_the_list_brings_number_address_phone_and_record(rows: Any) -> None:
    assert rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'ticket:501:created' order by kind"
    ) == [
        ("crm_id", "501"),
        ("email", pseudonym("email", "anna@romashka.example", KEY)),
        ("freshdesk_contact", "43001"),
        ("phone", pseudonym("phone", "+79165550101", KEY)),
    ]


def test_another_person_who_replies_is_himself(rows: Any) -> None:
    values = [
        ("crm_id", "777"),
        ("email", pseudonym("email", "vera.work@shop.example", KEY)),
        ("email", pseudonym("email", "vera@mail.example", KEY)),
        ("freshdesk_contact", "43003"),
        ("phone", pseudonym("phone", "+12025550114", KEY)),
    ]
    assert rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'message:9003' order by kind, value"
    ) == sorted(values)


def test_companies_of_the_list_are_hashes_of_their_names(rows: Any) -> None:
    assert rows(
        "select natural_key, object_type, object_id from event_object inner join event using (event_id) "
        "where natural_key in ('ticket:501:created', 'ticket:502:created') order by 1, 2"
    ) == [
        ("ticket:501:created", "organization", "989ec80ffdf0bfa4d3e89c9fff00ff95"),
        ("ticket:501:created", "ticket", "501"),
        ("ticket:502:created", "organization", "900"),
        ("ticket:502:created", "ticket", "502"),
    ]


def test_texts_are_the_customers_own_words_without_quotations(rows: Any) -> None:
    assert rows(
        "select natural_key, text from event_text inner join event using (event_id) where exclude is null order by 1"
    ) == [
        ("message:9003", "У меня то же самое"),
        ("rating:61", "Помогли не сразу"),
        ("ticket:501:created", "Не приходит счёт, второй раз"),
        ("ticket:502:created", "Не открывается панель\nПанель не открывается"),
        ("ticket:504:created", "Вопрос"),
    ]


def test_words_that_are_not_understood_are_told(place: Place) -> None:
    place.use("freshdesk", fixtures=False)
    place.put(
        "freshdesk/tickets.csv",
        "Ticket ID,Status,Created time,Resolved time,Survey results\n"
        "1,Gelöst,2026-01-01 10:00:00,2026-01-02 10:00:00,\n"
        "2,Open,2026-01-01 10:00:00,2026-01-02 10:00:00,5 stars\n",
    )
    place.load()
    assert place.built("select code, row_count from load_problem") == [("CHECK_unknown_word", 2)]


def test_replies_to_tickets_that_were_not_delivered_are_told(place: Place) -> None:
    place.use("freshdesk", fixtures=False)
    place.put(
        "freshdesk/conversations.json",
        '{"id": 1, "ticket_id": 5, "incoming": true, "private": false, "created_at": "2026-01-01T00:00:00Z"}',
    )
    place.load()
    assert place.built("select code, row_count from load_problem") == [("CHECK_unknown_ticket", 1)]
