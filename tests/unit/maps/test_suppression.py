from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from journey_mining.maps.step_columns import HELD, columns_together, ended_between, named_in, total_of
from journey_mining.maps.step_hiding import links_together
from journey_mining.maps.suppression import Flow, forced_cells, hidden_cells


def flow(source: str, target: str, journeys: int) -> Flow:
    return Flow(source=(1, source), target=(2, target), journeys=journeys, customers=journeys)


def drawn(flows: list[Flow]) -> list[tuple[str, str]]:
    columns = [{f.source[1]: 0 for f in flows}, {f.target[1]: 0 for f in flows}]
    return [(f.source[1], f.target[1]) for f in links_together({"s": flows}, {"s": columns}, 10)["s"]]


def test_a_lone_small_cell_takes_the_next_smallest_along() -> None:
    assert hidden_cells([15, 12, 4], 10) == {1, 2}


def test_two_small_cells_hide_each_other_where_they_are_a_large_group_together() -> None:
    assert hidden_cells([15, 12, 6, 5], 10) == {2, 3}


def test_two_small_cells_that_are_a_small_group_together_take_the_next_along() -> None:
    assert hidden_cells([15, 12, 4, 3], 10) == {1, 2, 3}


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    assert hidden_cells([15, 12, 0], 10) == set()


def test_a_small_segment_hides_the_same_cell_of_the_next_smallest_segment() -> None:
    rows = [("all", "x", 160), ("smb", "x", 100), ("corp", "x", 56), ("tiny", "x", 4)]
    assert forced_cells(rows, 10) == {("tiny", "x"), ("corp", "x")}


def test_a_flow_below_k_is_not_drawn() -> None:
    assert drawn([flow("a", "b", 50), flow("a", "c", 9), flow("a", "d", 8)]) == [("a", "b")]


def test_a_remainder_below_k_takes_the_smallest_drawn_flow_along() -> None:
    assert drawn([flow("a", "b", 50), flow("a", "c", 20), flow("a", "d", 3)]) == [("a", "b")]


def test_hiding_in_one_node_does_not_open_another() -> None:
    flows = [flow("a", "x", 40), flow("a", "y", 3), flow("b", "x", 30), flow("b", "y", 20), flow("c", "y", 65)]
    shown = drawn(flows)
    hidden = [(f.source[1], f.target[1], f.journeys) for f in flows if (f.source[1], f.target[1]) not in shown]
    rests = [sum(n for a, b, n in hidden if node in (a, b)) for node in "abcxy"]
    assert all(rest == 0 or rest >= 10 for rest in rests)


def test_a_few_who_came_otherwise_hide_the_smallest_other_way_into_a_node() -> None:
    shown = drawn([flow("a", "x", 400), flow("b", "x", 30), flow("b", "y", 60), flow("c", "x", 3)])
    assert shown == [("a", "x"), ("b", "y")]


def test_a_node_of_everybody_that_nearly_fills_that_of_one_segment_takes_its_name() -> None:
    whole = [{"search": 104, "other": 60}]
    told = columns_together({"all": whole, "smb": [{"search": 100, "other": 30}]}, 10)
    assert told["smb"] == [{"other": 130}]


def test_a_step_that_few_of_the_others_reached_is_told_of_everybody_only() -> None:
    columns = {"all": [{"a": 90}, {"a": 64}], "smb": [{"a": 60}, {"a": 60}]}
    assert columns_together(columns, 10)["smb"] == [{"a": 60}]


def test_a_hidden_link_that_its_node_tells_is_hidden_in_earnest() -> None:
    smb = [flow("a", "x", 20), flow("a", "y", 30), flow("b", "x", 40), flow("b", "y", 6), flow("c", "y", 30)]
    whole = [flow("a", "x", 20), flow("a", "y", 30), flow("b", "x", 44), flow("b", "y", 50), flow("c", "y", 30)]
    columns = [{"a": 0, "b": 0, "c": 0}, {"x": 0, "y": 0}]
    found = links_together({"all": whole, "smb": smb}, {"all": columns, "smb": columns}, 10)
    told = {(f.source[1], f.target[1]) for f in found["smb"]}
    # "b" minus one flow would tell the other, so neither of its flows can be shown beside that of everybody
    assert ("b", "x") not in told


