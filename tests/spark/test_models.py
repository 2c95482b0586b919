"""Every SQL model gives on a cluster what the embedded engine gives, from the same rows."""

from __future__ import annotations

import pytest

from journey_mining.warehouse import model_named
from journey_mining.warehouse.models import all_models
from journey_mining.warehouse.spark_warehouse import SparkWarehouse
from recorded_night import Recorded
from same_rows import rows, types

PORTABLE = sorted(name for name, model in all_models().items() if model.layer != "packed_paths")


@pytest.mark.parametrize("name", PORTABLE)
def test_a_model_gives_the_same_rows_and_types(name: str, spark: SparkWarehouse, recorded: Recorded) -> None:
    for table, data in recorded.inputs[name].items():
        spark.write(table, data)
    spark.build(model_named(name))
    found = spark.read_arrow(name)
    assert types(found) == types(recorded.result[name])
    assert rows(found) == rows(recorded.result[name])


def test_the_night_gave_most_models_something_to_do(recorded: Recorded) -> None:
    asked = [name for name in PORTABLE if model_named(name).layer != "checks"]
    assert sum(bool(recorded.result[name].num_rows) for name in asked) > 0.85 * len(asked)
