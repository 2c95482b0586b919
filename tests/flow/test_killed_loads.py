"""A load that is killed (kill -9) at any moment: after the next one the tables are those of an undisturbed load.

`JOURNEY_KILLS=50 pytest tests/flow/test_killed_loads.py` dies more often.
"""

from __future__ import annotations

import gzip
import os
import random
import shutil
import time
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from journey_mining.sources import loaded_inputs
from source_place import HEADINGS, SHOP, Place, order

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("JOURNEY_KILLS", "6"))
FEW, MANY = range(1, 1_500), range(1_000, 5_000)
BROKEN = "9999,never,,,\n"
TABLES = {
    "stg_shop__orders": "order_id, made_at, changed_at, amount, email, _snapshot_at, _row_hash",
    "stg_shop__notes": "note_id, text",
    "stg_shop__orders__version": "order_id, changed_at, amount, _file_id, _line, _conflicts",
    "raw_shop__orders": "*",
    "quarantine": "file_id, line, column_name, reason",
    "value_warning": "*",
    "file_ledger": "* exclude (loaded_at)",
    "stream_unfinished": "*",
}


def orders(numbers: range, *, amount: str = "100") -> str:
    return HEADINGS + "".join(
        order(n % 2_000, amount=amount, changed=f"{1 + n % 28:02d}.04.2026 10:00") for n in numbers
    )


@pytest.fixture(scope="module")
def halfway(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project that was loaded once; since then a spec has changed, a file is gone, and new ones have come."""
    place = Place(tmp_path_factory.mktemp("halfway")).shop()
    place.put("shop/orders_2026-05-01.csv", orders(FEW) + BROKEN)
    place.put("shop/orders_gone.csv", orders(range(1_500, 1_900)))
    place.put("shop/notes.ndjson", "".join(f'{{"id": {n}, "body": {{"text": "n{n}"}}}}\n' for n in FEW))
    place.load()
    (place.inbox / "shop/orders_gone.csv").unlink()
    place.put("shop/orders_2026-05-02.csv.gz", gzip.compress(orders(MANY, amount="7").encode()))
    place.put("shop/orders_2026-05-03.csv", orders(range(1, 300)) + BROKEN * 2)
    place.put("shop/orders_empty.csv", "")
    place.put("shop/notes_2.ndjson", '{"id": 1, "body": {"text": "new"}}\n{"id": 2, "bo\n' + '{"id": 3}\n' * 50)
    place.shop(spec=SHOP.replace('type = "decimal"', 'type = "decimal", minimum = 1'))
    return place.root


def copied(halfway: Path, root: Path) -> Place:
    """A copy of the project with a place of its own."""
    place = Place(root)
    shutil.copytree(halfway, root, dirs_exist_ok=True)
    place.project = replace(place.project, root=root)
    return place


def started(place: Place) -> BaseProcess:
    process = get_context("fork").Process(target=place.load)
    process.start()
    return process


def held(place: Place) -> dict[str, Any]:
    return {table: place.raw(f"select {columns} from {table} order by all") for table, columns in TABLES.items()} | {
        "inputs": loaded_inputs(place.project)
    }


@pytest.fixture(scope="module")
def undisturbed(halfway: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], float]:
    """What an undisturbed load leaves, and how many seconds it takes."""
    place = copied(halfway, tmp_path_factory.mktemp("undisturbed"))
    start = time.monotonic()
    process = started(place)
    process.join(60)
    seconds = time.monotonic() - start
    return held(place), seconds


@pytest.mark.parametrize("seed", range(KILLS))
def test_a_load_killed_at_any_moment_is_made_up_for(
    seed: int, halfway: Path, undisturbed: tuple[dict[str, Any], float], tmp_path: Path
) -> None:
    tables, seconds = undisturbed
    place = copied(halfway, tmp_path)
    # one load dies, sometimes the one after it as well
    for moment in (random.Random(seed).uniform(0, seconds), random.Random(-1 - seed).uniform(0, 4 * seconds)):
        process = started(place)
        process.join(moment)
        process.kill()
        process.join()
    place.load()
    assert held(place) == tables
