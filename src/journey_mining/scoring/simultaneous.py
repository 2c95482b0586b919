"""A band around several means that holds all of them at once (sup-t), because people read the whole curve.

Montiel Olea, Plagborg-Moller 2019: the quantile of the largest |t| over the stages, with the correlations brought about
by customers who spoke of several stages.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from journey_mining.scoring.competing_risks import FloatArray

_DRAWS = 20_000
_SEED = 20_190


def influence_of(votes: FloatArray) -> FloatArray:
    """What each customer does to each mean: (vote - mean) / n, 0 where he said nothing.

    Args:
        votes: one row per customer and one column per stage, NaN where he said nothing.
    """
    counts = (~np.isnan(votes)).sum(axis=0)
    with np.errstate(invalid="ignore"):
        means = np.nansum(votes, axis=0) / np.maximum(counts, 1)
        return np.where(np.isnan(votes), 0.0, (votes - means) / np.maximum(counts, 1))


def half_widths(influence: FloatArray, counts: FloatArray, confidence: float) -> FloatArray:
    """Half widths of the band, one per stage; at one stage alone it is Student's interval.

    Args:
        influence: one row per customer and one column per stage; every column needs some spread.
        counts: customers behind each stage, at least 2.
        confidence: of the band as a whole.
    """
    covariance = influence.T @ influence
    errors = np.sqrt(np.diag(covariance))
    largest = _largest(covariance / np.outer(errors, errors), confidence)
    tail = stats.norm.sf(largest)
    # the means are of few customers: the same tail of Student's distribution instead of the normal one
    widths: FloatArray = stats.t.isf(tail, counts - 1) * errors * np.sqrt(counts / (counts - 1))
    return widths


def _largest(correlation: FloatArray, confidence: float) -> float:
    """Quantile of the largest absolute value of normal variables with these correlations."""
    if len(correlation) == 1:
        return float(stats.norm.ppf((1 + confidence) / 2))
    values, vectors = np.linalg.eigh(correlation)
    root = vectors * np.sqrt(np.clip(values, 0.0, None))
    rng = np.random.Generator(np.random.PCG64(_SEED))
    draws = np.abs(rng.standard_normal((_DRAWS, len(correlation))) @ root.T).max(axis=1)
    return float(np.quantile(draws, confidence))
