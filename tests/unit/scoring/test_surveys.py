from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from journey_mining.scoring.surveys import net_promoters, survey_metrics
from journey_mining.vocabulary import Estimand


def _answers(kind: str, scores: list[float], best: float) -> pd.DataFrame:
    norm = [score / best if kind == "nps" else (score - 1) / (best - 1) for score in scores]
    return pd.DataFrame(
        {
            "journey_id": [f"j{n}" for n in range(len(scores))],
            "person_no": np.arange(len(scores)),
            "segment": "smb",
            "kind": kind,
            "value": [2 * value - 1 for value in norm],
        }
    )


def test_five_promoters_and_two_detractors_of_ten() -> None:
    answers = _answers("nps", [10, 9, 9, 10, 9, 8, 7, 7, 6, 0], 10)
    score, error = net_promoters(answers["value"].to_numpy(), np.arange(10))
    assert (100 * score, error) == pytest.approx((30, math.sqrt((0.7 - 0.09) / 10)))
    assert error == pytest.approx(0.2470, abs=1e-4)


def test_numbers_of_a_segment(reader) -> None:
    answers = pd.concat([_answers("nps", [10, 6, 8, 0], 10), _answers("csat", [5, 4, 3, 1], 5)])
    rows = {row.estimand: row for row in survey_metrics(answers, ["smb"], reader)}
    assert rows[Estimand.NPS].estimate == pytest.approx(-25)
    assert rows[Estimand.PROMOTERS].estimate == pytest.approx(0.25)
    assert rows[Estimand.CSAT_SHARE].estimate == pytest.approx(0.5)
    assert rows[Estimand.NPS].interval_low >= -100


def test_answers_of_one_customer_are_not_independent() -> None:
    values = np.array([1.0, -1.0, 0.5, 1.0])
    single = net_promoters(values, np.arange(4))[1]
    assert net_promoters(np.repeat(values, 3), np.repeat(np.arange(4), 3))[1] == pytest.approx(single)


def test_equal_answers_and_no_answers_have_no_interval(reader) -> None:
    alike = survey_metrics(_answers("nps", [10] * 40, 10), ["smb"], reader)[0]
    assert (alike.estimate, alike.interval_low, alike.flags) == (100, None, ("thin",))
    assert survey_metrics(_answers("csat", [5], 5), ["smb"], reader)[0].estimate is None
