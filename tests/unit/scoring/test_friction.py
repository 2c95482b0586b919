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


def test_who_waited_long_is_compared_with_who_stayed_as_long(reader) -> None:
    episodes = _episodes(120)
    number = episodes["person_no"]
    # a third left right after the step, all of them on their way on
    episodes["outwaited_step_count"] = np.where(number % 3 == 0, 0, 3)
    episodes["cause"] = np.where((number % 3 != 0) & (number % 2 == 0), "lost", "progress")
    waited = [f"j{n}" for n in range(120) if n % 3 == 1]
    marks = pd.DataFrame({"journey_id": waited, "episode_no": 1, "friction": "long_wait", "first_step_no": 1})
    row = friction_rows(episodes, marks, {"support": 30}, ["all"], reader)[0]
    assert (row["lost_share"], row["other_lost_share"], row["loss_ratio"]) == (0.5, 0.5, 1.0)


def test_for_everybody_only_customers_of_one_segment_are_compared(reader) -> None:
    episodes = _episodes(400)
    number = episodes["person_no"]
    # one segment loses half and meets it often, the other loses a fifth and meets it seldom
    episodes["segment"] = np.where(number < 200, "smb", "corp")
    episodes["cause"] = np.where(np.where(number < 200, number % 2 == 0, number % 5 == 0), "lost", "progress")
    met = (number < 200) & (number % 20 < 10) | (number >= 200) & (number % 20 < 5)
    marks = pd.DataFrame({"journey_id": episodes["journey_id"][met], "episode_no": 1, "friction": "loop"})
    row = friction_rows(episodes, marks.assign(first_step_no=1), {"support": 30}, ["all"], reader)[0]
    assert row["loss_ratio"] == pytest.approx(1.0)
