"""From staging to events: each source's own SQL, run in a closed room, then hashed, redacted and united.

In: `raw.duckdb` (attached read-only) and the SQL files of the sources. Out: `event`, `event_identifier`,
`event_object`, `event_text`, `source_status`, `load_problem` in the warehouse under construction.
Plain identifiers and texts pass through temporary tables only: they are never written to the published file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from journey_mining.errors import ModelError, SpecError, did_you_mean
from journey_mining.privacy import OwnPatterns
from journey_mining.privacy.tombstones import load_tombstones
from journey_mining.project import Project
from journey_mining.report import Problem, StepReport
from journey_mining.sources.erasure import erase_events, erase_rows_of
from journey_mining.sources.exposure import RAW, expose, expose_bare, expose_empty, hide_row_keys
from journey_mining.sources.published_values import redact_events
from journey_mining.sources.sandbox import checked_model, checked_models, spoken_of
from journey_mining.sources.setting_tables import published_kinds, write_settings
from journey_mining.sources.source_checks import run_source_checks
from journey_mining.sources.spec import SQL_FILES, Source, load_sources
from journey_mining.sources.tokens import identifier_tokens, text_tokens
from journey_mining.warehouse import DuckDBWarehouse, Model, layer_models
from journey_mining.warehouse.duckdb_warehouse import quoted, quoted_text

_REQUIRED = ("stream", "natural_key", "event_kind", "activity_raw", "occurred_at", "actor_type", "channel")
_OPTIONAL = {
    "ts_quality": "varchar",
    "order_hint": "bigint",
    "direction": "varchar",
    "amount": "double",
    "currency": "varchar",
    "score_raw": "varchar",
    "score_norm": "double",
    "asked_stage": "varchar",
    "pipeline": "varchar",
    "customer_type": "varchar",
    "url_host": "varchar",
    "url_path": "varchar",
    "referrer_host": "varchar",
    "utm_source": "varchar",
    "utm_medium": "varchar",
    "utm_campaign": "varchar",
    "exclude": "varchar",
    "exclude_reason": "varchar",
    "attributes": "varchar",
    "file_id": "varchar",
    "line": "bigint",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """What one of the SQL files must return, and the temporary table that gathers it from all sources."""

    table: str
    required: tuple[str, ...]
    types: dict[str, str]


SHAPES = {
    "events": Shape(
        table="source_event",
        required=_REQUIRED,
        types=dict.fromkeys(_REQUIRED, "varchar") | {"occurred_at": "timestamp"} | _OPTIONAL,
    ),
    "event_identifiers": Shape(
        table="source_identifier",
        required=("stream", "natural_key", "kind", "value"),
        types=dict.fromkeys(("stream", "natural_key", "kind", "value"), "varchar"),
    ),
    "event_objects": Shape(
        table="source_object",
        required=("stream", "natural_key", "object_type", "object_id", "qualifier"),
        types=dict.fromkeys(("stream", "natural_key", "object_type", "object_id", "qualifier"), "varchar"),
    ),
    "event_texts": Shape(
        table="source_text",
        required=("stream", "natural_key", "text"),
        types=dict.fromkeys(("stream", "natural_key", "text", "language"), "varchar"),
    ),
}


def build_events(project: Project, *, target: Path, key: bytes) -> StepReport:
    """Write the events of all sources into the warehouse at `target`; row counts by table.

    `key` is the secret for hashing identifiers.

    Raises:
        SpecError: the SQL of a source is not allowed, or returns other columns than events have.
        ModelError: nothing has been loaded yet, or a model of the layer `events` failed.
        CheckFailedError: a check of a source, of severity error, returned rows.
    """
    sources = load_sources(project.sources)
    _refuse_absent(project)
    before = os.umask(0o077)
    try:
        with DuckDBWarehouse(target, attach={RAW: project.raw_file}) as warehouse:
            expose(warehouse, sources)
            hide_row_keys(warehouse, sources, key)
            write_settings(warehouse, sources)
            warehouse.forbid_external_access()
            _gather(warehouse, sources)
            places = erase_events(warehouse, load_tombstones(project))
            own = OwnPatterns(patterns=project.settings.privacy.patterns)
            redact_events(warehouse, own)
            domains = project.settings.journeys.internal_domains
            identifier_tokens(warehouse, key=key, internal_domains=domains, record_kinds=published_kinds(sources))
            text_tokens(warehouse, own)
            failed = run_source_checks(warehouse, sources)
            counts = warehouse.build_all(layer_models("events"))
            problems = (*failed, *_unknown_actors(warehouse))
    finally:
        os.umask(before)
    erase_rows_of(project, places, now=datetime.now(UTC))
    return StepReport(counts=counts, problems=problems)


def rehearse(source: Source) -> None:
    """Run the SQL of a source over empty tables and over rows with nothing but what the spec requires.

    Names, types and columns are checked, and that no optional cell is needed for an event. Nothing is loaded.

    Raises:
        SpecError: the SQL is not allowed, does not run, or returns other columns than events have.
    """
    for expose_rows in (expose_empty, expose_bare):
        with DuckDBWarehouse() as warehouse:
            expose_rows(warehouse, source)
            warehouse.forbid_external_access()
            _gather(warehouse, [source])
            run_source_checks(warehouse, [source])


def _refuse_absent(project: Project) -> None:
    if not project.raw_file.is_file():
        raise ModelError(
            f"{project.raw_file} does not exist.",
            expected="files loaded before events are built.",
            todo="Run `journey run`, which loads the inbox first.",
        )


def _gather(warehouse: DuckDBWarehouse, sources: list[Source]) -> None:
    for shape in SHAPES.values():
        columns = ", ".join(f"{quoted(name)} {kind}" for name, kind in shape.types.items())
        warehouse.execute(f"create temp table {shape.table} (source varchar, {columns})")
    for source in sources:
        _build_models(warehouse, source)
        for name in SQL_FILES:
            if name in source.sql:
                _run(warehouse, source, checked_model(source, name), SHAPES[name])


def _build_models(warehouse: DuckDBWarehouse, source: Source) -> None:
    """Make the source's own models, each once, as temporary tables that its other SQL reads."""
    for table, model in checked_models(source).items():
        with spoken_of(f"{source.folder.name}/models/{model.name}.sql"):
            warehouse.execute(f"create temp table {quoted(table)} as {model.sql}")


