"""Measure a sentiment table, and other ways to tell polarity, on labelled sets that it was not trained on.

    python tools/evaluate_voice.py [--texts labelled_texts.parquet] [--model FILE] [--split train|test]
                                   [--own SPLIT ...] [--phenomena] [--peers DIR] [--speed]

Always measures the phrases from which the sample data is written (by another author than the seed phrases), and our own
corpus: `--own development` while anything is still chosen, `--own test test_english` once, when nothing is. The file of
further sets has the columns text, label (0 negative, 1 neutral, 2 positive), lang, src, split, tier. Prints a line for
each set: messages, macro-F1 with its interval over messages, area under the curve of negative against the rest, share
scored, and macro-F1 of each peer. Never prints a text.
"""

from __future__ import annotations

import argparse
import re
import time
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from voice_corpus import SPLITS, messages
from voice_peers import EVERY, Teller, peers

from journey_mining.voice.batch import LABELS
from journey_mining.voice.embedded import MODEL_FILE, EmbeddedEngine, load_model
from journey_mining.voice.quality import area_under_curve, macro_f1, macro_f1_interval, told_labels

SAMPLE_WORDS = Path(__file__).resolve().parents[1] / "src" / "journey_mining" / "simulation" / "words"
SAMPLE_LABELS = {"neg": 0, "neu": 1, "pos": 2}
Peers = Mapping[str, tuple[tuple[str, ...], Teller]]
"""languages and teller by name"""


def measured(engine: EmbeddedEngine, rows: pd.DataFrame, others: Peers) -> dict[str, float | int | str]:
    """One line of the table; a message without a score counts as neutral."""
    texts, truth = rows["text"].tolist(), rows["label"].to_numpy(np.int64)
    probabilities = engine.score(texts).probabilities
    ours = macro_f1_interval(truth, told_labels(probabilities, truth), np.arange(len(truth)))
    scored = ~np.isnan(probabilities[:, 0])
    score = np.nan_to_num(probabilities[:, 2] - probabilities[:, 0])
    language = str(rows["lang"].iloc[0])
    return {
        "set": str(rows["src"].iloc[0]),
        "tier": str(rows["tier"].iloc[0]),
        "n": len(rows),
        "macro_f1": round(ours.estimate, 3),
        "low": round(ours.low, 3),
        "high": round(ours.high, 3),
        "auc_negative": round(area_under_curve(truth == 0, score), 3),
        "scored": round(float(scored.mean()), 3),
        **{
            name: round(macro_f1(truth, told_labels(tell(texts), truth)), 3)
            for name, (languages, tell) in others.items()
            if language in languages
        },
    }


def sample_phrases() -> pd.DataFrame:
    """Situations and survey comments of the simulator, with the mood that they are written for."""
    rows = [
        (re.sub(r"\{\w+\}", "5", phrase), label, language, f"sample_{language}", "ours")
        for language in ("en", "ru")
        for phrase, label in _moods(tomllib.loads((SAMPLE_WORDS / f"texts_{language}.toml").read_text("utf-8")))
    ]
    return pd.DataFrame(rows, columns=["text", "label", "lang", "src", "tier"])


def own_messages(split: str) -> pd.DataFrame:
    """Messages of our own corpus; those in both languages and in Latin letters are sets of their own."""
    rows = messages(split)
    is_latin = rows["phenomena"].map(lambda tags: "transliteration" in tags)
    kind = rows["language"].mask(is_latin, "ru_in_latin")
    return pd.DataFrame(
        {
            "text": rows["text"],
            "label": rows["label"].map(LABELS.index),
            "lang": rows["language"],
            "src": f"own_{split}_" + kind,
            "tier": "ours",
            "phenomena": rows["phenomena"],
        }
    )


def by_phenomenon(engine: EmbeddedEngine, rows: pd.DataFrame) -> pd.DataFrame:
    """Share of right labels and number of messages for each phenomenon; many occur with one label only."""
    batch = engine.score(rows["text"].tolist())
    said = told_labels(batch.probabilities, rows["label"].to_numpy(np.int64))
    right = rows.assign(is_right=said == rows["label"]).explode("phenomena")
    return right.groupby("phenomena")["is_right"].agg(["mean", "size"]).round(2)


def _moods(words: dict[str, Any]) -> Iterator[tuple[str, int]]:
    for name, value in words.items():
        if isinstance(value, dict):
            yield from _moods(value)
        elif name in SAMPLE_LABELS:
            yield from ((phrase, SAMPLE_LABELS[name]) for phrase in value)


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
    arguments.add_argument("--own", nargs="*", default=[], choices=SPLITS[1:], help="splits of our own corpus")
    arguments.add_argument("--peers", type=Path, help="folder of word lists; also measure other methods")
    arguments.add_argument("--phenomena", action="store_true", help="also measure our own corpus by phenomenon")
    arguments.add_argument("--speed", action="store_true", help="also measure messages a CPU second")
    given = arguments.parse_args()
    own = {split: own_messages(split) for split in given.own}
    texts = pd.concat([sample_phrases(), *own.values()], ignore_index=True)
    if given.texts:
        further = pd.read_parquet(given.texts)
        texts = pd.concat([texts, further[further["split"] == given.split]], ignore_index=True)
    engine = EmbeddedEngine(model=load_model(given.model))
    others = {name: (languages, tell) for name, languages, tell in peers(given.peers)} if given.peers else {}
    lines = [
        measured(engine, rows.astype({"label": int}), others) for _, rows in texts.groupby(["lang", "src"], sort=True)
    ]
    print(f"labels: {', '.join(LABELS)}")
    print(pd.DataFrame(lines).to_string(index=False))
    for split, rows in own.items():
        whole = measured(engine, rows.assign(src=f"own_{split}", lang=EVERY[-1]), others)
        print(pd.DataFrame([whole]).to_string(index=False))
        if given.phenomena:
            print(by_phenomenon(engine, rows).to_string())
    if given.speed:
        print(f"{speed(engine, texts['text'].sample(20_000, random_state=1, replace=True).tolist()):,.0f} a CPU second")


if __name__ == "__main__":
    main()
