"""The labelled sets that the engine is measured on: our own, the phrases of the sample, and those of others.

Sets of others are no part of the repository: `labelled_texts.parquet` of the folder of data holds them, with
the columns text, label (0 negative, 1 neutral, 2 positive), lang, src, split. A set that is not there is told as such.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from voice_corpus import messages

from journey_mining.voice.batch import LABELS

SAMPLE_WORDS = Path(__file__).resolve().parents[2] / "src" / "journey_mining" / "simulation" / "words"
OTHERS = "labelled_texts.parquet"
_SAMPLE_LABELS = {"neg": 0, "neu": 1, "pos": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledSet:
    """Texts with known labels."""

    name: str
    title: str
    block: str
    language: str
    """ru, en, or mixed"""
    texts: list[str]
    labels: NDArray[np.int64]
    writers: NDArray[np.int64]
    """number of who wrote each text; every text its own where that is not known"""
    phenomena: list[list[str]]
    """tags of each text; empty where none are known"""


BLOCKS = {
    "customers": "customer messages of authors and themes never trained on",
    "support": "customer texts of others",
    "social": "social posts",
    "held_out": "held-out parts of the training sets",
}
OWN = (
    ("own_test_ru", "customer messages, `data/voice/test.jsonl`", "test", "ru", False),
    ("own_test_en", "the same", "test", "en", False),
    ("own_test_mixed", "the same, both languages in one message", "test", "mixed", False),
    ("own_test_latin", "the same, Russian in Latin letters", "test", "ru", True),
    (
        "own_test_english",
        "customer messages by another hand, `data/voice/test_english.jsonl`",
        "test_english",
        "en",
        False,
    ),
)
"""name, title, file, language, and whether in Latin letters"""
FOREIGN = {
    "support_ru": ("support messages, one author", "support", "ru"),
    "support_en": ("support messages, one author", "support", "en"),
    "airline": ("tweets to airlines", "support", "en"),
    "sre2016_banks": ("tweets about banks (SentiRuEval 2016)", "support", "ru"),
    "sre2016_telecom": ("tweets about telecoms (SentiRuEval 2016)", "support", "ru"),
    "ozon_rev": ("marketplace reviews, stars", "support", "ru"),
    "sre15_reviews": ("restaurant and car reviews (SentiRuEval 2015)", "support", "ru"),
    "rureviews": ("RuReviews (clothes, Smetanin 2019)", "support", "ru"),
    "yandex_geo": ("Yandex Geo Reviews 2023", "support", "ru"),
    "oob_social": ("posts from two social networks", "social", "ru"),
    "rusentitweet": ("RuSentiTweet", "social", "ru"),
    "rusentiment": ("RuSentiment", "social", "ru"),
    "tweeteval": ("TweetEval", "social", "en"),
    "sst": ("film reviews (SST)", "social", "en"),
    "goemotions": ("GoEmotions", "held_out", "en"),
    "xed_en": ("XED", "held_out", "en"),
    "uci_reviews": ("UCI sentences (negative and positive only)", "held_out", "en"),
    "cedr": ("CEDR", "held_out", "ru"),
    "brighter_ru": ("BRIGHTER", "held_out", "ru"),
    "ru_goemotions": ("ru-go-emotions", "held_out", "ru"),
    "xed_ru": ("XED", "held_out", "ru"),
}
"""title, block and language of the sets of others by their name in the column src"""


def own_sets(split: str = "test") -> Iterator[LabelledSet]:
    """Sets of our own corpus and of the sample; of the development messages those of that file alone."""
    if split == "development":
        for name, title, _, language, is_latin in OWN[:-1]:
            yield _own(name.replace("test", split), title.replace("test.", f"{split}."), split, language, is_latin)
        return
    yield from (_own(*own) for own in OWN)
    yield from (_sample(language) for language in ("ru", "en"))


def _own(name: str, title: str, split: str, language: str, is_latin: bool) -> LabelledSet:
    rows = messages(split)
    latin = rows["phenomena"].map(lambda tags: "transliteration" in tags)
    rows = rows[(rows["language"] == language) & (latin == is_latin)]
    return LabelledSet(
        name=name,
        title=title,
        block="customers",
        language=language,
        texts=rows["text"].tolist(),
        labels=rows["label"].map(LABELS.index).to_numpy(np.int64),
        writers=np.unique(rows["author"], return_inverse=True)[1].astype(np.int64),
        phenomena=rows["phenomena"].tolist(),
    )


def _sample(language: str) -> LabelledSet:
    """Situations and survey comments of the simulator, with the mood that they are written for."""
    words = tomllib.loads((SAMPLE_WORDS / f"texts_{language}.toml").read_text("utf-8"))
    rows = [(re.sub(r"\{\w+\}", "5", phrase), label) for phrase, label in _moods(words)]
    return _alone(f"sample_{language}", "phrases of the sample data", "support", language, rows)


def _moods(words: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for name, value in words.items():
        if isinstance(value, dict):
            yield from _moods(value)
        elif name in _SAMPLE_LABELS:
            yield from ((phrase, _SAMPLE_LABELS[name]) for phrase in value)


def _alone(name: str, title: str, block: str, language: str, rows: list[tuple[str, int]]) -> LabelledSet:
    return LabelledSet(
        name=name,
        title=title,
        block=block,
        language=language,
        texts=[text for text, _ in rows],
        labels=np.array([label for _, label in rows], np.int64),
        writers=np.arange(len(rows)),
        phenomena=[[] for _ in rows],
    )


def foreign_sets(folder: Path, split: str = "test") -> Iterator[LabelledSet]:
    """Sets of others that stand in the folder of data."""
    if not (folder / OTHERS).is_file():
        return
    rows = pd.read_parquet(folder / OTHERS)
    rows = rows[rows["split"] == split]
    for name, (title, block, language) in FOREIGN.items():
        mine = rows[rows["src"] == name]
        if len(mine):
            pairs = zip(mine["text"], mine["label"].astype(int), strict=True)
            yield _alone(name, title, block, language, list(pairs))
