"""Where numbers come from, as values for the data page: definitions, and the way from files to tables to pages."""

from __future__ import annotations

from typing import Any

from journey_mining.dashboards.scene import Scene
from journey_mining.maps.lineage import METRICS, estimand_tables
from journey_mining.maps.note_pictures import Origin
from journey_mining.vocabulary import Estimand

DEFINED_TABLES = {
    "importance": "aalen_johansen_chain",
    "opportunity": "empirical_bayes",
    "touchpoint_use": "count",
    "stage_quote": "redaction",
    "mood_curve": "worst_case_bounds",
    "stage_path": "count",
    "step_flow": "count",
    "trace_variant": "count",
    "directly_follows": "count",
    "process_model": "inductive_miner",
    "comparison": "incidence_z, newcombe, log_rank, welch",
    "what_if_effect": "semi_markov_chain",
    "metric_history": "kept",
    "alarm": "cusum",
    "action_effect": "difference_in_differences, interrupted_series",
    "change_split": "recounted",
    "path_drift": "permutation",
    "stage_curve": "aalen_johansen",
    "stage_next": "count",
    "stage_fact": "aalen_johansen",
    "wait_bin": "kaplan_meier",
    "root_cause": "subgroup_holdout_newcombe",
    "friction_point": "mantel_haenszel",
    "path_deviation": "wilson",
    "stage_feeling": "wilson",
    "stage_topic": "share_ratio",
    "persona_fact": "wilson",
    "run_total": "count",
    "identity_quality": "count",
}
"""what pages show besides the numbers of `metric_value`, with the method of each"""
_TABLE_OF = {"stage_next": "stage_path"}
SHOWN_ON: dict[str, tuple[str, ...]] = {
    "run_setting": ("index", "map", "paths", "stage", "what_if", "compare", "trends", "data"),
    "stage": (),
    "touchpoint": (),
    "segment": ("index", "map", "paths", "stage", "what_if", "compare", "trends", "data"),
    "source_status": ("index", "data"),
    "load_problem": ("index", "data"),
    "unmapped_activity": ("data",),
    "excluded_event": ("data",),
    "metric_value": ("index", "map", "paths", "stage", "what_if", "compare", "trends", "data"),
    "mood_curve": ("map",),
    "mood_worst": ("map",),
    "voice_rating_link": ("map",),
    "touchpoint_use": ("map", "paths"),
    "friction_point": ("index", "map", "stage"),
    "stage_quote": ("map", "stage"),
    "stage_flow": (),
    "stage_path": ("paths", "stage", "compare"),
    "step_flow": ("paths",),
    "trace_variant": ("paths", "compare"),
    "directly_follows": ("paths",),
    "process_model": ("paths",),
    "comparison": ("compare",),
    "common_step": ("compare",),
    "what_if_model": ("what_if",),
    "what_if_effect": ("what_if",),
    "run_event": ("trends",),
    "alarm": ("index", "trends"),
    "alarm_chart": ("trends",),
    "cusum_point": ("trends",),
    "path_drift": ("index", "trends"),
    "path_drift_flow": ("trends",),
    "change_split": ("trends",),
    "action_effect": ("map", "trends"),
    "stage_curve": ("stage",),
    "stage_fact": ("stage",),
    "wait_bin": ("stage",),
    "root_cause": ("stage",),
    "path_deviation": ("stage",),
    "stage_feeling": ("map", "stage"),
    "stage_topic": ("stage",),
    "importance": ("map",),
    "persona_fact": ("map",),
    "moment_of_truth": ("map",),
    "opportunity": ("map",),
    "loaded_file": ("data",),
    "run_total": ("data",),
    "identity_quality": ("index", "data"),
    "gate_result": ("index", "data", "trends"),
    "metric_history": ("index", "map", "stage", "compare", "trends"),
}
"""pages that show something of a table; none where it only decides order, names, or what is to be hidden"""


def definitions(scene: Scene) -> list[dict[str, Any]]:
    """One row for every measure and table: a sentence, a method, a horizon, and where it is made."""
    measured = [_measure(scene, estimand) for estimand in Estimand]
    return [*measured, *(_table(scene, table, method) for table, method in DEFINED_TABLES.items())]


def lineage(scene: Scene) -> list[dict[str, Any]]:
    """Every table behind the pages: what a row is, what makes it, of what, and who shows it."""
    return [_origin(scene, origin) for origin in scene.pictures.notes.origins]


def _origin(scene: Scene, origin: Origin) -> dict[str, Any]:
    words = scene.words.plain
    return {
        "table": origin.table,
        "step": words(f"layer.{origin.layer}"),
        "grain": origin.grain,
        "made_by": origin.made_by,
        "reads": origin.reads,
        "pages": [words(f"page.{_PAGE_WORDS.get(page, page)}") for page in SHOWN_ON.get(origin.table, ())],
    }


_PAGE_WORDS = {"index": "overview"}


def _measure(scene: Scene, estimand: Estimand) -> dict[str, Any]:
    notes = [note for note in scene.pictures.notes.metrics if note.estimand == estimand]
    return {
        "id": str(estimand),
        "name": scene.words.plain(f"estimand.{estimand}"),
        "meaning": scene.words.plain(f"meaning.{estimand}"),
        "method": ", ".join(sorted({note.number.method for note in notes if note.number.method})),
        "horizon": _horizons(scene, [n.number.horizon_days for n in notes if n.number.horizon_days is not None]),
        "table": METRICS,
        "where": f"estimand = '{estimand}'",
        "made_of": estimand_tables()[str(estimand)],
        "rows": scene.formats.count(len(notes)),
        "file": rows_file(str(estimand)) if notes else "",
    }


def rows_file(estimand: str) -> str:
    """Name of the file with all rows of a measure."""
    return f"metric_{estimand}.csv"


def _horizons(scene: Scene, days: list[int]) -> str:
    if not days:
        return ""
    low, high = min(days), max(days)
    span = str(low) if low == high else f"{low}–{high}"
    return f"{span} {scene.words.forms('days_forms')[-1]}"


def _table(scene: Scene, table: str, method: str) -> dict[str, Any]:
    words = scene.words.plain
    own = _TABLE_OF.get(table, table)
    origin = next(origin for origin in scene.pictures.notes.origins if origin.table == own)
    return {
        "id": table,
        "name": words(f"table.{table}"),
        "meaning": words(f"table_means.{table}"),
        "method": method,
        "horizon": "",
        "table": own,
        "where": "",
        "made_of": origin.reads,
        "rows": "",
        "file": "",
    }
