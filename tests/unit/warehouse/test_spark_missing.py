"""Without the extra, the engine says what to install; nothing else of the package needs it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from journey_mining.errors import SettingsError
from journey_mining.project.settings import Settings
from journey_mining.warehouse.spark_warehouse import SparkWarehouse


def test_without_pyspark_the_engine_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(SettingsError, match="needs pyspark") as error:
        SparkWarehouse(tmp_path, master="local[7]")
    assert "pip install" in str(error.value)


@pytest.mark.parametrize("master", ["local[*]", "local[2]", "spark://host:7077", "yarn", "k8s://https://api:443"])
def test_addresses_of_clusters_are_taken(master: str) -> None:
    assert Settings.model_validate({"warehouse": {"spark": {"master": master}}}).warehouse.spark.master == master


def test_an_address_of_no_cluster_is_refused() -> None:
    with pytest.raises(ValueError, match="master"):
        Settings.model_validate({"warehouse": {"spark": {"master": "host:7077"}}})
