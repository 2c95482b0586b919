from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import combinations
from random import Random

import networkx as nx
import pyarrow as pa
from hypothesis import example, settings
from hypothesis import given as for_all
from hypothesis import strategies as st

from identity_support import a_project
from journey_mining.identity import stitch
from journey_mining.identity.components import label_components
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
CARD = ("b24_contact", "0")
EMAILS_0_1_2 = (("email", "0"), ("email", "1"), ("email", "2"))
# one card: two cards with the same e-mail and phone are one person, which is another test
OF_ONE_CARD = IDENTIFIERS.filter(lambda node: node[0] != "b24_contact" or node[1] == "0")
SIGHTINGS_OF_ONE_CARD = st.lists(
    st.lists(OF_ONE_CARD, min_size=1, max_size=4, unique=True).map(tuple), min_size=1, max_size=14
)
EDGES = st.lists(st.tuples(st.integers(1, 40), st.integers(1, 40)), max_size=60)


def stitched(
    sightings: Sequence[Sighting], *, order: Sequence[int] = (), split: Sequence[str] = ()
) -> dict[tuple[str, str], str]:
    """Person of each identifier; events keep their ids whatever the order of rows."""
    rows = [sightings[i] for i in order] if order else sightings
    numbers = order or range(len(sightings))
    events = [(f"e{n}", "crm", NOON + timedelta(hours=n), None, "visit") for n in numbers]
    identifiers = [(f"e{n}", kind, value, None) for n, row in zip(numbers, rows, strict=True) for kind, value in row]
    with DuckDBWarehouse() as warehouse:
        given(warehouse, "event", "event_id source occurred_at exclude event_kind", events)
        given(warehouse, "event_identifier", "event_id kind value blocked_reason", identifiers)
        given(warehouse, "event_object", "event_id object_type object_id qualifier", [])
        given(warehouse, "email_domain", "value domain", [], value=TEXT, domain=TEXT)
        stitch(warehouse, a_project(split=split))
        return {(k, v): p for p, k, v in rows_of(warehouse, "person_identifier", "person_id kind value")}


def graph_of(sightings: Sequence[Sighting]) -> nx.Graph:
    graph = nx.Graph()
    for sighting in sightings:
        graph.add_nodes_from(sighting)
        nx.add_path(graph, sighting)
    return graph


def groups(persons: dict[tuple[str, str], str]) -> set[frozenset[tuple[str, str]]]:
    return {frozenset(n for n, p in persons.items() if p == person) for person in persons.values()}


@settings(max_examples=5, deadline=None)
@for_all(PAIRS_OF_EMAILS)
def test_a_group_without_a_crowd_is_a_connected_component(sightings: list[Sighting]) -> None:
    found = groups(stitched(sightings))
    for component in nx.connected_components(graph_of(sightings)):
        assert any(group <= component for group in found)
        # three addresses are within all caps
        assert len(component) > 3 or frozenset(component) in found


@settings(max_examples=8, deadline=None)
@for_all(SIGHTINGS)
def test_nothing_is_merged_that_no_chain_of_events_connects(sightings: list[Sighting]) -> None:
    components = [frozenset(component) for component in nx.connected_components(graph_of(sightings))]
    assert all(any(group <= component for component in components) for group in groups(stitched(sightings)))


@settings(max_examples=8, deadline=None)
@for_all(SIGHTINGS)
def test_two_contacts_are_one_only_where_e_mail_and_phone_agree(sightings: list[Sighting]) -> None:
    persons = stitched(sightings)
    cards = {node for node in persons if node[0] == "b24_contact"}
    beside = {
        card: {node for sighting in sightings if card in sighting for node in sighting if node != card}
        for card in cards
    }
    doubles = nx.Graph()
    doubles.add_nodes_from(cards)
    for one, other in combinations(sorted(cards), 2):
        if {"email", "phone"} <= {kind for kind, _ in beside[one] & beside[other]}:
            doubles.add_edge(one, other)
    for one, other in combinations(sorted(cards), 2):
        assert persons[one] != persons[other] or nx.has_path(doubles, one, other)


@settings(max_examples=8, deadline=None)
@for_all(SIGHTINGS, st.integers())
def test_a_split_holds_under_any_order_of_rows(sightings: list[Sighting], seed: int) -> None:
    pair = "email:#0 = phone:#1"
    order = Random(seed).sample(range(len(sightings)), len(sightings))
    persons = stitched(sightings, split=[pair])
    assert persons == stitched(sightings, order=order, split=[pair])
    ends = [persons.get(node) for node in (("email", "0"), ("phone", "1"))]
    assert ends == [None, None] or ends[0] != ends[1]


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
@for_all(SIGHTINGS_OF_ONE_CARD)
@example([(("email", "0"), ("email", "3"), CARD), (("email", "1"), ("phone", "0")), EMAILS_0_1_2])
def test_a_phone_or_a_cookie_never_joins_two_people(sightings: list[Sighting]) -> None:
    def without(*kinds: str) -> list[Sighting]:
        kept = [tuple(node for node in sighting if node[0] not in kinds) for sighting in sightings]
        return [sighting for sighting in kept if sighting]

    named = set(stitched(without("phone", "ym_client", "zendesk_user")))
    pure = stitched(without("phone", "ym_client"))
    chains = graph_of(without("phone", "ym_client"))
    for group in groups(stitched(sightings)):
        people = sorted(group & named)
        assert all(nx.has_path(chains, people[0], other) for other in people)
        # where a cluster is a crowd, a phone number beside an address is one more thing to cut off with it
        crowd = any(
            sum(kind == "email" for kind, _ in chain) > 3 for chain in nx.connected_components(chains) if group & chain
        )
        assert crowd or len({pure[node] for node in people}) <= 1


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
