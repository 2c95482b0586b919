"""A log shaped like that of a bank's loan applications (application, offers and work overlap), counted by pm4py too."""

from __future__ import annotations

import warnings
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from journey_mining.mining.alignment import Aligner
from journey_mining.mining.intended import intended_tree
from journey_mining.mining.process_model import _misfits
from journey_mining.project import IntendedPath
from journey_mining.warehouse import layer_models
from journey_rows import write_journeys
from support import rows_of

CASES = 1000
WAY = IntendedPath.model_validate(
    {"steps": ["a", {"optional": "b"}, {"in_any_order": ["c", {"repeat": ["o", "s"]}, "w"]}, {"any_of": ["y", "n"]}]}
)


@pytest.fixture(scope="module")
def pm4py():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield pytest.importorskip("pm4py")


@pytest.fixture(scope="module")
def log() -> list[tuple[str, str]]:
    """Three parts that run beside each other: application a b c y/n, offers (o s)+, work on them w x."""
    draw = np.random.Generator(np.random.PCG64(2012))
    cases = []
    for _ in range(CASES):
        is_won = draw.random() < 0.4
        parts = ["a" + "b" * (draw.random() < 0.7) + "c" * (draw.random() < 0.8)]
        parts += ["os" * int(draw.integers(0, 4)), "".join(draw.choice(list("wx"), int(draw.integers(0, 5))))]
        owners = np.repeat(range(3), [len(part) for part in parts])
        places = [0, 0, 0]
        trace = ""
        for owner in (0, *draw.permutation(owners[1:])):
            trace += parts[owner][places[owner]]
            places[owner] += 1
        cases.append((trace + ("y" if is_won else "n"), "won" if is_won else "lost"))
    return cases


def frame(traces: list[str]) -> pd.DataFrame:
    rows = [(f"c{case:05d}", step, second) for case, trace in enumerate(traces) for second, step in enumerate(trace)]
    data = pd.DataFrame(rows, columns=["case:concept:name", "concept:name", "second"])
    start = pd.Timestamp("2026-01-01", tz="UTC")
    return data.assign(**{"time:timestamp": start + pd.to_timedelta(data["second"], unit="s")}).drop(columns="second")


def once(trace: str) -> str:
    return "".join(step for place, step in enumerate(trace) if place == 0 or trace[place - 1] != step)


def test_graph_and_variants_are_those_of_pm4py(warehouse, pm4py, log) -> None:
    write_journeys(warehouse, *log)
    warehouse.build_all(layer_models("paths"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        events = frame([once(trace) for trace, _ in log])
        graph, starts, ends = pm4py.discover_dfg(events)
        variants = {"".join(trace): count for trace, count in pm4py.get_variants(events).items()}
    edges = [r[1:] for r in rows_of(warehouse, "directly_follows", "segment activity next_activity transition_count")
             if r[0] == "all"]  # fmt: skip
    assert {(a, b): n for a, b, n in edges if "journey" not in a + b} == dict(graph)
    assert {b: n for a, b, n in edges if a == "journey_start"} == starts
    assert sum(n for _, b, n in edges if b.startswith("journey_end")) == sum(ends.values()) == CASES
    ours: Counter[str] = Counter()
    for segment, stages, count in rows_of(warehouse, "trace_variant", "segment stages journey_count"):
        if segment == "all":
            ours[stages.replace(">", "")] += count
    assert dict(ours) == variants


def test_alignments_are_as_cheap_as_those_of_pm4py(pm4py, log) -> None:
    common = [trace for trace, _ in Counter(trace for trace, _ in log).most_common(40)]
    tree = intended_tree(WAY)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net = pm4py.convert_to_petri_net(pm4py.parse_process_tree(str(tree)))
        theirs = pm4py.conformance_diagnostics_alignments(frame(common), *net)
    aligner = Aligner(tree)
    ours = [aligner.align(tuple(trace), is_whole=True) for trace in common]
    assert [found.misfit_count for found in ours] == [_misfits(found["alignment"]) for found in theirs]
    assert [found.fitness for found in ours] == pytest.approx([found["fitness"] for found in theirs])


def test_a_journey_under_way_fits_the_net_that_is_closed_under_prefixes(pm4py) -> None:
    closed = "->( 'a', X( tau, ->( 'b', X( tau, ->( 'c', X( tau, 'd' ) ) ) ) ) )"
    traces = ["ab", "ac", "b", "abd", "dcba", "abcdd", "x", "ca"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        net = pm4py.convert_to_petri_net(pm4py.parse_process_tree(closed))
        theirs = pm4py.conformance_diagnostics_alignments(frame(traces), *net)
    aligner = Aligner(intended_tree(IntendedPath(stages=tuple("abcd"))))
    ours = [aligner.align(tuple(trace), is_whole=False).misfit_count for trace in traces]
    # pm4py's net asks for the first step of a journey that did none of the way
    expected = [_misfits(found["alignment"]) for found in theirs]
    assert ours == [count - (trace == "x") for trace, count in zip(traces, expected, strict=True)]
