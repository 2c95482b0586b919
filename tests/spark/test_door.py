"""What every engine owes the line beside models, held by Spark."""

from __future__ import annotations

import pyarrow as pa
import pytest
from pandas.testing import assert_frame_equal

from journey_mining.errors import ModelError
from journey_mining.warehouse import DuckDBWarehouse, Model
from journey_mining.warehouse.checks import check_promises
from journey_mining.warehouse.spark_warehouse import SparkWarehouse
from spark_cluster import Cluster
from support import NOON, given, rows_of

COLUMNS = {
    "a": pa.array([2, None, 1]),
    "b": pa.array(["я", None, "a'b"]),
    "c": pa.array([True, None, False]),
    "d": pa.array([0.5, None, 1.5]),
    "e": pa.array([NOON, None, NOON], pa.timestamp("us")),
    "f": pa.nulls(3, pa.string()),
}


def model(sql: str, *, key: tuple[str, ...] = ()) -> Model:
    return Model(name="m", layer="journeys", grain="", key=key, reads=("t",), why="", sql=sql)


def test_frames_are_those_of_the_embedded_engine(spark: SparkWarehouse, warehouse: DuckDBWarehouse) -> None:
    for each in (spark, warehouse):
        each.write("t", pa.table(COLUMNS))
    assert_frame_equal(spark.read("t", order_by=("a",)), warehouse.read("t", order_by=("a",)))


def test_a_generated_statement_takes_values_as_parameters(spark: SparkWarehouse) -> None:
    spark.write("t", pa.table(COLUMNS))
    found = spark.execute('select b, e from "t" where b = ? order by b limit ?', ["a'b", 5])
    assert found == [("a'b", NOON)]


def test_rows_added_to_a_table_that_was_read_are_seen(spark: SparkWarehouse) -> None:
    spark.append("t", pa.table({"a": [1], "b": ["x"]}))
    before = spark.execute("select count(*) from t")
    spark.append("t", pa.table({"b": ["y"], "a": [2]}))
    assert (before, spark.execute("select count(*) from t")) == ([(1,)], [(2,)])


def test_a_model_reads_a_table_by_its_new_name(spark: SparkWarehouse) -> None:
    given(spark, "t", "a", [(1,)])
    given(spark, "s", "a", [(2,)])
    spark.build(model("select a from t"))
    spark.rename("s", "t")
    spark.build(model("select a from t"))
    assert (rows_of(spark, "m", "a"), spark.tables()) == ([(2,)], ["m", "t"])


def test_what_fails_together_leaves_nothing(spark: SparkWarehouse) -> None:
    given(spark, "t", "a", [(1,)])
    with pytest.raises(ZeroDivisionError), spark.transaction():
        spark.build(model("select a from t"))
        raise ZeroDivisionError
    assert spark.tables() == ["t"]


def test_a_model_that_fails_says_so_without_the_value(spark: SparkWarehouse) -> None:
    given(spark, "t", "a", [("anna@mail.example",)])
    with pytest.raises(ModelError) as error:
        spark.build(model("select cast(a as integer) as a from t"))
    assert "Model m failed" in str(error.value)
    assert "anna" not in str(error.value)


def test_broken_promises_are_found_on_the_cluster(spark: SparkWarehouse) -> None:
    given(spark, "m", "a", [(1,), (1,), (None,)], a=pa.int64())
    assert check_promises(spark, model("", key=("a",))) == ["m: 1 values of its key (a) repeat", "m: 1 rows have no a"]


def test_patterns_know_cyrillic_letters_as_the_embedded_engine_does(
    spark: SparkWarehouse, warehouse: DuckDBWarehouse
) -> None:
    values = [("k", "ЗАЯВКА 5"), ("k", "вход"), ("k", "вход"), ("other", "заявка")]
    found = []
    for each in (spark, warehouse):
        given(each, "signature_value", "field field_value", values)
        given(each, "pattern_match", "field pattern field_value", [("", "", "")])
        each.append_matches("pattern_match", "signature_value", field="k", pattern="(?i)заявка|^вход$")
        found.append(rows_of(each, "pattern_match", "field_value"))
    assert found[0] == found[1] == [("",), ("ЗАЯВКА 5",), ("вход",)]


def test_a_job_goes_on_when_a_machine_is_lost(spark: SparkWarehouse, cluster: Cluster) -> None:
    spark.write("t", pa.table({"a": list(range(50_000))}))
    spark.build(model("select a % 7 as k, count(*) as n from t group by a % 7"))
    cluster.lose_worker()
    spark.build(model("select a % 7 as k, sum(a) as n from t group by a % 7"))
    cluster.add_worker()
    assert rows_of(spark, "m", "k n") == [(k, sum(range(k, 50_000, 7))) for k in range(7)]
