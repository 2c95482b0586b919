"""Typed values of documents (workbooks, Parquet, SQLite) as the text that the types of a spec read. Pure.

What must survive: every digit of an exact number, the sign that digits of an inexact one were lost, the offset of a
time. What must go: ".0" behind whole numbers, which spreadsheets and frames with gaps make of ids.
"""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

EXACT_IN_SHEETS = 10**15
"""spreadsheets keep fifteen digits; what is larger has lost some"""
EXACT_IN_FLOATS = 2**53
"""whole numbers below it are exact in eight bytes"""


def number_text(value: float, *, exact_below: int = EXACT_IN_FLOATS) -> str | None:
    """A number as people write it; one too large to be exact keeps an exponent, which the type `id` refuses.

    >>> number_text(12.0), number_text(1234.5), number_text(1.43891273618273e19)
    ('12', '1234.5', '1.43891273618273E+19')
    """
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - the test for "not a number"
        return None
    if abs(value) >= exact_below:
        return f"{value:.14E}"
    if isinstance(value, int) or value.is_integer():
        return str(int(value))
    return format(Decimal(f"{value:.15g}"), "f")


def time_text(value: datetime | date | time) -> str:
    """ISO, date and time divided by a space; an offset stays.

    >>> time_text(datetime(2026, 4, 1, 10, 0))
    '2026-04-01 10:00:00'
    """
    return value.isoformat(sep=" ") if isinstance(value, datetime) else value.isoformat()


def duration_text(value: timedelta) -> str:
    """A length of time in seconds."""
    return number_text(value.total_seconds()) or ""


def value_text(value: Any) -> str | None:
    """Any value of a library as the text of a cell; containers become JSON.

    >>> value_text({"a": [1, Decimal("2.50")]})
    '{"a": [1, "2.50"]}'
    """
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number_text(value)
    if isinstance(value, dict | list | tuple):
        return json.dumps(plain(value), ensure_ascii=False, sort_keys=True)
    return _other_text(value)


def _other_text(value: Any) -> str:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime | date | time):
        return time_text(value)
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, bytes):
        return bytes_text(value)
    return str(value)


def bytes_text(value: bytes) -> str:
    r"""Bytes as text where they are text, as hexadecimal digits otherwise.

    >>> bytes_text("да".encode()), bytes_text(b"\xff\x01")
    ('да', 'ff01')
    """
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        return value.hex()
    return value.hex() if "\0" in text else text


def plain(value: Any) -> Any:
    """Nested values of a library as JSON knows them; whole numbers and texts stay what they are."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else None  # noqa: PLR0124 - not a number
    return _other_text(value)
