"""What happens in real portals, desks and counters, one case a test: literal exports in, events out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from journey_mining.warehouse import DuckDBWarehouse
from source_place import Place

DEALS = (
    "ID;Название сделки;Воронка;Стадия сделки;Сумма;Валюта;Тип клиента;Контакт: Рабочий e-mail;Дата создания;"
    "Дата изменения;\n"
)
CONTACTS = "ID;Тип контакта;Рабочий телефон;Рабочий e-mail;Дата создания;Дата изменения;\n"
HITS = (
    "ym:pv:watchID\tym:pv:clientID\tym:pv:dateTime\tym:pv:URL\tym:pv:isPageView\tym:pv:link\tym:pv:download\t"
    "ym:pv:goalsID\tym:pv:params\n"
)
ANSWERS = (
    'Отметка времени,Адрес электронной почты,"Насколько вероятно, что вы порекомендуете нас? (0-10)",'
    "Насколько вы довольны? (1-5),Комментарий\n"
)
FRESH = "select cast(first_event_at as varchar), cast(fresh_until as varchar) from source_status"


def deal(number: int, pipeline: str, changed: str = "01.04.2026 10:00:00") -> str:
    return f"{number};n;{pipeline};Новая;1;RUB;Физлицо;u{number}@firm.example;01.04.2026 10:00:00;{changed};\n"


def contact(number: int, made: str = "01.04.2026 10:00:00") -> str:
    return f"{number};x;;u{number}@firm.example;{made};{made};\n"


def move(number: int, deal_id: int, category: int, at: str = "2026-04-01T10:00:00+03:00") -> dict[str, str]:
    code = "NEW" if category == 0 else f"C{category}:NEW"
    return {
        "ID": str(number),
        "TYPE_ID": "1",
        "OWNER_ID": str(deal_id),
        "CREATED_TIME": at,
        "CATEGORY_ID": str(category),
        "STAGE_ID": code,
        "STAGE_SEMANTIC_ID": "P",
    }


def history(*moves: dict[str, str]) -> str:
    return json.dumps({"result": {"items": moves}})


def hit(number: int, url: str = "/smb/pricing", *, kind: str = "1 0 0", goals: str = "[]", params: str = "") -> str:
    flags = kind.replace(" ", "\t")
    return f"{number}\t77\t2026-04-01 10:00:{number:02d}\thttps://x.example{url}\t{flags}\t{goals}\t{params}\n"


def ticket(number: int, updated: str, **cells: Any) -> str:
    made = {"id": number, "created_at": "2026-04-01T10:00:00Z", "updated_at": updated, "status": "open"}
    return json.dumps({**made, "requester_id": 5, "subject": "a", "description": "b", "tags": [], **cells}) + "\n"


@pytest.fixture
def portal(place: Place) -> Place:
    place.use("bitrix24", fixtures=False)
    return place


@pytest.fixture
def desk(place: Place) -> Place:
    place.use("zendesk", fixtures=False)
    return place


@pytest.fixture
def counter(place: Place) -> Place:
    place.use("metrica", fixtures=False)
    return place


def pipelines(portal: Place) -> list[tuple[Any, ...]]:
    portal.load()
    return portal.built("select pipeline, count(*) from event group by pipeline order by 2 desc, 1")


def test_a_deal_that_moved_after_the_list_was_drawn_renames_no_pipeline(portal: Place) -> None:
    portal.put("bitrix24/deals.csv", DEALS + deal(1, "Продажи") + deal(2, "Продажи") + deal(3, "Продление"))
    late = move(9, 1, 1, at="2026-09-27T10:00:00+03:00")
    portal.put("bitrix24/stagehistory_deal.json", history(move(1, 1, 0), move(2, 2, 0), move(3, 3, 1), late))
    assert pipelines(portal) == [("Продажи", 2), ("Продление", 2)]


def test_a_pipeline_is_called_what_most_of_its_deals_are_called(portal: Place) -> None:
    deals = deal(1, "Продление") + deal(2, "Продление") + deal(3, "Пилоты")
    portal.put("bitrix24/deals.csv", DEALS + deals)
    portal.put("bitrix24/stagehistory_deal.json", history(*(move(n, n, 1) for n in (1, 2, 3))))
    assert pipelines(portal) == [("Продление", 3)]


def test_fresh_contacts_do_not_make_stale_deals_fresh(portal: Place) -> None:
    portal.put("bitrix24/deals_2026-06-01.csv", DEALS + deal(1, "Продажи"))
    portal.put("bitrix24/contacts_2026-09-28.csv", CONTACTS + contact(1, "01.03.2026 10:00:00") + contact(2))
    portal.load()
    assert portal.built(FRESH) == [("2026-04-01 07:00:00", "2026-05-31 21:00:00")]


def test_a_list_that_is_not_dated_is_as_fresh_as_its_last_change(portal: Place) -> None:
    portal.put("bitrix24/deals.csv", DEALS + deal(1, "Продажи", changed="20.09.2026 10:00:00"))
    portal.put("bitrix24/stagehistory_deal.json", history(move(1, 1, 0), move(2, 1, 0, at="2026-09-25T10:00:00+03:00")))
    portal.load()
    assert portal.built(FRESH) == [("2026-04-01 07:00:00", "2026-09-20 07:00:00")]


def test_contacts_alone_say_nothing_of_how_far_deals_are_known(portal: Place) -> None:
    portal.put("bitrix24/contacts_2026-09-28.csv", CONTACTS + contact(1))
    portal.load()
    assert portal.built(FRESH) == [(None, None)]


DONE = {"status": "solved", "satisfaction_rating": {"score": "good"}}
WHEN = "select event_kind, cast(occurred_at as varchar) from event where event_kind <> 'ticket_created' order by 1"


def test_delivering_a_ticket_again_moves_neither_its_solution_nor_its_rating(desk: Place) -> None:
    desk.put("zendesk/tickets_1.ndjson", ticket(1, "2026-04-02T10:00:00Z", **DONE))
    desk.put("zendesk/tickets_2.ndjson", ticket(1, "2026-05-01T10:00:00Z", **{**DONE, "status": "closed"}))
    desk.load()
    assert desk.built(WHEN) == [("csat", "2026-04-02 10:00:00"), ("ticket_solved", "2026-04-02 10:00:00")]


def test_a_reopened_ticket_is_solved_when_it_was_solved_for_good(desk: Place) -> None:
    desk.put("zendesk/tickets_1.ndjson", ticket(1, "2026-04-02T10:00:00Z", **DONE))
    desk.put("zendesk/tickets_2.ndjson", ticket(1, "2026-04-05T10:00:00Z", satisfaction_rating={"score": "good"}))
    changed = {"status": "solved", "satisfaction_rating": {"score": "bad"}}
    desk.put("zendesk/tickets_3.ndjson", ticket(1, "2026-04-09T10:00:00Z", **changed))
    desk.put("zendesk/tickets_4.ndjson", ticket(1, "2026-05-09T10:00:00Z", **{**changed, "status": "closed"}))
    desk.load()
    assert desk.built(WHEN) == [("csat", "2026-04-09 10:00:00"), ("ticket_solved", "2026-04-09 10:00:00")]


def test_a_ticket_of_an_agent_is_internal(desk: Place) -> None:
    user = {"id": 5, "role": "agent", "email": "agent@other.example", "updated_at": "2026-04-01T10:00:00Z"}
    desk.put("zendesk/users.ndjson", json.dumps(user) + "\n")
    desk.put("zendesk/tickets.ndjson", ticket(1, "2026-04-02T10:00:00Z", **DONE))
    desk.load()
    assert desk.built("select exclude, exclude_reason, count(*) from event group by all") == [
        ("internal", "agent requester", 3)
    ]


def test_a_hit_that_shows_no_page_is_no_pageview(counter: Place) -> None:
    rows = [
        hit(1),
        hit(2, kind="0 0 0", params='"{""client_id"":""501""}"'),
        hit(3, kind="0 1 0"),
        hit(4, kind="0 0 1"),
        hit(5, kind="0 0 0", goals=r"[\'301\']"),
    ]
    counter.put("metrica/hits.tsv", HITS + "".join(rows))
    counter.load()
    kinds = counter.built("select event_kind, actor_type, url_path from event order by natural_key")
    page = "/smb/pricing"
    assert kinds == [
        *(("pageview", "customer", page), ("hit", "system", None), ("outlink", "customer", page)),
        *(("download", "customer", page), ("goal", "customer", page)),
    ]
    assert counter.built("select count(*) from event_identifier where value = '501'") == [(1,)]


def test_a_counter_that_does_not_say_what_a_hit_is_counts_pages(counter: Place) -> None:
    counter.put(
        "metrica/hits.tsv",
        "ym:pv:watchID\tym:pv:clientID\tym:pv:dateTime\tym:pv:URL\n1\t7\t2026-04-01 10:00:00\thttps://x.example/a\n",
    )
    counter.load()
    assert counter.built("select event_kind, actor_type from event") == [("pageview", "customer")]


SECRETS = ("ivan.petrov", "9161234567", "916 123-45-67", "eyJhbGciOiJIUzI1NiJ9abcdef", "550e8400")


def test_no_path_publishes_who_came(counter: Place) -> None:
    counter.put(
        "metrica/hits.tsv",
        HITS
        + hit(1, "/unsubscribe/ivan.petrov%40mail.example/79161234567")
        + hit(2, "/call/+7%20916%20123-45-67")
        + hit(3, "/panel/reset/eyJhbGciOiJIUzI1NiJ9abcdef")
        + hit(4, "/r/550e8400-e29b-41d4-a716-446655440000?x=1"),
    )
    counter.load()
    target = counter.build()
    with DuckDBWarehouse(target, read_only=True) as warehouse:
        texts = "\n".join(str(row) for name in warehouse.tables() for row in warehouse.execute(f"from {name}"))
    assert "/unsubscribe/[email]/[number]" in texts
    assert [secret for secret in SECRETS if secret in texts or secret.encode() in target.read_bytes()] == []


def answers(place: Place) -> tuple[int, int]:
    """Answers and answerers."""
    (row,) = place.built(
        "select count(*), count(distinct value) from event left join event_identifier using (event_id)"
    )
    return row[0], row[1]


def test_equal_anonymous_answers_are_answers_of_several_people(place: Place) -> None:
    place.use("survey", fixtures=False)
    first = ANSWERS + "01.09.2026,,9,,\n" * 3 + "01.09.2026,a@firm.example,9,,\n"
    place.put("survey/answers_1.csv", first)
    place.load()
    once = place.built("select natural_key from event order by 1")
    place.put("survey/answers_2.csv", first + "02.09.2026,,9,,\n")
    place.load()
    assert (len(once), answers(place)) == (4, (5, 1))
    assert set(once) < set(place.built("select natural_key from event"))


def test_the_first_of_equal_answers_keeps_its_name(place: Place) -> None:
    place.use("survey", fixtures=False)
    place.put("survey/answers_1.csv", ANSWERS + "01.09.2026,,9,,\n")
    place.load()
    (alone,) = place.raw("select _row_key from stg_survey__answers")
    place.put("survey/answers_2.csv", ANSWERS + "01.09.2026,,9,,\n" * 2)
    place.load()
    keys = place.raw("select _row_key from stg_survey__answers")
    assert (len(keys), alone in keys) == (2, True)
