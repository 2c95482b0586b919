"""Typing anew from the text that was kept: after a change of the spec, and when a future has come."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from journey_mining.sources import intake, load_files, loaded_inputs
from journey_mining.warehouse import DuckDBWarehouse
from source_place import HEADINGS, NOW, SHOP, Place, order

COUNTS = "select rows_read, rows_accepted, rows_quarantined, rows_collapsed from file_ledger"
STAGED = "select note_id, text, _line from stg_shop__notes order by cast(note_id as int)"
PAGED = SHOP.replace('key = ["note_id"]', 'json = { records = ["$.notes[*]", "$"] }\nkey = ["note_id"]')
LATER = NOW + timedelta(days=30)
IN_A_WEEK = "06.10.2026 10:00"


def pages(*sizes: int) -> str:
    """One page of notes a line, numbered through."""
    texts, number = [], 0
    for size in sizes:
        notes = [{"id": number + i, "body": {"text": f"n{number + i}"}} for i in range(1, size + 1)]
        texts.append(json.dumps({"notes": notes}))
        number += size
    return "\n".join(texts) + "\n"


@pytest.fixture
def paged(place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Seven notes a line, ten to a batch, loaded; the file is gone."""
    monkeypatch.setattr(intake, "BATCH_ROWS", 10)
    file = place.shop(spec=PAGED).put("shop/notes.ndjson", pages(7, 7, 7, 7))
    place.load()
    file.unlink()
    return place


def test_records_that_share_a_line_are_all_typed_anew(paged: Place) -> None:
    before = paged.raw(STAGED)
    paged.shop(spec=PAGED.replace('path = "$.body.text" }', 'path = "$.body.text", clean = "html" }'))
    assert paged.load().is_changed
    assert (len(before), paged.raw(STAGED), paged.raw(COUNTS)) == (28, before, [(28, 28, 0, 0)])


def test_a_record_that_no_longer_passes_leaves_its_neighbours_alone(paged: Place) -> None:
    strict = PAGED.replace('path = "$.id", type = "id"', 'path = "$.id", type = "id", not_in = ["3"]')
    paged.shop(spec=strict)
    paged.load()
    paged.shop(spec=strict.replace('not_in = ["3"]', 'not_in = ["4"]'))
    paged.load()
    assert paged.raw("select line, record, reason from quarantine") == [(1, 4, "PLACEHOLDER_KEY")]
    assert (paged.raw(COUNTS), len(paged.raw(STAGED))) == ([(28, 27, 1, 0)], 27)


def test_a_database_of_an_older_version_is_numbered_when_it_is_opened(paged: Place) -> None:
    before = paged.raw(STAGED)
    with DuckDBWarehouse(paged.project.raw_file) as warehouse:
        warehouse.execute("alter table raw_shop__notes drop column _record")
        warehouse.execute("alter table file_ledger drop column retry_from")
        warehouse.execute("update file_ledger set spec_hash = 'older'")
    assert paged.load().is_changed
    assert paged.raw(STAGED) == before


def everything(place: Place, now: datetime) -> tuple[Any, ...]:
    """What loading says and leaves behind, but for the time of loading."""
    load_files(place.project, now=now)
    ledger = "status, spec_hash, retry_from, rows_accepted, rows_quarantined"
    return (
        place.raw("select order_id, changed_at, made_at from stg_shop__orders order by 1"),
        place.raw("select line, column_name, reason from quarantine order by all"),
        place.raw("select column_name, reason, row_count from value_warning order by all"),
        place.raw(f"select {ledger} from file_ledger"),
        loaded_inputs(place.project),
    )


@pytest.fixture
def early(place: Place) -> Place:
    """An order made next week, one changed next week, a broken one and a plain one, loaded today."""
    place.settings(load={"max_quarantine_share": 0.5})
    rows = order(1, made=IN_A_WEEK, changed="") + order(2, changed=IN_A_WEEK) + order(3, made="never") + order(4)
    place.shop().put("shop/orders.csv", HEADINGS + rows)
    place.load()
    return place


def test_what_lies_in_the_future_waits(early: Place) -> None:
    assert early.raw("select line, reason from quarantine order by 1") == [(2, "TS_FUTURE"), (4, "BAD_TIMESTAMP")]
    assert early.raw("select column_name, reason from value_warning") == [("changed_at", "TS_FUTURE")]
    assert early.raw("select retry_from from file_ledger") == [(datetime(2026, 10, 4, 7),)]  # noqa: DTZ001


def test_results_do_not_depend_on_when_a_file_was_first_seen(early: Place) -> None:
    inputs = loaded_inputs(early.project)
    revived = everything(early, LATER)
    early.project.raw_file.unlink()
    assert revived == everything(early, LATER)
    assert (len(revived[0]), revived[1:3], revived[4] != inputs) == (3, ([(4, "made_at", "BAD_TIMESTAMP")], []), True)


def test_what_waited_is_taken_although_the_file_is_gone(early: Place) -> None:
    (early.inbox / "shop/orders.csv").unlink()
    load_files(early.project, now=LATER)
    assert early.raw("select order_id from stg_shop__orders order by 1") == [("1",), ("2",), ("4",)]
    assert early.raw(COUNTS) == [(4, 3, 1, 0)]


def test_nothing_is_typed_anew_before_its_time(early: Place) -> None:
    assert load_files(early.project, now=NOW + timedelta(days=1)).is_changed is False


def test_a_file_rejected_for_its_future_rows_is_taken_in_time(place: Place) -> None:
    place.shop().put("shop/orders.csv", HEADINGS + order(1, made=IN_A_WEEK))
    assert place.load().rejected == ("shop/orders.csv",)
    assert load_files(place.project, now=LATER).loaded == ("shop/orders.csv",)
