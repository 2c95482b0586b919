"""The table `root_cause`: in which subgroups of a stage more are lost, and whether that was confirmed.

In: `episode_time`, `episode_condition`, `stage_episode`, and the horizons of `drop_off` in `metric_value`. Out:
`root_cause`. An association: what was known of a customer beforehand need not be why he left.
"""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pandas as pd
import pyarrow as pa

from journey_mining.scoring.differences import false_discovery
from journey_mining.scoring.occupancy import Reader
from journey_mining.scoring.root_cause_search import (
    MIN_CUSTOMERS,
    BoolArray,
    Condition,
    Confirmation,
    Rule,
    confirm,
    members,
    search,
)
from journey_mining.scoring.root_cause_words import Names, rule_texts
from journey_mining.vocabulary import ALL_SEGMENTS, FINDING_Q, Cause, Estimand
from journey_mining.warehouse import Warehouse

MIN_DIFFERENCE = 0.03
"""a smaller difference is not worth an action, however certain"""
METHOD = "subgroup_holdout_newcombe"
_OFFICE_HOURS = (9, 18)
_WEEKEND = 5

_TEXT, _FLOAT, _INT = pa.string(), pa.float64(), pa.int64()
ROOT_CAUSE_SCHEMA = pa.schema(
    [
        *[(name, _TEXT) for name in ("segment", "stage", "rule_text_ru", "rule_text_en", "condition")],
        *[(name, _INT) for name in ("customer_count", "other_count")],
        *[(name, _FLOAT) for name in ("lost_share", "other_share", "difference", "low", "high")],
        *[(name, _FLOAT) for name in ("p_value", "q_value", "search_quality")],
        ("is_confirmed", pa.bool_()),
        ("horizon_days", _INT),
        *[(name, _TEXT) for name in ("method", "flags")],
    ]
)


def write_root_causes(warehouse: Warehouse, reader: Reader, *, timezone: str) -> int:
    """Write `root_cause`, sorted by segment, stage, q value and rule; its number of rows.

    Args:
        warehouse: layer 70 up to `metric_value`.
        reader: settings of the run.
        timezone: in which weekdays and hours are read.
    """
    episodes = first_episodes(warehouse, timezone=timezone)
    conditions = warehouse.read("episode_condition", order_by=["journey_id", "episode_no", "condition"])
    stages = warehouse.read("stage", order_by=["stage_no"]).to_dict("records")
    names = {str(row["stage"]): (str(row["name_ru"]), str(row["name_en"])) for row in stages}
    segments = [str(name) for name in warehouse.read("segment", order_by=["segment_no"])["segment"]]
    horizons = _horizons(warehouse)
    rows: list[dict[str, object]] = []
    for stage in names:
        of_stage = episodes[episodes["stage"] == stage].reset_index(drop=True)
        if stage not in horizons or of_stage.empty:
            continue
        holds = _holds(of_stage, conditions)
        for segment in segments:
            rows += cell_rows(of_stage, holds, reader, segment=segment, stage=stage, days=horizons[stage], names=names)
    table = pa.Table.from_pylist(_judged(rows, segments, list(names)), schema=ROOT_CAUSE_SCHEMA)
    warehouse.write("root_cause", table)
    return int(table.num_rows)


def cell_rows(
    of_stage: pd.DataFrame,
    holds: dict[Condition, BoolArray],
    reader: Reader,
    *,
    segment: str,
    stage: str,
    days: int,
    names: Names,
) -> list[dict[str, object]]:
    """Rules of one segment and stage with their confirmation; none where a half has too few mature customers.

    Mature are customers whose first stay in the stage began `days` before the cutoff, seen from its entry on; lost are
    those whose loss was known within `days`.
    """
    mature = ((of_stage["followed_days"] >= days) & (of_stage["delay_days"] <= 0)).to_numpy(np.bool_)
    if segment != ALL_SEGMENTS:
        mature = mature & (of_stage["segment"] == segment).to_numpy(np.bool_)
    is_lost = ((of_stage["cause"] == Cause.LOST) & (of_stage["time_days"] <= days)).to_numpy(np.bool_)
    is_search = of_stage["is_search"].to_numpy(np.bool_)
    half, other = np.flatnonzero(mature & is_search), np.flatnonzero(mature & ~is_search)
    if min(len(half), len(other)) < 2 * MIN_CUSTOMERS:
        return []
    found = search({condition: mask[half] for condition, mask in holds.items()}, is_lost[half])
    kept = {condition: mask[other] for condition, mask in holds.items()}
    rows = []
    for rule in found:
        checked = confirm(members(rule.rule, kept, len(other)), is_lost[other], reader.z)
        if checked is None or min(checked.customers, checked.other_customers) < reader.thresholds.thin:
            continue
        words = rule_texts(rule.rule, names)
        rows.append(
            {
                "segment": segment,
                "stage": stage,
                "rule_text_ru": words[0],
                "rule_text_en": words[1],
                "condition": _json(rule.rule),
                "search_quality": rule.quality,
                "horizon_days": days,
                "method": METHOD,
                **_numbers(checked, reader),
            }
        )
    return rows


