"""Our own corpus of customer messages holds what its data sheet says."""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

from journey_mining.privacy import redact

TOOL = Path(__file__).resolve().parents[3] / "tools" / "voice_corpus.py"


def _tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("voice_corpus", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def corpus() -> dict[str, pd.DataFrame]:
    tool = _tool()
    return {split: tool.messages(split) for split in tool.SPLITS}


def test_every_message_is_labelled_and_stands_once(corpus) -> None:
    every = pd.concat(corpus.values())
    assert every["id"].is_unique
    assert set(every["label"]) == {"negative", "neutral", "positive"}
    assert set(every["language"]) == {"ru", "en", "mixed"}
    assert every["text"].str.strip().ne("").all()
    said = every["text"].map(lambda text: " ".join(re.findall(r"\w+", text.lower())) or text)
    assert [text for text, count in Counter(said).items() if count > 1] == []


@pytest.mark.parametrize("column", ["author", "theme"])
def test_splits_share_neither_authors_nor_themes(corpus, column) -> None:
    seen = Counter(value for rows in corpus.values() for value in set(rows[column]))
    assert [value for value, splits in seen.items() if splits > 1] == []


def test_no_held_out_message_resembles_one_for_training(corpus) -> None:
    train = corpus["train"]["text"].tolist()
    for split in ("development", "test", "test_english"):
        assert max(_tool().nearest(corpus[split]["text"].tolist(), train)) < 0.5


def test_messages_name_no_reachable_person(corpus) -> None:
    found = Counter(
        word
        for rows in corpus.values()
        for text in rows["text"]
        for word in re.findall(r"\[(email|card|passport|snils|inn)\]", redact(text).text)
    )
    assert found == Counter()


def test_the_test_split_holds_twenty_messages_of_each_phenomenon(corpus) -> None:
    counts = corpus["test"]["phenomena"].explode().value_counts()
    assert counts.min() >= 20
    assert len(counts) == 17
