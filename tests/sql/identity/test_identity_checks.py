from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from support import built, given

TEXT = pa.string()
PERSONS = [("p1", "email", "a"), ("p2", "email", "b")]


@pytest.fixture
def known(rows: Any) -> Any:
    rows.events(("e1", None), ("e2", None))
    rows.identifiers(("e1", "email", "a", None), ("e2", "email", "0", "zero"))
    given(rows.warehouse, "person_identifier", "person_id kind value", PERSONS)
    return rows


def test_an_event_of_a_placeholder_needs_no_person(known: Any) -> None:
    given(known.warehouse, "event_person", "event_id person_id", [("e1", "p1")])
    assert built(known.warehouse, "identity_event_has_one_person", "event_id") == []


def test_an_event_without_its_person_is_found(known: Any) -> None:
    given(known.warehouse, "event_person", "event_id person_id", [], event_id=TEXT, person_id=TEXT)
    assert built(known.warehouse, "identity_event_has_one_person", "event_id") == [("e1",)]


def test_an_open_edge_between_two_persons_is_found(known: Any) -> None:
    edge = [("email", "a", "email", "b", "same_event:crm", None)]
    columns = "kind_a value_a kind_b value_b rule blocked_reason"
    given(known.warehouse, "identifier_edge", columns, edge)
    assert built(known.warehouse, "identity_edge_tells_the_truth", "rule") == [("same_event:crm",)]


def test_a_merge_without_an_edge_is_found(known: Any) -> None:
    columns = dict.fromkeys(("kind_a", "value_a", "kind_b", "value_b", "blocked_reason"), TEXT)
    given(known.warehouse, "identifier_edge", " ".join(columns), [], **columns)
    given(known.warehouse, "person", "person_id identifier_count", [("p1", 2), ("p2", 1)])
    assert built(known.warehouse, "identity_person_is_tied_by_edges", "person_id") == [("p1",)]
