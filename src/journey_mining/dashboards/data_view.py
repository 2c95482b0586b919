"""The data page as values for its template."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from journey_mining.dashboards.gate_words import gate_rows
from journey_mining.dashboards.origin_view import definitions, lineage
from journey_mining.dashboards.run_view import files_view, identity_view, profile_view, settings_view, totals_view
from journey_mining.dashboards.scene import Scene
from journey_mining.maps.note_pictures import LoadProblem, MetricNote


def data_view(scene: Scene) -> dict[str, Any]:
    """Everything the data page prints."""
    notes, limits, formats = scene.pictures.notes, scene.pictures.limits, scene.formats
    started = scene.pictures.observed_from
    return {
        "cutoff": scene.words(
            "data.cutoff",
            date=formats.moment(scene.pictures.as_of),
            start=formats.date(started) if started else "—",
        ),
        "privacy": scene.words("data.privacy", small=limits.small, thin=limits.thin),
        "sources": notes.sources,
        "rejected": [
            {
                "path": problem.path,
                "words": _reason(scene, problem.code),
                "code": problem.code,
                "detail": problem.message,
            }
            for problem in notes.rejected_files
        ],
        "quarantine": _quarantine(scene, notes.problems),
        "gates": gate_rows(scene, notes.gates),
        "unmapped": notes.unmapped,
        "exclusions": [(_exclusion(scene, reason), formats.count(events)) for reason, events in notes.exclusions],
        "files": files_view(scene),
        "totals": totals_view(scene),
        "identity": identity_view(scene),
        "settings": settings_view(scene),
        "profile": profile_view(scene),
        "definitions": definitions(scene),
        "lineage": lineage(scene),
        "project_stages": scene.project.stages.stage,
        "default_silence": scene.project.settings.journeys.silence,
    }


def metric_rows(scene: Scene, estimand: str = "") -> list[list[Any]]:
    """Every number with its base, or those of one measure, for the CSV file."""
    return [_metric_row(scene, note) for note in scene.pictures.notes.metrics if estimand in ("", note.estimand)]


def _metric_row(scene: Scene, note: MetricNote) -> list[Any]:
    number = note.number
    return [
        note.estimand,
        scene.words.plain(f"estimand.{note.estimand}"),
        note.segment.id,
        scene.name(note.segment.name),
        note.stage.id if note.stage else "",
        scene.name(note.stage.name) if note.stage else "",
        number.estimate,
        number.low,
        number.high,
        number.customers,
        str(number.standing),
        number.method,
        number.horizon_days,
        " ".join(number.flags),
    ]


def _quarantine(scene: Scene, problems: Sequence[LoadProblem]) -> list[dict[str, str]]:
    """Refused rows by reason, summed over files; most rows first."""
    totals: dict[tuple[str, str, str, str], int] = defaultdict(int)
    for problem in problems:
        if problem.rows:
            totals[problem.source, problem.stream, problem.code, problem.message] += problem.rows
    ranked = sorted(totals.items(), key=lambda item: (-item[1], item[0]))
    return [
        {
            "source": source,
            "stream": stream,
            "code": code,
            "words": _reason(scene, code),
            "detail": message,
            "rows": scene.formats.count(rows),
        }
        for (source, stream, code, message), rows in ranked
    ]


def _reason(scene: Scene, code: str) -> str:
    """Words for the stable code of a fault; the code itself where we know none."""
    key = f"reason.{code}"
    return scene.words.plain(key) if scene.words.has(key) else code


def _exclusion(scene: Scene, reason: str) -> str:
    key = f"data.exclude_{reason}"
    return scene.words.plain(key) if scene.words.has(key) else reason
