"""What the data page tells: sources, what was rejected, what no rule knows, and every number with its base."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from journey_mining.maps.heads import SegmentHead, StageHead
from journey_mining.maps.lineage import origins
from journey_mining.maps.note_pictures import DataNotes, GateNote, LoadProblem, MetricNote, SourceNote, Unmapped
from journey_mining.maps.numbers import Limits, count_of
from journey_mining.maps.run_notes import identity_qualities, loaded_files, run_totals
from journey_mining.maps.segment_maps import Ground
from journey_mining.maps.tables import SHOWN_TABLES, Row, Tables
from journey_mining.vocabulary import Estimand

UNMAPPED_SHOWN = 50
_COUNTS = (Estimand.ENTERED, Estimand.JOURNEYS, Estimand.OPEN_JOURNEYS)


def data_notes(ground: Ground, segments: Sequence[SegmentHead]) -> DataNotes:
    """Everything the data page shows."""
    tables, limits = ground.tables, ground.limits
    return DataNotes(
        sources=_sources(tables),
        problems=tuple(_problem(row) for row in tables.rows["load_problem"]),
        unmapped=_unmapped(tables, ground.stages, limits),
        exclusions=tables.exclusions,
        metrics=tuple(_metrics(ground, segments)),
        files=loaded_files(tables),
        totals=run_totals(tables),
        identity=identity_qualities(tables, limits),
        origins=origins(SHOWN_TABLES),
        gates=_gates(tables),
    )


def _sources(tables: Tables) -> tuple[SourceNote, ...]:
    rows = tables.rows["source_status"]
    freshest = max((row["fresh_until"] for row in rows if row["fresh_until"]), default=None)
    return tuple(_source(row, freshest) for row in rows)


def _source(row: Row, freshest: datetime | None) -> SourceNote:
    until = row["fresh_until"]
    return SourceNote(
        source=row["source"],
        system=row["system"] or "",
        role=row["role"] or "other",
        is_decisive=bool(row["is_decisive"]),
        fresh_until=until,
        lag_hours=(freshest - until).total_seconds() / 3600 if freshest and until else 0.0,
        events=int(row["event_count"] or 0),
        files_loaded=int(row["files_loaded"] or 0),
        files_rejected=int(row["files_rejected"] or 0),
        rows_read=int(row["rows_read"] or 0),
        rows_accepted=int(row["rows_accepted"] or 0),
        rows_quarantined=int(row["rows_quarantined"] or 0),
        rows_collapsed=int(row["rows_collapsed"] or 0),
    )


def _gates(tables: Tables) -> tuple[GateNote, ...]:
    systems = {row["source"]: row["system"] or "" for row in tables.rows["source_status"]}
    return tuple(
        GateNote(
            source=row["source"],
            system=systems.get(row["source"], ""),
            gate=row["gate"],
            value=row["value"],
            low=row["low"],
            high=row["high"],
            base=int(row["base_count"] or 0),
            warn_at=row["warn_at"],
            fail_at=row["fail_at"],
            standing=row["standing"],
        )
        for row in tables.rows["gate_result"]
    )


def _problem(row: Row) -> LoadProblem:
    return LoadProblem(
        source=row["source"] or "",
        stream=row["stream"] or "",
        path=row["path"] or "",
        code=row["code"] or "",
        message=row["message"] or "",
        rows=int(row["row_count"] or 0),
    )


def _unmapped(tables: Tables, stages: Sequence[StageHead], limits: Limits) -> tuple[Unmapped, ...]:
    names = {stage.id: stage.name for stage in stages}
    ranked = sorted(tables.rows["unmapped_activity"], key=lambda row: (-row["event_count"], row["activity_raw"] or ""))
    shown = [row for row in ranked if (row["customer_count"] or 0) >= limits.small][:UNMAPPED_SHOWN]
    return tuple(
        Unmapped(
            source=row["source"],
            event_kind=row["event_kind"],
            activity=row["activity_raw"] or "",
            events=int(row["event_count"]),
            customers=count_of(int(row["customer_count"] or 0), limits),
            suggested=names.get(row["suggested_stage"] or ""),
            suggestion_share=row["suggestion_share"],
        )
        for row in shown
    )


def _metrics(ground: Ground, segments: Sequence[SegmentHead]) -> list[MetricNote]:
    stages: list[StageHead | None] = [None, *ground.stages]
    return [
        MetricNote(
            estimand=estimand,
            segment=segment,
            stage=stage,
            number=ground.number(estimand, segment.id, stage.id if stage else ""),
        )
        for estimand in Estimand
        if estimand not in _COUNTS
        for segment in segments
        if segment.has_pages
        for stage in stages
        if ground.tables.metric(estimand, segment.id, stage.id if stage else "") is not None
    ]
