"""The graph of a file of events is, row for row, what the models of the path tables make of the same events."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import timedelta
from itertools import groupby
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

import journey_mining
from journey_mining.errors import JourneyMiningError
from journey_mining.packed import rows as packed_rows
from journey_mining.packed import texts as packed_texts
from journey_mining.packed.log_graph import LogColumns, LogGraph, read_graph
from journey_mining.warehouse import DuckDBWarehouse, model_named
from support import NOON, given

COLUMNS = LogColumns(journey="case", activity="name", occurred_at="at", segment="group")
ORDERED = LogColumns(journey="case", activity="name", occurred_at="at", segment="group", order="no")
quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

IDS = (None, "", "j1", "j12345678", "x" * 8, "x" * 9, "x" * 9 + "y", "y" * 40, "звонок", "звонок ещё")
events = st.lists(
    st.tuples(
        st.sampled_from(IDS),
        st.sampled_from([None, "", "a", "b", "c", "other", "x" * 300]),
        st.one_of(st.none(), st.sampled_from([0, 0.4, 1, 60, 90_000, -1, -(10**9), 10**10])),
        st.sampled_from([None, "", "smb", "corp"]),
    ),
    max_size=40,
)
"""journey, activity, seconds from noon, segment"""
parts = st.sampled_from([1, 2, 1_000])


def write_file(folder: Path, log: list, numbers: list[int] | None = None) -> Path:
    file = folder / "events.parquet"
    table = pa.table(
        {
            "case": pa.array([row[0] for row in log], pa.string()),
            "name": pa.array([row[1] for row in log], pa.string()),
            "at": pa.array([None if row[2] is None else NOON + timedelta(seconds=row[2]) for row in log],
                           pa.timestamp("us")),
            "group": pa.array([row[3] for row in log], pa.string()),
            "no": pa.array(range(len(log)) if numbers is None else numbers, pa.int64()),
        }
    )  # fmt: skip
    pq.write_table(table, file, row_group_size=7)
    return file


def rows_by_models(warehouse: DuckDBWarehouse, log: list, numbers: list[int] | None = None) -> list:
    """Events in their order as steps of journeys that are all won; the segment is that of the first."""
    known = [(n, row) for n, row in enumerate(log) if row[0] is not None and row[2] is not None]
    known.sort(key=lambda numbered: numbered[1][2] if numbers is None else numbers[numbered[0]])
    steps = [(row[0], n, row[1], NOON + timedelta(seconds=row[2])) for n, (_, row) in enumerate(known)]
    segments = {row[0]: row[3] or "unknown" for _, row in reversed(known)}
    given(warehouse, "journey_step", "journey_id step_no touchpoint occurred_at", steps,
          step_no=pa.int64(), occurred_at=pa.timestamp("us"))  # fmt: skip
    given(warehouse, "journey", "journey_id person_id ending is_left_uncertain",
          [(journey, journey, "won", False) for journey in segments], is_left_uncertain=pa.bool_())  # fmt: skip
    given(warehouse, "segment_member", "journey_id segment", list(segments.items()))
    warehouse.build_all([model_named("activity_step"), model_named("directly_follows")])
    rows = warehouse.execute(
        "select segment, activity, replace(next_activity, ':won', ''), transition_count, median_seconds "
        "from directly_follows where segment <> 'all'"
    )
    return sorted(rows, key=lambda row: row[:3])


def rows_of(graph: LogGraph) -> list:
    return list(zip(*(column.to_pylist() for column in graph.follows.columns), strict=True))


def ways_by_hand(log: list) -> dict[str, int]:
    known = sorted((row for row in log if row[0] is not None and row[2] is not None), key=lambda row: row[2])
    journeys = defaultdict(list)
    for row in known:
        journeys[row[0]].append(row)
    ways = {(way[0][3] or "unknown", tuple(k for k, _ in groupby(r[1] or "other" for r in way)))
            for way in journeys.values()}  # fmt: skip
    return dict(Counter(segment for segment, _ in ways))


@quick
@drawn(log=events, part_rows=parts)
def test_the_graph_of_a_file_equals_that_of_the_models(warehouse, tmp_path, log, part_rows) -> None:
    found = read_graph(write_file(tmp_path, log), COLUMNS, part_rows=part_rows)
    assert rows_of(found) == rows_by_models(warehouse, log)
    assert {segment: count for segment, count in found.way_counts.items() if count} == ways_by_hand(log)
    assert found.left_out_count == sum(row[0] is None or row[2] is None for row in log)


@quick
@drawn(log=events, part_rows=parts, chance=st.randoms(use_true_random=False))
def test_numbers_order_the_events_of_a_journey(warehouse, tmp_path, log, part_rows, chance) -> None:
    numbers = chance.sample(range(-50, 50), len(log))
    found = read_graph(write_file(tmp_path, log, numbers), ORDERED, part_rows=part_rows)
    assert rows_of(found) == rows_by_models(warehouse, log, numbers)


@quick
@drawn(log=events, part_rows=parts)
def test_ids_that_share_their_place_are_told_apart(warehouse, tmp_path, log, part_rows) -> None:
    """The spread of ids says where to look, not who it is: with a spread of four values nothing changes."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(packed_rows, "spread", lambda words: packed_texts.spread(words) & np.uint64(3 << 62))
        found = read_graph(write_file(tmp_path, log), COLUMNS, part_rows=part_rows)
    assert rows_of(found) == rows_by_models(warehouse, log)


