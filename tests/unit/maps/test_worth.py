from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from journey_mining.maps.numbers import Limits, Standing
from journey_mining.maps.tables import Tables
from journey_mining.maps.worth import gains_of, weights_of

LIMITS = Limits(small=10, thin=30)


def row(**own: Any) -> dict[str, Any]:
    return {
        "segment": "smb",
        "touchpoint": "order",
        "name_ru": "Заказ",
        "name_en": "Order",
        "reach_share": 0.4,
        "removal_effect": 0.6,
        "removal_low": 0.5,
        "removal_high": 0.7,
        "won_share": 0.2,
        "rank": 1,
        "rank_low": 1,
        "rank_high": 2,
        "customer_count": 300,
        "method": "aalen_johansen_chain",
        "flags": "",
    } | own


def tables(*rows: dict[str, Any]) -> Tables:
    moments = [
        {"segment": "smb", "touchpoint": item["touchpoint"], "stage": "decision", "is_moment_of_truth": False}
        for item in rows
    ]
    return Tables(rows={"importance": rows, "moment_of_truth": tuple(moments)}, metrics={}, exclusions=(), run_count=0)


def test_touchpoints_stand_by_rank_with_its_interval() -> None:
    found = weights_of(tables(row(touchpoint="b", rank=2, rank_low=1), row()), "smb", "decision", LIMITS, customers=500)
    assert [(item.touchpoint, item.rank, item.rank_low, item.ranked) for item in found] == [
        ("order", 1, 1, 2),
        ("b", 2, 1, 2),
    ]


def test_the_placebo_and_the_rest_have_no_rank_and_stand_nowhere() -> None:
    assert weights_of(tables(row(rank=None)), "smb", "decision", LIMITS, customers=500) == ()


def test_no_count_of_a_touchpoint_is_told() -> None:
    [item] = weights_of(tables(row()), "smb", "decision", LIMITS, customers=500)
    assert (item.effect.estimate, item.effect.customers) == (0.6, None)


def test_a_share_from_which_a_few_who_won_could_be_read_is_hidden() -> None:
    """Of 20 who won, 95 % are all but one."""
    [item] = weights_of(tables(row(removal_effect=0.95)), "smb", "decision", LIMITS, customers=100)
    assert (item.effect.standing, item.effect.low) == (Standing.HIDDEN, None)


def test_without_a_base_nothing_of_a_touchpoint_but_its_rank_is_told() -> None:
    [item] = weights_of(tables(row()), "smb", "decision", LIMITS, customers=None)
    assert (item.effect.standing, item.reach, item.rank) == (Standing.HIDDEN, None, 1)


@given(effect=st.floats(0, 1), won=st.floats(0, 1), customers=st.integers(0, 400))
def test_a_told_share_leaves_no_small_group_on_either_side(effect: float, won: float, customers: int) -> None:
    [item] = weights_of(
        tables(row(removal_effect=effect, won_share=won)), "smb", "decision", LIMITS, customers=customers
    )
    if item.effect.is_full:
        assert min(effect, 1 - effect) * won * customers >= LIMITS.small


def gain(**own: Any) -> dict[str, Any]:
    return {
        "reference_kind": "rest",
        "amount": 157000.0,
        "amount_low": 126000.0,
        "amount_high": 190000.0,
        "currency": "RUB",
        "reach_per_quarter": 413.4,
        "excess": 0.235,
        "value": 1620.0,
        "customer_count": 908,
        "horizon_days": 49,
        "method": "empirical_bayes",
        "flags": "",
    } | own


def test_a_declared_target_comes_before_the_others() -> None:
    found = gains_of([gain(), gain(reference_kind="target")], LIMITS, is_base_hidden=False)
    assert [item.reference_kind for item in found] == ["target", "rest"]


def test_a_gain_that_was_not_shown_is_not_proven() -> None:
    assert [g.is_proven for g in gains_of([gain(flags="not_proven"), gain()], LIMITS, is_base_hidden=False)] == [
        False,
        True,
    ]


def test_a_thin_gain_is_an_interval_without_factors() -> None:
    [item] = gains_of([gain(customer_count=20, flags="thin")], LIMITS, is_base_hidden=False)
    assert (item.amount.estimate, item.amount.low, item.reach, item.value) == (None, 126000.0, None, None)


def test_entries_are_not_told_where_the_number_of_customers_is_hidden() -> None:
    [item] = gains_of([gain()], LIMITS, is_base_hidden=True)
    assert (item.reach, item.amount.customers) == (None, None)
