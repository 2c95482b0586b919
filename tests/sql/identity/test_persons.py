from __future__ import annotations

import hashlib
from typing import Any

from support import NOON, built, given

CONTACT, EMAIL = (1, "b24_contact", 1, 1, True), (2, "email", 2, 1, True)


def test_a_person_is_named_after_its_smallest_identifier(rows: Any) -> None:
    rows.nodes(CONTACT, EMAIL)
    rows.groups({1: 2, 2: 2})
    name = "p" + hashlib.md5(b"b24_contact|v1", usedforsecurity=False).hexdigest()
    assert built(rows.warehouse, "person_identifier", "person_id kind") == [(name, "b24_contact"), (name, "email")]


def test_an_event_goes_past_a_shared_identifier(rows: Any) -> None:
    nodes = [(1, "phone", "v1", 2, None), (2, "ym_client", "v2", 3, None)]
    given(rows.warehouse, "identifier_node", "node_no kind value trust blocked_reason", nodes)
    given(rows.warehouse, "event_node", "event_id node_no", [("e1", 1), ("e1", 2)])
    given(
        rows.warehouse, "person_identifier", "person_id kind value", [("p1", "phone", "v1"), ("p2", "ym_client", "v2")]
    )
    rows.blocked((1, "shared_phone"))
    assert built(rows.warehouse, "event_person", "event_id person_id") == [("e1", "p2")]


def test_a_person_without_events_is_kept_with_none(rows: Any) -> None:
    known = [("p1", "ym_client", "c", NOON, NOON)]
    given(rows.warehouse, "person_identifier", "person_id kind value first_seen_at last_seen_at", known)
    given(rows.warehouse, "event_person", "event_id person_id", [("e1", "p2")])
    rows.events(("e1", None))
    assert built(rows.warehouse, "person", "person_id event_count first_seen_at") == [("p1", 0, NOON)]


def test_only_persons_beyond_the_cap_are_put_up_for_review(rows: Any) -> None:
    rows.level(1)  # the cap of these tests is 2
    given(rows.warehouse, "person", "person_id identifier_count", [("p1", 2), ("p2", 3)])
    assert built(rows.warehouse, "identity_review", "person_id") == [("p2",)]
