"""Which feelings can be told from customer messages: every feeling that the corpus marks against the bar of ADR 28.

    python tools/voice_feelings.py

Prints for each feeling, over messages of authors and themes that it was not trained on: messages, marked ones, F1 with
its 95 % interval (authors drawn again), precision, recall, area under the curve, and whether it passes. First in three
parts by theme of the training messages, then on the development messages. Needs the corpus of the repository only.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from train_voice import Examples, Recipe, against, feature_matrix, feeling_column, mean_table, weights_of
from voice_corpus import messages

from journey_mining.voice.batch import LABEL_OF, LABELS
from journey_mining.voice.cleaning import clean
from journey_mining.voice.embedded import shares_of
from journey_mining.voice.quality import area_under_curve, draws_of_customers, measured

MARKED = ("frustration", "confusion", "satisfaction", "trust", "distrust")
PARTS = 3
HALF = 0.5
LEAST, FEWEST = 0.6, 50
"""the bar: least lower end of F1 and least precision; fewest marked development messages"""

Marks = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """How one feeling is told on one set."""

    count: int
    marked: int
    f1: float
    low: float
    high: float
    precision: float
    recall: float
    area: float

    @property
    def passes(self) -> bool:
        """Whether the set bears the feeling out."""
        return self.marked >= FEWEST and self.low >= LEAST and self.precision >= LEAST


def customers(split: str) -> Examples:
    """Customer messages of a split, with their features and feelings."""
    rows = messages(split)
    rows = rows[rows["kind"] == "customer"].reset_index(drop=True)
    rows = rows.assign(
        lang=rows["language"].where(rows["language"] == "en", "ru"), src="", part="customers", feelings=rows["emotions"]
    )
    return Examples(rows=rows, features=feature_matrix([clean(text) for text in rows["text"]]))


def line(has: Marks, chances: NDArray[np.float64], authors: NDArray[np.int64]) -> Line:
    """Measures of a feeling that is told from a chance of a half."""
    told = chances >= HALF
    draws = draws_of_customers(lambda rows: f1(has[rows], told[rows]), authors)
    found = measured(f1(has, told), draws)
    hits = int((has & told).sum())
    return Line(
        count=len(has),
        marked=int(has.sum()),
        f1=found.estimate,
        low=found.low,
        high=found.high,
        precision=hits / max(int(told.sum()), 1),
        recall=hits / max(int(has.sum()), 1),
        area=1 - area_under_curve(has, chances),
    )


def f1(has: Marks, told: Marks) -> float:
    """2TP / (2TP + FP + FN); 0 where nothing is marked and nothing told."""
    return float(2 * (has & told).sum() / max(int(has.sum() + told.sum()), 1))


def across_themes(train: Examples, feeling: str, recipe: Recipe) -> NDArray[np.float64]:
    """Chance in each training message, by models that saw neither its theme nor its author."""
    part = train.rows["theme"].map(lambda theme: zlib.crc32(theme.encode()) % PARTS).to_numpy()
    authors = train.rows["author"].to_numpy()
    chances = np.empty(len(part))
    for out in range(PARTS):
        rest = np.flatnonzero((part != out) & ~np.isin(authors, authors[part == out]))
        seen = Examples(rows=train.rows.iloc[rest].reset_index(drop=True), features=train.features[rest])
        chances[part == out] = chances_of(seen, train.features[np.flatnonzero(part == out)], feeling, recipe)
    return chances


def chances_of(seen: Examples, features: sparse.csr_matrix, feeling: str, recipe: Recipe) -> NDArray[np.float64]:
    """Chance of a feeling in messages of these features, that of its label at most, as the engine tells it.

    The label is told by a model of the same messages; the shipped one has read others as well.
    """
    weights, bias = feeling_column(seen, feeling, recipe)
    chances: NDArray[np.float64] = 1 / (1 + np.exp(-(features @ weights + bias)))
    if feeling not in LABEL_OF:
        return chances
    labels = seen.rows["label"].map(LABELS.index).to_numpy(np.int64)
    table = mean_table(seen, labels, weights_of(seen.rows, labels, {"customers": 1.0}), recipe)
    polar = np.stack(
        [features @ weights + bias for weights, bias in (against(table, side, 1) for side in (0, 2))], axis=1
    )
    return np.minimum(chances, shares_of(polar)[:, LABELS.index(LABEL_OF[feeling])])


def marks(rows: pd.DataFrame, feeling: str) -> Marks:
    """Which messages carry the feeling."""
    found: Marks = rows["feelings"].map(lambda marked: feeling in marked).to_numpy(np.bool_)
    return found


def main() -> None:
    """Print the lines."""
    train, development, recipe = customers("train"), customers("development"), Recipe()
    for feeling in MARKED:
        for name, examples, chances in (
            ("across themes", train, across_themes(train, feeling, recipe)),
            ("development", development, chances_of(train, development.features, feeling, recipe)),
        ):
            authors = np.unique(examples.rows["author"], return_inverse=True)[1].astype(np.int64)
            told = line(marks(examples.rows, feeling), chances, authors)
            print(
                f"{feeling}, {name}: {told.marked} of {told.count}; F1 {told.f1:.3f} ({told.low:.3f}-{told.high:.3f}), "
                f"precision {told.precision:.3f}, recall {told.recall:.3f}, area {told.area:.3f}; "
                f"{'passes' if told.passes else 'fails'}"
            )


if __name__ == "__main__":
    main()
