"""The current version of each record, out of all versions that files brought.

In: `stg_*__version`. Out: `stg_*`, and what became of the rows of each file in the ledger: current, superseded by
another row, or deleted at the source. What is current depends on the set of files only, never on the order they came
in: of a key it is the row that is largest by (version columns, time of its snapshot, row hash). Where deliveries
replace whole partitions, rows of a partition that a later delivery holds as well are out before anything is compared.
"""

from __future__ import annotations

from journey_mining.errors import JourneyMiningError
from journey_mining.report import Problem
from journey_mining.sources.spec import Source, Stream, staging_name
from journey_mining.sources.staging import (
    CONFLICT,
    CONFLICTS,
    LEDGER,
    WARNING,
    descending,
    listed,
    version_name,
    version_schema,
)
from journey_mining.warehouse.duckdb_warehouse import DuckDBWarehouse, quoted, quoted_text

_FATE = "row_fate"


def rebuild_current(warehouse: DuckDBWarehouse, source: Source, stream: Stream) -> None:
    """Make `stg_<source>__<stream>` anew; a snapshot that shrank beyond belief deletes nothing.

    Raises:
        JourneyMiningError: rows were lost on the way.
    """
    version = version_name(source.id, stream.id)
    if version not in warehouse.tables():
        return
    only_newest = stream.delivery.complete and not shrunk_snapshot(warehouse, source, stream)
    _judge(warehouse, version, stream, only_newest=only_newest)
    current = staging_name(source.id, stream.id)
    columns = listed([field.name for field in version_schema(stream)])
    is_all = not warehouse.execute(f"select count(*) from {_FATE} where fate <> 'current'")[0][0]
    kept = "" if is_all else f" where rowid in (select version_row from {_FATE} where fate = 'current')"
    # sorting whole rows is the dearest step of all, and exports mostly come in the order of their keys
    order = "" if is_all and _is_in_order(warehouse, version, stream) else f" order by {listed(stream.key)}"
    warehouse.execute(
        f"create or replace table {quoted(current)} as select {columns} from {quoted(version)}{kept}{order}"
    )
    _enter_fates(warehouse, source, stream)
    _enter_conflicts(warehouse, source, stream)
    _reconcile(warehouse, source, stream)
    warehouse.execute(f"drop table {_FATE}")


def _is_in_order(warehouse: DuckDBWarehouse, version: str, stream: Stream) -> bool:
    """Whether the rows lie in the order of their keys, as the engine reads them."""
    key = f"row({listed(stream.key)})"
    falls = f"select {key} < lag({key}) over () as is_fall from {quoted(version)}"
    return not warehouse.execute(f"select count(*) from ({falls}) where is_fall")[0][0]


def shrunk_snapshot(warehouse: DuckDBWarehouse, source: Source, stream: Stream) -> list[Problem]:
    """A problem where the newest complete snapshot has lost more records than can be believed."""
    version = version_name(source.id, stream.id)
    if not stream.delivery.complete or version not in warehouse.tables():
        return []
    rows = warehouse.execute(
        f"select count(distinct ({listed(stream.key)})) from {quoted(version)} where _snapshot_at is not null "
        "group by _snapshot_at order by _snapshot_at desc limit 2"
    )
    if len(rows) < 2 or rows[0][0] >= rows[1][0] * (1 - stream.delivery.max_shrink):  # noqa: PLR2004 - newest and the one before
        return []
    text = (
        f"The newest snapshot has {rows[0][0]} records, the one before {rows[1][0]}. Expected: a complete export. "
        "To do: export it again without filters; until then nothing counts as deleted."
    )
    return [Problem(code="SNAPSHOT_SHRINK", where=version, text=text)]


def _judge(warehouse: DuckDBWarehouse, version: str, stream: Stream, *, only_newest: bool) -> None:
    """Say of every version what became of it; narrow rows, because wide ones are slow to rank."""
    newest = ", ".join([*descending((*stream.version, "_snapshot_at")), "_row_hash desc", "_file_id", "_line"])
    by_key = f"partition by {listed(stream.key)}"
    here = ["_is_present"] if only_newest else []
    is_kept = " and ".join([*here, *_not_deleted(stream)]) or "true"
    # the rows of a replaced partition are ranked apart from all that stay
    ranked = (
        f"select rowid as version_row, _file_id, _is_live, {CONFLICTS}, _row_hash, {is_kept} as _is_kept, "
        f"row_number() over ({by_key}, _is_live order by {newest}) as _rank, "
        f"first_value(_row_hash) over ({by_key}, _is_live order by {newest}) as _kept_hash "
        f"from ({_with_presence(version, stream, only_newest=only_newest)})"
    )
    warehouse.execute(
        f"create or replace temp table {_FATE} as select version_row, _file_id, case "
        "when not _is_live or _rank > 1 then 'superseded' when not _is_kept then 'deleted' else 'current' end as fate, "
        f"case when {_never_changes(stream)} then {CONFLICTS} + case when _row_hash <> _kept_hash then 1 else 0 end "
        f"else 0 end as conflicts from ({ranked})"
    )


