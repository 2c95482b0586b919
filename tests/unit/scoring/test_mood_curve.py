from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from journey_mining.scoring.answers import answer_metrics
from journey_mining.scoring.intervals import student_t
from journey_mining.scoring.mood_curve import curve_rows, stage_votes, told_curve, worst_rows
from journey_mining.scoring.simultaneous import half_widths, influence_of
from journey_mining.vocabulary import Estimand

NOBODY = pd.DataFrame({"person_id": [], "segment": [], "stage": []})


def _answers(moods: dict[tuple[str, str], list[float]]) -> pd.DataFrame:
    """Texts: of each segment and stage, one by each of its first customers."""
    rows = [
        (f"{segment}{stage}{n}", f"{segment}{n:03d}", f"{segment}{n:03d}", segment, stage, "text", mood, 0)
        for (segment, stage), values in moods.items()
        for n, mood in enumerate(values)
    ]
    names = ["event_id", "person_id", "journey_id", "segment", "stage", "kind", "value", "vote_no"]
    return pd.DataFrame(rows, columns=names)


def _people(answers: pd.DataFrame, *, silent: int) -> pd.DataFrame:
    spoke = answers[["person_id", "segment", "stage"]].assign(text_count=1, answer_count=0)
    quiet = [
        (f"quiet{n}", segment, stage, 0, 0)
        for segment, stage in sorted(set(zip(answers["segment"], answers["stage"], strict=True)))
        for n in range(silent)
    ]
    return pd.concat([spoke, pd.DataFrame(quiet, columns=list(spoke.columns))], ignore_index=True)


def _rows(moods, reader, *, silent: int = 0, stages=("a", "b"), segments=("smb",), conflicts=NOBODY):
    answers = _answers(moods)
    people = _people(answers, silent=silent)
    told = answer_metrics(answers, list(stages), list(segments), reader)
    curve = told_curve(Estimand.VOICE, answers, people, told, segments)
    return curve_rows(Estimand.VOICE, curve, people, conflicts, stages, segments, reader)


def test_one_stage_alone_has_student_s_interval() -> None:
    values = np.array([-0.5, 0.25, 0.1, 0.6])
    low, high = student_t(values, 0.95)
    [half] = half_widths(influence_of(values[:, None]), np.array([4.0]), 0.95)
    assert half == pytest.approx((high - low) / 2)


def test_the_band_of_independent_stages_is_sidak_s() -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    votes = np.full((4000, 4), np.nan)
    for stage in range(4):
        votes[stage * 1000 : (stage + 1) * 1000, stage] = rng.normal(0, 1, 1000)
    influence = influence_of(votes)
    half = half_widths(influence, np.full(4, 1000.0), 0.95)
    expected = stats.norm.ppf((1 + 0.95**0.25) / 2) * np.sqrt((influence**2).sum(axis=0))
    assert half == pytest.approx(expected, rel=0.015)


def test_the_band_holds_the_whole_curve_where_single_intervals_do_not() -> None:
    rng = np.random.Generator(np.random.PCG64(2))
    whole, single = [], []
    for _ in range(300):
        # the same customers speak of all five stages, each with a temper of his own
        votes = rng.normal(0, 0.5, (60, 5)) + rng.normal(0, 0.3, (60, 1))
        half = half_widths(influence_of(votes), np.full(5, 60.0), 0.95)
        off = np.abs(votes.mean(axis=0))
        whole.append((off <= half).all())
        single.append((off <= stats.t.ppf(0.975, 59) * votes.std(axis=0, ddof=1) / np.sqrt(60)).all())
    assert np.mean(single) < 0.9
    assert np.mean(whole) > 0.92


def test_the_share_who_spoke_and_worst_case_bounds_stand_beside_the_mean(reader) -> None:
    row = _rows({("smb", "a"): [0.2 + 0.01 * (-1) ** n for n in range(40)]}, reader, silent=120)[0]
    assert (row["customer_count"], row["stage_customer_count"], row["spoken_share"]) == (40, 160, 0.25)
    assert (row["bound_low"], row["bound_high"]) == pytest.approx((-0.7, 0.8))
    # what the silent may differ by comes on top of what chance may have done
    ends = (row["interval_low"] - 0.1125, row["interval_high"] + 0.1125)
    assert (row["delta_low"], row["delta_high"]) == pytest.approx(ends)


def test_a_stage_without_a_voice_has_a_row_and_no_number(reader) -> None:
    empty = _rows({("smb", "a"): [0.1, 0.3] * 20}, reader)[1]
    assert (empty["stage"], empty["estimate"], empty["band_low"], empty["bound_low"]) == ("b", None, None, None)


def test_cells_of_a_stage_are_drawn_towards_its_mean_over_segments(reader) -> None:
    segments = ["s1", "s2", "s3", "s4", "s5", "tiny"]
    moods = {(s, "a"): [0.1 * n - 0.4, 0.1 * n + 0.4] * 10 for n, s in enumerate(segments[:5])}
    every = _rows({**moods, ("tiny", "a"): [-1.0, -0.9]}, reader, segments=segments)
    rows = {row["segment"]: row for row in every if row["stage"] == "a"}
    assert rows["s1"]["estimate"] < rows["s1"]["shrunk"] < 0.2 < rows["s5"]["shrunk"] < rows["s5"]["estimate"]
    assert rows["s1"]["shrunk_low"] < rows["s1"]["shrunk"] < rows["s1"]["shrunk_high"]
    # fewer than may be shown move nobody
    assert rows["tiny"]["shrunk"] is None


def test_the_worst_stage_is_told_with_what_it_hangs_on(reader) -> None:
    spread = [0.01 * (-1) ** n for n in range(40)]
    moods = {("smb", "a"): [-0.2 + s for s in spread], ("smb", "b"): [0.1 + s for s in spread]}
    [worst] = worst_rows(_rows(moods, reader, silent=40), ["a", "b"], ["smb"])
    assert (worst["segment"], worst["stage"], worst["stage_count"]) == ("smb", "a", 2)
    assert worst["tipping_delta"] == pytest.approx(0.3)


def test_where_everybody_spoke_no_silence_can_turn_the_order(reader) -> None:
    moods = {("smb", "a"): [-0.2, -0.1] * 20, ("smb", "b"): [0.1, 0.2] * 20}
    [worst] = worst_rows(_rows(moods, reader), ["a", "b"], ["smb"])
    assert worst["tipping_delta"] == 2.0


def test_a_thin_stage_is_never_called_the_worst(reader) -> None:
    moods = {("smb", "a"): [-0.9, -0.8] * 6, ("smb", "b"): [0.1, 0.2] * 20}
    assert worst_rows(_rows(moods, reader), ["a", "b"], ["smb"]) == []


def test_contradictions_are_counted_and_flagged_where_there_are_enough(reader) -> None:
    opposed = pd.DataFrame({"person_id": [f"smb{n:03d}" for n in range(12)], "segment": "smb", "stage": "a"})
    moods = {("smb", "a"): [0.5, 0.4] * 20, ("smb", "b"): [0.5, 0.4] * 20}
    first, second = _rows(moods, reader, conflicts=opposed)
    assert (first["conflict_count"], first["flags"]) == (12, "conflict")
    assert (second["conflict_count"], second["flags"]) == (0, "")


def test_votes_stand_in_a_table_of_customers_and_stages() -> None:
    table = stage_votes(_answers({("smb", "a"): [0.1, 0.2], ("smb", "b"): [0.3]}))
    assert table.loc["smb000"].tolist() == [0.1, 0.3]
    assert np.isnan(table.loc["smb001", "b"])