def first_episodes(warehouse: Warehouse, *, timezone: str) -> pd.DataFrame:
    """The first stay of each customer in each stage, with the half of the customer and when it began.

    One stay a customer, so that customers are what is counted; the first, because a second depends on how it ended.
    """
    episodes = warehouse.read("episode_time", order_by=["journey_id", "episode_no"])
    entered = warehouse.read(
        "stage_episode", order_by=["journey_id", "episode_no"], columns=["journey_id", "episode_no", "entered_at"]
    )
    joined = episodes.merge(entered, on=["journey_id", "episode_no"], how="left", validate="one_to_one")
    ordered = joined.sort_values(["person_id", "stage", "entered_at", "journey_id", "episode_no"], kind="stable")
    first = ordered.drop_duplicates(["person_id", "stage"]).reset_index(drop=True)
    local = pd.to_datetime(first["entered_at"]).dt.tz_localize("UTC").dt.tz_convert(timezone)
    office = local.dt.hour.between(_OFFICE_HOURS[0], _OFFICE_HOURS[1] - 1)
    return first.assign(
        is_search=[is_search_half(str(person)) for person in first["person_id"]],
        entry_day=np.where(local.dt.day_of_week >= _WEEKEND, "weekend", "workday"),
        entry_hour=np.where(office, "office", "evening"),
    )


def is_search_half(person_id: str) -> bool:
    """Whether a customer belongs to the half in which rules are searched; the same every night."""
    return hashlib.md5(f"root_cause|{person_id}".encode(), usedforsecurity=False).digest()[0] % 2 == 0


def _holds(episodes: pd.DataFrame, conditions: pd.DataFrame) -> dict[Condition, BoolArray]:
    """For each condition and value, whether it holds for each episode."""
    known = episodes[["journey_id", "episode_no"]].reset_index(names="row")
    told = conditions.merge(known, on=["journey_id", "episode_no"])
    holds: dict[Condition, BoolArray] = {}
    for (name, value), rows in told.groupby(["condition", "condition_value"])["row"]:
        mask = np.zeros(len(episodes), dtype=bool)
        mask[rows.to_numpy()] = True
        holds[str(name), str(value)] = mask
    for name in ("entry_day", "entry_hour"):
        for value in sorted(set(episodes[name])):
            holds[name, str(value)] = (episodes[name] == value).to_numpy(np.bool_)
    return holds


def _numbers(checked: Confirmation, reader: Reader) -> dict[str, object]:
    flags = reader.thresholds.flags(checked.customers, share=checked.lost_share)
    return {
        "customer_count": checked.customers,
        "other_count": checked.other_customers,
        "lost_share": checked.lost_share,
        "other_share": checked.other_share,
        "difference": checked.difference,
        "low": checked.interval[0],
        "high": checked.interval[1],
        "p_value": checked.p_value,
        "flags": ",".join(flags),
    }


def _judged(rows: list[dict[str, object]], segments: list[str], stages: list[str]) -> list[dict[str, object]]:
    """The rows with q values over all of the run, and whether each is confirmed."""
    q_values = false_discovery([float(str(row["p_value"])) for row in rows])
    for row, q_value in zip(rows, q_values, strict=True):
        row["q_value"] = q_value
        is_large = float(str(row["difference"])) >= MIN_DIFFERENCE and float(str(row["low"])) > 0
        row["is_confirmed"] = q_value is not None and q_value < FINDING_Q and is_large
    return sorted(
        rows,
        key=lambda row: (
            segments.index(str(row["segment"])),
            stages.index(str(row["stage"])),
            float(str(row["q_value"])),
            str(row["condition"]),
        ),
    )


def _json(rule: Rule) -> str:
    return json.dumps([{"condition": name, "value": value} for name, value in rule], ensure_ascii=False)


def _horizons(warehouse: Warehouse) -> dict[str, int]:
    """Days at which the drop-off of everybody is read, by stage."""
    metrics = warehouse.read("metric_value", order_by=["estimand", "segment", "stage"])
    rows = metrics[(metrics["estimand"] == Estimand.DROP_OFF) & (metrics["segment"] == ALL_SEGMENTS)]
    return {str(row["stage"]): int(row["horizon_days"]) for row in rows.to_dict("records") if row["horizon_days"] > 0}
