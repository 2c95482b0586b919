"""A whole night on a cluster that loses a machine on the way, beside the same night on the embedded engine."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path
from threading import Timer

import pytest

from journey_mining.nights import sweep
from journey_mining.project import load_project
from journey_mining.runs import PUBLISHED
from journey_mining.steps import Step, Watcher, run_line
from journey_mining.warehouse import DuckDBWarehouse
from recorded_night import Recorded, project_on
from same_rows import rows
from spark_cluster import CONF, Cluster

pytestmark = pytest.mark.slow
DIFFER_BY_DESIGN = {
    "published_state": "its fingerprint is made from journey.toml, too, which names the engine",
    "parquet_place": "only a night of a cluster has one",
    "run_rule": "its hashes are those of the settings, too",
}
HASHES = ("rules_hash",)


@pytest.fixture(scope="module")
def night(
    cluster: Cluster, small_world: Path, recorded: Recorded, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """A project run once on the cluster; a worker is killed while journeys are cut."""
    root = project_on(tmp_path_factory.mktemp("spark") / "project", small_world)
    conf = "\n".join(f'"{name}" = "{value}"' for name, value in CONF.items())
    with (root / "journey.toml").open("a", encoding="utf-8") as settings:
        settings.write(f'\n[warehouse]\nengine = "spark"\n\n[warehouse.spark]\nmaster = "{cluster.address}"\n')
        settings.write(f"\n[warehouse.spark.conf]\n{conf}\n")
    assert tomllib.loads((root / "journey.toml").read_text(encoding="utf-8"))["warehouse"]["engine"] == "spark"

    def lose_one(step: Step) -> None:
        if step.name == "journey":
            Timer(3, cluster.lose_worker).start()

    record = run_line(root, watcher=Watcher(before=lose_one))
    assert record.status == PUBLISHED
    yield root
    cluster.add_worker()


def test_a_worker_was_lost_on_the_way(night: Path, cluster: Cluster) -> None:
    assert len(cluster.workers) == 1


def test_every_table_is_what_the_embedded_engine_makes(night: Path, recorded: Recorded) -> None:
    with opened(night) as mine, opened(recorded.root) as theirs:
        names = sorted({*mine.tables(), *theirs.tables()} - set(DIFFER_BY_DESIGN))
        assert set(names) <= set(mine.tables()) & set(theirs.tables())
        wrong = [name for name in names if all_rows(mine, name) != all_rows(theirs, name)]
    assert wrong == []


def test_the_tables_for_readers_are_the_same_bytes(night: Path, recorded: Recorded) -> None:
    assert csv_files(night) == csv_files(recorded.root) != {}


def test_rows_of_customers_stay_where_the_cluster_wrote_them(night: Path) -> None:
    with opened(night) as published:
        kinds = dict(
            published.execute("select table_name, table_type from information_schema.tables order by table_name")
        )
    seen = {
        name: kinds[name] for name in ("journey_step", "person_event", "event_person", "metric_value", "stage_flow")
    }
    assert seen == {
        "journey_step": "VIEW",
        "person_event": "VIEW",
        "event_person": "VIEW",
        "metric_value": "BASE TABLE",
        "stage_flow": "BASE TABLE",
    }


def test_only_the_published_night_is_kept(night: Path) -> None:
    project = load_project(night)
    kept = sorted(project.spark_folder.iterdir())
    (project.spark_folder / "20260101T000000000000Z").mkdir()
    (project.spark_folder / "of somebody else").mkdir()
    sweep(project)
    assert sorted(project.spark_folder.iterdir()) == [*kept, project.spark_folder / "of somebody else"]
    assert len(kept) == 1


def opened(root: Path) -> DuckDBWarehouse:
    return DuckDBWarehouse(root / "warehouse" / "journeys.duckdb", read_only=True)


def all_rows(warehouse: DuckDBWarehouse, table: str) -> list[tuple[str, ...]]:
    # columns stand in the order of their names: an engine may write what Python adds in another one
    return rows(warehouse.read_arrow(table, columns=sorted(warehouse.columns(table))), without=HASHES)


def csv_files(root: Path) -> dict[str, bytes]:
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in sorted((root / "site").rglob("*.csv"))}
