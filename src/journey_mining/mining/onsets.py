"""At which step of the way a journey first stood with what: each step it came to, and each deviation.

In: an aligner and a trace. Out: `Onset` values. The explanation of a whole journey knows how it went on: a step ahead
of its turn is extra in a journey that turned back, and the end of a gap in one that went on. Who is compared by such
names is compared by what came of them. So a deviation is dated by the explanations of the beginnings of the journey: it
is there from the first step on at which the journey so far is explained by it and stands at a step of the way.
"""

from __future__ import annotations

from dataclasses import dataclass

from journey_mining.mining.alignment import Aligner, Alignment, Kind
from journey_mining.mining.deviations import DeviationKind, deviations
from journey_mining.mining.event_log import Trace

CAME = "came"
"""kind of an onset that is no deviation: the journey came to the step for the first time"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Onset:
    """What a journey first showed at one of its steps."""

    kind: str
    """`came`, or a kind of deviation"""
    step: str
    after_step: str
    at_step: int
    """number of the step of the journey at which it is known, from 1: of an order, the later of its two places"""
    place: str
    """the step of the way at which the journey stands then"""


def onsets(aligner: Aligner, trace: Trace) -> tuple[Onset, ...]:
    """Everything a trace showed, by step; each thing once.

    Args:
        aligner: of the intended way.
        trace: activities in order.
    """
    found: dict[tuple[str, str, str], Onset] = {}
    for number, activity in enumerate(trace, start=1):
        so_far = aligner.align(trace[:number], is_whole=False)
        if not _is_on_way(so_far, activity):
            continue
        shown = [
            (CAME, activity, ""),
            *(
                (one.kind.value, one.step, one.after_step)
                for one in deviations(so_far.moves, [1] * number)
                if one.kind is not DeviationKind.DONE
            ),
        ]
        for kind, step, after_step in shown:
            onset = Onset(kind=kind, step=step, after_step=after_step, at_step=number, place=activity)
            found.setdefault((kind, step, after_step), onset)
    return tuple(found.values())


def _is_on_way(so_far: Alignment, activity: str) -> bool:
    """Whether the step just done is one in its turn, or one that the journey is past and returns to.

    Of a step outside of the way, or ahead of its turn, nobody can say yet whether it is a detour or a leap.
    """
    return any(move.step == activity and move.kind is not Kind.EXTRA for move in so_far.moves)
