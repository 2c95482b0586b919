from __future__ import annotations

import xml.etree.ElementTree as ET

from journey_mining.mining.process_tree import Block, canonical, pnml, shortest_run

A, B, C, TAU = Block(label="a"), Block(label="b"), Block(label="c"), Block()


def node(operator: str, *children: Block) -> Block:
    return Block(operator=operator, children=children)


def test_only_children_without_order_are_sorted() -> None:
    tree = node("->", node("+", C, B), node("*", C, B, A))
    assert str(canonical(tree)) == "->( +( 'b', 'c' ), *( 'c', 'a', 'b' ) )"


def test_shortest_run_skips_what_may_be_skipped() -> None:
    tree = node("->", A, node("X", B, TAU), node("*", C, B), node("+", A, B))
    assert shortest_run(tree) == 4


def test_net_has_a_transition_per_activity_and_is_well_formed() -> None:
    net = ET.fromstring(pnml(node("->", A, node("+", B, C), node("*", A, TAU)), name="x"))  # noqa: S314 - our own text
    labels = [t.findtext("name/text") for t in net.iter("transition")]
    assert sorted(labels) == ["a", "a", "b", "c", "tau", "tau", "tau", "tau", "tau"]
    assert len(net.findall(".//initialMarking")) == 1


def test_labels_are_escaped() -> None:
    assert "<text>a &lt; b</text>" in pnml(Block(label="a < b"), name="x")
