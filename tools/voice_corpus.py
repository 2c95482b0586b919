"""The project's own corpus of customer messages: read it, and say how various it is.

    python tools/voice_corpus.py        # composition, distinct n-grams, nearest neighbours

data/voice/README.md is its data sheet; the figures there are what this prints.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pandas as pd

FOLDER = Path(__file__).resolve().parents[1] / "data" / "voice"
SPLITS = ("train", "development", "test", "test_english")
_NGRAM = 5


def messages(split: str) -> pd.DataFrame:
    """Messages of one of `SPLITS`, one row each.

    Columns: id, author, theme, kind (customer, social), channel, language (ru, en, mixed), label (of
    `voice.batch.LABELS`), emotions (list), phenomena (list), text.
    """
    with (FOLDER / f"{split}.jsonl").open(encoding="utf-8") as lines:
        rows: list[dict[str, Any]] = [json.loads(line) for line in lines]
    return pd.DataFrame(rows)


def ngrams(text: str, *, size: int = _NGRAM) -> frozenset[str]:
    """Runs of characters of a text without its signs and capitals; the whole of a shorter one."""
    words = " ".join(re.findall(r"\w+", text.lower()))
    return frozenset(words[at : at + size] for at in range(max(1, len(words) - size + 1)))


def nearest(texts: list[str], others: list[str] | None = None) -> list[float]:
    """Largest share of common n-grams (Jaccard) of each text with another of `others`, or of `texts` themselves."""
    pool = texts if others is None else others
    grams = [ngrams(text) for text in pool]
    holders: dict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(grams):
        for gram in own:
            holders[gram].append(number)
    found = []
    for number, text in enumerate(texts):
        own = ngrams(text)
        common = Counter(holder for gram in own for holder in holders.get(gram, ()))
        if others is None:
            common.pop(number, None)
        found.append(max((count / (len(own) + len(grams[at]) - count) for at, count in common.items()), default=0.0))
    return found


def distinct(texts: list[str], words: int) -> float:
    """Distinct runs of so many words over all runs; 1 where nothing is ever said twice."""
    runs: Counter[tuple[str, ...]] = Counter()
    for text in texts:
        said = re.findall(r"\w+", text.lower())
        runs.update(zip(*(said[at:] for at in range(words)), strict=False))
    return len(runs) / max(runs.total(), 1)


def _line(split: str, rows: pd.DataFrame, train: list[str]) -> str:
    texts = rows["text"].tolist()
    lengths = sorted(len(text.split()) for text in texts)
    near = sorted(nearest(texts))
    across = max(nearest(texts, train)) if split != "train" else 0.0
    return (
        f"{split}: {len(rows)} messages, {rows['author'].nunique()} authors, {rows['theme'].nunique()} themes; "
        f"words {lengths[len(lengths) // 10]} / {lengths[len(lengths) // 2]} / {lengths[len(lengths) * 9 // 10]} "
        f"(10, 50, 90 %); distinct runs of 1, 2, 3 words "
        + ", ".join(f"{distinct(texts, size):.2f}" for size in (1, 2, 3))
        + f"; nearest neighbour {near[len(near) // 2]:.2f} (median), {near[len(near) * 99 // 100]:.2f} (99 %), "
        f"{near[-1]:.2f} (largest); with train {across:.2f}"
    )


def main() -> None:
    """Print the composition of the corpus."""
    frames = {split: messages(split) for split in SPLITS}
    train = frames["train"]["text"].tolist()
    for split, rows in frames.items():
        print(_line(split, rows, train))
        for column in ("label", "language", "kind", "channel"):
            print("  ", column, rows[column].value_counts().to_dict())
        for column in ("phenomena", "emotions"):
            print("  ", column, rows[column].explode().value_counts().to_dict())


if __name__ == "__main__":
    main()
