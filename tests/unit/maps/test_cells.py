from __future__ import annotations

from typing import Any

from journey_mining.maps.cells import frictions_of
from journey_mining.maps.numbers import Limits

LIMITS = Limits(small=10, thin=30)


def row(kind: str, customers: int, low: float | None, high: float | None) -> dict[str, Any]:
    ratio = None if low is None or high is None else (low + high) / 2
    bounds = {"loss_ratio": ratio, "loss_ratio_low": low, "loss_ratio_high": high}
    return {"friction": kind, "customer_count": customers, "prevalence_share": 0.2, "extra_days": 1.0, **bounds}


def kinds(*rows: dict[str, Any]) -> list[str]:
    return [item.kind for item in frictions_of(rows, LIMITS)]


def test_what_goes_with_more_loss_stands_before_what_shows_no_difference() -> None:
    assert kinds(row("return", 900, 0.9, 1.4), row("long_wait", 40, 1.2, 1.6)) == ["long_wait", "return"]


def test_what_goes_with_less_loss_is_no_friction() -> None:
    assert kinds(row("return", 900, 0.4, 0.9)) == []


def test_an_obstacle_whose_loss_is_not_known_stays() -> None:
    assert kinds(row("return", 50, None, None), row("long_wait", 60, 0.9, 1.1)) == ["long_wait", "return"]


def test_an_obstacle_that_few_customers_met_is_not_shown() -> None:
    assert kinds(row("return", 29, 1.5, 3.0)) == []
