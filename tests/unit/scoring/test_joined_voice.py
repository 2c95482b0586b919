from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from journey_mining.scoring.joined_voice import conflicts, joined_metrics, link_of, link_table, rank_interval
from journey_mining.scoring.metric import Flag


def _pairs(count: int, *, noise: float) -> pd.DataFrame:
    rng = np.random.Generator(np.random.PCG64(4))
    texts = rng.uniform(-0.8, 0.8, count)
    ratings = np.clip(0.1 + 0.5 * texts + noise * rng.standard_normal(count), -1, 1)
    names = [f"p{n:03d}" for n in range(count)]
    return pd.DataFrame(
        {"person_id": names, "segment": "smb", "stage": "a", "text_value": texts, "answer_value": ratings}
    ).assign(is_one_telling=False)


def _answers(pairs: pd.DataFrame) -> pd.DataFrame:
    base = pairs[["person_id", "segment", "stage"]].assign(journey_id=pairs["person_id"], vote_no=0)
    texts = base.assign(kind="text", value=pairs["text_value"])
    return pd.concat([texts, base.assign(kind="nps", value=pairs["answer_value"])], ignore_index=True)


def test_the_line_and_its_error_are_those_of_statsmodels() -> None:
    pairs = _pairs(150, noise=0.3)
    link = link_of(pairs, 0.95)
    fit = sm.OLS(pairs["answer_value"], sm.add_constant(pairs["text_value"])).fit(cov_type="HC1")
    assert link.line == pytest.approx(fit.params.to_numpy())
    assert link.covariance == pytest.approx(fit.cov_params().to_numpy())
    assert link.correlation == pytest.approx(stats.spearmanr(pairs["text_value"], pairs["answer_value"]).statistic)


@pytest.mark.parametrize(
    ("count", "noise", "reason"), [(150, 0.2, "joined"), (99, 0.2, "too_few"), (150, 9, "too_weak")]
)
def test_texts_and_answers_are_joined_only_where_they_were_seen_to_go_together(count, noise, reason, reader) -> None:
    pairs = _pairs(count, noise=noise)
    link = link_of(pairs, 0.95)
    [row] = link_table(link).to_pylist()
    assert (row["reason"], row["customer_count"], row["slope"] is not None) == (reason, count, reason == "joined")
    metric = joined_metrics(_answers(pairs), link, ["a"], ["smb"], reader)[1]
    assert (metric.estimate is None, Flag.APART in metric.flags) == (reason != "joined", reason != "joined")


def test_a_text_counts_as_the_answer_it_foretells_and_who_did_both_has_one_vote(reader) -> None:
    pairs = _pairs(150, noise=0.2)
    link = link_of(pairs, 0.95)
    answers = pd.DataFrame(
        [("A", "text", 0.5), ("B", "nps", -0.5), ("C", "text", 0.5), ("C", "nps", 0.1)],
        columns=["person_id", "kind", "value"],
    ).assign(segment="smb", stage="a", vote_no=0, journey_id="j")
    foretold = link.line[0] + 0.5 * link.line[1]
    metric = joined_metrics(answers, link, ["a"], ["smb"], reader)[1]
    assert metric.estimate == pytest.approx((foretold - 0.5 + (foretold + 0.1) / 2) / 3)
    assert (metric.customer_count, metric.event_count) == (3, 4)


def test_what_the_line_is_unsure_of_widens_the_interval(reader) -> None:
    pairs = _pairs(120, noise=0.4)
    link = link_of(pairs, 0.95)
    answers = _answers(pairs).query("kind == 'text'")
    metric = joined_metrics(answers, link, ["a"], ["smb"], reader)[1]
    votes = link.line[0] + link.line[1] * pairs["text_value"].to_numpy()
    bare = stats.t.ppf(0.975, 119) * votes.std(ddof=1) / np.sqrt(120)
    assert (metric.interval_high - metric.interval_low) / 2 > bare * 1.1


def test_kind_words_beside_a_low_mark_are_a_contradiction() -> None:
    pairs = pd.DataFrame(
        [("A", 0.6, -0.5), ("A", 0.6, -1.0), ("B", 0.6, 0.0), ("C", -0.6, -1.0)],
        columns=["person_id", "text_value", "answer_value"],
    ).assign(segment="smb", stage="a")
    assert conflicts(pairs)["person_id"].tolist() == ["A"]


def test_nobody_who_did_both_is_no_error(reader) -> None:
    link = link_of(_pairs(150, noise=0.2).head(0), 0.95)
    assert (link.customers, link.correlation, link.reason) == (0, None, "too_few")


def test_a_comment_beside_its_own_score_is_no_second_telling() -> None:
    pairs = _pairs(150, noise=9)
    own = _pairs(150, noise=0.01).assign(is_one_telling=True, person_id=[f"q{n:03d}" for n in range(150)])
    link = link_of(pd.concat([pairs, own], ignore_index=True), 0.95)
    assert (link.customers, link.reason) == (150, "too_weak")
    assert link.correlation == pytest.approx(stats.spearmanr(pairs["text_value"], pairs["answer_value"]).statistic)


def test_a_comment_that_contradicts_its_own_score_is_a_contradiction_all_the_same() -> None:
    own = pd.DataFrame([("A", 0.6, -1.0)], columns=["person_id", "text_value", "answer_value"])
    assert len(conflicts(own.assign(segment="smb", stage="a", is_one_telling=True))) == 1


def test_what_joins_is_the_lower_end_of_the_interval_and_not_the_estimate() -> None:
    pairs = _pairs(120, noise=0.75)
    link = link_of(pairs, 0.95)
    [row] = link_table(link).to_pylist()
    assert row["correlation_low"] < 0.3 < row["rank_correlation"] < row["correlation_high"]
    assert row["reason"] == "too_weak"


def test_the_interval_of_the_rank_correlation_holds_it_as_often_as_it_says() -> None:
    rng = np.random.Generator(np.random.PCG64(8))
    # Spearman's correlation of two normal variables with Pearson's .6
    truth = 6 / np.pi * np.arcsin(0.6 / 2)
    held = []
    for _ in range(1000):
        first = rng.standard_normal(120)
        second = 0.6 * first + 0.8 * rng.standard_normal(120)
        low, high = rank_interval(stats.spearmanr(first, second).statistic, 120, 0.95)
        held.append(low <= truth <= high)
    assert 0.93 < np.mean(held) < 0.97
