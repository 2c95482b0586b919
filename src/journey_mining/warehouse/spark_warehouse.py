"""Spark as an engine: models run on a cluster, over Parquet files in a folder that every machine sees.

This file is the only place that imports pyspark, and does so when the engine is asked for. Nothing of ours runs on the
machines of the cluster: they get SQL and nothing else, and need no Python. What Python adds (parameters, scores) is
written into the folder from here; what it needs is read from the files, without a job.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Self

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from journey_mining.errors import ModelError, SettingsError
from journey_mining.warehouse.models import Model
from journey_mining.warehouse.parquet_tables import ParquetTables
from journey_mining.warehouse.transpile import tables_of, to_spark

_FIXED = {
    # what the models mean; a project cannot set these
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.caseSensitive": "false",
}
_USUAL = {
    "spark.app.name": "journey_mining",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.parquet.compression.codec": "zstd",
}


class SparkWarehouse:
    """A folder of Parquet tables behind the Warehouse protocol, with a Spark session that builds models."""

    def __init__(self, folder: Path, *, master: str = "local[*]", conf: Mapping[str, str] | None = None) -> None:
        """Open `folder`; `master` is the address of the cluster, `conf` further settings of Spark.

        Raises:
            SettingsError: pyspark is not installed.
            ModelError: the cluster does not answer, or no Java is found.
        """
        self._tables = ParquetTables(folder.resolve())
        self._spark = _session(master, tuple(sorted((conf or {}).items()))).newSession()
        self._shown: set[str] = set()

    def build(self, model: Model) -> int:
        """Create or replace the model's table; its number of rows."""
        place = self._tables.new_place(model.name)
        with _spoken_of(model):
            rows = self._answer(model.sql)
            rows.write.parquet(place.as_uri())
        self._put(model.name, place)
        return self.count(model.name)

    def build_all(self, models: Iterable[Model]) -> dict[str, int]:
        """Build models in the order given; row counts by name."""
        return {model.name: self.build(model) for model in models}

    def write(self, table: str, data: pa.Table) -> None:
        """Create or replace `table` from an Arrow table."""
        self._tables.write(table, iter(data.to_batches()), data.schema)
        self._hide(table)

    def append(self, table: str, data: pa.Table) -> None:
        """Insert rows by column name, creating the table from `data` where it does not exist."""
        if table not in self.tables():
            self.write(table, data)
            return
        self._tables.append(table, data)
        self._hide(table)

    def append_matches(self, table: str, values: str, *, field: str, pattern: str) -> None:
        """Add what a pattern matches among the values of a field.

        Matching is done here and not by Spark: Java reads signs such as (?i) for Latin letters only.
        """
        distinct = pc.unique(
            self._tables.read(values, columns=("field", "field_value")).filter(pc.field("field") == field)[
                "field_value"
            ]
        )
        try:
            met = distinct.filter(pc.match_substring_regex(distinct, pattern))
        except pa.ArrowInvalid as fault:
            raise ModelError(
                f"The pattern {pattern!r} of {field} is not a regular expression.",
                expected="RE2 syntax; it knows no look-ahead and no back references.",
                todo="Correct the pattern in stages.toml or segments.toml.",
            ) from fault
        texts = {"field": [field] * len(met), "pattern": [pattern] * len(met), "field_value": met}
        self.append(table, pa.table({name: pa.array(cells, pa.string()) for name, cells in texts.items()}))

    def read(self, table: str, *, order_by: Sequence[str], columns: Sequence[str] = ()) -> pd.DataFrame:
        """Rows of a table as a frame, in the order named."""
        return _frame(self.read_arrow(table, order_by=order_by, columns=columns))

    def read_arrow(self, table: str, *, order_by: Sequence[str] = (), columns: Sequence[str] = ()) -> pa.Table:
        """Rows of a table as Arrow."""
        return self._tables.read(table, order_by=order_by, columns=columns)

    def count(self, table: str) -> int:
        """Number of rows of a table."""
        return self._tables.count(table)

    def tables(self) -> list[str]:
        """Names of the tables, sorted."""
        return self._tables.names()

    def columns(self, table: str) -> list[str]:
        """Column names in the order of the table."""
        return list(self._tables.schema(table).names)

    def rename(self, table: str, name: str) -> None:
        """Give a table another name; a table that had that name is removed."""
        self._tables.rename(table, name)
        self._hide(table)
        self._hide(name)

    def drop(self, table: str) -> None:
        """Remove a table, if it is there."""
        self._tables.drop(table)
        self._hide(table)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one generated select on the cluster and fetch all it returns."""
        return [tuple(row) for row in self._answer(sql, list(parameters)).collect()]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside becomes part of the folder together, or nothing does."""
        try:
            with self._tables.undone_on_error():
                yield
        except BaseException:
            for table in tuple(self._shown):
                self._hide(table)
            raise

    def close(self) -> None:
        """Let go of the tables; the connection to the cluster lives as long as the process."""
        for table in tuple(self._shown):
            self._hide(table)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _answer(self, sql: str, parameters: list[Any] | None = None) -> Any:
        for table in tables_of(sql):
            self._show(table)
        return self._spark.sql(to_spark(sql), args=parameters or None)

    def _put(self, table: str, place: Path) -> None:
        self._tables.put(table, place)
        self._hide(table)

    def _show(self, table: str) -> None:
        """Let Spark know a table under its name; with its types told, looking at the files takes no job."""
        if table in self._shown:
            return
        types = ", ".join(f"`{field.name}` {_DECLARED[field.type]}" for field in self._tables.schema(table))
        place = self._tables.place(table).as_uri()
        self._spark.read.schema(types).parquet(place).createOrReplaceTempView(f"`{table}`")
        self._shown.add(table)

    def _hide(self, table: str) -> None:
        """Let Spark forget a table that is another one now."""
        if table in self._shown:
            self._spark.catalog.dropTempView(table)
            self._shown.discard(table)


