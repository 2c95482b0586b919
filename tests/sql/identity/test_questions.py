from __future__ import annotations

from typing import Any

from journey_mining.warehouse import model_named
from support import NOON, built, given

CONTACT, OTHER, EMAIL = (1, "b24_contact", 1, 1, True), (2, "b24_contact", 1, 1, True), (5, "email", 2, 1, True)
CHAIN = tuple((n, "email", 2, 1, True) for n in range(1, 7))


def test_two_records_of_one_kind_in_a_group_are_a_conflict(rows: Any) -> None:
    rows.groups({1: 1, 2: 1, 5: 1})
    given(rows.warehouse, "naming_record", "node_no kind record_no", [(1, "crm", 1), (2, "crm", 2)])
    assert built(rows.warehouse, "conflict_group", "group_no") == [(1,)]


def test_two_records_known_to_be_one_are_none(rows: Any) -> None:
    rows.groups({1: 1, 2: 1, 5: 1})
    given(rows.warehouse, "naming_record", "node_no kind record_no", [(1, "crm", 1), (2, "crm", 1)])
    assert built(rows.warehouse, "conflict_group", "group_no") == []


def suspects(rows: Any, *ties: tuple[int, int]) -> list[tuple[int]]:
    rows.level(3)  # the caps of these tests are 2
    rows.warehouse.execute("update identity_setting set review_cap = 9, address_cap = 9")
    rows.nodes(*CHAIN)
    rows.groups(dict.fromkeys(range(1, 7), 1))
    rows.numbers("open_tie", "group_no low_no high_no", *[(1, low, high) for low, high in ties])
    rows.warehouse.build(model_named("hub_reach"))
    return built(rows.warehouse, "suspect_group", "group_no")


def test_a_chain_of_five_steps_is_looked_at(rows: Any) -> None:
    assert suspects(rows, (1, 2), (2, 3), (3, 4), (4, 5), (5, 6)) == [(1,)]


def test_a_group_around_one_identifier_is_not(rows: Any) -> None:
    assert suspects(rows, (1, 2), (1, 3), (1, 4), (4, 5), (4, 6)) == []


def test_more_addresses_than_the_cap_are_looked_at(rows: Any) -> None:
    suspects(rows, (1, 2), (1, 3), (1, 4), (1, 5), (1, 6))
    rows.level(3)
    assert built(rows.warehouse, "suspect_group", "group_no") == [(1,)]


def test_a_tie_of_a_shared_identifier_is_closed_unless_it_was_told(rows: Any) -> None:
    rows.nodes(CONTACT, OTHER, EMAIL)
    rows.groups({1: 1, 2: 1, 5: 1})
    rows.star((5, 1), (2, 1))
    rows.blocked((5, "fan_out"))
    assert built(rows.warehouse, "open_tie", "low_no high_no trust") == [(1, 2, 1)]
    rows.warehouse.execute("update star_edge set merge_count = 1")
    assert built(rows.warehouse, "open_tie", "low_no high_no trust") == [(1, 2, 0), (1, 5, 0)]


def logins(rows: Any, *people: int) -> list[tuple[Any, ...]]:
    found = [(9, f"e{no}", NOON.replace(hour=no), group) for no, group in enumerate(people)]
    given(rows.warehouse, "device_login", "node_no event_id occurred_at group_no", found)
    return built(rows.warehouse, "device_span", "span_no group_no from_at until_at")


def test_a_device_has_a_span_for_each_who_had_it(rows: Any) -> None:
    noon, later = NOON.replace(hour=0), NOON.replace(hour=2)
    assert logins(rows, 7, 7, 8) == [(1, 7, noon, later), (2, 8, later, None)]


def test_a_device_used_in_turns_has_none(rows: Any) -> None:
    assert logins(rows, 7, 8, 7) == []
