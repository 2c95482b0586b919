"""The curve of all customers: per stage, what everybody there would answer, from those who were asked and did.

In: the table `stage_customer`. Out: a `Curve` of the estimand `all_customers`. Where no source tells who was asked
there is no estimate at all (`no_invitations`): nobody knows then whether the silent were silent or not asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from journey_mining.scoring.competing_risks import FloatArray
from journey_mining.scoring.episodes import in_segment
from journey_mining.scoring.everybody import BoolArray, Everybody, everybody
from journey_mining.scoring.metric import Flag, Method, Metric
from journey_mining.scoring.mood_curve import Curve, Key
from journey_mining.scoring.occupancy import Reader
from journey_mining.vocabulary import ALL_SEGMENTS, Estimand

ANSWERS_PER_TRAIT = 5
"""fewest answers for each number that the forecast is fitted with"""


def everybody_curve(people: pd.DataFrame, stages: Sequence[str], segments: Sequence[str], reader: Reader) -> Curve:
    """The curve of all segments and stages; `people` has the columns of `stage_customer`."""
    has_invitations = bool((people["invited_count"] > 0).any())
    metrics: dict[Key, Metric] = {}
    influence: dict[str, dict[str, pd.Series[float]]] = {segment: {} for segment in segments}
    told_means: dict[Key, float] = {}
    variances: dict[Key, float] = {}
    for stage in stages:
        there = people[people["stage"] == stage].sort_values(["person_id", "segment"]).reset_index(drop=True)
        fitted = _fitted(there, reader) if has_invitations else None
        for segment in segments:
            members = np.isin(there.index, in_segment(there, segment).index)
            metric = _metric(there, fitted, members, reader, segment=segment, stage=stage)
            missing = () if has_invitations else (Flag.NO_INVITATIONS,)
            metrics[segment, stage] = replace(metric, flags=(*metric.flags, *missing))
            if fitted is not None and metric.estimate is not None:
                told_means[segment, stage] = _told_mean(there[members & _told(there)])
                influence[segment][stage] = _influence(there, fitted, members)
                if segment != ALL_SEGMENTS:
                    variances[segment, stage] = _error(there, fitted, members) ** 2
    return Curve(
        metrics=metrics,
        influence={segment: pd.DataFrame(parts).fillna(0.0).sort_index() for segment, parts in influence.items()},
        speakers={key: metric.customer_count for key, metric in metrics.items()},
        told_means=told_means,
        variances={key: value for key, value in variances.items() if value > 0},
    )


def _fitted(there: pd.DataFrame, reader: Reader) -> Everybody | None:
    """The scores of everybody in a stage; None where too few answered."""
    invited, told = _invited(there), _told(there)
    traits = traits_of(there)
    if told.sum() < max(reader.thresholds.thin, ANSWERS_PER_TRAIT * (traits.shape[1] + 1)):
        return None
    value = there["reply_mean"].fillna(0.0).to_numpy(np.float64)
    return everybody(value, invited, told, traits)


def traits_of(there: pd.DataFrame) -> FloatArray:
    """What was known of everybody before they were asked: returns, waits, contacts, reopenings, words, the segment."""
    columns = [
        (there["earlier_stay_count"] > 1).to_numpy(np.float64),
        (there["earlier_slow_count"] > 0).to_numpy(np.float64),
        (there["earlier_repeat_count"] > 0).to_numpy(np.float64),
        np.log1p(there["earlier_contact_count"].to_numpy(np.float64)),
        (there["earlier_reopened_count"] > 0).to_numpy(np.float64),
        (there["earlier_text_count"] > 0).to_numpy(np.float64),
        there["earlier_text_mean"].fillna(0.0).to_numpy(np.float64),
    ]
    segments = sorted(there["segment"].unique())
    columns += [(there["segment"] == segment).to_numpy(np.float64) for segment in segments[1:]]
    varying = [column for column in columns if len(column) and np.ptp(column) > 0]
    return np.column_stack(varying) if varying else np.zeros((len(there), 0))


def _invited(there: pd.DataFrame) -> BoolArray:
    return (there["invited_count"] > 0).to_numpy(np.bool_)


def _told(there: pd.DataFrame) -> BoolArray:
    """Who answered an invitation; answers of others say nothing of the chance to answer."""
    return _invited(there) & (there["reply_count"] > 0).to_numpy(np.bool_)


def _metric(
    there: pd.DataFrame, fitted: Everybody | None, members: BoolArray, reader: Reader, *, segment: str, stage: str
) -> Metric:
    told = there[members & _told(there)]
    customers = int(told["person_id"].nunique())
    base = Metric(
        estimand=Estimand.ALL_CUSTOMERS,
        segment=segment,
        stage=stage,
        customer_count=customers,
        event_count=int(told["reply_count"].sum()),
        method=Method.AUGMENTED_WEIGHTS,
        flags=reader.thresholds.flags(customers),
    )
    if fitted is None or not customers:
        return replace(base, flags=(*base.flags, Flag.TOO_FEW_ANSWERS)) if customers else base
    mean, half = fitted.mean(members), reader.z * _error(there, fitted, members)
    if not half > 0:
        return replace(base, estimate=float(np.clip(mean, -1.0, 1.0)), flags=(*base.flags, Flag.THIN))
    low, high = np.clip([mean - half, mean + half], -1.0, 1.0)
    return replace(base, estimate=float(np.clip(mean, -1.0, 1.0)), interval_low=float(low), interval_high=float(high))


def _told_mean(told: pd.DataFrame) -> float:
    """What those who answered said, uncorrected; one customer one vote."""
    return float(told.groupby("person_id", sort=True)["reply_mean"].mean().mean())


def _error(there: pd.DataFrame, fitted: Everybody, members: BoolArray) -> float:
    return fitted.error(members, pd.factorize(there["person_id"], sort=True)[0])


def _influence(there: pd.DataFrame, fitted: Everybody, members: BoolArray) -> pd.Series[float]:
    """What each customer does to the mean of the members, by id; the same values that the interval is made of."""
    numbers, names = pd.factorize(there["person_id"], sort=True)
    parts = pd.Series(fitted.influence(members, numbers), index=names[: numbers[members].max() + 1])
    summed: pd.Series[float] = parts[np.isin(parts.index, there.loc[members, "person_id"])]
    return summed
