"""The benchmarks on a small world: contenders that are installed here find the same; no time is looked at."""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parents[2] / "benchmarks"
EVENTS = 5_000


@pytest.fixture
def benchmarks(monkeypatch) -> None:
    monkeypatch.syspath_prepend(str(HERE / "mining"))
    monkeypatch.syspath_prepend(str(HERE))
    yield
    for name in ("contenders", "worlds", "tables", "run", "environments"):
        sys.modules.pop(name, None)


@pytest.mark.usefixtures("benchmarks")
def test_the_packed_layout_the_models_and_pm4py_find_the_same(tmp_path) -> None:
    from contenders import CONTENDERS
    from worlds import write_world

    file = tmp_path / "world.parquet"
    assert write_world(file, EVENTS) > 500
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = {name: CONTENDERS[name](str(file)) for name in ("ours", "portable", "pm4py_pandas")}
    assert found["ours"] == found["portable"] == found["pm4py_pandas"]
    assert set(found["ours"]) >= {"graph", "median_seconds", "starts", "ends", "ways"}
    assert found["ours"]["edges"] > 1_000


@pytest.mark.usefixtures("benchmarks")
def test_a_difference_between_contenders_is_named() -> None:
    from run import differences

    found = {"ours": {"graph": "x", "ways": 3}, "other": {"graph": "x"}, "third": {"graph": "y"}}
    assert differences(found) == {"graph": {"ours": "x", "other": "x", "third": "y"}}


@pytest.mark.usefixtures("benchmarks")
def test_every_contender_of_another_maker_has_its_versions_pinned() -> None:
    from contenders import CONTENDERS
    from run import GROUPS, OWN

    assert set(CONTENDERS) == set(GROUPS["mining"]["contenders"])
    pins = {
        name: (HERE / "peers" / f"{name}.txt").read_text(encoding="utf-8").split() for name in CONTENDERS.keys() - OWN
    }
    assert [line for lines in pins.values() for line in lines if "==" not in line and line != "mcp<2"] == []


@pytest.mark.usefixtures("benchmarks")
def test_the_tables_are_those_of_the_committed_results() -> None:
    from tables import README, with_tables

    text = README.read_text(encoding="utf-8")
    assert with_tables(text) == text
    worlds = json.loads((HERE / "mining" / "results.json").read_text(encoding="utf-8"))["worlds"]
    assert {len({"ours", "limit"} & set(world["contenders"])) for world in worlds} <= {1, 2}
