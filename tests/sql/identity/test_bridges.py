from __future__ import annotations

from typing import Any

from journey_mining.warehouse import model_named
from support import built, rows_of

CONTACT_1, CONTACT_2 = (1, "b24_contact", 1, 1, True), (2, "b24_contact", 1, 1, True)
PHONE, DESK_USER, COOKIE = (5, "phone", 2, 2, False), (8, "zendesk_user", 1, 1, False), (9, "ym_client", 3, 3, False)


def touches(rows: Any, level: int) -> list[tuple[Any, ...]]:
    rows.blocked()
    rows.level(level)
    rows.warehouse.build_all(model_named(name) for name in ("level_edge", "naming_group"))
    return built(rows.warehouse, "bridge_touch", "group_no naming_count nearest_no")


def test_a_phone_counts_the_people_it_touches(rows: Any) -> None:
    rows.nodes(CONTACT_1, CONTACT_2, PHONE)
    rows.groups({1: 1, 2: 2, 5: 5})
    rows.star((5, 1), (5, 2))
    assert touches(rows, 2) == [(5, 2, 1)]


def test_two_cards_of_one_person_count_once(rows: Any) -> None:
    rows.nodes(CONTACT_1, CONTACT_2, PHONE)
    rows.groups({1: 1, 2: 1, 5: 5})
    rows.star((5, 1), (5, 2))
    assert touches(rows, 2) == [(5, 1, 1)]


def test_a_desk_user_without_address_is_nobody_to_a_phone(rows: Any) -> None:
    rows.nodes(CONTACT_1, PHONE, DESK_USER)
    rows.groups({1: 1, 5: 5, 8: 8})
    rows.star((5, 1), (5, 8))
    assert touches(rows, 2) == [(5, 1, 1)]


def test_a_desk_user_is_somebody_to_a_cookie(rows: Any) -> None:
    rows.nodes(CONTACT_1, DESK_USER, COOKIE)
    rows.groups({1: 1, 8: 8, 9: 9})
    rows.star((9, 1), (9, 8))
    assert touches(rows, 3) == [(9, 2, 1)]


def test_what_touches_two_people_is_shared(rows: Any) -> None:
    rows.nodes(CONTACT_1, CONTACT_2, PHONE)
    rows.groups({1: 1, 2: 2, 5: 5})
    rows.star((5, 1), (5, 2))
    touches(rows, 2)
    assert built(rows.warehouse, "shared_bridge", "node_no reason") == [(5, "shared_phone")]


def test_edges_of_shared_identifiers_are_left_out(rows: Any) -> None:
    rows.numbers("level_edge", "far_no near_no", (5, 1), (5, 2), (6, 1))
    rows.numbers("shared_bridge", "node_no", (5,))
    assert built(rows.warehouse, "bridge_edge", "far_no near_no") == [(6, 1)]


def test_a_blocked_identifier_has_no_edge_on_any_level(rows: Any) -> None:
    rows.nodes(CONTACT_1, PHONE)
    rows.groups({1: 1, 5: 5})
    rows.star((5, 1))
    rows.blocked((5, "zero"))
    rows.level(2)
    rows.warehouse.build(model_named("level_edge"))
    assert rows_of(rows.warehouse, "level_edge", "far_no near_no") == []
