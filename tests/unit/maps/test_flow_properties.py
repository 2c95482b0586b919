from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from journey_mining.maps.step_flows import step_flows_together
from journey_mining.maps.step_hiding import links_together
from journey_mining.maps.suppression import Flow, hidden_cells
from journey_mining.vocabulary import OTHER

NODES = st.sampled_from("abcde")
PAIRS = st.dictionaries(st.tuples(NODES, NODES), st.integers(0, 60), max_size=20)
SEGMENTS = st.dictionaries(st.sampled_from(["small", "large", "middling", "hidden"]), PAIRS, min_size=2)


def _flows(pairs: dict[tuple[str, str], int]) -> list[Flow]:
    return [Flow(source=(1, a), target=(2, b), journeys=n, customers=n) for (a, b), n in sorted(pairs.items())]


def _columns(pairs: dict[tuple[str, str], int]) -> list[dict[str, int]]:
    names = [sorted({pair[side] for pair in pairs}) for side in (0, 1)]
    return [{a: sum(n for pair, n in pairs.items() if pair[s] == a) for a in names[s]} for s in (0, 1)]


def _drawn(pairs: dict[tuple[str, str], int]) -> set[tuple[str, str]]:
    found = links_together({"s": _flows(pairs)}, {"s": _columns(pairs)}, 10)["s"]
    return {(flow.source[1], flow.target[1]) for flow in found}


@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_what_is_hidden_at_either_side_of_a_node_never_adds_up_to_one_to_nine(pairs: dict) -> None:
    drawn = _drawn(pairs)
    for side in (0, 1):
        for node in "abcde":
            rest = sum(n for pair, n in pairs.items() if pair[side] == node and pair not in drawn)
            assert not (0 < rest < 10 and any(pair[side] == node for pair in drawn))


@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_drawn_flows_are_never_small(pairs: dict[tuple[str, str], int]) -> None:
    assert [pair for pair in _drawn(pairs) if pairs[pair] < 10] == []


@settings(max_examples=80, deadline=None)
@given(SEGMENTS)
def test_a_link_of_everybody_minus_those_of_the_segments_is_never_one_to_nine(segments: dict) -> None:
    whole: Counter = Counter()
    for pairs in segments.values():
        whole.update(pairs)
    told = {"all": dict(whole)} | {name: pairs for name, pairs in segments.items() if name != "hidden"}
    found = step_flows_together({name: _rows(name, pairs) for name, pairs in told.items()}, {}, 10)
    drawn = {
        name: {(link.source, link.target): link.journeys for link in (flows.links if flows else ())}
        for name, flows in found.items()
    }
    for pair, journeys in drawn["all"].items():
        parts = [links[pair] for name, links in drawn.items() if name != "all" and pair in links]
        assert OTHER in pair or not (parts and 0 < journeys - sum(parts) < 10)


def _rows(segment: str, pairs: dict[tuple[str, str], int]) -> list[dict[str, Any]]:
    links = [(1, a, b, n) for (a, b), n in sorted(pairs.items())]
    links += [(2, b, "journey_end:lost", n) for (_, b), n in sorted(pairs.items())]
    names = ("step_no", "activity", "next_activity", "journey_count", "customer_count")
    return [{"segment": segment, **dict(zip(names, (*link, link[3]), strict=True))} for link in links]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=8))
def test_no_hidden_cell_is_the_total_minus_the_shown_ones(counts: list[int]) -> None:
    hidden = hidden_cells(counts, 10)
    rest = sum(counts[place] for place in hidden)
    assert rest == 0 or rest >= 10 or not any(count >= 10 for count in counts)
