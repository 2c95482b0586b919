"""One way of mining one world of events, in a process of its own; prints what it found as JSON.

    python benchmarks/mining/contenders.py ours build/bench/1000000.parquet

Found are, for each of twelve segments: the directly-follows graph with counts and median seconds, starts, ends, and
the number of distinct ways. A contender that cannot tell one of them leaves it out. What two tell must be equal.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Found = dict[str, Any]


def found(
    graph: Iterable[tuple[str, str, str, int, float | None]],
    starts: Iterable[tuple[str, str, int]] | None,
    ends: Iterable[tuple[str, str, int]] | None,
    ways: dict[str, int] | None,
) -> Found:
    """What was found, short enough to compare: hashes of counts, sums of times."""
    rows = sorted((str(s), str(a), str(b), int(n), t) for s, a, b, n, t in graph)
    result: Found = {"edges": len(rows), "passages": sum(row[3] for row in rows), "graph": _hash([r[:4] for r in rows])}
    if all(row[4] is not None for row in rows):
        result["median_seconds"] = round(sum(float(row[4] or 0) for row in rows), 1)
    for name, part in (("starts", starts), ("ends", ends)):
        if part is not None:
            result[name] = _hash(sorted((str(s), str(a), int(n)) for s, a, n in part))
    if ways is not None:
        result["ways"] = _hash(sorted((str(s), int(n)) for s, n in ways.items()))
        result["way_count"] = sum(ways.values())
    return result


def _hash(rows: list[Any]) -> str:
    return hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]


def ours(file: str) -> Found:
    """`journey_mining.log_graph`: the file read, counted and named; no engine, no project."""
    from journey_mining import log_graph

    names = {"journey": "journey_id", "activity": "touchpoint", "occurred_at": "occurred_at", "order": "event_id"}
    graph = log_graph(file, segment="segment", **names)
    rows = list(zip(*(column.to_pylist() for column in graph.follows.columns), strict=True))
    return _from_follows(rows, graph.way_counts)


def night(file: str) -> Found:
    """The packed layout as the night runs it, out of the tables that a night has; every event is a step."""
    from journey_mining.warehouse import DuckDBWarehouse
    from journey_mining.warehouse.packed_paths import build_packed_paths

    with DuckDBWarehouse() as warehouse:
        _limited(warehouse)
        _tables(warehouse, file)
        build_packed_paths(warehouse)
        rows = warehouse.execute(
            "select segment, activity, next_activity, transition_count, median_seconds from directly_follows"
        )
    return _from_follows(rows, None)


def portable(file: str) -> Found:
    """The models of journey_mining that define the path tables, without the packed layout."""
    from journey_mining.warehouse import DuckDBWarehouse, model_named

    with DuckDBWarehouse() as warehouse:
        _limited(warehouse)
        _tables(warehouse, file)
        warehouse.build_all([model_named("activity_step"), model_named("directly_follows")])
        way = "string_agg(activity, '>' order by activity_no)"
        ways = f"select segment, journey_id, {way} as way from activity_step group by segment, journey_id"
        counted = warehouse.execute(f"select segment, count(distinct way) from ({ways}) group by segment")
        rows = warehouse.execute(
            "select segment, activity, next_activity, transition_count, median_seconds from directly_follows"
        )
    return _from_follows(rows, dict(counted))


def _tables(warehouse: Any, file: str) -> None:
    """The tables of a night in which every event is a step and every person has one journey that is over."""
    events = f"read_parquet('{file}')"
    warehouse.execute(
        f"create view journey_step as select journey_id, event_id as step_no, touchpoint, occurred_at from {events}"
    )
    warehouse.execute(
        f"create table segment_member as select journey_id, min(segment) as segment from {events} group by journey_id"
    )
    warehouse.execute(
        "create view journey as select journey_id, journey_id as person_id, 'won' as ending, "
        "false as is_left_uncertain from segment_member"
    )


def _limited(warehouse: Any) -> None:
    """As many threads as the others have, and the limit of memory that was asked for."""
    warehouse.execute("set threads = 2")
    if limit := os.environ.get("BENCH_MEMORY_LIMIT"):
        warehouse.execute(f"set memory_limit = '{limit}'")
        warehouse.execute(f"set temp_directory = '{os.environ['BENCH_SPILL']}'")


def _from_follows(rows: Iterable[tuple[Any, ...]], ways: dict[str, int] | None) -> Found:
    own = [row for row in rows if row[0] != "all"]
    inner = [row for row in own if row[1] != "journey_start" and not row[2].startswith("journey_end")]
    starts = [(row[0], row[2], row[3]) for row in own if row[1] == "journey_start"]
    ends = [(row[0], row[1], row[3]) for row in own if row[2].startswith("journey_end")]
    return found(inner, starts, ends, ways)


def pm4py_pandas(file: str) -> Found:
    """pm4py on frames of pandas, segment by segment."""
    import pandas as pd
    import pm4py

    frame = pd.read_parquet(file, columns=["occurred_at", "segment", "touchpoint", "journey_id"])
    frame = pm4py.format_dataframe(frame, case_id="journey_id", activity_key="touchpoint", timestamp_key="occurred_at")
    return _pm4py(pm4py, ((str(segment), part) for segment, part in frame.groupby("segment", observed=True)))


def pm4py_polars(file: str) -> Found:
    """pm4py on lazy frames of polars."""
    import pm4py
    import polars as pl

    names = {"occurred_at": "time:timestamp", "touchpoint": "concept:name", "journey_id": "case:concept:name"}
    frame = pl.scan_parquet(file).select("segment", *names).rename(names).collect()
    parts = ((str(name), frame.lazy().filter(pl.col("segment") == name)) for name in sorted(frame["segment"].unique()))
    return _pm4py(pm4py, parts)


def _pm4py(pm4py: Any, parts: Iterable[tuple[str, Any]]) -> Found:
    graph: list[Any] = []
    starts: list[Any] = []
    ends: list[Any] = []
    ways: dict[str, int] = {}
    for segment, part in parts:
        counts, first, last = pm4py.discover_dfg(part)
        times, _, _ = pm4py.discover_performance_dfg(part, perf_aggregation_key="median")
        graph += [(segment, a, b, n, times[a, b]) for (a, b), n in counts.items()]
        starts += [(segment, a, n) for a, n in first.items()]
        ends += [(segment, a, n) for a, n in last.items()]
        ways[segment] = len(pm4py.get_variants(part))
    return found(graph, starts, ends, ways)


def polars_lazy(file: str) -> Found:
    """polars, lazy and streaming, as its manual writes such queries."""
    import polars as pl

    columns = [pl.col("segment").cast(pl.Categorical), pl.col("touchpoint").cast(pl.Categorical)]
    events = (
        pl.scan_parquet(file)
        .select("event_id", "occurred_at", *columns, case=pl.col("journey_id").hash())
        .sort("case", "occurred_at", "event_id")
        .collect(engine="streaming")
        .lazy()
        .with_columns(
            follower=pl.col("touchpoint").shift(-1),
            is_last=pl.col("case").ne_missing(pl.col("case").shift(-1)),
            is_first=pl.col("case").ne_missing(pl.col("case").shift(1)),
            seconds=(pl.col("occurred_at").shift(-1) - pl.col("occurred_at")).dt.total_seconds(),
        )
        .collect(engine="streaming")
        .lazy()
    )
    inner = events.filter(~pl.col("is_last")).group_by("segment", "touchpoint", "follower")
    graph = inner.agg(n=pl.len(), seconds=pl.col("seconds").median()).collect(engine="streaming")
    counted = [
        events.filter(pl.col(mark)).group_by("segment", "touchpoint").agg(n=pl.len()).collect(engine="streaming").rows()
        for mark in ("is_first", "is_last")
    ]
    ways = (
        events.group_by("case")
        .agg(pl.col("segment").first(), way=pl.col("touchpoint").to_physical())
        .with_columns(way=pl.col("way").list.eval(pl.element().cast(pl.String)).list.join(">"))
        .group_by("segment")
        .agg(n=pl.col("way").n_unique())
        .collect(engine="streaming")
    )
    return found(graph.rows(), counted[0], counted[1], dict(ways.rows()))


def chdb_graph(file: str) -> Found:
    """ClickHouse in the process: the graph alone."""
    from chdb import session

    opened = session.Session()
    opened.query("create database b")
    opened.query(
        "create table b.e (event_id Int64, at DateTime64(6), segment LowCardinality(String), "
        "touchpoint LowCardinality(String), journey UInt64) engine = MergeTree order by (journey, at, event_id)"
    )
    opened.query(
        "insert into b.e select event_id, occurred_at, segment, touchpoint, cityHash64(journey_id) "
        f"from file('{Path(file).resolve()}', Parquet) settings max_threads = 2"
    )
    answer = opened.query(
        "select toString(segment), toString(touchpoint), toString(follower), count(), "
        "quantileExactInclusive(0.5)(dateDiff('second', at, next_at)) from (select segment, touchpoint, at, journey, "
        "leadInFrame(journey) over w as next_journey, leadInFrame(touchpoint) over w as follower, "
        "leadInFrame(at) over w as next_at from b.e window w as (partition by journey order by at, event_id "
        "rows between unbounded preceding and unbounded following)) where next_journey = journey "
        "group by segment, touchpoint, follower settings max_threads = 2",
        "JSONCompact",
    )
    return found([tuple(row) for row in json.loads(str(answer))["data"]], None, None, None)


def r4pm_bindings(file: str) -> Found:
    """Rust4PM through its binding: the graph and the ways, without times."""
    import polars as pl
    import r4pm
    from r4pm import bindings

    names = {"occurred_at": "time:timestamp", "touchpoint": "concept:name", "journey_id": "case:concept:name"}
    frame = pl.read_parquet(file, columns=["segment", *names]).rename(names)
    frame = frame.with_columns(pl.col("time:timestamp").dt.replace_time_zone("UTC"))
    graph: list[Any] = []
    ways: dict[str, int] = {}
    for segment in sorted(frame["segment"].unique()):
        part = frame.filter(pl.col("segment") == segment).drop("segment")
        part = part.sort("case:concept:name", "time:timestamp", maintain_order=True)
        log = r4pm.import_item_from_df("EventLog", part)
        relations = bindings.discover_dfg(log)["directly_follows_relations"]
        pairs = relations.items() if isinstance(relations, dict) else relations
        graph += [(segment, edge[0], edge[1], n, None) for edge, n in pairs]
        projected = bindings.log_to_activity_projection(log)
        ways[segment] = bindings.get_num_variants(projected)
        r4pm.remove_item(log)
        r4pm.remove_item(projected)
    return found(graph, None, None, ways)


def retentioneering_graph(file: str) -> Found:
    """retentioneering: the graph alone, as transition matrices segment by segment."""
    sys.modules["posthog"] = None  # type: ignore[assignment] # it would call home
    import pandas as pd
    import retentioneering as rete
    from retentioneering.tools.transition_matrix import TransitionMatrix

    frame = pd.read_parquet(file, columns=["occurred_at", "segment", "touchpoint", "journey_id"])
    schema = {
        "path_cols": ["journey_id"],
        "event_col": "touchpoint",
        "timestamp_col": "occurred_at",
        "segment_cols": ["segment"],
    }
    whole = rete.Eventstream(frame, schema=schema)
    graph: list[Any] = []
    for segment in sorted(frame["segment"].unique()):
        part = whole.df[whole.df["segment"] == segment].copy()
        stream = rete.Eventstream(part, schema=whole._schema, preprocess=False)  # noqa: SLF001 - its own filters do so
        counts = TransitionMatrix(stream).fit("count")
        for a in counts.index:
            graph += [(segment, a, b, n, None) for b, n in counts.loc[a].items() if n > 0 and "path_" not in f"{a}{b}"]
    return found(graph, None, None, None)


def limit(file: str) -> Found:
    """The least that any way must do: fetch packed steps from DuckDB, sort them, pass over them once in machine code.

    It knows 60 touchpoints, whole seconds and fewer than 2^23 journeys beforehand, and counts the graph alone.
    """
    import duckdb
    import numba
    import numpy as np

    @numba.njit  # type: ignore[untyped-decorator]
    def passed(key: Any, counts: Any) -> None:
        for i in range(len(key) - 1):
            if key[i] >> 41 == key[i + 1] >> 41:
                counts[key[i] & 63, key[i + 1] & 63] += 1

    connection = duckdb.connect()
    connection.execute("set threads = 2")
    packed = (
        "(cast(substr(journey_id, 2) as bigint) << 41) | ((epoch_us(occurred_at) // 1000000 - 1767225600) << 6) "
        "| cast(right(touchpoint, 2) as bigint)"
    )
    key = connection.execute(f"select {packed} as key from read_parquet('{file}')").fetchnumpy()["key"]
    key.sort()
    counts = np.zeros((64, 64), np.int64)
    passed(key, counts)
    return {"passages": int(counts.sum())}


CONTENDERS = {
    "ours": ours,
    "night": night,
    "portable": portable,
    "pm4py_pandas": pm4py_pandas,
    "pm4py_polars": pm4py_polars,
    "polars": polars_lazy,
    "chdb": chdb_graph,
    "r4pm": r4pm_bindings,
    "retentioneering": retentioneering_graph,
    "limit": limit,
}

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps(CONTENDERS[sys.argv[1]](sys.argv[2])))
