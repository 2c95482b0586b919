from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from journey_mining.scoring.removal_effect_chain import START, solve_chain
from journey_mining.scoring.what_if_model import Change, fewer_lost, stage_chain, what_if, won_within
from journey_mining.scoring.what_if_table import Observed, effect_rows, model_row, transition_rows

WON, LOST = "journey_end:won", "journey_end:lost"
COLUMNS = ["journey_id", "episode_no", "person_id", "stage", "next_stage", "time_days", "delay_days"]


def sojourns(*ways: tuple[str, str | None, float, int]) -> pd.DataFrame:
    """Stays (stage, next stage, days) of so many customers each; every journey starts in stage a."""
    rows = [
        (f"j{way}-{n}", 1, f"p{way}-{n}", stage, following, days, 0.0)
        for way, (stage, following, days, count) in enumerate(ways)
        for n in range(count)
    ]
    rows += [(row[0], 0, row[2], "journey_start", "a", 0.0, 0.0) for row in rows if row[3] == "a"]
    return pd.DataFrame(rows, columns=COLUMNS)


# A: to B .6, lost .4, 5 days; B: to A .2, won .5, lost .3, 10 days
WORKED = sojourns(
    ("a", "b", 5, 600), ("a", LOST, 5, 400), ("b", "a", 10, 200), ("b", WON, 10, 500), ("b", LOST, 10, 300)
)


def chain(frame: pd.DataFrame = WORKED):
    fitted = stage_chain(frame, ["a", "b"], small=10, seed=1)
    assert fitted is not None
    return fitted


def test_the_worked_chain_by_hand() -> None:
    fitted = chain()
    assert fitted.chain.won[0, START] == pytest.approx(0.3409, abs=5e-5)
    assert fitted.chain.days[0] == pytest.approx(12.5)


def test_ten_points_of_a_loss_that_are_won_instead() -> None:
    # 10 of the 30 points lost in b go to won: .3409 -> .4091
    transition = np.array([[[0, 1, 0, 0, 0], [0, 0, 0.6, 0, 0.4], [0, 0.2, 0, 0.6, 0.2]]])
    assert solve_chain(transition, np.zeros((1, 3))).won[0, 0] == pytest.approx(0.4091, abs=5e-5)


def test_freed_losses_go_where_the_others_go() -> None:
    changed = fewer_lost(np.array([[0.0, 0.2, 0.0, 0.5, 0.3]]), 4, 1 / 3)
    assert changed[0].tolist() == pytest.approx([0, 0.2 * 8 / 7, 0, 0.5 * 8 / 7, 0.2])


def test_a_stage_that_only_loses_cannot_be_helped() -> None:
    assert fewer_lost(np.array([[0.0, 0.0, 1.0]]), 2, 0.5).tolist() == [[0, 0, 1]]


@examples(st.lists(st.floats(0.01, 1), min_size=3, max_size=6), st.floats(0, 1))
def test_shares_still_add_up_and_losses_shrink_as_told(weights: list[float], share: float) -> None:
    shares = np.array([weights]) / sum(weights)
    changed = fewer_lost(shares, len(weights) - 1, share)
    assert changed.sum() == pytest.approx(1)
    assert changed[0, -1] == pytest.approx(shares[0, -1] * (1 - share))


def test_no_change_changes_nothing() -> None:
    outcome = what_if(chain(), [Change(stage="b")], z=1.645)
    assert (outcome.won_change, outcome.won_low, outcome.won_high, outcome.days_change) == (0, 0, 0, 0)


def test_fewer_lost_means_more_won_with_an_interval() -> None:
    outcome = what_if(chain(), [Change(stage="b", fewer_lost=0.5)], z=1.645)
    # b: to a .2 * .85/.7, won .5 * .85/.7
    onward = 0.85 / 0.7
    expected = 0.6 * 0.5 * onward / (1 - 0.6 * 0.2 * onward)
    assert outcome.won_change == pytest.approx(expected - 0.3 / 0.88)
    assert 0 < outcome.won_low < outcome.won_change < outcome.won_high


def test_a_shorter_stay_saves_its_days() -> None:
    outcome = what_if(chain(), [Change(stage="a", shorter_stay=0.5)], z=1.645)
    assert outcome.days_change == pytest.approx(-2.5 / 0.88)
    assert outcome.won_change == pytest.approx(0)


def test_the_share_won_within_days_follows_the_clock() -> None:
    fitted = chain()
    assert won_within(fitted, 14) == 0
    assert won_within(fitted, 15) == pytest.approx(0.3)
    assert won_within(fitted, 30) == pytest.approx(0.3 + 0.6 * 0.2 * 0.3)
    assert won_within(fitted, 400) == pytest.approx(0.3 / 0.88, abs=1e-6)


def test_ways_of_few_customers_are_not_told() -> None:
    frame = pd.concat([WORKED, sojourns(("b", "c", 3, 9))])
    told = transition_rows(chain(frame), segment="all")
    assert {(row["stage"], row["next_stage"]) for row in told} == {
        ("journey_start", "a"),
        ("a", "b"),
        ("a", LOST),
        ("b", "a"),
        ("b", WON),
        ("b", LOST),
    }
    assert min(int(str(row["customer_count"])) for row in told) >= 10


def test_a_chain_that_misses_what_was_observed_is_not_usable() -> None:
    near, far = (Observed(share=share, low=0.2, high=0.4, horizon_days=400) for share in (0.33, 0.38))
    assert model_row(chain(), near, segment="all", customers=1000)["is_usable"]
    row = model_row(chain(), far, segment="all", customers=1000)
    assert (row["is_usable"], row["reason"]) == (False, "misses_observed")
    assert "34.1%" in str(row["reason_en"])


def test_no_start_that_was_seen_means_no_chain() -> None:
    frame = WORKED[WORKED["stage"] != "journey_start"]
    assert stage_chain(frame, ["a", "b"], small=10, seed=1) is None
    assert model_row(None, None, segment="all", customers=50)["reason"] == "no_estimate"


def test_a_target_that_no_segment_reaches_is_flagged() -> None:
    better = sojourns(("a", "b", 5, 680), ("a", LOST, 5, 320), ("b", WON, 10, 700), ("b", LOST, 10, 300))
    rows = effect_rows({"smb": chain(), "corp": chain(better)}, ["smb"], thin=30)
    flags = {row["drop_off_change"]: row["flags"] for row in rows if row["stage"] == "a"}
    assert [share for share, flag in flags.items() if not flag] == [-0.05, -0.1, -0.15, -0.2]
    assert set(flags.values()) == {"", "beyond_spread"}
    assert {row["segment"] for row in rows} == {"smb"}
    assert rows[0]["largest_change"] == pytest.approx(-0.2)


def test_a_loss_too_small_to_tell_is_not_played_with() -> None:
    frame = sojourns(("a", "b", 5, 600), ("a", LOST, 5, 9), ("b", WON, 10, 600))
    rows = effect_rows({"all": chain(frame)}, ["all"], thin=30)
    assert {(row["flags"], row["won_change"]) for row in rows} == {("loss_hidden", None)}
