"""What of a batch other engines than the embedded one should read: own words, no automatic and no empty messages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from journey_mining.voice.batch import LABELS, SentimentBatch
from journey_mining.voice.embedded import embedded_engine
from journey_mining.voice.own_words import own_words

_SAYS_NOTHING = {"empty", "wordless", "automatic"}
_OTHER_LANGUAGE = "other_language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scorable:
    """The part of a batch that can be scored."""

    rows: tuple[int, ...]
    """places in the batch"""
    said: tuple[str, ...]
    """own words of these messages, as written"""
    languages: tuple[str, ...]
    """of the whole batch"""
    flags: tuple[str, ...]
    """of the whole batch"""

    def batch(self, probabilities: NDArray[np.float64]) -> SentimentBatch:
        """The whole batch, given the probabilities of `rows` (NaN where an engine had no answer)."""
        whole = np.full((len(self.languages), len(LABELS)), np.nan)
        whole[list(self.rows)] = probabilities
        return SentimentBatch(probabilities=whole, languages=self.languages, flags=self.flags)


def scorable(texts: Sequence[str | None], *, languages: frozenset[str] | None = None) -> Scorable:
    """The messages that hold words, in one of `languages` (None: in any).

    The embedded engine reads languages and flags, so that every engine leaves out the same.
    """
    read = embedded_engine().score(texts)
    rows, flags = [], list(read.flags)
    for row, words in enumerate(read.flags):
        named = words.split(",")
        if _SAYS_NOTHING.intersection(named):
            continue
        if languages is not None and read.languages[row] not in languages:
            flags[row] = _OTHER_LANGUAGE
            continue
        flags[row] = ",".join(word for word in named if word != _OTHER_LANGUAGE)
        rows.append(row)
    return Scorable(
        rows=tuple(rows),
        said=tuple(own_words(texts[row] or "") for row in rows),
        languages=read.languages,
        flags=tuple(flags),
    )
