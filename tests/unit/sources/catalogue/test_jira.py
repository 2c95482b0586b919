"""Jira Service Management, from its fixtures to events: literal rows."""

from __future__ import annotations

from typing import Any

import pytest

from journey_mining.privacy import pseudonym
from source_place import KEY, Place


@pytest.fixture
def rows(events_of: Any) -> Any:
    return events_of("jira")


def test_the_changelog_and_the_public_comments_are_the_events_of_an_issue(rows: Any) -> None:
    assert rows(
        "select natural_key, event_kind, actor_type, direction, channel, occurred_at::varchar from event "
        "inner join event_object using (event_id) where object_type = 'ticket' and object_id = '10025' "
        "order by occurred_at, order_key"
    ) == [
        ("issue:10025:created", "ticket_created", "customer", "in", "email", "2026-05-04 09:00:00"),
        ("change:30001:0", "ticket_status_changed", "system", "internal", "email", "2026-05-04 09:20:00"),
        ("comment:20001", "ticket_reply", "agent", "out", "email", "2026-05-04 09:30:00"),
        ("change:30002:0", "ticket_solved", "agent", "out", "email", "2026-05-05 09:00:00"),
        ("comment:20003", "ticket_reply", "customer", "in", "email", "2026-05-06 07:00:00"),
        ("change:30003:0", "ticket_reopened", "customer", "in", "email", "2026-05-06 07:00:00"),
        ("comment:20004", "ticket_reply", "customer", "in", "email", "2026-05-06 07:05:00"),
        ("change:30004:0", "ticket_solved", "system", "out", "email", "2026-05-07 09:00:00"),
        ("issue:10025:csat", "csat", "customer", "in", "email", "2026-05-07 12:00:00"),
    ]


def test_a_change_of_status_names_the_new_one(rows: Any) -> None:
    assert rows("select attributes from event where natural_key = 'change:30001:0'") == [('{"status": "In Progress"}',)]


def test_without_a_changelog_the_issue_says_when_it_was_resolved(rows: Any) -> None:
    assert rows(
        "select natural_key, actor_type, occurred_at::varchar from event "
        "where natural_key like 'issue:10026:%' order by 3"
    ) == [
        ("issue:10026:created", "agent", "2026-05-09 07:00:00"),
        ("issue:10026:solved", "agent", "2026-05-09 15:00:00"),
    ]


def test_projects_without_resolutions_are_solved_by_the_names_of_statuses(rows: Any) -> None:
    assert rows(
        "select natural_key, event_kind from event where natural_key like 'change:3001%' order by occurred_at"
    ) == [
        ("change:30010:0", "ticket_solved"),
        ("change:30011:0", "ticket_reopened"),
        ("change:30012:0", "ticket_solved"),
    ]


def test_the_list_is_used_for_issues_that_the_api_did_not_bring(rows: Any) -> None:
    assert rows(
        "select natural_key, activity_raw, occurred_at::varchar, ts_quality from event "
        "where stream = 'issue_list' and exclude is null order by occurred_at, order_key"
    ) == [
        ("issue:10028:created", "Тикет: billing", "2025-10-30 14:00:00", "exact"),
        ("issue:10028:solved", "Тикет: billing", "2025-10-31 06:15:00", "exact"),
        ("issue:10028:csat", "Тикет: billing", "2025-10-31 06:15:00", "approx"),
        ("issue:10030:created", "Тикет: billing", "2026-05-03 06:30:00", "exact"),
    ]


def test_times_of_the_list_are_read_in_english_and_in_russian(events_of: Any) -> None:
    assert events_of.place("jira").raw(
        "select issue_id, created_at::varchar from stg_jira__issue_list order by issue_id"
    ) == [
        ("10025", "2026-05-04 09:00:00"),
        ("10028", "2025-10-30 14:00:00"),
        ("10029", "2026-05-12 06:30:00"),
        ("10030", "2026-05-03 06:30:00"),
    ]


def test_labels_that_stand_several_times_are_joined(events_of: Any) -> None:
    assert events_of.place("jira").raw("select labels from stg_jira__issue_list where issue_id = '10028'") == [
        (["vip", "billing"],)
    ]


@pytest.mark.parametrize("comment", ["20002", "20005", "20006"])
def test_internal_and_limited_comments_are_no_events(rows: Any, comment: str) -> None:
    assert rows(f"select count(*) from event where natural_key = 'comment:{comment}'") == [(0,)]


def test_comments_of_the_list_are_not_taken(events_of: Any) -> None:
    assert events_of.place("jira").raw(
        "select count(*) from stg_jira__comments where issue_id = '10028' or body like '%секрет%'"
    ) == [(0,)]


def test_ratings_are_normalised(rows: Any) -> None:
    assert rows(
        "select natural_key, score_raw, score_norm, ts_quality from event where event_kind = 'csat' order by 1"
    ) == [("issue:10025:csat", "4/5", 0.75, "exact"), ("issue:10028:csat", "2/5", 0.25, "approx")]


def test_a_reporter_binds_account_address_and_record(rows: Any) -> None:
    assert rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'issue:10025:created' order by kind"
    ) == [
        ("crm_id", "501"),
        ("email", pseudonym("email", "anna@romashka.example", KEY)),
        ("jira_account", pseudonym("jira_account", "qm:1001:anna", KEY)),
    ]


def test_another_customer_who_comments_is_himself(rows: Any) -> None:
    assert rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'comment:20004' order by kind"
    ) == [
        ("email", pseudonym("email", "boris@romashka.example", KEY)),
        ("jira_account", pseudonym("jira_account", "qm:1001:boris", KEY)),
    ]


def test_a_reporter_called_by_his_address_is_known_by_it(rows: Any) -> None:
    assert rows(
        "select value from event_identifier inner join event using (event_id) "
        "where natural_key = 'issue:10028:created' and kind = 'email'"
    ) == [(pseudonym("email", "vera@mail.example", KEY),)]


def test_organisations_of_the_list_are_hashes_of_their_names(rows: Any) -> None:
    assert rows(
        "select natural_key, object_id from event_object inner join event using (event_id) "
        "where object_type = 'organization' and event_kind = 'ticket_created' order by 1"
    ) == [("issue:10025:created", "31"), ("issue:10028:created", "f2f65be6bab7db97084b25b4a6dc50de")]


def test_texts_are_the_customers_own_words(rows: Any) -> None:
    assert rows("select natural_key, text from event_text inner join event using (event_id) order by 1") == [
        ("comment:20003", "Опять не работает"),
        ("comment:20004", "И у меня"),
        ("issue:10025:created", "Не открывается сайт\nСайт не открывается, звоните [phone]"),
        ("issue:10028:created", "Продлить тариф\nХочу продлить,\nсчёт прилагаю"),
        ("issue:10029:created", "Тест"),
        ("issue:10030:created", "Вопрос по счёту"),
        ("issue:10031:created", "Нужна справка"),
    ]


def test_apps_and_tests_are_flagged(rows: Any) -> None:
    assert rows(
        "select natural_key, actor_type, exclude, exclude_reason from event where exclude is not null order by 1"
    ) == [
        ("issue:10027:created", "system", "bot", "reported by an app"),
        ("issue:10029:created", "customer", "test", "summary test"),
    ]


def test_labels_are_joined_however_many_columns_they_take(place: Place) -> None:
    place.use("jira", fixtures=False)
    place.put("jira/issues.csv", f"Issue id,Created{',Labels' * 12}\n1,2026-01-01 10:00,{','.join('abcdefghijkl')}\n")
    place.load()
    assert place.raw("select labels from stg_jira__issue_list") == [(list("abcdefghijkl"),)]
