from __future__ import annotations

from typing import Any

from support import built

CONTACTS = tuple((n, "b24_contact", 1, 1, True) for n in (1, 2, 3))
EMAIL = (9, "email", 2, 1, True)


def test_an_email_beyond_the_cap_is_blocked(rows: Any) -> None:
    rows.level(1)  # the cap of these tests is 2
    rows.nodes(*CONTACTS, EMAIL)
    rows.star((9, 1), (9, 2), (9, 3))
    assert built(rows.warehouse, "blocked_early", "node_no reason") == [(9, "fan_out")]


def test_an_email_at_the_cap_is_not(rows: Any) -> None:
    rows.level(1)
    rows.nodes(*CONTACTS, EMAIL)
    rows.star((9, 1), (9, 2))
    assert built(rows.warehouse, "blocked_early", "node_no") == []


def test_phones_are_judged_in_their_own_round(rows: Any) -> None:
    rows.level(1)
    rows.nodes(*CONTACTS, (9, "phone", 2, 2, False))
    rows.star((9, 1), (9, 2), (9, 3))
    assert built(rows.warehouse, "blocked_early", "node_no") == []
