"""Process models by the inductive miner. The only file that imports pm4py, and only when a model is asked for.

In: a `TraceLog`. Out: a `ProcessModel`: the net as PNML text and its quality on customers it was not found from.
Leemans, Fahland, van der Aalst 2013 (inductive miner, infrequent); Adriansyah 2014 (alignments);
Munoz-Gama, Carmona 2010 (escaping-edges precision; pm4py replays the raw prefixes).
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from journey_mining.mining.event_log import Trace, TraceLog
from journey_mining.mining.process_tree import Block, canonical, pnml, shortest_run

NOISE = 0.2
"""share below which the miner takes behaviour for noise"""
MODEL_KIND = "inductive"
MIN_JOURNEYS = 30
"""with fewer closed journeys a model would describe individuals"""
MAX_VARIANTS = 200
"""distinct traces per part; the most frequent are kept and the note says how many journeys they cover"""
MAX_TRACE = 40
"""longer traces make alignments explode; they are left out and counted in the note"""
SECONDS_PER_TRACE = 10.0
SECONDS_PER_LOG = 120.0
MIN_FITNESS, MIN_PRECISION = 0.8, 0.3
"""below these a page should show the directly-follows graph instead"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessModel:
    """A discovered model of one segment; without a notation the note says why there is none."""

    segment: str
    journey_count: int
    variant_count: int
    held_out_count: int
    fitness: float | None = None
    """1 - moves that fit not / moves of the worst alignment, over held-out journeys"""
    precision: float | None = None
    """1 - share of behaviour that the model allows and held-out customers never show"""
    notation: str = ""
    """PNML text"""
    note: str = ""
    is_shown: bool = False
    """good enough to be drawn; otherwise the graph and the variants are"""
    reason: str = "too_few"
    """why it is not shown: too_few, failed, too_slow, low_fitness, low_precision; '' where it is"""


def discover_model(log: TraceLog) -> ProcessModel:
    """Find and judge the model of one segment; a failure of pm4py becomes the note of the model, not an error."""
    empty = ProcessModel(
        segment=log.segment,
        journey_count=log.journey_count,
        variant_count=log.variant_count,
        held_out_count=log.held_out_count,
    )
    training, held_out = _most_frequent(log.training), _most_frequent(log.held_out)
    if log.journey_count < MIN_JOURNEYS or not training or not held_out:
        return replace(empty, note=f"fewer than {MIN_JOURNEYS} closed journeys")
    try:
        with _quiet():
            block, fitness, precision = _discovered(training, held_out)
    except Exception as fault:  # noqa: BLE001 - pm4py raises plain Exception for logs it cannot handle
        return replace(empty, note=f"pm4py failed: {type(fault).__name__}", reason="failed")
    reason = why_not(fitness, precision)
    return replace(
        empty,
        fitness=fitness,
        precision=precision,
        notation=pnml(block, name=f"stages_{log.segment}"),
        note=_quality_note(log, training, held_out, reason),
        is_shown=not reason,
        reason=reason,
    )


def why_not(fitness: float | None, precision: float) -> str:
    """Why a model of that quality is not shown; '' where it is.

    >>> why_not(0.79, 0.9), why_not(0.8, 0.3)
    ('low_fitness', '')
    """
    if fitness is None:
        return "too_slow"
    if fitness < MIN_FITNESS:
        return "low_fitness"
    return "low_precision" if precision < MIN_PRECISION else ""


def _discovered(
    training: Sequence[tuple[Trace, int]], held_out: Sequence[tuple[Trace, int]]
) -> tuple[Block, float | None, float]:
    import pm4py

    tree = pm4py.discover_process_tree_inductive(
        _frame(training), noise_threshold=NOISE, multi_processing=False, disable_fallthroughs=False
    )
    block = canonical(_as_block(tree))
    net, initial, final = pm4py.convert_to_petri_net(pm4py.parse_process_tree(str(block)))
    precision = pm4py.precision_token_based_replay(_frame(held_out), net, initial, final)
    return block, _fitness(held_out, block, (net, initial, final)), round(float(precision), 6)


def _fitness(held_out: Sequence[tuple[Trace, int]], block: Block, net: tuple[Any, Any, Any]) -> float | None:
    """Cost of the best alignments over the cost of the worst; None where the time ran out for some trace."""
    from pm4py.algo.conformance.alignments.petri_net import algorithm

    limits = {"max_align_time_trace": SECONDS_PER_TRACE, "max_align_time": SECONDS_PER_LOG, "show_progress_bar": False}
    aligned = algorithm.apply(_frame([(trace, 1) for trace, _ in held_out]), *net, parameters=limits)
    if any(found is None for found in aligned):
        return None
    moves = [_misfits(found["alignment"]) for found in aligned]
    shortest = shortest_run(block)
    cost = sum(count * misfits for misfits, (_, count) in zip(moves, held_out, strict=True))
    worst = sum(count * (len(trace) + shortest) for trace, count in held_out)
    return round(1 - cost / worst, 6)


def _misfits(alignment: Sequence[tuple[str, str | None]]) -> int:
    """Moves of an alignment in which trace and model disagree; silent steps of the model cost nothing."""
    return sum(seen != allowed and not (seen == ">>" and allowed is None) for seen, allowed in alignment)


def _as_block(tree: Any) -> Block:
    if tree.operator is None:
        return Block(label=tree.label or "")
    children = tuple(_as_block(child) for child in tree.children)
    return Block(operator=tree.operator.value, children=children)


def _frame(counted: Sequence[tuple[Trace, int]]) -> pd.DataFrame:
    """A log in total order: one case per journey, one second between the steps of a case."""
    cases = [trace for trace, count in counted for _ in range(count)]
    steps = np.concatenate([np.arange(len(trace)) for trace in cases])
    numbers = np.repeat(np.arange(len(cases)), [len(trace) for trace in cases])
    return pd.DataFrame(
        {
            "case:concept:name": [f"{number:08d}" for number in numbers],
            "concept:name": [activity for trace in cases for activity in trace],
            "time:timestamp": pd.Timestamp("2000-01-01", tz="UTC") + pd.to_timedelta(steps, unit="s"),
        }
    )


def _most_frequent(counted: Sequence[tuple[Trace, int]]) -> list[tuple[Trace, int]]:
    short = [(trace, count) for trace, count in counted if len(trace) <= MAX_TRACE]
    return sorted(sorted(short, key=lambda pair: (-pair[1], pair[0]))[:MAX_VARIANTS])


def _quality_note(
    log: TraceLog, training: Sequence[tuple[Trace, int]], held_out: Sequence[tuple[Trace, int]], reason: str
) -> str:
    covered = sum(count for _, count in (*training, *held_out))
    notes = [] if covered == log.journey_count else [f"covers {covered} of {log.journey_count} journeys"]
    if reason == "too_slow":
        notes.append("alignments took too long")
    elif reason:
        notes.append("weak model: prefer the graph")
    return "; ".join(notes)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep pm4py's banner, progress bars and deprecation warnings out of our output."""
    sink = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stderr(sink), contextlib.redirect_stdout(sink):
        warnings.simplefilter("ignore")
        from pm4py.util import constants

        shown, constants.SHOW_PROGRESS_BAR = constants.SHOW_PROGRESS_BAR, False
        try:
            yield
        finally:
            constants.SHOW_PROGRESS_BAR = shown
