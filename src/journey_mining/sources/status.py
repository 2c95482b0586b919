"""What is loaded, how fresh it is, what was refused: read-only looks at a project for the command line.

In: the spec folders, `raw.duckdb` and, where it was published, `source_status`. Out: frozen values.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from journey_mining.errors import SpecError
from journey_mining.project import Project
from journey_mining.report import Problem
from journey_mining.sources.events import rehearse
from journey_mining.sources.spec import Source, load_source, load_sources
from journey_mining.sources.staging import LEDGER, QUARANTINE
from journey_mining.sources.unfinished import unfinished
from journey_mining.warehouse import DuckDBWarehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceInfo:
    """A source folder of the project."""

    id: str
    system: str
    role: str
    streams: tuple[str, ...]
    folder: str
    """name of its folder"""
    title_ru: str
    title_en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadStatus:
    """What is loaded of one source."""

    source: str
    files_loaded: int
    files_rejected: int
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    rows_collapsed: int
    """lines of one file and key that came together in one row"""
    rows_superseded: int
    """rows that a newer one of their key, or a newer delivery of their partition, has replaced"""
    rows_deleted: int
    """rows of records that are gone at the source"""
    fresh_until: datetime | None
    """UTC; from the published state, or from the names of the loaded files before there is one"""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantinedRow:
    """Where a row that was not taken stands; its values stay in the private database."""

    source: str
    stream: str
    path: str
    line: int
    column_name: str | None
    reason: str
    detail: str


def catalog_dir() -> Path:
    """Folder of the shipped sources."""
    return Path(__file__).resolve().parent / "catalog"


def list_sources(project: Project) -> list[SourceInfo]:
    """The sources that the project reads, by id.

    Raises:
        SpecError: a spec cannot be understood.
    """
    return [_info(source) for source in load_sources(project.sources)]


def load_status(project: Project) -> list[LoadStatus]:
    """What is loaded of every source of the project, by id; zeros where nothing is."""
    sources = load_sources(project.sources)
    rows = _ledger_rows(project)
    fresh = _drawn(project, sources) | _published_freshness(project)
    return [_status(source.id, rows.get(source.id), fresh) for source in sources]


def read_quarantine(project: Project, limit: int = 50) -> list[QuarantinedRow]:
    """The first `limit` quarantined rows, by source, file and line."""
    if not project.raw_file.is_file():
        return []
    with DuckDBWarehouse(project.raw_file, read_only=True) as warehouse:
        rows = warehouse.execute(
            f"select q.source, q.stream, l.path, q.line, q.column_name, q.reason, q.detail from {QUARANTINE} as q "
            f"inner join {LEDGER} as l on l.file_id = q.file_id and l.source = q.source and l.stream = q.stream "
            "order by all limit ?",
            [limit],
        )
    names = ("source", "stream", "path", "line", "column_name", "reason", "detail")
    return [QuarantinedRow(**dict(zip(names, row, strict=True))) for row in rows]


def loaded_inputs(project: Project) -> list[str]:
    """One text for each known file, in an order of their own: equal lists mean equal inputs.

    Streams whose current table is behind what was taken have a text too, so that nobody calls them unchanged.
    """
    if not project.raw_file.is_file():
        return []
    with DuckDBWarehouse(project.raw_file, read_only=True) as warehouse:
        rows = warehouse.execute(
            "select concat_ws('|', source, stream, file_id, status, spec_hash, "
            "coalesce(cast(retry_from as varchar), ''), coalesce(cast(snapshot_at as varchar), '')) as input "
            f"from {LEDGER} order by input"
        )
        behind = sorted(unfinished(warehouse))
    return [*(str(text) for (text,) in rows), *(f"{source}|{stream}|behind" for source, stream in behind)]


def check_specs(project: Project) -> list[Problem]:
    """Faults of the source folders: specs that cannot be read, SQL that is refused or does not run. Loads nothing."""
    problems = []
    for path in sorted(project.sources.glob("*/spec.toml")):
        try:
            source = load_source(path.parent)
            rehearse(source)
        except SpecError as fault:
            problems.append(Problem(code=fault.code, where=path.parent.name, text=str(fault)))
    if not problems:
        try:
            load_sources(project.sources)
        except SpecError as fault:
            problems.append(Problem(code=fault.code, where="sources", text=str(fault)))
    return problems


def _info(source: Source) -> SourceInfo:
    settings = source.settings
    return SourceInfo(
        id=settings.id,
        system=settings.system,
        role=settings.role,
        streams=tuple(stream.id for stream in source.streams),
        folder=source.folder.name,
        title_ru=settings.title_ru,
        title_en=settings.title_en,
    )


def _ledger_rows(project: Project) -> dict[str, tuple[object, ...]]:
    if not project.raw_file.is_file():
        return {}
    with DuckDBWarehouse(project.raw_file, read_only=True) as warehouse:
        rows = warehouse.execute(
            "select source, count(*) filter (where status = 'loaded'), count(*) filter (where status = 'rejected'), "
            "cast(sum(rows_read) as bigint), cast(sum(rows_accepted) as bigint), "
            "cast(sum(rows_quarantined) as bigint), cast(sum(rows_collapsed) as bigint), "
            "cast(coalesce(sum(rows_superseded), 0) as bigint), cast(coalesce(sum(rows_deleted), 0) as bigint) "
            f"from {LEDGER} group by source"
        )
    return {str(row[0]): row[1:] for row in rows}


def _drawn(project: Project, sources: list[Source]) -> dict[str, datetime]:
    """When the stalest of the streams that decide was drawn last, by the names of its files."""
    if not project.raw_file.is_file():
        return {}
    with DuckDBWarehouse(project.raw_file, read_only=True) as warehouse:
        rows = warehouse.execute(
            f"select source, stream, max(snapshot_at) from {LEDGER} where status = 'loaded' "
            "and snapshot_at is not null group by source, stream"
        )
    deciding = {(source.id, stream.id) for source in sources for stream in source.streams if stream.decides_freshness}
    drawn: dict[str, datetime] = {}
    for source, stream, moment in rows:
        if (source, stream) in deciding:
            drawn[source] = min(moment, drawn.get(source, moment))
    return drawn


def _published_freshness(project: Project) -> dict[str, datetime]:
    if not project.warehouse_file.is_file():
        return {}
    with DuckDBWarehouse(project.warehouse_file, read_only=True) as warehouse:
        if "source_status" not in warehouse.tables():
            return {}
        rows = warehouse.execute("select source, fresh_until from source_status where fresh_until is not null")
    return {str(source): fresh for source, fresh in rows}


def _status(source: str, row: tuple[object, ...] | None, fresh: dict[str, datetime]) -> LoadStatus:
    counts = [int(str(value)) for value in row] if row else [0] * 8
    return LoadStatus(
        source=source,
        files_loaded=counts[0],
        files_rejected=counts[1],
        rows_read=counts[2],
        rows_accepted=counts[3],
        rows_quarantined=counts[4],
        rows_collapsed=counts[5],
        rows_superseded=counts[6],
        rows_deleted=counts[7],
        fresh_until=fresh.get(source),
    )
