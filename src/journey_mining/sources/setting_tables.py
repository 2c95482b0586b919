"""What later parts need to know of the specs: one row a source, a stream, a kind of identifier.

In: the sources and their staged versions. Out: `source_setting`, `stream_setting`, `declared_kind` in the warehouse
under construction.
"""

from __future__ import annotations

from datetime import datetime

import pyarrow as pa

from journey_mining.privacy import RECORD_KINDS
from journey_mining.sources.cells import arrow_type
from journey_mining.sources.spec import ROW_KEY, Source, Stream, staging_name
from journey_mining.warehouse import DuckDBWarehouse
from journey_mining.warehouse.duckdb_warehouse import quoted


def write_settings(warehouse: DuckDBWarehouse, sources: list[Source]) -> None:
    """Write the tables; the staged tables of all sources are exposed already."""
    warehouse.write("source_setting", _source_table(sources))
    warehouse.write("stream_setting", _stream_table(warehouse, sources))
    warehouse.write("declared_kind", _kind_table(sources))


def published_kinds(sources: list[Source]) -> frozenset[str]:
    """Kinds of identifier whose values are published as they are."""
    return RECORD_KINDS | {kind.kind for source in sources for kind in source.identifiers if not kind.is_personal}


def _source_table(sources: list[Source]) -> pa.Table:
    settings = [source.settings for source in sources]
    return pa.table(
        {
            "source": pa.array([s.id for s in settings], pa.string()),
            "system": pa.array([s.system for s in settings], pa.string()),
            "role": pa.array([s.role for s in settings], pa.string()),
            "is_decisive": pa.array([s.decides_window for s in settings], pa.bool_()),
            "priority": pa.array([s.priority for s in settings], pa.int64()),
            "title_ru": pa.array([s.title_ru for s in settings], pa.string()),
            "title_en": pa.array([s.title_en for s in settings], pa.string()),
        }
    )


def _stream_table(warehouse: DuckDBWarehouse, sources: list[Source]) -> pa.Table:
    streams = [(source, stream) for source in sources for stream in source.streams]
    changed = [_changed_at(warehouse, source, stream) for source, stream in streams]
    return pa.table(
        {
            "source": pa.array([source.id for source, _ in streams], pa.string()),
            "stream": pa.array([stream.id for _, stream in streams], pa.string()),
            "decides_freshness": pa.array([stream.decides_freshness for _, stream in streams], pa.bool_()),
            "changed_at": pa.array(changed, pa.timestamp("us")),
        }
    )


def _kind_table(sources: list[Source]) -> pa.Table:
    """Every declared kind once; sources that share one declare it alike."""
    kinds = sorted({kind for source in sources for kind in source.identifiers}, key=lambda kind: kind.kind)
    return pa.table(
        {
            "kind": pa.array([k.kind for k in kinds], pa.string()),
            "strength": pa.array([k.strength for k in kinds], pa.string()),
            "names_person": pa.array([k.names_person for k in kinds], pa.bool_()),
            "is_personal": pa.array([k.is_personal for k in kinds], pa.bool_()),
        }
    )


def _changed_at(warehouse: DuckDBWarehouse, source: Source, stream: Stream) -> datetime | None:
    """The latest change that the stream tells of, by its version columns; UTC."""
    times = [
        name for name in stream.version if name != ROW_KEY and pa.types.is_temporal(arrow_type(stream.columns[name]))
    ]
    if not times:
        return None
    listed = ", ".join(f"cast(max({quoted(name)}) as timestamp)" for name in times)
    found = warehouse.execute(f"select {listed} from {quoted(staging_name(source.id, stream.id) + '__version')}")[0]
    return max((moment for moment in found if moment is not None), default=None)
