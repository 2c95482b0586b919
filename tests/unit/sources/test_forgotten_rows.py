"""Rows of forgotten people never come in again; what others wrote stays, without them."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from tests.source_place import HEADINGS, NOW, Place, order

from journey_mining.errors import SettingsError
from journey_mining.privacy.tombstones import load_tombstones
from journey_mining.sources import Request, erase_loaded, forget, read_requests
from journey_mining.sources.forget import act_text, masked

FIRST = "shop/orders_2026-04-03.csv"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("JOURNEY_KEY", "k" * 32)
    made = Place(tmp_path).shop()
    made.put(FIRST, HEADINGS + order(1) + order(2))
    made.put("shop/notes.ndjson", '{"id": 1, "body": {"text": "передайте u1@mail.example, что всё готово"}}\n')
    made.load()
    forget(made.project, Request(kind="email", value="U1@mail.example"), now=NOW)
    return made


def orders(shop: Place) -> list[tuple[object, ...]]:
    return shop.raw("select order_id from stg_shop__orders order by 1")


def test_rows_loaded_before_are_erased_and_the_books_add_up(shop: Place) -> None:
    assert erase_loaded(shop.project, now=NOW) == 1
    assert orders(shop) == [("2",)]
    ledger = "select rows_read, rows_accepted, rows_quarantined from file_ledger where stream = 'orders'"
    assert shop.raw(ledger) == [(2, 1, 1)]
    assert shop.raw("select line, reason, raw from quarantine") == [(0, "FORGOTTEN", "")]
    assert b"u1@mail.example" not in shop.project.raw_file.read_bytes()
    assert erase_loaded(shop.project, now=NOW) == 0


def test_rows_that_come_again_are_set_aside_at_the_door(shop: Place) -> None:
    shop.put("shop/orders_2026-04-09.csv", HEADINGS + order(1, amount="7") + order(3))
    erase_loaded(shop.project, now=NOW)
    summary = shop.load()
    assert summary.rejected == ()
    assert orders(shop) == [("2",), ("3",)]


def test_an_address_in_the_text_of_somebody_else_is_blotted_out(shop: Place) -> None:
    erase_loaded(shop.project, now=NOW)
    assert shop.raw("select text from stg_shop__notes") == [("передайте [forgotten], что всё готово",)]


def test_an_address_behind_entities_is_blotted_out_as_well(shop: Place) -> None:
    erase_loaded(shop.project, now=NOW)
    text = "пишите u1&#64;mail&period;example &amp; <b>ждите</b>"
    shop.put("shop/notes_2.ndjson", json.dumps({"id": 2, "body": {"text": text}}) + "\n")
    shop.put("shop/orders_2026-04-09.csv", HEADINGS + order(3).replace("u3@mail.example", "u1&#64;mail.example"))
    shop.load()
    assert shop.raw("select text from stg_shop__notes where text like 'пиш%'") == [("пишите [forgotten] & ждите",)]
    assert orders(shop) == [("2",)]


def test_whoever_asks_twice_is_told_of_the_first_act(shop: Place) -> None:
    first = next((shop.project.root / "forgotten" / "acts").glob("*.json")).stem
    again = forget(shop.project, Request(kind="email", value="u1@MAIL.example"), now=NOW + timedelta(hours=1))
    assert again.earlier_act == first
    assert f"Asked for already: act {first}\n" in act_text(again)
    marks = (shop.project.root / "forgotten" / "tombstones.jsonl").read_text().splitlines()
    assert [json.loads(line)["act"] for line in marks] == [first]


def test_whoever_is_not_known_is_told_so_and_kept_away_all_the_same(shop: Place) -> None:
    act = forget(shop.project, Request(kind="email", value="nobody@mail.example"), now=NOW)
    assert (act.is_known, act.earlier_act, act.identifiers) == (False, "", {"email": 1})
    assert "Found: nothing: no loaded event names them\n" in act_text(act)
    assert "Asked for already" not in act_text(act)
    assert load_tombstones(shop.project).covers("email", "nobody@mail.example")


def test_nobody_is_forgotten_under_another_key(shop: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNEY_KEY", "z" * 32)
    with pytest.raises(SettingsError, match="another key"):
        forget(shop.project, Request(kind="email", value="u2@mail.example"), now=NOW)


def test_another_key_stops_rather_than_brings_people_back(shop: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JOURNEY_KEY", "z" * 32)
    with pytest.raises(SettingsError, match="another key"):
        load_tombstones(shop.project)


def test_a_value_that_names_nobody_is_refused_without_being_repeated(shop: Place) -> None:
    with pytest.raises(SettingsError) as fault:
        forget(shop.project, Request(kind="email", value="no such thing"), now=NOW)
    assert "no such thing" not in str(fault.value)


def test_requests_come_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "requests.txt"
    path.write_text("# today\nemail: anna@mail.example\n\nphone:+7 916 123-45-67\n", encoding="utf-8")
    assert [(r.kind, r.value) for r in read_requests(path)] == [
        ("email", "anna@mail.example"),
        ("phone", "+7 916 123-45-67"),
    ]
    assert (masked("email", "anna@mail.example"), masked("phone", "+79161234567")) == ("a***@***", "+7***67")
