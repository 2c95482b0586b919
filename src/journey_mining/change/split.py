"""What moved tonight's numbers: new behaviour, the mix of segments, late data, other stitching, or other rules.

In: last night's published warehouse and the one under construction. Out: the tables `change_split` and `change_cause`.
A number is computed again on mixtures of both nights: first the re-stitched people stand as tonight, then also those of
whom something came late, then those whose segment changed, then all. Each step of the number is the part of its cause.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from journey_mining.change.causes import Causes, ChangeCause, find_causes
from journey_mining.change.history import RUN_RULE
from journey_mining.project import Project
from journey_mining.scoring.answers import customer_votes
from journey_mining.scoring.competing_risks import Durations, cumulative_incidence
from journey_mining.scoring.episodes import CAUSES, EPISODE_CAUSES, EPISODE_COLUMNS, LOST, in_segment
from journey_mining.scoring.metric import Thresholds
from journey_mining.vocabulary import ALL_SEGMENTS, Estimand
from journey_mining.warehouse import DuckDBWarehouse, Warehouse

_SPLIT = (Estimand.DROP_OFF, Estimand.VOICE)
_STEPS = (ChangeCause.RESTITCHING, ChangeCause.LATE_DATA, ChangeCause.MIX, ChangeCause.BEHAVIOUR)
_LEAST = 5e-5
"""a number that moved by less reads the same"""
_ANSWERS = ("event_id", "person_id", "segment", "stage", "kind", "value", "vote_no")
_LAST = ("last_event_person", "last_setting", "last_segment")

_TEXT, _INT, _FLOAT, _TIME = pa.string(), pa.int64(), pa.float64(), pa.timestamp("us")
CHANGE_SPLIT = pa.schema(
    [
        ("estimand", _TEXT),
        ("segment", _TEXT),
        ("stage", _TEXT),
        ("before", _FLOAT),
        ("after", _FLOAT),
        ("behaviour", _FLOAT),
        ("mix", _FLOAT),
        ("late_data", _FLOAT),
        ("restitching", _FLOAT),
        ("rules", _FLOAT),
        ("unexplained", _FLOAT),
        ("customers_before", _INT),
        ("customers_after", _INT),
        ("before_as_of", _TIME),
    ]
)
CHANGE_CAUSE = pa.schema([("cause", _TEXT), ("customer_count", _INT), ("event_count", _INT), ("before_as_of", _TIME)])

Number = Callable[[pd.DataFrame], float | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What the split needs of one night."""

    metrics: pd.DataFrame
    """headline numbers by estimand, segment and stage"""
    episodes: pd.DataFrame
    answers: pd.DataFrame
    rules: dict[str, str]
    as_of: Any

    @property
    def shown(self) -> dict[tuple[str, str, str], Any]:
        """Rows of the numbers by their key."""
        rows: list[Any] = list(self.metrics.itertuples())
        return {(row.estimand, row.segment, row.stage): row for row in rows}


def write_split(warehouse: Warehouse, project: Project, cells: Thresholds) -> dict[str, int]:
    """Write `change_split` and `change_cause`; empty where nothing was published before. Row counts."""
    rows: list[dict[str, object]] = []
    causes: list[dict[str, object]] = []
    if project.warehouse_file.is_file():
        with DuckDBWarehouse(project.warehouse_file, read_only=True) as last:
            if _is_same_night(last, warehouse):
                return _carry_over(last, warehouse)
            if _has_all(last):
                rows, causes = _compare(last, warehouse, cells)
    warehouse.write("change_split", pa.Table.from_pylist(rows, schema=CHANGE_SPLIT))
    warehouse.write("change_cause", pa.Table.from_pylist(causes, schema=CHANGE_CAUSE))
    return {"change_split": len(rows)}


