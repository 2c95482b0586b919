from __future__ import annotations

from typing import Any

from support import built


def settled(rows: Any, *, naming: tuple[int, ...], touch: tuple[tuple[int, int, int], ...]) -> list[tuple[Any, ...]]:
    rows.groups({1: 1, 2: 2, 5: 5, 6: 6})
    rows.numbers("component_label", "member_no label_no", (1, 1), (2, 1), (5, 1), (6, 1))
    rows.numbers("naming_group", "group_no", *[(group,) for group in naming])
    rows.numbers("bridge_touch", "group_no naming_count nearest_no", *touch)
    rows.numbers("shared_bridge", "node_no")
    return built(rows.warehouse, "settled_group", "node_no group_no")


def test_a_component_with_one_person_becomes_that_person(rows: Any) -> None:
    assert settled(rows, naming=(1,), touch=((5, 1, 1),)) == [(1, 1), (2, 1), (5, 1), (6, 1)]


def test_a_component_with_two_people_keeps_direct_ties_only(rows: Any) -> None:
    assert settled(rows, naming=(1, 2), touch=((5, 1, 2),)) == [(1, 1), (2, 2), (5, 2), (6, 6)]