@quick
@drawn(traces=st.lists(st.lists(st.sampled_from("abc"), min_size=1, max_size=90), max_size=12))
def test_ways_longer_than_a_word_are_counted_exactly(tmp_path, traces) -> None:
    log = [(f"j{n}", name, place, "smb") for n, trace in enumerate(traces) for place, name in enumerate(trace)]
    found = read_graph(write_file(tmp_path, log), COLUMNS)
    distinct = {tuple(name for name, _ in groupby(trace)) for trace in traces}
    assert found.way_counts.get("smb", 0) == len(distinct)


def test_a_file_without_segments_is_one_segment(tmp_path) -> None:
    file = write_file(tmp_path, [("j1", "a", 0, None), ("j1", "b", 5, None), ("j2", "a", 3, None)])
    graph = journey_mining.log_graph(file, journey="case", activity="name", occurred_at="at")
    assert rows_of(graph) == [
        ("all", "a", "b", 1, 5.0),
        ("all", "a", "journey_end", 1, None),
        ("all", "b", "journey_end", 1, None),
        ("all", "journey_start", "a", 2, None),
    ]
    assert graph.journey_counts == {"all": 2}
    assert graph.frame()["transition_count"].sum() == 5


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_times_may_have_any_unit_and_names_may_be_coded(tmp_path, unit) -> None:
    file = tmp_path / "events.parquet"
    texts = pa.array(["j1", "j1"]).dictionary_encode()
    at = pa.array([NOON, NOON + timedelta(seconds=90)], pa.timestamp(unit))
    pq.write_table(pa.table({"case": texts, "name": pa.array(["a", "b"]).dictionary_encode(), "at": at}), file)
    graph = journey_mining.log_graph(file, journey="case", activity="name", occurred_at="at")
    assert ("all", "a", "b", 1, 90.0) in rows_of(graph)


def test_a_column_of_another_kind_is_named(tmp_path) -> None:
    file = write_file(tmp_path, [("j1", "a", 0, None)])
    with pytest.raises(JourneyMiningError, match="column nowhere is missing, column no is not text"):
        journey_mining.log_graph(file, journey="no", activity="name", occurred_at="at", segment="nowhere")


def test_a_file_that_is_none_is_told(tmp_path) -> None:
    (tmp_path / "events.csv").write_text("case,name\n", encoding="utf-8")
    for name, told in (("events.csv", "no Parquet file"), ("away.parquet", "does not exist")):
        with pytest.raises(JourneyMiningError, match=told):
            journey_mining.log_graph(tmp_path / name, journey="case", activity="name", occurred_at="at")


def test_ids_with_zero_bytes_are_refused_rather_than_confused(tmp_path) -> None:
    file = write_file(tmp_path, [("j1", "a", 0, None), ("j1\0", "a", 0, None)])
    with pytest.raises(JourneyMiningError, match="zero byte"):
        journey_mining.log_graph(file, journey="case", activity="name", occurred_at="at")


@pytest.mark.parametrize("kind", [pa.int8(), pa.int16(), pa.int64(), pa.uint64()], ids=str)
def test_numbers_of_any_width_order_the_events(tmp_path: Path, kind: pa.DataType) -> None:
    low, high = (0, 200) if kind == pa.uint64() else (-100, 100)
    log = [("j", name, second, None) for second, name in enumerate("abc")]
    file = write_file(tmp_path, log, [high, low, (low + high) // 2])
    table = pq.read_table(file)
    pq.write_table(table.set_column(table.column_names.index("no"), "no", table["no"].cast(kind)), file)
    follows = read_graph(file, ORDERED).follows
    assert {*zip(follows["activity"].to_pylist(), follows["next_activity"].to_pylist(), strict=True)} == {
        ("journey_start", "b"),
        ("b", "c"),
        ("c", "a"),
        ("a", "journey_end"),
    }
