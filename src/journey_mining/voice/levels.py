"""Levels: what share of the texts is negative, neutral and positive, corrected for how the engine errs.

In: labelled texts with the probabilities an engine gave them unseen, and mean probabilities of a group. Out: shares
that explain the means best. Method: probabilistic adjusted classify and count (PACC; Bella et al., ICDM 2010), solved
within the simplex as a least-squares problem.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from journey_mining.voice.batch import LABELS

FEWEST_LABELS = 50
"""labels of each kind without which the correction may do more harm than good"""
FLATTEST = 0.2
"""least slope: how far the mean scores of positive and negative texts lie apart, of the 2 that they could"""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How an engine answers to texts whose label is known."""

    means: Numbers
    """shape (3, 3): row = known label, column = mean probability given to each; NaN where a label has no text"""
    counts: tuple[int, int, int]
    """labelled texts of each label"""

    @property
    def slope(self) -> float:
        """Half the distance between mean scores of positive and negative texts: 1 perfect, 0 blind."""
        scores = self.means[:, 2] - self.means[:, 0]
        return float((scores[2] - scores[0]) / 2)

    @property
    def is_usable(self) -> bool:
        """Whether levels may be corrected; otherwise only the index is shown."""
        return min(self.counts) >= FEWEST_LABELS and self.slope >= FLATTEST

    @property
    def reason(self) -> str:
        """Why levels may not be corrected, in words; empty where they may."""
        if min(self.counts) < FEWEST_LABELS:
            told = ", ".join(f"{count} {label}" for count, label in zip(self.counts, LABELS, strict=True))
            return f"{told} labels; at least {FEWEST_LABELS} of each are needed"
        if self.slope < FLATTEST:
            return f"the engine tells positive from negative too weakly (slope {self.slope:.2f}, needed {FLATTEST})"
        return ""


def calibration(labels: NDArray[np.int64], probabilities: Numbers) -> Calibration:
    """Mean probabilities by known label; texts without a score are left out."""
    scored = ~np.isnan(probabilities[:, 0])
    labels, probabilities = labels[scored], probabilities[scored]
    counts = np.bincount(labels, minlength=len(LABELS))
    sums = np.stack([probabilities[labels == label].sum(axis=0) for label in range(len(LABELS))])
    with np.errstate(invalid="ignore"):
        means = np.where(counts[:, None] > 0, sums / counts[:, None], np.nan)
    negative, neutral, positive = (int(count) for count in counts)
    return Calibration(means=means, counts=(negative, neutral, positive))


def corrected_shares(means: Numbers, observed: Numbers) -> Numbers:
    """The shares s >= 0 with sum 1 for which s @ means is nearest to `observed`; shape (3,).

    Exact: the best point of every face of the simplex is computed, and the best of those inside their face is taken.

    >>> corrected_shares(np.array([[.8, .2, 0], [.1, .8, .1], [0, .2, .8]]), np.array([.45, .5, .05])).round(6).tolist()
    [0.5, 0.5, 0.0]
    """
    candidates = [face for size in range(1, len(LABELS) + 1) for face in combinations(range(len(LABELS)), size)]
    best, least = np.full(len(LABELS), 1 / len(LABELS)), np.inf
    for face in candidates:
        shares = _best_on(face, means, observed)
        off = float(((shares @ means - observed) ** 2).sum())
        if shares.min() >= 0 and off < least:
            best, least = shares, off
    return best


def _best_on(face: tuple[int, ...], means: Numbers, observed: Numbers) -> Numbers:
    """Least squares over shares of the labels of `face` that sum to one; may be negative."""
    last, rest = face[-1], list(face[:-1])
    shares = np.zeros(len(LABELS))
    found = np.linalg.lstsq((means[rest] - means[last]).T, observed - means[last], rcond=None)[0] if rest else []
    shares[rest] = found
    shares[last] = 1.0 - shares[rest].sum()
    return shares