def _with_presence(version: str, stream: Stream, *, only_newest: bool) -> str:
    """The versions, with whether their partition is not replaced and whether the newest snapshot holds their key."""
    columns = [*dict.fromkeys([*stream.key, *stream.version, *_looked_at(stream)])]
    lineage = f"rowid, _file_id, _line, _snapshot_at, _row_hash, {CONFLICTS}"
    partition = stream.delivery.partition
    live = (
        # files drawn at the same time are parts of one delivery
        f"_snapshot_at is not distinct from max(_snapshot_at) over (partition by {quoted(partition)})"
        if partition
        else "true"
    )
    present = (
        f"coalesce(max(_snapshot_at) over (partition by {listed(stream.key)}) = max(_snapshot_at) over (), "
        "max(_snapshot_at) over () is null)"
        if only_newest
        else "true"
    )
    return f"select {listed(columns)}, {lineage}, {live} as _is_live, {present} as _is_present from {quoted(version)}"


def _looked_at(stream: Stream) -> list[str]:
    return [stream.delivery.soft_delete.column] if stream.delivery.soft_delete else []


def _enter_fates(warehouse: DuckDBWarehouse, source: Source, stream: Stream) -> None:
    """Write into the ledger what became of the rows of each file."""
    place = [source.id, stream.id]
    warehouse.execute(
        f"update {LEDGER} set rows_superseded = 0, rows_deleted = 0 where source = ? and stream = ?", place
    )
    warehouse.execute(
        f"update {LEDGER} set rows_superseded = f.superseded, rows_deleted = f.deleted from ("
        "select _file_id, count(*) filter (where fate = 'superseded') as superseded, "
        f"count(*) filter (where fate = 'deleted') as deleted from {_FATE} group by _file_id) as f "
        f"where {LEDGER}.file_id = f._file_id and {LEDGER}.source = ? and {LEDGER}.stream = ?",
        place,
    )


def _enter_conflicts(warehouse: DuckDBWarehouse, source: Source, stream: Stream) -> None:
    """Count the rows that say otherwise than the one kept of their key; which they are depends on all files."""
    place = [source.id, stream.id]
    warehouse.execute(f"delete from {WARNING} where source = ? and stream = ? and reason = '{CONFLICT}'", place)
    warehouse.execute(
        f"insert into {WARNING} by name select _file_id as file_id, ? as source, ? as stream, ? as column_name, "
        f"'{CONFLICT}' as reason, cast(sum(conflicts) as bigint) as row_count from {_FATE} "
        "group by _file_id having sum(conflicts) > 0 order by _file_id",
        [*place, ", ".join(stream.key)],
    )


def _reconcile(warehouse: DuckDBWarehouse, source: Source, stream: Stream) -> None:
    current = staging_name(source.id, stream.id)
    wrong = warehouse.execute(
        "select count(*) from (select file_id from ("
        f"select file_id, rows_accepted - rows_superseded - rows_deleted as row_count from {LEDGER} "
        "where source = ? and stream = ? "
        f"union all select _file_id as file_id, -count(*) as row_count from {quoted(current)} group by _file_id"
        ") group by file_id having sum(row_count) <> 0)",
        [source.id, stream.id],
    )[0][0]
    if wrong:
        raise JourneyMiningError(
            f"{current} does not account for every row accepted of {wrong} files.",
            expected="rows accepted = rows current + superseded + deleted, file by file.",
            todo="Report this as a fault of journey_mining; the table was left as it was.",
            code="NOT_RECONCILED",
        )


def _never_changes(stream: Stream) -> str:
    return "true" if stream.delivery.mode == "append" else "false"


def _not_deleted(stream: Stream) -> list[str]:
    rule = stream.delivery.soft_delete
    if rule is None:
        return []
    values = ", ".join(quoted_text(value) for value in rule.values)
    return [f"coalesce(cast({quoted(rule.column)} as varchar), '') not in ({values})"]
