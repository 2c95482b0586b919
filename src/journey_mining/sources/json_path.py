"""The few JSON paths that specs need: `$.a.b`, `$.a[*]`, `$[0]`."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any

_STEP = re.compile(r"\.([^.\[\]]+)|\[(\*|\d+)\]")


@lru_cache(maxsize=512)
def steps_of(path: str) -> tuple[str, ...]:
    """The steps of a path, `*` for all items.

    >>> steps_of("$.result.items[*]")
    ('result', 'items', '*')
    """
    body = path.removeprefix("$")
    body = body if body.startswith((".", "[")) or not body else "." + body
    return tuple(key or index for key, index in _STEP.findall(body))


def dig(document: Any, path: str) -> Any:
    """The value at `path`; a list where the path has `[*]`, None where nothing is there."""
    return _walk(document, steps_of(path))


def text_of(value: Any) -> str | None:
    """A JSON value as the text of a cell; containers stay JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _walk(value: Any, steps: tuple[str, ...]) -> Any:
    for position, step in enumerate(steps):
        if step == "*":
            if not isinstance(value, list):
                return None
            rest = steps[position + 1 :]
            return _flat([_walk(item, rest) for item in value], nested="*" in rest)
        value = _one(value, step)
        if value is None:
            return None
    return value


def _one(value: Any, step: str) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and step.isdigit() and int(step) < len(value):
        return value[int(step)]
    return None


def _flat(values: list[Any], *, nested: bool) -> list[Any]:
    kept = [value for value in values if value is not None]
    return [item for value in kept for item in value] if nested else kept
