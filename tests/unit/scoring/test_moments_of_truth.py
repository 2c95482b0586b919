from __future__ import annotations

import pandas as pd
import pytest

from journey_mining.scoring.moments_of_truth import moment_rows, mood_at

HOMES = {("all", "ticket"): "support", ("all", "page"): "research"}


def voices(*rows: tuple[str, str, str, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["person_id", "stage", "touchpoint", "value"])


def importance(**changes: object) -> pd.DataFrame:
    row = {
        "segment": "all", "touchpoint": "ticket", "name_ru": "Обращение", "name_en": "Ticket", "won_points": 0.1,
        "won_points_low": 0.05, "won_points_high": 0.15, "reach_share": 0.3, "customer_count": 300, "flags": "",
    }  # fmt: skip
    return pd.DataFrame([row | changes])


# 40 unhappy customers at tickets, 60 happy ones in research; small differences so that there is a spread
SAID = voices(
    *[(f"p{n}", "support", "ticket", -0.5 + 0.001 * n) for n in range(40)],
    *[(f"q{n}", "research", "", 0.5 + 0.001 * n) for n in range(60)],
)


def only(reader, **changes: object) -> dict[str, object]:
    return moment_rows(importance(**changes), SAID, HOMES, reader)[0]


def test_all_three_signs_make_a_moment_of_truth(reader) -> None:
    row = only(reader)
    assert row["is_moment_of_truth"]
    assert (row["voice_source"], row["voice_customer_count"]) == ("touchpoint", 40)
    assert row["sentence_en"].startswith("Ticket: a moment of truth")


@pytest.mark.parametrize("change", [{"won_points_low": 0.0}, {"reach_share": 0.19}, {"touchpoint": "page"}])
def test_a_missing_sign_unmakes_it_and_is_shown(reader, change) -> None:
    row = only(reader, **change)
    assert not row["is_moment_of_truth"]
    signs = [row["is_important"], row["is_low_mood"], row["is_widely_met"]]
    assert signs.count(False) == 1


def test_the_mood_of_a_touchpoint_without_texts_is_that_of_its_stage(reader) -> None:
    row = only(reader, touchpoint="page")
    assert (row["voice_source"], row["voice_mean"]) == ("stage", pytest.approx(0.5295))


def test_a_touchpoint_of_which_nobody_tells_has_no_mood(reader) -> None:
    row = only(reader, touchpoint="landing")
    assert (row["voice_source"], row["voice_mean"], row["is_low_mood"]) == ("none", None, False)


def test_one_customer_has_one_vote() -> None:
    said = voices(*[("a", "s", "t", -1.0)] * 9, ("b", "s", "u", 1.0), ("c", "s", "u", 1.0))
    mood = mood_at(said, (said["touchpoint"] == "t").to_numpy())
    assert mood is not None
    assert (mood.mean, mood.journey_mean, mood.customers) == (-1.0, pytest.approx(1 / 3), 1)


def test_texts_of_the_same_customers_are_no_independent_samples() -> None:
    rows = [(f"p{n}", "s", place, (-1.0) ** n) for n in range(40) for place in ("t", "u")]
    mood = mood_at(voices(*rows), voices(*rows)["touchpoint"].eq("t").to_numpy())
    assert mood is not None
    # everybody sounds the same at both places: the difference is 0 without error, however different people are
    assert (mood.difference, mood.error, mood.p_value) == (0.0, 0.0, None)
