from __future__ import annotations

import networkx as nx
from hypothesis import given as drawn
from hypothesis import strategies as st

from journey_mining.change.causes import ChangeCause, causes_of

LINKS = st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("uvwxyz")), max_size=12)
NONE: set[str] = set()


@drawn(LINKS)
def test_groups_of_more_than_one_person_a_night_are_restitched(links: list[tuple[str, str]]) -> None:
    old, new = causes_of(links, late=NONE, gone=NONE, moved=set())
    groups = [group for group in nx.connected_components(nx.Graph(links)) if len(group) > 2]
    assert old.keys() | new.keys() == set().union(*groups)
    assert set(old.values()) | set(new.values()) <= {ChangeCause.RESTITCHING}


def test_each_group_has_the_first_cause_that_claims_it() -> None:
    links = [("a", "u"), ("b", "u"), ("c", "v"), ("d", "w"), ("e", "x")]
    old, new = causes_of(links, late={"u", "v", "new"}, gone={"lost"}, moved={("c", "v"), ("d", "w")})
    assert old == {"a": "restitching", "b": "restitching", "c": "late_data", "d": "mix", "lost": "late_data"}
    assert new == {"u": "restitching", "v": "late_data", "w": "mix", "new": "late_data"}
