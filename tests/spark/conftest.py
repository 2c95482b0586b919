"""What tests on a cluster share: the cluster, and one night of the embedded engine with every model it built."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from journey_mining.warehouse import DuckDBWarehouse
from journey_mining.warehouse.spark_warehouse import SparkWarehouse, stop_spark
from recorded_night import Recorded, build_unmet, project_on, watched
from spark_cluster import CONF, Cluster, what_is_missing


@pytest.fixture(scope="session", autouse=True)
def _can_run_here() -> None:
    missing = what_is_missing()
    if missing and os.environ.get("CI_REQUIRE_SPARK") == "1":
        pytest.fail(f"{missing} CI_REQUIRE_SPARK=1 asks for it.")
    if missing:
        pytest.skip(missing)


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    started = Cluster(tmp_path_factory.mktemp("cluster"))
    try:
        started.start()
        yield started
    finally:
        stop_spark()
        started.stop()


@pytest.fixture
def spark(cluster: Cluster, tmp_path: Path) -> Iterator[SparkWarehouse]:
    with SparkWarehouse(tmp_path / "tables", master=cluster.address, conf=CONF) as opened:
        yield opened


@pytest.fixture(scope="session")
def recorded(tmp_path_factory: pytest.TempPathFactory, small_world: Path) -> Recorded:
    """A night on a small world with the embedded engine, watched."""
    from journey_mining.steps import run_line

    root = project_on(tmp_path_factory.mktemp("recorded") / "project", small_world)
    told = Recorded(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DuckDBWarehouse, "build", watched(told, DuckDBWarehouse.build))
        run_line(root)
        build_unmet(told)
    return told
