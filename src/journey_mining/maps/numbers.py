"""How much of a number may be shown.

In: rows of `metric_value`. Out: `Number` and `Count` values that hold nothing which may not be printed,
so that no page, tooltip, figure or CSV can leak what a table hid.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

_SLACK = 1e-9
"""what floating point may add to a round number"""


class Standing(StrEnum):
    """What a page may do with a number."""

    FULL = "full"
    """print, colour, rank and compare it"""
    THIN = "thin"
    """print the interval only: too few customers to compare"""
    HIDDEN = "hidden"
    """print nothing but that it is hidden: so few customers that somebody might be recognised"""
    WITHHELD = "withheld"
    """a count large enough by itself, hidden because another group could be worked out from it"""
    NO_DATA = "no_data"
    """nothing was measured; unknown is not zero"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Thresholds in customers, from `journey.toml`."""

    small: int
    """cells with fewer customers are hidden (k)"""
    thin: int
    """cells with fewer customers are shown as an interval only"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """A number of customers or journeys; `value` is None where it may not be shown."""

    value: int | None
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """An estimate with its base. Fields that may not be printed are None, whatever the table holds."""

    standing: Standing
    estimate: float | None = None
    """None unless the standing is full"""
    low: float | None = None
    """lower end of the interval; None where hidden"""
    high: float | None = None
    customers: int | None = None
    """customers behind the number; None where hidden, or where it would reveal another segment"""
    horizon_days: int | None = None
    method: str = ""
    flags: tuple[str, ...] = ()

    @property
    def is_full(self) -> bool:
        """Whether the number may be printed, coloured and ranked."""
        return self.standing is Standing.FULL

    @property
    def is_thin(self) -> bool:
        """Whether only the interval may be printed."""
        return self.standing is Standing.THIN

    @property
    def centre(self) -> float | None:
        """Where a mark may stand: the estimate, or the middle of the interval of a thin number."""
        if self.estimate is not None or self.low is None or self.high is None:
            return self.estimate
        return (self.low + self.high) / 2


ABSENT = Number(standing=Standing.NO_DATA)


def number_of(row: Mapping[str, Any] | None, limits: Limits, *, is_base_hidden: bool = False) -> Number:
    """A row of `metric_value` as a number that holds only what may be shown.

    Args:
        row: the row, or None where nothing was estimated.
        limits: thresholds in customers.
        is_base_hidden: keep the estimate but not its n, from which another segment's hidden n could be worked out. Its
            interval is widened to round ends, because the width of an interval tells n.
    """
    if row is None or not row["customer_count"]:
        return ABSENT
    flags = tuple(flag for flag in str(row["flags"] or "").split(",") if flag)
    customers = int(row["customer_count"])
    horizon = row["horizon_days"]
    hidden = Number(
        standing=Standing.HIDDEN,
        horizon_days=None if horizon is None else int(horizon),
        method=str(row["method"] or ""),
        flags=flags,
    )
    if customers < limits.small or "small" in flags:
        return hidden
    if row["estimate"] is None and row["interval_low"] is None:
        return replace(hidden, standing=Standing.NO_DATA, customers=None if is_base_hidden else customers)
    is_thin = customers < limits.thin or "thin" in flags
    number = replace(
        hidden,
        standing=Standing.THIN if is_thin else Standing.FULL,
        estimate=None if is_thin else _number(row["estimate"]),
        low=_number(row["interval_low"]),
        high=_number(row["interval_high"]),
        customers=None if is_base_hidden else customers,
    )
    return _rounded(number, customers, limits.small) if is_base_hidden else number


def _rounded(number: Number, customers: int, small: int) -> Number:
    """The number with ends so round that `small` customers more or fewer would have the same.

    The width of an interval falls with the root of n, so `small` of n customers change it by small / 2n of itself; a
    step of four times that leaves the ends in doubt.
    """
    if number.low is None or number.high is None:
        return number
    step = _round_step(2 * (number.high - number.low) * small / customers)
    if not step:
        return number
    return replace(
        number,
        estimate=None if number.estimate is None else round(round(number.estimate / step) * step, 9),
        low=round(math.floor(number.low / step + _SLACK) * step, 9),
        high=round(math.ceil(number.high / step - _SLACK) * step, 9),
    )


def _round_step(least: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that is at least this; 0 for 0.

    >>> _round_step(0.03), _round_step(0.2), _round_step(0.0)
    (0.05, 0.2, 0.0)
    """
    if least <= 0:
        return 0.0
    power = 10.0 ** math.floor(math.log10(least))
    return next((n * power for n in (1, 2, 5) if n * power >= least * (1 - _SLACK)), 10 * power)


def count_of(value: int, limits: Limits, *, is_forced: bool = False) -> Count:
    """A count; 1 to k-1 are hidden, complements of such cells (`is_forced`) withheld. Zero hides nobody."""
    if 0 < value < limits.small:
        return Count(value=None, standing=Standing.HIDDEN)
    if is_forced:
        return Count(value=None, standing=Standing.WITHHELD)
    if value == 0:
        return Count(value=0, standing=Standing.NO_DATA)
    return Count(value=value, standing=Standing.THIN if value < limits.thin else Standing.FULL)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
