"""Measure a sentiment table on labelled sets that it was not trained on.

    python tools/evaluate_voice.py [--texts labelled_texts.parquet] [--model FILE] [--split train|test] [--speed]

Always measures the phrases from which the sample data is written (by another author than the seed phrases). The file
of further sets has the columns text, label (0 negative, 1 neutral, 2 positive), lang, src, split, tier. Prints one
line per set: messages, macro-F1, area under the curve of negative against the rest, share scored. Never prints a text.
"""

from __future__ import annotations

import argparse
import re
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata

from journey_mining.voice.batch import LABELS
from journey_mining.voice.embedded import MODEL_FILE, EmbeddedEngine, load_model

Labels = NDArray[np.int64]
NEUTRAL = 1
SAMPLE_WORDS = Path(__file__).resolve().parents[1] / "src" / "journey_mining" / "simulation" / "words"
SAMPLE_LABELS = {"neg": 0, "neu": 1, "pos": 2}


def macro_f1(truth: Labels, said: Labels) -> float:
    """Mean over the labels present of 2TP / (2TP + FP + FN)."""
    scores = []
    for label in np.unique(truth):
        hits = np.sum((truth == label) & (said == label))
        scores.append(2 * hits / (np.sum(truth == label) + np.sum(said == label)))
    return float(np.mean(scores))


def area_under_curve(is_negative: NDArray[np.bool_], score: NDArray[np.float64]) -> float:
    """Probability that a negative message scores below another one (ties half): Mann-Whitney."""
    ranks = rankdata(-score)
    hits, rest = is_negative.sum(), (~is_negative).sum()
    return float((ranks[is_negative].sum() - hits * (hits + 1) / 2) / (hits * rest))


def measured(engine: EmbeddedEngine, rows: pd.DataFrame) -> dict[str, float | int | str]:
    """One line of the table; a message without a score counts as neutral."""
    batch = engine.score(rows["text"].tolist())
    probabilities = batch.probabilities.copy()
    unscored = np.isnan(probabilities[:, 0])
    probabilities[unscored] = (0, 1, 0)
    truth = rows["label"].to_numpy(np.int64)
    return {
        "set": str(rows["src"].iloc[0]),
        "tier": str(rows["tier"].iloc[0]),
        "n": len(rows),
        "macro_f1": round(macro_f1(truth, _told(probabilities, truth)), 3),
        "auc_negative": round(area_under_curve(truth == 0, probabilities[:, 2] - probabilities[:, 0]), 3),
        "scored": round(float(1 - unscored.mean()), 3),
    }


def sample_phrases() -> pd.DataFrame:
    """Situations and survey comments of the simulator, with the mood that they are written for."""
    rows = [
        (re.sub(r"\{\w+\}", "5", phrase), label, language, f"sample_{language}", "ours")
        for language in ("en", "ru")
        for phrase, label in _moods(tomllib.loads((SAMPLE_WORDS / f"texts_{language}.toml").read_text("utf-8")))
    ]
    return pd.DataFrame(rows, columns=["text", "label", "lang", "src", "tier"])


def _moods(words: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for name, value in words.items():
        if isinstance(value, dict):
            yield from _moods(value)
        elif name in SAMPLE_LABELS:
            yield from ((phrase, SAMPLE_LABELS[name]) for phrase in value)


def _told(probabilities: NDArray[np.float64], truth: Labels) -> Labels:
    """Likeliest label; among negative and positive only, where the set has no neutral messages."""
    if NEUTRAL not in truth:
        probabilities = probabilities * np.array((1.0, 0.0, 1.0))
    told: Labels = np.argmax(probabilities, axis=1)
    return told


def speed(engine: EmbeddedEngine, texts: list[str]) -> float:
    """Messages a CPU second, cleaning included."""
    started = time.process_time()
    engine.score(texts)
    return len(texts) / (time.process_time() - started)


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--texts", type=Path, help="labelled sets that are not in the repository")
    arguments.add_argument("--model", type=Path, default=MODEL_FILE)
    arguments.add_argument("--split", default="test", choices=("train", "test"))
    arguments.add_argument("--speed", action="store_true", help="also measure messages a CPU second")
    given = arguments.parse_args()
    texts = sample_phrases()
    if given.texts:
        further = pd.read_parquet(given.texts)
        texts = pd.concat([texts, further[further["split"] == given.split]], ignore_index=True)
    engine = EmbeddedEngine(model=load_model(given.model))
    lines = [measured(engine, rows.astype({"label": int})) for _, rows in texts.groupby(["lang", "src"], sort=True)]
    print(f"labels: {', '.join(LABELS)}")
    print(pd.DataFrame(lines).to_string(index=False))
    if given.speed:
        print(f"{speed(engine, texts['text'].sample(20_000, random_state=1, replace=True).tolist()):,.0f} a CPU second")


if __name__ == "__main__":
    main()
