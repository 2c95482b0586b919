"""Bitrix24: what portals deliver, one case a test: literal files in, events out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from journey_mining.privacy import pseudonym
from source_place import KEY

if TYPE_CHECKING:
    from source_place import Place

WHAT = "select natural_key, event_kind, activity_raw, occurred_at::varchar, ts_quality from event"
ORDER = "order by occurred_at, order_key"
PRODUCT = "ID;Название сделки;Стадия сделки;Сумма;Дата создания;Дата изменения;Товар;Цена;Количество;\n"
DEALS = "ID;Название сделки;Стадия сделки;Сумма;Дата создания;Дата изменения;\n"
MADE = "01.04.2026 10:00:00"


@pytest.fixture
def portal(place: Place) -> Place:
    place.use("bitrix24", fixtures=False)
    return place


def hidden(**values: str) -> list[tuple[str, str]]:
    return sorted((kind, pseudonym(kind, value, KEY)) for kind, value in values.items())


def listed(number: int, stage: str, changed: str, amount: str = "100") -> str:
    return f"{number};n;{stage};{amount};{MADE};{changed};\n"


AMOUNTS = "select distinct amount from event order by 1"


def test_price_times_quantity_of_the_lines_is_added_up(portal: Place) -> None:
    line = f"1;n;Новая;{{}};{MADE};{MADE};x;{{}};{{}};\n"
    lines = line.format("200", "100", "2") + line.format("50,25", "50,25", "1") + line.format("0", "0", "1")
    portal.put("bitrix24/deals.csv", PRODUCT + lines)
    portal.load()
    assert portal.built(AMOUNTS) == [(250.25,)]


def test_a_quantity_of_many_decimals_is_still_price_times_quantity(portal: Place) -> None:
    line = f"1;n;Новая;{{}};{MADE};{MADE};x;{{}};{{}};\n"
    portal.put("bitrix24/deals.csv", PRODUCT + line.format("333,3", "1000", "0,3333") + line.format("10", "10", "1"))
    portal.load()
    assert portal.built(AMOUNTS) == [(343.3,)]


def test_a_deal_listed_twice_without_products_counts_once(portal: Place) -> None:
    portal.put("bitrix24/deals.csv", DEALS + listed(1, "Новая", MADE) * 2)
    portal.load()
    assert portal.built(AMOUNTS) == [(100.0,)]


LISTS = {
    "bitrix24/deals_2026-04-02.csv": listed(1, "Новая", "01.04.2026 10:00:00"),
    "bitrix24/deals_2026-04-05.csv": listed(1, "В работе", "04.04.2026 10:00:00"),
    "bitrix24/deals_2026-04-06.csv": listed(1, "В работе", "05.04.2026 10:00:00"),
    "bitrix24/deals_2026-04-09.csv": listed(1, "Новая", "08.04.2026 10:00:00"),
    "bitrix24/deals_2026-04-12.csv": listed(1, "Сделка успешна", "11.04.2026 10:00:00"),
}


@pytest.mark.parametrize("names", [sorted(LISTS), sorted(LISTS, reverse=True)])
def test_differences_between_lists_are_moves(portal: Place, names: list[str]) -> None:
    for name in names:
        portal.put(name, DEALS + LISTS[name])
        portal.load()
    assert portal.built(f"{WHAT} {ORDER}") == [
        ("deal:1:created", "deal_created", "Сделка создана", "2026-04-01 07:00:00", "exact"),
        ("deal:1:seen:2026-04-01 07:00:00", "deal_stage_changed", "Новая", "2026-04-01 07:00:00", "approx"),
        ("deal:1:seen:2026-04-04 07:00:00", "deal_stage_changed", "В работе", "2026-04-04 07:00:00", "approx"),
        ("deal:1:seen:2026-04-08 07:00:00", "deal_stage_changed", "Новая", "2026-04-08 07:00:00", "approx"),
        ("deal:1:now", "deal_won", "Сделка успешна", "2026-04-11 07:00:00", "approx"),
    ]


def test_moves_between_lists_carry_the_deal_and_its_identifiers(portal: Place) -> None:
    head = "ID;Название сделки;Стадия сделки;Рабочий телефон;Дата создания;\n"
    for day, stage in (("2026-04-02", "Новая"), ("2026-04-05", "В работе")):
        portal.put(f"bitrix24/deals_{day}.csv", f"{head}1;n;{stage};+7 916 555 00 01;{MADE};\n")
    portal.load()
    # without a time of change, the day of the file is the first that is known
    assert portal.built(
        "select natural_key, count(distinct value), count(distinct object_id) from event "
        "inner join event_identifier using (event_id) inner join event_object using (event_id) group by 1 order by 1"
    ) == [("deal:1:created", 1, 1), ("deal:1:now", 1, 1), ("deal:1:seen:2026-04-01 21:00:00", 1, 1)]


def test_headings_may_be_english(portal: Place) -> None:
    head = "ID;Deal Name;Pipeline;Stage;Income;Currency;Created;Modified;\n"
    portal.put("bitrix24/deals.csv", f"{head}1;n;Sales;New;10.5;US Dollar;{MADE};{MADE};\n")
    portal.load()
    assert portal.built("select distinct pipeline, amount, currency from event") == [("Sales", 10.5, "USD")]


DEAL = {"ID": "1", "STAGE_ID": "NEW", "DATE_CREATE": "2026-04-01T10:00:00+03:00", "OPPORTUNITY": "7.00"}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([DEAL]),
        json.dumps({"result": [DEAL]}),
        json.dumps([{"result": {"items": [DEAL]}}, {"result": {"items": []}}]),
        json.dumps({"result": []}) + "\n" + json.dumps({"result": [DEAL]}),
    ],
)
def test_a_dump_may_be_records_a_page_or_pages(portal: Place, text: str) -> None:
    portal.put("bitrix24/deals.json", text)
    portal.load()
    assert portal.built("select count(*) from event where amount = 7") == [(2,)]


def test_a_deal_in_dump_and_list_is_told_once_with_the_names_of_the_list(portal: Place) -> None:
    head = "ID;Название сделки;Воронка;Стадия сделки;Сумма;Тип клиента;Дата создания;\n"
    portal.put("bitrix24/deals.csv", f"{head}1;n;Пилоты;Новая;5;Физлицо;{MADE};\n")
    portal.put("bitrix24/deals.json", json.dumps({"result": [DEAL]}))
    portal.load()
    assert portal.built("select natural_key, stream, pipeline, amount, customer_type from event order by 1") == [
        ("deal:1:created", "deal_items", "Пилоты", 7.0, "Физлицо"),
        ("deal:1:now", "deal_items", "Пилоты", 7.0, "Физлицо"),
    ]


def test_the_portal_names_its_pipelines_itself(portal: Place) -> None:
    portal.put("bitrix24/deals.json", json.dumps({"result": [{**DEAL, "CATEGORY_ID": "0"}]}))
    portal.put("bitrix24/categories.json", json.dumps({"result": {"categories": [{"id": 0, "name": "Общая"}]}}))
    portal.load()
    assert portal.built("select distinct pipeline from event") == [("Общая",)]


def test_a_lead_that_the_list_no_longer_shows_is_not_deleted(portal: Place) -> None:
    head = "ID;Название лида;Статус;Дата создания;\n"
    portal.put("bitrix24/leads_2026-04-02.csv", f"{head}1;n;Новый;{MADE};\n2;n;Новый;{MADE};\n")
    portal.put("bitrix24/leads_2026-04-03.csv", f"{head}2;n;Новый;{MADE};\n")
    portal.load()
    assert portal.built("select count(*) from event where event_kind = 'lead_created'") == [(2,)]


def call(number: int, phone: str) -> dict[str, str]:
    made = {"ID": str(number), "CALL_TYPE": "1", "CALL_START_DATE": "2026-04-01T10:00:00+03:00"}
    return {**made, "PHONE_NUMBER": phone, "CALL_FAILED_CODE": "200", "CALL_VOTE": ""}


def test_extensions_are_internal_and_hidden_numbers_are_nobody(portal: Place) -> None:
    portal.put("bitrix24/calls.json", json.dumps({"result": [call(1, "205"), call(2, "anonymous")]}))
    portal.load()
    assert portal.built(
        "select natural_key, exclude, exclude_reason, kind from event left join event_identifier using (event_id) "
        "order by 1"
    ) == [("call:1", "internal", "extension number", None), ("call:2", None, None, None)]


def test_stages_without_a_name_are_counted(portal: Place) -> None:
    portal.put("bitrix24/deals.json", json.dumps({"result": [DEAL]}))
    portal.load()
    assert portal.built("select message, row_count from load_problem where source = 'bitrix24'")[0][1] == 1


def test_a_code_without_a_name_stays_the_code(portal: Place) -> None:
    portal.put("bitrix24/deals.json", json.dumps({"result": [{**DEAL, "STAGE_ID": "C4:WON", "CATEGORY_ID": "4"}]}))
    portal.load()
    assert portal.built("select event_kind, activity_raw from event where natural_key = 'deal:1:now'") == [
        ("deal_won", "C4:WON")
    ]


def test_the_company_of_a_list_stands_in_for_a_contact_without_phone_and_address(portal: Place) -> None:
    head = (
        "ID;Стадия сделки;Дата создания;Контакт: Другой телефон;Компания: Рабочий телефон;Компания: Рабочий e-mail;\n"
    )
    portal.put(
        "bitrix24/deals.csv",
        f"{head}1;Новая;{MADE};;+7 495 555 09 01;zakupki@server.example;\n"
        f"2;Новая;{MADE};+7 916 555 00 02;+7 495 555 09 01;;\n",
    )
    portal.load()
    assert portal.built(
        "select natural_key, kind, value from event_identifier inner join event using (event_id) "
        "where natural_key like '%:created' order by all"
    ) == [
        *(("deal:1:created", *pair) for pair in hidden(email="zakupki@server.example", phone="+74955550901")),
        *(("deal:2:created", *pair) for pair in hidden(phone="+79165550002")),
    ]


def test_a_history_that_begins_in_the_middle_is_completed_by_the_creation(portal: Place) -> None:
    move = {"ID": "5", "TYPE_ID": "2", "OWNER_ID": "1", "CREATED_TIME": "2026-04-05T10:00:00+03:00"}
    moves = {"result": {"items": [{**move, "STAGE_ID": "NEW", "STAGE_SEMANTIC_ID": "P"}]}}
    portal.put("bitrix24/stagehistory_deal.json", json.dumps(moves))
    portal.put("bitrix24/deals.json", json.dumps({"result": [{**DEAL, "CONTACT_ID": "7"}]}))
    portal.load()
    assert portal.built(
        "select natural_key, event_kind, value from event inner join event_identifier using (event_id) order by 1"
    ) == [("deal:1:created", "deal_created", "7"), ("sh:5", "deal_stage_changed", "7")]
