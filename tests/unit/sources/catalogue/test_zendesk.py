"""Zendesk with ticket events, comments, metrics and ratings beside tickets and users: literal rows."""

from __future__ import annotations

from typing import Any

import pytest

from journey_mining.privacy import pseudonym
from source_place import KEY, Place


@pytest.fixture
def rows(events_of: Any) -> Any:
    return events_of("zendesk")


def test_ticket_events_date_every_move_and_reply(rows: Any) -> None:
    assert rows(
        "select natural_key, event_kind, actor_type, direction, occurred_at::varchar from event "
        "inner join event_object using (event_id) where object_type = 'ticket' and object_id = '3201' "
        "order by occurred_at, order_key"
    ) == [
        ("ticket:3201:created", "ticket_created", "customer", "in", "2026-06-01 09:00:00"),
        ("comment:70003", "ticket_reply", "agent", "out", "2026-06-01 10:00:00"),
        ("change:70005", "ticket_status_changed", "system", "internal", "2026-06-01 10:00:00"),
        ("change:70007", "ticket_solved", "agent", "out", "2026-06-01 11:00:00"),
        ("comment:70008", "ticket_reply", "customer", "in", "2026-06-02 08:00:00"),
        ("change:70009", "ticket_reopened", "customer", "in", "2026-06-02 08:00:00"),
        ("comment:70010", "ticket_reply", "customer", "in", "2026-06-02 09:00:00"),
        ("change:70011", "ticket_solved", "agent", "out", "2026-06-03 09:00:00"),
    ]


def test_metrics_and_ratings_make_times_exact(rows: Any) -> None:
    assert rows(
        "select natural_key, occurred_at::varchar, ts_quality, attributes from event "
        "where natural_key in ('ticket:3202:solved', 'ticket:3202:csat') order by 2"
    ) == [
        ("ticket:3202:solved", "2026-06-02 12:00:00", "exact", '{"reopens": 1, "first_reply_minutes": 180}'),
        ("ticket:3202:csat", "2026-06-04 08:00:00", "exact", None),
    ]


def test_a_comment_that_two_exports_bring_is_told_once(rows: Any) -> None:
    assert rows("select stream, natural_key from event where natural_key like 'comment:%' order by 2") == [
        ("changes", "comment:70003"),
        ("changes", "comment:70008"),
        ("changes", "comment:70010"),
        ("comments", "comment:70031"),
    ]


def test_private_comments_and_the_description_are_no_replies(rows: Any) -> None:
    assert rows(
        "select count(*) from event where natural_key in "
        "('comment:70002', 'comment:70004', 'comment:70030', 'comment:70032')"
    ) == [(0,)]


def test_audits_tell_changes_under_other_names(rows: Any) -> None:
    assert rows("select event_kind, attributes from event where natural_key = 'change:70020'") == [
        ("ticket_merged", '{"status": "closed"}')
    ]


def test_another_person_who_writes_is_himself(rows: Any) -> None:
    assert rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'comment:70010' order by kind"
    ) == [("phone", pseudonym("phone", "+79035550202", KEY)), ("zendesk_user", "360000000000000003")]


def test_replies_are_texts_without_quotations(rows: Any) -> None:
    assert rows(
        "select natural_key, text from event_text inner join event using (event_id) "
        "where natural_key like 'comment:%' order by 1"
    ) == [("comment:70008", "Счёт не тот"), ("comment:70010", "Мне тоже пришлите")]


def test_moves_know_the_organisation(rows: Any) -> None:
    assert rows(
        "select object_type, object_id from event_object inner join event using (event_id) "
        "where natural_key = 'change:70007' order by 1"
    ) == [("organization", "8801"), ("ticket", "3201")]


def test_tests_are_flagged(rows: Any) -> None:
    assert rows("select natural_key, exclude from event where exclude_reason = 'tag test'") == [
        ("ticket:3204:created", "test")
    ]


def test_a_page_printed_over_lines_and_one_in_a_line_are_read_alike(place: Place) -> None:
    place.use("zendesk", fixtures=False)
    place.put("zendesk/users_1.json", '{"users": [{"id": 1, "email": "a@x.example"},\n {"id": 2}]}'.replace("\n", ""))
    place.put("zendesk/users_2.json", '{\n "users": [\n  {"id": 3},\n  {"id": 4}\n ]\n}\n')
    place.put("zendesk/users_3.json", '[\n{"id": 5}\n]\n')
    place.put("zendesk/users_4.ndjson", '{"id": 6}\n{"id": 7\n{"id": 8}\n')
    place.settings(load={"max_quarantine_share": 0.5})
    place.load()
    assert place.raw("select user_id from stg_zendesk__users order by 1") == [
        ("1",), ("2",), ("3",), ("4",), ("5",), ("6",), ("8",),
    ]  # fmt: skip


def test_changes_of_tickets_that_were_not_delivered_are_told(place: Place) -> None:
    place.use("zendesk", fixtures=False)
    place.put(
        "zendesk/comments.json", '{"id": 1, "ticket_id": 5, "public": true, "created_at": "2026-01-01T00:00:00Z"}'
    )
    place.load()
    assert place.built("select code, row_count from load_problem") == [("CHECK_unknown_ticket", 1)]


def test_answers_saved_by_powershell_are_read(place: Place) -> None:
    place.use("zendesk", fixtures=False)
    place.put("zendesk/users.json", '{"users": [{"id": 1}, {"id": 2}]}\r\n'.encode("utf-16"))
    place.load()
    assert place.raw("select user_id from stg_zendesk__users order by 1") == [("1",), ("2",)]


@pytest.mark.parametrize("external", ["anna@mail.example", "+79165550101"])
def test_an_address_is_no_record_number(place: Place, external: str) -> None:
    place.use("zendesk", fixtures=False)
    place.put("zendesk/users.ndjson", f'{{"id": 7, "external_id": "{external}"}}\n')
    place.put(
        "zendesk/tickets.ndjson",
        '{"id": 1, "created_at": "2026-01-01T00:00:00Z", "status": "new", "requester_id": 7}\n',
    )
    place.load()
    assert place.built("select kind, value from event_identifier") == [("zendesk_user", "7")]
