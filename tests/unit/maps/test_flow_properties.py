from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from journey_mining.maps.suppression import Flow, hidden_cells, visible_flows

NODES = st.sampled_from("abcde")
PAIRS = st.dictionaries(st.tuples(NODES, NODES), st.integers(0, 60), max_size=20)


def _flows(pairs: dict[tuple[str, str], int]) -> list[Flow]:
    return [Flow(source=a, target=b, journeys=n, customers=n) for (a, b), n in sorted(pairs.items())]


@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_what_is_hidden_at_a_source_never_adds_up_to_one_to_nine(pairs: dict[tuple[str, str], int]) -> None:
    flows = _flows(pairs)
    drawn = {(f.source, f.target) for f in visible_flows(flows, 10)}
    rests = [sum(n for (a, b), n in pairs.items() if a == source and (a, b) not in drawn) for source in "abcde"]
    lone = [sum(1 for (a, b) in drawn if a == source) for source in "abcde"]
    assert [(r, n) for r, n in zip(rests, lone, strict=True) if 0 < r < 10 and n] == []


@settings(max_examples=60, deadline=None)
@given(PAIRS)
def test_drawn_flows_are_never_small(pairs: dict[tuple[str, str], int]) -> None:
    assert [f for f in visible_flows(_flows(pairs), 10) if f.customers < 10] == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=8))
def test_no_hidden_cell_is_the_total_minus_the_shown_ones(counts: list[int]) -> None:
    hidden = hidden_cells(counts, 10)
    others = [count for place, count in enumerate(counts) if place not in hidden and count]
    assert len(hidden) != 1 or not others
