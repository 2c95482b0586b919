from __future__ import annotations

import pytest

from journey_mining.maps.heads import Name, StageHead
from journey_mining.maps.map_pictures import Spread
from journey_mining.maps.moods import has_invitations, link_of, nested_bases, spreads_of, worst_moods_of
from journey_mining.maps.numbers import ABSENT, Limits, Number, Standing
from journey_mining.maps.tables import Tables

LIMITS = Limits(small=10, thin=30)
FULL = Number(standing=Standing.FULL, estimate=0.2, low=0.1, high=0.3, customers=40)
THIN = Number(standing=Standing.THIN, low=0.0, high=0.4, customers=14)


def _tables(**rows: list[dict]) -> Tables:
    names = ("mood_curve", "mood_worst", "voice_rating_link")
    return Tables(rows={name: tuple(rows.get(name, ())) for name in names}, metrics={}, exclusions=(), run_count=1)


def _spread(number: Number, *, spoke: int = 40, there: int = 160, conflicts: int = 0) -> Spread:
    row = {
        "estimand": "voice",
        "segment": "smb",
        "stage": "a",
        "customer_count": spoke,
        "stage_customer_count": there,
        "spoken_share": spoke / there,
        "bound_low": -0.7,
        "bound_high": 0.8,
        "band_low": 0.05,
        "band_high": 0.35,
        "conflict_count": conflicts,
    }
    numbers = {"voice": number, "rating": ABSENT, "all_customers": ABSENT}
    return spreads_of(_tables(mood_curve=[row]), "smb", "a", numbers, LIMITS)["voice"]


def test_who_spoke_and_what_the_silent_could_change() -> None:
    expected = Spread(spoken_share=0.25, bound_low=-0.7, bound_high=0.8, band_low=0.05, band_high=0.35, conflicts=12)
    assert _spread(FULL, conflicts=12) == expected


def test_bounds_of_a_small_sample_would_tell_its_mean() -> None:
    spread = _spread(THIN, spoke=14)
    assert (spread.spoken_share, spread.bound_low, spread.band_low) == (14 / 160, None, 0.05)


@pytest.mark.parametrize(
    ("number", "there"),
    [(FULL, 45), (Number(standing=Standing.FULL, estimate=0.2, low=0.1, high=0.3, customers=None), 160)],
    ids=["five who were silent", "a base that is hidden"],
)
def test_a_share_that_tells_the_count_of_a_few_is_not_told(number: Number, there: int) -> None:
    spread = _spread(number, there=there, conflicts=12)
    assert (spread.spoken_share, spread.bound_low, spread.conflicts) == (None, None, None)


def test_a_few_who_contradict_themselves_are_not_counted() -> None:
    assert _spread(FULL, conflicts=9).conflicts is None


def test_nothing_stands_beside_a_mood_that_may_not_be_shown() -> None:
    assert _spread(Number(standing=Standing.HIDDEN), spoke=8, conflicts=12) == Spread()


def test_the_worst_stage_by_each_kind_of_mood() -> None:
    rows = [
        {"segment": "smb", "estimand": "rating", "stage": "a", "tipping_delta": 0.2},
        {"segment": "corp", "estimand": "voice", "stage": "a", "tipping_delta": 0.1},
    ]
    stage = StageHead(id="a", number=1, name=Name(ru="А", en="A"), is_optional=False)
    [worst] = worst_moods_of(_tables(mood_worst=rows), "smb", [stage])
    assert (worst.estimand, worst.stage.en, worst.delta) == ("rating", "A", 0.2)


@pytest.mark.parametrize(("n", "shown"), [(871, (871, 0.7)), (20, (20, None)), (6, (None, None))])
def test_the_link_of_texts_and_answers_hides_few_customers(n: int, shown: tuple) -> None:
    row = {"reason": "joined", "customer_count": n, "rank_correlation": 0.7}
    link = link_of(_tables(voice_rating_link=[row]), LIMITS)
    assert (link.customers, link.correlation) == shown


def test_invitations_are_there_unless_the_rows_say_otherwise() -> None:
    rows = [{"estimand": "all_customers", "flags": "thin"}]
    assert has_invitations(_tables(mood_curve=rows))
    assert not has_invitations(_tables(mood_curve=[{**rows[0], "flags": "small,no_invitations"}]))
    assert not has_invitations(_tables())


def test_two_counts_whose_difference_is_a_few_customers_are_never_both_shown() -> None:
    def row(estimand: str, n: int, stage: str = "a") -> dict:
        return {"estimand": estimand, "segment": "smb", "stage": stage, "customer_count": n}

    # one of 34 gave no satisfaction answer; that many as wrote or answered, and as wrote
    rows = [row("rating", 34), row("rating_csat", 33), row("voice_and_rating", 90), row("voice", 70)]
    rows += [row("rating", 60, "b"), row("rating_nps", 50, "b"), row("voice_and_rating", 65, "b")]
    assert nested_bases(rows, 10) == {("smb", ("rating_csat", "a")), ("smb", ("voice_and_rating", "b"))}
