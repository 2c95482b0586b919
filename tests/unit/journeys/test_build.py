from __future__ import annotations

from journey_mining.journeys import build_journeys
from journey_mining.warehouse import layer_models
from journey_mining.warehouse.checks import check_promises
from journey_support import build_tiny, project, walk, write_events, write_status


def test_no_event_of_a_person_is_empty_tables_and_no_fault(warehouse) -> None:
    write_events(warehouse, [])
    write_status(warehouse, ("web", True, 0, 50))
    report = build_journeys(warehouse, project())
    assert report.counts["journeys"] == report.counts["events of persons"] == 0


def test_every_model_keeps_the_promises_of_its_header(warehouse) -> None:
    build_tiny(warehouse, [*walk("a@0 b@1 a@2 won@3 a@4 x@5 n@40"), *walk("d@0 a@1 a@1.2 lost@2", who="q")])
    assert [broken for model in layer_models("journeys") for broken in check_promises(warehouse, model)] == []


def test_counts_name_every_ending_even_where_there_is_none(warehouse) -> None:
    counts = build_tiny(warehouse, walk("a@0 won@1")).counts
    endings = [counts[f"journeys {name}"] for name in ("won", "lost", "silent", "open")]
    assert endings == [1, 0, 0, 0]


def test_a_decisive_source_that_is_silent_is_a_problem(warehouse) -> None:
    write_events(warehouse, walk("a@0"))
    write_status(warehouse, ("crm", True, None, None), ("web", True, 0, 50))
    report = build_journeys(warehouse, project())
    assert [(problem.code, problem.where) for problem in report.problems] == [("SILENT_SOURCE", "crm")]


def test_many_ambiguous_deals_are_a_problem(warehouse) -> None:
    deals = [{"id": name, "act": "b", "day": 1, "deal": name} for name in ("D1", "D2")]
    report = build_tiny(warehouse, [*deals, *walk("a@2")], unit="deal")
    assert [problem.code for problem in report.problems] == ["AMBIGUOUS_DEALS"]
