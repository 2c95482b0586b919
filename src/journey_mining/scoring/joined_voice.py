"""Whether texts and survey answers say the same; if so, one number of both, and how often they contradict each other.

In: the tables `answer_pair` and `voice_answer`. Out: the table `voice_rating_link` and `Metric` values.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import stats

from journey_mining.scoring.answers import customer_votes
from journey_mining.scoring.competing_risks import FloatArray
from journey_mining.scoring.episodes import in_segment
from journey_mining.scoring.metric import Flag, Method, Metric
from journey_mining.scoring.occupancy import Reader
from journey_mining.vocabulary import Estimand

LEAST_CUSTOMERS = 100
LEAST_CORRELATION = 0.3
"""for the lower end of the interval: a hundred customers with .3 may well have .1"""
KIND_TEXT = 0.05
"""scores above this are kind words"""
LOW_RATING = -0.5
"""2 of 5 on the scale from -1 to 1"""

VOICE_RATING_LINK = pa.schema(
    [
        ("customer_count", pa.int64()),
        ("rank_correlation", pa.float64()),
        ("correlation_low", pa.float64()),
        ("correlation_high", pa.float64()),
        ("is_joined", pa.bool_()),
        ("reason", pa.string()),
        ("intercept", pa.float64()),
        ("slope", pa.float64()),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """How texts and answers of the same customers go together."""

    customers: int
    """who did both about one stage within 14 days"""
    correlation: float | None
    """Spearman's; None where it cannot be told"""
    interval: tuple[float, float] | None
    """of the correlation"""
    line: FloatArray
    """intercept and slope that bring a text to the scale of answers"""
    covariance: FloatArray
    """of the line, shape (2, 2), robust to unequal spread"""

    @property
    def reason(self) -> str:
        """Why both may or may not be put on one scale."""
        if self.customers < LEAST_CUSTOMERS or self.interval is None:
            return "too_few"
        return "joined" if self.interval[0] >= LEAST_CORRELATION else "too_weak"

    @property
    def is_joined(self) -> bool:
        """Whether they may."""
        return self.reason == "joined"


def link_of(pairs: pd.DataFrame, confidence: float) -> Link:
    """The link over all customers with both; `pairs` has the columns of `answer_pair`.

    A comment beside its own score goes with it more closely than any ticket goes with an answer: it takes no part.
    """
    pairs = pairs[~pairs["is_one_telling"].astype(bool)]
    both = pairs.groupby("person_id", sort=True)[["text_value", "answer_value"]].mean()
    texts, ratings = both["text_value"].to_numpy(np.float64), both["answer_value"].to_numpy(np.float64)
    varied = len(both) > 2 and np.ptp(texts) > 0 and np.ptp(ratings) > 0  # noqa: PLR2004 - a line needs three points
    if not varied:
        return Link(customers=len(both), correlation=None, interval=None, line=np.zeros(2), covariance=np.zeros((2, 2)))
    design = np.column_stack([np.ones(len(texts)), texts])
    inverse = np.linalg.inv(design.T @ design)
    line = inverse @ design.T @ ratings
    residual = ratings - design @ line
    meat = (design * residual[:, None] ** 2).T @ design * len(texts) / (len(texts) - 2)
    correlation = float(stats.spearmanr(texts, ratings).statistic)
    return Link(
        customers=len(both),
        correlation=correlation,
        interval=rank_interval(correlation, len(both), confidence),
        line=line,
        covariance=inverse @ meat @ inverse,
    )


def rank_interval(correlation: float, count: int, confidence: float) -> tuple[float, float] | None:
    """Interval of Spearman's correlation of `count` pairs (Bonett, Wright 2000); None of three pairs or fewer.

    >>> low, high = rank_interval(0.5, 100, 0.95)
    >>> round(low, 3), round(high, 3)
    (0.326, 0.641)
    """
    if count <= 3:  # noqa: PLR2004 - the error divides by count - 3
        return None
    centre = math.atanh(min(max(correlation, -1 + 1e-12), 1 - 1e-12))
    half = float(stats.norm.ppf((1 + confidence) / 2)) * math.sqrt((1 + correlation**2 / 2) / (count - 3))
    return math.tanh(centre - half), math.tanh(centre + half)


