"""VADER, a lexicon with rules for English: a yardstick beside the embedded engine. Needs the extra `vader`."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version

import numpy as np
from numpy.typing import NDArray

from journey_mining.errors import SettingsError
from journey_mining.voice.batch import LABELS, SentimentBatch
from journey_mining.voice.scorable import scorable

_NEUTRAL_WITHIN = 0.05
"""as its authors advise"""


class VaderEngine:
    """Scores English; everything else has no score."""

    def __init__(self) -> None:
        """Load the lexicon.

        Raises:
            SettingsError: the package is not installed.
        """
        try:
            from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
        except ImportError as missing:
            raise SettingsError(
                "The engine vader needs the package vaderSentiment, which is not installed.",
                expected="the packages of the extra vader.",
                todo="pip install 'journey-mining[vader]', or name another engine in [voice] of journey.toml.",
            ) from missing
        self._analyser = SentimentIntensityAnalyzer()
        self.name = f"vader-{version('vaderSentiment')}"

    def score(self, texts: Sequence[str | None]) -> SentimentBatch:
        """Score messages; see `SentimentEngine`."""
        given = scorable(texts, languages=frozenset({"en", "mixed"}))
        compounds = [float(self._analyser.polarity_scores(text)["compound"]) for text in given.said]
        return given.batch(shares_of(np.array(compounds)))


def shares_of(compounds: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities whose difference positive - negative is the compound and whose likeliest label is VADER's."""
    size = np.abs(compounds)
    shares = np.empty((len(compounds), len(LABELS)))
    is_neutral = size < _NEUTRAL_WITHIN
    shares[:] = np.where(is_neutral, 0.0, (1 - size) / 3)[:, None]
    shares[is_neutral, 1] = 1 - size[is_neutral]
    side = np.where(compounds > 0, 2, 0)
    shares[np.arange(len(side)), side] += size
    return shares
