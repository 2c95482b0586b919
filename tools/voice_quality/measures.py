"""What is recorded of a set: macro-F1 with its interval, of the engine and of peers, calibration, phenomena."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from journey_mining.voice.batch import LABELS
from journey_mining.voice.embedded import EmbeddedEngine
from journey_mining.voice.quality import area_under_curve, calibration_error, macro_f1_interval, told_labels
from voice_quality.sets import LabelledSet

SURE = 0.6
"""confidence from which a cascade believes the engine"""
Worth = NDArray[np.float64]
Row = dict[str, Any]


def measured(engine: EmbeddedEngine, one: LabelledSet, peers: Mapping[str, Worth]) -> Row:
    """One row of the table; a text without a score counts as neutral."""
    chances = engine.score(one.texts).probabilities
    scored = ~np.isnan(chances[:, 0])
    score = np.nan_to_num(chances[:, 2] - chances[:, 0])
    return {
        "set": one.name,
        "language": one.language,
        "n": len(one.texts),
        "writers": len(np.unique(one.writers)),
        "macro_f1": quality(one, chances),
        "auc_negative": rounded(area_under_curve(one.labels == 0, score)),
        "scored": rounded(float(scored.mean())),
        "confidence": _confidence(one, chances, scored),
        "mean_score": {
            label: rounded(float(score[one.labels == place].mean()))
            for place, label in enumerate(LABELS)
            if (one.labels == place).any()
        },
        "peers": {name: quality(one, worth) for name, worth in peers.items()},
    }


def quality(one: LabelledSet, worth: Worth) -> list[float]:
    """Macro-F1, and the ends of its 95 % interval over draws of writers."""
    found = macro_f1_interval(one.labels, told_labels(worth, one.labels), one.writers)
    return [rounded(value) for value in (found.estimate, found.low, found.high)]


def _confidence(one: LabelledSet, chances: Worth, scored: NDArray[np.bool_]) -> Row:
    """Of texts that were scored: what was said, what was right, and what is left above `SURE`."""
    said = chances[scored].max(axis=1)
    right = chances[scored].argmax(axis=1) == one.labels[scored]
    sure = said >= SURE
    return {
        "said": rounded(float(said.mean())),
        "right": rounded(float(right.mean())),
        "calibration_error": rounded(calibration_error(one.labels, chances)),
        "sure": rounded(float(sure.mean())),
        "right_if_sure": rounded(float(right[sure].mean())),
    }


def by_phenomenon(engine: EmbeddedEngine, sets: Iterable[LabelledSet]) -> dict[str, list[float]]:
    """Share of right labels, and texts, by tag; many tags occur with one label only."""
    right: dict[str, list[bool]] = defaultdict(list)
    for one in sets:
        told = told_labels(engine.score(one.texts).probabilities, one.labels)
        for tags, is_right in zip(one.phenomena, told == one.labels, strict=True):
            for tag in tags:
                right[tag].append(bool(is_right))
    return {tag: [rounded(float(np.mean(found))), len(found)] for tag, found in sorted(right.items())}


def recalls(engine: EmbeddedEngine, sets: Iterable[LabelledSet]) -> dict[str, float]:
    """Share of the texts of each label that are told as such."""
    every = list(sets)
    known = np.concatenate([one.labels for one in every])
    told = np.concatenate([told_labels(engine.score(one.texts).probabilities, one.labels) for one in every])
    return {label: rounded(float((told[known == at] == at).mean())) for at, label in enumerate(LABELS)}


def rounded(value: float) -> float:
    """Three decimals: what the pages can show."""
    return round(float(value), 3)
