"""How well labels told match labels known: macro-F1, confusion, calibration; every number with its interval.

In: labels as numbers (place in `LABELS`) and probabilities of shape (texts, 3). Out: estimates with percentile
intervals of a bootstrap over customers, because texts of one customer resemble each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta, rankdata

from journey_mining.voice.batch import LABELS

Labels = NDArray[np.int64]
Probabilities = NDArray[np.float64]

DRAWS = 1_000
_SEED = 20_240_229
_BINS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """An estimate with its 95 % interval."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Confusion:
    """How texts of each known label were told."""

    counts: NDArray[np.int64]
    """shape (3, 3): rows are known, columns told, in the order of `LABELS`"""
    low: NDArray[np.float64]
    """lower ends of the shares of each row, Clopper and Pearson, 95 %; NaN in empty rows"""
    high: NDArray[np.float64]


def macro_f1(known: Labels, told: Labels) -> float:
    """Mean over the labels that are known of 2TP / (2TP + FP + FN); NaN without texts.

    >>> macro_f1(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 2]))
    0.7777777777777777
    """
    present = np.unique(known)
    if not len(present):
        return float("nan")
    return float(np.mean([_f1(known, told, label) for label in present]))


def _f1(known: Labels, told: Labels, label: int) -> float:
    hits = np.sum((known == label) & (told == label))
    return float(2 * hits / (np.sum(known == label) + np.sum(told == label)))


def told_labels(probabilities: Probabilities, known: Labels) -> Labels:
    """The likeliest label of each text, among those that are known at all; neutral where nothing was scored.

    A set that knows negative and positive only cannot tell whether "neutral" was wrong.
    """
    scored = np.where(np.isnan(probabilities[:, :1]), np.array((0.0, 1.0, 0.0)), probabilities)
    allowed = np.isin(np.arange(len(LABELS)), known)
    told: Labels = np.argmax(np.where(allowed, scored, -1.0), axis=1)
    return told


def macro_f1_interval(known: Labels, told: Labels, customers: Labels) -> Measured:
    """Macro-F1 with a percentile interval over draws of customers."""
    draws = draws_of_customers(lambda rows: macro_f1(known[rows], told[rows]), customers)
    return measured(macro_f1(known, told), draws)


def macro_f1_gain(known: Labels, before: Labels, after: Labels, customers: Labels) -> tuple[Measured, float]:
    """Macro-F1 after minus before on the same texts, and the share of draws in which it grew."""
    draws = draws_of_customers(
        lambda rows: macro_f1(known[rows], after[rows]) - macro_f1(known[rows], before[rows]), customers
    )
    gain = macro_f1(known, after) - macro_f1(known, before)
    return measured(gain, draws), float(np.mean(draws > 0))


def confusion(known: Labels, told: Labels) -> Confusion:
    """Counts, and exact intervals of the shares within each known label."""
    counts = np.zeros((len(LABELS), len(LABELS)), np.int64)
    np.add.at(counts, (known, told), 1)
    totals = counts.sum(axis=1, keepdims=True)
    missed = totals - counts
    low = np.where(counts > 0, beta.ppf(0.025, np.maximum(counts, 1), missed + 1), 0.0)
    high = np.where(missed > 0, beta.ppf(0.975, counts + 1, np.maximum(missed, 1)), 1.0)
    empty = np.broadcast_to(totals == 0, counts.shape)
    return Confusion(counts=counts, low=np.where(empty, np.nan, low), high=np.where(empty, np.nan, high))


def calibration_error(known: Labels, probabilities: Probabilities) -> float:
    """Expected calibration error: |share right - mean confidence| over ten bins of confidence, weighed by texts.

    Source: Naeini, Cooper, Hauskrecht, AAAI 2015. Texts without a score are left out; NaN where none has one.
    """
    scored = ~np.isnan(probabilities[:, 0])
    if not scored.any():
        return float("nan")
    confidence = probabilities[scored].max(axis=1)
    right = probabilities[scored].argmax(axis=1) == known[scored]
    places = np.minimum((confidence * _BINS).astype(np.int64), _BINS - 1)
    apart = np.bincount(places, weights=right - confidence, minlength=_BINS)
    return float(np.abs(apart).sum() / scored.sum())


def area_under_curve(is_negative: NDArray[np.bool_], score: NDArray[np.float64]) -> float:
    """Probability that a negative text scores below another one, ties half (Mann and Whitney); NaN on one side only."""
    ranks = rankdata(-score)
    hits, rest = int(is_negative.sum()), int((~is_negative).sum())
    if not hits or not rest:
        return float("nan")
    return float((ranks[is_negative].sum() - hits * (hits + 1) / 2) / (hits * rest))


def draws_of_customers(measure: Callable[[NDArray[np.int64]], float], customers: Labels) -> NDArray[np.float64]:
    """The measure on `DRAWS` samples of customers, each with all of its texts."""
    _, places = np.unique(customers, return_inverse=True)
    order = np.argsort(places, kind="stable")
    counts = np.bincount(places)
    starts = np.cumsum(counts) - counts
    chance = np.random.default_rng(_SEED)
    values = np.empty(DRAWS)
    for draw in range(DRAWS):
        chosen = chance.integers(0, len(counts), len(counts))
        sizes = counts[chosen]
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        values[draw] = measure(order[np.repeat(starts[chosen], sizes) + within])
    return values


def measured(estimate: float, draws: NDArray[np.float64]) -> Measured:
    """The estimate with the middle 95 % of its draws."""
    low, high = np.nanquantile(draws, (0.025, 0.975))
    return Measured(estimate=estimate, low=float(low), high=float(high))
