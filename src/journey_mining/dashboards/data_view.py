"""The data page as values for its template."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from journey_mining.dashboards.scene import Scene
from journey_mining.maps.note_pictures import LoadProblem, MetricNote
from journey_mining.vocabulary import Estimand

STAGE_TABLES = {
    "stage_curve": "aalen_johansen",
    "stage_next": "count",
    "stage_fact": "aalen_johansen",
    "root_cause": "subgroup_holdout_newcombe",
    "friction_point": "mantel_haenszel",
    "path_deviation": "wilson",
    "stage_topic": "share_ratio",
}
"""what stage pages show besides the numbers of `metric_value`, with the method of each"""


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
        "unmapped": notes.unmapped,
        "exclusions": [(_exclusion(scene, reason), formats.count(events)) for reason, events in notes.exclusions],
        "definitions": [
            *(_definition(scene, estimand) for estimand in Estimand),
            *(_table_definition(scene, table, method) for table, method in STAGE_TABLES.items()),
        ],
        "project_stages": scene.project.stages.stage,
        "default_silence": scene.project.settings.journeys.silence,
    }


def metric_rows(scene: Scene) -> list[list[Any]]:
    """Every number with its base, for the CSV file."""
    return [_metric_row(scene, note) for note in scene.pictures.notes.metrics]


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


def _table_definition(scene: Scene, table: str, method: str) -> dict[str, str]:
    words = scene.words.plain
    name, meaning = words(f"stage.name_{table}"), words(f"stage.meaning_{table}")
    return {"id": table, "name": name, "meaning": meaning, "method": method, "horizon": ""}


def _definition(scene: Scene, estimand: Estimand) -> dict[str, str]:
    numbers = [note.number for note in scene.pictures.notes.metrics if note.estimand == estimand]
    horizons = sorted({n.horizon_days for n in numbers if n.horizon_days is not None})
    span = ""
    if horizons:
        span = str(horizons[0]) if len(horizons) == 1 else f"{horizons[0]}–{horizons[-1]}"
        span += f" {scene.words.forms('days_forms')[-1]}"
    return {
        "id": str(estimand),
        "name": scene.words.plain(f"estimand.{estimand}"),
        "meaning": scene.words.plain(f"meaning.{estimand}"),
        "method": ", ".join(sorted({n.method for n in numbers if n.method})),
        "horizon": span,
    }
