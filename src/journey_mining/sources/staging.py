"""Tables of the private database, and the selects that merge files into them.

`raw_*` keeps the text of every row taken, `stg_*__version` its typed values once per file and key, `stg_*` the current
version of each record. The current version depends on the set of loaded files only, never on the order they came in:
it is the largest by (version columns, snapshot time, row hash), and nothing else is ever compared.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from journey_mining.report import Problem
from journey_mining.sources.cells import arrow_type
from journey_mining.sources.spec import ROW_KEY, Source, Stream, staging_name
from journey_mining.warehouse.duckdb_warehouse import DuckDBWarehouse, quoted, quoted_text

LEDGER = "file_ledger"
QUARANTINE = "quarantine"
WARNING = "value_warning"
ARRIVING = "arriving"

_TEXT, _COUNT, _TIME = pa.string(), pa.int64(), pa.timestamp("us")
SCHEMAS = {
    LEDGER: pa.schema(
        [
            ("file_id", _TEXT),
            ("source", _TEXT),
            ("stream", _TEXT),
            ("path", _TEXT),
            ("member", _TEXT),
            ("size_bytes", _COUNT),
            ("encoding", _TEXT),
            ("header_hash", _TEXT),
            ("snapshot_at", _TIME),
            ("rows_read", _COUNT),
            ("rows_accepted", _COUNT),
            ("rows_quarantined", _COUNT),
            ("rows_collapsed", _COUNT),
            ("status", _TEXT),
            ("error_code", _TEXT),
            ("error_text", _TEXT),
            ("spec_hash", _TEXT),
            ("retry_from", _TIME),
            ("loaded_at", _TIME),
        ]
    ),
    QUARANTINE: pa.schema(
        [
            ("file_id", _TEXT),
            ("source", _TEXT),
            ("stream", _TEXT),
            ("line", _COUNT),
            ("column_name", _TEXT),
            ("reason", _TEXT),
            ("detail", _TEXT),
            ("raw", _TEXT),
        ]
    ),
    WARNING: pa.schema(
        [
            ("file_id", _TEXT),
            ("source", _TEXT),
            ("stream", _TEXT),
            ("column_name", _TEXT),
            ("reason", _TEXT),
            ("row_count", _COUNT),
        ]
    ),
}


def raw_name(source: str, stream: str) -> str:
    """Name of the table of accepted lines as text."""
    return f"raw_{source}__{stream}"


def version_name(source: str, stream: str) -> str:
    """Name of the table that holds every accepted version of a record."""
    return f"{staging_name(source, stream)}__version"


def ensure_ledgers(warehouse: DuckDBWarehouse) -> None:
    """Make the bookkeeping tables where they do not exist yet; those of an older version get the columns they lack."""
    there = set(warehouse.tables())
    for table, schema in SCHEMAS.items():
        if table not in there:
            warehouse.write(table, schema.empty_table())
            continue
        for field in schema:
            if field.name not in warehouse.columns(table):
                warehouse.execute(f"alter table {table} add column {quoted(field.name)} {sql_type(field.type)}")
    for table in there:
        if table.startswith("raw_") and "_record" not in warehouse.columns(table):
            with warehouse.transaction():
                warehouse.execute(f"alter table {quoted(table)} add column _record bigint")
                warehouse.execute(f"update {quoted(table)} set _record = rowid")


def typed_schema(stream: Stream) -> pa.Schema:
    """Names and types of the typed columns of a stream, the generated key included."""
    fields = [(name, arrow_type(column)) for name, column in stream.columns.items()]
    return pa.schema([*fields, *([(ROW_KEY, _TEXT)] if ROW_KEY in stream.key else [])])


def version_schema(stream: Stream) -> pa.Schema:
    """Typed columns with the lineage that every staged row carries."""
    lineage = [("_file_id", _TEXT), ("_line", _COUNT), ("_snapshot_at", _TIME), ("_row_hash", _TEXT)]
    return pa.schema([*typed_schema(stream), *lineage])


def create_table(warehouse: DuckDBWarehouse, table: str, schema: pa.Schema) -> None:
    """Make an empty table by naming its columns.

    Not by `create table as` with no rows: DuckDB 2.0 then reads nothing from what the same transaction inserts next, if
    that is more than one row group (122,880 rows); the rows are there only after the file is opened again.
    """
    warehouse.execute(f"create table {quoted(table)} ({_declared(schema)})")


def open_arriving(warehouse: DuckDBWarehouse, stream: Stream) -> None:
    """Make the empty temporary table that the batches of one file are gathered in."""
    version = typed_schema(stream).append(pa.field("_line", _COUNT)).append(pa.field("_record", _COUNT))
    warehouse.execute(f"create or replace temp table {ARRIVING} ({_declared(version)})")


def append_raw(warehouse: DuckDBWarehouse, table: str, rows: pa.Table) -> None:
    """Add rows of text; columns that the spec has gained since are added to the table first."""
    if table not in warehouse.tables():
        create_table(warehouse, table, rows.schema)
    else:
        for name in sorted(set(rows.column_names) - set(warehouse.columns(table))):
            warehouse.execute(f"alter table {quoted(table)} add column {quoted(name)} varchar")
    warehouse.append(table, rows)


def merge_arriving(
    warehouse: DuckDBWarehouse, source: str, stream: Stream, *, file_id: str, snapshot_at: object
) -> int:
    """Add the newest row of each key of the arriving file to the versions; how many there were."""
    table = version_name(source, stream.id)
    if table not in warehouse.tables():
        create_table(warehouse, table, version_schema(stream))
    kept = warehouse.execute(f"select count(*) from (select distinct {_listed(stream.key)} from {ARRIVING})")[0][0]
    warehouse.execute(
        f"insert into {quoted(table)} by name {_collapsed(stream)}",
        [file_id, snapshot_at],
    )
    return int(kept)


def forget_versions(warehouse: DuckDBWarehouse, source: str, stream: str, file_id: str) -> None:
    """Remove the typed rows of one file; its text stays."""
    table = version_name(source, stream)
    if table in warehouse.tables():
        warehouse.execute(f"delete from {quoted(table)} where _file_id = ?", [file_id])


def forget_file(warehouse: DuckDBWarehouse, source: str, stream: str, file_id: str) -> None:
    """Remove everything that one file brought."""
    there = set(warehouse.tables())
    for table in (raw_name(source, stream), version_name(source, stream)):
        if table in there:
            warehouse.execute(f"delete from {quoted(table)} where _file_id = ?", [file_id])
    for table in (LEDGER, QUARANTINE, WARNING):
        warehouse.execute(
            f"delete from {table} where file_id = ? and source = ? and stream = ?", [file_id, source, stream]
        )


def rebuild_current(warehouse: DuckDBWarehouse, source: Source, stream: Stream) -> None:
    """Make `stg_<source>__<stream>` anew from all versions; a snapshot that shrank beyond belief deletes nothing."""
    version = version_name(source.id, stream.id)
    if version not in warehouse.tables():
        return
    only_newest = stream.delivery.complete and not shrunk_snapshot(warehouse, source, stream)
    columns = [field.name for field in version_schema(stream)]
    ranked = f"select *, {_rank(stream)} as _rank, {_presence(stream)} as _is_present from {quoted(version)}"
    conditions = ["_rank = 1", *(["_is_present"] if only_newest else []), *_not_deleted(stream)]
    warehouse.execute(
        f"create or replace table {quoted(staging_name(source.id, stream.id))} as "
        f"select {_listed(columns)} from ({ranked}) where {' and '.join(conditions)} "
        f"order by {_listed(stream.key)}"
    )


def shrunk_snapshot(warehouse: DuckDBWarehouse, source: Source, stream: Stream) -> list[Problem]:
    """A problem where the newest complete snapshot has lost more records than can be believed."""
    version = version_name(source.id, stream.id)
    if not stream.delivery.complete or version not in warehouse.tables():
        return []
    rows = warehouse.execute(
        f"select count(distinct ({_listed(stream.key)})) from {quoted(version)} where _snapshot_at is not null "
        "group by _snapshot_at order by _snapshot_at desc limit 2"
    )
    if len(rows) < 2 or rows[0][0] >= rows[1][0] * (1 - stream.delivery.max_shrink):  # noqa: PLR2004 - newest and the one before
        return []
    text = (
        f"The newest snapshot has {rows[0][0]} records, the one before {rows[1][0]}. Expected: a complete export. "
        "To do: export it again without filters; until then nothing counts as deleted."
    )
    return [Problem(code="SNAPSHOT_SHRINK", where=version, text=text)]


def sql_type(kind: pa.DataType) -> str:
    """Name of an Arrow type in generated SQL."""
    if pa.types.is_list(kind):
        return "varchar[]"
    names = {pa.int64(): "bigint", pa.decimal128(18, 2): "decimal(18, 2)", pa.bool_(): "boolean", pa.date32(): "date"}
    return names.get(kind, "timestamp" if pa.types.is_timestamp(kind) else "varchar")


def _collapsed(stream: Stream) -> str:
    """Select of one row a key from the arriving rows; two parameters: file id, snapshot time."""
    typed = [field.name for field in typed_schema(stream)]
    summed = stream.duplicates.sum
    key = _listed(stream.key)
    texts = ", ".join(f"coalesce(cast({quoted(name)} as varchar), chr(30))" for name in typed)
    newest = ", ".join([*_descending(stream.version), "_content desc", "_record"])
    sums = "".join(f", sum({quoted(name)}) over (partition by {key}) as {quoted('_sum_' + name)}" for name in summed)
    values = [
        f"cast({quoted('_sum_' + name)} as decimal(18, 2)) as {quoted(name)}" if name in summed else quoted(name)
        for name in typed
    ]
    tail = "".join(f", coalesce(cast({quoted('_sum_' + name)} as varchar), chr(30))" for name in summed)
    return (
        f"select {', '.join(values)}, ? as _file_id, _line, cast(? as timestamp) as _snapshot_at, "
        f"md5(concat_ws(chr(31), _content{tail})) as _row_hash from ("
        f"select *, row_number() over (partition by {key} order by {newest}) as _rank{sums} from ("
        f"select *, md5(concat_ws(chr(31), {texts})) as _content from {ARRIVING})) where _rank = 1 order by _record"
    )


def _rank(stream: Stream) -> str:
    newest = [*_descending((*stream.version, "_snapshot_at")), "_row_hash desc", "_file_id", "_line"]
    return f"row_number() over (partition by {_listed(stream.key)} order by {', '.join(newest)})"


def _presence(stream: Stream) -> str:
    """Whether the newest snapshot still holds the key; true where no file says when it was drawn."""
    return (
        f"coalesce(max(_snapshot_at) over (partition by {_listed(stream.key)}) = max(_snapshot_at) over (), "
        "max(_snapshot_at) over () is null)"
    )


def _not_deleted(stream: Stream) -> list[str]:
    rule = stream.delivery.soft_delete
    if rule is None:
        return []
    values = ", ".join(quoted_text(value) for value in rule.values)
    return [f"coalesce(cast({quoted(rule.column)} as varchar), '') not in ({values})"]


def _declared(schema: pa.Schema) -> str:
    return ", ".join(f"{quoted(field.name)} {sql_type(field.type)}" for field in schema)


def _descending(columns: Sequence[str]) -> list[str]:
    return [f"{quoted(name)} desc nulls last" for name in columns]


def _listed(columns: Sequence[str]) -> str:
    return ", ".join(quoted(name) for name in columns)
