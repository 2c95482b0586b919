from __future__ import annotations

from typing import Any

from support import NOON, built, given

CONTACT, EMAIL, PHONE = (1, "b24_contact", 1, 1, True), (2, "email", 2, 1, True), (3, "phone", 2, 2, False)


def test_the_weaker_end_gives_the_strength(rows: Any) -> None:
    rows.nodes(CONTACT, EMAIL)
    rows.star((2, 1))
    rows.blocked()
    rows.no_cuts()
    rows.groups({1: 1, 2: 1})
    found = built(rows.warehouse, "identifier_edge", "kind_a kind_b rule strength blocked_reason")
    assert found == [("b24_contact", "email", "same_event:crm", "medium", None)]


def test_a_blocked_end_blocks_the_edge(rows: Any) -> None:
    rows.nodes(CONTACT, PHONE)
    rows.star((3, 1))
    rows.blocked((3, "shared_phone"))
    rows.no_cuts()
    rows.groups({1: 1, 3: 3})
    assert built(rows.warehouse, "identifier_edge", "blocked_reason") == [("shared_phone",)]


def test_ends_in_two_people_are_a_conflict(rows: Any) -> None:
    rows.nodes(CONTACT, PHONE)
    rows.star((3, 1))
    rows.blocked()
    rows.no_cuts()
    rows.groups({1: 1, 3: 3})
    assert built(rows.warehouse, "identifier_edge", "blocked_reason") == [("conflict",)]


def test_evidence_from_bots_alone_is_no_evidence(rows: Any) -> None:
    rows.nodes(CONTACT, EMAIL)
    columns = "node_no anchor_no source event_count clear_count counted_count merge_count first_seen_at last_seen_at"
    given(rows.warehouse, "star_edge", columns, [(2, 1, "web", 3, 0, 0, 0, NOON, NOON)])
    rows.blocked()
    rows.no_cuts()
    rows.groups({1: 1, 2: 2})
    assert built(rows.warehouse, "identifier_edge", "event_count blocked_reason") == [(3, "excluded_event")]


def test_a_cut_tie_says_so_before_all_else(rows: Any) -> None:
    rows.nodes(CONTACT, EMAIL)
    rows.star((2, 1))
    rows.blocked((2, "fan_out"))
    rows.no_cuts()
    rows.groups({1: 1, 2: 2})
    given(rows.warehouse, "cut_tie", "low_no high_no reason", [(1, 2, "weak_bridge")])
    assert built(rows.warehouse, "identifier_edge", "blocked_reason") == [("weak_bridge",)]


def test_an_override_and_a_told_merge_are_strong_and_name_their_rule(rows: Any) -> None:
    other_card = (3, "b24_contact", 1, 1, True)
    rows.nodes(CONTACT, EMAIL, other_card)
    columns = "node_no anchor_no source event_count clear_count counted_count merge_count first_seen_at last_seen_at"
    edges = [(2, 1, "", 0, 1, 1, 1, NOON, NOON), (3, 1, "crm", 1, 1, 1, 1, NOON, NOON)]
    given(rows.warehouse, "star_edge", columns, edges)
    rows.blocked()
    rows.no_cuts()
    rows.groups({1: 1, 2: 1, 3: 1})
    assert built(rows.warehouse, "identifier_edge", "rule strength") == [
        ("merge:crm", "strong"),
        ("override", "strong"),
    ]
