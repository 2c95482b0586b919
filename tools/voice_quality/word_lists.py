"""Lexicons of others: a text is worth the sum of its stems, turned round after a negation; as good as each can be made.

None of them is shipped; their files are looked for in the folder of data.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from journey_mining.voice.stems import stem

Worth = dict[str, float]
Scores = NDArray[np.float64]
_NEGATIONS = frozenset(["не", "ни", "нет", "без", "not", "no", "never"])


def worth_of(worth: Worth, texts: list[str]) -> Scores:
    """Worth of each label (negative, neutral, positive) by the sign of the sum, shape (texts, 3)."""
    signs = np.sign([_sum(worth, text) for text in texts])
    told: Scores = np.eye(3)[signs.astype(np.int64) + 1]
    return told


def _sum(worth: Worth, text: str) -> float:
    total, before = 0.0, ""
    for word in re.findall(r"[^\W\d_]+", text.lower().replace("ё", "е")):
        total += worth.get(stem(word), 0.0) * (-1 if before in _NEGATIONS else 1)
        before = word
    return total


def _means(pairs: Iterator[tuple[str, float]]) -> Worth:
    told: dict[str, list[float]] = defaultdict(list)
    for word, value in pairs:
        if " " not in word:
            told[stem(word.lower().replace("ё", "е"))].append(value)
    return {word: float(np.mean(values)) for word, values in told.items() if np.mean(values)}


def afinn(file: Path) -> Worth:
    """Word, tab, -5..5."""
    lines = (line.split("\t") for line in file.read_text("utf-8").splitlines() if "\t" in line)
    return _means((word, float(value)) for word, value in lines)


def polsentilex(file: Path) -> Worth:
    """Word, comma, worth."""
    lines = (line.rsplit(",", 1) for line in file.read_text("utf-8-sig").splitlines() if "," in line)
    return _means((word, float(value)) for word, value in lines)


def rusentilex(file: Path) -> Worth:
    """Term, part of speech, lemma, sentiment, source; lines with ! are remarks."""
    worth = {"negative": -1.0, "positive": 1.0}
    lines = (line.split(", ") for line in file.read_text("utf-8").splitlines() if not line.startswith("!"))
    return _means((parts[0], worth.get(parts[3], 0.0)) for parts in lines if len(parts) >= len(worth) + 2)


def kartaslov(file: Path) -> Worth:
    """Columns term and tag."""
    rows = pd.read_csv(file, sep=";")
    worth = {"PSTV": 1.0, "NGTV": -1.0}
    return _means((str(row.term), worth.get(str(row.tag), 0.0)) for row in rows.itertuples())


WORD_LISTS: dict[str, tuple[str, str, Callable[[Path], Worth]]] = {
    "AFINN-165": ("en", "afinn_en.txt", afinn),
    "PolSentiLex": ("ru", "polsentilex_raw.csv", polsentilex),
    "RuSentiLex": ("ru", "rusentilex.txt", rusentilex),
    "KartaSlovSent": ("ru", "kartaslov.csv", kartaslov),
}
"""language, file and reader by name"""
