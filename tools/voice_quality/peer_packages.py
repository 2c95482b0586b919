"""One method of another maker over one job: `python peer_packages.py NAME JOB.json ANSWER.npz`.

Runs in the environment of `benchmarks/peers/voice.txt`, which knows nothing of this project: the job brings texts as
written and cleaned, and labels (0 negative, 1 neutral, 2 positive) to train on and to choose by. The answer holds the
worth of each label in each text, shape (texts, 3), and what was chosen on the development texts alone.
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

Job = dict[str, Any]
Told = Callable[[list[str]], np.ndarray]
_VADER_EDGE, _TEXTBLOB_EDGE = 0.05, 0.1
_SEED = 1
_LITTLE = 0.01
_STRENGTH = 3.0
_EPOCHS, _RATES = (5, 15), (0.05, 0.1)
"""at .3 the weights run away (NaN)"""


def vader(job: Job) -> tuple[np.ndarray, str]:
    """With the borders that its authors name."""
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    analyser = SentimentIntensityAnalyzer()
    scores = [analyser.polarity_scores(text)["compound"] for text in job["texts"]]
    return by_score(np.array(scores), _VADER_EDGE), ""


def textblob(job: Job) -> tuple[np.ndarray, str]:
    """Polarity of the pattern lexicon; it names no borders."""
    from textblob import TextBlob

    return by_score(np.array([TextBlob(text).sentiment.polarity for text in job["texts"]]), _TEXTBLOB_EDGE), ""


def by_score(scores: np.ndarray, edge: float) -> np.ndarray:
    """Positive above the edge, negative below minus the edge; the score itself decides where neutral is not allowed."""
    told = np.eye(3)[np.where(scores > edge, 2, np.where(scores < -edge, 0, 1))]
    return told + _LITTLE * np.stack([-scores, np.full(len(scores), -1.0), scores], axis=1)


def tf_idf(job: Job) -> tuple[np.ndarray, str]:
    """Characters 2 to 5 and words 1 to 2, logistic regression of one strength."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_union

    features = make_union(
        TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), min_df=3, max_features=200_000, sublinear_tf=True),
        TfidfVectorizer(ngram_range=(1, 2), min_df=3, max_features=100_000, sublinear_tf=True),
    )
    matrix = features.fit_transform(job["train"]["cleaned"])
    model = LogisticRegression(
        solver="saga", max_iter=30, C=_STRENGTH, class_weight="balanced", random_state=_SEED
    ).fit(matrix, np.array(job["train"]["labels"]))
    return model.predict_proba(features.transform(job["cleaned"])), f"C={_STRENGTH:g}, fixed beforehand"


def fast_text(job: Job) -> tuple[np.ndarray, str]:
    """Supervised, characters 2 to 5 and words 1 to 2, one thread; epochs and rate are chosen."""
    import fasttext

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "train.txt"
        file.write_text("\n".join(evened(job["train"])) + "\n", encoding="utf-8")

        def fitted(setting: tuple[int, float]) -> Told:
            epochs, rate = setting
            model = fasttext.train_supervised(
                str(file), epoch=epochs, lr=rate, dim=16, wordNgrams=2, minn=2, maxn=5, bucket=200_000,
                minCount=2, thread=1, seed=_SEED, loss="softmax", verbose=0,
            )  # fmt: skip
            return lambda texts: in_order(*model.predict([words(text) for text in texts], k=3))

        settings = {f"{epochs} epochs, rate {rate:g}": (epochs, rate) for epochs, rate in product(_EPOCHS, _RATES)}
        chosen, tell = best(job, settings, fitted)
        return tell(job["cleaned"]), chosen


def in_order(labels: list[list[str]], chances: list[list[float]]) -> np.ndarray:
    """Chances by label, from lists that begin with the likeliest."""
    told = np.zeros((len(labels), 3))
    for row, (names, values) in enumerate(zip(labels, chances, strict=True)):
        told[row, [int(name[-1]) for name in names]] = values
    return told


def words(text: str) -> str:
    """Words and signs apart, on one line, as fastText reads them."""
    return " ".join(re.findall(r"\w+|[^\w\s]", text.lower())) or "_"


def evened(train: Job) -> list[str]:
    """Lines of training; it knows no weights, so rarer labels of a language are drawn again, three times at most."""
    draw, cells = random.Random(_SEED), defaultdict(list)  # noqa: S311 - a sample, no secret
    for text, label, language in zip(train["cleaned"], train["labels"], train["languages"], strict=True):
        cells[language, label].append(f"__label__{label} {words(text)}")
    most = {language: max(len(rows) for (own, _), rows in cells.items() if own == language) for language, _ in cells}
    lines = []
    for (language, _), rows in sorted(cells.items()):
        lines += rows + draw.choices(rows, k=min(most[language], 3 * len(rows)) - len(rows))
    draw.shuffle(lines)
    return lines


def best(job: Job, settings: dict[str, Any], fitted: Callable[[Any], Told]) -> tuple[str, Told]:
    """The setting with the largest macro-F1 on the development texts, and what it tells."""
    known = np.array(job["development"]["labels"])
    tried = {name: fitted(setting) for name, setting in settings.items()}
    found = {name: macro_f1(known, tell(job["development"]["cleaned"]).argmax(axis=1)) for name, tell in tried.items()}
    name = max(found, key=found.__getitem__)
    return f"{name} (.{round(1000 * found[name]):03} on development)", tried[name]


def macro_f1(known: np.ndarray, told: np.ndarray) -> float:
    """Mean over labels of 2TP / (2TP + FP + FN)."""
    both = [(known == label, told == label) for label in range(3)]
    return float(np.mean([2 * (has & says).sum() / max(has.sum() + says.sum(), 1) for has, says in both]))


METHODS = {"VADER": vader, "TextBlob": textblob, "TF-IDF": tf_idf, "fastText": fast_text}


def main() -> None:
    """Write what the method tells of the texts."""
    name, job, answer = sys.argv[1:]
    worth, chosen = METHODS[name](json.loads(Path(job).read_text(encoding="utf-8")))
    np.savez(answer, worth=worth, chosen=np.array(chosen))


if __name__ == "__main__":
    main()
