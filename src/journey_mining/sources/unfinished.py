"""Streams of which more was taken than their current table shows, remembered in the database itself.

A mark is set in the transaction that changes what a stream holds and cleared in the one that makes its current table
anew. So a load that dies between the two, wherever it is, leaves the mark behind, and the next load goes on from there.
"""

from __future__ import annotations

import pyarrow as pa

from journey_mining.sources.spec import Source, Stream
from journey_mining.sources.staging import LEDGER
from journey_mining.warehouse.duckdb_warehouse import DuckDBWarehouse

UNFINISHED = "stream_unfinished"
_SCHEMA = pa.schema([("source", pa.string()), ("stream", pa.string()), ("is_reread", pa.bool_())])
Place = tuple[str, str]
"""ids of a source and of one of its streams"""


def ensure_marks(warehouse: DuckDBWarehouse) -> None:
    """Make the table of marks; in a database of an older version nobody knows how its last load ended."""
    if UNFINISHED in warehouse.tables():
        return
    with warehouse.transaction():
        warehouse.write(UNFINISHED, _SCHEMA.empty_table())
        warehouse.execute(f"insert into {UNFINISHED} select distinct source, stream, false from {LEDGER} order by all")


def mark(warehouse: DuckDBWarehouse, source: Source, stream: Stream, *, is_reread: bool = False) -> None:
    """Say that the current table is behind; with `is_reread` that files still there have to be read again as well."""
    row = [source.id, stream.id, is_reread]
    warehouse.execute(
        f"insert into {UNFINISHED} select ?, ?, ? where not exists "
        f"(select 1 from {UNFINISHED} where source = ? and stream = ? and is_reread = ?)",
        [*row, *row],
    )


def clear(warehouse: DuckDBWarehouse, source: Source, stream: Stream) -> None:
    """Say that the current table shows all that was taken."""
    warehouse.execute(f"delete from {UNFINISHED} where source = ? and stream = ?", [source.id, stream.id])


def unfinished(warehouse: DuckDBWarehouse) -> set[Place]:
    """Streams whose current table is behind."""
    if UNFINISHED not in warehouse.tables():
        return set()
    return {(source, stream) for source, stream in warehouse.execute(f"select source, stream from {UNFINISHED}")}


def to_reread(warehouse: DuckDBWarehouse) -> set[Place]:
    """Streams of which the files still there have to be read again."""
    rows = warehouse.execute(f"select source, stream from {UNFINISHED} where is_reread")
    return {(source, stream) for source, stream in rows}
