"""What the invented company adds to its tables when nights and segments are compared; told by the numbers it has."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

import pyarrow as pa

from journey_mining.change.actions import ACTION_EFFECT
from journey_mining.change.alarms import ALARM, ALARM_CHART, CUSUM_POINT
from journey_mining.change.history import METRIC_HISTORY, RUN_EVENT
from journey_mining.change.path_drift import PATH_DRIFT, PATH_DRIFT_FLOW
from journey_mining.change.split import CHANGE_SPLIT
from journey_mining.scoring.common_steps import COMMON_STEP_SCHEMA
from journey_mining.scoring.comparison import COMPARISON_SCHEMA
from journey_mining.scoring.differences import difference_interval
from journey_mining.scoring.what_if_table import EFFECT_SCHEMA, FEWER_LOST, MODEL_SCHEMA
from journey_mining.warehouse import DuckDBWarehouse

_COMPARED = ("drop_off", "stage_reached", "stage_dwell_median", "voice", "rating", "goal_reached")
JUMP = ("drop_off", "personal", "research")
"""a number that is 15 points above those of all earlier nights"""
Row = dict[str, Any]


def fill_changes(warehouse: DuckDBWarehouse, stages: list[str], segments: list[str], *, nights: int) -> None:
    """Write comparisons, what-if, and as many nights as wanted; with one night nothing can be compared with it."""
    metrics = warehouse.read_arrow("metric_value", order_by=("estimand", "segment", "stage")).to_pylist()
    as_of: datetime = metrics[0]["as_of"]
    tables: dict[str, tuple[pa.Schema, list[Row]]] = {
        "comparison": (COMPARISON_SCHEMA, _comparisons(metrics, segments)),
        "common_step": (COMMON_STEP_SCHEMA, [{"stage": stage, "kind": "common"} for stage in stages[:2]]),
        "what_if_model": (MODEL_SCHEMA, [_model(segment) for segment in ("all", *segments)]),
        "what_if_effect": (EFFECT_SCHEMA, [row for s in ("all", *segments[:1]) for row in _effects(s, stages)]),
        "metric_history": (METRIC_HISTORY, [row for k in range(nights) for row in _night(metrics, nights - 1 - k)]),
        "path_drift": (
            PATH_DRIFT,
            [_drift(segment, q) for segment, q in zip(segments, (0.001, *[0.6] * 99), strict=False)],
        ),
        "path_drift_flow": (PATH_DRIFT_FLOW, [_flow(segments[0], stages)]),
    }
    if nights > 1:
        tables |= _later(segments[0], stages, as_of)
    for name, (schema, rows) in tables.items():
        warehouse.write(name, pa.Table.from_pylist(rows, schema=schema))


def _comparisons(metrics: list[Row], segments: list[str]) -> list[Row]:
    known = {(row["estimand"], row["stage"], row["segment"]): row for row in metrics}
    keys = sorted({(row["estimand"], row["stage"]) for row in metrics if row["estimand"] in _COMPARED})
    pairs = [(estimand, stage, a, b) for estimand, stage in keys for a, b in combinations(segments, 2)]
    rows = []
    for estimand, stage, a, b in pairs:
        one, other = (known.get((estimand, stage, segment)) for segment in (a, b))
        if one and other and min(one["customer_count"], other["customer_count"]) >= 10:
            rows.append(_comparison(one, other))
    return rows


def _comparison(one: Row, other: Row) -> Row:
    sides = {
        f"{name}_{side}": row[key]
        for side, row in (("a", one), ("b", other))
        for name, key in (("estimate", "estimate"), ("low", "interval_low"), ("high", "interval_high"))
    }
    bounds = [(row["interval_low"], row["interval_high"]) for row in (one, other)]
    low, high = difference_interval(one["estimate"], bounds[0], other["estimate"], bounds[1])
    return {
        "estimand": one["estimand"],
        "stage": one["stage"],
        "segment_a": one["segment"],
        "segment_b": other["segment"],
        **sides,
        "n_a": one["customer_count"],
        "n_b": other["customer_count"],
        "difference": one["estimate"] - other["estimate"],
        "difference_low": low,
        "difference_high": high,
        "q_value": 0.4 if low <= 0 <= high else 0.0002,
        "horizon_days": one["horizon_days"],
        "method": "incidence_z",
        "flags": "",
    }


def _model(segment: str) -> Row:
    is_usable = segment != "personal"
    return {
        "segment": segment,
        "is_usable": is_usable,
        "reason": "" if is_usable else "misses_observed",
        "reason_ru": "" if is_usable else "Модель предсказывает 25,1 %, а наблюдается 30,5 %.",
        "reason_en": "" if is_usable else "The model predicts 25.1% and 30.5% are observed.",
        "predicted": 0.251,
        "observed": 0.262,
        "low": 0.24,
        "high": 0.28,
        "horizon_days": 180,
        "won_share": 0.27,
        "won_low": 0.25,
        "won_high": 0.29,
        "expected_days": 41.0,
        "customer_count": 400,
    }


def _effects(segment: str, stages: list[str]) -> list[Row]:
    return [
        {
            "segment": segment,
            "stage": stage,
            "drop_off_change": -share,
            "won_change": 0.1 * share,
            "won_low": 0.08 * share,
            "won_high": 0.12 * share,
            "days_change": 4 * share,
            "days_low": 3 * share,
            "days_high": 5 * share,
            "flags": "beyond_spread" if share > 0.3 else "",
        }
        for stage in stages
        for share in FEWER_LOST
    ]


def _night(metrics: list[Row], ago: int) -> list[Row]:
    """The numbers of a night so many weeks ago; the oldest third had other rules."""
    rows = []
    for row in metrics:
        if row["customer_count"] < 10:
            continue
        shift = 0.002 * ago if row["estimate"] is not None else None
        if shift and (row["estimand"], row["segment"], row["stage"]) == JUMP:
            shift = -0.15
        moved = {n: row[n] + shift for n in ("estimate", "interval_low", "interval_high") if row[n] is not None}
        kept = {name: row[name] for name in METRIC_HISTORY.names if name in row}
        old = {"rules_hash": "a" if ago > 13 else "b", "is_comparable": ago <= 13}
        rows.append(kept | moved | old | {"as_of": row["as_of"] - timedelta(weeks=ago)})
    return rows


def _drift(segment: str, q_value: float) -> Row:
    return {
        "segment": segment,
        "status": "compared",
        "distance": 0.08,
        "expected_distance": 0.03,
        "q_value": q_value,
        "customers_before": 761,
        "customers_after": 244,
        "recent_weeks": 4,
        "earlier_weeks": 12,
    }


def _flow(segment: str, stages: list[str]) -> Row:
    return {
        "segment": segment,
        "flow_no": 1,
        "stage": stages[-1],
        "next_stage": "lost",
        "share_before": 0.055,
        "share_after": 0.175,
        "contribution": 0.01,
    }


def _later(segment: str, stages: list[str], as_of: datetime) -> dict[str, tuple[pa.Schema, list[Row]]]:
    cell = {"segment": segment, "stage": stages[-1], "direction": "progress_down", "horizon_days": 21, "baseline": 0.7}
    started = as_of - timedelta(weeks=8)
    alarm = {**cell, "started_on": started, "raised_on": started + timedelta(weeks=3), "since": 0.55, "n_since": 310}
    alarm |= {"low": 0.49, "high": 0.61, "flags": ""}
    points = [
        {**cell, "on": as_of - timedelta(weeks=16 - k), "entries": 60, "events": 42 - k, "customer_count": 58}
        for k in range(13)
    ]
    begun = {
        "as_of": as_of - timedelta(weeks=6),
        "kind": "action_started",
        "subject": "a0",
        "parts": f"all,{stages[0]}",
    }
    rules = {"as_of": as_of - timedelta(weeks=13), "kind": "rules_changed", "subject": "", "parts": "stages,code"}
    action = {
        "action_id": "a0",
        "segment": "all",
        "stage": stages[0],
        "estimand": "moved_on",
        "since": begun["as_of"],
        "design": "interrupted_series",
        "wording": "associated",
        "estimate": 0.031,
        "low": 0.004,
        "high": 0.058,
        "mde": 0.04,
        "is_distinguishable": True,
        "share_before": 0.61,
        "share_after": 0.64,
        "customer_count": 920,
        "horizon_days": 21,
        "flags": "short_past",
    }
    split = {
        "estimand": "drop_off",
        "segment": segment,
        "stage": stages[-1],
        "before": 0.25,
        "after": 0.232,
        "behaviour": -0.02,
        "mix": 0.002,
        "late_data": None,
        "restitching": 0.0,
        "unexplained": 0.0,
        "before_as_of": as_of - timedelta(days=1),
    }
    return {
        "alarm": (ALARM, [alarm]),
        "alarm_chart": (ALARM_CHART, [{**cell, "status": "watched"}]),
        "cusum_point": (CUSUM_POINT, points),
        "run_event": (RUN_EVENT, [begun, rules]),
        "action_effect": (ACTION_EFFECT, [action]),
        "change_split": (CHANGE_SPLIT, [split]),
    }
