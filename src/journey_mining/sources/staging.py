"""Tables of the private database, and the selects that merge files into them.

`raw_*` keeps the text of every row that could be split into cells, `stg_*__version` the typed values of those taken,
once per file and key. What `stg_*` makes of them is in `current`.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from journey_mining.sources.cells import arrow_type
from journey_mining.sources.spec import ROW_KEY, Stream, staging_name
from journey_mining.warehouse.duckdb_warehouse import DuckDBWarehouse, quoted

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
            ("headings", _TEXT),
            ("snapshot_at", _TIME),
            ("rows_read", _COUNT),
            ("rows_accepted", _COUNT),
            ("rows_quarantined", _COUNT),
            ("rows_collapsed", _COUNT),
            ("rows_superseded", _COUNT),
            ("rows_deleted", _COUNT),
            ("status", _TEXT),
            ("error_code", _TEXT),
            ("error_text", _TEXT),
            ("spec_hash", _TEXT),
            ("retry_from", _TIME),
            ("loaded_at", _TIME),
            ("text_dropped_at", _TIME),
        ]
    ),
    QUARANTINE: pa.schema(
        [
            ("file_id", _TEXT),
            ("source", _TEXT),
            ("stream", _TEXT),
            ("line", _COUNT),
            ("record", _COUNT),
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


CONFLICT = "DUP_KEY_CONFLICT"
"""reason of rows that say otherwise than another row of their key, where records never change"""
CONFLICTS = "_conflicts"
"""column of the versions: how many rows of the same file and key say otherwise than the one that was kept"""


def raw_name(source: str, stream: str) -> str:
    """Name of the table of lines as text."""
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
    _mend_older(warehouse, there)


def _mend_older(warehouse: DuckDBWarehouse, there: set[str]) -> None:
    """Give tables that an older version made what they lack."""
    for table in sorted(there):
        if table.startswith("raw_") and "_record" not in warehouse.columns(table):
            with warehouse.transaction():
                warehouse.execute(f"alter table {quoted(table)} add column _record bigint")
                warehouse.execute(f"update {quoted(table)} set _record = rowid")
        if table.endswith("__version") and CONFLICTS not in warehouse.columns(table):
            warehouse.execute(f"alter table {quoted(table)} add column {CONFLICTS} bigint default 0")


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
    """Add the newest row of each key (and partition) of the arriving file to the versions; how many there were."""
    table = version_name(source, stream.id)
    if table not in warehouse.tables():
        create_table(warehouse, table, version_schema(stream).append(pa.field(CONFLICTS, _COUNT)))
    if ROW_KEY in stream.key:
        _number_repeats(warehouse)
    rows = warehouse.count(ARRIVING)
    kept = int(warehouse.execute(f"select count(*) from (select distinct {_told_apart(stream)} from {ARRIVING})")[0][0])
    warehouse.execute(
        f"insert into {quoted(table)} by name {_collapsed(stream, is_unique=kept == rows)}",
        [file_id, snapshot_at],
    )
    return kept


def reshape_versions(warehouse: DuckDBWarehouse, source: str, stream: Stream) -> list[tuple[str, int]]:
    """Give the versions the columns of the present spec and drop all rows but those of files without text.

    These keep what an earlier spec made of them, as far as it fits. Returned are file and line of those that have no
    key any more and are gone.
    """
    table, kept = version_name(source, stream.id), "kept_version"
    without_text = f"select file_id from {LEDGER} where source = ? and stream = ? and text_dropped_at is not null"
    if table not in warehouse.tables():
        return []
    schema, there = version_schema(stream).append(pa.field(CONFLICTS, _COUNT)), set(warehouse.columns(table))
    cells = [f"try_cast({quoted(f.name) if f.name in there else 'null'} as {sql_type(f.type)}) as {quoted(f.name)}"
             for f in schema]  # fmt: skip
    warehouse.execute(
        f"create or replace temp table {kept} as select {', '.join(cells)} from {quoted(table)} "
        f"where _file_id in ({without_text})",
        [source, stream.id],
    )
    keyless = " or ".join(f"{quoted(name)} is null" for name in stream.key)
    gone = warehouse.execute(f"select _file_id, _line from {kept} where {keyless} order by all")
    warehouse.drop(table)
    create_table(warehouse, table, schema)
    warehouse.execute(f"insert into {quoted(table)} by name select * from {kept} where not ({keyless}) order by rowid")
    warehouse.execute(f"drop table {kept}")
    return [(str(file_id), int(line)) for file_id, line in gone]


def is_misshapen(warehouse: DuckDBWarehouse, source: str, stream: Stream) -> bool:
    """Whether the versions have other columns, or columns of other types, than the present spec says."""
    table = version_name(source, stream.id)
    if table not in warehouse.tables():
        return False
    there = {row[0]: _plain(row[1]) for row in warehouse.execute(f"describe {quoted(table)}")}
    wanted = {field.name: _plain(sql_type(field.type)) for field in version_schema(stream)}
    return there != wanted | {CONFLICTS: _plain(sql_type(_COUNT))}


def _plain(kind: object) -> str:
    return str(kind).lower().replace(" ", "")


def redate_versions(warehouse: DuckDBWarehouse, source: str, stream: str, file_id: str, snapshot_at: object) -> None:
    """Give the rows of a file the time at which it was drawn last."""
    table = version_name(source, stream)
    if table in warehouse.tables():
        warehouse.execute(
            f"update {quoted(table)} set _snapshot_at = cast(? as timestamp) where _file_id = ?", [snapshot_at, file_id]
        )


def _number_repeats(warehouse: DuckDBWarehouse) -> None:
    """Two people may give the same answers: rows with equal cells are told apart by their number within the file."""
    warehouse.execute(
        f"update {ARRIVING} set {ROW_KEY} = md5({ARRIVING}.{ROW_KEY} || chr(30) || cast(r.repeat_no as varchar)) "
        f"from (select _record, row_number() over (partition by {ROW_KEY} order by _record) as repeat_no "
        f"from {ARRIVING}) as r where {ARRIVING}._record = r._record and r.repeat_no > 1"
    )


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


def sql_type(kind: pa.DataType) -> str:
    """Name of an Arrow type in generated SQL."""
    if pa.types.is_list(kind):
        return "varchar[]"
    names = {pa.int64(): "bigint", pa.decimal128(18, 2): "decimal(18, 2)", pa.bool_(): "boolean", pa.date32(): "date"}
    return names.get(kind, "timestamp" if pa.types.is_timestamp(kind) else "varchar")


def _collapsed(stream: Stream, *, is_unique: bool) -> str:
    """Select of one row a key from the arriving rows; two parameters: file id, snapshot time."""
    typed = [field.name for field in typed_schema(stream)]
    texts = ", ".join(f"coalesce(cast({quoted(name)} as varchar), chr(30))" for name in typed)
    hashed = f"select *, md5(concat_ws(chr(31), {texts})) as _content from {ARRIVING}"
    if is_unique and not stream.duplicates.sum:
        return (
            f"select {listed(typed)}, ? as _file_id, _line, cast(? as timestamp) as _snapshot_at, "
            f"_content as _row_hash, 0 as {CONFLICTS} from ({hashed})"
        )
    summed, key = stream.duplicates.sum, _told_apart(stream)
    newest = ", ".join([*descending(stream.version), "_content desc", "_record"])
    sums = "".join(f", sum({quoted(name)}) over (partition by {key}) as {quoted('_sum_' + name)}" for name in summed)
    values = [
        f"cast({quoted('_sum_' + name)} as decimal(18, 2)) as {quoted(name)}" if name in summed else quoted(name)
        for name in typed
    ]
    tail = "".join(f", coalesce(cast({quoted('_sum_' + name)} as varchar), chr(30))" for name in summed)
    # the same order within a file as between files: how rows are split over files does not matter
    row_hash = f"md5(concat_ws(chr(31), _content{tail}))" if summed else "_content"
    others = f"count(*) over (partition by {key}) - count(*) over (partition by {key}, _content)"
    return (
        f"select {', '.join(values)}, ? as _file_id, _line, cast(? as timestamp) as _snapshot_at, "
        f"{row_hash} as _row_hash, {CONFLICTS} from ("
        f"select *, row_number() over (partition by {key} order by {newest}) as _rank, {others} as {CONFLICTS}{sums} "
        f"from ({hashed})) where _rank = 1 order by _record"
    )


def _told_apart(stream: Stream) -> str:
    """What one file has one row of: a key, and of it every partition, because a file replaces all that it names."""
    partition = stream.delivery.partition
    return listed([*dict.fromkeys([*stream.key, *([partition] if partition else [])])])


def _declared(schema: pa.Schema) -> str:
    return ", ".join(f"{quoted(field.name)} {sql_type(field.type)}" for field in schema)


def descending(columns: Sequence[str]) -> list[str]:
    """Terms of an order by, largest first and nothing last."""
    return [f"{quoted(name)} desc nulls last" for name in columns]


def listed(columns: Sequence[str]) -> str:
    """Names for a list of columns."""
    return ", ".join(quoted(name) for name in columns)
