from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from journey_mining.scoring.common_steps import common_steps
from journey_mining.scoring.comparison import REST, comparison_table, journey_comparisons, pairs_of, stage_comparisons
from journey_mining.scoring.intervals import clustered_wilson
from journey_mining.scoring.metric import Metric
from journey_mining.vocabulary import Estimand


def _episodes(sizes: dict[str, int], lost: dict[str, float], seed: int = 1) -> pd.DataFrame:
    rng = np.random.Generator(np.random.PCG64(seed))
    segment = np.repeat(list(sizes), list(sizes.values()))
    is_lost = rng.random(len(segment)) < np.array([lost[name] for name in segment])
    return pd.DataFrame(
        {
            "journey_id": [f"j{n}" for n in range(len(segment))],
            "person_no": np.arange(len(segment)),
            "segment": segment,
            "stage": "support",
            "time_days": rng.gamma(2, 4, len(segment)),
            "delay_days": 0.0,
            "followed_days": np.where(segment == "young", 20.0, 100.0),
            "cause": np.where(is_lost, "lost", "progress"),
        }
    )


SIZES = {"smb": 200, "corp": 150, "young": 60, "tiny": 6}
LOST = {"smb": 0.5, "corp": 0.2, "young": 0.2, "tiny": 0.2}


def test_every_pair_of_shown_segments_and_each_against_the_rest() -> None:
    pairs = [(p.segment_a, p.segment_b) for p in pairs_of(_episodes(SIZES, LOST), ["all", *SIZES], 10)]
    assert pairs == [("smb", "corp"), ("smb", "young"), ("corp", "young")] + [
        (s, REST) for s in ("smb", "corp", "young")
    ]


def test_of_two_segments_each_is_the_rest() -> None:
    frame = _episodes({"smb": 50, "corp": 50}, LOST)
    assert [(p.segment_a, p.segment_b) for p in pairs_of(frame, ["smb", "corp"], 10)] == [("smb", "corp")]


def _rows(frame: pd.DataFrame, reader) -> dict[tuple, dict]:
    rows = stage_comparisons(frame, "support", ["all", *SIZES], reader, wanted_days=40)
    return {(r["estimand"], r["segment_a"], r["segment_b"]): r for r in comparison_table(rows).to_pylist()}


def test_a_large_difference_is_found_and_called_relevant(reader) -> None:
    row = _rows(_episodes(SIZES, LOST), reader)["drop_off", "smb", "corp"]
    assert row["difference"] == pytest.approx(row["estimate_a"] - row["estimate_b"])
    assert row["difference_low"] < 0.3 < row["difference_high"]
    assert row["q_value"] < 0.001
    assert (row["horizon_days"], row["method"], row["flags"]) == (40, "incidence_z", "practically_relevant")


def test_both_sides_are_read_at_what_both_were_followed(reader) -> None:
    rows = _rows(_episodes(SIZES, LOST), reader)
    assert rows["drop_off", "smb", "young"]["horizon_days"] == 20
    assert "short_horizon" in rows["drop_off", "smb", "young"]["flags"]
    assert rows["drop_off", "smb", REST]["n_b"] == 216


def test_tempo_is_compared_apart_from_shares(reader) -> None:
    frame = _episodes(SIZES, dict.fromkeys(SIZES, 0.3))
    frame.loc[frame["segment"] == "corp", "time_days"] *= 3
    rows = _rows(frame.assign(followed_days=500.0), reader)
    assert rows["stage_dwell_median", "smb", "corp"]["q_value"] < 0.001
    assert rows["stage_dwell_median", "smb", "corp"]["z"] > 0
    assert rows["stage_dwell_median", "smb", "corp"]["method"] == "log_rank"
    assert rows["drop_off", "smb", "corp"]["q_value"] > 0.05


def test_a_side_without_losses_is_compared_by_counting(reader) -> None:
    row = _rows(_episodes(SIZES, {**LOST, "corp": 0.0}), reader)["drop_off", "smb", "corp"]
    assert (row["method"], row["estimate_b"]) == ("newcombe", 0.0)
    assert row["q_value"] < 0.001
    assert row["difference_low"] > 0.3


def test_no_difference_is_rarely_called_one(reader) -> None:
    found = []
    for seed in range(120):
        frame = _episodes({"smb": 120, "corp": 120}, {"smb": 0.3, "corp": 0.3}, seed)
        rows = stage_comparisons(frame, "support", ["smb", "corp"], reader, wanted_days=40)
        found += [row.p_value < 0.05 for row in rows if row.estimand == "drop_off"]
    assert np.mean(found) < 0.11


def test_journeys_are_compared_by_reach_goal_and_contact(reader) -> None:
    frame = _episodes({"smb": 100, "corp": 100}, LOST).drop(columns="cause")
    journeys = frame.assign(
        ending=np.where(frame["segment"] == "smb", "won", "silent"),
        is_left_uncertain=False,
        furthest_no=np.where(frame["segment"] == "smb", 2, 1),
        has_ticket=frame.index % 2 == 0,
    )
    stages = {"research": 1, "decision": 2}
    rows = journey_comparisons(journeys, stages, ["smb", "corp"], reader, wanted_days=40, has_ticket_source=True)
    found = {(row.estimand, row.stage): row.difference for row in rows}
    assert found["stage_reached", "decision"] == 1.0
    assert found["contact_rate", ""] == 0.0
    assert found["goal_reached", ""] == pytest.approx(1.0)


def _reached(segment: str, successes: int, trials: int) -> Metric:
    holds = np.arange(trials) < successes
    low, high = clustered_wilson(holds, np.arange(trials), 1.959964)
    share = successes / trials
    return Metric(
        estimand=Estimand.REACHED,
        segment=segment,
        stage="s",
        estimate=share,
        interval_low=low,
        interval_high=high,
        customer_count=trials,
    )


def test_a_common_step_needs_the_proof_of_its_worst_segment() -> None:
    cells = [_reached("a", 90, 100), _reached("b", 92, 100), _reached("c", 41, 50)]
    [row] = common_steps(cells, [], ["s"], 10)
    assert (row["kind"], row["lowest_segment"], row["lowest_share"]) == ("common", "c", 0.82)
    assert row["lowest_low"] == pytest.approx(0.692, abs=1e-3)


@pytest.mark.parametrize(
    ("difference", "q_value", "kind"), [(0.3, 0.009, "specific"), (0.05, 0.009, "different"), (0.3, 0.2, "indistinct")]
)
def test_other_steps_are_told_apart_by_what_is_proven(difference: float, q_value: float, kind: str) -> None:
    compared = {
        "estimand": "stage_reached",
        "stage": "s",
        "segment_a": "a",
        "segment_b": REST,
        "difference": difference,
        "q_value": q_value,
    }
    [row] = common_steps([_reached("a", 40, 100), _reached("b", 20, 100)], [compared], ["s"], 10)
    assert row["kind"] == kind
