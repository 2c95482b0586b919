from __future__ import annotations

from collections import defaultdict
from typing import Any

from journey_mining.maps.numbers import Count, Limits, Standing, count_of, number_of
from journey_mining.scoring.intervals import wilson

LIMITS = Limits(small=10, thin=30)


def row(customers: int, flags: str = "", estimate: float | None = 0.4) -> dict[str, Any]:
    low, high = (0.3, 0.5) if estimate is not None else (None, None)
    return {
        "estimate": estimate,
        "interval_low": low,
        "interval_high": high,
        "customer_count": customers,
        "method": "wilson",
        "horizon_days": 60,
        "flags": flags,
    }


def test_a_number_of_nine_customers_holds_nothing_to_print() -> None:
    number = number_of(row(9), LIMITS)
    assert (number.standing, number.estimate, number.low, number.customers) == (Standing.HIDDEN, None, None, None)


def test_a_number_of_ten_customers_holds_its_interval_only() -> None:
    number = number_of(row(10), LIMITS)
    assert (number.standing, number.estimate, number.low, number.customers) == (Standing.THIN, None, 0.3, 10)


def test_a_number_of_thirty_customers_is_shown_in_full() -> None:
    number = number_of(row(30), LIMITS)
    assert (number.standing, number.estimate, number.customers) == (Standing.FULL, 0.4, 30)


def test_a_number_with_few_expected_events_is_thin_whatever_its_n() -> None:
    assert number_of(row(500, "thin"), LIMITS).is_thin


def test_a_row_that_was_not_estimated_is_no_data_and_not_zero() -> None:
    assert number_of(row(40, estimate=None), LIMITS).standing is Standing.NO_DATA
    assert number_of(None, LIMITS).standing is Standing.NO_DATA


def test_the_base_can_be_hidden_while_the_estimate_stays() -> None:
    number = number_of(row(300), LIMITS, is_base_hidden=True)
    assert (number.estimate, number.customers) == (0.4, None)


def test_an_interval_without_its_base_does_not_tell_it() -> None:
    def shown(lost: int, customers: int) -> tuple[float | None, ...]:
        low, high = wilson(lost, customers, 1.96)
        told = {**row(customers, estimate=lost / customers), "interval_low": low, "interval_high": high}
        number = number_of(told, LIMITS, is_base_hidden=True)
        assert number.low is not None
        assert number.high is not None
        assert number.low <= low < high <= number.high
        return number.estimate, number.low, number.high

    pictures: dict[tuple[float | None, ...], list[int]] = defaultdict(list)
    for customers in range(20, 240):
        for lost in range(customers + 1):
            pictures[shown(lost, customers)].append(customers)
    cells = [(customers, lost) for customers in range(30, 200) for lost in range(customers + 1)]
    doubts = [
        max(pictures[shown(lost, customers)]) - min(pictures[shown(lost, customers)]) for customers, lost in cells
    ]
    assert sum(doubt >= 10 for doubt in doubts) / len(doubts) > 0.95


def test_the_mark_of_a_thin_number_stands_in_the_middle_of_its_interval() -> None:
    assert number_of(row(12), LIMITS).centre == 0.4


def test_counts_from_one_to_nine_are_hidden_and_zero_is_not() -> None:
    assert [count_of(n, LIMITS).value for n in (0, 1, 9, 10)] == [0, None, None, 10]


def test_a_forced_count_is_hidden_whatever_its_size() -> None:
    assert count_of(400, LIMITS, is_forced=True) == Count(value=None, standing=Standing.WITHHELD)
