"""Published tables, read once into rows with quick access by key.

In: a read-only warehouse. Out: `Tables`. Only aggregates are read, never a row about one customer (quotes are
redacted candidates that scoring picked).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from journey_mining.vocabulary import Estimand
from journey_mining.warehouse import Warehouse

_NIGHTS_SHOWN, _WEEKS_SHOWN = 14, 26
_TRENDS = (
    Estimand.GOAL_REACHED,
    Estimand.DROP_OFF,
    Estimand.REACHED,
    Estimand.DWELL_MEDIAN,
    Estimand.JOURNEY_MEDIAN,
    Estimand.VOICE,
    Estimand.RATING,
)
"""numbers of earlier runs that pages show"""

Row = Mapping[str, Any]

_ORDERS = {
    "segment": "segment_no segment",
    "stage": "stage_no",
    "touchpoint": "touchpoint",
    "run_setting": "as_of",
    "source_status": "source",
    "gate_result": "source gate",
    "load_problem": "source stream code path message",
    "unmapped_activity": "source event_kind activity_raw",
    "metric_value": "estimand segment stage",
    "mood_curve": "estimand segment stage",
    "mood_worst": "estimand segment",
    "voice_rating_link": "reason",
    "stage_feeling": "segment stage feeling",
    "touchpoint_use": "segment stage touchpoint",
    "friction_point": "segment stage friction",
    "stage_quote": "segment stage event_id",
    "stage_flow": "segment stage next_stage",
    "stage_path": "segment path ending",
    "step_flow": "segment step_no activity next_activity",
    "trace_variant": "segment variant_no",
    "directly_follows": "segment activity next_activity",
    "process_model": "segment model_kind",
    "comparison": "estimand stage segment_a segment_b",
    "common_step": "stage",
    "what_if_model": "segment",
    "what_if_effect": "segment stage drop_off_change",
    "run_event": "as_of kind subject",
    "alarm": "segment stage direction started_on",
    "alarm_chart": "segment stage direction",
    "cusum_point": "segment stage direction on",
    "path_drift": "segment",
    "path_drift_flow": "segment flow_no",
    "change_split": "estimand segment stage",
    "action_effect": "since action_id",
    "stage_curve": "segment stage day_no",
    "stage_fact": "segment stage condition condition_value",
    "wait_bin": "segment stage bin_no",
    "root_cause": "segment stage q_value condition",
    "path_deviation": "segment deviation_no",
    "stage_topic": "segment stage term",
    "importance": "segment rank touchpoint",
    "moment_of_truth": "segment touchpoint",
    "opportunity": "segment stage reference_kind",
    "persona_fact": "segment field",
    "loaded_file": "source stream path file_id",
    "run_total": "total part",
    "identity_quality": "measure part",
}
"""Aggregates that pages show, each with the columns that order it totally."""
SHOWN_TABLES = (*_ORDERS, "metric_history", "excluded_event")
"""every table that a page shows something of"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Rows of every aggregate; a table that was not built (a source is off) counts as empty."""

    rows: Mapping[str, tuple[Row, ...]]
    metrics: Mapping[tuple[str, str, str], Row]
    """rows of `metric_value` by estimand, segment and stage ('' = the whole journey)"""
    exclusions: tuple[tuple[str, int], ...]
    """excluded events by reason"""
    run_count: int
    """runs remembered; rows of `metric_history` are those of the runs that are shown"""

    def of(self, table: str, segment: str, **wanted: object) -> list[Row]:
        """Rows of one segment, in the table's order, where the named columns have the wanted values."""
        return [
            row
            for row in self.rows[table]
            if row["segment"] == segment and all(row[name] == value for name, value in wanted.items())
        ]

    def metric(self, estimand: str, segment: str, stage: str = "") -> Row | None:
        """The row of one number, or None where it was not estimated."""
        return self.metrics.get((estimand, segment, stage))

    def grouped(self, table: str) -> dict[str, list[Row]]:
        """Rows by segment."""
        groups: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows[table]:
            groups[row["segment"]].append(row)
        return groups


def read_tables(warehouse: Warehouse) -> Tables:
    """Read every aggregate that pages show."""
    present = set(warehouse.tables())
    rows: dict[str, tuple[Row, ...]] = {}
    for table, order in _ORDERS.items():
        found = warehouse.read_arrow(table, order_by=order.split()).to_pylist() if table in present else []
        rows[table] = tuple(found)
    rows["metric_history"], runs = _history(warehouse, present)
    metrics = {(row["estimand"], row["segment"], row["stage"] or ""): row for row in rows["metric_value"]}
    return Tables(rows=rows, metrics=metrics, exclusions=_exclusions(warehouse, present), run_count=runs)


def shown_runs(cutoffs: Iterable[datetime]) -> list[datetime]:
    """The runs that charts show, oldest first: every night of two weeks, before that the last run of each week.

    >>> from datetime import timedelta
    >>> len(shown_runs(datetime(2026, 1, 5) + timedelta(days=day) for day in range(28)))
    16
    """
    ordered = sorted(set(cutoffs))
    recent = ordered[-_NIGHTS_SHOWN:]
    weekly = {cutoff.isocalendar()[:2]: cutoff for cutoff in ordered[: -len(recent) or None]}
    return [*list(weekly.values())[-_WEEKS_SHOWN:], *recent] if len(ordered) > len(recent) else recent


def _history(warehouse: Warehouse, present: Iterable[str]) -> tuple[tuple[Row, ...], int]:
    """Rows of the runs and numbers that charts show, and how many runs there are."""
    if "metric_history" not in present:
        return (), 0
    history = warehouse.read_arrow("metric_history", order_by=("as_of", "estimand", "segment", "stage"))
    cutoffs = history["as_of"].unique().to_pylist()
    is_wanted = pc.and_(
        pc.is_in(history["as_of"], pa.array(shown_runs(cutoffs), history["as_of"].type)),
        pc.is_in(history["estimand"], pa.array([str(estimand) for estimand in _TRENDS])),
    )
    return tuple(history.filter(is_wanted).to_pylist()), len(cutoffs)


def _exclusions(warehouse: Warehouse, present: Iterable[str]) -> tuple[tuple[str, int], ...]:
    # the table of exclusions repeats what sources had flagged in `event` already
    table = next((name for name in ("excluded_event", "event") if name in present), "")
    if not table or "exclude" not in warehouse.columns(table):
        return ()
    reasons = warehouse.read_arrow(table, columns=["exclude"])["exclude"].value_counts().to_pylist()
    return tuple(sorted((str(entry["values"]), int(entry["counts"])) for entry in reasons if entry["values"]))
