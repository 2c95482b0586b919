"""Where the records of an unknown JSON document are, and what stands in them.

In: parsed JSON. Out: a path to records as specs write it, the records, and the paths of their values. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_DEEPEST = 4
_FEW_SCALARS = 8
"""a wrapper (page of an API) has hardly more values of its own"""
_VALUE_KEYS = ("VALUE", "value")
_PLAIN_KEY = re.compile(r"[^.\[\]'{}]+")
_FEWEST_ENTRIES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """Records of a document."""

    path: str
    items: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A place in records that holds values."""

    path: str
    is_list: bool


def records_of(document: Any) -> Records | None:
    """The records of a document: a list, a list inside of a wrapper, lists inside of pages, or the document itself.

    Records that are wrapped one by one are taken out of their wrappers.

    >>> records_of({"result": {"items": [{"id": "1"}, {"id": "2"}]}, "next": "50"}).path
    '$.result.items[*]'
    >>> records_of({"id": "7", "name": "n"}).path, records_of([{"id": "7"}]).path
    ('$', '$[*]')
    >>> records_of({"0": {"case": {"a": "1"}}, "total_count": "1"}).path
    '$[*].case'
    """
    numbered = document.values() if isinstance(document, dict) and any(key.isdigit() for key in document) else ()
    found = Records(path="$[*]", items=tuple(item for item in numbered if isinstance(item, dict)))
    unwrapped = _unwrapped(found)
    if unwrapped is not found:
        return unwrapped
    plain = _plain_records(document)
    return _unwrapped(plain) if plain else None


def _unwrapped(found: Records) -> Records:
    """The records inside of objects that hold nothing else: [{"case": {...}}, {"case": {...}}]."""
    keys = {tuple(item) for item in found.items}
    key = next(iter(keys)) if len(keys) == 1 else ()
    inner = [item[key[0]] for item in found.items] if len(key) == 1 else []
    if not inner or found.path == "$" or not all(isinstance(item, dict) for item in inner):
        return found
    return Records(path=f"{found.path}.{key[0]}", items=tuple(inner)) if _PLAIN_KEY.fullmatch(key[0]) else found


def _plain_records(document: Any) -> Records | None:
    if isinstance(document, list):
        pages = [page for page in document if isinstance(page, dict)]
        inner = [_inner(page) for page in pages]
        if pages and all(inner) and len({found.path for found in inner if found}) == 1:
            items = tuple(item for found in inner if found for item in found.items)
            return Records(path=f"$[*]{inner[0].path[1:]}" if inner[0] else "$[*]", items=items)
        return Records(path="$[*]", items=tuple(pages)) if pages else None
    if not isinstance(document, dict):
        return None
    return _inner(document) or Records(path="$", items=(document,))


def nested_lists(records: tuple[dict[str, Any], ...]) -> list[str]:
    """Paths of lists of records inside of records: each may be a stream of its own."""
    found: dict[str, None] = {}
    for record in records[:200]:
        for path, value in _places(record, "", 0):
            is_records = isinstance(value, list) and value and all(isinstance(item, dict) for item in value)
            if is_records and not _value_key(value):
                found[f"{path}[*]"] = None
    return list(found)


def leaves_of(records: tuple[dict[str, Any], ...]) -> list[Leaf]:
    """Places of single values and of lists of them, in order of appearance."""
    found: dict[str, bool] = {}
    for record in records:
        for path, value in _places(record, "$", 0):
            if isinstance(value, list):
                key = _value_key(value)
                if key:
                    found[f"{path}[*].{key}"] = True
                elif value and not any(isinstance(item, dict | list) for item in value):
                    found[path] = True
            elif not isinstance(value, dict):
                found.setdefault(path, False)
    return [Leaf(path=path, is_list=is_list) for path, is_list in found.items()]


def _inner(document: dict[str, Any]) -> Records | None:
    """The longest list of records in a wrapper; none where the document is a record itself."""
    own = [value for value in document.values() if not isinstance(value, dict | list)]
    found = [(path, value) for path, value in _places(document, "$", 0) if _is_records(value)]
    if not found or len(own) > _FEW_SCALARS or _names_itself(document):
        return None
    path, value = max(found, key=lambda pair: len(pair[1]))
    items = value.values() if isinstance(value, dict) else value
    return Records(path=f"{path}[*]", items=tuple(item for item in items if isinstance(item, dict)))


def _names_itself(document: dict[str, Any]) -> bool:
    return any(key.casefold() in ("id", "uuid", "key") for key in document)


def _is_records(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(item, dict) for item in value)
    # records under their own numbers: {"0": {...}, "1": {...}}
    is_numbered = isinstance(value, dict) and len(value) >= _FEWEST_ENTRIES
    return is_numbered and all(key.isdigit() and isinstance(item, dict) for key, item in value.items())


def _places(value: dict[str, Any], path: str, depth: int) -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        here = f"{path}.{key}" if _PLAIN_KEY.fullmatch(key) else f"{path}['{key}']"
        if "'" in key:
            continue
        yield here, inner
        if isinstance(inner, dict) and depth < _DEEPEST and not _is_records(inner):
            yield from _places(inner, here, depth + 1)


def _value_key(items: list[Any]) -> str:
    """The key of lists such as [{"ID": "1", "VALUE": "anna@mail.example"}]; '' for other lists."""
    if not items or not all(isinstance(item, dict) for item in items):
        return ""
    return next((key for key in _VALUE_KEYS if all(key in item for item in items)), "")
