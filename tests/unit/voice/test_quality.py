"""Measures of labels told against labels known, each against another way to compute it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import mannwhitneyu
from statsmodels.stats.proportion import proportion_confint

from journey_mining.voice.quality import (
    area_under_curve,
    calibration_error,
    confusion,
    macro_f1,
    macro_f1_gain,
    macro_f1_interval,
    told_labels,
)

LABELS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=60)


@given(LABELS)
def test_macro_f1_is_the_mean_of_harmonic_means_of_precision_and_recall(pairs):
    known, told = (np.array(side) for side in zip(*pairs, strict=True))
    scores = []
    for label in set(known.tolist()):
        hits = ((known == label) & (told == label)).sum()
        precision = hits / max((told == label).sum(), 1)
        recall = hits / (known == label).sum()
        scores.append(2 * precision * recall / (precision + recall) if hits else 0.0)
    assert macro_f1(known, told) == pytest.approx(np.mean(scores))


@given(LABELS)
def test_the_intervals_of_a_confusion_are_those_of_clopper_and_pearson(pairs):
    known, told = (np.array(side) for side in zip(*pairs, strict=True))
    found = confusion(known, told)
    assert found.counts.sum() == len(pairs)
    for row in range(3):
        total = int(found.counts[row].sum())
        for column in range(3):
            if not total:
                assert np.isnan(found.low[row, column])
                continue
            low, high = proportion_confint(int(found.counts[row, column]), total, method="beta")
            assert (found.low[row, column], found.high[row, column]) == pytest.approx((low, high))


@given(st.lists(st.tuples(st.booleans(), st.integers(-5, 5)), min_size=2, max_size=50))
def test_the_area_under_the_curve_is_mann_and_whitneys(pairs):
    negative, score = (np.array(side) for side in zip(*pairs, strict=True))
    if negative.all() or not negative.any():
        assert np.isnan(area_under_curve(negative, score.astype(float)))
        return
    hits = mannwhitneyu(-score[negative], -score[~negative]).statistic
    expected = hits / (negative.sum() * (~negative).sum())
    assert area_under_curve(negative, score.astype(float)) == pytest.approx(expected)


def test_the_calibration_error_is_the_gap_of_confidence_and_truth():
    probabilities = np.array([[0.8, 0.2, 0.0]] * 4 + [[np.nan] * 3])
    assert calibration_error(np.array([0, 0, 1, 1, 2]), probabilities) == pytest.approx(0.3)


def test_what_is_not_scored_counts_as_neutral_and_unknown_labels_are_never_told():
    probabilities = np.array([[0.1, 0.7, 0.2], [np.nan] * 3])
    assert told_labels(probabilities, np.array([0, 1, 2])).tolist() == [1, 1]
    assert told_labels(probabilities[:1], np.array([0, 2])).tolist() == [2]


def test_texts_of_one_customer_make_an_interval_no_narrower():
    chance = np.random.default_rng(1)
    known = chance.integers(0, 3, 30)
    told = np.where(chance.random(30) < 0.7, known, chance.integers(0, 3, 30))
    alone = macro_f1_interval(known, told, np.arange(30))
    repeated = macro_f1_interval(np.repeat(known, 10), np.repeat(told, 10), np.repeat(np.arange(30), 10))
    assert repeated.estimate == pytest.approx(alone.estimate)
    assert (repeated.low, repeated.high) == pytest.approx((alone.low, alone.high), abs=0.03)


def test_a_gain_is_sure_where_every_text_gained_and_nought_where_nothing_changed():
    known = np.array([0, 1, 2] * 10)
    wrong = (known + 1) % 3
    gain, better = macro_f1_gain(known, wrong, known, np.arange(30))
    assert (gain.estimate, gain.low, better) == (1.0, 1.0, 1.0)
    none, better = macro_f1_gain(known, known, known, np.arange(30))
    assert (none.low, none.high, better) == (0.0, 0.0, 0.0)
