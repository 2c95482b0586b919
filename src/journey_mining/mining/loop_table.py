"""Which loops customers walk: pieces of a path that come several times in a row, counted by segment.

In: `stage_trace` and `activity_step`. Out: the table `path_loop`, without loops of fewer than k customers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from journey_mining.mining.coded_steps import coded_steps
from journey_mining.mining.event_log import Trace
from journey_mining.mining.loops import pieces
from journey_mining.mining.schemas import schema
from journey_mining.vocabulary import ALL_SEGMENTS, Ending
from journey_mining.warehouse import Warehouse

STAGE_LEVEL, TOUCHPOINT_LEVEL = "stage", "touchpoint"

PATH_LOOP = schema(
    text="segment level loop",
    int="journey_count customer_count",
    real="journey_share customer_share mean_times",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """A closed journey whose start was seen, at one level."""

    person_id: str
    segment: str
    trace: Trace


def write_loops(warehouse: Warehouse, *, small: int) -> dict[str, int]:
    """Write `path_loop`; its row count."""
    rows = [
        *loop_rows(stage_journeys(warehouse), level=STAGE_LEVEL, small=small),
        *loop_rows(_touchpoint_journeys(warehouse), level=TOUCHPOINT_LEVEL, small=small),
    ]
    rows.sort(key=lambda row: (str(row["segment"]), str(row["level"]), str(row["loop"])))
    warehouse.write("path_loop", pa.Table.from_pylist(rows, schema=PATH_LOOP))
    return {"path_loop": len(rows)}


def loop_rows(journeys: Iterable[Journey], *, level: str, small: int) -> Iterator[dict[str, object]]:
    """Rows of `path_loop`; `mean_times` is the mean number of passes of a journey that walks the loop at all."""
    counts: Counter[str] = Counter()
    everybody: dict[str, set[str]] = defaultdict(set)
    walked: dict[tuple[str, Trace], list[tuple[str, int]]] = defaultdict(list)
    for journey in journeys:
        passes: dict[Trace, int] = {}
        # without an activity that comes again there is nothing to look for, as in most journeys
        for piece in pieces(journey.trace) if len(set(journey.trace)) < len(journey.trace) else ():
            if piece.times > 1:
                passes[piece.activities] = max(passes.get(piece.activities, 0), piece.times)
        for segment in (ALL_SEGMENTS, journey.segment):
            counts[segment] += 1
            everybody[segment].add(journey.person_id)
            for loop, times in passes.items():
                walked[(segment, loop)].append((journey.person_id, times))
    for (segment, loop), found in walked.items():
        people = {person for person, _ in found}
        if len(people) >= small:
            yield {
                "segment": segment,
                "level": level,
                "loop": ">".join(loop),
                "journey_count": len(found),
                "customer_count": len(people),
                "journey_share": round(len(found) / counts[segment], 6),
                "customer_share": round(len(people) / len(everybody[segment]), 6),
                "mean_times": round(sum(times for _, times in found) / len(found), 6),
            }


def stage_journeys(warehouse: Warehouse) -> list[Journey]:
    """Journeys as stages, repeats in a row once; those without any stage are left out."""
    traces = warehouse.read("stage_trace", order_by=["journey_id"])
    usable = traces[(traces["ending"] != Ending.OPEN) & ~traces["is_left_uncertain"].astype(bool)]
    columns = usable[["person_id", "segment", "stages"]].itertuples(index=False, name=None)
    return [
        Journey(person_id=str(person), segment=str(segment), trace=tuple(stages.split(">")))
        for person, segment, stages in columns
        if stages
    ]


def _touchpoint_journeys(warehouse: Warehouse) -> list[Journey]:
    steps = coded_steps(warehouse)
    names = np.array(steps.activities, dtype=object)[steps.activity].tolist()
    starts = np.flatnonzero(steps.is_first)
    bounds = [*starts.tolist(), len(names)]
    people, segments = steps.person[starts].tolist(), steps.segment[starts].tolist()
    return [
        Journey(
            person_id=steps.persons[person],
            segment=steps.segments[segment],
            trace=tuple(names[bounds[number] : bounds[number + 1]]),
        )
        for number, (person, segment) in enumerate(zip(people, segments, strict=True))
    ]
