"""The four shipped sources, from their fixtures to events: literal rows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from journey_mining.privacy import pseudonym
from journey_mining.sources import catalog_dir
from journey_mining.sources.headings import fold
from source_place import KEY, Place

Rows = Callable[[str], list[tuple[Any, ...]]]


def test_moves_of_a_deal_are_events_in_their_order(catalogue_events: Rows) -> None:
    assert catalogue_events(
        "select natural_key, event_kind, activity_raw, occurred_at::varchar, amount, pipeline "
        "from event where natural_key like 'sh:900_' and amount > 13000 order by occurred_at, order_key"
    ) == [
        ("sh:9001", "deal_created", "Новая", "2026-04-01 07:00:00", 13490.5, "Продажи"),
        ("sh:9002", "deal_stage_changed", "Cчет на предоплату", "2026-04-02 08:00:00", 13490.5, "Продажи"),
        ("sh:9003", "deal_won", "Сделка успешна", "2026-04-09 09:30:00", 13490.5, "Продажи"),
        ("sh:9004", "deal_stage_changed", "Подготовка документов", "2026-04-12 07:00:00", 13490.5, "Продажи"),
        ("sh:9005", "deal_won", "Сделка успешна", "2026-04-20 07:00:00", 13490.5, "Продажи"),
        ("sh:9006", "deal_created", "Новая", "2026-08-01 06:00:00", 13490.5, "Продление"),
    ]  # fmt: skip


def test_a_deal_without_history_gives_its_beginning_and_its_state(catalogue_events: Rows) -> None:
    assert catalogue_events(
        "select natural_key, event_kind, activity_raw, occurred_at::varchar, ts_quality from event "
        "where stream = 'deals' order by 1"
    ) == [
        ("deal:103:created", "deal_created", "Сделка создана", "2026-05-05 08:15:00", "exact"),
        ("deal:103:now", "deal_lost", "Сделка провалена", "2026-05-06 15:45:00", "approx"),
    ]


DEALS = "select deal_id, title, stage_key, amount::varchar, phones, emails, created_at::varchar, is_closed"


@pytest.fixture
def deals_of(tmp_path: Path) -> Rows:
    def load(file: str) -> list[tuple[Any, ...]]:
        (tmp_path / file).mkdir()
        place = Place(tmp_path / file)
        place.use("bitrix24", fixtures=False)
        place.put(f"bitrix24/{file}", (catalog_dir() / "bitrix24" / "fixtures" / file).read_bytes())
        place.load()
        return place.raw(f"{DEALS} from stg_bitrix24__deals order by deal_id")

    return load


def test_both_encodings_of_one_export_give_the_same_deals(deals_of: Rows) -> None:
    assert deals_of("deals_2026-09-28.csv") == deals_of("deals_2026-09-28_utf8.csv")


def test_products_of_a_deal_are_summed_and_its_cells_are_typed(deals_of: Rows) -> None:
    assert deals_of("deals_2026-09-28.csv")[0] == (
        "101", "Хостинг для «Ромашки»", fold("Сделка успешна"), "13490.50", ["+79165550101"], ["anna@romashka.example"],
        "2026-04-01 07:00:00", True,
    )  # fmt: skip


def test_a_contact_binds_its_number_addresses_and_phones(catalogue_events: Rows) -> None:
    values = [
        ("b24_contact", "501"),
        ("email", "anna@romashka.example"),
        ("email", "anna.p@mail.example"),
        ("phone", "+79165550101"),
    ]
    assert catalogue_events(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'contact:501' order by kind, value"
    ) == sorted((kind, pseudonym(kind, value, KEY)) for kind, value in values)


def test_a_deal_brings_the_browser_that_ordered(catalogue_events: Rows) -> None:
    assert catalogue_events(
        "select i.value from event_identifier as i inner join event using (event_id) "
        "where natural_key = 'sh:9001' and kind = 'ym_client'"
    ) == [(pseudonym("ym_client", "16512345678901234567", KEY),)]


def test_hits_are_classed_by_page_and_kind(catalogue_events: Rows) -> None:
    assert catalogue_events(
        "select right(natural_key, 3), event_kind, activity_raw, url_path, referrer_host, utm_medium, customer_type "
        "from event where stream = 'hits' and exclude is null order by 1"
    ) == [
        ("821", "pageview", "/blog", "/smb/blog/kak-vybrat-hosting", "yandex.ru", "cpc", None),
        ("822", "pageview", "/pricing", "/smb/pricing", None, None, None),
        ("823", "goal", "/order", "/smb/order", None, None, None),
        ("824", "pageview", "/panel/setup", "/panel/setup", None, None, "Малый бизнес"),
        ("825", "download", "/file.pdf", "/file.pdf", None, None, None),
        ("826", "pageview", "/", "/smb", "www.g2.com", None, None),
        ("828", "pageview", "/promo-x/leto", "/promo-x/leto", None, None, None),
    ]


def test_ids_of_twenty_digits_survive(catalogue_events: Rows) -> None:
    assert catalogue_events("select count(*) from event where natural_key = 'hit:14389127361827369821'") == [(1,)]


def test_robots_are_flagged_not_dropped(catalogue_events: Rows) -> None:
    assert catalogue_events(
        "select exclude, exclude_reason, actor_type, count(*) from event where stream = 'hits' and exclude is not null "
        "group by all order by 4"
    ) == [("bot", "browser of a robot", "bot", 1), ("bot", "more than 60 hits a minute", "bot", 61)]


def test_a_visitor_without_a_cookie_has_no_identifier(catalogue_events: Rows) -> None:
    assert catalogue_events(
        "select count(*) from event_identifier inner join event using (event_id) where natural_key like '%826'"
    ) == [(0,)]


def test_a_logged_in_hit_knows_its_contact(catalogue_events: Rows) -> None:
    assert catalogue_events(
        "select value from event_identifier inner join event using (event_id) "
        "where natural_key like '%824' and kind = 'b24_contact'"
    ) == [("501",)]


def test_a_ticket_is_opened_solved_and_rated(catalogue_events: Rows) -> None:
    assert catalogue_events(
        "select event_kind, activity_raw, occurred_at::varchar, ts_quality, channel, direction, actor_type, score_raw, "
        "score_norm from event where natural_key like 'ticket:3001:%' order by occurred_at, order_key"
    ) == [
        ("ticket_created", "Тикет: support", "2026-04-25 08:00:00", "exact", "portal", "in", "customer", None, None),
        ("ticket_solved", "Тикет: support", "2026-04-26 10:00:00", "approx", "portal", "out", "agent", None, None),
        ("csat", "Тикет: support", "2026-04-26 10:00:00", "approx", "portal", "in", "customer", "good", 1.0),
    ]


def test_a_deleted_ticket_is_no_event(catalogue_events: Rows) -> None:
    assert catalogue_events("select count(*) from event where natural_key like 'ticket:3004:%'") == [(0,)]


def test_a_ticket_without_a_known_tag_is_neutral(catalogue_events: Rows) -> None:
    assert catalogue_events("select activity_raw, channel from event where natural_key = 'ticket:3003:created'") == [
        ("Тикет", "phone")
    ]


def test_a_ticket_carries_all_that_is_known_of_its_requester(catalogue_events: Rows) -> None:
    assert catalogue_events(
        "select kind from event_identifier inner join event using (event_id) "
        "where natural_key = 'ticket:3001:created' order by kind"
    ) == [("b24_contact",), ("email",), ("phone",), ("zendesk_user",)]


def test_texts_are_redacted_and_their_language_is_known(catalogue_events: Rows) -> None:
    text, language, count = catalogue_events(
        "select text, language, redaction_count from event_text inner join event using (event_id) "
        "where natural_key = 'ticket:3001:created'"
    )[0]
    assert ("Анна" in text, "916" in text, "<p>" in text) == (False, False, False)
    assert (language, count) == ("ru", 2)


def test_answers_keep_their_scale_and_the_stage_asked_about(catalogue_events: Rows) -> None:
    assert catalogue_events(
        "select event_kind, score_raw, score_norm, asked_stage, ts_quality, left(order_key, 1) from event "
        "where stream = 'answers' and occurred_at < '2026-05-05' order by occurred_at, event_kind"
    ) == [
        ("csat", "4/5", 0.75, "Внедрение", "date_only", "1"),
        ("nps", "9/10", 0.9, "Внедрение", "date_only", "1"),
        ("csat", "2/5", 0.25, "Решение", "date_only", "1"),
        ("nps", "0/10", 0.0, "Поддержка и обслуживание", "date_only", "1"),
    ]


def test_a_comment_belongs_to_one_answer_only(catalogue_events: Rows) -> None:
    assert catalogue_events(
        "select text, count(*) from event_text inner join event using (event_id) where source = 'survey' "
        "group by text order by text"
    ) == [("Дорого", 1), ("Можно ли платить по счёту?", 1), ("Перенос прошёл гладко,\nно счёт пришёл поздно", 1)]


def test_people_of_the_company_are_flagged(catalogue_events: Rows) -> None:
    assert catalogue_events("select distinct exclude_reason from event where natural_key like 'ticket:3002:%'") == [
        ("own domain",)
    ]


def test_what_was_not_taken_is_told(catalogue_events: Rows) -> None:
    assert catalogue_events("select source, code, message, row_count from load_problem order by source") == [
        ("survey", "OUT_OF_RANGE", "values left out: nps", 1),
        ("zendesk", "MALFORMED_JSON", "rows not taken: the whole row", 1),
    ]


def test_a_snapshot_counts_as_fresh_until_it_was_drawn(catalogue_events: Rows) -> None:
    assert catalogue_events("select source, role, is_decisive, fresh_until::varchar from source_status order by 1") == [
        ("bitrix24", "crm", True, "2026-09-27 21:00:00"),
        ("metrica", "web", True, "2026-04-30 21:00:59"),
        ("survey", "feedback", False, "2026-06-20 00:00:00"),
        ("zendesk", "support", True, "2026-09-28 00:00:00"),
    ]


def test_no_plain_identifier_is_published(catalogue_events: Rows) -> None:
    assert catalogue_events(
        "select count(*) from event_identifier where value like '%@%' or value like '+7%' or length(value) = 20"
    ) == [(0,)]


def test_a_row_key_is_published_as_a_keyed_hash(place: Place) -> None:
    place.use("survey")
    place.settings(load={"max_quarantine_share": 0.1})
    place.load()
    plain = {key for (key,) in place.raw("select _row_key from stg_survey__answers")}
    published = {key.split(":")[1] for (key,) in place.built("select natural_key from event")}
    assert (len(published), plain & published) == (26, set())
