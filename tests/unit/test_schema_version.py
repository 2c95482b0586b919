"""A private database that an earlier release wrote: tests/fixtures/raw_schema_1.duckdb.gz, thirty invented orders."""

from __future__ import annotations

import gzip
from datetime import UTC
from pathlib import Path

import pytest

from journey_mining.errors import JourneyMiningError
from journey_mining.night_work import load
from journey_mining.nights import Night
from journey_mining.schema_version import (
    SCHEMA_VERSION,
    drop_backup,
    refuse_other_tables,
    stored_version,
    upgrade_raw,
    write_version,
)
from journey_mining.warehouse import DuckDBWarehouse
from source_place import HEADINGS, NOW, Place, order

OLD = gzip.decompress((Path(__file__).parents[1] / "fixtures" / "raw_schema_1.duckdb.gz").read_bytes())


@pytest.fixture
def place(tmp_path: Path) -> Place:
    place = Place(tmp_path).shop()
    place.project.raw_file.parent.mkdir()
    place.project.raw_file.write_bytes(OLD)
    return place


def test_what_an_earlier_release_loaded_is_kept_and_grows_on(place: Place) -> None:
    before = place.raw("select order_id, made_at, amount from stg_shop__orders order by all")
    assert upgrade_raw(place.project).code == "SCHEMA_UPGRADED"
    place.put("shop/orders_2026-05-01.csv", HEADINGS + "".join(order(n) for n in range(1, 31)) + "9999,never,,,\n")
    place.put("shop/orders_2026-05-02.csv", HEADINGS + order(31))
    assert place.load().loaded == ("shop/orders_2026-05-02.csv",)
    after = place.raw("select order_id, made_at, amount from stg_shop__orders order by all")
    assert ({*before} < {*after}, len(after)) == (True, 31)
    assert place.raw("select line, reason from quarantine") == [(32, "BAD_TIMESTAMP")]


def test_the_old_state_is_kept_aside_until_a_night_is_published(place: Place) -> None:
    upgrade_raw(place.project)
    backup = place.project.raw_file.with_name(f"raw.before_schema_{SCHEMA_VERSION}.duckdb")
    assert (backup.read_bytes(), backup.stat().st_mode & 0o777) == (OLD, 0o600)
    assert upgrade_raw(place.project) is None
    drop_backup(place.project)
    assert not backup.exists()


def test_a_database_of_a_later_release_is_refused_as_it_is(place: Place) -> None:
    with DuckDBWarehouse(place.project.raw_file) as warehouse:
        write_version(warehouse)
        warehouse.execute("update schema_version set version = version + 1")
    with pytest.raises(JourneyMiningError, match="later release") as fault:
        upgrade_raw(place.project)
    assert fault.value.code == "SCHEMA_TOO_NEW"


def test_a_new_database_is_marked_when_it_is_made(tmp_path: Path) -> None:
    from conftest import made_project

    root = made_project(tmp_path / "p", inbox=Path("inbox"))
    load(Night(root=root, started_at=NOW.replace(tzinfo=UTC)))
    assert stored_version(root / "warehouse" / "raw.duckdb") == SCHEMA_VERSION


def test_tables_of_another_release_are_not_read_but_built_anew_by_the_next_run(place: Place) -> None:
    with DuckDBWarehouse(place.project.warehouse_file) as warehouse:
        write_version(warehouse)
    refuse_other_tables(place.project)
    with DuckDBWarehouse(place.project.warehouse_file) as warehouse:
        warehouse.execute("update schema_version set version = 2")
    with pytest.raises(JourneyMiningError, match="have schema 2, which another release wrote") as refused:
        refuse_other_tables(place.project)
    assert "journey run" in str(refused.value)
