"""Which touchpoints are named at which of the first steps, and which totals of steps are told: all segments together.

In: counts by segment, step and activity. Out: columns. Every number that they tell, minus those told of parts of it, is
nobody or at least `small` journeys: everybody minus the segments, for totals of steps and nodes; and the total of a
step minus that of a later one, which is how many ended between them, of a segment and of everybody minus the segments.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from journey_mining.vocabulary import ALL_SEGMENTS, OTHER

NAMED = 4
"""activities with a name of their own per step"""
HELD = "held"
"""in place of the others of a step where neither their number nor the total of the step may be told; never drawn"""

Node = tuple[int, str]
Column = dict[str, int]
"""journeys by activity, the named ones; "other" (or "held") is the sum of the rest, absent where there is none"""
Columns = dict[str, list[Column]]
"""columns by segment"""


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


def columns_together(columns: Mapping[str, Sequence[Column]], small: int) -> Columns:
    """Columns of all segments such that differences of what they tell reveal no small group.

    The smallest segment that tells a number gives it up: the name of an activity, the others of a step and with them
    its total, or a step and all after it.
    """
    found = {segment: [dict(column) for column in own] for segment, own in columns.items()}
    while True:
        before = {segment: [dict(column) for column in own] for segment, own in found.items()}
        whole = found.get(ALL_SEGMENTS, [])
        parts = {segment: own for segment, own in found.items() if segment != ALL_SEGMENTS}
        for step, column in enumerate(whole):
            _mend_total(parts, step, total_of(column), small)
            while _mend_names({p: own[step] for p, own in parts.items() if len(own) > step}, column, small):
                pass
        for own in found.values():
            _mend_ends(own, small)
        _mend_ends_of_others(whole, parts, small)
        if found == before:
            return found


def total_of(column: Column) -> int | None:
    """Journeys that reached the step; None where that is not told."""
    return None if HELD in column else sum(column.values())


def named_in(column: Column) -> set[str]:
    """Activities with a name of their own."""
    return column.keys() - {OTHER, HELD}


def ended_between(own: Sequence[Column]) -> Iterator[tuple[int, int, int]]:
    """Numbers of two columns whose totals are told, from 0, and how many journeys ended before the second of them."""
    totals = [(number, total) for number, column in enumerate(own) if (total := total_of(column)) is not None]
    for (first, more), (later, less) in combinations(totals, 2):
        yield first, later, more - less


def _mend_ends(own: list[Column], small: int) -> None:
    while later := next((later for _, later, ended in ended_between(own) if 0 < ended < small), None):
        _hold(own, later, small)


def _mend_ends_of_others(whole: list[Column], parts: Mapping[str, list[Column]], small: int) -> None:
    """Of those of everybody who ended between two steps, take away what the segments tell."""
    while found := next(
        (
            (later, sharing)
            for first, later, _ in ended_between(whole)
            for ended, sharing in _ended_of_the_untold(whole, parts, first, later)
            if 0 < ended < small
        ),
        None,
    ):
        later, sharing = found
        told = sorted((total, s) for s in sharing if (total := _total_at(parts[s], later)) is not None)
        _hold(parts[told[0][1]] if told else whole, later, small)


def _ended_of_the_untold(
    whole: Sequence[Column], parts: Mapping[str, Sequence[Column]], first: int, later: int
) -> Iterator[tuple[int, set[str]]]:
    """How many ended between two steps among segments that do not tell it, and who could hide them.

    At either step everybody minus those who tell a total is the total of all others together. Where the others of both
    steps have nobody in common, their totals at the other step are told one by one, and each group is known by itself.
    """
    told = [
        {s: total for s, own in parts.items() if (total := _total_at(own, step)) is not None} for step in (first, later)
    ]
    before, after = (sum(whole[step].values()) for step in (first, later))
    early, late = (set(parts) - at.keys() for at in told)
    is_somebody_unseen = sum(whole[0].values()) > sum(sum(own[0].values()) for own in parts.values() if own)
    if is_somebody_unseen or early & late or not (early and late):
        ended = {s: told[0][s] - told[1][s] for s in told[0].keys() & told[1].keys()}
        yield before - after - sum(ended.values()), {s for s, count in ended.items() if count}
    else:
        yield before - sum(told[0].values()) - sum(told[1][s] for s in early), early
        yield sum(told[0][s] for s in late) - (after - sum(told[1].values())), set(told[1])


def _total_at(own: Sequence[Column], step: int) -> int | None:
    return total_of(own[step]) if len(own) > step else None


def _hold(own: list[Column], number: int, small: int) -> None:
    """Tell neither the others of a column nor its total; a column with no name left goes, and all after it."""
    column = own[number]
    held = column.pop(OTHER, 0) + column.pop(HELD, 0)
    while column and held < small:
        held += column.pop(min(column, key=lambda activity: (column[activity], activity)))
    if column:
        column[HELD] = held
    else:
        del own[number:]


def _mend_total(parts: Mapping[str, list[Column]], step: int, total: int | None, small: int) -> None:
    """Of the total of everybody, take away those that the segments tell."""
    told = sorted((count, s) for s, own in parts.items() if (count := _total_at(own, step)) is not None)
    while total is not None and told and 0 < total - sum(count for count, _ in told) < small:
        _hold(parts[told.pop(0)[1]], step, small)


def _mend_names(parts: Mapping[str, Column], whole: Column, small: int) -> bool:
    """Take one name out of a column of a segment, if everybody minus the segments needs it."""
    named = named_in(whole)
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
    loose = [(column[a], s, a) for s, column in parts.items() for a in sorted(named_in(column) - named)]
    if loose:
        _, segment, activity = min(loose)
        _unname(parts[segment], activity)
    return bool(loose)


def _told_of_others(column: Column, named: set[str]) -> int:
    """Of the others of everybody, what the column of a segment tells."""
    own = sum(column[activity] for activity in named_in(column) - named)
    return own + (column.get(OTHER, 0) if named <= column.keys() else 0)


def _unname(column: Column, activity: str) -> None:
    rest = HELD if HELD in column else OTHER
    column[rest] = column.get(rest, 0) + column.pop(activity)
