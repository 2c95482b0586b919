"""What an engine must offer to run journey_mining. Implement this, pass the tests of the door, and it is an engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, Protocol

import pyarrow as pa

from journey_mining.warehouse.models import Model

if TYPE_CHECKING:
    import pandas as pd  # a second of every start, for those who read frames only


class Warehouse(Protocol):
    """A place that holds tables and builds models into tables."""

    def build(self, model: Model) -> int:
        """Create or replace the table `model.name` from the model's select; the number of rows it has now."""

    def build_all(self, models: Iterable[Model]) -> dict[str, int]:
        """Build models in the order given; row counts by model name."""

    def write(self, table: str, data: pa.Table) -> None:
        """Create or replace `table` with the rows and types of `data`."""

    def append(self, table: str, data: pa.Table) -> None:
        """Add rows by column name; the table is created where it does not exist."""

    def append_matches(self, table: str, values: str, *, field: str, pattern: str) -> None:
        """Add a row (field, pattern, field_value) for each distinct value that an RE2 pattern is found in.

        `values` has the columns `field` and `field_value`. Engines compile a pattern that stands in a column anew for
        each row, which is hundreds of times slower; and their dialects differ.
        """

    def read(self, table: str, *, order_by: Sequence[str], columns: Sequence[str] = ()) -> pd.DataFrame:
        """All rows of a table in the order of the named columns; name enough of them for a total order."""

    def read_arrow(self, table: str, *, order_by: Sequence[str] = (), columns: Sequence[str] = ()) -> pa.Table:
        """As `read`, as an Arrow table; without `order_by` the order of rows is not defined."""

    def count(self, table: str) -> int:
        """Number of rows of a table."""

    def tables(self) -> list[str]:
        """Names of the tables and views, sorted."""

    def columns(self, table: str) -> list[str]:
        """Column names of a table, in its order."""

    def rename(self, table: str, name: str) -> None:
        """Give a table another name; a table that had that name is removed."""

    def drop(self, table: str) -> None:
        """Remove a table or view if it is there."""

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Run one generated statement (from a spec, with identifiers quoted); rows, or an empty list.

        Statements written by hand belong into `sql/` as models.
        """

    def transaction(self) -> AbstractContextManager[None]:
        """All of the statements inside become visible together, or none of them."""

    def close(self) -> None:
        """Write everything to disk and let go of the file."""
