"""Control digits of numbers that people type into letters; each function takes digits only."""

from __future__ import annotations

from collections.abc import Sequence

_INN_10 = (2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12_FIRST = (7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_INN_12_SECOND = (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)
_SNILS_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, 1)
_CARD_LENGTHS = range(13, 20)


def is_card(digits: str) -> bool:
    """Whether digits are a payment card number: 13 to 19 of them, not all equal, and Luhn's sum ends in zero.

    >>> is_card("4111111111111111"), is_card("4111111111111112")
    (True, False)
    """
    doubled = [sum(divmod(int(digit) * (1 + place % 2), 10)) for place, digit in enumerate(reversed(digits))]
    return len(digits) in _CARD_LENGTHS and len(set(digits)) > 1 and sum(doubled) % 10 == 0


def is_inn(digits: str) -> bool:
    """Whether digits are a Russian taxpayer number: 10 for a firm, 12 for a person.

    >>> is_inn("500100732259"), is_inn("500100732258"), is_inn("7707083893")
    (True, False, True)
    """
    if len(digits) == len(_INN_10) + 1:
        return int(digits[-1]) == _weighted(digits, _INN_10)
    if len(digits) == len(_INN_12_SECOND) + 1:
        first, second = _weighted(digits, _INN_12_FIRST), _weighted(digits, _INN_12_SECOND)
        return (int(digits[-2]), int(digits[-1])) == (first, second)
    return False


def is_snils(digits: str) -> bool:
    """Whether digits are a Russian insurance number: 9 and two control digits.

    >>> is_snils("11223344595"), is_snils("11223344594")
    (True, False)
    """
    if len(digits) != len(_SNILS_WEIGHTS) + 2:
        return False
    control = sum(int(digit) * weight for digit, weight in zip(digits, _SNILS_WEIGHTS, strict=False)) % 101
    return int(digits[-2:]) == control % 100


def _weighted(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False)) % 11 % 10
