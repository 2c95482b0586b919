"""The embedded engine: linear models over hashed n-grams, in one table of whole numbers.

In: messages in Russian or English. Out: a `SentimentBatch`. Needs numpy only and never the network.
`tools/train_voice.py` makes the table; docs/voice-model.md says what it was trained on and how well it does.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from journey_mining.errors import JourneyMiningError
from journey_mining.languages import told_language
from journey_mining.voice.batch import FEELINGS, LABEL_OF, LABELS, SentimentBatch
from journey_mining.voice.cleaning import (
    ADDRESS_MARKERS,
    CLEAN_LIMIT,
    FEELING_MARKERS,
    words_of,
)
from journey_mining.voice.features import FEATURE_VERSION, Block, blocks_of
from journey_mining.voice.hashed_table import HashedTable
from journey_mining.voice.own_words import RAW_LIMIT, is_automatic, own_words

MODEL_FILE = Path(__file__).resolve().parent / "model" / "voice_ru_en.npz"
_TO_A_COMPANY, _ELSEWHERE, _NEAR = slice(0, 2), slice(2, 4), 4
"""places of the columns of a table"""
_STEEPEST = 40.0
_ROWS_AT_ONCE = 2_048
_CHARACTERS_AT_ONCE = 400_000
_SHORT_WORDS = 3
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a model tells of messages."""

    probabilities: NDArray[np.float64]
    """in the order of `LABELS`, shape (messages, 3)"""
    feelings: NDArray[np.float64]
    """chance of each of the model's feelings, that of its label at most; shape (messages, feelings)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceModel:
    """Trained columns of one table. Negative and positive stand against neutral, whose logit is 0.

    Two models tell the label: one of messages to a company, where a bare fact is a complaint, and one of other texts.
    A third tells how much a text is like a message to a company; their probabilities are mixed by that.
    """

    version: str
    """goes into the column `engine`"""
    table: HashedTable
    """columns: negative and positive to a company, negative and positive elsewhere, to a company; then the feelings"""
    feelings: tuple[str, ...] = ()
    """names of the further columns"""
    correction: HashedTable | None = None
    """columns negative and positive; its probabilities are multiplied with those of the table"""

    @property
    def bits(self) -> int:
        """log2 of the number of buckets."""
        return self.table.bits

    def probabilities(self, cleaned: Sequence[str]) -> NDArray[np.float64]:
        """Probabilities in the order of `LABELS`, shape (messages, 3)."""
        return self.told(cleaned).probabilities

    def told(self, cleaned: Sequence[str]) -> Told:
        """Everything the model tells of cleaned messages."""
        return self.told_of(blocks_of(cleaned, bits=self.bits), len(cleaned))

    def told_of(self, blocks: Sequence[Block], rows: int) -> Told:
        """As `told`, of the features of `rows` messages."""
        logits = self.table.logits(blocks, rows)
        near = _chance(logits[:, _NEAR])[:, None]
        shares = near * shares_of(logits[:, _TO_A_COMPANY]) + (1 - near) * shares_of(logits[:, _ELSEWHERE])
        if self.correction is not None:
            shares = shares * shares_of(self.correction.logits(blocks, rows))
            shares /= shares.sum(axis=1, keepdims=True)
        needed = [LABELS.index(LABEL_OF[feeling]) for feeling in self.feelings]
        return Told(probabilities=shares, feelings=np.minimum(_chance(logits[:, _NEAR + 1 :]), shares[:, needed]))


def shares_of(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities in the order of `LABELS` from logits of negative and positive against neutral, shape (n, 2)."""
    full = np.zeros((len(logits), len(LABELS)))
    full[:, (0, 2)] = logits
    odds = np.exp(full - full.max(axis=1, keepdims=True, initial=0.0))
    shares: NDArray[np.float64] = odds / odds.sum(axis=1, keepdims=True)
    return shares


def _chance(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    chance: NDArray[np.float64] = 1 / (1 + np.exp(-np.clip(logits, -_STEEPEST, _STEEPEST)))
    return chance


def load_model(path: Path = MODEL_FILE) -> VoiceModel:
    """Read a trained table.

    Raises:
        JourneyMiningError: the file is missing, or was trained for other features than this code computes.
    """
    try:
        with np.load(path, allow_pickle=False) as stored:
            features = int(stored["feature_version"])
            scale, bias = (stored[name].astype(np.float64) for name in ("scale", "bias"))
            model = VoiceModel(
                version=str(stored["version"]),
                table=HashedTable(weights=stored["weights"], scale=scale, bias=bias),
                feelings=tuple(stored["feelings"].tolist()),
            )
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as fault:
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
        feelings = np.full((len(texts), len(FEELINGS)), np.nan)
        columns = [FEELINGS.index(name) for name in self.model.feelings]
        for rows in _portions(readings):
            told = self.model.told([readings[row].cleaned for row in rows])
            probabilities[rows] = told.probabilities
            feelings[np.ix_(rows, columns)] = told.feelings
        return SentimentBatch(
            probabilities=probabilities,
            feelings=feelings,
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
