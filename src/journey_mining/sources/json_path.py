"""The JSON paths that specs need, over documents and over the records found in them.

| step | meaning |
|---|---|
| `.a`, `['odd name']` | the value of a key |
| `[0]` | an item of a list |
| `[field=value]` | the first item of a list whose field, as text, equals the value |
| `[*]` | all items of a list, or all values of an object |
| `{*}` | the entries of an object, as `{"key": ..., "value": ...}` |
| `$^`, `$^^` | the record that holds this one, and the one above |
| `$#` | the number of this record among those of its parent, from 0 |
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

_STEP = re.compile(
    r"""\.(?P<key>[^.\[\]{}]+) | \['(?P<odd>[^']+)'\] | (?P<every>\[\*\]) | (?P<entries>\{\*\})
    | \[(?P<index>\d+)\] | \[(?P<field>[^=\[\]]+)=(?P<value>[^\]]*)\]""",
    re.VERBOSE,
)
_START = re.compile(r"\$?(?P<up>\^*)(?P<number>#)?")


@dataclass(frozen=True, slots=True)
class Branch:
    """A place in a document: a record, and the records that hold it."""

    value: Any
    parent: Branch | None = None
    number: int = 0
    """place among the records of its parent, from 0"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a path; exactly one of its parts is set."""

    key: str | None = None
    index: int | None = None
    match: tuple[str, str] | None = None
    is_every: bool = False
    is_entries: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """A path, read."""

    up: int
    """how many records above the present one it begins"""
    is_number: bool
    """asks for the number of the record"""
    steps: tuple[Step, ...]

    @property
    def first_key(self) -> str | None:
        """The key of the record that the path reads from; none where it reads from another record."""
        return self.steps[0].key if self.steps and not self.up else None

    @property
    def begins_with_every(self) -> bool:
        """Whether it runs over the document itself."""
        return bool(self.steps) and self.steps[0].is_every


@lru_cache(maxsize=4_096)
def parse_path(text: str) -> Path:
    """The path that a text says.

    Raises:
        ValueError: it cannot be read.

    >>> parse_path("$.result.items[*]").steps[0].key
    'result'
    >>> parse_path("$^.id").up
    1
    """
    start = _START.match(text)
    place = start.end() if start else 0
    if text[place:] and text[place] not in ".[{":
        text = f"{text[:place]}.{text[place:]}"
    steps = []
    while place < len(text):
        match = _STEP.match(text, place)
        if match is None:
            message = f"{text!r} is no path: what begins at character {place + 1} is no step such as .key, [*] or [0]"
            raise ValueError(message)
        steps.append(_step(match))
        place = match.end()
    return Path(up=len(start["up"]) if start else 0, is_number=bool(start and start["number"]), steps=tuple(steps))


def _step(match: re.Match[str]) -> Step:
    if match["key"] or match["odd"]:
        return Step(key=match["key"] or match["odd"])
    if match["index"]:
        return Step(index=int(match["index"]))
    if match["field"]:
        return Step(match=(match["field"], match["value"]))
    return Step(is_every=bool(match["every"]), is_entries=bool(match["entries"]))


def dig(document: Any, path: str) -> Any:
    """The value at `path` of a document; a list where the path has `[*]` or `{*}`, None where nothing is there."""
    return getter(path)(Branch(document))


@lru_cache(maxsize=4_096)
def getter(path: str) -> Callable[[Branch], Any]:
    """A function from a record to the value at `path`."""
    parsed = parse_path(path)
    key = parsed.first_key
    if key is not None and len(parsed.steps) == 1:
        return lambda branch: branch.value.get(key) if isinstance(branch.value, dict) else None
    return lambda branch: _value(branch, parsed)


def only_key(path: str) -> str | None:
    """The key where the path is nothing but one key of the record itself."""
    parsed = parse_path(path)
    return parsed.first_key if len(parsed.steps) == 1 else None


def find(document: Any, path: str) -> list[Branch] | None:
    """The records at `path`, each with the records that hold it; None where the document has no such place.

    Items of lists that are no objects are among them, for the caller to complain of; plain values beside the objects
    of an object (`{"0": {...}, "total_count": 1}`) are no records.
    """
    parsed = parse_path(path)
    if not _is_there(document, parsed.steps):
        return None
    found = list(_walk(Branch(document), parsed.steps, only_objects=True))
    # the message of an error is an object too: one whose values lead nowhere has not the place asked for
    may_be_empty = not (isinstance(document, dict) and parsed.begins_with_every)
    if isinstance(document, list) and parsed.begins_with_every and len(parsed.steps) > 1:
        # a list of pages has the place if one of its pages has; a plain list of records has not
        may_be_empty = not document or any(_is_there(page, parsed.steps[1:]) for page in document)
    is_record = any(isinstance(branch.value, dict) for branch in found)
    return found if is_record or (may_be_empty and not found) else None


def text_of(value: Any) -> str | None:
    """A JSON value as the text of a cell; containers stay JSON."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _value(branch: Branch, path: Path) -> Any:
    start: Branch | None = branch
    for _ in range(path.up):
        start = start.parent if start else None
    if start is None:
        return None
    if path.is_number:
        return start.number
    found = [item.value for item in _walk(start, path.steps) if item.value is not None]
    if not found:
        return None
    return found if any(step.is_every or step.is_entries for step in path.steps) else found[0]


def _walk(branch: Branch, steps: tuple[Step, ...], *, only_objects: bool = False) -> Iterator[Branch]:
    value = branch.value
    for place, step in enumerate(steps):
        items = _items(value, step, only_objects=only_objects)
        if items is not None:
            # what holds the items is the record as far as it has been walked into
            for number, item in enumerate(items):
                yield from _walk(Branch(item, branch, number), steps[place + 1 :], only_objects=only_objects)
            return
        value = _one(value, step)
        if value is None:
            return
    yield branch if value is branch.value else Branch(value, branch.parent, branch.number)


def _items(value: Any, step: Step, *, only_objects: bool) -> list[Any] | None:
    """What `[*]` and `{*}` run over; None for the steps that lead to one value."""
    if step.is_every:
        if isinstance(value, dict):
            return [item for item in value.values() if not only_objects or isinstance(item, dict | list)]
        return value if isinstance(value, list) else []
    if step.is_entries:
        entries = value.items() if isinstance(value, dict) else ()
        return [{"key": key, "value": item} for key, item in entries]
    return None


def _one(value: Any, step: Step) -> Any:
    if isinstance(value, dict):
        return value.get(step.key) if step.key is not None else None
    if isinstance(value, list):
        if step.index is not None:
            return value[step.index] if step.index < len(value) else None
        if step.match is not None:
            field, wanted = step.match
            return next((i for i in value if isinstance(i, dict) and text_of(i.get(field)) == wanted), None)
    return None


def _is_there(value: Any, steps: tuple[Step, ...]) -> bool:
    """Whether the document has the first place that the path runs over, or the one place that it names."""
    for step in steps:
        if step.is_every:
            # `$[*]` alone is a document that is a list: the values of any object would pass for records
            return isinstance(value, list) or (isinstance(value, dict) and len(steps) > 1)
        if step.is_entries:
            return isinstance(value, dict)
        value = _one(value, step)
        if value is None:
            return False
    return isinstance(value, dict)
