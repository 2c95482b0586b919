from __future__ import annotations

import pandas as pd
import pytest
from pydantic import ValidationError

from journey_mining.project.settings import ScoreSettings
from journey_mining.scoring.answers import answer_metrics, customer_votes, write_answer_directions
from support import given, rows_of

COLUMNS = ["event_id", "person_id", "journey_id", "segment", "stage", "kind", "value", "vote_no"]


def answers(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (f"e{n}", person, person, "smb", stage, kind, value, 0)
            for n, (person, stage, kind, value) in enumerate(rows)
        ],
        columns=COLUMNS,
    )


def named(metrics, estimand: str, segment: str, stage: str):
    return next(m for m in metrics if (m.estimand, m.segment, m.stage) == (estimand, segment, stage))


def test_one_customer_has_one_vote(reader) -> None:
    rows = [("A", "support", "text", -1.0)] * 9 + [("B", "support", "text", 1.0), ("C", "support", "text", 1.0)]
    voice = named(answer_metrics(answers(*rows), ["support"], ["all", "smb"], reader), "voice", "smb", "support")
    assert voice.estimate == pytest.approx(1 / 3)
    assert (voice.customer_count, voice.event_count) == (3, 11)
    assert (voice.interval_low, voice.interval_high) == (-1.0, 1.0)


def test_ratings_say_which_questions_they_mix(reader) -> None:
    table = answers(("A", "support", "nps", 0.5), ("B", "support", "csat", -0.5), ("B", "support", "text", 1.0))
    rating = named(answer_metrics(table, ["support"], ["all"], reader), "rating", "all", "support")
    assert rating.estimate == pytest.approx(0.0)
    assert rating.flags == ("small", "thin", "nps", "csat")


def test_every_kind_of_answer_names_itself(reader) -> None:
    kinds = ("nps", "csat", "ces", "review", "call_rating")
    table = answers(*((str(n), "support", kinds[n % 5], n / 40) for n in range(40)))
    assert named(answer_metrics(table, ["support"], ["all"], reader), "rating", "all", "support").flags == kinds


def test_customers_who_all_say_the_same_give_no_interval(reader) -> None:
    table = answers(*((str(n), "support", "csat", 0.1) for n in range(40)))
    rating = named(answer_metrics(table, ["support"], ["all"], reader), "rating", "all", "support")
    assert (rating.interval_low, rating.interval_high, rating.flags) == (None, None, ("thin", "csat"))


def test_silence_is_not_a_neutral_voice(reader) -> None:
    voice = named(answer_metrics(answers(), ["support"], ["all"], reader), "voice", "all", "support")
    assert voice.estimate is None
    assert voice.customer_count == 0


def test_a_voice_outside_of_stages_counts_for_the_whole_only(reader) -> None:
    metrics = answer_metrics(answers(("A", "", "text", 0.5)), ["support"], ["all"], reader)
    assert named(metrics, "voice", "all", "").estimate == 0.5
    assert named(metrics, "voice", "all", "support").estimate is None


def test_a_month_of_complaints_is_one_vote_among_a_customer_s_others() -> None:
    rows = answers(*[("A", "support", "text", -1.0)] * 9, ("A", "support", "text", 1.0), ("A", "renewal", "text", 0.5))
    rows.loc[9, "vote_no"] = 3
    assert customer_votes(rows[rows["stage"] == "support"]).tolist() == [0.0]
    assert customer_votes(rows).tolist() == [pytest.approx(0.5 / 3)]


def test_each_kind_of_question_has_a_number_of_its_own(reader) -> None:
    metrics = answer_metrics(
        answers(("A", "support", "nps", 0.5), ("B", "support", "ces", -0.5)), ["support"], ["all"], reader
    )
    assert {m.estimand: m.estimate for m in metrics if m.stage and m.estimate is not None} == {
        "rating": 0.0,
        "rating_nps": 0.5,
        "rating_ces": -0.5,
    }


@pytest.mark.parametrize(("declared", "signs"), [((), [1, 1, 1]), (("ces",), [-1, 1, -1]), (("desk:ces",), [-1, 1, 1])])
def test_the_good_end_of_a_scale_is_declared_for_a_question_or_for_one_source(warehouse, declared, signs) -> None:
    asked = [("desk", "ces"), ("desk", "nps"), ("form", "ces"), ("form", "pageview")]
    given(warehouse, "event", "source event_kind", asked)
    write_answer_directions(warehouse, declared)
    found = rows_of(warehouse, "answer_direction", "source kind sign")
    assert found == [(*pair, sign) for pair, sign in zip(asked, signs, strict=False)]


def test_a_question_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValidationError, match="low_is_good"):
        ScoreSettings(low_is_good=("survey:effort",))