def split_rows(before: Night, after: Night, causes: Causes, cells: Thresholds) -> Iterator[dict[str, object]]:
    """A row for every headline number that moved; on both nights it must rest on `thin` customers.

    The part of a cause that concerns fewer than `small` people of the cell stands in `unexplained`.
    """
    before, after = _with_steps(before, causes.of_old), _with_steps(after, causes.of_new)
    old, new = before.shown, after.shown
    same_rules = before.rules == after.rules
    for key in sorted(old.keys() & new.keys()):
        was, now = old[key], new[key]
        if pd.isna(was.estimate) or pd.isna(now.estimate) or min(was.customer_count, now.customer_count) < cells.thin:
            continue
        change = float(now.estimate - was.estimate)
        if abs(change) < _LEAST:
            continue
        parts = _parts(key, now, before, after, cells.small) if same_rules else {"rules": change}
        yield {
            "estimand": key[0],
            "segment": key[1],
            "stage": key[2],
            "before": round(float(was.estimate), 6),
            "after": round(float(now.estimate), 6),
            **{name: round(value, 6) for name, value in parts.items()},
            "unexplained": round(change - sum(parts.values()), 6),
            "customers_before": int(was.customer_count),
            "customers_after": int(now.customer_count),
            "before_as_of": before.as_of,
        }


def _with_steps(night: Night, cause_of: Callable[[str], ChangeCause]) -> Night:
    """The night with `step_no` in its rows, the place of each person's cause in `_STEPS`, and numbers for endings.

    Looked up once a person: a night has a hundred numbers, and each is computed on five mixtures.
    """

    def stepped(frame: pd.DataFrame) -> pd.DataFrame:
        place, people = pd.factorize(frame["person_id"])
        steps = np.array([_STEPS.index(cause_of(person)) for person in people], dtype=np.int64)
        return frame.assign(step_no=steps[place])

    ends = night.episodes["cause"].map(EPISODE_CAUSES).astype(np.int64)
    return replace(night, episodes=stepped(night.episodes.assign(cause_no=ends)), answers=stepped(night.answers))


def _parts(key: tuple[str, str, str], now: Any, before: Night, after: Night, small: int) -> dict[str, float]:
    """The parts of one number, all rules equal."""
    estimand, segment, stage = key
    is_voice = estimand == Estimand.VOICE
    old, new = (before.answers, after.answers) if is_voice else (before.episodes, after.episodes)
    old, new = (in_segment(frame[frame["stage"] == stage], segment) for frame in (old, new))
    number = _voice if is_voice else _lost_within(float(now.horizon_days))
    values = [number(mixture) for mixture in _mixtures(old, new)]
    if any(value is None for value in values):
        return {}
    steps = np.diff([float(value) for value in values if value is not None])
    parts = {str(cause): float(step) for cause, step in zip(_STEPS, steps, strict=True)}
    if segment == ALL_SEGMENTS:
        shift = _mix_shift(old, new, number)
        parts[ChangeCause.MIX] += shift
        parts[ChangeCause.BEHAVIOUR] -= shift
    return {name: part for name, part in parts.items() if not _is_few(ChangeCause(name), old, new, small)}


def _is_few(cause: ChangeCause, old: pd.DataFrame, new: pd.DataFrame, small: int) -> bool:
    """Whether a cause concerns some people of a cell, but fewer than may be counted."""
    if cause is ChangeCause.BEHAVIOUR:
        return False
    step = _STEPS.index(cause)
    people = {person for frame in (old, new) for person in frame["person_id"][frame["step_no"] == step]}
    return 0 < len(people) < small


