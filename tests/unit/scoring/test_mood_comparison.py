from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from journey_mining.scoring.episodes import with_person_no
from journey_mining.scoring.mood_comparison import mood_comparisons


def _answers(sizes: dict[str, int], means: dict[str, float]) -> pd.DataFrame:
    generator = np.random.Generator(np.random.PCG64(5))
    segment = np.repeat(list(sizes), list(sizes.values()))
    frame = pd.DataFrame(
        {
            "person_id": [f"p{number:04}" for number in range(len(segment))],
            "segment": segment,
            "stage": "support",
            "kind": "text",
            "vote_no": 0,
            "value": generator.normal([means[name] for name in segment], 0.3).clip(-1, 1),
        }
    )
    return with_person_no(frame)


def test_means_of_two_segments_are_compared_as_statsmodels_does(reader) -> None:
    frame = _answers({"smb": 80, "corp": 40}, {"smb": -0.2, "corp": 0.1})
    row = next(r for r in mood_comparisons(frame, ["support"], ["all", "smb", "corp"], reader) if r.stage)
    sides = [DescrStatsW(frame.loc[frame["segment"] == name, "value"]) for name in ("smb", "corp")]
    oracle = CompareMeans(*sides)
    assert (row.n_a, row.n_b, row.method, row.flags) == (80, 40, "welch", "")
    assert (row.difference_low, row.difference_high) == pytest.approx(oracle.tconfint_diff(usevar="unequal"))
    assert row.p_value == pytest.approx(oracle.ttest_ind(usevar="unequal")[1])


def test_a_customer_has_one_vote_in_a_comparison(reader) -> None:
    frame = _answers({"smb": 40, "corp": 40}, {"smb": 0.0, "corp": 0.0})
    twice = pd.concat([frame, frame[frame["segment"] == "smb"]])
    once, again = ([r.p_value for r in mood_comparisons(rows, [], ["smb", "corp"], reader)] for rows in (frame, twice))
    assert once == pytest.approx(again)


def test_a_side_where_all_sound_alike_has_no_test(reader) -> None:
    frame = _answers({"smb": 40, "corp": 40}, {"smb": 0.0, "corp": 0.0})
    frame.loc[frame["segment"] == "corp", "value"] = 0.5
    row = next(iter(mood_comparisons(frame, [], ["smb", "corp"], reader)))
    assert (row.p_value, row.difference_low, row.flags) == (None, None, "thin")


def test_few_who_wrote_are_compared_with_nobody(reader) -> None:
    frame = _answers({"smb": 40, "corp": 9}, {"smb": 0.0, "corp": 0.0})
    assert list(mood_comparisons(frame, ["support"], ["smb", "corp"], reader)) == []
