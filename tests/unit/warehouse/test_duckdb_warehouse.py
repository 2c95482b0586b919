from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest

from journey_mining.errors import CheckFailedError, ModelError
from journey_mining.warehouse import DuckDBWarehouse, Model
from journey_mining.warehouse.checks import check_promises, run_checks
from support import given, rows_of


def model(sql: str, *, key: tuple[str, ...] = (), not_null: tuple[str, ...] = ()) -> Model:
    return Model(name="m", layer="journeys", grain="", key=key, reads=(), why="", not_null=not_null, sql=sql)


def test_rows_are_appended_by_name_and_not_by_place(warehouse: DuckDBWarehouse) -> None:
    warehouse.append("t", pa.table({"a": [1], "b": ["x"]}))
    warehouse.append("t", pa.table({"b": ["y"], "a": [2]}))
    assert rows_of(warehouse, "t", "a b") == [(1, "x"), (2, "y")]


def test_a_transaction_that_fails_leaves_nothing(warehouse: DuckDBWarehouse) -> None:
    given(warehouse, "t", "a", [(1,)])
    with pytest.raises(ZeroDivisionError), warehouse.transaction():
        warehouse.append("t", pa.table({"a": [2]}))
        raise ZeroDivisionError
    assert rows_of(warehouse, "t", "a") == [(1,)]


def test_a_killed_writer_leaves_the_old_table(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    with DuckDBWarehouse(path) as warehouse:
        given(warehouse, "t", "a", [(1,)])
    killed = (
        "import os, pyarrow as pa; from pathlib import Path; from journey_mining.warehouse import DuckDBWarehouse\n"
        f"w = DuckDBWarehouse(Path({str(path)!r}))\n"
        "with w.transaction():\n    w.write('t', pa.table({'a': [2]})); os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", killed], check=False)
    with DuckDBWarehouse(path, read_only=True) as warehouse:
        assert rows_of(warehouse, "t", "a") == [(1,)]


def test_a_model_that_fails_says_so_without_the_value(warehouse: DuckDBWarehouse) -> None:
    given(warehouse, "t", "a", [("anna@mail.example",)])
    with pytest.raises(ModelError) as error:
        warehouse.build(model("select cast(a as integer) as a from t"))
    assert "Model m failed" in str(error.value)
    assert "anna" not in str(error.value)


def test_after_external_access_is_forbidden_no_file_can_be_read(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("a\n1\n", encoding="utf-8")
    warehouse.forbid_external_access()
    with pytest.raises(ModelError):
        warehouse.build(model(f"select a from read_csv('{tmp_path / 'secret.csv'}')"))


def test_a_repeated_key_and_an_empty_column_break_promises(warehouse: DuckDBWarehouse) -> None:
    promised = model("select 1 as a, null as b union all select 1 as a, null as b", key=("a",), not_null=("b",))
    warehouse.build(promised)
    assert check_promises(warehouse, promised) == [
        "m: 1 values of its key (a) repeat",
        "m: 2 rows have no b",
    ]


def test_a_broken_promise_refuses_publishing(warehouse: DuckDBWarehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("journey_mining.warehouse.checks.layer_models", lambda _layer: [])
    promised = model("select null as a", key=("a",))
    warehouse.build(promised)
    with pytest.raises(CheckFailedError, match="1 rows have no a"):
        run_checks(warehouse, [promised])


def test_a_table_renamed_to_another_takes_its_place(warehouse: DuckDBWarehouse) -> None:
    given(warehouse, "new", "a", [(2,)])
    given(warehouse, "old", "a", [(1,)])
    warehouse.rename("new", "old")
    assert (warehouse.tables(), rows_of(warehouse, "old", "a")) == (["old"], [(2,)])


def test_batches_hold_every_row_once(warehouse: DuckDBWarehouse) -> None:
    warehouse.write("t", pa.table({"a": list(range(300_000))}))
    assert sorted(row for batch in warehouse.batches("t") for row in batch["a"].to_pylist()) == list(range(300_000))


def test_every_column_that_may_not_be_null_is_named_with_its_rows(warehouse: DuckDBWarehouse) -> None:
    given(warehouse, "m", "a b", [(1, None), (None, None)], a=pa.int64(), b=pa.int64())
    assert check_promises(warehouse, model("select 1 as a", key=("a",), not_null=("b",))) == [
        "m: 1 rows have no a",
        "m: 2 rows have no b",
    ]
