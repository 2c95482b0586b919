"""Which links between the nodes of the first steps are drawn, of all segments together.

In: columns and merged flows of every segment. Out: the links to draw. Every number that is told, minus those told of
parts of it, is nobody or at least `small` journeys: a node minus its links on either side, those who ended between two
steps minus the ends that are told, and everybody minus the segments, for links and what the nodes of everybody hold
back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence

from journey_mining.maps.step_columns import HELD, Column, ended_between, named_in
from journey_mining.maps.suppression import Family, Flow, shown_with_totals
from journey_mining.vocabulary import ALL_SEGMENTS, OTHER

MORE = "more"
"""where journeys go that pass the last column; never drawn as a link"""

Cell = tuple[str, object, object]
"""segment, source and target of a flow"""


def links_together(
    flows: Mapping[str, Sequence[Flow]], columns: Mapping[str, Sequence[Column]], small: int
) -> dict[str, list[Flow]]:
    """The flows that may be drawn, segment by segment, in the order given.

    Args:
        flows: moves and ends between the nodes of each segment's columns, those that go on to `MORE` included.
        columns: the columns of each segment.
        small: flows of fewer customers are hidden, and what would reveal them.
    """
    cells = {(s, flow.source, flow.target): flow for s, own in flows.items() for flow in own}
    journeys: dict[Hashable, int] = {cell: flow.journeys for cell, flow in cells.items()}
    customers: dict[Hashable, int] = {cell: flow.customers for cell, flow in cells.items()}
    shown: set[Cell] = {cell for cell, flow in cells.items() if flow.customers >= small and _is_drawable(flow)}
    sides = _sides(cells)
    parents = _parents(cells, columns)
    own_families = [Family(total=sum(journeys[c] for c in side), cells=frozenset(side)) for side in sides]
    own_families += _families_of_ends(cells, columns)
    while True:
        known = _known(sides, shown)
        families = _families_of_all(journeys, sides, parents, known)
        told = shown_with_totals(journeys, customers, shown, own_families, small)
        left = {cell for cell in cells if cell in told}
        left -= _given_up(families, sides, left, journeys, small)
        if left == shown:
            break
        shown = left  # what went hidden opens other differences
    return {s: [flow for flow in own if (s, flow.source, flow.target) in shown] for s, own in flows.items()}


def _is_drawable(flow: Flow) -> bool:
    ends = [end[1] for end in (flow.source, flow.target) if isinstance(end, tuple)]
    return flow.target != MORE and HELD not in ends


def _families_of_ends(cells: Mapping[Cell, Flow], columns: Mapping[str, Sequence[Column]]) -> list[Family]:
    """What the columns tell of those who ended between two steps, with the ends at the nodes that are part of it."""
    ends: dict[tuple[str, int], set[Hashable]] = defaultdict(set)
    for cell in cells:
        segment, source, target = cell
        if isinstance(source, tuple) and not isinstance(target, tuple) and target != MORE:
            ends[segment, source[0]].add(cell)
    return [
        Family(total=ended, cells=frozenset().union(*(ends[segment, step] for step in range(first + 1, later + 1))))
        for segment, own in sorted(columns.items())
        for first, later, ended in ended_between(own)
    ]


def _known(sides: Sequence[Sequence[Cell]], shown: Iterable[Cell]) -> set[Cell]:
    """Flows that are shown, or that a node minus its other flows tells."""
    known = set(shown)
    while lone := {left[0] for side in sides if len(left := [cell for cell in side if cell not in known]) == 1}:
        known |= lone
    return known


def _given_up(
    families: Sequence[Family],
    sides: Sequence[Sequence[Cell]],
    shown: set[Cell],
    journeys: Mapping[Hashable, int],
    small: int,
) -> set[Hashable]:
    """A flow to hide for every number of everybody that, minus what is known of its parts, is a small group."""
    known = _known(sides, shown)
    found: set[Hashable] = set()
    # with what the pictures alone tell, and with what follows for those who know which moves cannot occur
    for family, told in ((family, family.cells & told) for family in families for told in (shown, known)):
        if not told or not 0 < family.total - sum(journeys[cell] for cell in told) < small:
            continue
        # a part that is known though hidden is hidden in earnest by a flow beside it
        beside = {cell for side in sides if not told.isdisjoint(side) for cell in side}
        choice = (told & shown) or (beside & shown)
        found |= {min(choice, key=lambda cell: (journeys[cell], str(cell)))} if choice else set()
    return found


def _sides(cells: Mapping[Cell, Flow]) -> list[list[Cell]]:
    """Flows by the side of a node that they touch; an ending is no node."""
    sides: dict[tuple[str, str, object], list[Cell]] = defaultdict(list)
    for segment, source, target in cells:
        sides[segment, "out", source].append((segment, source, target))
        if isinstance(target, tuple):
            sides[segment, "in", target].append((segment, source, target))
    return [sides[side] for side in sorted(sides, key=str)]


def _parents(cells: Mapping[Cell, Flow], columns: Mapping[str, Sequence[Column]]) -> dict[Cell, list[Cell]]:
    """Flows of segments by the flow of everybody that they are part of, whether it exists or not."""
    whole = columns.get(ALL_SEGMENTS, ())
    parents: dict[Cell, list[Cell]] = defaultdict(list)
    for segment, source, target in cells:
        if segment != ALL_SEGMENTS:
            above = (_above(source, columns[segment], whole), _above(target, columns[segment], whole))
            if None not in above:
                parents[ALL_SEGMENTS, *above].append((segment, source, target))
    return parents


def _above(node: object, own: Sequence[Column], whole: Sequence[Column]) -> object:
    """The node of everybody that holds all of a segment's node; None where there is none."""
    if not isinstance(node, tuple):
        return node
    step, activity = node
    if step > len(whole):
        return None
    named = named_in(whole[step - 1])
    rest = (step, HELD if HELD in whole[step - 1] else OTHER)
    if activity not in (OTHER, HELD):
        return (step, activity) if activity in named else rest
    return rest if named <= own[step - 1].keys() else None


def _families_of_all(
    journeys: Mapping[Hashable, int], sides: Sequence[list[Cell]], parents: Mapping[Cell, list[Cell]], known: set[Cell]
) -> list[Family]:
    """What everybody's picture tells, with flows of segments that are part of it: links, and what nodes hold back."""
    families = [
        Family(total=journeys[cell], cells=frozenset(parents[cell]))
        for cell in sorted(parents.keys() & known & journeys.keys(), key=str)
    ]
    for side in sides:
        held = [cell for cell in side if cell[0] == ALL_SEGMENTS and cell not in known]
        parts = frozenset(part for cell in held for part in parents.get(cell, ()))
        if parts:
            families.append(Family(total=sum(journeys[cell] for cell in held), cells=parts))
    return families
