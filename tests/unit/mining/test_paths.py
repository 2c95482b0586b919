from __future__ import annotations

from types import SimpleNamespace

import pytest

from journey_mining.mining import mine_paths
from journey_mining.mining.conformance import ways_of, write_conformance
from journey_mining.mining.process_model import ProcessModel
from journey_mining.project import IntendedPath, Knowledge, Settings
from journey_mining.warehouse import model_named
from journey_rows import write_journeys
from support import given, rows_of

LOG = [("abc", "won"), ("abc", "lost"), ("ac", "silent"), ("ab", "open")] * 12


STAGES = SimpleNamespace(stage=tuple(SimpleNamespace(id=name, optional=name == "b") for name in "abc"))
PROJECT = SimpleNamespace(
    settings=Settings(),
    stages=STAGES,
    knowledge=Knowledge(intended=(IntendedPath(stages=("a", "b", "c")), IntendedPath(segment="corp", stages=("c",)))),
)


@pytest.fixture
def mined(warehouse):
    write_journeys(warehouse, *LOG)
    mine_paths(warehouse, PROJECT)
    return warehouse


def test_every_table_of_the_contract_is_written(mined) -> None:
    written = {"activity_step", "directly_follows", "trace_variant", "stage_flow", "step_flow", "process_model"}
    written |= {"path_fit", "path_move", "path_graph", "path_graph_drawn", "path_loop", "path_type"}
    assert written <= set(mined.tables())


def test_each_segment_and_everybody_has_a_model(mined) -> None:
    rows = rows_of(mined, "process_model", "segment model_kind journey_count fitness note is_shown reason")
    assert rows == [("all", "inductive", 36, 1.0, "", True, ""), ("smb", "inductive", 36, 1.0, "", True, "")]


def test_journeys_are_held_against_the_way_of_their_segment(mined) -> None:
    rows = rows_of(mined, "path_fit", "journey_id intended_for is_whole misfit_count worst_count fitness")[:4]
    assert rows == [
        ("j000", "all", True, 0, 5, 1.0),
        ("j001", "all", False, 0, 4, 1.0),
        ("j002", "all", False, 0, 3, 1.0),  # b is optional in stages.toml
        ("j003", "all", False, 0, 3, 1.0),
    ]


def test_without_an_intended_way_nothing_is_judged(warehouse) -> None:
    write_journeys(warehouse, *LOG)
    mine_paths(warehouse, SimpleNamespace(settings=Settings(), stages=STAGES, knowledge=Knowledge()))
    assert (warehouse.count("path_fit"), warehouse.count("path_move")) == (0, 0)


def test_a_way_of_touchpoints_is_read_from_the_steps(warehouse) -> None:
    write_journeys(warehouse, ("abc", "won"))
    steps = [("j000", n, stage, touchpoint) for n, (stage, touchpoint) in enumerate(["aX", "aY", "bX", "bZ"], 1)]
    given(warehouse, "journey_step", "journey_id step_no stage touchpoint", steps)
    given(warehouse, "stage_trace", "journey_id person_id segment stages ending is_left_uncertain is_reactivated",
          [("j000", "p0", "smb", "a>b", "won", False, False)])  # fmt: skip
    way = IntendedPath(stages=("X", "b", "Z"))
    write_conformance(warehouse, ways_of((way,), frozenset()))
    kinds = rows_of(warehouse, "path_move", "move_no kind step after_step")
    assert kinds == [(1, "done", "X", ""), (2, "done", "b", ""), (3, "extra", "X", "b"), (4, "done", "Z", "")]


def test_journeys_that_begin_in_the_middle_are_not_held_against_the_way(warehouse) -> None:
    given(warehouse, "stage", "stage stage_no", [("a", 1), ("b", 2), ("c", 3)])
    rows = [("j0", False, False), ("j1", True, False), ("j2", False, True)]
    given(warehouse, "stage_trace", "journey_id person_id segment stages ending is_left_uncertain is_reactivated",
          [(journey, journey, "smb", "b>c", "won", *marks) for journey, *marks in rows])  # fmt: skip
    write_conformance(warehouse, ways_of((IntendedPath(stages=("a", "b", "c")),), frozenset()))
    assert rows_of(warehouse, "path_fit", "journey_id misfit_count") == [("j0", 1)]


def test_the_drawn_graph_conserves_what_flows(mined) -> None:
    assert mined.build(model_named("paths_drawn_graph_conserves")) == 0


def test_mining_twice_gives_the_same_tables(mined) -> None:
    first = mined.read_arrow("process_model"), rows_of(mined, "directly_follows", "segment activity next_activity")
    mine_paths(mined, PROJECT)
    assert first[0].equals(mined.read_arrow("process_model"))
    assert first[1] == rows_of(mined, "directly_follows", "segment activity next_activity")


def test_a_failed_model_is_reported(warehouse, monkeypatch) -> None:
    failed = ProcessModel(segment="all", journey_count=1, variant_count=1, held_out_count=0, note="pm4py failed: X")
    monkeypatch.setattr("journey_mining.mining.paths.discover_model", lambda _: failed)
    write_journeys(warehouse, ("abc", "won"))
    report = mine_paths(warehouse, PROJECT)
    assert report.problems[0].code == "PROCESS_MODEL"
