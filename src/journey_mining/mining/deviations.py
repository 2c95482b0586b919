"""What an alignment says in words that a reader knows: steps left out, extra steps, steps in the wrong order.

In: the moves of an alignment. Out: `Deviation` values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from journey_mining.mining.alignment import Kind, Move


class DeviationKind(StrEnum):
    """How a journey left the intended way at one step."""

    SKIPPED = "skipped"
    EXTRA = "extra"
    ORDER = "order"
    """`step` came before `after_step`, although it belongs after it"""
    DONE = "done"
    """no deviation: the step was done in its place"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One step of an intended way in one journey."""

    kind: DeviationKind
    step: str
    after_step: str = ""
    """extra: the step right before it ('' at the start); order: the step that should have come first; else ''"""
    times: int = 1
    """steps that it stands for: a loop is aligned with two passes only"""


def deviations(moves: Sequence[Move], times: Sequence[int]) -> list[Deviation]:
    """The moves as deviations, in their order; a step left out here and extra there becomes one of order.

    Args:
        moves: of one alignment.
        times: number of steps that each activity of the trace stands for.
    """
    pairs = _misplaced(moves)
    paired = {place for pair in pairs for place in pair}
    first = {min(pair): pair for pair in pairs}
    found: list[Deviation] = []
    before, at = "", 0
    for place, move in enumerate(moves):
        is_seen = move.kind is not Kind.SKIPPED
        count = times[at] if is_seen else 1
        if place in first:
            found.append(_order(moves, *first[place]))
        elif place not in paired:
            found.append(_plain(move, before, count))
        if is_seen:
            before, at = move.step, at + 1
    return found


def _plain(move: Move, before: str, times: int) -> Deviation:
    kind = DeviationKind[move.kind.name]
    return Deviation(kind=kind, step=move.step, after_step=before if move.kind is Kind.EXTRA else "", times=times)


def _misplaced(moves: Sequence[Move]) -> list[tuple[int, int]]:
    """Places (left out, extra) of the same step with something done between them; each move is used once."""
    pairs: list[tuple[int, int]] = []
    used: set[int] = set()
    for skipped, move in enumerate(moves):
        if move.kind is not Kind.SKIPPED:
            continue
        for extra, other in enumerate(moves):
            is_same = other.kind is Kind.EXTRA and other.step == move.step and extra not in used
            if is_same and _done_between(moves, skipped, extra):
                pairs.append((skipped, extra))
                used.add(extra)
                break
    return pairs


def _done_between(moves: Sequence[Move], one: int, other: int) -> list[str]:
    low, high = sorted((one, other))
    return [move.step for move in moves[low + 1 : high] if move.kind is Kind.DONE]


def _order(moves: Sequence[Move], skipped: int, extra: int) -> Deviation:
    """Which step came too early before which: the same words whichever of the two the alignment moved."""
    between, moved = _done_between(moves, skipped, extra), moves[skipped].step
    if extra < skipped:  # the step came early: before the last step that belongs before it
        return Deviation(kind=DeviationKind.ORDER, step=moved, after_step=between[-1])
    return Deviation(kind=DeviationKind.ORDER, step=between[0], after_step=moved)
