"""Which touchpoints are named at which step, and which links between them are drawn, of all segments together.

In: counts by segment, step and activity, and merged flows. Out: columns and the links to draw. Every number that is
told, minus those told of parts of it, is nobody or at least `small` journeys: a node minus its links on either side,
and everybody minus the segments, for totals of steps, nodes, links, and what the nodes of everybody hold back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence

from journey_mining.maps.suppression import Family, Flow, shown_with_totals
from journey_mining.vocabulary import ALL_SEGMENTS, OTHER

NAMED = 4
"""activities with a name of their own per step"""
MORE = "more"
"""where journeys go that pass the last column; never drawn as a link"""

Node = tuple[int, str]
Column = dict[str, int]
"""journeys by activity, the named ones; "other" is the sum of the rest, absent where there is none"""
Cell = tuple[str, object, object]
"""segment, source and target of a flow"""


def columns_of(counts: Sequence[Mapping[str, int]], small: int) -> list[Column]:
    """Per step: the most used activities, then all others together; a remainder too small to show takes the least."""
    columns: list[Column] = []
    for count in counts:
        ranked = sorted(((n, a) for a, n in count.items() if a != OTHER), key=lambda item: (-item[0], item[1]))
        top = [(activity, journeys) for journeys, activity in ranked[:NAMED] if journeys >= small]
        rest = sum(count.values()) - sum(journeys for _, journeys in top)
        while top and 0 < rest < small:
            rest += top.pop()[1]
        columns.append({**dict(top), **({OTHER: rest} if rest else {})})
    return columns


def columns_together(columns: Mapping[str, Sequence[Column]], small: int) -> dict[str, list[Column]]:
    """Columns of all segments such that those of everybody, minus those of the segments, reveal no small group.

    The smallest segment that tells a number gives it up: a step and all after it, or the name of an activity.
    """
    found = {segment: [dict(column) for column in own] for segment, own in columns.items()}
    whole = found.get(ALL_SEGMENTS, [])
    parts = {segment: own for segment, own in found.items() if segment != ALL_SEGMENTS}
    for step, column in enumerate(whole):
        _mend_total(parts, step, sum(column.values()), small)
        while _mend_names({p: own[step] for p, own in parts.items() if len(own) > step}, column, small):
            pass
    return found


def _mend_total(parts: Mapping[str, list[Column]], step: int, total: int, small: int) -> None:
    told = sorted((sum(own[step].values()), segment) for segment, own in parts.items() if len(own) > step)
    while told and 0 < total - sum(count for count, _ in told) < small:
        del parts[told.pop(0)[1]][step:]


def _mend_names(parts: Mapping[str, Column], whole: Column, small: int) -> bool:
    """Take one name out of a column of a segment, if everybody minus the segments needs it."""
    named = whole.keys() - {OTHER}
    for activity in sorted(named):
        told = sorted((column[activity], segment) for segment, column in parts.items() if activity in column)
        if told and 0 < whole[activity] - sum(count for count, _ in told) < small:
            _unname(parts[told[0][1]], activity)
            return True
    if not 0 < whole.get(OTHER, 0) - sum(_told_of_others(column, named) for column in parts.values()) < small:
        return False
    # the others of a segment can be taken away only where it names all that everybody's column names
    full = [(column[a], s, a) for s, column in parts.items() if named <= column.keys() for a in sorted(named)]
    if full:
        _, segment, activity = min(full)
        _unname(parts[segment], activity)
        return True
    loose = [(column[a], s, a) for s, column in parts.items() for a in sorted(column.keys() - named - {OTHER})]
    if loose:
        _, segment, activity = min(loose)
        _unname(parts[segment], activity)
    return bool(loose)


def _told_of_others(column: Column, named: set[str]) -> int:
    """Of the others of everybody, what the column of a segment tells."""
    own = sum(n for activity, n in column.items() if activity not in named and activity != OTHER)
    return own + (column.get(OTHER, 0) if named <= column.keys() else 0)


def _unname(column: Column, activity: str) -> None:
    column[OTHER] = column.get(OTHER, 0) + column.pop(activity)


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
    shown: set[Cell] = {cell for cell, flow in cells.items() if flow.customers >= small and flow.target != MORE}
    sides = _sides(cells)
    parents = _parents(cells, columns)
    own_families = [Family(total=sum(journeys[c] for c in side), cells=frozenset(side)) for side in sides]
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
    named = whole[step - 1].keys() - {OTHER}
    if activity != OTHER:
        return (step, activity if activity in named else OTHER)
    return node if named <= own[step - 1].keys() else None


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
