"""Whether stages come out in the right order: stages with planted mixes of labels, made of labelled messages.

A world has twenty stages. Each has a mix of labels drawn from a Dirichlet distribution with parameters 2, 2, 2, and 100
messages of that mix; its truth is the planted share of positive minus that of negative messages, its voice the mean
score. Writers of the set are drawn anew for every world, so that the chance of having these texts is part of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import spearmanr

from journey_mining.voice.batch import LABELS
from journey_mining.voice.embedded import EmbeddedEngine
from voice_quality.measures import rounded
from voice_quality.sets import LabelledSet

WORLDS, STAGES, MESSAGES = 300, 20, 100
_MIX = (2.0, 2.0, 2.0)
_SEED = 20_261_123


def ranked(engine: EmbeddedEngine, one: LabelledSet, messages: int = MESSAGES) -> dict[str, Any]:
    """Spearman's correlations over worlds, each with the middle 95 % of worlds.

    `spearman`: voice with the planted mix. `ceiling`: the same of a reader who knows every label, as 100 messages alone
    lose some of the order. `same_messages`: voice with the labels of the very messages, which leaves chance out.
    """
    chance = np.random.default_rng(_SEED)
    score = np.nan_to_num(engine.score(one.texts).scores())
    found = np.array([_world(chance, one, score, messages) for _ in range(WORLDS)])
    names = ("spearman", "ceiling", "same_messages")
    return {"set": one.name, "messages": messages} | {
        name: [rounded(value) for value in (column.mean(), *np.quantile(column, (0.025, 0.975)))]
        for name, column in zip(names, found.T, strict=True)
    }


def _world(
    chance: np.random.Generator, one: LabelledSet, score: NDArray[np.float64], messages: int
) -> tuple[float, float, float]:
    pools = _pools(chance, one)
    mixes = chance.dirichlet(_MIX, STAGES)
    voice, said = [], []
    for mix in mixes:
        counts = chance.multinomial(messages, mix)
        drawn = np.concatenate([chance.choice(pool, count) for pool, count in zip(pools, counts, strict=True)])
        voice.append(score[drawn].mean())
        said.append((one.labels[drawn] - 1).mean())
    planted = mixes[:, 2] - mixes[:, 0]
    pairs = ((voice, planted), (said, planted), (voice, said))
    first, second, third = (float(spearmanr(*pair).statistic) for pair in pairs)
    return first, second, third


def _pools(chance: np.random.Generator, one: LabelledSet) -> list[NDArray[np.int64]]:
    """Places of the texts of each label, of writers drawn with replacement; all of a label that none of them used."""
    writers = np.unique(one.writers)
    weight = np.bincount(chance.choice(writers, len(writers)), minlength=int(writers.max()) + 1)[one.writers]
    every = np.repeat(np.arange(len(weight)), weight)
    pools = [every[one.labels[every] == label] for label in range(len(LABELS))]
    return [pool if len(pool) else np.flatnonzero(one.labels == label) for label, pool in enumerate(pools)]
