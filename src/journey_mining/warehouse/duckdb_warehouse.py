"""The embedded engine. This file is the only place that imports duckdb.

Facts about DuckDB 2.0 that shape it, found by running it: `execute` streams, and an unread result blocks the next
statement, so rows are always fetched; extensions are never fetched from the network; a primary key makes loading
several times slower, so uniqueness is a check instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import duckdb
import pyarrow as pa

from journey_mining.errors import JourneyMiningError, ModelError, NotFoundError, ProjectLockedError
from journey_mining.warehouse.models import Model

if TYPE_CHECKING:
    import pandas as pd  # a second of every start, for those who read frames only

_ABOUT_STATEMENTS = frozenset({"Binder Error", "Catalog Error", "Parser Error", "Permission Error", "IO Error"})
_ALL_VALUE = frozenset({"Invalid Input Error", "Constraint Error"})
_ROWS_AT_ONCE = 122_880
_OFFLINE = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}


class DuckDBWarehouse:
    """One DuckDB file (or memory) behind the Warehouse protocol."""

    def __init__(
        self, path: Path | None = None, *, read_only: bool = False, attach: dict[str, Path] | None = None
    ) -> None:
        """Open `path`, or memory where it is None; `attach` names other files to open beside it, read-only.

        Raises:
            ModelError: the file is locked by another process or is not a DuckDB file.
        """
        self._path = path
        if path is not None and not read_only:
            path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = duckdb.connect(str(path or ":memory:"), read_only=read_only, config=dict(_OFFLINE))
        except duckdb.Error as fault:
            raise _unopened(path, fault) from fault
        self._connection.execute("set timezone = 'UTC'")
        for alias, other in (attach or {}).items():
            try:
                self._connection.execute(f"attach {quoted_text(str(other))} as {quoted(alias)} (read_only)")
            except duckdb.Error as fault:
                raise _unopened(other, fault) from fault

    def build(self, model: Model) -> int:
        """Create or replace the model's table; its number of rows."""
        try:
            self._connection.execute(f"create or replace table {quoted(model.name)} as {model.sql}").fetchall()
        except duckdb.Error as fault:
            raise ModelError(
                f"Model {model.name} failed: {without_values(fault)}.",
                expected=f"its tables ({', '.join(model.reads) or 'none'}) to exist with the columns it reads.",
                todo=f"Run the select of {model.name}.sql in a DuckDB client to see the fault.",
            ) from fault
        return self.count(model.name)

    def build_all(self, models: Iterable[Model]) -> dict[str, int]:
        """Build models in the order given; row counts by name."""
        return {model.name: self.build(model) for model in models}

    def write(self, table: str, data: pa.Table) -> None:
        """Create or replace `table` from an Arrow table."""
        with self._registered(data) as view:
            self._connection.execute(f"create or replace table {quoted(table)} as select * from {view}").fetchall()

    def append(self, table: str, data: pa.Table) -> None:
        """Insert rows by column name, creating the table from `data` where it does not exist."""
        if table not in self.tables():
            self.write(table, data)
            return
        columns = self.columns(table)
        if set(data.column_names) - set(columns):
            with self._registered(data) as view:
                self._connection.execute(f"insert into {quoted(table)} by name select * from {view}").fetchall()
            return
        # a registered view keeps its data in memory until the transaction ends, a relation does not
        cells = [data[name] if name in data.column_names else pa.nulls(len(data)) for name in columns]
        self._connection.from_arrow(pa.table(cells, names=columns)).insert_into(table)

    def append_matches(self, table: str, values: str, *, field: str, pattern: str) -> None:
        """Add what a pattern matches among the values of a field."""
        self.execute(
            f"insert into {quoted(table)} by name select distinct field, ? as pattern, field_value "
            f"from {quoted(values)} where field = ? and regexp_matches(field_value, ?)",
            [pattern, field, pattern],
        )

    def read(self, table: str, *, order_by: Sequence[str], columns: Sequence[str] = ()) -> pd.DataFrame:
        """Rows of a table as a frame, in the order named."""
        frame: pd.DataFrame = self._connection.sql(_select(table, order_by, columns)).df()
        return frame

    def read_arrow(self, table: str, *, order_by: Sequence[str] = (), columns: Sequence[str] = ()) -> pa.Table:
        """Rows of a table as Arrow."""
        return self._connection.sql(_select(table, order_by, columns)).to_arrow_table()

    def batches(self, table: str) -> pa.RecordBatchReader:
        """Rows of a table as batches, which come as they are asked for."""
        return self._connection.sql(_select(table, (), ())).to_arrow_reader(_ROWS_AT_ONCE)

    def count(self, table: str) -> int:
        """Number of rows of a table."""
        return int(self.execute(f"select count(*) from {quoted(table)}")[0][0])

    def tables(self) -> list[str]:
        """Names of tables and views of this file, sorted."""
        rows = self.execute(
            "select table_name from information_schema.tables where table_catalog = current_database() or "
            "table_catalog = 'temp'"
        )
        return sorted({str(name) for (name,) in rows})

    def columns(self, table: str) -> list[str]:
        """Column names in the order of the table."""
        return [str(row[0]) for row in self.execute(f"describe {quoted(table)}")]

    def rename(self, table: str, name: str) -> None:
        """Give a table another name; a table that had that name is removed."""
        self.drop(name)
        self.execute(f"alter table {quoted(table)} rename to {quoted(name)}")

    def show_files(self, table: str, files: Sequence[Path]) -> None:
        """Let the rows of Parquet files be seen as a table, without copying them; none stands for them any more."""
        self.drop(table)
        listed = ", ".join(quoted_text(str(path)) for path in files)
        self.execute(f"create view {quoted(table)} as select * from read_parquet([{listed}])")

    def drop(self, table: str) -> None:
        """Remove a table or view, if it is there."""
        kinds = self.execute(
            "select table_type from information_schema.tables where table_name = ?",
            [table],
        )
        for (kind,) in kinds:
            self.execute(f"drop {'view' if kind == 'VIEW' else 'table'} if exists {quoted(table)}")

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one generated statement and fetch all it returns."""
        return self._connection.execute(sql, list(parameters)).fetchall()

    def arrow(self, sql: str) -> pa.Table:
        """Rows of one generated select as Arrow."""
        return self._connection.sql(sql).to_arrow_table()

    def forbid_external_access(self) -> None:
        """From here on no statement can read or write files or attach databases; it cannot be undone."""
        self.execute("set enable_external_access = false")
        self.execute("set lock_configuration = true")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit when the block ends, roll back when it raises."""
        self._connection.execute("begin transaction")
        try:
            yield
        except BaseException:
            self._connection.execute("rollback")
            raise
        self._connection.execute("commit")

    def close(self) -> None:
        """Checkpoint and close."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def _registered(self, data: pa.Table) -> Iterator[str]:
        self._connection.register("arriving_rows", data)
        try:
            yield "arriving_rows"
        finally:
            self._connection.unregister("arriving_rows")


def quoted(name: str) -> str:
    """An SQL identifier, quoted.

    >>> quoted('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


def quoted_text(value: str) -> str:
    """An SQL string literal, quoted.

    >>> quoted_text("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def replace_file(new: Path, published: Path) -> None:
    """Put a finished warehouse file in the place of the published one in one step that readers cannot see half of."""
    new.replace(published)


def without_values(fault: BaseException) -> str:
    """The first line of an engine's message with values taken out: they may be personal.

    Messages about statements quote names of columns, which stay. Messages about data quote values, in either kind of
    quotes, with quotes and line ends of their own inside; some are nothing but a value.

    >>> without_values(ValueError("Could not convert string 'anna@mail.example' to INT32"))
    "Could not convert string '...' to INT32"
    """
    message = str(fault).split("\nLINE ")[0] or type(fault).__name__
    kind = message.partition(":")[0]
    if kind in _ALL_VALUE:
        return kind
    if kind in _ABOUT_STATEMENTS:
        message = re.sub(r"'(?:[^']|'')*'", "'...'", message)
    else:
        message = re.sub(r"\d{5,}", "...", re.sub(r"['\"].*['\"]", "'...'", message, flags=re.DOTALL))
    return message.splitlines()[0].rstrip(".")


def is_warehouse_fault(fault: BaseException) -> bool:
    """Whether an exception came out of the engine itself."""
    return isinstance(fault, duckdb.Error)


def _unopened(path: Path | None, fault: duckdb.Error) -> JourneyMiningError:
    """Why a file cannot be opened, told apart: absent, in use, or damaged."""
    if path is not None and not path.exists():
        return NotFoundError(
            f"{path} does not exist.",
            expected="a project that has been run at least once.",
            todo="Run `journey run` first.",
        )
    if "lock" in str(fault).lower():
        return ProjectLockedError(
            f"Another process is writing {path}.",
            expected="one writer at a time; a run holds the private database while it loads.",
            todo="Wait until the run ends, or close the other client.",
        )
    return ModelError(
        f"The warehouse {path} cannot be opened: {without_values(fault)}.",
        expected="a DuckDB 2 file.",
        todo="Delete it if it is journeys.duckdb (the next run builds it again); restore raw.duckdb from a backup.",
    )


def _select(table: str, order_by: Sequence[str], columns: Sequence[str]) -> str:
    listed = ", ".join(quoted(name) for name in columns) or "*"
    order = f" order by {', '.join(quoted(name) for name in order_by)}" if order_by else ""
    return f"select {listed} from {quoted(table)}{order}"
