from __future__ import annotations

from typing import Any

from support import built, given


def given_kinds(rows: Any) -> None:
    given(rows.warehouse, "identifier_kind", "kind trust level is_naming", [("email", 2, 1, True)])


def test_identifiers_are_numbered_by_kind_and_value(rows: Any) -> None:
    given_kinds(rows)
    rows.events(("e1", None), ("e2", None))
    rows.identifiers(("e2", "email", "b", None), ("e1", "email", "b", None), ("e1", "email", "a", None))
    assert built(rows.warehouse, "identifier_node", "node_no value event_count") == [(1, "a", 1), (2, "b", 2)]


def test_a_kind_that_nobody_described_is_weak(rows: Any) -> None:
    given_kinds(rows)
    rows.events(("e1", None))
    rows.identifiers(("e1", "tiktok", "a", None))
    assert built(rows.warehouse, "identifier_node", "trust level is_naming") == [(3, 3, False)]


def test_an_empty_value_is_no_identifier(rows: Any) -> None:
    given_kinds(rows)
    rows.events(("e1", None))
    rows.identifiers(("e1", "email", "", None), ("e1", "email", None, None))
    assert built(rows.warehouse, "identifier_node", "node_no") == []


def test_a_value_blocked_once_is_blocked(rows: Any) -> None:
    given_kinds(rows)
    rows.events(("e1", None), ("e2", None))
    rows.identifiers(("e1", "email", "a", None), ("e2", "email", "a", "shared_mailbox"))
    assert built(rows.warehouse, "identifier_node", "blocked_reason") == [("shared_mailbox",)]
