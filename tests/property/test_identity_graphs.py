from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from random import Random

import networkx as nx
import pyarrow as pa
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from journey_mining.identity import stitch
from journey_mining.identity.components import label_components
from journey_mining.project import Project
from journey_mining.warehouse import DuckDBWarehouse
from support import NOON, given, rows_of

Sighting = tuple[tuple[str, str], ...]
TEXT = pa.string()

EMAILS = st.sampled_from([("email", f"e{n}") for n in range(12)])
PAIRS_OF_EMAILS = st.lists(st.tuples(EMAILS, EMAILS).map(lambda pair: tuple(dict.fromkeys(pair))), max_size=14)
IDENTIFIERS = st.sampled_from(
    [(kind, str(n)) for kind in ("b24_contact", "email", "phone", "ym_client", "zendesk_user") for n in range(5)]
)
SIGHTINGS = st.lists(st.lists(IDENTIFIERS, min_size=1, max_size=4, unique=True).map(tuple), min_size=1, max_size=14)
EDGES = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), max_size=60)


def stitched(sightings: Sequence[Sighting], *, order: Sequence[int] = ()) -> dict[tuple[str, str], str]:
    """Person of each identifier; events keep their ids whatever the order of rows."""
    rows = [sightings[i] for i in order] if order else sightings
    numbers = order or range(len(sightings))
    events = [(f"e{n}", "crm", NOON + timedelta(hours=n), None) for n in numbers]
    identifiers = [(f"e{n}", kind, value, None) for n, row in zip(numbers, rows, strict=True) for kind, value in row]
    with DuckDBWarehouse() as warehouse:
        given(warehouse, "event", "event_id source occurred_at exclude", events)
        given(warehouse, "event_identifier", "event_id kind value blocked_reason", identifiers)
        stitch(warehouse, Project.__new__(Project))
        return {(k, v): p for p, k, v in rows_of(warehouse, "person_identifier", "person_id kind value")}


def groups(persons: dict[tuple[str, str], str]) -> set[frozenset[tuple[str, str]]]:
    return {frozenset(n for n, p in persons.items() if p == person) for person in persons.values()}


@settings(max_examples=5, deadline=None)
@for_all(PAIRS_OF_EMAILS)
def test_strong_joins_are_connected_components(sightings: list[Sighting]) -> None:
    graph = nx.Graph()
    for sighting in sightings:
        nx.add_path(graph, sighting) if len(sighting) > 1 else graph.add_nodes_from(sighting)
    assert groups(stitched(sightings)) == {frozenset(c) for c in nx.connected_components(graph)}


@settings(max_examples=5, deadline=None)
@for_all(SIGHTINGS, st.integers())
def test_the_order_of_rows_changes_nothing(sightings: list[Sighting], seed: int) -> None:
    order = Random(seed).sample(range(len(sightings)), len(sightings))
    assert stitched(sightings, order=order) == stitched(sightings)


@settings(max_examples=5, deadline=None)
@for_all(SIGHTINGS)
def test_an_unrelated_person_changes_no_other(sightings: list[Sighting]) -> None:
    stranger: Sighting = (("b24_contact", "77"), ("email", "77"), ("phone", "77"), ("ym_client", "77"))
    before, after = stitched(sightings), stitched([*sightings, stranger])
    assert {node: person for node, person in after.items() if node[1] != "77"} == before


@settings(max_examples=5, deadline=None)
@for_all(SIGHTINGS)
def test_a_phone_or_a_cookie_never_joins_two_people(sightings: list[Sighting]) -> None:
    def without(*kinds: str) -> list[Sighting]:
        kept = [tuple(node for node in sighting if node[0] not in kinds) for sighting in sightings]
        return [sighting for sighting in kept if sighting]

    everything = groups(stitched(sightings))
    named = set(stitched(without("phone", "ym_client", "zendesk_user")))
    pure = stitched(without("phone", "ym_client"))
    assert all(len({pure[node] for node in group if node in named}) <= 1 for group in everything)


@settings(max_examples=15, deadline=None)
@for_all(EDGES)
def test_contraction_equals_a_library(edges: list[tuple[int, int]]) -> None:
    ordered = sorted({(max(pair), min(pair)) for pair in edges if pair[0] != pair[1]})
    with DuckDBWarehouse() as warehouse:
        given(warehouse, "bridge_edge", "far_no near_no", ordered, far_no=pa.int64(), near_no=pa.int64())
        label_components(warehouse)
        labels = dict(rows_of(warehouse, "component_label", "member_no label_no"))
    components = nx.connected_components(nx.Graph(ordered))
    assert labels == {member: min(component) for component in components for member in component}
