"""Quarantined rows under a corrected spec, with and without the file they came in."""

from __future__ import annotations

from pathlib import Path

import pytest

from journey_mining.sources import Retried, read_quarantine, retry_quarantine
from source_place import HEADINGS, NOW, SHOP, Place, order

STAGED = "select order_id from stg_shop__orders order by 1"
LEDGER = "select rows_read, rows_accepted, rows_quarantined, rows_collapsed from file_ledger"
SLASHES = SHOP.replace(
    'type = "datetime", required = true', 'type = "datetime", required = true, formats = ["%d.%m.%Y %H:%M", "%Y/%m/%d"]'
)


@pytest.fixture
def file(place: Place) -> Path:
    """A sound order, one with another kind of date, one without any, and a line cut short; loaded."""
    place.settings(load={"max_quarantine_share": 0.8})
    rows = order(1) + order(2, made="2026/04/01") + order(3, made="never") + "4,too short\n"
    path = place.shop().put("shop/orders.csv", HEADINGS + rows)
    place.load()
    return path


def retried(reason: str, came_back: int, stays: int, needs_file: int) -> Retried:
    place = {"source": "shop", "stream": "orders", "reason": reason}
    return Retried(**place, came_back=came_back, stays=stays, needs_file=needs_file)


def test_rows_come_back_although_their_file_is_gone(place: Place, file: Path) -> None:
    file.unlink()
    place.shop(spec=SLASHES)
    assert retry_quarantine(place.project, now=NOW) == (
        retried("BAD_TIMESTAMP", came_back=1, stays=1, needs_file=0),
        retried("MALFORMED_ROW", came_back=0, stays=1, needs_file=1),
    )
    assert (place.raw(STAGED), place.raw(LEDGER)) == ([("1",), ("2",)], [(4, 2, 2, 0)])


def test_a_load_after_a_retry_finds_nothing_to_do(place: Place, file: Path) -> None:
    file.unlink()
    place.shop(spec=SLASHES)
    retry_quarantine(place.project, now=NOW)
    assert place.load().is_changed is False


def test_a_file_that_is_still_there_gives_the_same_rows(place: Place, file: Path) -> None:
    place.shop(spec=SLASHES)
    retry_quarantine(place.project, now=NOW)
    with_file = (place.raw(STAGED), place.raw(LEDGER), read_quarantine(place.project))
    file.unlink()
    place.shop(spec=SLASHES.replace('title_en = "Shop"', 'title_en = "Shop"\nlocale = "ru-RU"'))
    retry_quarantine(place.project, now=NOW)
    assert (place.raw(STAGED), place.raw(LEDGER), read_quarantine(place.project)) == with_file


def test_a_row_cut_short_comes_back_with_its_file(place: Place, file: Path) -> None:
    file.write_text(HEADINGS + order(1) + "4,01.04.2026 10:00,,,,\n", encoding="utf-8")
    place.load()
    place.shop(spec=SHOP.replace("snapshot_at", "csv = { drop_empty_trailing = true }\nsnapshot_at"))
    came_back = {row.reason: row.came_back for row in retry_quarantine(place.project, now=NOW)}
    assert came_back["MALFORMED_ROW"] == 1


def test_without_a_change_of_the_spec_nothing_comes_back(place: Place, file: Path) -> None:
    assert file.exists()
    assert [row.came_back for row in retry_quarantine(place.project, now=NOW)] == [0, 0]


def test_files_of_other_streams_wait_for_the_next_run(place: Place, file: Path) -> None:
    place.put("shop/notes.ndjson", '{"id": 1}\n')
    retry_quarantine(place.project, now=NOW)
    assert (file.exists(), place.load().loaded) == (True, ("shop/notes.ndjson",))


def test_a_project_that_never_ran_has_nothing_to_retry(place: Place) -> None:
    assert retry_quarantine(place.shop().project, now=NOW) == ()


def test_a_new_path_finds_what_no_column_claimed(place: Place) -> None:
    place.settings(load={"max_quarantine_share": 0.8})
    place.shop().put("shop/notes.ndjson", '{"id": 1}\n{"number": {"of": 2}}\n').rename(place.root / "away")
    place.put("shop/notes.ndjson", (place.root / "away").read_bytes())
    place.load()
    (place.inbox / "shop/notes.ndjson").unlink()
    place.shop(spec=SHOP.replace('path = "$.id"', 'path = ["$.id", "$.number.of"]'))
    assert [row.came_back for row in retry_quarantine(place.project, now=NOW)] == [1]
    assert place.raw("select note_id from stg_shop__notes order by 1") == [("1",), ("2",)]
