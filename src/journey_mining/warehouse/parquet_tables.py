"""Tables as folders of Parquet files, with one file that says which folder is which table.

An engine that runs on many machines writes files; this is where they lie and what they are called. A folder of files is
never changed once it is written, only added to or left, so that a table is replaced or renamed by one small file that
is swapped in. The folder must be one and the same directory for everybody who takes part.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from journey_mining.errors import ModelError

_CATALOGUE = "tables.json"
_ROWS_A_FILE = 1_000_000


class ParquetTables:
    """Tables in a folder; one writer at a time."""

    def __init__(self, folder: Path) -> None:
        """Open `folder`, which is made where it is not there."""
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._catalogue = folder / _CATALOGUE
        told = json.loads(self._catalogue.read_text(encoding="utf-8")) if self._catalogue.is_file() else {}
        self._next = int(told.get("next", 1))
        self._places: dict[str, str] = dict(told.get("tables", {}))
        self._held: list[Path] | None = None

    def names(self) -> list[str]:
        """Names of the tables, sorted."""
        return sorted(self._places)

    def place(self, table: str) -> Path:
        """Folder with the files of a table.

        Raises:
            ModelError: there is no such table.
        """
        try:
            return self._folder / self._places[table]
        except KeyError as missing:
            raise ModelError(
                f"The table {table} does not exist in {self._folder}.",
                expected=f"one of {', '.join(self.names()) or 'none yet'}.",
                todo="Run the line from its start with `journey run --force`.",
            ) from missing

    def new_place(self, table: str) -> Path:
        """A folder that is not there yet, for a new version of a table."""
        place = self._folder / f"{table}-{self._next}"
        self._next += 1
        return place

    def put(self, table: str, place: Path) -> None:
        """Let `table` be the files in `place`; what it was before is removed."""
        former = self._places.get(table)
        self._places[table] = place.name
        self._save()
        if former is not None:
            self._discard(self._folder / former)

    def rename(self, table: str, name: str) -> None:
        """Give a table another name; a table that had that name is removed."""
        place = self.place(table)
        del self._places[table]
        self.put(name, place)

    def drop(self, table: str) -> None:
        """Remove a table, if it is there."""
        if table in self._places:
            place = self.place(table)
            del self._places[table]
            self._save()
            self._discard(place)

    def write(self, table: str, batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> None:
        """Create or replace a table from batches, which are written as they come."""
        place = self.new_place(table)
        place.mkdir()
        self._add(place, batches, _storable(schema))
        self.put(table, place)

    def append(self, table: str, data: pa.Table) -> None:
        """Add rows by column name; columns that are missing in `data` are null."""
        schema = self.schema(table)
        unknown = set(data.column_names) - set(schema.names)
        if unknown:
            raise ModelError(
                f"The table {table} has no columns {sorted(unknown)}.",
                expected=f"some of {', '.join(schema.names)}.",
                todo="Write the table anew.",
            )
        columns = [data[name] if name in data.column_names else pa.nulls(len(data)) for name in schema.names]
        whole = pa.table(columns, names=schema.names).cast(schema)
        self._add(self.place(table), iter(whole.to_batches()), schema)

    def schema(self, table: str) -> pa.Schema:
        """Columns and types."""
        return self._dataset(table).schema.remove_metadata()

    def count(self, table: str) -> int:
        """Number of rows, as the feet of the files say."""
        return int(self._dataset(table).count_rows())

    def read(self, table: str, *, order_by: Sequence[str] = (), columns: Sequence[str] = ()) -> pa.Table:
        """Rows, sorted upwards by the named columns with what is missing last, as the embedded engine sorts."""
        wanted = list(columns) or self.schema(table).names
        needed = list(dict.fromkeys([*wanted, *order_by]))
        found = self._dataset(table).to_table(columns=needed).replace_schema_metadata(None)
        if order_by:
            found = found.sort_by([(name, "ascending", "at_end") for name in order_by])
        return found.select(wanted)

    @contextmanager
    def undone_on_error(self) -> Iterator[None]:
        """Everything inside becomes part of the folder together, or nothing does."""
        places, self._held = dict(self._places), []
        try:
            yield
        except BaseException:
            self._places, self._held = places, None
            raise
        held, self._held = self._held, None
        self._save()
        for place in held:
            self._discard(place)

    def _dataset(self, table: str) -> ds.Dataset:
        return ds.dataset(self.place(table), format="parquet")

    def _add(self, place: Path, batches: Iterator[pa.RecordBatch], schema: pa.Schema) -> None:
        """Write batches as files of at most a million rows, so that several readers can share them."""
        number = len(list(place.glob("*.parquet")))
        writer, rows = pq.ParquetWriter(_part(place, number), schema), 0
        for batch in batches:
            if rows >= _ROWS_A_FILE:
                writer.close()
                number, rows = number + 1, 0
                writer = pq.ParquetWriter(_part(place, number), schema)
            writer.write_table(pa.Table.from_batches([batch]).cast(schema))
            rows += batch.num_rows
        writer.close()

    def _save(self) -> None:
        if self._held is not None:
            return
        unfinished = self._catalogue.with_name(f".{_CATALOGUE}.part")
        unfinished.write_text(json.dumps({"next": self._next, "tables": self._places}), encoding="utf-8")
        unfinished.replace(self._catalogue)

    def _discard(self, place: Path) -> None:
        if self._held is not None:
            self._held.append(place)
        else:
            shutil.rmtree(place, ignore_errors=True)


def _part(place: Path, number: int) -> Path:
    return place / f"added-{number:05d}.parquet"


def _storable(schema: pa.Schema) -> pa.Schema:
    """Types that every reader of Parquet knows: sums of whole numbers as such, and columns without a type as text."""
    return pa.schema([(field.name, _plain_type(field.type)) for field in schema])


def _plain_type(kind: pa.DataType) -> pa.DataType:
    if pa.types.is_null(kind) or pa.types.is_large_string(kind):
        return pa.string()
    if pa.types.is_decimal(kind) and kind.scale == 0:
        return pa.int64()
    return kind
