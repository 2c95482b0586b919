"""The table `stage_fact`: drop-off of a stage by what was known of customers when they entered it.

In: `episode_time`, `episode_condition` and the horizons of the stages. Out: rows of `stage_fact`. The estimator and the
horizon are those of `drop_off`. An association: who came by a channel may differ in more than the channel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from journey_mining.scoring.competing_risks import Durations, FloatArray, cumulative_incidence, share_at
from journey_mining.scoring.differences import difference_interval, false_discovery, incidence_z, two_sided
from journey_mining.scoring.episodes import CAUSES, EPISODE_CAUSES, LOST, cell_of, in_segment
from journey_mining.scoring.horizon import followed_horizon
from journey_mining.scoring.intervals import Interval
from journey_mining.scoring.metric import Flag
from journey_mining.scoring.occupancy import Reader, incidence_interval
from journey_mining.scoring.root_cause_words import Names, rule_texts
from journey_mining.scoring.stages import StageHorizon
from journey_mining.vocabulary import OTHER

KNOWN_AT_ENTRY = (
    "customer_type",
    "entry_channel",
    "entry_source",
    "previous_stage",
    "ticket_before",
    "touches_before",
    "utm_medium",
    "utm_source",
)
"""not how soon an answer came: only who stays a day can wait for a day"""

_TEXT, _FLOAT, _INT = pa.string(), pa.float64(), pa.int64()
STAGE_FACT_SCHEMA = pa.schema(
    [
        *[(name, _TEXT) for name in ("segment", "stage", "condition", "condition_value", "text_ru", "text_en")],
        *[(name, _INT) for name in ("customer_count", "other_count")],
        *[(name, _FLOAT) for name in ("drop_off", "low", "high", "other_drop_off")],
        *[(name, _FLOAT) for name in ("difference", "difference_low", "difference_high")],
        *[(name, _FLOAT) for name in ("excess_count", "p_value", "q_value")],
        ("horizon_days", _INT),
        ("method", _TEXT),
        ("flags", _TEXT),
    ]
)
METHOD = "aalen_johansen"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Episodes of one segment and stage under observation, or some of them, as arrays of one length."""

    durations: Durations
    followed_days: FloatArray

    @property
    def customers(self) -> int:
        """How many customers they are of."""
        return len(np.unique(self.durations.cluster))

    def part(self, holds: NDArray[np.bool_]) -> _Group:
        """Those of the episodes for which `holds` is true."""
        whole = self.durations
        return _Group(
            durations=Durations(
                time=whole.time[holds], cause=whole.cause[holds], delay=whole.delay[holds], cluster=whole.cluster[holds]
            ),
            followed_days=self.followed_days[holds],
        )

    def lost(self, days: int, reader: Reader) -> _Loss:
        """Share lost within `days`, with its interval."""
        share, error = share_at(cumulative_incidence(self.durations, CAUSES), LOST, days)
        mature = (self.followed_days >= days) & (self.durations.delay <= 0)
        customers = len(np.unique(self.durations.cluster[mature]))
        return _Loss(share=share, error=error, interval=incidence_interval(share, error, customers, reader.z)[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loss:
    """The share lost of a group."""

    share: float
    error: float
    interval: Interval


def stage_fact_table(
    episodes: pd.DataFrame,
    conditions: pd.DataFrame,
    horizons: Sequence[StageHorizon],
    segments: Sequence[str],
    names: Names,
    reader: Reader,
) -> pa.Table:
    """Rows of `stage_fact` by segment, stage, condition and value; q values over all of them.

    Args:
        episodes: columns of `episode_time` and `person_no`.
        conditions: columns of `episode_condition`.
        horizons: what the shares of each stage are read at.
        segments: ids of segments.
        names: Russian and English name of each stage.
        reader: settings of the run.
    """
    known = conditions[conditions["condition"].isin(KNOWN_AT_ENTRY)]
    told = known.pivot_table(
        index=["journey_id", "episode_no"], columns="condition", values="condition_value", aggfunc="first"
    ).reset_index()
    wide = episodes.merge(told, on=["journey_id", "episode_no"], how="left", validate="one_to_one")
    rows: list[dict[str, Any]] = []
    for horizon in horizons:
        of_stage = wide[wide["stage"] == horizon.stage]
        for segment in segments:
            cell = in_segment(of_stage, segment)
            rows += _cell_rows(cell, horizon, reader, segment=segment, names=names)
    for row, q_value in zip(rows, false_discovery([row["p_value"] for row in rows]), strict=True):
        row["q_value"] = q_value
    rows.sort(key=lambda row: (row["segment"], row["stage"], row["condition"], row["condition_value"]))
    return pa.Table.from_pylist(rows, schema=STAGE_FACT_SCHEMA)


def _cell_rows(
    cell: pd.DataFrame, horizon: StageHorizon, reader: Reader, *, segment: str, names: Names
) -> list[dict[str, Any]]:
    """Facts of one segment and stage; none where the cell itself is too small for an estimate."""
    whole = cell_of(cell, EPISODE_CAUSES, cause="cause")
    days = followed_horizon(horizon.common.days, whole.followed_days).days
    if whole.customer_count < reader.thresholds.thin or days < 1:
        return []
    group = _Group(durations=whole.curves.durations, followed_days=whole.followed_days)
    rows: list[dict[str, Any]] = []
    for condition in KNOWN_AT_ENTRY:
        if condition in cell:
            values = cell[condition].fillna("").to_numpy(str)
            found = _condition_rows(group, condition, values, days, reader, names)
            rows += [{"segment": segment, "stage": horizon.stage, **row} for row in found]
    return rows


def _condition_rows(
    group: _Group, condition: str, values: NDArray[np.str_], days: int, reader: Reader, names: Names
) -> list[dict[str, Any]]:
    """One row per value that enough customers have, and one (`other`) that counts everybody else."""
    rows: list[dict[str, Any]] = []
    is_rest = np.ones(len(values), dtype=np.bool_)
    for value in sorted(set(values.tolist()) - {""}):
        holds = values == value
        if group.part(holds).customers < reader.thresholds.small:
            continue
        is_rest &= ~holds
        words = rule_texts(((condition, value),), names)
        row = {"condition": condition, "condition_value": value, "text_ru": words[0], "text_en": words[1]}
        rows.append({**row, **_numbers(group, holds, days, reader)})
    if is_rest.any():
        counts = {"customer_count": group.part(is_rest).customers, "other_count": 0, "horizon_days": days}
        row = {"condition": condition, "condition_value": OTHER, "text_ru": "", "text_en": ""}
        rows.append({**row, **_EMPTY, **counts})
    return rows


_EMPTY: dict[str, Any] = {
    **dict.fromkeys(field.name for field in STAGE_FACT_SCHEMA if field.type == _FLOAT),
    "method": METHOD,
    "flags": "",
}


def _numbers(group: _Group, holds: NDArray[np.bool_], days: int, reader: Reader) -> dict[str, Any]:
    """Those with the fact beside those without it; no estimate where a side was not followed so long."""
    with_fact, without = group.part(holds), group.part(~holds)
    counts = with_fact.customers, without.customers
    row = {**_EMPTY, "customer_count": counts[0], "other_count": counts[1], "horizon_days": days}
    if min(counts) < reader.thresholds.small:
        return row
    if any(followed_horizon(days, side.followed_days).is_short for side in (with_fact, without)):
        return {**row, "flags": str(Flag.SHORT_HORIZON)}
    one, other = with_fact.lost(days, reader), without.lost(days, reader)
    low, high = difference_interval(one.share, one.interval, other.share, other.interval)
    difference = one.share - other.share
    return {
        **row,
        "drop_off": one.share,
        "low": one.interval[0],
        "high": one.interval[1],
        "other_drop_off": other.share,
        "difference": difference,
        "difference_low": low,
        "difference_high": high,
        "excess_count": counts[0] * difference,
        "p_value": two_sided(incidence_z(one.share, one.error, other.share, other.error)),
        "flags": ",".join(reader.thresholds.flags(counts[0], share=one.share)),
    }
