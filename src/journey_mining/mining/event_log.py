"""The only input of mining: stage traces in total order, split by customer into a training and a held-out part.

In: the table `stage_trace`. Out: `TraceLog` values per segment.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from journey_mining.vocabulary import ALL_SEGMENTS, Ending
from journey_mining.warehouse import Warehouse

Trace = tuple[str, ...]

HELD_OUT_SHARE = 0.2
"""share of customers that the model never sees"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TraceLog:
    """Traces of one segment with their counts, sorted, so that equal input gives equal models."""

    segment: str
    training: tuple[tuple[Trace, int], ...]
    """traces of the customers that the model is found from, with numbers of journeys"""
    held_out: tuple[tuple[Trace, int], ...]
    """traces of the customers that the model is judged by"""

    @property
    def journey_count(self) -> int:
        """Journeys of both parts."""
        return sum(count for _, count in (*self.training, *self.held_out))

    @property
    def held_out_count(self) -> int:
        """Journeys of the held-out part."""
        return sum(count for _, count in self.held_out)

    @property
    def variant_count(self) -> int:
        """Distinct traces of both parts."""
        return len({trace for trace, _ in (*self.training, *self.held_out)})


def is_held_out(person_id: str) -> bool:
    """Whether a customer belongs to the held-out part; the same on every night and every machine."""
    first_bytes = hashlib.md5(person_id.encode(), usedforsecurity=False).digest()[:4]
    return int.from_bytes(first_bytes, "big") < HELD_OUT_SHARE * 2**32


def trace_logs(warehouse: Warehouse) -> list[TraceLog]:
    """Logs of every segment and of all, from closed journeys whose start was seen and that have a stage."""
    traces = warehouse.read("stage_trace", order_by=["journey_id"])
    usable = traces[(traces["ending"] != Ending.OPEN) & ~traces["is_left_uncertain"] & (traces["stages"] != "")]
    parts = usable.assign(held_out=[is_held_out(str(person)) for person in usable["person_id"]])
    segments = sorted(set(parts["segment"]) - {ALL_SEGMENTS})
    return [_log(ALL_SEGMENTS, parts), *(_log(name, parts[parts["segment"] == name]) for name in segments)]


def _log(segment: str, parts: pd.DataFrame) -> TraceLog:
    rows = list(zip(parts["stages"], parts["held_out"], strict=True))
    return TraceLog(
        segment=segment,
        training=_counted(text for text, held_out in rows if not held_out),
        held_out=_counted(text for text, held_out in rows if held_out),
    )


def _counted(texts: Iterable[str]) -> tuple[tuple[Trace, int], ...]:
    return tuple((tuple(text.split(">")), count) for text, count in sorted(Counter(texts).items()))
