from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from journey_mining.scoring.friction import friction_rows


def _episodes(count: int) -> pd.DataFrame:
    number = np.arange(count)
    return pd.DataFrame(
        {
            "journey_id": [f"j{n}" for n in number],
            "episode_no": 1,
            "person_no": number,
            "segment": "smb",
            "stage": "support",
            "time_days": np.where(number % 2, 20.0, 5.0),
            "delay_days": 0.0,
            "followed_days": 100.0,
            "step_count": 3,
            "outwaited_step_count": 3,
            "cause": np.where(number % 4 == 0, "lost", "progress"),
        }
    )


def test_rows_compare_customers_with_and_without(reader) -> None:
    marks = pd.DataFrame(
        {"journey_id": [f"j{n}" for n in range(1, 80, 2)], "episode_no": 1, "friction": "long_wait", "first_step_no": 1}
    )
    marks = pd.concat([marks, pd.DataFrame([("j0", 1, "long_wait", 1)], columns=marks.columns)])
    rows = friction_rows(_episodes(80), marks, {"support": 30}, ["all", "smb"], reader)
    assert [(row["segment"], row["friction"]) for row in rows] == [("all", "long_wait"), ("smb", "long_wait")]
    assert (rows[0]["customer_count"], rows[0]["prevalence_share"]) == (41, pytest.approx(41 / 80))
    assert rows[0]["loss_ratio"] == pytest.approx((1 / 41) / (19 / 39))
    assert rows[0]["extra_days"] == 15.0


def test_frictions_of_few_customers_are_left_out(reader) -> None:
    marks = pd.DataFrame(
        {"journey_id": [f"j{n}" for n in range(29)], "episode_no": 1, "friction": "return", "first_step_no": 1}
    )
    assert friction_rows(_episodes(80), marks, {"support": 30}, ["all"], reader) == []
