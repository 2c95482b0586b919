"""Which texts are chosen to be labelled."""

from __future__ import annotations

import numpy as np
import pandas as pd

from journey_mining.voice.labelling import label_sample


def texts(count=300, *, persons=300):
    """Texts of two stages and languages; the label positive is rare."""
    number = np.arange(count)
    return pd.DataFrame(
        {
            "event_id": [f"{n:032x}" for n in number],
            "text": [f"text {n}" for n in number],
            "language": np.where(number % 3 == 0, "en", "ru"),
            "stage": np.where(number % 10 == 0, "", "support"),
            "person_id": [f"p{n % persons}" for n in number],
            "score": 0.1,
            "label": np.where(number % 30 == 1, "positive", "neutral"),
            "confidence": np.where(number % 2 == 0, 0.9, 0.4),
        }
    )


def test_every_kind_of_text_is_met_and_rare_ones_more_than_by_chance():
    chosen = label_sample(texts(), 60)
    assert len(chosen) == 60
    assert set(chosen["stage"]) == {"", "support"}
    assert set(chosen["language"]) == {"ru", "en"}
    assert (chosen["label"] == "positive").mean() > 1.5 / 30


def test_no_customer_is_met_twice_while_others_are_left():
    chosen = label_sample(texts(persons=70), 60)
    assert chosen["person_id"].is_unique
    more = label_sample(texts(persons=20), 60)
    assert len(more) == 60
    assert set(more["person_id"].value_counts()) == {3}


def test_the_sample_is_the_same_whatever_the_order_of_the_texts():
    given = texts()
    shuffled = given.sample(frac=1, random_state=5)
    assert label_sample(given, 50)["event_id"].tolist() == label_sample(shuffled, 50)["event_id"].tolist()


def test_texts_without_a_score_and_texts_met_before_are_left_out():
    given = texts(10)
    given.loc[0, "score"] = np.nan
    given.loc[1, "text"] = given.loc[2, "text"]
    assert len(label_sample(given, 50)) == 8
