"""The table `silence_threshold`: for every segment and stage the silence that is in force, and the one advised.

In: `silence_gap`, `segment`, `stage` and the settings. Pauses decide where there are enough of them: those of the
segment in the stage, else of the segment, else of the stage, else all; else the setting stands. Pauses of a cell of
fewer customers than may be shown are in no pool, so that nobody can find them by subtraction.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import pandas as pd
import pyarrow as pa

from journey_mining.journeys.silence import FEWEST_GAPS, Gaps, Silence, calibrated, false_lost_interval
from journey_mining.project import Project
from journey_mining.vocabulary import ALL_SEGMENTS, SilenceRule
from journey_mining.warehouse import Warehouse, model_named

_SCHEMA = pa.schema(
    {
        "segment": pa.string(),
        "stage": pa.string(),
        "silence_days": pa.float64(),
        "rule": pa.string(),
        "pool": pa.string(),
        "gap_count": pa.int64(),
        "customer_count": pa.int64(),
        "false_lost_share": pa.float64(),
        "false_lost_low": pa.float64(),
        "false_lost_high": pa.float64(),
        "setting_days": pa.float64(),
        "setting_false_lost_share": pa.float64(),
        "setting_false_lost_low": pa.float64(),
        "setting_false_lost_high": pa.float64(),
        "days_in_force": pa.float64(),
        "frozen_on": pa.timestamp("us"),
    }
)
_DIGITS = 9
"""libraries agree on so many"""


def calibrate_silence(warehouse: Warehouse, project: Project) -> None:
    """Build `silence_gap`, write `silence_threshold`, and let `stage.silence_days` be the longest in force.

    Needs the models that `silence_gap` reads.

    Raises:
        ModelError: one of them is missing.
    """
    warehouse.build(model_named("silence_gap"))
    pauses = _Pauses(warehouse, project)
    frozen_on = warehouse.read_arrow("run_setting")["calibrated_until"][0].as_py()
    segments = warehouse.read_arrow("segment", order_by=("segment_no",))["segment"].to_pylist()
    stages = warehouse.read_arrow("stage", order_by=("stage_no",))
    declared = dict(zip(stages["stage"].to_pylist(), stages["silence_days"].to_pylist(), strict=True))
    rows = [
        _row(pauses, segment, stage, setting, frozen_on, is_in_force=project.settings.journeys.is_calibrated)
        for segment in segments
        for stage, setting in declared.items()
    ]
    thresholds = pa.Table.from_pylist(rows, schema=_SCHEMA)
    warehouse.write("silence_threshold", thresholds)
    warehouse.write("stage", _with_silence(stages, thresholds))


def _with_silence(stages: pa.Table, thresholds: pa.Table) -> pa.Table:
    """Stages with the longest silence in force for any segment: horizons must cover it."""
    longest: dict[str, float] = {}
    for row in thresholds.select(["segment", "stage", "days_in_force"]).to_pylist():
        if row["segment"] != ALL_SEGMENTS:  # everybody is in a segment of his own
            longest[row["stage"]] = max(row["days_in_force"], longest.get(row["stage"], 0.0))
    days = pa.array([longest[stage] for stage in stages["stage"].to_pylist()], type=pa.float64())
    return stages.set_column(stages.column_names.index("silence_days"), "silence_days", days)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pool:
    """Pauses that speak for a cell, and the threshold they yield, if any."""

    rule: SilenceRule
    gaps: Gaps
    silence: Silence | None


class _Pauses:
    """All pauses of a day or more, with the pools that are asked for computed once."""

    def __init__(self, warehouse: Warehouse, project: Project) -> None:
        frame = warehouse.read("silence_gap", order_by=("event_id",))
        scores = project.settings.scores
        self._fewest, self._confidence = scores.small_cell, scores.confidence
        cells = frame.groupby(["segment", "stage"])["person_id"].transform("nunique")
        self._frame = frame[cells >= self._fewest]
        self._pools: dict[tuple[str, str], _Pool] = {}

    @cached_property
    def _all(self) -> Gaps:
        return Gaps(
            days=self._frame["gap_days"].to_numpy(np.float64),
            is_return=self._frame["is_return"].to_numpy(np.bool_),
            customer=pd.factorize(self._frame["person_id"], sort=True)[0].astype(np.int64),
        )

    def speaking_for(self, segment: str, stage: str) -> _Pool | None:
        """The narrowest pool that is large enough."""
        pools = (self._pool(rule, key) for rule, key in _levels(segment, stage))
        return next((pool for pool in pools if len(pool.gaps.days) >= FEWEST_GAPS), None)

    def cost(self, pool: _Pool, days: float) -> Silence | None:
        """What `days` would cost if they were the threshold; none where too few were silent for so long."""
        is_told = pool.gaps.longer_than(days).customer_count >= self._fewest
        return false_lost_interval(pool.gaps, days, confidence=self._confidence) if is_told else None

    def _pool(self, rule: SilenceRule, key: tuple[str, str]) -> _Pool:
        if key not in self._pools:
            chosen = np.ones(len(self._frame), dtype=np.bool_)
            for column, value in zip(("segment", "stage"), key, strict=True):
                if value:
                    chosen &= (self._frame[column] == value).to_numpy(np.bool_)
            gaps = self._all.where(chosen)
            silence = calibrated(gaps, fewest_customers=self._fewest, confidence=self._confidence)
            self._pools[key] = _Pool(rule=rule, gaps=gaps, silence=silence)
        return self._pools[key]


def _levels(segment: str, stage: str) -> Iterator[tuple[SilenceRule, tuple[str, str]]]:
    if segment != ALL_SEGMENTS:
        yield SilenceRule.CELL, (segment, stage)
        yield SilenceRule.SEGMENT, (segment, "")
    yield SilenceRule.STAGE, ("", stage)
    yield SilenceRule.EVERYBODY, ("", "")


def _row(
    pauses: _Pauses, segment: str, stage: str, setting: float, frozen_on: datetime, *, is_in_force: bool
) -> dict[str, object]:
    pool = pauses.speaking_for(segment, stage)
    silence = pool.silence if pool else None
    days = float(silence.days) if silence else setting
    row: dict[str, object] = {
        "segment": segment,
        "stage": stage,
        "silence_days": days,
        "rule": pool.rule if pool and silence else SilenceRule.SETTING,
        "setting_days": setting,
        "days_in_force": days if is_in_force else setting,
        "frozen_on": frozen_on,
        **_shares("false_lost", silence),
    }
    if pool is None:
        return row
    counts = {"pool": pool.rule, "gap_count": len(pool.gaps.days), "customer_count": pool.gaps.customer_count}
    return row | counts | _shares("setting_false_lost", pauses.cost(pool, setting))


def _shares(name: str, silence: Silence | None) -> dict[str, float]:
    if silence is None:
        return {}
    told = {"share": silence.false_lost, "low": silence.low, "high": silence.high}
    return {f"{name}_{key}": round(value, _DIGITS) for key, value in told.items()}
