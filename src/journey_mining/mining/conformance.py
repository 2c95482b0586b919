"""Intended against real: every journey whose start was seen, explained by the way intended for its segment.

In: `stage_trace` (or `journey_step`, where a way names touchpoints) and the intended ways of the project. Out: the
tables `path_fit` (one row per journey), `path_move` (one per step of its explanation) and `path_onset` (at which step
it first showed what).

Every journey is explained by what comes up to where it stopped: not arriving is what drop-off counts, and would hide
every other deviation. So the same steps have the same deviations, whatever became of the journey. Fitness alone holds
a journey that reached the goal against the whole way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import cast

import pandas as pd
import pyarrow as pa

from journey_mining.mining.alignment import Aligner
from journey_mining.mining.deviations import Deviation, DeviationKind, deviations
from journey_mining.mining.event_log import Trace
from journey_mining.mining.intended import intended_tree
from journey_mining.mining.loops import twice_at_most
from journey_mining.mining.onsets import Onset, onsets
from journey_mining.mining.schemas import schema
from journey_mining.project import IntendedPath
from journey_mining.vocabulary import ALL_SEGMENTS, Ending
from journey_mining.warehouse import Warehouse

MAX_TRACE = 40
"""longer traces are explained up to here, as if the journey were still under way"""

PATH_FIT = schema(
    text="journey_id person_id segment intended_for ending",
    bool="is_whole is_cut",
    int="step_count misfit_count worst_count deviation_count",
    real="fitness",
)
PATH_MOVE = schema(
    text="journey_id",
    int="move_no",
    text_2="kind step after_step",
    int_2="times",
)
PATH_ONSET = schema(
    text="journey_id kind step after_step",
    int="at_step",
    text_2="place",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """An intended way, ready to be compared with."""

    intended_for: str
    names: frozenset[str]
    aligner: Aligner


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One distinct trace and its explanation."""

    step_count: int
    misfit_count: int
    worst_count: int
    fitness: float
    is_cut: bool
    moves: tuple[Deviation, ...]
    onsets: tuple[Onset, ...]

    @property
    def deviation_count(self) -> int:
        """Deviations as far as the journey went."""
        return sum(move.kind is not DeviationKind.DONE for move in self.moves)


def ways_of(intended: tuple[IntendedPath, ...], optional: frozenset[str]) -> dict[str, Way]:
    """Intended ways by segment; the one for everybody under "all"."""
    return {
        path.segment or ALL_SEGMENTS: Way(
            intended_for=path.segment or ALL_SEGMENTS,
            names=frozenset(path.ids()),
            aligner=Aligner(intended_tree(path, optional)),
        )
        for path in intended
    }


def write_conformance(warehouse: Warehouse, ways: Mapping[str, Way]) -> dict[str, int]:
    """Write `path_fit`, `path_move` and `path_onset`; their row counts. Without an intended way all are empty."""
    journeys = warehouse.read("stage_trace", order_by=["journey_id"])
    # who comes back after a loss did the first steps in the journey before
    is_from_start = ~(journeys["is_left_uncertain"].astype(bool) | journeys["is_reactivated"].astype(bool))
    journeys = journeys[is_from_start]
    stages = set(warehouse.read("stage", order_by=["stage"], columns=["stage"])["stage"])
    mixed = _milestones(warehouse, ways, stages)
    known: dict[tuple[str, Trace, bool], Explained] = {}
    fits: list[dict[str, object]] = []
    moves: list[dict[str, object]] = []
    shown: list[dict[str, object]] = []
    for row in cast("list[dict[str, object]]", journeys.to_dict("records")):
        way = ways.get(str(row["segment"])) or ways.get(ALL_SEGMENTS)
        if way is None:
            continue
        trace = (
            _stage_trace(str(row["stages"]))
            if way.names <= stages
            else mixed[way.intended_for].get(str(row["journey_id"]), ())
        )
        if not trace:
            continue
        key = (way.intended_for, trace, row["ending"] == Ending.WON)
        if key not in known:
            known[key] = explain(way, trace, is_whole=key[2])
        fits.append(_fit(row, way, known[key], is_whole=key[2]))
        moves += _moves(str(row["journey_id"]), known[key].moves)
        shown += _onsets(str(row["journey_id"]), known[key].onsets)
    tables = {"path_fit": (PATH_FIT, fits), "path_move": (PATH_MOVE, moves), "path_onset": (PATH_ONSET, shown)}
    for name, (columns, rows) in tables.items():
        warehouse.write(name, pa.Table.from_pylist(rows, schema=columns))
    return {name: len(rows) for name, (_, rows) in tables.items()}


