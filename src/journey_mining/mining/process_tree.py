"""A process tree as a plain value, and its Petri net as PNML text that is the same on every run.

The inductive miner gives the children of a choice in an order that depends on the process it runs in, and its own
export names transitions at random. Here the tree is put into one canonical order and the net is numbered along it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.sax.saxutils import escape

SEQUENCE, CHOICE, PARALLEL, LOOP = "->", "X", "+", "*"
START, END = "p1", "p2"
"""places of a net that hold the token before and after a run"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A node of a process tree: an activity, nothing at all (a silent step), or an operator over children."""

    operator: str = ""
    """'' for a leaf, else '->' (in order), 'X' (one of), '+' (all, any order), '*' (first, then again by the others)"""
    label: str = ""
    """activity of a leaf; '' for a silent step"""
    children: tuple[Block, ...] = ()

    def __str__(self) -> str:
        if not self.operator:
            return f"'{self.label}'" if self.label else "tau"
        return f"{self.operator}( {', '.join(map(str, self.children))} )"


def canonical(block: Block) -> Block:
    """The same behaviour with children sorted wherever their order says nothing.

    >>> str(canonical(Block(operator="X", children=(Block(label="b"), Block(label="a")))))
    "X( 'a', 'b' )"
    """
    children = tuple(canonical(child) for child in block.children)
    if block.operator in {CHOICE, PARALLEL}:
        children = tuple(sorted(children, key=str))
    if block.operator == LOOP:
        children = (children[0], *sorted(children[1:], key=str))
    return Block(operator=block.operator, label=block.label, children=children)


def shortest_run(block: Block) -> int:
    """Number of activities in the shortest run that the tree allows.

    >>> shortest_run(Block(operator="->", children=(Block(label="a"), Block())))
    1
    """
    lengths = [shortest_run(child) for child in block.children]
    if not block.operator:
        return 1 if block.label else 0
    if block.operator == CHOICE:
        return min(lengths)
    return lengths[0] if block.operator == LOOP else sum(lengths)


def petri_net(block: Block) -> PetriNet:
    """The tree's Petri net: place p1 holds the token at the start, p2 at the end."""
    net = PetriNet()
    start, end = net.place(), net.place()
    _draw(net, block, start, end)
    return net


def pnml(block: Block, *, name: str) -> str:
    """The tree's Petri net in PNML, with the places of `petri_net`."""
    net = petri_net(block)
    places = "".join(_place_xml(place, marked=place == START) for place in net.places)
    transitions = "".join(_transition_xml(number, label) for number, label in enumerate(net.labels, start=1))
    arcs = "".join(
        f'<arc id="a{number}" source="{source}" target="{target}"/>'
        for number, (source, target) in enumerate(net.arcs, start=1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<pnml>'
        f'<net id="{escape(name)}" type="http://www.pnml.org/version-2009/grammar/pnmlcoremodel"><page id="n0">'
        f'{places}{transitions}{arcs}</page><finalmarkings><marking><place idref="{END}"><text>1</text></place>'
        "</marking></finalmarkings></net></pnml>\n"
    )


@dataclass(slots=True, kw_only=True)
class PetriNet:
    """Places, transitions (numbered from 1 as t1, t2, ...; '' is a silent one) and arcs between them."""

    places: list[str] = field(default_factory=list)
    labels: list[str] = field(default_factory=list)
    arcs: list[tuple[str, str]] = field(default_factory=list)

    def place(self) -> str:
        """A new place."""
        self.places.append(f"p{len(self.places) + 1}")
        return self.places[-1]

    def transition(self, label: str, sources: list[str], targets: list[str]) -> None:
        """A new transition that takes a token from each source and puts one into each target."""
        self.labels.append(label)
        name = f"t{len(self.labels)}"
        self.arcs.extend([(source, name) for source in sources] + [(name, target) for target in targets])


def _draw(net: PetriNet, block: Block, start: str, end: str) -> None:
    if not block.operator:
        net.transition(block.label, [start], [end])
    elif block.operator == SEQUENCE:
        inner = [net.place() for _ in block.children[1:]]
        for child, source, target in zip(block.children, [start, *inner], [*inner, end], strict=True):
            _draw(net, child, source, target)
    elif block.operator == CHOICE:
        for child in block.children:
            _draw(net, child, start, end)
    elif block.operator == PARALLEL:
        _draw_parallel(net, block, start, end)
    else:
        _draw_loop(net, block, start, end)


def _draw_parallel(net: PetriNet, block: Block, start: str, end: str) -> None:
    starts = [net.place() for _ in block.children]
    ends = [net.place() for _ in block.children]
    net.transition("", [start], starts)
    for child, source, target in zip(block.children, starts, ends, strict=True):
        _draw(net, child, source, target)
    net.transition("", ends, [end])


def _draw_loop(net: PetriNet, block: Block, start: str, end: str) -> None:
    before, after = net.place(), net.place()
    net.transition("", [start], [before])
    _draw(net, block.children[0], before, after)
    for child in block.children[1:]:
        _draw(net, child, after, before)
    net.transition("", [after], [end])


def _place_xml(place: str, *, marked: bool) -> str:
    marking = "<initialMarking><text>1</text></initialMarking>" if marked else ""
    return f'<place id="{place}"><name><text>{place}</text></name>{marking}</place>'


def _transition_xml(number: int, label: str) -> str:
    silent = '<toolspecific tool="ProM" version="6.4" activity="$invisible$"/>' if not label else ""
    return f'<transition id="t{number}"><name><text>{escape(label or "tau")}</text></name>{silent}</transition>'
