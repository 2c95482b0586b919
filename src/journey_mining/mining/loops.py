"""Loops: a piece of a path that comes several times in a row, written once with its number of passes.

In: a trace. Out: the same trace as pieces. Shortest repeats are found first, from left to right, so that the result is
the same whatever comes after.
"""

from __future__ import annotations

from dataclasses import dataclass

from journey_mining.mining.event_log import Trace


@dataclass(frozen=True, slots=True)
class Piece:
    """Activities that follow each other, and how many times in a row they do."""

    activities: Trace
    times: int


def pieces(trace: Trace) -> tuple[Piece, ...]:
    """The trace with every repeat in a row folded, shortest period first.

    >>> [("".join(piece.activities), piece.times) for piece in pieces(tuple("abababc"))]
    [('ab', 3), ('c', 1)]
    """
    found: list[Piece] = []
    place = 0
    while place < len(trace):
        period, times = _repeat_at(trace, place)
        found.append(Piece(trace[place : place + period], times))
        place += period * times
    return tuple(found)


def collapsed(trace: Trace) -> Trace:
    """The trace with every loop walked once.

    >>> "".join(collapsed(tuple("abababc")))
    'abc'
    """
    return tuple(activity for piece in pieces(trace) for activity in piece.activities)


def twice_at_most(trace: Trace) -> tuple[tuple[str, int], ...]:
    """Activities with the number of times they stand for: a loop is walked twice, the second pass for all repeats.

    >>> twice_at_most(tuple("ababab"))
    (('a', 1), ('b', 1), ('a', 2), ('b', 2))
    """
    steps: list[tuple[str, int]] = []
    for piece in pieces(trace):
        steps += [(activity, 1) for activity in piece.activities]
        if piece.times > 1:
            steps += [(activity, piece.times - 1) for activity in piece.activities]
    return tuple(steps)


def _repeat_at(trace: Trace, place: int) -> tuple[int, int]:
    """Shortest period of a repeat that starts at `place` and its number of passes; (1, 1) where there is none."""
    first = trace[place]
    for period in range(1, (len(trace) - place) // 2 + 1):
        if trace[place + period] != first:
            continue  # most periods end here, without a comparison of whole pieces
        pattern, times = trace[place : place + period], 1
        while trace[place + times * period : place + (times + 1) * period] == pattern:
            times += 1
        if times > 1:
            return period, times
    return 1, 1
