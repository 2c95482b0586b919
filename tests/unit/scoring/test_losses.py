from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from journey_mining.scoring.competing_risks import shares_at
from journey_mining.scoring.episodes import EPISODE_CAUSES, LOST, PROGRESS, cell_of
from journey_mining.scoring.horizon import Horizon
from journey_mining.scoring.losses import cross_check, loss_ways
from journey_mining.scoring.stages import StageHorizon, stage_metrics
from journey_mining.vocabulary import Estimand

MONTH = Horizon(days=30, is_short=False)


def _episodes(rows: list[tuple[float, str, str]], followed: float | np.ndarray = 100.0) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["time_days", "cause", "lost_how"])
    numbers = np.arange(len(frame))
    return frame.assign(
        journey_id=[f"j{n}" for n in numbers],
        person_no=numbers,
        segment="smb",
        stage="support",
        delay_days=0.0,
        followed_days=followed,
    )


def test_six_episodes_by_hand() -> None:
    told = [(2, "progress"), (3, "lost"), (4, "open"), (5, "progress"), (6, "open"), (8, "lost")]
    cell = cell_of(_episodes([(day, cause, "") for day, cause in told]), EPISODE_CAUSES, cause="cause")
    assert shares_at(cell.curves, 8).cause[[PROGRESS - 1, LOST - 1]] == pytest.approx([7 / 18, 11 / 18])
    assert shares_at(cell.curves, 5).cause[LOST - 1] == pytest.approx(1 / 6)


def test_late_entries_join_the_risk_set_late() -> None:
    frame = _episodes([(2, "progress", ""), (4, "progress", "")]).assign(delay_days=[0.0, 3.0])
    curves = cell_of(frame, EPISODE_CAUSES, cause="cause").curves
    assert (curves.at_risk.tolist(), curves.survival.tolist()) == ([1, 1], [0, 0])


def test_losses_are_split_by_how_they_became_known(reader) -> None:
    rows = [(5.0, "lost", "status")] * 10 + [(20.0, "lost", "silence")] * 20 + [(9.0, "progress", "")] * 70
    found = {r.estimand: r.estimate for r in loss_ways(_episodes(rows), MONTH, reader, segment="smb", stage="support")}
    assert found == {Estimand.LOST_BY_STATUS: pytest.approx(0.1), Estimand.LOST_BY_SILENCE: pytest.approx(0.2)}


def test_a_cohort_of_equal_age_agrees_with_the_curve(reader) -> None:
    rows = [(5.0, "lost", "status")] * 30 + [(9.0, "progress", "")] * 70
    cell = cell_of(_episodes(rows), EPISODE_CAUSES, cause="cause")
    check = cross_check(cell, MONTH, reader, segment="smb", stage="support")
    assert (check.metric.estimate, check.is_drifting) == (pytest.approx(0.3), False)


def test_entries_that_fare_worse_lately_are_noticed(reader) -> None:
    early = [(5.0, "lost", "status")] * 10 + [(9.0, "progress", "")] * 190
    late = [(5.0, "lost", "status")] * 150 + [(9.0, "progress", "")] * 50
    frame = _episodes(early + late, np.repeat([100.0, 20.0], 200))
    horizon = StageHorizon(stage="support", wanted_days=30, common=MONTH)
    rows = {row.estimand: row for row in stage_metrics(frame, horizon, ["smb"], reader)}
    assert rows[Estimand.DROP_OFF_MATURE].estimate == pytest.approx(0.05)
    assert "entry_time_drift" in rows[Estimand.DROP_OFF].flags
    assert "entry_time_drift" not in rows[Estimand.MOVED_ON].flags


def test_no_loss_among_ten_leaves_an_upper_bound(reader) -> None:
    cell = cell_of(_episodes([(9.0, "progress", "")] * 10), EPISODE_CAUSES, cause="cause")
    row = cross_check(cell, MONTH, reader, segment="smb", stage="support").metric
    assert (row.estimate, row.interval_high) == (0, pytest.approx(0.2775, abs=1e-4))


def test_without_drift_the_alarm_is_rare(reader) -> None:
    rng = np.random.Generator(np.random.PCG64(11))
    alarms = 0
    for _ in range(300):
        followed = rng.uniform(0, 90, 200)
        leaves = rng.gamma(2, 4, 200)
        cause = np.where(leaves > followed, "open", np.where(rng.random(200) < 0.3, "lost", "progress"))
        rows = list(zip(np.minimum(leaves, followed), cause, [""] * 200, strict=True))
        cell = cell_of(_episodes(rows, followed), EPISODE_CAUSES, cause="cause")
        alarms += cross_check(cell, MONTH, reader, segment="smb", stage="support").is_drifting
    assert alarms <= 6