def _mixtures(old: pd.DataFrame, new: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Last night's rows, with one cause after the other standing as tonight; the last is tonight."""
    for done in range(len(_STEPS) + 1):
        # the same person may stand on both sides under one id: only one side holds each cause
        yield pd.concat([old[old["step_no"] >= done], new[new["step_no"] < done]], ignore_index=True)


def _mix_shift(old: pd.DataFrame, new: pd.DataFrame, number: Number) -> float:
    """What other proportions of the segments do to the number of everybody, at the mean of both nights.

    Kitagawa 1955, with episodes as weights.
    """
    shift = 0.0
    for segment in sorted(set(old["segment"]) & set(new["segment"])):
        parts = [frame[frame["segment"] == segment] for frame in (old, new)]
        values = [number(part) for part in parts]
        if values[0] is None or values[1] is None:
            continue
        weight = len(parts[1]) / len(new) - len(parts[0]) / len(old)
        shift += weight * (values[0] + values[1]) / 2
    return shift


def _lost_within(horizon: float) -> Number:
    """The share lost within so many days of a frame of episodes; none where there is none."""

    def number(frame: pd.DataFrame) -> float | None:
        if frame.empty:
            return None
        durations = Durations(
            time=frame["time_days"].to_numpy(np.float64),
            cause=frame["cause_no"].to_numpy(np.int64),
            delay=frame["delay_days"].to_numpy(np.float64),
            # the curve itself does not ask whose episodes these are
            cluster=np.zeros(len(frame), dtype=np.int64),
        )
        curves = cumulative_incidence(durations.at_risk_only(), CAUSES)
        seen = int(np.searchsorted(curves.time, horizon, "right"))
        return float(curves.incidence[LOST - 1, seen - 1]) if seen else 0.0

    return number


def _voice(frame: pd.DataFrame) -> float | None:
    """Mean of what customers wrote, one customer one vote; none where nobody wrote."""
    if frame.empty:
        return None
    return float(customer_votes(frame).mean())


def _compare(
    last: DuckDBWarehouse, warehouse: Warehouse, cells: Thresholds
) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    before, after = _night(last), _night(warehouse)
    with _last_night_in(last, warehouse):
        causes = find_causes(warehouse)
    rows = list(split_rows(before, after, causes, cells))
    return rows, _cause_rows(causes, before, small=cells.small)


def _cause_rows(causes: Causes, before: Night, *, small: int) -> list[dict[str, object]]:
    """People and events of each cause; fewer people than may be shown are no number."""
    rows: list[dict[str, object]] = []
    for cause in _STEPS:
        people = causes.people(cause)
        shown = people == 0 or people >= small
        events = causes.event_counts.get(cause)
        rows.append(
            {
                "cause": str(cause),
                "customer_count": people if shown else None,
                "event_count": events if shown else None,
                "before_as_of": before.as_of,
            }
        )
    return rows


@contextmanager
def _last_night_in(last: DuckDBWarehouse, warehouse: Warehouse) -> Iterator[None]:
    """Put what the models need of last night into the warehouse for a while."""
    warehouse.write("last_event_person", last.read_arrow("event_person", columns=("event_id", "person_id")))
    warehouse.write("last_setting", last.read_arrow("run_setting", columns=("as_of",)))
    members = last.arrow(
        "select segment_member.journey_id, journey.person_id, segment_member.segment "
        "from segment_member inner join journey on segment_member.journey_id = journey.journey_id"
    )
    warehouse.write("last_segment", members)
    try:
        yield
    finally:
        for table in (*_LAST, "person_link", "person_arrival", "person_departure"):
            warehouse.drop(table)


def _night(warehouse: Warehouse) -> Night:
    metrics = warehouse.read("metric_value", order_by=("estimand", "segment", "stage"))
    answers = warehouse.read("voice_answer", order_by=("event_id", "kind"), columns=_ANSWERS)
    rules = warehouse.read_arrow(RUN_RULE, columns=("part", "hash")).to_pylist()
    return Night(
        metrics=metrics[metrics["estimand"].isin(_SPLIT) & (metrics["stage"] != "")],
        episodes=warehouse.read("episode_time", order_by=("journey_id", "episode_no"), columns=EPISODE_COLUMNS),
        answers=answers[answers["kind"] == "text"],
        rules={str(row["part"]): str(row["hash"]) for row in rules},
        as_of=warehouse.read_arrow("run_setting", columns=("as_of",))["as_of"][0].as_py(),
    )


def _has_all(last: Warehouse) -> bool:
    needed = {RUN_RULE, "metric_value", "episode_time", "voice_answer", "event_person", "segment_member", "journey"}
    return needed <= set(last.tables()) and set(_ANSWERS) <= set(last.columns("voice_answer"))


def _is_same_night(last: Warehouse, warehouse: Warehouse) -> bool:
    """Whether the published state says the same of the same files: then it is tonight's own, built before."""
    if not _has_all(last) or "change_split" not in last.tables():
        return False
    tables = (RUN_RULE, "run_setting", "source_status")
    return all(_rows(last, table) == _rows(warehouse, table) for table in tables)


def _rows(warehouse: Warehouse, table: str) -> list[str]:
    return sorted(str(row) for row in warehouse.read_arrow(table).to_pylist())


def _carry_over(last: Warehouse, warehouse: Warehouse) -> dict[str, int]:
    for table in ("change_split", "change_cause"):
        warehouse.write(table, last.read_arrow(table))
    return {"change_split": warehouse.count("change_split")}
