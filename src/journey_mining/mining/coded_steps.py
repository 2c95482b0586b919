"""Steps of touchpoints as numbers, for what looks at every one of them in Python.

In: `activity_step`. Out: `CodedSteps`. A frame of texts costs more than all that is done with it: names are told apart
once, and everything after it compares numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from journey_mining.packed.keys import Ints, order_of
from journey_mining.packed.plain_arrow import coded, numbers
from journey_mining.warehouse import Warehouse

_TEXTS = ("journey_id", "person_id", "segment", "activity", "next_activity", "ending")
_COLUMNS = (*_TEXTS, "activity_no", "seconds_to_next", "is_closed", "is_left_uncertain")


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedSteps:
    """Steps of closed journeys whose start was seen, in the order of journeys and steps; arrays of equal lengths."""

    segments: tuple[str, ...]
    activities: tuple[str, ...]
    endings: tuple[str, ...]
    persons: tuple[str, ...]
    journey: Ints
    person: Ints
    segment: Ints
    activity: Ints
    follower: Ints
    """-1 at the end of a journey"""
    ending: Ints
    seconds: NDArray[np.float64]
    """to the next step; NaN where there is none, or no time"""

    @property
    def is_first(self) -> NDArray[np.bool_]:
        """Whether a step is the first of its journey."""
        return np.append(np.ones(min(len(self.journey), 1), dtype=bool), self.journey[1:] != self.journey[:-1])


def coded_steps(warehouse: Warehouse) -> CodedSteps:
    """Read `activity_step`."""
    steps = warehouse.read_arrow("activity_step", columns=_COLUMNS)
    steps = steps.filter(pc.and_(steps["is_closed"], pc.invert(steps["is_left_uncertain"])))
    _, journey = coded(steps["journey_id"])
    order = order_of(journey, numbers(steps["activity_no"].cast(pa.int64())))
    names, codes = {}, {}
    for column in ("person_id", "segment", "ending"):
        names[column], found = coded(steps[column])
        codes[column] = found[order].astype(np.int64)
    names["activity"], codes["activity"], codes["next_activity"] = _of_one_list(
        steps["activity"], steps["next_activity"]
    )
    return CodedSteps(
        segments=names["segment"],
        activities=names["activity"],
        endings=names["ending"],
        persons=names["person_id"],
        journey=journey[order].astype(np.int64),
        person=codes["person_id"],
        segment=codes["segment"],
        activity=codes["activity"][order],
        follower=codes["next_activity"][order],
        ending=codes["ending"],
        seconds=numbers(steps["seconds_to_next"].cast(pa.float64()).fill_null(float("nan")))[order],
    )


def _of_one_list(activity: pa.ChunkedArray, follower: pa.ChunkedArray) -> tuple[tuple[str, ...], Ints, Ints]:
    """Names of both columns and the number of each; a follower always is an activity of some step."""
    names, own = coded(activity)
    known, there = coded(follower.fill_null(""))
    number_of = {name: number for number, name in enumerate(names)}
    numbers_there = np.array([number_of.get(name, -1) for name in known], dtype=np.int64)
    following: NDArray[Any] = numbers_there[there] if len(known) else np.zeros(0, dtype=np.int64)
    return names, own.astype(np.int64), following
