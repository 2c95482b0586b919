from __future__ import annotations

import warnings

import pytest

from journey_mining.mining import process_model
from journey_mining.mining.event_log import TraceLog
from journey_mining.mining.process_model import discover_model

ABC, AC = ("a", "b", "c"), ("a", "c")


@pytest.fixture(scope="module", autouse=True)
def _pm4py() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("pm4py")


def log(*held_out: tuple[tuple[str, ...], int]) -> TraceLog:
    return TraceLog(segment="smb", training=((ABC, 60), (AC, 40)), held_out=held_out)


def test_a_model_fits_the_behaviour_it_was_found_from() -> None:
    model = discover_model(log((ABC, 6), (AC, 4)))
    assert (model.fitness, model.precision, model.note) == (1.0, 1.0, "")
    assert model.notation.count("<transition ") == 4


def test_fitness_counts_moves_of_unseen_behaviour() -> None:
    model = discover_model(log((ABC, 9), (("a", "b", "x"), 1)))
    assert model.fitness == pytest.approx(1 - 2 / 50)


def test_the_same_log_gives_the_same_text() -> None:
    assert discover_model(log((ABC, 5))).notation == discover_model(log((ABC, 5))).notation


def test_few_journeys_get_a_note_and_no_model() -> None:
    model = discover_model(TraceLog(segment="smb", training=((ABC, 9),), held_out=((ABC, 1),)))
    assert (model.notation, model.note) == ("", "fewer than 30 closed journeys")


def test_a_failure_of_the_miner_becomes_a_note(monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(process_model, "_discovered", fail)
    assert discover_model(log((ABC, 5))).note == "pm4py failed: ZeroDivisionError"


def test_nothing_is_printed(capfd) -> None:
    discover_model(log((ABC, 5)))
    assert capfd.readouterr() == ("", "")
