"""Oracles: O-6.2 by hand, statsmodels' logistic regression, and worlds in which silence goes with mood."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given as drawn
from hypothesis import strategies as st

from journey_mining.scoring.everybody import bounds, chances, everybody, tipping_point
from journey_mining.scoring.everybody_curve import everybody_curve
from journey_mining.scoring.metric import Flag, Method
from journey_mining.scoring.mood_curve import curve_rows
from journey_mining.scoring.simultaneous import half_widths
from journey_mining.vocabulary import Estimand


def _eighty_and_twenty() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """80 waited little, 8 of them answered .5; 20 waited long, 10 of them answered -.5."""
    slow = np.repeat([0.0, 1.0], [80, 20])
    told = np.zeros(100, dtype=bool)
    told[:8] = told[80:90] = True
    return np.where(slow == 1, -0.5, 0.5), told, slow[:, None]


def test_those_who_waited_answer_more_often_and_count_for_no_more() -> None:
    value, told, traits = _eighty_and_twenty()
    assert value[told].mean() == pytest.approx(-1 / 18)
    found = everybody(value, np.ones(100, dtype=bool), told, traits)
    assert found.mean(np.ones(100, dtype=bool)) == pytest.approx(0.3, abs=1e-6)


def test_whom_nobody_asked_is_not_taken_for_silent() -> None:
    value, told, traits = _eighty_and_twenty()
    invited = told | (np.arange(100) % 2 == 0)
    found = everybody(value, invited, told & invited, traits)
    assert found.mean(np.ones(100, dtype=bool)) == pytest.approx(0.3, abs=1e-6)


def test_chances_are_those_of_statsmodels() -> None:
    rng = np.random.Generator(np.random.PCG64(3))
    design = np.column_stack([np.ones(400), rng.standard_normal((400, 3))])
    happened = rng.random(400) < 1 / (1 + np.exp(-(design @ [-1.0, 0.8, 0.0, -0.5])))
    expected = sm.GLM(happened.astype(float), design, family=sm.families.Binomial()).fit().fittedvalues
    assert chances(happened, design) == pytest.approx(expected, abs=1e-4)


def test_a_trait_that_tells_the_answering_exactly_breaks_nothing() -> None:
    trait = np.repeat([0.0, 1.0], 50)
    found = everybody(trait, np.ones(100, dtype=bool), trait == 1, trait[:, None])
    assert np.isfinite(found.score).all()


def test_nobody_answered() -> None:
    with pytest.raises(ValueError, match="nobody answered"):
        everybody(np.zeros(3), np.ones(3, dtype=bool), np.zeros(3, dtype=bool), np.zeros((3, 1)))


def test_the_correction_is_right_where_the_bare_mean_is_not_and_its_interval_holds() -> None:
    rng = np.random.Generator(np.random.PCG64(11))
    bare, covered, errors = [], [], []
    for _ in range(200):
        waits = (rng.random(600) < 0.3).astype(float)
        mood = np.clip(0.2 - 0.5 * waits + rng.normal(0, 0.3, 600), -1, 1)
        told = rng.random(600) < np.where(waits == 1, 0.5, 0.15)
        everyone = np.ones(600, dtype=bool)
        found = everybody(mood, everyone, told, waits[:, None])
        error = found.mean(everyone) - (0.2 - 0.5 * 0.3)
        half = 1.96 * found.error(everyone, np.arange(600))
        errors.append(error)
        covered.append(abs(error) <= half)
        bare.append(mood[told].mean() - 0.05)
    assert abs(np.mean(errors)) < 0.01
    assert abs(np.mean(bare)) > 0.1
    assert 0.91 < np.mean(covered) <= 0.99


def test_bounds_by_hand() -> None:
    assert bounds(0.2, 0.25) == pytest.approx((-0.7, 0.8))


@drawn(st.floats(-1, 1), st.floats(0, 1))
def test_bounds_hold_the_mean_and_stay_on_the_scale(mean: float, spoken_share: float) -> None:
    low, high = bounds(mean, spoken_share)
    assert -1 - 1e-9 <= low <= high <= 1 + 1e-9
    assert low - 1e-9 <= spoken_share * mean + (1 - spoken_share) * mean <= high + 1e-9


@drawn(st.lists(st.tuples(st.floats(-1, 1), st.floats(0, 0.99)), min_size=2, max_size=7), st.floats(0.01, 0.99))
def test_below_the_tipping_point_the_worst_stage_stays_the_worst(cells, share) -> None:
    means, covered = (np.array(column) for column in zip(*cells, strict=True))
    worst, delta = int(means.argmin()), share * tipping_point(means, covered)
    moved = means - delta * (1 - covered)
    moved[worst] = means[worst] + delta * (1 - covered[worst])
    assert moved[worst] <= moved.min() + 1e-9


def test_beyond_the_tipping_point_another_stage_may_be_worse() -> None:
    means, covered = np.array([-0.2, 0.1, 0.4]), np.array([0.5, 0.5, 0.9])
    delta = tipping_point(means, covered) + 0.01
    assert means[0] + delta * 0.5 > means[1] - delta * 0.5


def _people(count: int, *, invited: bool) -> pd.DataFrame:
    slow = np.arange(count) % 5 == 0
    told = np.where(slow, np.arange(count) % 2 == 0, np.arange(count) % 7 == 1)
    return pd.DataFrame(
        {
            "person_id": [f"p{n:03d}" for n in range(count)],
            "segment": "smb",
            "stage": "support",
            "earlier_stay_count": 1,
            "earlier_slow_count": slow.astype(int),
            "earlier_repeat_count": 0,
            "earlier_contact_count": 0,
            "earlier_reopened_count": 0,
            "earlier_text_count": 0,
            "earlier_text_mean": np.nan,
            "invited_count": int(invited),
            "reply_count": told.astype(int),
            "reply_mean": np.where(told, np.where(slow, -0.5, 0.5) + 0.1 * (np.arange(count) % 4), np.nan),
        }
    )


def test_without_invitations_there_is_no_number_of_everybody(reader) -> None:
    curve = everybody_curve(_people(300, invited=False), ["support"], ["all"], reader)
    metric = curve.metrics["all", "support"]
    assert (metric.estimate, metric.customer_count) == (None, 0)
    assert Flag.NO_INVITATIONS in metric.flags


def test_with_invitations_the_silent_are_told_by_what_is_known_of_them(reader) -> None:
    people = _people(300, invited=True)
    metric = everybody_curve(people, ["support", "renewal"], ["all", "smb"], reader).metrics["smb", "support"]
    assert metric.method == Method.AUGMENTED_WEIGHTS
    assert people["reply_mean"].mean() + 0.1 < metric.estimate
    assert metric.interval_low < metric.estimate < metric.interval_high
    assert metric.customer_count == (people["reply_count"] > 0).sum()


def test_too_few_answers_are_not_corrected_but_said_to_be_few(reader) -> None:
    metric = everybody_curve(_people(60, invited=True), ["support"], ["all"], reader).metrics["all", "support"]
    assert (metric.estimate, Flag.TOO_FEW_ANSWERS in metric.flags) == (None, True)


NOBODY = pd.DataFrame({"person_id": [], "segment": [], "stage": []})


def _rows(people: pd.DataFrame, reader, stages: list[str]) -> list[dict[str, object]]:
    curve = everybody_curve(people, stages, ["smb"], reader)
    return curve_rows(Estimand.ALL_CUSTOMERS, curve, people, NOBODY, stages, ["smb"], reader)


def test_worst_case_bounds_stand_around_what_was_said_and_not_around_the_correction(reader) -> None:
    people = _people(300, invited=True)
    [row] = _rows(people, reader, ["support"])
    said = people["reply_mean"].dropna()
    spoken_share = len(said) / len(people)
    assert row["estimate"] > said.mean() + 0.1
    assert (row["bound_low"], row["bound_high"]) == pytest.approx(bounds(said.mean(), spoken_share))
    # whatever the silent would have said, the mean of everybody lies between
    for silent in (-1.0, 1.0):
        true = (said.sum() + silent * (len(people) - len(said))) / len(people)
        assert row["bound_low"] - 1e-9 <= true <= row["bound_high"] + 1e-9


def test_the_bare_mean_of_a_stage_has_one_vote_of_each_customer(reader) -> None:
    # the same customers in two segments: two rows, one vote
    people = _people(300, invited=True)
    both = pd.concat([people, people.assign(segment="corp")], ignore_index=True)
    curve = everybody_curve(both, ["support"], ["all"], reader)
    assert curve.told_means["all", "support"] == pytest.approx(people["reply_mean"].mean())


def test_the_band_of_one_stage_is_as_wide_as_its_interval_but_for_student_s_tail(reader) -> None:
    people = _people(300, invited=True)
    [row] = _rows(people, reader, ["support"])
    told = people["reply_count"] > 0
    slow = (people["earlier_slow_count"] > 0).to_numpy(float)
    found = everybody(
        people["reply_mean"].fillna(0).to_numpy(), np.ones(300, dtype=bool), told.to_numpy(), slow[:, None]
    )
    raw = (found.score - found.score.mean()) / 300
    spread = np.sqrt(told.sum() / (told.sum() - 2))
    [half] = half_widths((raw * spread)[:, None], np.array([float(told.sum())]), 0.95)
    assert (row["band_high"] - row["band_low"]) / 2 == pytest.approx(half)
    assert row["interval_high"] - row["interval_low"] == pytest.approx(2 * reader.z * spread * np.sqrt(raw @ raw))


def test_a_small_sample_with_many_traits_is_not_surer_than_it_may_be() -> None:
    rng = np.random.Generator(np.random.PCG64(21))
    everyone, bare, widened = np.ones(60, dtype=bool), [], []
    for _ in range(400):
        traits = rng.standard_normal((60, 8))
        mood = np.clip(0.1 * traits[:, 0] + rng.normal(0, 0.3, 60), -1, 1)
        found = everybody(mood, everyone, rng.random(60) < 0.7, traits)
        error, miss = found.error(everyone, np.arange(60)), abs(found.mean(everyone))
        factor = np.sqrt(found.is_told.sum() / (found.is_told.sum() - found.parameter_count))
        widened.append(miss <= 1.96 * error)
        bare.append(miss <= 1.96 * error / factor)
    assert np.mean(bare) < np.mean(widened)
    assert np.mean(widened) > 0.9
