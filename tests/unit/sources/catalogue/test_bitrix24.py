"""Bitrix24: lists and dumps of the API, from its fixtures to events."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from journey_mining.privacy import pseudonym
from source_place import KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Catalogue

    Rows = Callable[[str], list[tuple[Any, ...]]]

WHAT = "select natural_key, event_kind, activity_raw, occurred_at::varchar, ts_quality from event"
ORDER = "order by occurred_at, order_key"


@pytest.fixture
def rows(events_of: Catalogue) -> Rows:
    return events_of("bitrix24")


def identifiers(rows: Rows, natural_key: str) -> list[tuple[Any, ...]]:
    return rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        f"where natural_key = '{natural_key}' order by kind, value"
    )


def hidden(**values: str) -> list[tuple[str, str]]:
    return sorted((kind, pseudonym(kind, value, KEY)) for kind, value in values.items())


def test_moves_of_a_lead_are_events_apart_from_those_of_deals(rows: Rows) -> None:
    assert rows(f"{WHAT} where stream = 'lead_history' {ORDER}") == [
        ("lsh:9001", "lead_created", "Не обработан", "2026-06-01 07:00:00", "exact"),
        ("lsh:9002", "lead_stage_changed", "В обработке", "2026-06-01 13:00:00", "exact"),
        ("lsh:9003", "lead_converted", "Качественный лид", "2026-06-02 09:00:00", "exact"),
    ]


def test_a_lead_without_history_gives_its_beginning_and_its_state(rows: Rows) -> None:
    assert rows(f"{WHAT} where stream in ('leads', 'leads_xls', 'lead_items') {ORDER}") == [
        ("lead:803:created", "lead_created", "Лид создан", "2026-06-03 07:00:00", "exact"),
        ("lead:803:now", "lead_lost", "Некачественный лид", "2026-06-03 07:05:00", "approx"),
        ("lead:805:created", "lead_created", "Лид создан", "2026-06-04 07:00:00", "exact"),
        ("lead:805:now", "lead_stage_changed", "В обработке", "2026-06-05 07:00:00", "approx"),
        ("lead:804:created", "lead_created", "Лид создан", "2026-07-01 07:00:00", "exact"),
        ("lead:804:now", "lead_stage_changed", "В обработке", "2026-07-02 06:00:00", "exact"),
    ]


def test_a_dump_of_deals_dates_the_last_move_where_it_can(rows: Rows) -> None:
    assert rows(f"{WHAT} where stream = 'deal_items' and natural_key like '%:now' {ORDER}") == [
        ("deal:203:now", "deal_stage_changed", "Новая", "2026-06-04 09:00:00", "exact"),
        ("deal:204:now", "deal_won", "Сделка успешна", "2026-06-08 15:00:00", "exact"),
        ("deal:201:now", "deal_stage_changed", "В работе", "2026-06-10 12:30:00", "exact"),
        ("deal:202:now", "deal_lost", "Сделка провалена", "2026-07-01 06:00:00", "approx"),
    ]


def test_a_dumped_deal_has_its_money_pipeline_and_campaign(rows: Rows) -> None:
    assert rows(
        "select amount, currency, pipeline, utm_source, utm_medium, utm_campaign from event "
        "where natural_key = 'deal:201:created'"
    ) == [(48000.0, "RUB", "Продление", "yandex", "cpc", "servers")]


def test_a_deal_called_test_is_flagged(rows: Rows) -> None:
    assert rows("select natural_key, exclude_reason from event where exclude = 'test' order by 1") == [
        ("deal:203:created", "title of a test"),
        ("deal:203:now", "title of a test"),
    ]


def test_contacts_of_all_deliveries_are_created_once(rows: Rows) -> None:
    assert rows(
        "select natural_key, stream, occurred_at::varchar from event "
        "where event_kind = 'contact_created' and natural_key > 'contact:503' and natural_key not like '%:6__' "
        "order by 1"
    ) == [
        ("contact:505", "contacts_xls", "2026-05-08 07:00:00"),
        ("contact:701", "contact_items", "2026-06-02 09:00:00"),
        ("contact:702", "contact_items", "2026-06-05 08:00:00"),
    ]


def test_activities_that_happened_are_events_once(rows: Rows) -> None:
    # 7001 is listed twice, 7004 is only planned, the statistics of calls tell 7943, the chat tells 7010
    assert rows(
        "select natural_key, event_kind, actor_type, channel, direction, occurred_at::varchar, ts_quality from event "
        f"where stream = 'activities' {ORDER}"
    ) == [
        ("activity:7006", "form_submitted", "customer", "web", "in", "2026-06-01 07:00:00", "exact"),
        ("activity:7001", "email_in", "customer", "email", "in", "2026-06-03 06:00:00", "exact"),
        ("activity:7002", "email_out", "agent", "email", "out", "2026-06-03 08:00:00", "exact"),
        ("activity:7003", "meeting", "agent", "crm", None, "2026-06-05 11:00:00", "exact"),
        ("activity:7005", "task_done", "agent", "crm", None, "2026-06-07 15:00:00", "approx"),
        ("activity:7008", "call", "agent", "phone", "out", "2026-06-09 08:00:00", "exact"),
        ("activity:7009", "chat_message", "customer", "chat", "in", "2026-07-01 07:00:00", "exact"),
    ]


def test_calls_are_told_by_direction_and_result(rows: Rows) -> None:
    assert rows(
        f"select natural_key, activity_raw, actor_type, direction from event where stream = 'calls' {ORDER}"
    ) == [
        ("call:2", "Пропущенный звонок", "customer", "in"),
        ("call:1", "Входящий звонок", "customer", "in"),
        ("call:1:vote", "Оценка звонка", "customer", "in"),
        ("call:3", "Недозвон", "agent", "out"),
        ("call:4", "Обратный звонок", "customer", "in"),
        ("call:5", "Информационный звонок", "bot", "out"),
        ("call:7", "Входящий звонок", "customer", "in"),
        ("call:8", "Исходящий звонок", "agent", "out"),
    ]


def test_a_call_keeps_its_length_and_result(rows: Rows) -> None:
    assert rows("select attributes from event where natural_key = 'call:3'") == [
        ('{"duration_s": 0, "result": "603-S"}',)
    ]


def test_a_mark_for_a_call_keeps_its_scale_and_none_is_no_mark(rows: Rows) -> None:
    assert rows("select natural_key, score_raw, score_norm from event where event_kind = 'call_rating'") == [
        ("call:1:vote", "5/5", 1.0)
    ]


def test_messages_are_told_by_who_wrote_them_and_the_portal_is_silent(rows: Rows) -> None:
    assert rows(
        "select natural_key, activity_raw, actor_type, channel, direction from event "
        f"where stream = 'chat_messages' {ORDER}"
    ) == [
        ("message:85832", "Открытая линия: livechat", "customer", "chat", "in"),
        ("message:85834", "Открытая линия: livechat", "bot", "chat", "out"),
        ("message:85851", "Открытая линия: livechat", "agent", "chat", "out"),
        ("message:85900", "Открытая линия: telegrambot", "customer", "messenger", "in"),
    ]


def test_marks_for_chats_are_those_of_customers(rows: Rows) -> None:
    assert rows(
        "select natural_key, score_raw, score_norm, occurred_at::varchar, ts_quality from event "
        "where event_kind = 'csat' order by 1"
    ) == [
        ("session:321:vote", "like", 1.0, "2026-06-01 10:20:00", "exact"),
        ("session:322:vote", "dislike", 0.0, "2026-06-15 08:00:00", "approx"),
    ]


def test_only_customers_words_are_texts(rows: Rows) -> None:
    assert rows("select natural_key, text from event_text inner join event using (event_id) order by 1") == [
        ("activity:7001", "Вопрос по счёту\nПришлите, пожалуйста, счёт\nна 12 месяцев"),
        ("message:85832", "Здравствуйте, сколько стоит сервер?"),
        ("message:85900", "Спасибо, всё работает"),
    ]


def test_a_deal_carries_its_contact_its_lead_and_its_browser(rows: Rows) -> None:
    assert identifiers(rows, "deal:201:now") == [
        ("b24_contact", "701"),
        ("b24_lead", "801"),
        *hidden(ym_client="16512345678900000201"),
    ]


def test_a_company_stands_in_where_a_deal_has_no_contact(rows: Rows) -> None:
    assert identifiers(rows, "deal:202:now") == [
        ("b24_company", "901"),
        *hidden(email="zakupki@server.example", phone="+74955550901"),
    ]


def test_a_deal_with_a_contact_leaves_the_company_out(rows: Rows) -> None:
    assert identifiers(rows, "deal:204:now") == [("b24_contact", "701")]


def test_a_contact_card_knows_the_writer_of_the_open_line(rows: Rows) -> None:
    assert identifiers(rows, "contact:701") == [
        ("b24_chat_user", "587"),
        ("b24_contact", "701"),
        *hidden(email="darya@server.example"),
        *sorted(hidden(phone="+79165550701") + hidden(phone="+79165550702")),
    ]


def test_a_lead_card_binds_number_phone_and_writer(rows: Rows) -> None:
    assert [kind for kind, _ in identifiers(rows, "lead:804:now")] == ["b24_chat_user", "b24_lead", "phone"]


def test_a_message_carries_its_writer_and_the_cards_of_its_session(rows: Rows) -> None:
    assert [kind for kind, _ in identifiers(rows, "message:85900")] == [
        "b24_chat_user",
        "b24_contact",
        "b24_lead",
        "ym_client",
    ]


def test_a_call_carries_its_number_and_its_card(rows: Rows) -> None:
    assert identifiers(rows, "call:2") == [("b24_lead", "803"), *hidden(phone="+79165550803")]


def test_events_hang_on_deals_leads_companies_and_chats(rows: Rows) -> None:
    assert rows(
        "select natural_key, object_type, object_id, qualifier from event_object inner join event using (event_id) "
        "where natural_key in ('deal:202:now', 'lsh:9002', 'message:85900', 'activity:7008') order by all"
    ) == [
        ("activity:7008", "company", "901", "subject"),
        ("deal:202:now", "company", "901", "account"),
        ("deal:202:now", "deal", "202", "subject"),
        ("lsh:9002", "lead", "801", "subject"),
        ("message:85900", "chat", "322", "subject"),
        ("message:85900", "deal", "201", "subject"),
    ]


def test_a_list_names_its_company_by_title(rows: Rows) -> None:
    assert rows(
        "select object_id from event_object inner join event using (event_id) "
        "where natural_key = 'sh:9001' and object_type = 'company'"
    ) == [("902",)]


def test_a_web_page_that_calls_itself_a_workbook_is_read(events_of: Catalogue) -> None:
    assert events_of.place("bitrix24").raw(
        "select deal_id, stage, currency, phones, created_at::varchar from stg_bitrix24__deals_xls"
    ) == [("105", "В работе", "RUB", ["+79165550105"], "2026-05-08 08:00:00")]


def test_the_total_of_a_deal_on_every_line_counts_once(rows: Rows) -> None:
    assert rows("select distinct amount from event where natural_key like 'deal:105:%'") == [(30000.0,)]