def link_table(link: Link) -> pa.Table:
    """The one row of `voice_rating_link`."""
    row = {
        "customer_count": link.customers,
        "rank_correlation": link.correlation,
        "correlation_low": link.interval[0] if link.interval else None,
        "correlation_high": link.interval[1] if link.interval else None,
        "is_joined": link.is_joined,
        "reason": link.reason,
        "intercept": float(link.line[0]) if link.is_joined else None,
        "slope": float(link.line[1]) if link.is_joined else None,
    }
    return pa.Table.from_pylist([row], schema=VOICE_RATING_LINK)


def conflicts(pairs: pd.DataFrame) -> pd.DataFrame:
    """Customers whose words about a stage are kind while they rate it 2 of 5 or lower, on one sheet or two."""
    is_conflict = (pairs["text_value"] > KIND_TEXT) & (pairs["answer_value"] <= LOW_RATING)
    return pairs.loc[is_conflict, ["person_id", "segment", "stage"]].drop_duplicates()


def joined_metrics(
    answers: pd.DataFrame, link: Link, stages: list[str], segments: list[str], reader: Reader
) -> list[Metric]:
    """Texts and answers as one number; rows without an estimate (`apart`) where they may not be joined."""
    return [
        _joined(in_segment(answers, segment), link, reader, segment=segment, stage=stage)
        for segment in segments
        for stage in ("", *stages)
    ]


def _joined(rows: pd.DataFrame, link: Link, reader: Reader, *, segment: str, stage: str) -> Metric:
    told = rows[rows["stage"] == stage] if stage else rows
    is_text = told["kind"] == "text"
    both = pd.concat([customer_votes(told[is_text]), customer_votes(told[~is_text])], axis=1, keys=["text", "rating"])
    base = Metric(
        estimand=Estimand.VOICE_AND_RATING,
        segment=segment,
        stage=stage,
        customer_count=len(both),
        journey_count=int(told["journey_id"].nunique()),
        event_count=len(told),
        method=Method.STUDENT_T,
        flags=reader.thresholds.flags(len(both)),
    )
    if not link.is_joined or not len(both):
        return base if link.is_joined else replace(base, flags=(*base.flags, Flag.APART))
    text, rating = both["text"].to_numpy(np.float64), both["rating"].to_numpy(np.float64)
    # who did both has one vote, half of it from each
    share = np.where(np.isnan(text), 0.0, np.where(np.isnan(rating), 1.0, 0.5))
    known_text = np.where(np.isnan(text), 0.0, text)
    votes = share * (link.line[0] + link.line[1] * known_text) + (1 - share) * np.where(np.isnan(rating), 0.0, rating)
    half = _half_width(votes, np.array([share.mean(), (share * known_text).mean()]), link, reader)
    mean = float(np.clip(votes.mean(), -1.0, 1.0))
    if half is None:
        return replace(base, estimate=mean, flags=(*base.flags, Flag.THIN))
    return replace(base, estimate=mean, interval_low=max(-1.0, mean - half), interval_high=min(1.0, mean + half))


def _half_width(votes: FloatArray, lean: FloatArray, link: Link, reader: Reader) -> float | None:
    """Of Student's interval, widened by what the line itself is unsure of; `lean` is how the mean hangs on the line."""
    if len(votes) < 2 or np.ptp(votes) == 0:  # noqa: PLR2004 - a spread needs two
        return None
    variance = float(votes.var(ddof=1)) / len(votes) + float(lean @ link.covariance @ lean)
    return float(stats.t.ppf((1 + reader.confidence) / 2, len(votes) - 1)) * math.sqrt(variance)