def _run(warehouse: DuckDBWarehouse, source: Source, model: Model, shape: Shape) -> None:
    where = f"{source.folder.name}/{model.name}.sql"
    with spoken_of(where):
        returned = [str(row[0]) for row in warehouse.execute(f"describe {model.sql}")]
        _refuse_columns(where, returned, shape)
        listed = ", ".join(quoted(name) for name in returned)
        warehouse.execute(
            f"insert into {shape.table} by name "
            f"select {quoted_text(source.id)} as source, {listed} from ({model.sql}) as returned"
        )
    _refuse_empty_cells(warehouse, where, source, shape)


def _refuse_columns(where: str, returned: list[str], shape: Shape) -> None:
    missing = [name for name in shape.required if name not in returned]
    unknown = [name for name in returned if name not in shape.types]
    if missing or unknown:
        hint = did_you_mean(unknown[0], list(shape.types)) if unknown else ""
        raise SpecError(
            f"{where} lacks the columns {missing} and returns unknown {unknown}.{hint}",
            expected=f"{', '.join(shape.required)}; allowed besides: "
            f"{', '.join(n for n in shape.types if n not in shape.required) or 'nothing'}.",
            todo="Correct the last select.",
        )


def _refuse_empty_cells(warehouse: DuckDBWarehouse, where: str, source: Source, shape: Shape) -> None:
    if shape.table != "source_event":
        return
    counts = ", ".join(f"count(*) filter (where {quoted(name)} is null)" for name in shape.required)
    found = warehouse.execute(f"select {counts} from {shape.table} where source = ?", [source.id])[0]
    empty = [f"{name} ({count})" for name, count in zip(shape.required, found, strict=True) if count]
    if empty:
        raise SpecError(
            f"{where} returns rows without {', '.join(empty)}.",
            expected="a value in every required column of every event.",
            todo="Leave such rows out with a condition, or fill the column.",
        )


def _unknown_actors(warehouse: DuckDBWarehouse) -> tuple[Problem, ...]:
    """Identifiers, objects and texts that name an event which is not there: a slip in the source's SQL."""
    problems = []
    for name, shape in SHAPES.items():
        if name == "events":
            continue
        rows = warehouse.execute(
            f"select source, count(*) from {shape.table} as part where not exists (select 1 from source_event as e "
            "where e.source = part.source and e.stream = part.stream and e.natural_key = part.natural_key) "
            "group by source order by source"
        )
        problems += [
            Problem(
                code="ORPHANS",
                where=f"{source}/{name}.sql",
                text=f"{count} rows belong to no event. Expected: stream and natural_key as in events.sql. "
                "To do: make both build them in the same way.",
            )
            for source, count in rows
        ]
    return tuple(problems)
