from __future__ import annotations

import numpy as np
import pytest

from journey_mining.change.alarms import alarm_tables
from journey_mining.change.cohorts import Cohorts, Entries, Window, progress_horizon
from journey_mining.scoring.metric import Thresholds
from journey_mining.scoring.occupancy import Reader
from support import NOON, at

READER = Reader(thresholds=Thresholds(small=10, thin=30), confidence=0.95)
WINDOW = Window(start=at("2026-01-01"), end=at("2026-08-29"))
DAYS = 240


def entries(seed: int, *, drop_from: int = DAYS, until: int = DAYS, per_day: float = 8) -> Entries:
    generator = np.random.Generator(np.random.PCG64(seed))
    day = np.repeat(np.arange(DAYS), generator.poisson(per_day, DAYS))
    progress = generator.random(len(day)) < np.where(day >= drop_from, 0.5, 0.7)
    leaves = np.where(progress, generator.gamma(2, 4, len(day)), 30.0)
    kept = day < until
    followed = (until - day).astype(float)
    return Entries(
        day=day[kept],
        time=np.minimum(leaves, followed)[kept],
        cause=np.where(leaves <= followed, np.where(progress, 1, 2), 0)[kept],
        followed=followed[kept],
        person=np.arange(len(day))[kept],
    )


def cohorts(cells: dict[str, Entries], *, window: Window = WINDOW) -> Cohorts:
    return Cohorts(
        window=window,
        cells={(segment, "s"): found for segment, found in cells.items()},
        segments=tuple(sorted(cells)),
        stages=("s",),
    )


def test_a_planted_fall_is_found_in_its_cell_and_nowhere_else() -> None:
    tables = alarm_tables(cohorts({"a": entries(1, drop_from=150), "b": entries(2)}), {"s": 42}, READER)
    found = tables["alarm"].to_pylist()
    assert {(row["segment"], row["stage"]) for row in found} == {("a", "s")}
    [row] = [row for row in found if row["direction"] == "progress_down"]
    assert at("2026-05-31") <= row["raised_on"] <= at("2026-07-30")
    assert abs((row["started_on"] - at("2026-05-31")).days) <= 10
    assert row["low"] <= row["since"] <= row["high"] < row["baseline"]


def test_worlds_without_change_raise_no_alarm() -> None:
    tables = alarm_tables(cohorts({f"s{seed}": entries(seed) for seed in range(10, 28)}), {"s": 42}, READER)
    assert (tables["alarm"].num_rows, tables["alarm_chart"].num_rows) == (0, 36)


def test_later_nights_never_take_an_alarm_back() -> None:
    early = Window(start=WINDOW.start, end=at("2026-07-30"))
    then = alarm_tables(cohorts({"a": entries(1, drop_from=150, until=210)}, window=early), {}, READER)["alarm"]
    now = alarm_tables(cohorts({"a": entries(1, drop_from=150)}), {}, READER)["alarm"]
    assert then.num_rows == 1
    assert then["raised_on"].to_pylist() == now["raised_on"].to_pylist()


def test_points_are_whole_weeks_with_enough_customers_on_each_side() -> None:
    points = alarm_tables(cohorts({"a": entries(3, per_day=2)}), {}, READER)["cusum_point"].to_pylist()
    assert points
    assert all(min(point["events"], point["entries"] - point["events"]) >= 10 for point in points)


def test_a_young_cell_and_a_rare_one_say_why_they_are_not_watched() -> None:
    young = Window(start=WINDOW.start, end=at("2026-04-01"))
    rows = alarm_tables(cohorts({"a": entries(1, until=90)}, window=young), {}, READER)["alarm_chart"].to_pylist()
    rare = alarm_tables(cohorts({"a": entries(1, per_day=0.1)}), {}, READER)["alarm_chart"].to_pylist()
    assert [row["status"] for row in (*rows, *rare)] == ["young", "rare"]


def test_the_horizon_does_not_move_with_later_knowledge() -> None:
    one, other = entries(4, until=150), entries(4)
    horizons = [progress_horizon(found, until_day=120, most=63) for found in (one, other)]
    assert horizons == [21, 21]


@pytest.mark.parametrize(("hour", "day"), [("2026-01-01 00:00:00", 0), ("2026-01-02 00:00:00", 1)])
def test_days_begin_at_midnight_whenever_the_observation_does(hour: str, day: int) -> None:
    window = Window(start=at("2026-01-01 17:30:00"), end=NOON)
    assert window.day_of(at(hour)) == day
