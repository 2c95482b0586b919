"""Other ways to tell the polarity of a text, measured beside ours by `evaluate_voice.py --peers DIR`.

None of them is a dependency: packages that are not installed and word lists that are not in DIR are left out. DIR may
hold `afinn_en.txt`, `polsentilex_raw.csv`, `rusentilex.txt`, `kartaslov.csv` and `open_corpus.csv.gz`.
"""

from __future__ import annotations

import importlib.util
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from journey_mining.voice.cleaning import clean
from journey_mining.voice.stems import stem

Teller = Callable[[list[str]], NDArray[np.float64]]
"""texts in, probabilities of shape (texts, 3) out: negative, neutral, positive"""
EVERY, RUSSIAN, ENGLISH = ("ru", "en", "mixed"), ("ru",), ("en",)
_NEGATIONS = frozenset(["не", "ни", "нет", "без", "not", "no", "never"])
_VADER_EDGE, _TEXTBLOB_EDGE = 0.05, 0.1


def peers(folder: Path) -> Iterator[tuple[str, tuple[str, ...], Teller]]:
    """Name, languages and teller of every peer that can be run here."""
    if importlib.util.find_spec("vaderSentiment"):
        yield "VADER", ENGLISH, _vader()
    if importlib.util.find_spec("textblob"):
        yield "TextBlob", ENGLISH, _textblob
    if (folder / "afinn_en.txt").exists():
        yield "AFINN-165", ENGLISH, _by_words(_afinn(folder / "afinn_en.txt"))
    for name, file, read in (
        ("PolSentiLex", "polsentilex_raw.csv", _polsentilex),
        ("RuSentiLex", "rusentilex.txt", _rusentilex),
        ("KartaSlovSent", "kartaslov.csv", _kartaslov),
    ):
        if (folder / file).exists():
            yield name, RUSSIAN, _by_words(read(folder / file))
    if importlib.util.find_spec("sklearn") and (folder / "open_corpus.csv.gz").exists():
        yield "TF-IDF, open corpora", EVERY, _tf_idf(pd.read_csv(folder / "open_corpus.csv.gz"))


def _one_hot(scores: NDArray[np.float64], edge: float) -> NDArray[np.float64]:
    labels = np.where(scores > edge, 2, np.where(scores < -edge, 0, 1))
    told: NDArray[np.float64] = np.eye(3)[labels]
    return told


def _vader() -> Teller:
    analyser: Any = importlib.import_module("vaderSentiment.vaderSentiment").SentimentIntensityAnalyzer()

    def tell(texts: list[str]) -> NDArray[np.float64]:
        return _one_hot(np.array([analyser.polarity_scores(text)["compound"] for text in texts]), _VADER_EDGE)

    return tell


def _textblob(texts: list[str]) -> NDArray[np.float64]:
    blob: Any = importlib.import_module("textblob").TextBlob
    return _one_hot(np.array([blob(text).sentiment.polarity for text in texts]), _TEXTBLOB_EDGE)


def _by_words(worth: dict[str, float]) -> Teller:
    """By the sum of what the stems of a text are worth, turned round after a negation."""

    def score(text: str) -> float:
        total, before = 0.0, ""
        for word in re.findall(r"[^\W\d_]+", text.lower().replace("ё", "е")):
            total += worth.get(stem(word), 0.0) * (-1 if before in _NEGATIONS else 1)
            before = word
        return total

    return lambda texts: _one_hot(np.array([score(text) for text in texts]), 0.0)


def _means(pairs: Iterator[tuple[str, float]]) -> dict[str, float]:
    told: dict[str, list[float]] = defaultdict(list)
    for word, value in pairs:
        if " " not in word:
            told[stem(word.lower().replace("ё", "е"))].append(value)
    return {word: float(np.mean(values)) for word, values in told.items() if np.mean(values)}


def _afinn(file: Path) -> dict[str, float]:
    lines = (line.split("\t") for line in file.read_text("utf-8").splitlines() if "\t" in line)
    return _means((word, float(value)) for word, value in lines)


def _polsentilex(file: Path) -> dict[str, float]:
    lines = (line.rsplit(",", 1) for line in file.read_text("utf-8-sig").splitlines() if "," in line)
    return _means((word, float(value)) for word, value in lines)


def _rusentilex(file: Path) -> dict[str, float]:
    worth = {"negative": -1.0, "positive": 1.0}
    lines = (line.split(", ") for line in file.read_text("utf-8").splitlines() if not line.startswith("!"))
    return _means((parts[0], worth.get(parts[3], 0.0)) for parts in lines if len(parts) >= len(worth) + 2)


def _kartaslov(file: Path) -> dict[str, float]:
    rows = pd.read_csv(file, sep=";")
    worth = {"PSTV": 1.0, "NGTV": -1.0}
    return _means((str(row.term), worth.get(str(row.tag), 0.0)) for row in rows.itertuples())


def _tf_idf(corpus: pd.DataFrame) -> Teller:
    """Characters 2-5 and words 1-2, logistic regression, without our own messages and seed phrases."""
    text: Any = importlib.import_module("sklearn.feature_extraction.text")
    linear: Any = importlib.import_module("sklearn.linear_model")
    union: Any = importlib.import_module("sklearn.pipeline").make_union
    rows = corpus[corpus["split"] == "train"]
    features = union(
        text.TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, max_features=200_000, sublinear_tf=True),
        text.TfidfVectorizer(ngram_range=(1, 2), min_df=3, max_features=100_000, sublinear_tf=True),
    )
    matrix = features.fit_transform([clean(line) for line in rows["text"]])
    model = linear.LogisticRegression(solver="saga", max_iter=30, C=3.0, class_weight="balanced", random_state=1)
    model.fit(matrix, rows["label"].astype(int))
    return lambda texts: np.asarray(model.predict_proba(features.transform([clean(line) for line in texts])))
