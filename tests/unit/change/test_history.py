from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from journey_mining.change.history import (
    RUN_RULE,
    StoredRun,
    action_events,
    history_folder,
    keep_run,
    read_runs,
    rule_events,
    write_history,
)
from journey_mining.change.rules import rule_parts, rules_hash
from journey_mining.project import Project
from journey_mining.project.knowledge import Action, Knowledge
from journey_mining.scoring.metric import Metric, metric_table
from journey_mining.vocabulary import Estimand
from journey_mining.warehouse import DuckDBWarehouse
from journey_support import project as tiny_project
from support import at


@pytest.fixture
def tiny(root: Path) -> Project:
    (root / "stages.toml").write_text("# stages\n", encoding="utf-8")
    return replace(tiny_project(), root=root)


def fill(warehouse: DuckDBWarehouse, as_of: str, mark: str = "f" * 64, share: float = 0.4) -> None:
    counts = (("a", 40), ("b", 9))
    rows = [
        Metric(estimand=Estimand.DROP_OFF, segment=segment, stage="s", estimate=share, customer_count=n)
        for segment, n in counts
    ]
    warehouse.write("metric_value", metric_table(rows, as_of=at(as_of)))
    warehouse.write("run_setting", pa.table({"as_of": [at(as_of)], "small_cell": [10]}))
    warehouse.write("published_state", pa.table({"fingerprint": [mark]}))


def publish(tiny: Project, as_of: str, **facts: str | float) -> Path | None:
    tiny.warehouse_file.unlink(missing_ok=True)
    with DuckDBWarehouse(tiny.warehouse_file) as warehouse:
        fill(warehouse, as_of, **facts)  # type: ignore[arg-type]
        write_history(warehouse, tiny)
    return keep_run(tiny)


def test_a_published_run_is_kept_once_without_small_cells(tiny: Project) -> None:
    path = publish(tiny, "2026-05-01")
    assert path is not None
    assert path.name == "20260501T000000_ffffffffffff.parquet"
    before = path.stat().st_mtime_ns
    assert keep_run(tiny) == path
    [run] = read_runs(history_folder(tiny))
    assert (path.stat().st_mtime_ns, run.metrics["segment"].to_pylist()) == (before, ["a"])


def test_a_half_written_or_foreign_file_is_no_run(tiny: Project) -> None:
    publish(tiny, "2026-05-01")
    folder = history_folder(tiny)
    (folder / ".20260502T000000_0.parquet.part").write_bytes(b"PAR1")
    (folder / "20260503T000000_0.parquet").write_bytes(b"PAR1 torn")
    assert [run.as_of for run in read_runs(folder)] == [at("2026-05-01")]


def test_the_next_night_holds_every_earlier_one_and_itself(tiny: Project, warehouse: DuckDBWarehouse) -> None:
    publish(tiny, "2026-05-01")
    fill(warehouse, "2026-05-02", share=0.5)
    write_history(warehouse, tiny)
    rows = warehouse.execute("select as_of, segment, estimate, is_comparable from metric_history order by all")
    assert rows == [(at("2026-05-01"), "a", 0.4, True), (at("2026-05-02"), "a", 0.5, True)]


def test_the_same_night_again_writes_the_same_history(tiny: Project, warehouse: DuckDBWarehouse) -> None:
    publish(tiny, "2026-05-01")
    publish(tiny, "2026-05-02")
    with DuckDBWarehouse(tiny.warehouse_file, read_only=True) as published:
        first = published.read_arrow("metric_history")
    fill(warehouse, "2026-05-02")
    write_history(warehouse, tiny)
    assert warehouse.read_arrow("metric_history").equals(first)


def test_other_rules_are_named_and_forbid_comparison(tiny: Project, warehouse: DuckDBWarehouse) -> None:
    publish(tiny, "2026-05-01")
    (tiny.root / "stages.toml").write_text("# other stages\n", encoding="utf-8")
    fill(warehouse, "2026-05-02")
    write_history(warehouse, tiny)
    assert warehouse.execute("select as_of, is_comparable from metric_history order by all") == [
        (at("2026-05-01"), False),
        (at("2026-05-02"), True),
    ]
    assert warehouse.execute("select kind, parts from run_event") == [("rules_changed", "stages")]
    assert warehouse.count(RUN_RULE) == 6


def test_of_two_runs_with_one_cutoff_the_later_stands(tiny: Project) -> None:
    first = publish(tiny, "2026-05-01", mark="a" * 64, share=0.1)
    second = publish(tiny, "2026-05-01", mark="0" * 64, share=0.2)
    assert first is not None
    assert second is not None
    os.utime(first, ns=(1, 1))
    [run] = read_runs(history_folder(tiny))
    assert run.metrics["estimate"].to_pylist() == [0.2]


def test_where_one_stands_in_time_is_no_rule(tiny: Project) -> None:
    moved = replace(tiny, settings=tiny_project(as_of=at("2026-01-01")).settings)
    stricter = replace(tiny, settings=tiny_project(deal_lead="10d").settings)
    own, later, other = (rules_hash(rule_parts(p)) for p in (tiny, moved, stricter))
    assert (own == later, own == other) == (True, False)


def test_equal_rules_are_no_event() -> None:
    runs = [
        StoredRun(as_of=at(day), fingerprint="", rules={"code": "1"}, metrics=pa.table({}))
        for day in ("2026-05-01", "2026-05-02")
    ]
    assert rule_events(runs) == []


def test_an_action_is_an_event_once_it_has_begun(tiny: Project) -> None:
    actions = tuple(Action(id=f"x{month}", stage="a", ru="", en="", since=date(2026, month, 1)) for month in (4, 6))
    declared = replace(tiny, knowledge=Knowledge(action=actions))
    found = action_events(declared, until=at("2026-05-01"))
    assert [(row["subject"], row["as_of"], row["parts"]) for row in found] == [("x4", at("2026-04-01"), "all,a")]
