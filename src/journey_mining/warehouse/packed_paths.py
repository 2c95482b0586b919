"""The packed layout: path tables of layer 60 out of sorted numbers instead of texts; for DuckDB on one machine only.

In: `journey`, `journey_step`, `segment_member`. Out: `activity_step`, `directly_follows`, `step_flow`, row for row what
their models in `sql/60_paths` make, which stay the definition (and what any other engine runs).

Names become numbers once. What is counted becomes one 64-bit key: segment, activity, follower in the upper bits,
journey, person or seconds in the lower ones. A sorted key answers everything: its length counts passages, its distinct
values count journeys or persons, its places are quantiles. Journeys are read in parts that hold whole persons, so that
memory does not grow with their number but for a number and its seconds per passage.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journey_mining.packed.keys import EdgeCounts, EdgeTimes, counted_edges, order_of, summed_edges
from journey_mining.packed.plain_arrow import coded, named, numbers, plain
from journey_mining.vocabulary import ALL_SEGMENTS, JOURNEY_END, JOURNEY_START, Ending
from journey_mining.warehouse.duckdb_warehouse import DuckDBWarehouse
from journey_mining.warehouse.models import layer_models, model_named

PACKED_TABLES = ("packed_activity", "packed_journey", "packed_step", "packed_run")
PART_STEPS = 8_000_000
"""steps that are looked at together; about 50 bytes each at the widest moment"""
FIRST_STEPS = 8
"""of a journey; later ones are `more` (as in step_flow.sql)"""

NO_TIME = np.iinfo(np.int64).min
"""stands for a missing time (as in packed_step.sql)"""

_QUANTILES = (0.5, 0.9)

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedJourneys:
    """Journeys by number and the names behind the numbers."""

    activities: tuple[str, ...]
    segments: tuple[str, ...]
    endings: tuple[str, ...]
    person: NDArray[np.int32]
    """number of the person of each journey, ascending"""
    segment: NDArray[np.int32]
    ending: NDArray[np.int32]
    is_counted: NDArray[np.bool_]
    """closed, and its start was seen"""

    @property
    def nodes(self) -> list[str]:
        """Names of the ends of edges: activities, the start, what stands for later steps, the endings."""
        return [*self.activities, JOURNEY_START, "more", *(f"{JOURNEY_END}:{ending}" for ending in self.endings)]

    @property
    def start(self) -> int:
        """Number of the start among the nodes."""
        return len(self.activities)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Runs of one touchpoint in the order of journeys and steps; equal lengths."""

    journey: NDArray[np.int32]
    place: NDArray[np.int32]
    """1 for the first run of a journey"""
    code: NDArray[np.int32]
    follower: NDArray[np.int32]
    """number of the node that comes next: an activity or an ending"""
    seconds: Ints
    """to the next run"""
    has_seconds: NDArray[np.bool_]

    def where(self, mask: NDArray[np.bool_]) -> Runs:
        """The runs at which `mask` is true."""
        return Runs(**{name: getattr(self, name)[mask] for name in self.__slots__})


def build_packed_paths(warehouse: DuckDBWarehouse) -> dict[str, int]:
    """Build `activity_step`, `directly_follows` and `step_flow`; their row counts."""
    journeys = pack(warehouse)
    passages, times, steps = EdgeCounts(), EdgeTimes(), EdgeCounts()
    warehouse.drop("packed_run")
    for runs in parts(warehouse, journeys):
        warehouse.append("packed_run", _run_table(runs, journeys))
        add_passages(journeys, runs, passages, times)
        add_first_steps(journeys, runs, steps)
    if "packed_run" not in warehouse.tables():
        warehouse.write("packed_run", _run_table(_no_runs(), journeys))
    counts = {"activity_step": warehouse.build(replace(model_named("packed_activity_step"), name="activity_step"))}
    for table, data in (
        ("directly_follows", follows_table(journeys, passages, times)),
        ("step_flow", step_table(journeys, steps)),
    ):
        warehouse.write(table, data)
        counts[table] = len(data)
    unpack(warehouse)
    return counts


