"""A new key: forgotten people stay away, wherever a rotation stopped, and the former key alone tells nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from journey_mining.cli import app
from journey_mining.errors import SettingsError
from journey_mining.privacy.keys import load_keys, rotate_key
from journey_mining.privacy.tombstones import Tombstones, load_tombstones, renew_tombstones
from journey_mining.publishing import privacy_mark
from journey_mining.sources import Request, build_events, erase_loaded, forget
from journey_mining.warehouse import DuckDBWarehouse
from source_place import HEADINGS, NOW, PEOPLE, SHOP_EVENTS, Place, order

MAIL = "u1@mail.example"


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.delenv("JOURNEY_KEY", raising=False)
    (tmp_path / "p").mkdir()
    made = Place(tmp_path / "p").shop()
    made.settings(privacy={"key_file": str(tmp_path / "keys" / "key")})
    made.put("shop/orders.csv", HEADINGS + order(1) + order(2))
    made.load()
    forget(made.project, Request(kind="email", value=MAIL), now=NOW)
    return made


def orders(shop: Place) -> list[tuple[object, ...]]:
    return shop.raw("select order_id from stg_shop__orders order by 1")


def marks_on_disk(shop: Place) -> set[str]:
    lines = (shop.root / "forgotten" / "tombstones.jsonl").read_text().splitlines()
    return {json.loads(line)["mark"] for line in lines}


@pytest.mark.parametrize("rotations", [1, 3])
@pytest.mark.parametrize("is_interrupted", [False, True])
def test_forgotten_people_stay_away_after_rotations(shop: Place, rotations: int, is_interrupted: bool) -> None:
    for _ in range(rotations):
        rotate_key(shop.project)
        if not is_interrupted:
            assert renew_tombstones(shop.project) == 1
    shop.put("shop/orders_2.csv", HEADINGS + order(1, amount="7") + order(3))
    erase_loaded(shop.project, now=NOW)
    shop.load()
    assert orders(shop) == [("2",), ("3",)]
    assert load_tombstones(shop.project).act_of("email", MAIL) == "20260929T010000-1"
    assert renew_tombstones(shop.project) == int(is_interrupted)
    assert renew_tombstones(shop.project) == 0


def test_a_rotation_bars_no_kept_site_and_a_further_request_does(shop: Place) -> None:
    before = privacy_mark(shop.project)
    rotate_key(shop.project)
    between = privacy_mark(shop.project)
    renew_tombstones(shop.project)
    assert {before, between, privacy_mark(shop.project)} == {before}
    forget(shop.project, Request(kind="email", value="u2@mail.example"), now=NOW)
    assert privacy_mark(shop.project) != before


def test_the_former_key_alone_finds_nobody_in_the_marks(shop: Place) -> None:
    former = load_keys(shop.project)
    assert Tombstones(keys=former, acts=dict.fromkeys(marks_on_disk(shop), "a"), kinds=frozenset({"email"})).covers(
        "email", MAIL
    )
    rotate_key(shop.project)
    renew_tombstones(shop.project)
    on_disk = dict.fromkeys(marks_on_disk(shop), "a")
    assert not Tombstones(keys=former, acts=on_disk, kinds=frozenset({"email"})).covers("email", MAIL)
    assert load_tombstones(shop.project).covers("email", MAIL)
    names = [path.name for path in (shop.root / "forgotten").rglob("*")]
    assert not [name for name in names for mark in marks_on_disk(shop) if mark[:8] in name]


def test_whoever_is_forgotten_before_the_next_run_is_found_under_the_former_key(shop: Place) -> None:
    shop.spec(
        "shop", (shop.root / "sources" / "shop" / "spec.toml").read_text(), events=SHOP_EVENTS, event_identifiers=PEOPLE
    )
    target = shop.project.warehouse_file
    build_events(shop.project, target=target, key=load_keys(shop.project)[0])
    with DuckDBWarehouse(target) as warehouse:
        warehouse.execute(
            "create table person_identifier as select 'p' as person_id, kind, value from event_identifier"
        )
        warehouse.execute("create table event_person as select event_id, 'p' as person_id from event_identifier")
    rotate_key(shop.project)
    act = forget(shop.project, Request(kind="email", value="u2@mail.example"), now=NOW)
    assert (act.is_known, act.events) == (True, 1)
    erase_loaded(shop.project, now=NOW)
    assert orders(shop) == []


def test_without_the_former_key_nothing_is_read(shop: Place) -> None:
    path = rotate_key(shop.project)
    assert path is not None
    path.write_text(path.read_text().splitlines()[0] + "\n")
    with pytest.raises(SettingsError, match=r"made with another key.*JOURNEY_FORMER_KEYS"):
        load_tombstones(shop.project)


def test_the_command_says_where_the_key_is_and_holds_the_project(
    small_world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("JOURNEY_KEY", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    root = tmp_path / "p"
    assert CliRunner().invoke(app, ["init", str(root), "--source", "none"]).exit_code == 0
    done = CliRunner().invoke(app, ["key", "rotate", "-p", str(root)])
    path = tmp_path / "home" / ".config" / "journey_mining" / "key"
    assert f"A new key stands in {path}; 0 marks" in done.output
    assert [line.split()[0] == "former" for line in path.read_text().splitlines()] == [False, True]
    assert path.read_text().split()[0] not in done.output
