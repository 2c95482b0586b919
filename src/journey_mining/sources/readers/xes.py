"""XES event logs (IEEE 1849), plain or packed: one record an event, with the attributes of its trace.

In: a delivered log. Out: (number of the event, Branch) where the value is `{"trace": {...}, "event": {...}}` and the
parent holds the trace; `$#` is the number of the event within its trace. Values are the text of the log. Attributes
inside of attributes stand beside them under "outer/inner"; lists become JSON lists. Defaults that a log declares for
all (`global`) say how values look, not what they are, and are left out. Memory holds one trace.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from journey_mining.sources.batches import RowFault
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.json_path import Branch
from journey_mining.sources.readers.faults import rejected
from journey_mining.sources.readers.local_copy import first_bytes
from journey_mining.sources.readers.records import Record
from journey_mining.sources.readers.safe_xml import elements, local_name, refusing
from journey_mining.sources.spec import Stream

_EXPECTED = "an XES log: <log> with <trace> and <event>"
_PLAIN = frozenset({"string", "date", "int", "float", "boolean", "id"})
_LISTS = frozenset({"list", "container"})
_IN_LOG, _IN_TRACE = 2, 3
"""depth of what stands directly in the log, and directly in a trace"""
_MOST_WAITING = 50_000
"""events of one trace that are held back until the trace ends"""


def read(delivered: Delivered, stream: Stream, encoding: str) -> Iterator[Record | RowFault]:  # noqa: ARG001 - XML knows
    """The events of all traces, and those outside of any.

    Raises:
        FileRejectedError: empty, no XES, cut short, or with entities.
    """
    if not first_bytes(delivered, 1):
        raise rejected(delivered, "EMPTY_FILE", "is empty", _EXPECTED)
    number = 0
    with refusing(delivered, _EXPECTED), delivered.open() as file:
        for trace, place, event in _events(delivered, file):
            number += 1
            yield number, Branch({"trace": trace, "event": event}, Branch(trace), place)


def _events(delivered: Delivered, file: Any) -> Iterator[tuple[dict[str, Any], int, dict[str, Any]]]:
    """Events with their trace and their place in it; a trace may name itself after its events."""
    trace: dict[str, Any] = {}
    waiting: list[dict[str, Any]] = []
    given = 0
    is_inside = False
    for what, depth, element in elements(file, whole=frozenset({"event"})):
        name = local_name(element.tag)
        if depth == 1 and what == "start" and name != "log":
            raise rejected(delivered, "NO_RECORDS", "is XML of another kind", _EXPECTED)
        if name == "trace" and depth == _IN_LOG:
            if what == "end":
                yield from ((trace, given + i, event) for i, event in enumerate(waiting))
            trace, waiting, given, is_inside = {}, [], 0, what == "start"
        elif what == "end" and name == "event" and depth in (_IN_LOG, _IN_TRACE):
            waiting.append(attributes_of(element))
            if depth == _IN_LOG or len(waiting) >= _MOST_WAITING:
                yield from ((trace, given + i, event) for i, event in enumerate(waiting))
                waiting, given = [], given + len(waiting)
        elif what == "end" and is_inside and depth == _IN_TRACE and name in _PLAIN | _LISTS:
            _add(trace, element, "")


def attributes_of(element: Element) -> dict[str, Any]:
    """The attributes below an element, by key; nested ones under "outer/inner"."""
    found: dict[str, Any] = {}
    for child in element:
        _add(found, child, "")
    return found


def _add(found: dict[str, Any], element: Element, prefix: str) -> None:
    name, key = local_name(element.tag), element.get("key")
    if key is None or name not in _PLAIN | _LISTS:
        return
    key = f"{prefix}{key}"
    if name in _LISTS:
        found[key] = _items(element)
        return
    found[key] = element.get("value")
    for child in element:
        _add(found, child, f"{key}/")


def _items(element: Element) -> list[Any]:
    """What a list holds, in either version of the standard; a list of lists is flat."""
    return [child.get("value") for child in element.iter() if local_name(child.tag) in _PLAIN]
