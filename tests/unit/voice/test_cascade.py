"""A heavy engine behind the embedded one."""

from __future__ import annotations

import numpy as np

from journey_mining.voice import embedded_engine, engine_named
from journey_mining.voice.batch import SentimentBatch
from journey_mining.voice.cascade import CascadeEngine


class Praising:
    """Finds everything good, and remembers what it read."""

    name = "praising"
    reads_any_language = True

    def __init__(self):
        self.read = []

    def score(self, texts):
        self.read += texts
        return SentimentBatch(
            probabilities=np.tile([0.0, 0.0, 1.0], (len(texts), 1)),
            languages=("und",) * len(texts),
            flags=("",) * len(texts),
        )


def test_the_heavy_engine_reads_only_what_the_embedded_one_is_unsure_of_or_cannot_read():
    texts = [
        "Ужасный сервис, деньги не вернули",
        "Как настроить почту?",
        "",
        "Je ne peux pas me connecter depuis hier soir",
    ]
    light = embedded_engine().score(texts)
    unsure = float(np.nanmax(light.probabilities[1]))
    heavy = Praising()
    engine = CascadeEngine(light=embedded_engine(), heavy=heavy, unsure_below=unsure + 0.001)
    surest = np.nanmax(np.nan_to_num(light.probabilities), axis=1)
    batch = engine.score(texts)
    expected = [text for text, sure in zip(texts, surest, strict=True) if text and sure < unsure + 0.001]
    assert heavy.read == expected
    assert texts[3] in heavy.read
    assert batch.labels()[2] is None
    assert batch.labels()[1] == batch.labels()[3] == "positive"
    assert engine.reads_any_language


def test_a_cascade_is_named_by_what_it_holds():
    engine = engine_named("cascade:none")
    assert engine.name == f"cascade({embedded_engine().name}<0.6:none)"
    texts = ["Ужасный сервис", "Как настроить почту?"]
    assert np.array_equal(engine.score(texts).probabilities, embedded_engine().score(texts).probabilities)
