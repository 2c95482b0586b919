"""Values of a spec that Python itself can judge: regular expressions, encodings, formats of times.

Each is a type for pydantic, so that a slip is found by `journey source check` and not by the first file that comes.
"""

from __future__ import annotations

import codecs
import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator


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


Pattern = Annotated[str, AfterValidator(_compiles)]
Encoding = Annotated[str, AfterValidator(_is_encoding)]
Replacement = Annotated[tuple[str, str], AfterValidator(_replaces)]
TimeFormat = Annotated[str, AfterValidator(_is_format)]
