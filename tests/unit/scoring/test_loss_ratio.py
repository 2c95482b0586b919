from __future__ import annotations

import math

import numpy as np
import pytest
from statsmodels.stats.contingency_tables import StratifiedTable

from journey_mining.scoring.differences import score_z, two_sided
from journey_mining.scoring.loss_ratio import NEVER, loss_ratio

Z = 1.959963984540054


def _all_alone(count: int) -> np.ndarray:
    return np.arange(count)


def test_met_at_the_first_step_it_is_the_ratio_of_two_shares() -> None:
    met = (np.arange(200) < 100).astype(np.int64)
    lost = np.concatenate([np.arange(100) < 30, np.arange(100) < 10]).astype(float)
    found = loss_ratio(met, np.full(200, 7), lost, _all_alone(200), Z, small=1)
    spread = Z * math.sqrt(0.7 / 30 + 0.9 / 10)
    assert found.ratio == pytest.approx(3.0)
    assert (found.lost_with, found.lost_without) == pytest.approx((0.3, 0.1))
    assert (found.low, found.high) == pytest.approx((3 * math.exp(-spread), 3 * math.exp(spread)))


def test_no_ratio_where_a_side_is_empty_or_loses_nobody_or_everybody() -> None:
    met, steps = np.array([1, 1, NEVER, NEVER]), np.array([1, 1, 1, 1])
    for lost in ([1, 0, 0, 0], [1, 0, 1, 1], [1, 1, 1, 0], [1, 1, 1, 1]):
        assert loss_ratio(met, steps, np.array(lost, float), _all_alone(4), Z, small=1) is None
    assert loss_ratio(met, steps, np.array([1.0, 0, 1, 0]), _all_alone(4), Z, small=1) is not None
    assert loss_ratio(np.ones(4, np.int64), steps, np.array([1.0, 0, 1, 0]), _all_alone(4), Z, small=1) is None
    nothing = np.array([], np.int64)
    assert loss_ratio(nothing, nothing, np.array([]), _all_alone(0), Z, small=1) is None


def test_the_sides_that_are_really_compared_hold_enough_customers() -> None:
    met = np.where(np.arange(60) < 30, 5, NEVER)
    # all but nine of those who met it did so with their very last step or later
    steps = np.where((np.arange(60) >= 9) & (np.arange(60) < 30), 4, 6)
    lost = (np.arange(60) % 2).astype(float)
    assert loss_ratio(met, steps, lost, _all_alone(60), Z, small=10) is None
    assert loss_ratio(met, steps, lost, _all_alone(60), Z, small=9) is not None


def test_each_is_compared_with_those_who_had_come_as_far() -> None:
    # met at step 3 by two, one lost; of the four others only two have three steps, and one of those is lost
    met = np.array([3, 3, NEVER, NEVER, NEVER, NEVER])
    steps = np.array([4, 4, 3, 5, 1, 2])
    lost = np.array([1.0, 0.0, 1.0, 0.0, 1.0, 1.0])
    found = loss_ratio(met, steps, lost, _all_alone(6), Z, small=1)
    assert (found.ratio, found.lost_with, found.lost_without) == (1.0, 0.5, 0.5)


def test_what_comes_with_the_end_itself_is_not_met() -> None:
    met, steps = np.array([3, 2, 2, NEVER, NEVER]), np.array([2, 2, 2, 2, 2])
    lost = np.array([1.0, 1.0, 0.0, 1.0, 0.0])
    found = loss_ratio(met, steps, lost, _all_alone(5), Z, small=1)
    assert (found.lost_with, found.lost_without) == (0.5, pytest.approx(2 / 3))


