"""What every sentiment engine offers and returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

LABELS = ("negative", "neutral", "positive")
"""order of the probabilities"""
FEELINGS = ("satisfaction",)
"""order of the feelings that are told; others did not pass the bar of docs/voice-model.md"""
LABEL_OF = {"frustration": "negative", "distrust": "negative", "satisfaction": "positive", "trust": "positive"}
"""label that a feeling cannot do without: its chance is never larger than that of the label"""
DECIMALS = 4
"""scores are rounded, so that the last bits of a processor do not show in published tables"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentimentBatch:
    """Scores of a batch of messages, in the order they were given."""

    probabilities: NDArray[np.float64]
    """shape (messages, 3): negative, neutral, positive; a row of NaN where nothing could be scored"""
    languages: tuple[str, ...]
    """ru, en, mixed or und"""
    flags: tuple[str, ...]
    """comma-separated words: empty, wordless, short, transliterated, truncated, other_language, automatic"""
    feelings: NDArray[np.float64] | None = None
    """shape (messages, feelings): chance of each of `FEELINGS`, NaN where none is told; None: the engine tells none"""

    def scores(self) -> NDArray[np.float64]:
        """Probability of positive minus that of negative, in [-1, 1]; NaN where not scored."""
        scores: NDArray[np.float64] = np.round(self.probabilities[:, 2] - self.probabilities[:, 0], DECIMALS)
        return scores + 0.0  # turns -0.0 into 0.0

    def labels(self) -> list[str | None]:
        """The likeliest of `LABELS`, or None where not scored."""
        scored = ~np.isnan(self.probabilities[:, 0])
        best = np.argmax(np.where(scored[:, None], self.probabilities, 0.0), axis=1)
        return [LABELS[label] if known else None for label, known in zip(best, scored, strict=True)]

    def to_arrow(self) -> pa.Table:
        """Columns score, label, confidence, `FEELINGS`, language, flags; null where not scored, never 0."""
        unknown = np.isnan(self.probabilities[:, 0])
        feelings = np.full((len(unknown), len(FEELINGS)), np.nan) if self.feelings is None else self.feelings
        confidence = np.round(self.probabilities.max(axis=1, initial=-np.inf), DECIMALS)
        return pa.table(
            {
                "score": pa.array(self.scores(), pa.float64(), mask=unknown),
                "label": pa.array(self.labels(), pa.string()),
                "confidence": pa.array(confidence, pa.float64(), mask=unknown),
                **{
                    name: pa.array(np.round(chance, DECIMALS), pa.float64(), mask=np.isnan(chance))
                    for name, chance in zip(FEELINGS, feelings.T, strict=True)
                },
                "language": pa.array(self.languages, pa.string()),
                "flags": pa.array(self.flags, pa.string()),
            }
        )


class SentimentEngine(Protocol):
    """Anything that can score messages. Scores of a message may not depend on the others of the batch.

    An engine may have an attribute `reads_any_language`; where it is true, texts of other languages keep their scores.
    """

    @property
    def name(self) -> str:
        """Name and version, as written into the column `engine`."""

    def score(self, texts: Sequence[str | None]) -> SentimentBatch:
        """Score messages; None and texts without anything to score give NaN."""
