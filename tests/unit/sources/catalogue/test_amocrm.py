"""amoCRM: lists of three dialects and answers of the API, from its fixtures and from literal files to events."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from journey_mining.privacy import pseudonym
from source_place import KEY

if TYPE_CHECKING:
    from collections.abc import Callable

    from conftest import Catalogue
    from source_place import Place

    Rows = Callable[[str], list[tuple[Any, ...]]]

WHAT = "select natural_key, event_kind, activity_raw, occurred_at::varchar, ts_quality from event"
ORDER = "order by occurred_at, order_key"
SECOND = 1_775_026_800  # 2026-04-01 07:00:00 UTC


@pytest.fixture
def rows(events_of: Catalogue) -> Rows:
    return events_of("amocrm")


@pytest.fixture
def account(place: Place) -> Place:
    place.use("amocrm", fixtures=False)
    return place


def identifiers(rows: Rows, natural_key: str) -> list[tuple[Any, ...]]:
    return rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        f"where natural_key = '{natural_key}' order by kind, value"
    )


def hidden(*pairs: tuple[str, str]) -> list[tuple[str, str]]:
    return sorted((kind, pseudonym(kind, value, KEY)) for kind, value in pairs)


def page(name: str, *records: dict[str, Any]) -> dict[str, Any]:
    return {"_page": 1, "_embedded": {name: list(records)}}


def lead(number: int, status: int = 7102, **cells: Any) -> dict[str, Any]:
    made = {"id": number, "name": "n", "price": 5, "status_id": status, "pipeline_id": 71, "created_at": SECOND}
    return {**made, "updated_at": SECOND, "closed_at": None, "custom_fields_values": None, **cells}


def test_moves_of_a_deal_are_events_named_by_pipeline_and_stage(rows: Rows) -> None:
    # 142 and 143 are called otherwise in the second pipeline
    assert rows(
        "select natural_key, event_kind, activity_raw, pipeline, occurred_at::varchar from event "
        f"where natural_key like 'event:01e00_' {ORDER}"
    ) == [
        ("event:01e002", "deal_stage_changed", "Переговоры", "Продажи", "2026-05-03 08:00:00"),
        ("event:01e003", "deal_stage_changed", "Подключение", "Сопровождение", "2026-05-10 08:00:00"),
        ("event:01e004", "deal_won", "Успешно реализовано", "Продажи", "2026-05-20 07:00:00"),
        ("event:01e006", "deal_lost", "Ушёл", "Сопровождение", "2026-05-21 07:00:00"),
        ("event:01e007", "deal_won", "Успешно реализовано", "Продажи", "2026-05-22 07:00:00"),
    ]


def test_a_deal_with_events_begins_when_it_was_made_and_has_no_state_besides(rows: Rows) -> None:
    assert rows(f"{WHAT} where natural_key like 'deal:4001:%'") == [
        ("deal:4001:created", "deal_created", "Сделка создана", "2026-05-01 07:00:00", "exact")
    ]


def test_a_deal_of_the_api_has_its_money_customer_and_campaign(rows: Rows) -> None:
    assert rows(
        "select amount, currency, pipeline, customer_type, utm_source, utm_medium, utm_campaign from event "
        "where natural_key = 'deal:4001:created'"
    ) == [(250000.0, None, "Продажи", "Корпорация", "yandex", "cpc", "vnedrenie")]


def test_the_end_of_a_deal_without_events_is_dated_by_its_closing(rows: Rows) -> None:
    assert rows(f"{WHAT} where stream = 'deal_items' and natural_key like '%:seen:%' {ORDER}") == [
        ("deal:4004:seen:2026-05-06 07:00:00", "deal_stage_changed", "Переговоры", "2026-05-06 07:00:00", "approx"),
        ("deal:4002:seen:2026-05-12 07:00:00", "deal_won", "Продлён", "2026-05-11 06:00:00", "exact"),
    ]


def test_a_deleted_deal_is_no_event_and_neither_are_its_moves(rows: Rows) -> None:
    assert rows("select count(*) from event where natural_key like '%4003%' or natural_key = 'event:01e005'") == [(0,)]


def test_differences_between_lists_are_moves(rows: Rows) -> None:
    assert rows(f"{WHAT} where natural_key like 'deal:2001:%' {ORDER}") == [
        ("deal:2001:created", "deal_created", "Сделка создана", "2026-06-01 07:00:00", "exact"),
        (
            "deal:2001:seen:2026-06-01 07:00:00",
            *("deal_stage_changed", "Первичный контакт", "2026-06-01 07:00:00", "approx"),
        ),
        ("deal:2001:seen:2026-06-10 09:00:00", "deal_stage_changed", "Переговоры", "2026-06-10 09:00:00", "approx"),
        (
            "deal:2001:seen:2026-06-20 12:00:00",
            *("deal_lost", "Закрыто и не реализовано", "2026-06-20 11:00:00", "exact"),
        ),
    ]


def test_the_dialect_of_former_years_is_read(rows: Rows) -> None:
    assert rows(f"{WHAT} where stream = 'deals_comma' {ORDER}") == [
        ("deal:1001:created", "deal_created", "Сделка создана", "2026-01-12 07:00:00", "exact"),
        ("deal:1002:created", "deal_created", "Сделка создана", "2026-01-13 08:00:00", "exact"),
        (
            "deal:1002:seen:2026-01-13 08:00:00",
            *("deal_stage_changed", "Первичный контакт", "2026-01-13 08:00:00", "approx"),
        ),
        ("deal:1001:seen:2026-01-20 15:30:00", "deal_won", "Успешно реализовано", "2026-01-20 15:30:00", "exact"),
    ]


def test_a_workbook_with_dates_as_cells_and_as_text_is_read(rows: Rows) -> None:
    assert rows(f"{WHAT} where stream = 'deals_xlsx' {ORDER}") == [
        ("deal:3001:created", "deal_created", "Сделка создана", "2026-07-01 07:00:00", "exact"),
        ("deal:3001:seen:2026-07-02 08:00:00", "deal_won", "Успешно реализовано", "2026-07-02 08:00:00", "approx"),
    ]


def test_a_deal_called_test_is_flagged(rows: Rows) -> None:
    assert rows("select natural_key, exclude, exclude_reason from event where exclude is not null order by 1") == [
        ("deal:2002:created", "test", "title of a test"),
        ("deal:2002:seen:2026-06-02 07:00:00", "test", "title of a test"),
    ]


def test_contacts_are_created(rows: Rows) -> None:
    assert rows(f"{WHAT} where event_kind = 'contact_created' {ORDER}") == [
        ("contact:6001", "contact_created", "Контакт создан", "2026-05-01 06:59:00", "exact"),
        ("contact:6002", "contact_created", "Контакт создан", "2026-05-01 07:05:00", "exact"),
    ]


def test_calls_messages_and_letters_are_told_by_notes(rows: Rows) -> None:
    # 9004 is a note of staff
    assert rows(
        "select natural_key, event_kind, activity_raw, actor_type, channel, direction from event "
        "where stream like '%_notes' order by 1"
    ) == [
        ("note:9001", "call", "Входящий звонок", "customer", "phone", "in"),
        ("note:9002", "call", "Пропущенный звонок", "customer", "phone", "in"),
        ("note:9003", "call", "Недозвон", "agent", "phone", "out"),
        ("note:9005", "email_in", "Входящее письмо", "customer", "email", "in"),
        ("note:9006", "email_out", "Исходящее письмо", "agent", "email", "out"),
        ("note:9101", "chat_message", "Входящее SMS", "customer", "phone", "in"),
        ("note:9102", "chat_message", "Исходящее SMS", "agent", "phone", "out"),
        ("note:9103", "call", "Исходящий звонок", "agent", "phone", "out"),
    ]


def test_events_tell_what_no_note_tells(rows: Rows) -> None:
    # 01e010 is the call of note 9001, 01e020 a tag
    assert rows(
        "select natural_key, event_kind, activity_raw, actor_type, channel, direction from event "
        "where stream = 'events' and natural_key >= 'event:01e010' order by 1"
    ) == [
        ("event:01e011", "call", "Исходящий звонок", "agent", "phone", "out"),
        ("event:01e012", "chat_message", "Входящее сообщение", "customer", "messenger", "in"),
        ("event:01e013", "chat_message", "Исходящее сообщение", "bot", "messenger", "out"),
        ("event:01e014", "chat_message", "Исходящее сообщение", "agent", "messenger", "out"),
        ("event:01e017", "chat_message", "Входящее SMS", "customer", "phone", "in"),
        ("event:01e018", "task_done", "Задача выполнена", "agent", "crm", None),
        ("event:01e019", "nps", "Оценка NPS", "customer", "survey", "in"),
    ]


def test_an_answer_keeps_its_scale(rows: Rows) -> None:
    assert rows("select score_raw, score_norm from event where event_kind = 'nps'") == [("9/10", 0.9)]


def test_only_customers_words_are_texts(rows: Rows) -> None:
    assert rows("select natural_key, text from event_text inner join event using (event_id) order by 1") == [
        ("note:9005", "Счёт\nКогда будет счёт?"),
        ("note:9101", "Перезвоните после трёх"),
    ]


def test_a_deal_carries_its_main_contact_and_its_browser(rows: Rows) -> None:
    pairs = (("ga_client", "1122334455.1700000000"), ("ym_client", "1651234567890004001"))
    assert identifiers(rows, "event:01e004") == [("amo_contact", "6001"), *hidden(*pairs)]


def test_a_company_stands_in_where_a_deal_has_no_contact(rows: Rows) -> None:
    assert identifiers(rows, "deal:4004:created") == [("amo_company", "8001")]


def test_a_contact_binds_its_number_addresses_and_phones(rows: Rows) -> None:
    pairs = (("email", "darya@vnedrenie.example"), ("phone", "+79165556001"), ("phone", "+79165556011"))
    assert identifiers(rows, "contact:6001") == [("amo_contact", "6001"), *hidden(*pairs)]


def test_several_phones_and_addresses_stand_in_one_cell(rows: Rows) -> None:
    pairs = (
        *(("email", "anna@sait.example"), ("email", "a.primerova@sait.example")),
        *(("phone", "+79165551001"), ("phone", "+79165551011"), ("ym_client", "1651234567890001001")),
    )
    assert identifiers(rows, "deal:1001:created") == hidden(*pairs)


def test_a_phone_may_begin_with_an_apostrophe(rows: Rows) -> None:
    assert hidden(("phone", "+79165552001"))[0] in identifiers(rows, "deal:2001:created")


def test_a_letter_carries_the_address_of_the_customer_only(rows: Rows) -> None:
    address = hidden(("email", "buh@vnedrenie.example"))[0]
    assert [pair for pair in identifiers(rows, "note:9005") if pair[0] == "email"] == [address]
    assert [pair for pair in identifiers(rows, "note:9006") if pair[0] == "email"] == [address]


def test_events_hang_on_deals_and_companies(rows: Rows) -> None:
    assert rows(
        "select natural_key, object_type, object_id, qualifier from event_object inner join event using (event_id) "
        "where natural_key in ('event:01e004', 'note:9001', 'deal:2001:created') order by all"
    ) == [
        ("deal:2001:created", "deal", "2001", "subject"),
        ("event:01e004", "company", "8001", "account"),
        ("event:01e004", "deal", "4001", "subject"),
        ("note:9001", "company", "8001", "account"),
        ("note:9001", "deal", "4001", "subject"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(page("leads", lead(1))),
        json.dumps([page("leads", lead(1)), page("leads")]),
        json.dumps([lead(1)]),
        json.dumps(page("leads")) + "\n" + json.dumps(page("leads", lead(1))),
    ],
)
def test_a_dump_may_be_records_a_page_or_pages(account: Place, text: str) -> None:
    account.put("amocrm/leads.json", text)
    account.load()
    assert account.built("select natural_key from event order by 1") == [
        ("deal:1:created",),
        ("deal:1:seen:2026-04-01 07:00:00",),
    ]


def test_stages_without_a_name_keep_their_number_and_are_counted(account: Place) -> None:
    account.put("amocrm/leads.json", json.dumps(page("leads", lead(1))))
    account.load()
    assert account.built("select distinct activity_raw from event where event_kind = 'deal_stage_changed'") == [
        ("Этап 7102",)
    ]
    assert account.built("select row_count from load_problem") == [(1,)]


def test_a_deal_in_api_and_list_is_told_once_with_the_pipeline_of_the_list(account: Place) -> None:
    account.put("amocrm/leads.json", json.dumps(page("leads", lead(1, status=142, closed_at=SECOND))))
    head = "ID;Название сделки;Бюджет;Дата создания;Этап сделки;Воронка\n"
    account.put("amocrm/amocrm_export_leads.csv", f"{head}1;n;9;01.04.2026 10:00;Успешно реализовано;Опт\n")
    account.load()
    assert account.built("select event_kind, stream, amount, pipeline from event order by 1") == [
        ("deal_created", "deal_items", 5.0, "Опт"),
        ("deal_won", "deal_items", 5.0, "Опт"),
    ]


def test_names_of_stages_may_be_english(account: Place) -> None:
    head = "ID;Lead name;Sale;Created at;Lead stage;Pipeline\n"
    account.put("amocrm/leads.csv", f"{head}1;n;9;01.04.2026 10:00:00;Closed - won;Sales\n")
    account.load()
    assert account.built("select event_kind, amount from event order by 1") == [
        ("deal_created", 9.0),
        ("deal_won", 9.0),
    ]


def test_states_of_a_deal_that_only_the_list_still_has_carry_its_identifiers(account: Place) -> None:
    # deleted in the account, listed before: what both showed of it is told under the list
    account.put("amocrm/leads_2026-04-01.json", json.dumps(page("leads", lead(1))))
    account.put(
        "amocrm/leads_2026-04-03.json", json.dumps(page("leads", lead(1, updated_at=SECOND + 60, is_deleted=True)))
    )
    headings = "ID;Этап сделки;Дата создания;Дата редактирования;Рабочий email\n"
    listed = "1;Встреча;01.04.2026 10:00;02.04.2026 10:00;a@x.example\n"
    account.put("amocrm/leads_2026-04-02.csv", headings + listed)
    account.load()
    assert account.built(
        "select natural_key, kind, object_id from event left join event_identifier using (event_id) "
        "left join event_object using (event_id) order by natural_key"
    ) == [
        ("deal:1:created", "email", "1"),
        ("deal:1:seen:2026-04-01 07:00:00", "email", "1"),
        ("deal:1:seen:2026-04-02 07:00:00", "email", "1"),
    ]
