"""Staged tables under the plain names that event SQL reads, in the warehouse under construction.

In: the private database, attached read-only as `raw`. Out: temporary views `stg_<source>__<stream>`,
`..__version` (every version), `..__<list column>` (its items as rows), and the books of loading.
"""

from __future__ import annotations

import pyarrow as pa

from journey_mining.privacy import pseudonymise
from journey_mining.sources.spec import ROW_KEY, Source, Stream, staging_name
from journey_mining.sources.staging import SCHEMAS, sql_type, version_schema
from journey_mining.warehouse import DuckDBWarehouse
from journey_mining.warehouse.duckdb_warehouse import quoted, quoted_text

RAW = "raw"
"""name under which the private database is attached"""


def expose(warehouse: DuckDBWarehouse, sources: list[Source]) -> None:
    """Give every staged table of the attached private database its plain name; streams that never came are empty."""
    there = {
        str(name)
        for (name,) in warehouse.execute(
            f"select table_name from information_schema.tables where table_catalog = '{RAW}'"
        )
    }
    ids = [source.id for source in sources]
    for table, schema in SCHEMAS.items():
        _view(warehouse, table, schema, is_there=table in there, only=ids)
    for source in sources:
        for name, (schema, _) in _staged(source).items():
            _view(warehouse, name, schema, is_there=name in there)
        _item_views(warehouse, source)


def expose_empty(warehouse: DuckDBWarehouse, source: Source) -> None:
    """Give the source's tables to a warehouse that has none of them: empty, with their columns and types."""
    for name, (schema, _) in _staged(source).items():
        _view(warehouse, name, schema, is_there=False)
    _item_views(warehouse, source)


def expose_bare(warehouse: DuckDBWarehouse, source: Source) -> None:
    """The same with one row each, which has nothing but its key and what the spec requires."""
    for name, (schema, stream) in _staged(source).items():
        filled = {*stream.required_columns(), ROW_KEY, "_file_id", "_line", "_row_hash"}
        cells = ", ".join(f"{_some(field, field.name in filled, stream)} as {quoted(field.name)}" for field in schema)
        warehouse.execute(f"create temp view {quoted(name)} as select {cells}")
    _item_views(warehouse, source)


def _some(field: pa.Field, is_filled: bool, stream: Stream) -> str:
    """A cell of the field's type: null, or something that a sound export may hold there."""
    kind = sql_type(field.type)
    if not is_filled:
        return f"cast(null as {kind})"
    column = stream.columns.get(field.name)
    if kind == "varchar[]":
        return "cast(['1'] as varchar[])"
    if kind in ("timestamp", "date"):
        return f"cast('2026-01-01' as {kind})"
    if kind == "boolean":
        return "cast(true as boolean)"
    text = column.allowed[0] if column and column.allowed else "1"
    mapped = column.map.get(text, text) if column else text
    return f"cast({quoted_text(mapped)} as {kind})"


def _staged(source: Source) -> dict[str, tuple[pa.Schema, Stream]]:
    """The staged tables of a source: the current rows and all versions of each stream."""
    tables = {}
    for stream in source.streams:
        plain = staging_name(source.id, stream.id)
        tables[plain] = tables[f"{plain}__version"] = (version_schema(stream), stream)
    return tables


def _view(
    warehouse: DuckDBWarehouse, table: str, schema: pa.Schema, *, is_there: bool, only: list[str] | None = None
) -> None:
    """A plain name for a table of the private database; `only` leaves out sources that the project no longer has."""
    listed = ", ".join(quoted(field.name) for field in schema)
    empty = ", ".join(f"cast(null as {sql_type(field.type)}) as {quoted(field.name)}" for field in schema)
    body = f"select {listed} from {RAW}.main.{quoted(table)}" if is_there else f"select {empty} where false"
    if is_there and only is not None:
        body += f" where source in ({', '.join(map(quoted_text, only)) or 'null'})"
    warehouse.execute(f"create temp view {quoted(table)} as {body}")


def _item_views(warehouse: DuckDBWarehouse, source: Source) -> None:
    """Each list column as rows (key, item), so that event SQL needs no list functions and runs on any engine."""
    for stream in source.streams:
        table = staging_name(source.id, stream.id)
        listed = ", ".join(quoted(name) for name in stream.key)
        for name, column in stream.columns.items():
            if column.is_list:
                warehouse.execute(
                    f"create temp view {quoted(f'{table}__{name}')} as "
                    f"select {listed}, unnest({quoted(name)}) as item from {quoted(table)}"
                )


def hide_row_keys(warehouse: DuckDBWarehouse, sources: list[Source], key: bytes) -> None:
    """Put keyed hashes in the place of row keys.

    A row key is a plain hash of a whole row; who knows an address could try out answers until the hash fits.
    """
    for source in sources:
        for name, (schema, stream) in _staged(source).items():
            if ROW_KEY not in stream.key:
                continue
            plain = warehouse.arrow(f"select distinct {ROW_KEY} from {quoted(name)} order by {ROW_KEY}")[ROW_KEY]
            keys = plain.combine_chunks().cast(pa.string())
            hidden = pseudonymise(pa.array(["row"] * len(keys), pa.string()), keys, key)
            tokens = f"{name}__row_key"
            warehouse.execute(f"create temp table {quoted(tokens)} (plain varchar, hidden varchar)")
            warehouse.append(tokens, pa.table({"plain": keys, "hidden": hidden}))
            warehouse.execute(f"alter view {quoted(name)} rename to {quoted(name + '__plain')}")
            listed = ", ".join(
                f"t.hidden as {ROW_KEY}" if field.name == ROW_KEY else f"s.{quoted(field.name)}" for field in schema
            )
            warehouse.execute(
                f"create temp view {quoted(name)} as select {listed} from {quoted(name + '__plain')} as s "
                f"inner join {quoted(tokens)} as t on s.{ROW_KEY} = t.plain"
            )
