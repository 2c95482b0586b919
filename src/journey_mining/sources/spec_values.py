"""Values of a spec that Python itself can judge: regular expressions, encodings, formats of times.

Each is a type for pydantic, so that a slip is found by `journey source check` and not by the first file that comes.
"""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator

from journey_mining.sources.json_path import parse_path

EXCEL = "excel"
"""format of times that a spreadsheet counts in days"""
TIME_PARTS = frozenset({"%Y", "%y", "%m", "%b", "%d", "%H", "%I", "%p", "%M", "%S", "%f", "%z"})


def _compiles(pattern: str) -> str:
    try:
        re.compile(pattern)
    except re.error as fault:
        message = f"{pattern!r} is no regular expression of Python: {fault}"
        raise ValueError(message) from fault
    return pattern


def _is_encoding(name: str) -> str:
    try:
        is_text = codecs.lookup(name)._is_text_encoding  # noqa: SLF001 - the only word on it: hex is a codec as well
    except (LookupError, ValueError):
        is_text = False
    if not is_text:
        message = f"{name!r} is no encoding that Python knows, such as utf-8-sig or cp1251"
        raise ValueError(message)
    return name


def _replaces(pair: tuple[str, str]) -> tuple[str, str]:
    pattern, replacement = pair
    try:
        # nothing at all matches too, so that the replacement is looked at as well
        re.compile(_compiles(pattern) + "|").sub(replacement, "")
    except (re.error, IndexError) as fault:
        message = f"{replacement!r} cannot replace {pattern!r}: {fault}"
        raise ValueError(message) from fault
    return pair


def _is_format(value: str) -> str:
    some_time = datetime(2026, 9, 28, 1, 2, 3, tzinfo=UTC)
    try:
        datetime.strptime(some_time.strftime(value), value)  # noqa: DTZ007 - only whether it can be read
    except ValueError as fault:
        message = f"{value!r} is no format of a time in the manner of strptime: {fault}"
        raise ValueError(message) from fault
    return value


def _is_path(text: str) -> str:
    parse_path(text)
    return text


def _is_column_format(text: str) -> str:
    if text == EXCEL:
        return text
    parts = set(re.findall(r"%.?", text))
    unknown = sorted(parts - TIME_PARTS)
    has_day = bool({"%Y", "%y"} & parts) and bool({"%m", "%b"} & parts) and "%d" in parts
    has_half = ("%I" in parts) == ("%p" in parts)
    if unknown or not has_day or not has_half:
        message = (
            f"{text!r} must hold %Y (or %y), %m (or %b) and %d, may hold %H (or %I with %p) %M %S %f %z, and nothing "
            f"else ({unknown}); or be {EXCEL!r}"
        )
        raise ValueError(message)
    return text


def _is_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as missing:
        message = f"{name!r} is no IANA time zone such as Europe/Moscow"
        raise ValueError(message) from missing
    return name


Pattern = Annotated[str, AfterValidator(_compiles)]
Zone = Annotated[str, AfterValidator(_is_zone)]
Encoding = Annotated[str, AfterValidator(_is_encoding)]
Replacement = Annotated[tuple[str, str], AfterValidator(_replaces)]
TimeFormat = Annotated[str, AfterValidator(_is_format)]
JsonPath = Annotated[str, AfterValidator(_is_path)]
ColumnFormat = Annotated[str, AfterValidator(_is_column_format)]
