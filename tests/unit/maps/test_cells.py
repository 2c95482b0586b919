from __future__ import annotations

from typing import Any

from journey_mining.maps.cells import frictions_of
from journey_mining.maps.numbers import Limits

LIMITS = Limits(small=10, thin=30)


def row(
    kind: str, customers: int, low: float | None, high: float | None, *, q_value: float | None = 0.001
) -> dict[str, Any]:
    ratio = None if low is None or high is None else (low + high) / 2
    bounds = {"loss_ratio": ratio, "loss_ratio_low": low, "loss_ratio_high": high}
    return {
        "friction": kind,
        "customer_count": customers,
        "prevalence_share": 0.2,
        "extra_days": 1.0,
        "q_value": q_value,
        **bounds,
    }


def kinds(*rows: dict[str, Any]) -> list[str]:
    return [item.kind for item in frictions_of(rows, LIMITS)]


def test_what_goes_with_more_loss_stands_before_what_shows_no_difference() -> None:
    assert kinds(row("return", 900, 0.9, 1.4, q_value=0.4), row("long_wait", 40, 1.2, 1.6)) == ["long_wait", "return"]


def test_what_goes_with_less_loss_is_no_friction() -> None:
    assert kinds(row("return", 900, 0.4, 0.9)) == []


def test_an_interval_above_one_is_no_finding_among_many_comparisons() -> None:
    [item] = frictions_of([row("return", 900, 1.2, 4.7, q_value=0.27)], LIMITS)
    assert (item.is_harmful, item.is_harmless) == (False, False)


def test_an_obstacle_whose_loss_is_not_known_stays() -> None:
    assert kinds(row("return", 50, None, None, q_value=None), row("long_wait", 60, 0.9, 1.1, q_value=0.9)) == [
        "long_wait",
        "return",
    ]


def test_an_obstacle_that_few_customers_met_is_not_shown() -> None:
    assert kinds(row("return", 29, 1.5, 3.0)) == []
