from __future__ import annotations

import hashlib
from typing import Any

import pyarrow as pa

from support import NOON, at, built, given

CONTACT, EMAIL = (1, "b24_contact", 1, 1, True), (2, "email", 2, 1, True)


def test_a_person_is_named_after_its_smallest_identifier(rows: Any) -> None:
    rows.nodes(CONTACT, EMAIL)
    rows.groups({1: 2, 2: 2})
    name = "p" + hashlib.md5(b"b24_contact|v1", usedforsecurity=False).hexdigest()
    assert built(rows.warehouse, "person_identifier", "person_id kind") == [(name, "b24_contact"), (name, "email")]


def given_event(rows: Any, *, shared: str) -> None:
    """A phone of person 1 and a cookie of person 2 on one event at noon; one of the two is shared."""
    nodes = [(1, "phone", "v1", 2, None), (2, "ym_client", "v2", 3, None)]
    given(
        rows.warehouse, "identifier_node", "node_no kind value trust blocked_reason", nodes, blocked_reason=pa.string()
    )
    given(rows.warehouse, "event_node", "event_id node_no occurred_at", [("e1", 1, NOON), ("e1", 2, NOON)])
    people = [("p1", "phone", "v1"), ("p2", "ym_client", "v2")]
    given(rows.warehouse, "person_identifier", "person_id kind value", people)
    rows.groups({1: 1, 2: 2})
    rows.no_cuts()
    rows.blocked((1 if shared == "phone" else 2, f"shared_{shared}"))


def test_an_event_goes_past_a_shared_identifier(rows: Any) -> None:
    given_event(rows, shared="phone")
    assert built(rows.warehouse, "event_person", "event_id person_id") == [("e1", "p2")]


def test_an_event_on_a_device_goes_to_whoever_had_it(rows: Any) -> None:
    given_event(rows, shared="device")
    given(rows.warehouse, "event_node", "event_id node_no occurred_at", [("e1", 2, NOON), ("e2", 2, at("2026-05-05"))])
    spans = [(2, 1, 1, NOON, at("2026-05-05")), (2, 2, 2, at("2026-05-05"), None)]
    given(
        rows.warehouse, "device_span", "node_no span_no group_no from_at until_at", spans, until_at=pa.timestamp("us")
    )
    assert built(rows.warehouse, "event_person", "event_id person_id") == [("e1", "p1"), ("e2", "p2")]


def test_a_person_without_events_is_kept_with_none(rows: Any) -> None:
    known = [("p1", "ym_client", "c", NOON, NOON)]
    given(rows.warehouse, "person_identifier", "person_id kind value first_seen_at last_seen_at", known)
    given(rows.warehouse, "event_person", "event_id person_id", [("e1", "p2")])
    rows.events(("e1", None))
    assert built(rows.warehouse, "person", "person_id event_count first_seen_at") == [("p1", 0, NOON)]


def test_a_person_put_up_for_review_is_counted(rows: Any) -> None:
    rows.nodes(CONTACT, EMAIL)
    given(rows.warehouse, "review_node", "node_no reason", [(1, "long_chain")])
    people = [("p1", "b24_contact", "v1"), ("p1", "email", "v2")]
    given(rows.warehouse, "person_identifier", "person_id kind value", people)
    given(rows.warehouse, "person", "person_id identifier_count", [("p1", 2)])
    columns = "person_id reason identifier_count email_count phone_count"
    assert built(rows.warehouse, "identity_review", columns) == [("p1", "long_chain", 2, 1, 0)]
