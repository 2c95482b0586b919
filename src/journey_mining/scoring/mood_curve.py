"""The curves of mood: who spoke of each stage, how far the silent could move it, and which differences are firm.

In: `voice_answer`, `stage_customer`, `answer_pair`, and the numbers of `answers`. Out: the tables `mood_curve` and
`mood_worst`, and the metric rows of everybody. Three curves, never mixed: texts, answers, and answers corrected for who
answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from journey_mining.scoring.answers import customer_votes
from journey_mining.scoring.competing_risks import FloatArray
from journey_mining.scoring.episodes import in_segment
from journey_mining.scoring.everybody import bounds, tipping_point
from journey_mining.scoring.metric import Flag, Metric
from journey_mining.scoring.occupancy import Reader
from journey_mining.scoring.shrinkage import shrink
from journey_mining.scoring.simultaneous import half_widths, influence_of
from journey_mining.vocabulary import ALL_SEGMENTS, Estimand

SILENT_DIFFER = 0.15
"""delta: by how much the silent are supposed to differ from what is estimated of them"""
SCALE = 2.0
"""from -1 to 1; the silent cannot differ by more"""

_TEXT, _FLOAT, _INT = pa.string(), pa.float64(), pa.int64()
MOOD_CURVE = pa.schema(
    [
        *[(name, _TEXT) for name in ("estimand", "segment", "stage")],
        *[(name, _FLOAT) for name in ("estimate", "interval_low", "interval_high", "band_low", "band_high")],
        *[(name, _FLOAT) for name in ("shrunk", "shrunk_low", "shrunk_high", "shrink_weight")],
        *[(name, _INT) for name in ("customer_count", "stage_customer_count")],
        *[(name, _FLOAT) for name in ("spoken_share", "bound_low", "bound_high", "delta_low", "delta_high")],
        ("conflict_count", _INT),
        ("flags", _TEXT),
    ]
)
MOOD_WORST = pa.schema(
    [*[(name, _TEXT) for name in ("estimand", "segment", "stage")], ("tipping_delta", _FLOAT), ("stage_count", _INT)]
)

Key = tuple[str, str]
"""segment and stage"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One kind of mood, of all segments and stages."""

    metrics: dict[Key, Metric]
    influence: dict[str, pd.DataFrame]
    """of each segment: what each customer (row) does to the mean of each stage (column)"""
    speakers: dict[Key, int]
    """customers behind the spoken share: who wrote, or who answered"""
    variances: dict[Key, float]
    """sampling variance of the cells of single segments, for shrinking"""
    told_means: dict[Key, float]
    """mean of those who spoke, as they spoke; where nothing is corrected it is the estimate"""


def told_curve(
    estimand: Estimand, answers: pd.DataFrame, people: pd.DataFrame, metrics: Iterable[Metric], segments: Sequence[str]
) -> Curve:
    """The curve of texts (`voice`) or of answers (`rating`); `answers` and `people` hold their tables' columns."""
    is_text = estimand == Estimand.VOICE
    rows = answers[((answers["kind"] == "text") == is_text) & (answers["stage"] != "")]
    spoke = people[people["text_count" if is_text else "answer_count"] > 0]
    votes = {segment: stage_votes(in_segment(rows, segment)) for segment in segments}
    own = {(m.segment, m.stage): m for m in metrics if m.estimand == estimand and m.stage}
    return Curve(
        metrics=own,
        influence={
            segment: pd.DataFrame(influence_of(table.to_numpy(np.float64)), index=table.index, columns=table.columns)
            for segment, table in votes.items()
        },
        speakers=_people_of(spoke, segments),
        variances=_pooled(votes),
        told_means={key: metric.estimate for key, metric in own.items() if metric.estimate is not None},
    )


def stage_votes(rows: pd.DataFrame) -> pd.DataFrame:
    """Vote of each customer (row) on each stage (column); NaN where he said nothing."""
    votes = {str(stage): customer_votes(told) for stage, told in rows.groupby("stage", sort=True)}
    return pd.DataFrame(votes).sort_index() if votes else pd.DataFrame(dtype=np.float64)


def _pooled(votes: dict[str, pd.DataFrame]) -> dict[Key, float]:
    """Variance of each segment's mean, from the spread of customers pooled over the segments of the stage."""
    squares: dict[str, float] = {}
    freedom: dict[str, int] = {}
    counts: dict[Key, int] = {}
    for segment, table in votes.items():
        if segment == ALL_SEGMENTS:
            continue
        for stage in table.columns:
            told = table[stage].dropna().to_numpy(np.float64)
            squares[stage] = squares.get(stage, 0.0) + float(((told - told.mean()) ** 2).sum())
            freedom[stage] = freedom.get(stage, 0) + len(told) - 1
            counts[segment, stage] = len(told)
    return {
        (segment, stage): squares[stage] / freedom[stage] / count
        for (segment, stage), count in counts.items()
        if freedom[stage] > 0 and squares[stage] > 0
    }


def _people_of(rows: pd.DataFrame, segments: Sequence[str]) -> dict[Key, int]:
    """Customers by segment and stage."""
    found: dict[Key, int] = {}
    for segment in segments:
        counts = in_segment(rows, segment).groupby("stage")["person_id"].nunique()
        found |= {(segment, str(stage)): int(count) for stage, count in counts.items()}
    return found


