"""A load that dies at any point, and the next one: nothing that was committed is passed over."""

from __future__ import annotations

import os
from collections.abc import Callable
from multiprocessing import get_context
from typing import Any

import pytest

from journey_mining.sources import intake, loaded_inputs, loader
from source_place import HEADINGS, SHOP, Place, order

STAGED = "select * exclude (_file_id) from stg_shop__orders order by order_id"
NOTES = "select note_id, text from stg_shop__notes order by note_id"
LOOSE = SHOP.replace('type = "datetime", required = true', 'type = "datetime", required = true, formats = ["%Y/%m/%d"]')


class Killed(BaseException):
    """The process ends here."""


def dies_at(number: int, work: Callable[..., Any]) -> Callable[..., Any]:
    """`work`, but for its n-th call."""
    calls = iter(range(1, 1_000))

    def perhaps(*args: Any, **named: Any) -> Any:
        if next(calls) == number:
            raise Killed
        return work(*args, **named)

    return perhaps


@pytest.fixture
def three(place: Place) -> Place:
    """Two files of orders and one of notes."""
    place.shop().put("shop/orders_1.csv", HEADINGS + order(1))
    place.put("shop/orders_2.csv", HEADINGS + order(1, amount="7", changed="09.04.2026 10:00") + order(2))
    place.put("shop/notes.ndjson", '{"id": 1, "body": {"text": "a"}}\n')
    return place


def killed_load(place: Place, monkeypatch: pytest.MonkeyPatch, where: str, number: int) -> None:
    module, name = where.rsplit(".", 1)
    owner = loader.Load if module == "load" else loader
    with monkeypatch.context() as patch:
        patch.setattr(owner, name, dies_at(number, getattr(owner, name)))
        with pytest.raises(Killed):
            place.load()


@pytest.mark.parametrize(
    ("where", "number"),
    [
        ("load._take", 2),
        ("load._take", 3),
        ("loader.take_file", 3),
        ("load.finish", 1),
        ("loader.reconcile_stream", 1),
        ("loader.rebuild_current", 1),
        ("loader.rebuild_current", 2),
        ("load.summary", 1),
    ],
)
def test_the_next_load_makes_up_for_one_that_died(
    three: Place, monkeypatch: pytest.MonkeyPatch, where: str, number: int
) -> None:
    killed_load(three, monkeypatch, where, number)
    three.load()
    after = three.raw(STAGED), three.raw(NOTES), loaded_inputs(three.project)
    three.project.raw_file.unlink()
    three.load()
    assert after == (three.raw(STAGED), three.raw(NOTES), loaded_inputs(three.project))


def test_a_new_file_of_a_load_that_died_reaches_staging(three: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    three.load()
    three.put("shop/orders_3.csv", HEADINGS + order(3))
    killed_load(three, monkeypatch, "load.finish", 1)
    before = loaded_inputs(three.project)
    again = three.load()
    assert (again.loaded, again.is_changed, loaded_inputs(three.project) != before) == ((), True, True)
    assert [row[0] for row in three.raw(STAGED)] == ["1", "2", "3"]


def test_a_changed_spec_is_applied_although_the_load_died(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.settings(load={"max_quarantine_share": 0.5})
    place.shop().put("shop/orders.csv", HEADINGS + order(1) + order(2, made="2026/04/01"))
    place.load()
    place.shop(spec=LOOSE.replace('"%Y/%m/%d"', '"%Y/%m/%d", "%d.%m.%Y %H:%M"'))
    killed_load(place, monkeypatch, "load._take", 1)
    place.load()
    assert [row[0] for row in place.raw(STAGED)] == ["1", "2"]
    assert place.load().is_changed is False


def test_a_refused_file_leaves_staging_although_the_load_died(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.shop().put("shop/orders_1.csv", HEADINGS + order(1))
    place.put("shop/orders_2.csv", HEADINGS + order(2, amount=""))
    place.load()
    place.shop(spec=SHOP.replace('type = "decimal"', 'type = "decimal", required = true'))
    killed_load(place, monkeypatch, "load.finish", 1)
    place.load()
    assert [row[0] for row in place.raw(STAGED)] == ["1"]


def test_a_killed_process_loses_nothing(three: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    process = get_context("fork").Process(target=_load_and_die, args=(three, monkeypatch))
    process.start()
    process.join(20)
    three.load()
    assert (process.exitcode, len(three.raw(STAGED)), three.raw(NOTES)) == (9, 2, [("1", "a")])


def _load_and_die(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    real, calls = intake.take_file, iter(range(10))

    def dying(*args: Any, **named: Any) -> Any:
        counts = real(*args, **named)
        return counts if next(calls) < 2 else os._exit(9)

    monkeypatch.setattr(loader, "take_file", dying)
    place.load()


def test_what_a_killed_load_spilled_is_gone_after_the_next(place: Place) -> None:
    spilled = place.root / "warehouse" / "raw.duckdb.tmp" / "duckdb_temp_storage-0.tmp"
    spilled.parent.mkdir(parents=True)
    spilled.write_text("rows of somebody")
    place.shop().put("shop/orders.csv", HEADINGS + order(1))
    place.load()
    assert not spilled.parent.exists()
