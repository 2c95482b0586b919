"""Properties of path tables: totals hold for any journeys, order of rows says nothing, pm4py counts the same graph."""

from __future__ import annotations

import warnings
from collections import Counter
from itertools import groupby

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journey_mining.warehouse import DuckDBWarehouse, layer_models, model_named
from journey_rows import write_journeys
from support import rows_of

traces = st.lists(
    st.tuples(st.text("abcd", min_size=1, max_size=12), st.sampled_from(["won", "lost", "silent", "open"])),
    min_size=1,
    max_size=12,
)
quick = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
CHECKS = ("paths_step_flow_conserves", "paths_graph_conserves", "paths_totals")


def paths_of(warehouse: DuckDBWarehouse, log: list[tuple[str, str]]) -> None:
    write_journeys(warehouse, *log)
    warehouse.build_all(layer_models("paths"))


@quick
@given(log=traces)
def test_nothing_appears_or_vanishes(warehouse, log) -> None:
    paths_of(warehouse, log)
    assert [warehouse.build(model_named(check)) for check in CHECKS] == [0, 0, 0]


@quick
@given(log=traces)
def test_variants_count_every_journey_once(warehouse, log) -> None:
    paths_of(warehouse, log)
    expected = Counter((">".join(x for x, _ in groupby(trace)), ending) for trace, ending in log)
    rows = rows_of(warehouse, "trace_variant", "segment stages ending journey_count")
    assert {(r[1], r[2]): r[3] for r in rows if r[0] == "all"} == expected


@quick
@given(log=traces, seed=st.randoms(use_true_random=False))
def test_order_of_rows_says_nothing(warehouse, log, seed) -> None:
    columns = "segment activity next_activity transition_count median_seconds"
    paths_of(warehouse, log)
    first, steps = rows_of(warehouse, "directly_follows", columns), warehouse.read_arrow("journey_step")
    warehouse.write("journey_step", steps.take(seed.sample(range(len(steps)), len(steps))))
    warehouse.build_all(layer_models("paths"))
    assert rows_of(warehouse, "directly_follows", columns) == first


@pytest.fixture(scope="module")
def pm4py():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("pm4py")


@quick
@given(log=traces)
def test_the_graph_equals_that_of_pm4py(warehouse, pm4py, log) -> None:
    closed = [(trace, ending) for trace, ending in log if ending != "open"] or [("ab", "won")]
    paths_of(warehouse, closed)
    columns = "segment activity next_activity transition_count"
    ours = {r[1:3]: r[3] for r in rows_of(warehouse, "directly_follows", columns) if r[0] == "all"}
    inner = {edge: count for edge, count in ours.items() if "journey" not in edge[0] + edge[1]}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        graph, starts, _ = pm4py.discover_dfg(_frame(warehouse))
    assert inner == graph
    assert {edge[1]: n for edge, n in ours.items() if edge[0] == "journey_start"} == starts


def _frame(warehouse) -> pd.DataFrame:
    steps = warehouse.read("activity_step", order_by=["journey_id", "activity_no"])
    at = pd.Timestamp("2026-01-01", tz="UTC") + pd.to_timedelta(steps["activity_no"], unit="s")
    return pd.DataFrame(
        {"case:concept:name": steps["journey_id"], "concept:name": steps["activity"], "time:timestamp": at}
    )
