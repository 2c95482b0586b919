"""Parquet files: row groups as text, batch after batch.

In: a delivered file. Out: (row number, cells), the first of them the names of the columns. Nested values become JSON
text; decimals and whole numbers keep every digit; times are ISO, with their offset where they have a zone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from journey_mining.sources.batches import RowFault
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.readers.cell_text import time_text, value_text
from journey_mining.sources.readers.faults import rejected
from journey_mining.sources.readers.local_copy import first_bytes, local_copy
from journey_mining.sources.readers.tables import Row
from journey_mining.sources.spec import Stream

_MAGIC = b"PAR1"
_AT_ONCE = 5_000
_LARGEST_TEXT = 256 << 20
"""bytes of one string of the file's own description"""


def read(delivered: Delivered, stream: Stream, encoding: str) -> Iterator[Row | RowFault]:  # noqa: ARG001 - text is UTF-8
    """The names of the columns, then the rows.

    Raises:
        FileRejectedError: no Parquet, encrypted, cut short or damaged.
    """
    start = first_bytes(delivered, 4)
    if not start:
        raise rejected(delivered, "EMPTY_FILE", "is empty", "a Parquet file")
    if start == b"PARE":
        raise rejected(delivered, "LOCKED_ARCHIVE", "is encrypted", "Parquet without encryption")
    if start != _MAGIC:
        raise rejected(delivered, "TRUNCATED_FILE", "is no Parquet file", "a file that begins with PAR1")
    try:
        with local_copy(delivered) as path, pq.ParquetFile(path, thrift_string_size_limit=_LARGEST_TEXT) as file:
            yield 0, list(file.schema_arrow.names)
            yield from _rows(file)
    except (pa.ArrowException, OSError) as fault:
        what = f"is a damaged or truncated Parquet file ({type(fault).__name__})"
        raise rejected(delivered, "TRUNCATED_FILE", what, "a complete Parquet file") from fault


def _rows(file: pq.ParquetFile) -> Iterator[Row]:
    number = 0
    for batch in file.iter_batches(batch_size=_AT_ONCE):
        columns = [column_texts(column) for column in batch.columns]
        for cells in zip(*columns, strict=True) if columns else ():
            number += 1
            yield number, cells


def column_texts(column: pa.Array) -> Sequence[str | None]:
    """A column as text."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.dictionary_decode(), kind.value_type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        texts: list[str | None] = column.to_pylist()
        return texts
    if pa.types.is_timestamp(kind):
        return _times(column)
    text: Callable[[Any], str | None] = value_text
    return [text(value) for value in column.to_pylist()]


def _times(column: pa.Array) -> list[str | None]:
    """Times, at most to the microsecond: Python knows nothing finer, and no export needs it."""
    kind = column.type
    if kind.unit == "ns":
        column = pc.floor_temporal(column, unit="microsecond").cast(pa.timestamp("us", tz=kind.tz), safe=False)
    moments: list[datetime | None] = column.to_pylist()
    return [None if moment is None else time_text(moment) for moment in moments]