def curve_rows(
    estimand: Estimand,
    curve: Curve,
    people: pd.DataFrame,
    conflicts: pd.DataFrame,
    stages: Sequence[str],
    segments: Sequence[str],
    reader: Reader,
) -> list[dict[str, object]]:
    """Rows of `mood_curve` of one kind of mood: every segment and stage, also those without a voice."""
    present, opposed = _people_of(people, segments), _people_of(conflicts, segments)
    bands = {segment: _band(curve, segment, stages, reader) for segment in segments}
    shrunk = {key: value for stage in stages for key, value in _shrunk(curve, stage, segments, reader).items()}
    return [
        _row(
            estimand,
            curve,
            (segment, stage),
            present.get((segment, stage), 0),
            conflict_count=opposed.get((segment, stage), 0),
            band=bands[segment].get(stage),
            shrunk=shrunk.get((segment, stage), {}),
            small=reader.thresholds.small,
        )
        for segment in segments
        for stage in stages
    ]


def _row(
    estimand: Estimand,
    curve: Curve,
    key: Key,
    present: int,
    *,
    conflict_count: int,
    band: float | None,
    shrunk: dict[str, float],
    small: int,
) -> dict[str, object]:
    metric, told_mean = curve.metrics[key], curve.told_means.get(key)
    mean = metric.estimate
    spoken = curve.speakers.get(key, 0) / present if present else None
    told = told_mean is not None and spoken is not None
    low, high = bounds(told_mean or 0.0, spoken or 0.0)
    silent = SILENT_DIFFER * (1 - (spoken or 0.0))
    flags = (*metric.flags, Flag.CONFLICT) if conflict_count >= small else metric.flags
    return {
        "estimand": str(estimand),
        "segment": metric.segment,
        "stage": metric.stage,
        "estimate": mean,
        "interval_low": metric.interval_low,
        "interval_high": metric.interval_high,
        "band_low": None if mean is None or band is None else max(-1.0, mean - band),
        "band_high": None if mean is None or band is None else min(1.0, mean + band),
        **dict.fromkeys(("shrunk", "shrunk_low", "shrunk_high", "shrink_weight")),
        **shrunk,
        "customer_count": metric.customer_count,
        "stage_customer_count": present,
        "spoken_share": spoken,
        "bound_low": low if told else None,
        "bound_high": high if told else None,
        "delta_low": _moved(metric.interval_low, -silent) if told else None,
        "delta_high": _moved(metric.interval_high, silent) if told else None,
        "conflict_count": conflict_count,
        "flags": ",".join(dict.fromkeys(flags)),
    }


def _moved(end: float | None, by: float) -> float | None:
    """An end of the interval once the silent differ, cut at the scale."""
    return None if end is None else max(-1.0, min(1.0, end + by))


def _band(curve: Curve, segment: str, stages: Sequence[str], reader: Reader) -> dict[str, float]:
    """Half width of the simultaneous band at each stage that may be shown."""
    table = curve.influence.get(segment)
    if table is None or table.empty:
        return {}
    counts = {stage: curve.metrics[segment, stage].customer_count for stage in stages}
    known = [
        stage
        for stage in stages
        if stage in table.columns
        and counts[stage] >= reader.thresholds.small
        and curve.metrics[segment, stage].interval_low is not None
    ]
    if not known:
        return {}
    widths = half_widths(
        table[known].to_numpy(np.float64), np.array([counts[stage] for stage in known], float), reader.confidence
    )
    return dict(zip(known, widths.tolist(), strict=True))


def _shrunk(curve: Curve, stage: str, segments: Sequence[str], reader: Reader) -> dict[Key, dict[str, float]]:
    """Cells of one stage drawn towards the mean of its segments; cells too small to be shown take no part."""
    own = [segment for segment in segments if segment != ALL_SEGMENTS]
    cells = [
        (segment, stage)
        for segment in own
        if (segment, stage) in curve.variances
        and curve.metrics[segment, stage].estimate is not None
        and curve.metrics[segment, stage].customer_count >= reader.thresholds.small
    ]
    if not cells:
        return {}
    means = np.array([curve.metrics[key].estimate for key in cells], dtype=np.float64)
    found = shrink(means, np.array([curve.variances[key] for key in cells]))
    low, high = found.interval(reader.z)
    return {
        key: {
            "shrunk": float(found.estimate[place]),
            "shrunk_low": max(-1.0, float(low[place])),
            "shrunk_high": min(1.0, float(high[place])),
            "shrink_weight": float(found.weight[place]),
        }
        for place, key in enumerate(cells)
    }


def worst_rows(
    rows: Sequence[dict[str, object]], stages: Sequence[str], segments: Sequence[str]
) -> list[dict[str, object]]:
    """Rows of `mood_worst` of one kind of mood: the worst stage of each segment, and how far that can be relied on.

    Only stages that are not thin are ranked, and at least two of them are needed.
    """
    found: list[dict[str, object]] = []
    by_key = {(str(row["segment"]), str(row["stage"])): row for row in rows}
    for segment in segments:
        ranked = [by_key[segment, stage] for stage in stages if _is_ranked(by_key[segment, stage])]
        if len(ranked) < 2:  # noqa: PLR2004 - one stage is the worst of nothing
            continue
        means, shares = (_column(ranked, name) for name in ("estimate", "spoken_share"))
        found.append(
            {
                "estimand": ranked[0]["estimand"],
                "segment": segment,
                "stage": ranked[int(np.argmin(means))]["stage"],
                "tipping_delta": min(SCALE, tipping_point(means, shares)),
                "stage_count": len(ranked),
            }
        )
    return found


def _is_ranked(row: dict[str, object]) -> bool:
    is_thin = Flag.THIN in str(row["flags"]).split(",")
    return row["estimate"] is not None and row["spoken_share"] is not None and not is_thin


def _column(rows: Sequence[dict[str, object]], name: str) -> FloatArray:
    return np.array([row[name] for row in rows], dtype=np.float64)
