"""What labels of one company bring: corrections fitted to texts of the training part, measured on the test part.

Sets of others stand for a company. Beside it, whether `journey voice adapt` would have kept the correction, which looks
at nothing but the labels: its cross-validation with 100 of them.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from journey_mining.voice.adapting import SURE_ENOUGH, held_out
from journey_mining.voice.cleaning import clean
from journey_mining.voice.correction import Examples, corrected, fitted
from journey_mining.voice.embedded import VoiceModel
from journey_mining.voice.quality import macro_f1, macro_f1_gain, told_labels
from voice_quality.measures import rounded
from voice_quality.sets import LabelledSet

COMPANIES = ("airline", "sre2016_telecom", "sre2016_banks", "rusentitweet")
COUNTS, TESTED_COUNTS = (100, 300, 1_000), (100,)
DRAWS = 4
_SEED = 20_240_229


def learned(model: VoiceModel, train: LabelledSet, test: LabelledSet) -> dict[str, Any]:
    """Macro-F1 on the test part by number of labels: mean over draws and their standard deviation."""
    cleaned = [clean(text) for text in test.texts]

    def f1_of(told: VoiceModel) -> float:
        return macro_f1(test.labels, told_labels(told.probabilities(cleaned), test.labels))

    row: dict[str, Any] = {
        "set": test.name, "n": len(test.texts), "shipped": rounded(f1_of(model)), "labels": {}, "kept": {}
    }  # fmt: skip
    for count in COUNTS:
        draws = [_examples(train, count, draw) for draw in range(DRAWS)]
        found = [f1_of(corrected(model, fitted(model, examples))) for examples in draws]
        row["labels"][str(count)] = [rounded(np.mean(found)), rounded(np.std(found, ddof=1))]
        if count in TESTED_COUNTS:
            row["kept"][str(count)] = sum(_is_kept(model, examples) for examples in draws)
    return row


def _examples(train: LabelledSet, count: int, draw: int) -> Examples:
    chance = np.random.default_rng((_SEED, count, draw))
    rows: NDArray[np.int64] = chance.choice(len(train.texts), count, replace=False)
    return Examples(
        cleaned=tuple(clean(train.texts[row]) for row in rows),
        labels=train.labels[rows],
        customers=np.arange(count),
        weights=np.ones(count),
        two_sided=np.zeros(count, bool),
    )


def _is_kept(model: VoiceModel, examples: Examples) -> bool:
    """The rule of `journey voice adapt`."""
    before = told_labels(model.probabilities(examples.cleaned), examples.labels)
    after = told_labels(held_out(model, examples), examples.labels)
    gain, better = macro_f1_gain(examples.labels, before, after, examples.customers)
    return gain.estimate > 0 and better >= SURE_ENOUGH
