"""Seed phrases of customer experience, written for this project: `ru.toml`, `en.toml`.

A phrase may hold slots ("{service} не работает"); each phrase is filled a few times in a fixed order of draws. A part
of the phrases is repeated inside a greeting or a thank-you, or before a plain fact: neither changes what is meant.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).resolve().parent
LABELS = {"negative": 0, "neutral": 1, "positive": 2}
FILLINGS = 8
"""at most so many texts from one phrase with slots"""
WRAPPED_SHARE = 0.35
FOLLOWED_SHARE = 0.35
_SLOT = re.compile(r"\{(\w+)\}")


def seed_phrases(seed: int = 7) -> list[tuple[str, int, str]]:
    """(text, label 0/1/2, language), without repetitions, in a fixed order."""
    draw = np.random.Generator(np.random.PCG64(seed))
    rows: dict[tuple[str, int, str], None] = {}
    for path in sorted(FOLDER.glob("*.toml")):
        grammar = tomllib.loads(path.read_text(encoding="utf-8"))
        for label, phrase in _phrases(grammar):
            for text in _filled(phrase, grammar["slots"], draw):
                rows[text, LABELS[label], path.stem] = None
                if draw.random() < WRAPPED_SHARE:
                    wrapped = _one(grammar["wraps"][label], draw).replace("{}", text)
                    rows[wrapped, LABELS[label], path.stem] = None
                if draw.random() < FOLLOWED_SHARE:
                    rows[f"{text}. {_one(grammar['follow']['up'], draw)}", LABELS[label], path.stem] = None
    return list(rows)


def _phrases(grammar: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for label in LABELS:
        for phrases in grammar[label].values():
            for phrase in phrases:
                yield label, phrase


def _filled(phrase: str, slots: dict[str, list[str]], draw: np.random.Generator) -> list[str]:
    if not _SLOT.search(phrase):
        return [phrase]
    texts = (_SLOT.sub(lambda slot: _one(slots[slot[1]], draw), phrase) for _ in range(FILLINGS))
    return list(dict.fromkeys(texts))


def _one(choices: list[str], draw: np.random.Generator) -> str:
    return choices[int(draw.integers(len(choices)))]
