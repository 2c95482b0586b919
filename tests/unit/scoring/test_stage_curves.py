from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey_mining.scoring.competing_risks import Durations, cumulative_incidence
from journey_mining.scoring.episodes import CAUSES, EPISODE_CAUSES, LOST, cell_of
from journey_mining.scoring.horizon import Horizon
from journey_mining.scoring.stage_curves import curve_days, curve_rows, stage_curve_table
from journey_mining.scoring.stages import StageHorizon

SMALL = 10


def episodes(lost_on: list[float], *, stayed: int, followed: float = 100.0) -> pd.DataFrame:
    """Customers lost on the days given, and others who are still there."""
    count = len(lost_on) + stayed
    return pd.DataFrame(
        {
            "journey_id": [f"j{n}" for n in range(count)],
            "person_no": np.arange(count),
            "segment": "smb",
            "stage": "decision",
            "time_days": [*lost_on, *[followed] * stayed],
            "delay_days": 0.0,
            "followed_days": followed,
            "cause": ["lost"] * len(lost_on) + ["open"] * stayed,
        }
    )


def test_without_censoring_a_point_is_the_plain_share_lost_by_its_day(reader) -> None:
    lost = [5.0] * 20 + [15.0] * 10 + [28.0] * 10
    cell = cell_of(episodes(lost, stayed=60), EPISODE_CAUSES, cause="cause")
    shares = {row["day_no"]: row["lost_share"] for row in curve_rows(cell, 30, reader, segment="smb", stage="decision")}
    assert shares[0] == 0
    assert shares[6] == pytest.approx(0.2)
    assert shares[16] == pytest.approx(0.3)
    assert shares[30] == pytest.approx(0.4)
    assert max(shares) <= 38


def test_a_day_on_which_few_were_lost_has_no_point(reader) -> None:
    lost = [5.0] * 20 + [15.5] * 3 + [25.5] * 17
    cell = cell_of(episodes(lost, stayed=60), EPISODE_CAUSES, cause="cause")
    days = [row["day_no"] for row in curve_rows(cell, 30, reader, segment="smb", stage="decision")]
    assert not {16, 18, 20, 22, 24} & set(days)
    assert 26 in days


@given(st.lists(st.floats(0.1, 60), min_size=1, max_size=120), st.integers(1, 50), st.integers(0, 30))
def test_no_two_points_have_a_small_group_of_losses_between_them(lost: list[float], horizon: int, more: int) -> None:
    count = len(lost) + 5
    durations = Durations(
        time=np.array([*lost, *[90.0] * 5]),
        cause=np.array([LOST] * len(lost) + [0] * 5, dtype=np.int64),
        delay=np.zeros(count),
        cluster=np.arange(count),
    )
    curves = cumulative_incidence(durations, CAUSES)
    days = curve_days(curves, horizon, horizon + more, small=SMALL)
    between = [sum(a < day <= b for day in lost) for a, b in pairwise(days)]
    whole = sum(day <= horizon for day in lost)
    assert days[0] == 0
    assert horizon in days
    assert days == sorted(set(days))
    # the number at the horizon is published whatever it is
    told = between[1:] if whole < SMALL and days[1] == horizon else between
    assert all(n == 0 or n >= SMALL for n in told)


def test_a_cell_of_few_customers_has_no_curve(reader) -> None:
    horizon = StageHorizon(stage="decision", wanted_days=30, common=Horizon(days=30, is_short=False))
    thin = episodes([5.0] * 12, stayed=12)
    assert stage_curve_table(thin, [horizon], ["smb"], reader).num_rows == 0
    assert stage_curve_table(episodes([5.0] * 12, stayed=30), [horizon], ["smb"], reader).num_rows > 2
