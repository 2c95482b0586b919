from __future__ import annotations

from types import SimpleNamespace

import pytest

from journey_mining.mining import mine_paths
from journey_mining.mining.process_model import ProcessModel
from journey_rows import write_journeys
from support import rows_of

LOG = [("abc", "won"), ("abc", "lost"), ("ac", "silent"), ("ab", "open")] * 12


@pytest.fixture
def mined(warehouse):
    write_journeys(warehouse, *LOG)
    mine_paths(warehouse, SimpleNamespace())
    return warehouse


def test_every_table_of_the_contract_is_written(mined) -> None:
    written = {"activity_step", "directly_follows", "trace_variant", "stage_flow", "step_flow", "process_model"}
    assert written <= set(mined.tables())


def test_each_segment_and_everybody_has_a_model(mined) -> None:
    rows = rows_of(mined, "process_model", "segment model_kind journey_count fitness note")
    assert rows == [("all", "inductive", 36, 1.0, ""), ("smb", "inductive", 36, 1.0, "")]


def test_mining_twice_gives_the_same_tables(mined) -> None:
    first = mined.read_arrow("process_model"), rows_of(mined, "directly_follows", "segment activity next_activity")
    mine_paths(mined, SimpleNamespace())
    assert first[0].equals(mined.read_arrow("process_model"))
    assert first[1] == rows_of(mined, "directly_follows", "segment activity next_activity")


def test_a_failed_model_is_reported(warehouse, monkeypatch) -> None:
    failed = ProcessModel(segment="all", journey_count=1, variant_count=1, held_out_count=0, note="pm4py failed: X")
    monkeypatch.setattr("journey_mining.mining.paths.discover_model", lambda _: failed)
    write_journeys(warehouse, ("ab", "won"))
    report = mine_paths(warehouse, SimpleNamespace())
    assert report.problems[0].code == "PROCESS_MODEL"
