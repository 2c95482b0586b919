from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey_mining.errors import CheckFailedError, SettingsError
from journey_mining.gates import measure_gates, old_sources, red_sources
from journey_mining.gates.measure import standing_of
from journey_mining.gates.values import measured
from journey_mining.project import GateLimit, Project, init_project, load_project
from journey_mining.scoring.metric import Thresholds
from journey_mining.warehouse import DuckDBWarehouse
from support import given as given_table

SUNDAY = datetime(2026, 5, 31)  # noqa: DTZ001 - naive UTC, as in the warehouse
NOON = SUNDAY.replace(hour=12)
CELLS = Thresholds(small=10, thin=30)


def project_with(tmp_path: Path, gates: str) -> Project:
    init_project(tmp_path / "p", template="b2b", sources=(), catalog=tmp_path)
    settings = tmp_path / "p" / "journey.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + gates, encoding="utf-8")
    return load_project(tmp_path / "p")


def world(
    warehouse: DuckDBWarehouse,
    *,
    last_day: int = 40,
    until: datetime = NOON,
    people: int = 50,
    both: int = 25,
    rows: tuple[int, int] = (100, 0),
) -> None:
    """A desk and a shop: 40 events each Saturday at the desk, `last_day` on the last one; `both` people are in both."""
    saturday = SUNDAY - timedelta(days=1)
    days = [(saturday - timedelta(days=7 * week), 40 if week else last_day) for week in range(9)]
    events = [("desk", f"d{day:%m%d}-{n}", day) for day, count in days for n in range(count)]
    events += [("shop", f"s{n}", NOON) for n in range(both)]
    desk = [event for source, event, _ in events if source == "desk"]
    persons = [(event, f"p{n % people}") for n, event in enumerate(desk)]
    persons += [(f"s{n}", f"p{n}") for n in range(both)]
    given_table(warehouse, "event", "source event_id occurred_at", events)
    given_table(warehouse, "event_person", "event_id person_id", persons)
    placed = [("desk", "r1" if n % 4 else None) for n in range(100)]
    given_table(warehouse, "person_event", "source rule_id", placed)
    first = days[-1][0]
    status = [("desk", first, until, *rows), ("shop", NOON, NOON, 10, 0)]
    given_table(warehouse, "source_status", "source first_event_at fresh_until rows_read rows_quarantined", status)


def values(warehouse: DuckDBWarehouse, tmp_path: Path) -> dict[tuple[str, str], float | None]:
    measure_gates(warehouse, project_with(tmp_path, ""))
    rows = warehouse.read_arrow("gate_result").to_pylist()
    return {(row["source"], row["gate"]): row["value"] for row in rows}