def pack(warehouse: DuckDBWarehouse) -> PackedJourneys:
    """Number everything: make `packed_activity`, `packed_journey` and `packed_step`."""
    for model in layer_models("packed_paths"):
        if model.name != "packed_activity_step":
            warehouse.build(model)
    names = warehouse.read_arrow("packed_activity", order_by=("code",), columns=("activity",))
    rows = warehouse.arrow(
        "select person_no, segment, ending, cast(is_left_uncertain as integer) as is_left_uncertain "
        "from packed_journey order by journey_no"
    )
    segments, segment = coded(rows["segment"])
    endings, ending = coded(rows["ending"])
    is_open = np.array([name == Ending.OPEN for name in endings], dtype=bool)[ending]
    return PackedJourneys(
        activities=tuple(names["activity"].to_pylist()),
        segments=segments,
        endings=endings,
        person=numbers(rows["person_no"]),
        segment=segment,
        ending=ending,
        is_counted=~is_open & (numbers(rows["is_left_uncertain"]) == 0),
    )


def unpack(warehouse: DuckDBWarehouse) -> None:
    """Remove what `pack` made."""
    for table in PACKED_TABLES:
        warehouse.drop(table)


def parts(warehouse: DuckDBWarehouse, journeys: PackedJourneys, *, most: int = PART_STEPS) -> Iterator[Runs]:
    """Runs of all journeys in order, in parts of at most about `most` steps that hold whole persons."""
    step_count = warehouse.count("packed_step")
    part_count = max(1, -(-step_count // most))
    bounds = np.linspace(0, len(journeys.person), part_count + 1).astype(np.int64)
    # a person's journeys stand side by side; a part begins with the first of them
    bounds[1:-1] = np.searchsorted(journeys.person, journeys.person[bounds[1:-1]])
    for first, last in pairwise(bounds.tolist()):
        runs = _runs(warehouse, journeys, first, last)
        if len(runs.journey):
            yield runs


def add_passages(journeys: PackedJourneys, runs: Runs, passages: EdgeCounts, times: EdgeTimes) -> None:
    """Count passages of closed journeys whose start was seen, with their starts and endings."""
    own = runs.where(journeys.is_counted[runs.journey])
    nodes = len(journeys.nodes)
    first = own.place == 1
    keys = _edge_keys(journeys, own, nodes)
    starts = (journeys.segment[own.journey[first]].astype(np.int64) * nodes + journeys.start) * nodes + own.code[first]
    passages.add(
        counted_edges(
            np.concatenate([keys, starts]),
            np.concatenate([own.journey, own.journey[first]]),
            journeys.person,
            per_segment=nodes * nodes,
        )
    )
    times.add(keys[own.has_seconds], own.seconds[own.has_seconds])


def add_first_steps(journeys: PackedJourneys, runs: Runs, steps: EdgeCounts) -> None:
    """Count links between the first steps of all journeys."""
    own = runs.where(runs.place <= FIRST_STEPS)
    nodes, more = len(journeys.nodes), journeys.start + 1
    goes_on = (own.place == FIRST_STEPS) & (own.follower < journeys.start)
    own = replace(own, follower=np.where(goes_on, np.int32(more), own.follower))
    segment = journeys.segment[own.journey].astype(np.int64)
    keys = ((segment * (FIRST_STEPS + 1) + own.place) * nodes + own.code) * nodes + own.follower
    per_segment = (FIRST_STEPS + 1) * nodes * nodes
    steps.add(counted_edges(keys, own.journey, journeys.person, per_segment=per_segment))


def follows_table(journeys: PackedJourneys, passages: EdgeCounts, times: EdgeTimes) -> pa.Table:
    """Rows of `directly_follows`."""
    nodes = len(journeys.nodes)
    rows = summed_edges(passages, per_segment=nodes * nodes, segments=len(journeys.segments))
    own, of_all = times.quantiles(_QUANTILES), times.quantiles(_QUANTILES, among=nodes * nodes)
    is_all = rows.keys >= nodes * nodes * len(journeys.segments)
    median, late = np.where(is_all, of_all.at(rows.keys % (nodes * nodes)), own.at(rows.keys))
    segment, edge = np.divmod(rows.keys, nodes * nodes)
    return pa.table(
        {
            "segment": named([*journeys.segments, ALL_SEGMENTS], segment),
            "activity": named(journeys.nodes, edge // nodes),
            "next_activity": named(journeys.nodes, edge % nodes),
            "transition_count": plain(rows.passages),
            "journey_count": plain(rows.journeys),
            "customer_count": plain(rows.persons),
            "median_seconds": plain(median, known=~np.isnan(median)),
            "p90_seconds": plain(np.round(late, 1), known=~np.isnan(late)),
        }
    )


def step_table(journeys: PackedJourneys, steps: EdgeCounts) -> pa.Table:
    """Rows of `step_flow`."""
    nodes = len(journeys.nodes)
    per_segment = (FIRST_STEPS + 1) * nodes * nodes
    rows = summed_edges(steps, per_segment=per_segment, segments=len(journeys.segments))
    segment, link = np.divmod(rows.keys, per_segment)
    return pa.table(
        {
            "segment": named([*journeys.segments, ALL_SEGMENTS], segment),
            "step_no": plain(link // (nodes * nodes)),
            "activity": named(journeys.nodes, link // nodes % nodes),
            "next_activity": named(journeys.nodes, link % nodes),
            "journey_count": plain(rows.journeys),
            "customer_count": plain(rows.persons),
        }
    )


def _runs(warehouse: DuckDBWarehouse, journeys: PackedJourneys, first: int, last: int) -> Runs:
    """Runs of the journeys from `first` up to and without `last`."""
    is_whole = (first, last) == (0, len(journeys.person))
    where = "" if is_whole else f" where journey_no >= {first} and journey_no < {last}"
    rows = warehouse.arrow(f"select journey_no, code, step_no, occurred_us from packed_step{where}")
    order = order_of(numbers(rows["journey_no"]), numbers(rows["step_no"]))
    journey, code = numbers(rows["journey_no"])[order], numbers(rows["code"])[order]
    microsecond = numbers(rows["occurred_us"])[order]
    is_timed = microsecond != NO_TIME
    # whole seconds, as people read them; rounding down holds before 1970 too
    second = np.where(is_timed, microsecond, 0) // 1_000_000
    is_new = np.ones(len(code), dtype=bool)
    np.not_equal(journey[1:], journey[:-1], out=is_new[1:])
    keep = is_new.copy()
    keep[1:] |= code[1:] != code[:-1]
    journey, code, second = journey[keep], code[keep], second[keep]
    return _followed(journeys, journey, code, second, is_timed[keep], is_new[keep])


def _followed(
    journeys: PackedJourneys,
    journey: NDArray[np.int32],
    code: NDArray[np.int32],
    second: Ints,
    is_timed: NDArray[np.bool_],
    is_new: NDArray[np.bool_],
) -> Runs:
    """Each run with its place and what follows it."""
    is_last = np.ones(len(code), dtype=bool)
    is_last[:-1] = is_new[1:]
    has_seconds = ~is_last & is_timed
    has_seconds[:-1] &= is_timed[1:]
    starts = np.flatnonzero(is_new)
    lengths = np.diff(starts, append=len(code))
    return Runs(
        journey=journey,
        place=(np.arange(1, len(code) + 1) - np.repeat(starts, lengths)).astype(np.int32),
        code=code,
        follower=np.where(is_last, journeys.start + 2 + journeys.ending[journey], np.roll(code, -1)).astype(np.int32),
        seconds=np.where(has_seconds, np.roll(second, -1) - second, 0),
        has_seconds=has_seconds,
    )


def _no_runs() -> Runs:
    none = np.zeros(0, dtype=np.int32)
    return Runs(journey=none, place=none, code=none, follower=none, seconds=none.astype(np.int64), has_seconds=none > 0)


def _run_table(runs: Runs, journeys: PackedJourneys) -> pa.Table:
    goes_on = runs.follower < journeys.start
    return pa.table(
        {
            "journey_no": plain(runs.journey),
            "activity_no": plain(runs.place.astype(np.int64)),
            "code": plain(runs.code),
            "next_code": plain(runs.follower, known=goes_on),
            "seconds_to_next": plain(runs.seconds, known=runs.has_seconds),
        }
    )


def _edge_keys(journeys: PackedJourneys, runs: Runs, nodes: int) -> Ints:
    return (journeys.segment[runs.journey].astype(np.int64) * nodes + runs.code) * nodes + runs.follower
