"""Sentiment engines by name: `embedded`, `none`, and those that other packages register."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import entry_points

import numpy as np

from journey_mining.errors import SettingsError, did_you_mean
from journey_mining.voice.batch import LABELS, SentimentBatch, SentimentEngine
from journey_mining.voice.embedded import embedded_engine
from journey_mining.voice.language import language_of

ENTRY_POINTS = "journey_mining.sentiment_engines"
"""group under which a package registers a callable that returns a `SentimentEngine`"""


class NoEngine:
    """Scores nothing; for projects that must not read texts."""

    name = "none"

    def score(self, texts: Sequence[str | None]) -> SentimentBatch:
        """Languages, and no scores."""
        return SentimentBatch(
            probabilities=np.full((len(texts), len(LABELS)), np.nan),
            languages=tuple(language_of(text or "") for text in texts),
            flags=tuple("" if text and text.strip() else "empty" for text in texts),
        )


def engine_named(name: str) -> SentimentEngine:
    """The engine of that name.

    Raises:
        SettingsError: there is none.
    """
    if name == "embedded":
        return embedded_engine()
    if name == "none":
        return NoEngine()
    registered = entry_points(group=ENTRY_POINTS)
    if name in registered.names:
        engine: SentimentEngine = registered[name].load()()
        return engine
    known = sorted({"embedded", "none", *registered.names})
    raise SettingsError(
        f"There is no sentiment engine {name!r}.{did_you_mean(name, known)}",
        expected=f"one of {', '.join(known)}.",
        todo=f"Correct the name, or install the package that registers it under {ENTRY_POINTS}.",
    )
