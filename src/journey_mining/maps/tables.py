"""Published tables, read once into rows with quick access by key.

In: a read-only warehouse. Out: `Tables`. Only aggregates are read, never a row about one customer (quotes are
redacted candidates that scoring picked).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from journey_mining.warehouse import Warehouse

Row = Mapping[str, Any]

_ORDERS = {
    "segment": "segment_no segment",
    "stage": "stage_no",
    "touchpoint": "touchpoint",
    "run_setting": "as_of",
    "source_status": "source",
    "load_problem": "source stream code path message",
    "unmapped_activity": "source event_kind activity_raw",
    "metric_value": "estimand segment stage",
    "touchpoint_use": "segment stage touchpoint",
    "friction_point": "segment stage friction",
    "stage_quote": "segment stage event_id",
    "stage_flow": "segment stage next_stage",
    "stage_path": "segment path ending",
    "step_flow": "segment step_no activity next_activity",
    "trace_variant": "segment variant_no",
    "directly_follows": "segment activity next_activity",
    "process_model": "segment model_kind",
}
"""Aggregates that pages show, each with the columns that order it totally."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tables:
    """Rows of every aggregate; a table that was not built (a source is off) counts as empty."""

    rows: Mapping[str, tuple[Row, ...]]
    metrics: Mapping[tuple[str, str, str], Row]
    """rows of `metric_value` by estimand, segment and stage ('' = the whole journey)"""
    exclusions: tuple[tuple[str, int], ...]
    """excluded events by reason"""

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
    metrics = {(row["estimand"], row["segment"], row["stage"] or ""): row for row in rows["metric_value"]}
    return Tables(rows=rows, metrics=metrics, exclusions=_exclusions(warehouse, present))


def _exclusions(warehouse: Warehouse, present: Iterable[str]) -> tuple[tuple[str, int], ...]:
    # the table of exclusions repeats what sources had flagged in `event` already
    table = next((name for name in ("excluded_event", "event") if name in present), "")
    if not table or "exclude" not in warehouse.columns(table):
        return ()
    reasons = warehouse.read_arrow(table, columns=["exclude"])["exclude"].value_counts().to_pylist()
    return tuple(sorted((str(entry["values"]), int(entry["counts"])) for entry in reasons if entry["values"]))
