from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey_mining.scoring.answer_waits import BIN_EDGES, answer_wait_metrics, joined_bins, wait_bin_table
from journey_mining.vocabulary import Estimand


def waits(days: list[float], *, is_open: int = 0) -> pd.DataFrame:
    """Waits of as many customers; the last `is_open` of them are not answered."""
    count = len(days)
    return pd.DataFrame(
        {
            "journey_id": [f"j{n}" for n in range(count)],
            "person_no": np.arange(count),
            "segment": "smb",
            "stage": "support",
            "time_days": days,
            "delay_days": 0.0,
            "followed_days": 30.0,
            "state": ["answered"] * (count - is_open) + ["open"] * is_open,
        }
    )


def numbers(frame: pd.DataFrame, reader, *, is_told: bool = True) -> dict[str, float | None]:
    rows = answer_wait_metrics(frame, ["support"], ["smb"], reader, is_told=is_told)
    return {row.estimand: row.estimate for row in rows}


def test_unanswered_messages_lengthen_the_median(reader) -> None:
    found = numbers(waits([0.1, 0.2, 0.3, 20.0, 20.0], is_open=2), reader)
    assert found[Estimand.ANSWER_WAIT_MEDIAN] == pytest.approx(0.3)
    assert found[Estimand.ANSWER_WAIT_Q90] is None


def test_an_answer_after_a_week_is_none_in_time(reader) -> None:
    found = numbers(waits([0.5] * 30 + [9.0] * 10 + [20.0] * 10, is_open=10), reader)
    assert found[Estimand.ANSWERED_SHARE] == pytest.approx(0.6)


def test_where_no_source_tells_answers_nothing_is_estimated(reader) -> None:
    assert set(numbers(waits([0.5] * 30), reader, is_told=False).values()) == {None}


def test_bins_hold_all_answered_waits_and_no_small_group(reader) -> None:
    frame = waits([0.005] * 4 + [0.02] * 40 + [0.1] * 3 + [0.3] * 20 + [1.5] * 12 + [9.0] * 5 + [20.0] * 6, is_open=6)
    rows = wait_bin_table(frame, ["support"], ["smb"], reader).to_pylist()
    assert [row["customer_count"] for row in rows] == [44, 23, 0, 17]
    assert sum(row["wait_share"] for row in rows) == pytest.approx(1.0)
    assert (rows[0]["from_days"], rows[-1]["until_days"]) == (0.0, None)


def test_few_waits_have_no_histogram(reader) -> None:
    assert wait_bin_table(waits([0.5] * 29), ["support"], ["smb"], reader).num_rows == 0


@given(st.lists(st.integers(0, len(BIN_EDGES)), min_size=30, max_size=200), st.integers(1, 40))
def test_joined_bins_tile_the_scale_and_hold_nobody_or_enough(places: list[int], people: int) -> None:
    who, where = np.arange(len(places)) % max(people, 10), np.array(places)
    bins = joined_bins(who, where, 10)
    held = [len(set(who[(where >= a) & (where <= b)])) for a, b in bins]
    assert (bins[0][0], bins[-1][1]) == (0, len(BIN_EDGES))
    assert all(b + 1 == c for (_, b), (c, _) in pairwise(bins))
    assert all(n == 0 or n >= 10 for n in held)
