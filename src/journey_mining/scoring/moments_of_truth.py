"""Moments of truth: touchpoints on which the goal hangs, at which the mood is low, and which many meet.

Only where all three hold is a touchpoint called so; the table shows the three parts of every one of them. In:
`importance`, `touchpoint_voice`, `touchpoint_use`, `touchpoint`. Out: `moment_of_truth`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import stats

from journey_mining.scoring.differences import false_discovery
from journey_mining.scoring.episodes import in_segment
from journey_mining.scoring.occupancy import Reader
from journey_mining.vocabulary import OTHER
from journey_mining.warehouse import Warehouse

MAX_Q = 0.1
MIN_REACH = 0.2
AT_TOUCHPOINT, AT_STAGE, NOWHERE = "touchpoint", "stage", "none"
"""where the mood was heard: at the touchpoint itself, else in the stage in which it is met most, else not at all"""

_TEXT, _FLOAT, _INT, _BOOL = pa.string(), pa.float64(), pa.int64(), pa.bool_()
MOMENT_SCHEMA = pa.schema(
    [
        *[(name, _TEXT) for name in ("segment", "touchpoint", "name_ru", "name_en", "stage")],
        *[(name, _FLOAT) for name in ("won_points", "won_points_low", "won_points_high")],
        ("is_important", _BOOL),
        ("voice_source", _TEXT),
        *[(name, _FLOAT) for name in ("voice_mean", "journey_voice_mean")],
        *[(name, _FLOAT) for name in ("voice_difference", "voice_low", "voice_high", "q_value")],
        ("voice_customer_count", _INT),
        ("is_low_mood", _BOOL),
        ("reach_share", _FLOAT),
        *[(name, _BOOL) for name in ("is_widely_met", "is_moment_of_truth")],
        ("customer_count", _INT),
        *[(name, _TEXT) for name in ("flags", "sentence_ru", "sentence_en")],
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """The mood at one place against that of the whole journey; one customer has one vote in each."""

    mean: float
    journey_mean: float
    error: float
    """standard error of the difference, clustered by customer"""
    customers: int
    """who wrote there"""

    @property
    def difference(self) -> float:
        """Mean there minus mean of the journey."""
        return self.mean - self.journey_mean

    @property
    def p_value(self) -> float | None:
        """One-sided: how often the mood would seem this low if it were not; None where all sound alike."""
        return float(stats.norm.cdf(self.difference / self.error)) if self.error > 0 else None


def write_moments(warehouse: Warehouse, reader: Reader, importance: pd.DataFrame) -> int:
    """Write `moment_of_truth`, in the order of `importance`; its number of rows."""
    voices = warehouse.read("touchpoint_voice", order_by=["event_id"])
    homes = _home_stages(warehouse)
    named = importance[~importance["is_placebo"].astype(bool) & (importance["touchpoint"] != OTHER)]
    rows: list[dict[str, object]] = []
    for segment in named["segment"].drop_duplicates():
        told = in_segment(voices, str(segment))
        rows += moment_rows(named[named["segment"] == segment], told, homes, reader)
    table = pa.Table.from_pylist(rows, schema=MOMENT_SCHEMA)
    warehouse.write("moment_of_truth", table)
    return int(table.num_rows)


def moment_rows(
    importance: pd.DataFrame, voices: pd.DataFrame, homes: dict[tuple[str, str], str], reader: Reader
) -> list[dict[str, object]]:
    """The three parts for each touchpoint of one segment; q values are over its touchpoints.

    Args:
        importance: rows of the segment.
        voices: `touchpoint_voice` of the segment.
        homes: stage in which each (segment, touchpoint) is met most.
        reader: settings of the run.
    """
    records = [{str(name): value for name, value in row.items()} for row in importance.to_dict("records")]
    heard = [_heard(voices, row, homes, reader) for row in records]
    q_values = false_discovery([mood.p_value if mood else None for _, mood in heard])
    rows = []
    for record, (source, mood), q_value in zip(records, heard, q_values, strict=True):
        row: dict[str, object] = {name: record[name] for name in MOMENT_SCHEMA.names if name in record}
        is_low = q_value is not None and q_value < MAX_Q
        is_important, is_wide = record["won_points_low"] > 0, record["reach_share"] >= MIN_REACH
        row |= {
            "stage": homes.get((str(record["segment"]), str(record["touchpoint"])), ""),
            "is_important": is_important,
            "voice_source": source,
            **_told(mood, reader),
            "q_value": q_value,
            "is_low_mood": is_low,
            "is_widely_met": is_wide,
            "is_moment_of_truth": is_important and is_low and is_wide,
        }
        row["sentence_ru"], row["sentence_en"] = _sentences(row)
        rows.append(row)
    return rows


def mood_at(voices: pd.DataFrame, is_there: np.ndarray) -> Mood | None:
    """Mood of the texts written at a place against all texts; None where nobody wrote there."""
    if not is_there.any():
        return None
    everywhere = voices.groupby("person_id", sort=True)["value"].mean()
    there = voices[is_there].groupby("person_id", sort=True)["value"].mean()
    mean, journey_mean = float(there.mean()), float(everywhere.mean())
    # those who wrote here also wrote for the whole: the two means are no independent samples
    influence = ((there - mean) / len(there)).reindex(everywhere.index, fill_value=0.0)
    influence = influence - (everywhere - journey_mean) / len(everywhere)
    values = influence.to_numpy(np.float64)
    spread = math.sqrt(float(values @ values))
    error = spread if spread > _NO_SPREAD else 0.0
    return Mood(mean=mean, journey_mean=journey_mean, error=error, customers=len(there))


_NO_SPREAD = 1e-12
"""what is left of the spread of equal numbers is rounding"""


def _heard(
    voices: pd.DataFrame, row: dict[str, object], homes: dict[tuple[str, str], str], reader: Reader
) -> tuple[str, Mood | None]:
    """Where the mood of a touchpoint is heard: there, if enough customers wrote there, else in its stage."""
    stage = homes.get((str(row["segment"]), str(row["touchpoint"])), "")
    places = (
        (AT_TOUCHPOINT, (voices["touchpoint"] == row["touchpoint"]).to_numpy(np.bool_)),
        (AT_STAGE, ((voices["stage"] == stage) & (stage != "")).to_numpy(np.bool_)),
    )
    for source, is_there in places:
        mood = mood_at(voices, is_there)
        if mood is not None and mood.customers >= reader.thresholds.thin:
            return source, mood
    return NOWHERE, None


def _told(mood: Mood | None, reader: Reader) -> dict[str, object]:
    if mood is None:
        names = ("voice_mean", "journey_voice_mean", "voice_difference", "voice_low", "voice_high")
        return {**dict.fromkeys(names), "voice_customer_count": None}
    half = reader.z * mood.error
    return {
        "voice_mean": mood.mean,
        "journey_voice_mean": mood.journey_mean,
        "voice_difference": mood.difference,
        "voice_low": mood.difference - half,
        "voice_high": mood.difference + half,
        "voice_customer_count": mood.customers,
    }


def _home_stages(warehouse: Warehouse) -> dict[tuple[str, str], str]:
    """The stage in which most customers meet each touchpoint of each segment; ties by the earlier stage."""
    used = warehouse.read("touchpoint_use", order_by=["segment", "stage", "touchpoint"])
    stages = warehouse.read("stage", order_by=["stage_no"])[["stage", "stage_no"]]
    joined = used.merge(stages, on="stage", validate="many_to_one")
    ordered = joined.sort_values(
        ["segment", "touchpoint", "customer_count", "stage_no"], ascending=[True, True, False, True], kind="stable"
    )
    first = ordered.drop_duplicates(["segment", "touchpoint"]).to_dict("records")
    return {(str(row["segment"]), str(row["touchpoint"])): str(row["stage"]) for row in first}


def _sentences(row: dict[str, object]) -> tuple[str, str]:
    """Which of the three parts hold, in Russian and in English."""
    parts = [
        (row["is_important"], "с ней связано достижение цели", "the goal hangs on it"),
        (row["is_low_mood"], "настроение здесь ниже, чем в среднем по пути", "the mood is below that of the journey"),
        (row["is_widely_met"], "её встречают не меньше 20 % путей", "at least 20% of journeys meet it"),
    ]
    held_ru = ", ".join(russian for holds, russian, _ in parts if holds) or "ни один из трёх признаков"
    held_en = ", ".join(english for holds, _, english in parts if holds) or "none of the three signs"
    is_moment = row["is_moment_of_truth"]
    russian = f"{row['name_ru']}: {'момент истины' if is_moment else 'не момент истины'}; выполнено: {held_ru}."
    english = f"{row['name_en']}: {'a moment of truth' if is_moment else 'no moment of truth'}; holds: {held_en}."
    return russian, english