def test_few_who_ended_between_two_steps_take_the_others_of_the_later_one_and_its_total() -> None:
    own = [{"a": 100}, {"b": 60, "other": 37}, {"c": 80, "other": 17}, {"d": 70}]
    assert columns_together({"all": own}, 10)["all"] == [
        {"a": 100},
        {"b": 60, "held": 37},
        {"c": 80, "held": 17},
        {"d": 70},
    ]


def test_a_step_of_names_alone_gives_one_up_and_one_with_no_name_left_is_not_drawn() -> None:
    own = [{"a": 100}, {"b": 60, "c": 37}, {"d": 95}, {"e": 80}]
    assert columns_together({"all": own}, 10)["all"] == [{"a": 100}, {"b": 60, "held": 37}]


def test_few_of_the_others_who_ended_take_the_total_of_the_smallest_segment_that_tells() -> None:
    columns = {
        "all": [{"a": 300}, {"b": 170, "other": 70}],
        "smb": [{"a": 100}, {"b": 60, "other": 20}],
        "corp": [{"a": 100}, {"b": 50, "other": 15}],
    }
    told = columns_together(columns, 10)
    assert told["all"] == columns["all"]
    assert (told["smb"], told["corp"]) == (columns["smb"], [{"a": 100}, {"b": 50, "held": 15}])


def test_a_total_that_follows_from_all_the_others_counts_as_told() -> None:
    columns = {
        "all": [{"a": 180}, {"b": 130}, {"c": 90}],
        # at the second step personal tells nothing, at the third corp: each follows from everybody and the other one
        "corp": [{"a": 60}, {"b": 47}, {"c": 30, "held": 13}],
        "personal": [{"a": 120}, {"b": 60, "held": 23}, {"c": 47}],
    }
    found = columns_together(columns, 10)
    assert total_of(found["corp"][2]) is None
    # with the total of personal at the third step, everybody minus it would tell that four of corp ended
    assert len(found["personal"]) == 2 or total_of(found["personal"][2]) is None


COLUMNS = st.lists(st.dictionaries(st.sampled_from("abc"), st.integers(10, 40), min_size=1), min_size=1, max_size=4)
ENDED = st.lists(st.integers(0, 14), min_size=4, max_size=4)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(["smb", "corp", "unshown"]), st.tuples(COLUMNS, ENDED), min_size=1))
def test_nobody_can_tell_that_few_ended(segments: dict) -> None:
    columns = {name: falling(*drawn_of) for name, drawn_of in segments.items()}
    steps = max(map(len, columns.values()))
    whole = [Counter() for _ in range(steps)]
    for own in columns.values():
        for count, column in zip(whole, own, strict=False):
            count.update(column)
    told = columns_together(
        {"all": [dict(c) for c in whole], **{s: c for s, c in columns.items() if s != "unshown"}}, 10
    )
    ended = {s: {(k, n): count for k, n, count in ended_between(own)} for s, own in told.items()}
    assert [n for own in ended.values() for n in own.values() if 0 < n < 10] == []
    for pair, count in ended.pop("all").items():
        assert not 0 < count - sum(own.get(pair, 0) for own in ended.values()) < 10
    for own in told.values():
        assert all(column[HELD] >= 10 and named_in(column) for column in own if HELD in column)


def falling(columns: list[dict[str, int]], ended: list[int]) -> list[dict[str, int]]:
    """Columns of which each holds fewer journeys than the one before, by those who ended."""
    own = [dict(columns[0])]
    for column, lost in zip(columns[1:], ended, strict=False):
        left = sum(own[-1].values()) - lost
        names = {name: n for name, n in column.items() if n <= left}
        while names and sum(names.values()) > left:
            names.popitem()
        rest = left - sum(names.values())
        if not names or 0 < rest < 10:
            break
        own.append({**names, **({"other": rest} if rest else {})})
    return own