def _life(count: int, seed: int, *, effect: float = 1.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Steps, where friction is met, losses: long stays are lost more often, and friction comes with steps."""
    draw = np.random.Generator(np.random.PCG64(seed))
    is_slow = draw.random(count) < 0.5
    steps = draw.geometric(np.where(is_slow, 0.1, 0.4))
    met = draw.geometric(0.08, count)
    met = np.where(met <= steps, met, NEVER)
    lost = draw.random(count) < np.where(is_slow, 0.5, 0.2) * np.where(met != NEVER, effect, 1.0)
    return met, steps, lost.astype(float)


def test_it_is_the_mantel_haenszel_ratio_of_a_library() -> None:
    met, steps, lost = _life(3000, 3)
    tables = []
    for k in range(1, int(steps.max()) + 1):
        with_it = met == k
        without = (steps >= k) & ((met == NEVER) | (met > k))
        if with_it.any() and without.any():
            tables.append(
                [
                    [lost[with_it].sum(), (1 - lost[with_it]).sum()],
                    [lost[without].sum(), (1 - lost[without]).sum()],
                ]
            )
    found = loss_ratio(met, steps, lost, _all_alone(3000), Z, small=1)
    assert found.ratio == pytest.approx(StratifiedTable([np.array(t) for t in tables]).riskratio_pooled)


def test_it_finds_nothing_where_only_the_length_of_the_stay_matters() -> None:
    hits, plain = 0, []
    for seed in range(200):
        met, steps, lost = _life(1500, seed)
        found = loss_ratio(met, steps, lost, _all_alone(1500), Z, small=1)
        hits += found.low <= 1 <= found.high
        plain.append(lost[met != NEVER].mean() / lost[met == NEVER].mean())
    assert np.mean(plain) > 1.2  # what comparing with everybody else would say
    assert 0.90 <= hits / 200 <= 0.99


def test_an_effect_that_is_there_is_found() -> None:
    met, steps, lost = _life(20000, 1, effect=1.6)
    found = loss_ratio(met, steps, lost, _all_alone(20000), Z, small=1)
    # drawn towards 1: some of those who had not met it yet met it later
    assert 1.2 < found.low < found.ratio < 1.6
    assert found.p_value < 1e-6


def test_few_who_are_nearly_all_lost_are_sure_of_nothing() -> None:
    # 26 of 28 against 368 of 480: by its own variance the first share would be far too sure
    met = (np.arange(508) < 28).astype(np.int64)
    lost = np.concatenate([np.arange(28) < 26, np.arange(480) < 368]).astype(float)
    found = loss_ratio(met, np.ones(508, np.int64), lost, _all_alone(508), Z, small=1)
    alone = math.sqrt(2 / 28 / 26 + 112 / 480 / 368)
    assert two_sided(math.log(found.ratio) / alone) < 0.002
    assert found.p_value == pytest.approx(two_sided(score_z(26, 28, 368, 480)), abs=0.03)
    assert found.low < 1


def test_few_with_a_common_loss_are_rarely_called_different() -> None:
    draw = np.random.Generator(np.random.PCG64(9))
    met = (np.arange(500) < 30).astype(np.int64)
    found = [
        loss_ratio(met, np.ones(500, np.int64), (draw.random(500) < 0.85).astype(float), _all_alone(500), Z, small=1)
        for _ in range(2000)
    ]
    p_values = np.array([one.p_value for one in found if one])
    assert (p_values < 0.01).mean() <= 0.012


def test_only_those_of_one_group_are_compared() -> None:
    group = np.repeat([0, 1], 200)
    share = np.where(group == 0, 0.5, 0.2)
    met = (np.arange(400) % 20 < np.where(group == 0, 10, 5)).astype(np.int64)
    lost = (np.arange(400) % 10 < share * 10).astype(float)
    together, apart = (
        loss_ratio(met, np.ones(400, np.int64), lost, _all_alone(400), Z, small=1, group=one) for one in (None, group)
    )
    tables = [
        [[lost[rows & (met == 1)].sum(), (1 - lost[rows & (met == 1)]).sum()],
         [lost[rows & (met == 0)].sum(), (1 - lost[rows & (met == 0)]).sum()]]
        for rows in (group == 0, group == 1)
    ]  # fmt: skip
    assert apart.ratio == pytest.approx(StratifiedTable([np.array(table) for table in tables]).riskratio_pooled)
    assert together.ratio != pytest.approx(apart.ratio)


def test_customers_with_several_episodes_widen_the_interval() -> None:
    met, steps, lost = (np.repeat(part, 4) for part in _life(500, 2))
    alone = loss_ratio(met, steps, lost, _all_alone(2000), Z, small=1)
    clustered = loss_ratio(met, steps, lost, np.repeat(np.arange(500), 4), Z, small=1)
    assert math.log(clustered.high / clustered.low) == pytest.approx(2 * math.log(alone.high / alone.low))