def explain(way: Way, trace: Trace, *, is_whole: bool) -> Explained:
    """The explanation of one trace, loops walked twice at most and long traces cut.

    Args:
        way: what it is held against.
        trace: activities in order.
        is_whole: fitness asks for the way to its end; the deviations never do.
    """
    steps = twice_at_most(trace)
    is_cut, steps = len(steps) > MAX_TRACE, steps[:MAX_TRACE]
    walked = tuple(step for step, _ in steps)
    fit = way.aligner.align(walked, is_whole=is_whole and not is_cut)
    so_far = way.aligner.align(walked, is_whole=False)
    return Explained(
        step_count=len(trace),
        misfit_count=fit.misfit_count,
        worst_count=fit.worst_count,
        fitness=round(fit.fitness, 6),
        is_cut=is_cut,
        moves=tuple(deviations(so_far.moves, [times for _, times in steps])),
        onsets=onsets(way.aligner, trace[:MAX_TRACE]),
    )


def milestones(steps: pd.DataFrame, names: frozenset[str], stages: set[str]) -> dict[str, Trace]:
    """Traces of the stages and touchpoints that a way names, by journey; all others are left out.

    Args:
        steps: journey_id, stage and touchpoint of every step, in total order.
        names: ids that the way names; an id of a stage is read as the stage.
        stages: ids of stages.
    """
    traces: dict[str, list[str]] = {}
    last_stage: dict[str, str] = {}
    for journey, stage, touchpoint in zip(steps["journey_id"], steps["stage"], steps["touchpoint"], strict=True):
        trace = traces.setdefault(str(journey), [])
        if stage in names and stage in stages and last_stage.get(str(journey)) != stage:
            trace.append(str(stage))
            last_stage[str(journey)] = str(stage)
        if touchpoint in names and touchpoint not in stages and trace[-1:] != [touchpoint]:
            trace.append(str(touchpoint))
    return {journey: tuple(trace) for journey, trace in traces.items()}


def _milestones(warehouse: Warehouse, ways: Mapping[str, Way], stages: set[str]) -> dict[str, dict[str, Trace]]:
    named = {name: way.names for name, way in ways.items() if not way.names <= stages}
    if not named:
        return {}
    columns = ["journey_id", "step_no", "stage", "touchpoint"]
    steps = warehouse.read("journey_step", order_by=["journey_id", "step_no"], columns=columns)
    return {name: milestones(steps, names, stages) for name, names in named.items()}


def _stage_trace(stages: str) -> Trace:
    return tuple(stages.split(">")) if stages else ()


def _fit(row: Mapping[str, object], way: Way, found: Explained, *, is_whole: bool) -> dict[str, object]:
    return {
        "journey_id": row["journey_id"],
        "person_id": row["person_id"],
        "segment": row["segment"],
        "intended_for": way.intended_for,
        "ending": row["ending"],
        "is_whole": is_whole,
        "is_cut": found.is_cut,
        "step_count": found.step_count,
        "misfit_count": found.misfit_count,
        "worst_count": found.worst_count,
        "deviation_count": found.deviation_count,
        "fitness": found.fitness,
    }


def _moves(journey_id: str, moves: tuple[Deviation, ...]) -> Iterator[dict[str, object]]:
    for number, move in enumerate(moves, start=1):
        yield {
            "journey_id": journey_id,
            "move_no": number,
            "kind": move.kind.value,
            "step": move.step,
            "after_step": move.after_step,
            "times": move.times,
        }


def _onsets(journey_id: str, shown: tuple[Onset, ...]) -> Iterator[dict[str, object]]:
    for onset in shown:
        yield {"journey_id": journey_id, **asdict(onset)}
