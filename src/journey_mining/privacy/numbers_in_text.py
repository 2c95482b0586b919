"""What a row of digits inside a text is, judged by control digits, by its shape, and by the words around it."""

from __future__ import annotations

import re

from journey_mining.privacy.control_digits import is_card, is_inn, is_snils

_CONTEXT = 28
"""characters before a number that may say what it is"""
_ORDER_BEFORE = re.compile(
    r"(?i)(?:заказ|сч[её]т|тикет|обращени|заявк|инцидент|накладн|артикул|трек|сделк|order|invoice|"
    r"ticket|case|incident|request|deal)[^\W\d]{0,4}[ \t]{0,2}(?:номер|number|no\.?|id|под)?[ \t]{0,2}"
    r"[№#:]{0,2}[ \t]{0,2}$|[№#][ \t]{0,2}$"
)
_PHONE_BEFORE = re.compile(
    r"(?i)(?:тел|телефон|моб|звон|позвон|перезвон|номер|whats ?app|вотсап|viber|telegram|phone|call|mobile|cell|tel)"
    r"[^\d]{0,14}$"
)
_CURRENCY_AFTER = re.compile(r"(?i)[ \t\u00a0]{0,2}(?:₽|руб|р\.|р\b|тыс|млн|\$|€|usd|eur|rub|kzt|тенге)")
_CURRENCY_BEFORE = re.compile(r"[$€₽][ \t]{0,2}$")
_SHORT_DATE = re.compile(r"\(?[0-3]?\d\.[01]\d\.\d\d")
_LOCAL_PHONE = re.compile(r"\d{2,3}[ -]\d{2}[ -]\d{2}")
_GROUPED_AMOUNT = re.compile(r"\d{1,3}(?:[ \u00a0\u2009\u202f.]\d{3}){1,3}|\d{5,9}")
_LONG_RUN = re.compile(r"\d{5,}")
_ORDER_DIGITS = range(5, 10)
_PHONE_DIGITS = range(10, 16)
_RUSSIAN_NUMBER = re.compile(r"[78]\d{10}|9\d{9}")
_NATIONAL_NUMBER = re.compile(r"[348]\d{9}")


def replace_number(find: re.Match[str]) -> str:
    """What stands in a published text in place of a row of digits; the row itself where it is no personal data."""
    shown = find[0]
    before = find.string[max(0, find.start() - _CONTEXT) : find.start()]
    after = find.string[find.end() : find.end() + 8]
    return kind_of_number(shown, before, after) or shown


def kind_of_number(shown: str, before: str, after: str) -> str | None:
    """The word for a row of digits as written (`[card]`, `[phone]`, ...), or None where it may stay.

    Args:
        shown: digits with the separators between them, perhaps with + or ( in front.
        before: the text in front of it.
        after: the text behind it.

    >>> kind_of_number("4111 1111 1111 1111", "карта ", ""), kind_of_number("1234567", "заказ ", "")
    ('[card]', None)
    """
    digits = "".join(c for c in shown if c.isdecimal())
    is_run = shown == digits
    if is_run and len(digits) in _ORDER_DIGITS and _ORDER_BEFORE.search(before):
        return None
    if _SHORT_DATE.fullmatch(shown) and not _PHONE_BEFORE.search(before):
        return None
    if _GROUPED_AMOUNT.fullmatch(shown) and (_CURRENCY_AFTER.match(after) or _CURRENCY_BEFORE.search(before)):
        return None
    return (
        _document(digits)
        or _phone(shown, digits, before)
        or ("[number]" if _LONG_RUN.search(shown) or len(digits) in _PHONE_DIGITS else None)
    )


def _document(digits: str) -> str | None:
    if is_card(digits):
        return "[card]"
    if _RUSSIAN_NUMBER.fullmatch(digits):
        return "[phone]"  # such a row passes for a tax number once in eleven times; it is a phone far more often
    if is_snils(digits):
        return "[snils]"
    return "[inn]" if is_inn(digits) else None


def _phone(shown: str, digits: str, before: str) -> str | None:
    is_written_as_phone = shown.startswith("+") or "(" in shown or _LOCAL_PHONE.fullmatch(shown)
    is_of_length = len(digits) in _PHONE_DIGITS
    if is_written_as_phone or _NATIONAL_NUMBER.fullmatch(digits) or _PHONE_BEFORE.search(before):
        return "[phone]"
    return "[phone]" if is_of_length and shown != digits else None
