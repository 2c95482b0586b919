"""The mean of everybody from the answers of some: augmented inverse probability weighting.

Who answers differs from who stays silent. What was known of all before anybody asked - waits, contacts, what they
wrote - foretells both the answer and whether there is one; either of the two forecasts suffices for the mean to be
right (Bang, Robins 2005).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import special

from journey_mining.scoring.competing_risks import FloatArray, IntArray

LEAST_CHANCE = 0.02
"""chances to answer below this are counted as this, so that no single answer stands for more than fifty people"""
_RIDGE = 1e-6
"""keeps the fit finite where a trait tells the answering exactly"""
_STEPS = 50
_STILL = 1e-10

BoolArray = np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Everybody:
    """What is estimated of each of n customers; the mean over any group of them is that group's mean."""

    score: FloatArray
    """yhat + R (y - yhat) / pi, shape (n,), on the scale of the answers"""
    is_told: BoolArray
    """whose answer counted, shape (n,)"""
    parameter_count: int
    """of the forecast of answers, the constant included"""

    def mean(self, members: BoolArray) -> float:
        """Mean of a group."""
        return float(self.score[members].mean())

    def influence(self, members: BoolArray, cluster: IntArray) -> FloatArray:
        """What each customer does to the mean of a group, by number of `cluster`; NaN where too few of all answered.

        Times sqrt(n_R / (n_R - p)), because the forecast was fitted to the same answers: each residual is too small by
        about its part of the p / n_R (HC1; MacKinnon, White 1985).
        """
        answered, fitted = int(self.is_told.sum()), self.parameter_count
        scores = self.score[members]
        sums = np.bincount(cluster[members], weights=(scores - scores.mean()) / len(scores))
        spread = answered / (answered - fitted) if answered > fitted else np.nan
        parts: FloatArray = sums * np.sqrt(spread)
        return parts

    def error(self, members: BoolArray, cluster: IntArray) -> float:
        """Standard error of the mean of a group; NaN where too few of all answered."""
        sums = self.influence(members, cluster)
        return float(np.sqrt(sums @ sums))


def everybody(value: FloatArray, is_invited: BoolArray, is_told: BoolArray, traits: FloatArray) -> Everybody:
    """Scores of all customers of a stage.

    Args:
        value: answers, shape (n,); read only where `is_told`.
        is_invited: who was asked, shape (n,).
        is_told: who answered when asked, shape (n,).
        traits: what was known of everybody before they were asked, shape (n, p) without a constant.

    Raises:
        ValueError: nobody was asked, or nobody answered.
    """
    if not is_told.any() or not is_invited.any():
        message = "nobody answered"
        raise ValueError(message)
    design = _design(traits)
    # to answer one must be asked, and then be willing; each has a chance of its own
    asked = chances(is_invited, design)
    willing = chances(is_told[is_invited], design[is_invited], of=design)
    chance = np.clip(asked * willing, LEAST_CHANCE, 1.0)
    coefficients, *_ = np.linalg.lstsq(design[is_told], value[is_told], rcond=None)
    forecast = np.clip(design @ coefficients, -1.0, 1.0)
    surplus = np.where(is_told, np.where(is_told, value, 0.0) - forecast, 0.0)
    return Everybody(
        score=forecast + surplus / chance, is_told=is_told, parameter_count=int(np.linalg.matrix_rank(design[is_told]))
    )


def chances(happened: BoolArray, design: FloatArray, *, of: FloatArray | None = None) -> FloatArray:
    """Chance of an event by logistic regression on `design`, for the rows of `of` (or of `design` itself).

    Newton's method; a tiny ridge on all but the constant keeps it finite where a trait tells the event exactly.
    """
    target = design if of is None else of
    share = float(happened.mean())
    if share in (0.0, 1.0):
        return np.full(len(target), share)
    ridge = np.full(design.shape[1], _RIDGE * len(design))
    ridge[0] = 0.0
    weights = np.zeros(design.shape[1])
    weights[0] = special.logit(share)
    for _ in range(_STEPS):
        chance = special.expit(design @ weights)
        slope = design.T @ (happened - chance) - ridge * weights
        bend = (design * (chance * (1 - chance))[:, None]).T @ design + np.diag(ridge)
        step, *_ = np.linalg.lstsq(bend, slope, rcond=None)
        weights = weights + step
        if float(np.abs(step).max()) < _STILL:
            break
    result: FloatArray = special.expit(target @ weights)
    return result


def _design(traits: FloatArray) -> FloatArray:
    """A constant, and the traits that vary, each with mean 0 and spread 1."""
    spread = traits.std(axis=0)
    varying = traits[:, spread > 0]
    scaled = (varying - varying.mean(axis=0)) / varying.std(axis=0)
    return np.column_stack([np.ones(len(traits)), scaled])


def bounds(mean: float, spoken_share: float) -> tuple[float, float]:
    """Where the mean of everybody lies if nothing at all is assumed of the silent (Manski 2003).

    `mean` is that of those who spoke, as they spoke: a corrected mean has an assumption about the silent in it.

    >>> bounds(0.2, 0.25)
    (-0.7, 0.8)
    """
    spoken = spoken_share * mean
    return spoken - (1 - spoken_share), spoken + (1 - spoken_share)


def tipping_point(means: FloatArray, spoken_shares: FloatArray) -> float:
    """By how much the silent of each stage may differ before the worst stage need not be the worst any more.

    The smallest delta at which the worst stage's mean with its silent delta better equals that of another one with its
    silent delta worse: (m_s - m_w) / (2 - c_w - c_s). Infinite where everybody spoke; NaN for a single stage.

    >>> tipping_point(np.array([-0.2, 0.1]), np.array([0.5, 0.5]))
    0.30000000000000004
    """
    if len(means) < 2:  # noqa: PLR2004 - one stage is the worst of nothing
        return float("nan")
    worst = int(np.argmin(means))
    others = np.arange(len(means)) != worst
    silent = (1 - spoken_shares[worst]) + (1 - spoken_shares[others])
    gaps = means[others] - means[worst]
    return float(np.min(np.divide(gaps, silent, out=np.full(len(gaps), np.inf), where=silent > 0)))
