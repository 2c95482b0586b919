"""SQLite databases: the rows of one table.

In: a delivered database. Out: (row number, cells), the first of them the names of the columns. The file is opened for
reading only and nothing that it defines is run: views and triggers stay shut.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from journey_mining.errors import did_you_mean
from journey_mining.sources.batches import RowFault
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.readers.cell_text import bytes_text, value_text
from journey_mining.sources.readers.faults import rejected
from journey_mining.sources.readers.local_copy import first_bytes, local_copy
from journey_mining.sources.readers.tables import Row
from journey_mining.sources.spec import Stream
from journey_mining.warehouse.duckdb_warehouse import quoted

MAGIC = b"SQLite format 3\0"
_LARGEST_CELL = 32 << 20
"""bytes"""


def read(delivered: Delivered, stream: Stream, encoding: str) -> Iterator[Row | RowFault]:  # noqa: ARG001 - it knows
    """The names of the columns, then the rows in the order of the table.

    Raises:
        FileRejectedError: no SQLite database, damaged, or without that table.
    """
    with opened(delivered) as database:
        name = _table(delivered, database, stream.sqlite.table)
        cursor = database.execute(f"select * from {quoted(name)}")
        yield 0, [str(column[0]) for column in cursor.description]
        for number, cells in enumerate(cursor, start=1):
            yield number, [value_text(cell) for cell in cells]


@contextmanager
def opened(delivered: Delivered) -> Iterator[sqlite3.Connection]:
    """The database, for reading only.

    Raises:
        FileRejectedError: it is none, or its pages are damaged.
    """
    start = first_bytes(delivered, len(MAGIC))
    if start != MAGIC:
        code = "TRUNCATED_FILE" if start else "EMPTY_FILE"
        raise rejected(delivered, code, "is no SQLite database", "a file that begins with 'SQLite format 3'")
    try:
        with local_copy(delivered) as path, closing(_connected(path)) as database:
            yield database
    except sqlite3.Error as fault:
        what = f"is a damaged or truncated database ({getattr(fault, 'sqlite_errorname', type(fault).__name__)})"
        todo = "Make a copy with `.backup` or VACUUM INTO while nobody writes to it, and deliver that."
        raise rejected(delivered, "TRUNCATED_FILE", what, "a complete SQLite file", todo=todo) from fault


def tables_of(database: sqlite3.Connection) -> list[str]:
    """Names of the tables; views are none."""
    rows = database.execute("select name from sqlite_master where type = 'table' order by name")
    return [str(name) for (name,) in rows]


def _connected(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
    database.text_factory = bytes_text
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_CELL)
    database.execute("pragma trusted_schema = off")
    database.execute("pragma query_only = on")
    return database


def _table(delivered: Delivered, database: sqlite3.Connection, wanted: str) -> str:
    tables = tables_of(database)
    found = [name for name in tables if name.casefold() == wanted.casefold()]
    if found:
        return found[0]
    hint = did_you_mean(wanted, tables)
    what = f"has {len(tables)} tables, none of them {wanted!r}{', but one that looks like it' if hint else ''}"
    raise rejected(delivered, "TABLE_NOT_FOUND", what, "the table that sqlite.table of spec.toml names; views are none")
