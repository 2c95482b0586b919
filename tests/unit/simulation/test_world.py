from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from journey_mining.errors import JourneyMiningError
from journey_mining.simulation import write_world

DAY = "2026-09-28"
DEALS = f"bitrix24/deals_{DAY}.csv"
DEALS_TWIN = f"bitrix24/deals_{DAY}_utf8.csv.gz"
TICKETS = f"zendesk/tickets_{DAY}.ndjson.gz"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def cells(text: str) -> list[dict[str, str]]:
    heading, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    return [dict(zip(heading, row, strict=True)) for row in rows]


def parsed(line: str) -> dict[str, object]:
    try:
        found: dict[str, object] = json.loads(line)
    except json.JSONDecodeError:
        return {}
    return found


def test_the_same_arguments_give_the_same_bytes(world, tmp_path):
    write_world(tmp_path, customers=400, seed=3)
    assert contents(tmp_path) == contents(world.folder)


def test_another_seed_gives_another_world(world, tmp_path):
    write_world(tmp_path, customers=50, seed=4)
    assert contents(tmp_path)[DEALS] != (world.folder / DEALS).read_bytes()


def test_the_summary_names_every_file_with_its_size(world):
    assert {file.path: file.size_bytes for file in world.summary.files} == {
        path: len(data) for path, data in contents(world.folder).items()
    }


def test_a_world_of_too_few_customers_is_refused(tmp_path):
    with pytest.raises(JourneyMiningError, match="at least 50 customers"):
        write_world(tmp_path, customers=3, seed=7)


def test_the_deal_export_and_its_twin_hold_the_same_text(world):
    assert world.bytes_of(DEALS_TWIN).startswith(b"\xef\xbb\xbf")
    assert world.text(DEALS_TWIN, "utf-8-sig") == world.text(DEALS, "cp1251")


def test_every_line_of_the_portal_ends_with_a_semicolon(world):
    assert set(re.findall(r".\n", world.text(DEALS, "cp1251"))) == {";\n"}


def test_deals_of_several_products_stand_on_several_lines(world):
    lines = Counter(row["ID"] for row in cells(world.text(DEALS, "cp1251")))
    assert set(lines.values()) == {1, 2}


def test_lines_of_one_deal_agree_in_all_but_the_product(world):
    about = ("Стадия сделки", "Контакт: Рабочий e-mail", "Metrica ClientID", "Дата создания", "Дата изменения")
    rows = cells(world.text(DEALS, "cp1251"))
    assert len({(row["ID"], *(row[name] for name in about)) for row in rows}) == len({row["ID"] for row in rows})


def test_the_invoice_stage_begins_with_a_latin_letter(world):
    names = [row["NAME"] for row in json.loads(world.text(f"bitrix24/status_{DAY}.json"))["result"]]
    assert "\u0043чет на предоплату" in names


def test_the_current_stage_of_a_deal_is_the_last_one_of_its_history(world):
    items = json.loads(world.text(f"bitrix24/stagehistory_deal_{DAY}.json.gz"))["result"]["items"]
    codes = {item["OWNER_ID"]: item["STAGE_SEMANTIC_ID"] for item in items}
    closed = {row["ID"]: row["Сделка закрыта"] for row in cells(world.text(DEALS, "cp1251"))}
    assert closed == {deal: "Нет" if code == "P" else "Да" for deal, code in codes.items()}


def test_one_contact_has_a_date_that_does_not_exist(world):
    rows = cells(world.text(f"bitrix24/contacts_{DAY}.csv", "cp1251"))
    key = json.loads(world.text("answer_key/planted.json"))
    assert [row["ID"] for row in rows if row["Дата создания"].startswith("31.02")] == [key["broken_contact_id"]]


def test_ids_of_hits_are_unsigned_numbers_beyond_what_a_float_can_hold(world):
    ids = [row["ym:pv:watchID"] for row in world.hits()]
    assert {len(value) for value in ids} == {19, 20}
    assert max(map(int, ids)) < 2**64


def test_goals_are_arrays_with_escaped_quotes(world):
    assert {row["ym:pv:goalsID"] for row in world.hits()} == {"[]", r"[\'301\']", r"[\'302\']"}


def test_parameters_are_json_with_doubled_quotes(world):
    raw = next(row["ym:pv:params"] for row in world.hits() if row["ym:pv:params"])
    assert set(json.loads(raw[1:-1].replace('""', '"'))) == {"client_id", "client_type"}


def test_some_hits_are_delivered_twice_and_are_counted(world):
    rows = Counter(row["ym:pv:watchID"] for row in world.hits())
    key = json.loads(world.text("answer_key/planted.json"))
    assert sum(count - 1 for count in rows.values()) == key["duplicate_hit_rows"] > 0


def test_one_ticket_line_is_cut_off(world):
    lines = world.text(TICKETS).splitlines()
    assert sum(not parsed(line) for line in lines) == 1


def test_the_survey_knows_dates_only(world):
    rows = list(csv.DictReader(io.StringIO(world.text("survey/answers_2026-09.csv"), newline="")))
    assert all(re.fullmatch(r"\d\d\.\d\d\.2026", row["Отметка времени"]) for row in rows)
    assert len(rows) > 20


def test_nothing_but_the_crm_reaches_back_before_the_window(world):
    assert min(row["ym:pv:dateTime"] for row in world.hits()) >= "2026-03-02"
    assert min(str(parsed(line).get("created_at", "9")) for line in world.text(TICKETS).splitlines()) >= "2026-03-01T21"