def test_each_gate_of_a_source_is_measured(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    world(warehouse, last_day=10, until=NOON - timedelta(hours=6), rows=(200, 3))
    found = values(warehouse, tmp_path)
    assert {gate: found["desk", gate] for gate in ("coverage", "freshness", "match_rate", "quarantine", "volume")} == {
        "coverage": 0.75,
        "freshness": 6.0,
        "match_rate": 0.5,
        "quarantine": 0.015,
        "volume": 0.25,
    }


def test_a_day_that_is_not_over_is_not_held_against_whole_ones(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    world(warehouse, last_day=3, until=SUNDAY - timedelta(minutes=1))
    # the last whole day is a Friday, on which nothing ever happens
    assert values(warehouse, tmp_path)["desk", "volume"] is None


def test_a_match_rate_that_would_tell_of_a_few_people_is_not_told(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    world(warehouse, people=50, both=47)
    assert values(warehouse, tmp_path)["desk", "match_rate"] is None


def test_the_interval_of_the_match_rate_is_wilsons(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    from statsmodels.stats.proportion import proportion_confint

    world(warehouse)
    measure_gates(warehouse, project_with(tmp_path, ""))
    one = next(
        v for v in measured(warehouse, cells=CELLS, confidence=0.95) if (v.source, v.gate) == ("desk", "match_rate")
    )
    assert (one.low, one.high) == pytest.approx(proportion_confint(25, 50, method="wilson"))
    assert one.base == 50


@pytest.mark.parametrize(
    ("gate", "value", "standing"),
    [
        ("coverage", 0.9, "ok"),
        ("coverage", 0.7, "warn"),
        ("coverage", 0.1, "fail"),
        ("volume", 1.3, "warn"),
        ("volume", 5.1, "fail"),
        ("volume", 1.2, "ok"),
        ("coverage", None, "unknown"),
    ],
)
def test_a_value_stands_to_its_limits(gate: str, value: float | None, standing: str) -> None:
    assert standing_of(gate, value, GateLimit(warn=0.8, fail=0.2)) == standing


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 0.99), st.floats(0.01, 0.99))
def test_a_better_share_never_stands_worse(one: float, other: float, warn: float, fail: float) -> None:
    limit = GateLimit(warn=max(warn, fail), fail=min(warn, fail))
    order = ["fail", "warn", "ok"]
    worse, better = sorted((one, other))
    assert order.index(standing_of("coverage", worse, limit)) <= order.index(standing_of("coverage", better, limit))


def test_a_source_may_have_limits_of_its_own(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    world(warehouse, until=NOON - timedelta(hours=30))
    gates = '\n[gates]\nfreshness = { fail = "24h" }\n[gates.source.desk]\nfreshness = { warn = "24h", fail = "7d" }\n'
    measure_gates(warehouse, project_with(tmp_path, gates))
    assert red_sources(warehouse) == ()


def test_a_gate_that_fails_can_stop_the_night(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    world(warehouse, last_day=1)
    gates = '\n[gates]\non_fail = "stop"\nvolume = { fail = 0.2 }\n'
    with pytest.raises(CheckFailedError, match=r"desk: volume fails at 0\.025, the limit is 0\.2") as fault:
        measure_gates(warehouse, project_with(tmp_path, gates))
    assert fault.value.code == "GATE_FAILED"
    assert red_sources(warehouse) == ("desk",)


def test_limits_of_a_source_that_is_not_there_are_told(warehouse: DuckDBWarehouse, tmp_path: Path) -> None:
    world(warehouse)
    project = project_with(tmp_path, "\n[gates.source.deks]\ncoverage = { warn = 0.5 }\n")
    assert [problem.where for problem in measure_gates(warehouse, project).problems] == ["[gates.source.deks]"]


def test_limits_in_the_wrong_order_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="must not be above warn"):
        project_with(tmp_path, "\n[gates]\ncoverage = { warn = 0.5, fail = 0.9 }\n")


@pytest.mark.parametrize(("hours", "standing"), [(23, []), (25, ["warn"]), (73, ["fail"]), (-5, [])])
def test_the_clock_tells_how_old_a_source_is(tmp_path: Path, hours: int, standing: list[str]) -> None:
    project = project_with(tmp_path, '\n[gates]\nfreshness = { warn = "24h", fail = "3d" }\n')
    with DuckDBWarehouse(project.warehouse_file) as warehouse:
        given_table(warehouse, "source_status", "source fresh_until", [("desk", NOON)])
    ages = old_sources(project, now=NOON.replace(tzinfo=UTC) + timedelta(hours=hours))
    assert [age.standing for age in ages] == standing


def test_summer_time_does_not_age_a_source(tmp_path: Path) -> None:
    from zoneinfo import ZoneInfo

    project = project_with(tmp_path, '\n[gates]\nfreshness = { warn = "24h" }\n')
    with DuckDBWarehouse(project.warehouse_file) as warehouse:
        # half past one in Berlin on the night on which clocks go forward
        given_table(warehouse, "source_status", "source fresh_until", [("desk", datetime(2026, 3, 29, 0, 30))])  # noqa: DTZ001
    berlin = ZoneInfo("Europe/Berlin")
    # the wall clock has moved by 24 hours and a half, and 23 hours and a half have gone by
    assert old_sources(project, now=datetime(2026, 3, 30, 2, 0, tzinfo=berlin)) == ()
    assert len(old_sources(project, now=datetime(2026, 3, 30, 3, 0, tzinfo=berlin))) == 1
