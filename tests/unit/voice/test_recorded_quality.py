"""What the pages say of the sentiment engine is what was recorded, and what was recorded is the shipped table."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from journey_mining.voice.embedded import MODEL_FILE, embedded_engine
from journey_mining.voice.quality import macro_f1, told_labels

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def tool() -> Iterator[SimpleNamespace]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(ROOT / "tools"))
        from voice_quality import page, record, sets, stages

        yield SimpleNamespace(page=page, record=record, sets=sets, stages=stages, results=record.read())
    for name in [name for name in sys.modules if name.startswith("voice_")]:
        sys.modules.pop(name)


def numbers_in(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from numbers_in(part)
    elif isinstance(value, float):
        yield value


def test_the_recorded_results_are_those_of_the_shipped_table(tool) -> None:
    assert tool.results["sha256"] == hashlib.sha256(MODEL_FILE.read_bytes()).hexdigest()
    assert tool.results["engine"] == embedded_engine().name


def test_the_tables_of_both_pages_are_drawn_from_the_recorded_results(tool) -> None:
    for path in tool.page.PAGES:
        text = path.read_text(encoding="utf-8")
        assert tool.page.MARK.search(text)
        assert tool.page.with_tables(text, tool.results) == text
    marks = [name for path in tool.page.PAGES for _, name, _ in tool.page.MARK.findall(path.read_text("utf-8"))]
    assert sorted(marks) == sorted(tool.page.DRAWN)


def test_every_figure_in_the_prose_is_a_recorded_one(tool) -> None:
    known = {tool.page.share(value) for value in numbers_in(tool.results)}
    for path, part in zip(tool.page.PAGES, ("How well it does", "How well it does as shipped"), strict=True):
        text = tool.page.MARK.sub("", path.read_text(encoding="utf-8"))
        prose = re.search(rf"(?s)\n## {part}\n(.*?)\n## (?:Feelings|Other engines)", text)
        assert prose is not None
        said = re.findall(r"(?<![\w.])\.\d{3}\b", prose[1])
        assert [figure for figure in said if figure not in known] == []
    assert len(known) > 100


def test_no_figure_of_an_older_table_stands_on_the_pages(tool) -> None:
    told = {int(tool.results["engine"].removeprefix("embedded-"))}
    for path in tool.page.PAGES:
        assert set(map(int, re.findall(r"[Vv]ersion (\d+)\b", path.read_text(encoding="utf-8")))) <= told


def test_our_own_sets_measured_again_give_what_was_recorded(tool) -> None:
    rows = {row["set"]: row for row in tool.results["sets"]}
    for one in tool.sets.own_sets():
        told = told_labels(embedded_engine().score(one.texts).probabilities, one.labels)
        assert rows[one.name]["n"] == len(one.texts)
        assert rows[one.name]["macro_f1"][0] == pytest.approx(macro_f1(one.labels, told), abs=0.0006)


def test_every_set_and_every_way_that_was_to_be_measured_has_its_row(tool) -> None:
    rows = {row["set"]: row for row in tool.results["sets"]}
    assert set(tool.page.PLACES) - set(rows) == {"rureviews", "yandex_geo"}
    page = tool.page.PAGES[0].read_text(encoding="utf-8")
    assert page.count("not at hand") >= 2
    lists = {
        "en": {"VADER", "TextBlob", "AFINN-165"},
        "ru": {"PolSentiLex", "RuSentiLex", "KartaSlovSent"},
        "mixed": set(),
    }
    for row in rows.values():
        assert set(row["peers"]) >= lists[row["language"]] | {"TF-IDF", "fastText"}
        for estimate, low, high in [row["macro_f1"], *row["peers"].values()]:
            assert low <= estimate <= high


def test_stages_read_by_label_reach_the_ceiling_and_those_of_a_coin_are_in_no_order(tool, monkeypatch) -> None:
    monkeypatch.setattr(tool.stages, "WORLDS", 30)
    labels = np.repeat(np.arange(3), 60)
    own = next(iter(tool.sets.own_sets()))
    one = type(own)(
        name="x", title="", block="", language="en", texts=[str(label) for label in labels], labels=labels,
        writers=np.arange(180), phenomena=[[]] * 180,
    )  # fmt: skip
    coin = np.random.default_rng(1).permutation(labels)

    def engine(scores: np.ndarray) -> SimpleNamespace:
        return SimpleNamespace(score=lambda _texts: SimpleNamespace(scores=lambda: scores - 1.0))

    perfect = tool.stages.ranked(engine(labels), one)
    assert perfect["spearman"] == perfect["ceiling"]
    assert perfect["same_messages"] == [1.0, 1.0, 1.0]
    assert 0.9 < perfect["ceiling"][0] < 1
    assert abs(tool.stages.ranked(engine(coin), one)["spearman"][0]) < 0.6
