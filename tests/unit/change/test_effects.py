from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from journey_mining.change.effects import (
    Sample,
    before_after,
    control_limit,
    difference_in_differences,
    interrupted_series,
    placebo_effects,
    pre_trend,
)


def sample(early: int, late: int, *, of: int = 1000, first: int = 0, start: int = 10) -> Sample:
    happened = np.concatenate([np.arange(of) < early, np.arange(of) < late])
    return Sample(day=np.repeat([start - 1, start], of), happened=happened, person=first + np.arange(2 * of))


def random_sample(share: float, seed: int, *, days: int = 140, lift: float = 0.0, people: int = 4000) -> Sample:
    generator = np.random.Generator(np.random.PCG64(seed))
    day = generator.integers(0, days, people)
    happened = generator.random(people) < share + lift * (day >= 100)
    return Sample(day=day, happened=happened, person=seed * 10_000 + generator.integers(0, people // 2, people))


def test_the_limit_of_a_p_chart() -> None:
    assert control_limit(0.2, 400) == pytest.approx(0.26)


def test_difference_in_differences_of_four_thousand_customers() -> None:
    effect = difference_in_differences(sample(500, 600), sample(500, 540, first=9000), 10)
    assert effect is not None
    assert (effect.estimate, effect.error) == (pytest.approx(0.06), pytest.approx(0.0314, abs=1e-4))
    assert effect.detectable == pytest.approx(2.8 * effect.error)


def test_the_error_is_that_of_a_clustered_regression() -> None:
    treated, control = random_sample(0.5, 1, lift=0.1), random_sample(0.4, 2)
    effect = difference_in_differences(treated, control, 100)
    assert effect is not None
    late = np.concatenate([treated.day, control.day]) >= 100
    own = np.repeat([1, 0], [len(treated.day), len(control.day)])
    design = sm.add_constant(np.column_stack([own, late, own * late]).astype(float))
    groups = np.concatenate([treated.person, control.person])
    fit = sm.OLS(np.concatenate([treated.happened, control.happened]).astype(float), design).fit(
        cov_type="cluster", cov_kwds={"groups": groups, "use_correction": False}
    )
    assert (effect.estimate, effect.error) == (pytest.approx(fit.params[3]), pytest.approx(fit.bse[3]))


def test_an_interrupted_series_agrees_with_statsmodels() -> None:
    generator = np.random.Generator(np.random.PCG64(3))
    values = 0.4 + 0.01 * np.arange(30) + 0.1 * (np.arange(30) >= 18) + generator.normal(0, 0.02, 30)
    design = np.column_stack([np.ones(30), np.arange(30), np.arange(30) >= 18]).astype(float)
    fit = sm.OLS(values, design).fit(cov_type="HAC", cov_kwds={"maxlags": 4, "use_correction": False})
    effect = interrupted_series(values, 18)
    assert (effect.estimate, effect.error) == (pytest.approx(fit.params[2]), pytest.approx(fit.bse[2]))


def test_two_sides_that_drift_apart_are_not_parallel() -> None:
    steady, other = random_sample(0.5, 4), random_sample(0.5, 5)
    drifting = Sample(
        day=other.day,
        happened=np.random.Generator(np.random.PCG64(6)).random(4000) < 0.2 + 0.005 * other.day,
        person=other.person,
    )
    calm, apart = (pre_trend(steady, side, 98, period=14, periods=7) for side in (other, drifting))
    assert calm is not None
    assert apart is not None
    assert (calm > 0.05, apart < 0.001) == (True, True)


def test_dates_at_which_nothing_began_have_no_effect() -> None:
    found = [
        effect.p_value < 0.05
        for seed in range(40)
        for effect in placebo_effects(
            random_sample(0.5, 2 * seed), random_sample(0.5, 2 * seed + 1), 98, period=14, periods=7
        )
    ]
    assert len(found) == 160
    assert np.mean(found) <= 0.1


def test_an_empty_side_has_no_effect() -> None:
    assert before_after(sample(5, 5), 99) is None
