from __future__ import annotations

from typing import Any

from support import NOON, built, given

CONTACT, OTHER_CONTACT, EMAIL, COOKIE = (1, "b24_contact"), (2, "b24_contact"), (3, "email"), (4, "ym_client")
TRUST = {1: 1, 2: 1, 3: 2, 4: 3}


def anchors(rows: Any, *on_event: tuple[int, str], blocked: int = 0) -> list[tuple[Any, ...]]:
    rows.events(("e1", None))
    rows.identifiers(*[("e1", kind, f"v{no}", None) for no, kind in on_event])
    nodes = [
        (no, k, f"v{no}", TRUST[no], 1, True, 1, NOON, NOON, "zero" * (no == blocked) or None) for no, k in on_event
    ]
    columns = "node_no kind value trust level is_naming event_count first_seen_at last_seen_at blocked_reason"
    given(rows.warehouse, "identifier_node", columns, nodes)
    return built(rows.warehouse, "event_node", "node_no anchor_no is_crowded")


def test_the_most_trusted_identifier_is_the_anchor(rows: Any) -> None:
    assert anchors(rows, COOKIE, EMAIL, CONTACT) == [(1, 1, 0), (3, 1, 0), (4, 1, 0)]


def test_a_blocked_identifier_is_no_anchor_while_there_is_another(rows: Any) -> None:
    assert anchors(rows, EMAIL, COOKIE, blocked=3) == [(3, 4, 0), (4, 4, 0)]


def test_two_contacts_make_an_event_crowded(rows: Any) -> None:
    assert anchors(rows, CONTACT, OTHER_CONTACT, EMAIL) == [(1, 1, 1), (2, 1, 1), (3, 1, 1)]


def test_a_placeholder_beside_a_contact_is_no_crowd(rows: Any) -> None:
    assert anchors(rows, CONTACT, OTHER_CONTACT, blocked=2) == [(1, 1, 0), (2, 1, 0)]