def stop_spark() -> None:
    """End the connection to the cluster, if there is one; the next warehouse opens a new one."""
    if _session.cache_info().currsize:
        from pyspark.sql import SparkSession

        session = SparkSession.getActiveSession()
        if session is not None:
            session.stop()
        _session.cache_clear()


@cache
def _session(master: str, conf: tuple[tuple[str, str], ...]) -> Any:
    """The session of this process: starting one takes seconds, and a process can have one cluster at a time."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about frames of pandas, which are never handed to Spark
            from pyspark.sql import SparkSession
    except ModuleNotFoundError as missing:
        raise SettingsError(
            "The engine spark needs pyspark, which is not installed.",
            expected="the extra spark, in the version of the cluster.",
            todo='Run `pip install "journey-mining[spark]"`, or choose engine = "duckdb" in journey.toml.',
        ) from missing
    builder = SparkSession.builder.master(master)
    for name, value in {**_USUAL, **dict(conf), **_FIXED}.items():
        builder = builder.config(name, value)
    try:
        session = builder.getOrCreate()
    except Exception as fault:
        raise ModelError(
            f"No Spark session at {master}: {_first_line(fault)}.",
            expected="Java 17 or newer on this machine, and a cluster that answers.",
            todo="Set JAVA_HOME, and see [warehouse.spark] in journey.toml.",
        ) from fault
    session.sparkContext.setLogLevel("ERROR")
    return session


@contextmanager
def _spoken_of(model: Model) -> Iterator[None]:
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as fault:
        raise ModelError(
            f"Model {model.name} failed: {_first_line(fault)}.",
            expected=f"its tables ({', '.join(model.reads) or 'none'}) to exist with the columns it reads.",
            todo="Look into the log of the driver; the select stands in the folder sql/.",
        ) from fault


def _first_line(fault: BaseException) -> str:
    """What Spark says first, without values, which may be personal."""
    name = getattr(fault, "getCondition", lambda: None)() or type(fault).__name__
    first = (str(fault).splitlines() or [""])[0]
    return f"{name}: " + re.sub(r"\d{5,}", "...", re.sub(r"'[^']*'|\"[^\"]*\"", "'...'", first)).rstrip(".")


def _frame(data: pa.Table) -> pd.DataFrame:
    """A frame with the types that the embedded engine gives: whole numbers stay whole where some are missing."""
    frame: pd.DataFrame = data.to_pandas()
    for name in data.column_names:
        column = data[name]
        if not column.null_count:
            continue
        if pa.types.is_integer(column.type) or pa.types.is_boolean(column.type):
            frame[name] = column.to_pandas(types_mapper=_WITH_MISSING.get)
        elif pa.types.is_string(column.type) and column.null_count == len(column):
            frame[name] = pd.Series([None] * len(column), dtype=object)
    return frame


_DECLARED = {
    pa.string(): "string",
    pa.int64(): "bigint",
    pa.int32(): "int",
    pa.float64(): "double",
    pa.bool_(): "boolean",
    pa.timestamp("us"): "timestamp_ntz",
    pa.date32(): "date",
    pa.binary(): "binary",
}
"""how Spark declares the types that tables have"""
_WITH_MISSING = {pa.int64(): pd.Int64Dtype(), pa.int32(): pd.Int32Dtype(), pa.bool_(): pd.BooleanDtype()}
