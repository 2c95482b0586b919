from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from journey_mining.errors import ModelError
from journey_mining.warehouse import DuckDBWarehouse
from journey_mining.warehouse.parquet_tables import ParquetTables
from support import rows_of


@pytest.fixture
def tables(tmp_path: Path) -> ParquetTables:
    return ParquetTables(tmp_path / "tables")


def put(tables: ParquetTables, name: str, **columns: list[object]) -> None:
    data = pa.table(columns)
    tables.write(name, iter(data.to_batches()), data.schema)


def test_what_is_written_is_read_by_another_who_opens_the_folder(tables: ParquetTables, tmp_path: Path) -> None:
    put(tables, "t", a=[2, 1], b=["x", None])
    again = ParquetTables(tmp_path / "tables")
    assert again.names() == ["t"]
    assert again.read("t", order_by=("a",)).to_pylist() == [{"a": 1, "b": None}, {"a": 2, "b": "x"}]
    assert again.count("t") == 2


def test_a_replaced_table_leaves_no_files(tables: ParquetTables, tmp_path: Path) -> None:
    put(tables, "t", a=[1])
    put(tables, "t", a=[2])
    assert tables.read("t")["a"].to_pylist() == [2]
    assert len(list((tmp_path / "tables").rglob("*.parquet"))) == 1


def test_a_table_renamed_to_another_takes_its_place(tables: ParquetTables) -> None:
    put(tables, "old", a=[1])
    put(tables, "new", a=[2])
    tables.rename("new", "old")
    assert tables.names() == ["old"]
    assert tables.read("old")["a"].to_pylist() == [2]


def test_rows_are_added_by_name_and_missing_columns_are_null(tables: ParquetTables) -> None:
    put(tables, "t", a=[1], b=["x"])
    tables.append("t", pa.table({"b": ["y"]}))
    assert tables.read("t", order_by=("a",)).to_pylist() == [{"a": 1, "b": "x"}, {"a": None, "b": "y"}]


def test_a_column_that_a_table_lacks_is_refused(tables: ParquetTables) -> None:
    put(tables, "t", a=[1])
    with pytest.raises(ModelError, match="no columns \\['z'\\]"):
        tables.append("t", pa.table({"z": [1]}))


def test_rows_come_in_the_order_asked_with_what_is_missing_last(tables: ParquetTables) -> None:
    put(tables, "t", a=["б", None, "a", "я"], b=[1, 2, 3, 4])
    assert tables.read("t", order_by=("a",), columns=("b",))["b"].to_pylist() == [3, 1, 4, 2]


def test_what_fails_together_leaves_nothing(tables: ParquetTables, tmp_path: Path) -> None:
    put(tables, "t", a=[1])
    with pytest.raises(ZeroDivisionError), tables.undone_on_error():
        put(tables, "t", a=[2])
        tables.drop("t")
        raise ZeroDivisionError
    assert tables.read("t")["a"].to_pylist() == [1]
    assert ParquetTables(tmp_path / "tables").read("t")["a"].to_pylist() == [1]


def test_a_table_that_is_not_there_is_named(tables: ParquetTables) -> None:
    with pytest.raises(ModelError, match="The table t does not exist"):
        tables.read("t")


def test_columns_of_nothing_are_text_and_great_sums_are_whole_numbers(tables: ParquetTables) -> None:
    data = pa.table({"a": pa.nulls(1), "b": pa.array([7], pa.decimal128(38, 0))})
    tables.write("t", iter(data.to_batches()), data.schema)
    assert [str(kind) for kind in tables.schema("t").types] == ["string", "int64"]


def test_rows_of_files_are_seen_from_the_embedded_engine(tables: ParquetTables, warehouse: DuckDBWarehouse) -> None:
    put(tables, "t", a=[1, 2])
    warehouse.write("t", pa.table({"a": [9]}))
    warehouse.show_files("t", sorted(tables.place("t").glob("*.parquet")))
    assert rows_of(warehouse, "t", "a") == [(1,), (2,)]
    warehouse.drop("t")
    assert warehouse.tables() == []
