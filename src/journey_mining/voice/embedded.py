"""The embedded engine: a linear model over hashed n-grams, in an int8 table of less than a megabyte.

In: messages in Russian or English. Out: a `SentimentBatch`. Needs numpy only and never the network.
`tools/train_voice.py` makes the table; docs/voice-model.md says what it was trained on and how well it does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from journey_mining.errors import JourneyMiningError
from journey_mining.languages import told_language
from journey_mining.voice.batch import LABELS, SentimentBatch
from journey_mining.voice.cleaning import (
    ADDRESS_MARKERS,
    CLEAN_LIMIT,
    FEELING_MARKERS,
    words_of,
)
from journey_mining.voice.features import FEATURE_VERSION, Block, blocks_of
from journey_mining.voice.own_words import RAW_LIMIT, is_automatic, own_words

MODEL_FILE = Path(__file__).resolve().parent / "model" / "voice_ru_en.npz"
_ROWS_AT_ONCE = 2_048
_CHARACTERS_AT_ONCE = 400_000
_SHORT_WORDS = 3
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceModel:
    """A trained table. Logit of label k is scale * sum of weights[k] over features + bias[k]; neutral's is 0."""

    version: str
    """goes into the column `engine`"""
    weights: NDArray[np.int8]
    """shape (2, 2**bits): negative and positive against neutral"""
    scale: float
    bias: NDArray[np.float64]
    """shape (2,)"""

    @property
    def bits(self) -> int:
        """log2 of the number of buckets."""
        return int(self.weights.shape[1]).bit_length() - 1

    def probabilities(self, cleaned: Sequence[str]) -> NDArray[np.float64]:
        """Probabilities in the order of `LABELS`, shape (messages, 3)."""
        sums = np.zeros((len(cleaned), 2))
        for block in blocks_of(cleaned, bits=self.bits):
            sums += self._sums(block, len(cleaned))
        logits = np.zeros((len(cleaned), len(LABELS)))
        logits[:, (0, 2)] = sums * self.scale + self.bias
        odds = np.exp(logits - logits.max(axis=1, keepdims=True, initial=0.0))
        shares: NDArray[np.float64] = odds / odds.sum(axis=1, keepdims=True)
        return shares

    def _sums(self, block: Block, rows: int) -> NDArray[np.float64]:
        # sums of whole numbers are exact in doubles, so the order of features and the batching cannot show
        totals = [np.bincount(block.message, weights=row[block.bucket], minlength=rows) for row in self.weights]
        scaled: NDArray[np.float64] = np.stack(totals, axis=1) * block.message_weights(rows)[:, None]
        return scaled


def load_model(path: Path = MODEL_FILE) -> VoiceModel:
    """Read a trained table.

    Raises:
        JourneyMiningError: the file is missing, or was trained for other features than this code computes.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            features = int(stored["feature_version"])
            model = VoiceModel(
                version=str(stored["version"]),
                weights=stored["weights"],
                scale=float(stored["scale"]),
                bias=stored["bias"].astype(np.float64),
            )
    except (OSError, KeyError, ValueError) as fault:
        raise _unreadable(path, "cannot be read") from fault
    if features != FEATURE_VERSION:
        raise _unreadable(path, f"was trained for features {features}, this code computes {FEATURE_VERSION}")
    return model


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedEngine:
    """Scores with the shipped table (or another one of the same make)."""

    model: VoiceModel

    @property
    def name(self) -> str:
        """For example `embedded-2`."""
        return f"embedded-{self.model.version}"

    def score(self, texts: Sequence[str | None]) -> SentimentBatch:
        """Score messages; see `SentimentEngine`."""
        readings = [_read(text) for text in texts]
        probabilities = np.full((len(texts), len(LABELS)), np.nan)
        for rows in _portions(readings):
            probabilities[rows] = self.model.probabilities([readings[row].cleaned for row in rows])
        return SentimentBatch(
            probabilities=probabilities,
            languages=tuple(reading.language for reading in readings),
            flags=tuple(",".join(reading.flags) for reading in readings),
        )


@cache
def embedded_engine() -> EmbeddedEngine:
    """The engine with the shipped table, loaded once (a few milliseconds)."""
    return EmbeddedEngine(model=load_model())


class _Reading(NamedTuple):
    """What is known of a message before the model sees it; nothing is scored where `cleaned` is empty."""

    cleaned: str = ""
    language: str = "und"
    flags: tuple[str, ...] = ()


def _read(text: str | None) -> _Reading:
    if text is None or not text.strip():
        return _Reading(flags=("empty",))
    said = own_words(text)
    language, transliterated = told_language(said)
    if is_automatic(said):
        return _Reading(language=language, flags=("automatic",))
    cleaned = words_of(said, transliterated=transliterated)
    words = [word for word in _WORD.findall(cleaned) if word not in ADDRESS_MARKERS]
    if not words:
        return _Reading(flags=("wordless",))
    if language == "und" and not FEELING_MARKERS.issuperset(words):
        return _Reading(flags=("other_language",))
    flags = ("short",) if len(words) < _SHORT_WORDS else ()
    if transliterated:
        flags = (*flags, "transliterated")
    if len(text) > RAW_LIMIT or len(cleaned) >= CLEAN_LIMIT:
        flags = (*flags, "truncated")
    return _Reading(cleaned=cleaned, language=language, flags=flags)


def _portions(readings: Sequence[_Reading]) -> Iterator[list[int]]:
    """Row numbers of scorable messages, in portions that bound the memory of one computation."""
    rows: list[int] = []
    characters = 0
    for row, reading in enumerate(readings):
        if not reading.cleaned:
            continue
        if rows and (len(rows) >= _ROWS_AT_ONCE or characters + len(reading.cleaned) > _CHARACTERS_AT_ONCE):
            yield rows
            rows, characters = [], 0
        rows.append(row)
        characters += len(reading.cleaned)
    if rows:
        yield rows


def _unreadable(path: Path, why: str) -> JourneyMiningError:
    return JourneyMiningError(
        f"The sentiment table {path} {why}.",
        expected="a table made by tools/train_voice.py for this version of journey_mining.",
        todo="Install journey_mining again, or train the table again.",
        code="VOICE_MODEL",
    )
