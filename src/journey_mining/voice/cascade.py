"""Two engines in a row: a heavy one reads only what the embedded one is unsure of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from journey_mining.voice.batch import SentimentBatch, SentimentEngine


@dataclass(frozen=True, slots=True, kw_only=True)
class CascadeEngine:
    """`light` reads everything, `heavy` what is less sure than `unsure_below`, or was not scored for its language."""

    light: SentimentEngine
    heavy: SentimentEngine
    unsure_below: float

    @property
    def name(self) -> str:
        """Both names and the border."""
        return f"cascade({self.light.name}<{self.unsure_below:g}:{self.heavy.name})"

    @property
    def reads_any_language(self) -> bool:
        """As the heavy engine."""
        return bool(getattr(self.heavy, "reads_any_language", False))

    def score(self, texts: Sequence[str | None]) -> SentimentBatch:
        """Score messages; see `SentimentEngine`.

        Where the heavy engine has no answer, that of the light one stands; feelings are told by the light one only.
        """
        light = self.light.score(texts)
        surest = np.nan_to_num(light.probabilities, nan=0.0).max(axis=1)
        foreign = np.array(["other_language" in flags for flags in light.flags], np.bool_)
        unscored = np.isnan(light.probabilities[:, 0])
        rows = np.flatnonzero(np.where(unscored, foreign, surest < self.unsure_below))
        heavy = self.heavy.score([texts[row] for row in rows.tolist()])
        probabilities, flags, languages = light.probabilities.copy(), list(light.flags), list(light.languages)
        for place, row in enumerate(rows):
            if not np.isnan(heavy.probabilities[place, 0]):
                probabilities[row] = heavy.probabilities[place]
                flags[row], languages[row] = heavy.flags[place], heavy.languages[place]
        return SentimentBatch(
            probabilities=probabilities,
            languages=tuple(languages),
            flags=tuple(flags),
            feelings=light.feelings,
        )
