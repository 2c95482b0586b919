"""The packed layout makes, row for row, what the models of the path tables make, whatever the journeys look like."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from journey_mining.packed.keys import EdgeCounts, EdgeTimes
from journey_mining.warehouse import DuckDBWarehouse, model_named
from journey_mining.warehouse import packed_paths as packed
from support import NOON, given

TABLES = ("activity_step", "directly_follows", "step_flow")
quick = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

NAMES = ("", "a", "b", "c", "other", "x" * 300, "x" * 299 + "y", "звонок", "'\"\0")
names = st.one_of(st.none(), st.sampled_from(NAMES))
seconds = st.one_of(st.none(), st.integers(-90_000, 90_000), st.just(0), st.just(0.4), st.just(-(10**9)))
steps = st.lists(st.tuples(names, seconds), min_size=0, max_size=14)
journeys = st.lists(
    st.tuples(
        steps,
        st.sampled_from(["won", "lost", "silent", "open"]),
        st.booleans(),
        st.integers(0, 3),
        st.sampled_from(["smb", "corp", "x" * 300]),
    ),
    min_size=0,
    max_size=14,
)
"""steps, ending, whether the start was missed, number of the person, segment"""


def write_log(warehouse: DuckDBWarehouse, log: list, step_of=lambda number: number) -> None:
    rows = [
        (f"j{j}", step_of(i), name, None if at is None else NOON + timedelta(seconds=at))
        for j, (trace, *_) in enumerate(log)
        for i, (name, at) in enumerate(trace, 1)
    ]
    given(warehouse, "journey_step", "journey_id step_no touchpoint occurred_at", rows,
          step_no=pa.int64(), occurred_at=pa.timestamp("us"))  # fmt: skip
    given(warehouse, "journey", "journey_id person_id ending is_left_uncertain",
          [(f"j{j}", f"p{person}", ending, missed) for j, (_, ending, missed, person, _) in enumerate(log)],
          is_left_uncertain=pa.bool_())  # fmt: skip
    given(warehouse, "segment_member", "journey_id segment", [(f"j{j}", row[-1]) for j, row in enumerate(log)])


def rows_by_models(warehouse: DuckDBWarehouse) -> dict[str, list]:
    warehouse.build_all(model_named(table) for table in TABLES)
    return rows_there(warehouse)


def rows_there(warehouse: DuckDBWarehouse) -> dict[str, list]:
    return {table: warehouse.execute(f"select * from {table} order by all") for table in TABLES}


@quick
@drawn(log=journeys)
def test_packed_rows_equal_those_of_the_models(warehouse, log) -> None:
    write_log(warehouse, log)
    expected = rows_by_models(warehouse)
    kinds = {table: warehouse.execute(f"describe {table}") for table in TABLES}
    packed.build_packed_paths(warehouse)
    assert rows_there(warehouse) == expected
    assert {table: warehouse.execute(f"describe {table}") for table in TABLES} == kinds
    assert not set(packed.PACKED_TABLES) & set(warehouse.tables())


@quick
@drawn(log=journeys, far=st.integers(2, 2**44))
def test_numbers_of_steps_may_have_any_gaps(warehouse, log, far) -> None:
    write_log(warehouse, log, step_of=lambda number: number * far)
    expected = rows_by_models(warehouse)
    packed.build_packed_paths(warehouse)
    assert rows_there(warehouse) == expected


@quick
@drawn(log=journeys, most=st.integers(1, 9))
def test_parts_add_up_to_the_whole(warehouse, log, most) -> None:
    write_log(warehouse, log)
    packed.build_packed_paths(warehouse)
    whole = rows_there(warehouse)
    journeys = packed.pack(warehouse)
    passages, times, links = EdgeCounts(), EdgeTimes(), EdgeCounts()
    for runs in packed.parts(warehouse, journeys, most=most):
        packed.add_passages(journeys, runs, passages, times)
        packed.add_first_steps(journeys, runs, links)
    warehouse.write("directly_follows", packed.follows_table(journeys, passages, times))
    warehouse.write("step_flow", packed.step_table(journeys, links))
    packed.unpack(warehouse)
    assert rows_there(warehouse) == whole
