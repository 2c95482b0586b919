from __future__ import annotations

from journey_mining.maps.suppression import Flow, forced_cells, hidden_cells, visible_flows


def flow(source: str, target: str, journeys: int, *, is_forced: bool = False) -> Flow:
    return Flow(source=source, target=target, journeys=journeys, customers=journeys, is_forced=is_forced)


def test_a_lone_small_cell_takes_the_next_smallest_along() -> None:
    assert hidden_cells([15, 12, 4], 10) == {1, 2}


def test_two_small_cells_hide_each_other() -> None:
    assert hidden_cells([15, 12, 4, 3], 10) == {2, 3}


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert hidden_cells([15, 12, 0], 10) == set()


def test_a_small_segment_hides_the_same_cell_of_the_next_smallest_segment() -> None:
    rows = [("all", "x", 160), ("smb", "x", 100), ("corp", "x", 56), ("tiny", "x", 4)]
    assert forced_cells(rows, 10) == {("tiny", "x"), ("corp", "x")}


def test_a_flow_below_k_is_not_drawn() -> None:
    drawn = visible_flows([flow("a", "b", 50), flow("a", "c", 9), flow("a", "d", 8)], 10)
    assert [f.target for f in drawn] == ["b"]


def test_a_remainder_below_k_takes_the_smallest_drawn_flow_along() -> None:
    drawn = visible_flows([flow("a", "b", 50), flow("a", "c", 20), flow("a", "d", 3)], 10)
    assert [f.target for f in drawn] == ["b"]


def test_hiding_in_one_node_does_not_open_another() -> None:
    flows = [flow("a", "x", 40), flow("a", "y", 3), flow("b", "x", 30), flow("b", "y", 20), flow("c", "y", 65)]
    drawn = visible_flows(flows, 10)
    hidden = [f for f in flows if f not in drawn]
    rests = [sum(f.journeys for f in hidden if f.source == s) for s in "abc"]
    rests += [sum(f.journeys for f in hidden if f.target == t) for t in "xy"]
    assert all(rest == 0 or rest >= 10 for rest in rests)


def test_a_main_way_is_not_sacrificed_for_a_few_who_came_otherwise() -> None:
    drawn = visible_flows([flow("a", "x", 400), flow("start", "x", 3), flow("start", "a", 400)], 10)
    assert ("a", "x") in [(f.source, f.target) for f in drawn]


def test_a_forced_flow_is_not_drawn() -> None:
    assert visible_flows([flow("a", "b", 90, is_forced=True)], 10) == []
