"""JSON as exports hold it: numbers stay text, and no text breaks what comes after.

In: JSON text. Out: lists, dicts and strings, or a `ValueError`. Half of a surrogate pair (an emoji that some system cut
in two) is legal in JSON and in no encoding; it becomes the replacement character.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

_scan: Callable[[str, int], tuple[Any, int]] = json.JSONDecoder(parse_int=str, parse_float=str).scan_once  # type: ignore[attr-defined] # what raw_decode calls
_OPENINGS = frozenset("{[")
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def parse_json(text: str) -> Any:
    """The one value that the text holds; numbers as text, because ids are longer than floats are exact.

    Raises:
        ValueError: it is no JSON, or nested deeper than any export.

    >>> parse_json('{"id": 14389127361827369821}')
    {'id': '14389127361827369821'}
    """
    start = 0 if text[:1] in _OPENINGS else len(text) - len(text.lstrip())
    value, end = parse_json_at(text, start)
    if end < len(text) and text[end:].strip():
        message = f"more text after the value, from character {end} on"
        raise ValueError(message)
    return value


def parse_json_at(text: str, place: int) -> tuple[Any, int]:
    """The value that begins at `place`, and where it ends.

    Raises:
        ValueError: no value begins there, or it is nested deeper than any export.
    """
    try:
        value, end = _scan(text, place)
        # looking for the backslash first is several times faster where there is none
        is_suspect = "\\u" in text and _SURROGATE.search(text, place, end)
        return (_mended(value) if is_suspect else value), end
    except StopIteration as fault:
        message = f"no value begins at character {place + 1}"
        raise ValueError(message) from fault
    except RecursionError as fault:
        message = "nested too deeply"
        raise ValueError(message) from fault


def _mended(value: Any) -> Any:
    if isinstance(value, dict):
        return {_mended(key): _mended(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_mended(item) for item in value]
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return value
