"""Object-centric event logs in XML: elements as records.

Memory holds one record, and for events the types of all objects.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element

from journey_mining.sources.delivered import Delivered
from journey_mining.sources.readers.faults import rejected
from journey_mining.sources.readers.safe_xml import RECORD_DEPTH, elements, local_name, refusing

_EXPECTED = "OCEL 2.0 in XML: <log> with <objects> and <events>"


def xml_events(delivered: Delivered) -> Iterator[dict[str, Any]]:
    """The events, in the order of the file."""
    types: dict[str | None, str | None] = {}
    for record in _records(delivered, frozenset({"event", "object"})):
        if local_name(record.tag) == "object":
            types[record.get("id")] = record.get("type")
            continue
        if not types:
            # events that come before the objects; they mostly come after
            types = {thing.get("id"): thing.get("type") for thing in _records(delivered, frozenset({"object"}))}
        yield {
            "id": record.get("id"),
            "type": record.get("type"),
            "time": record.get("time"),
            "attributes": {a.get("name", ""): a.text for a in _below(record, "attributes")},
            "relationships": [link | {"type": types.get(link["objectId"])} for link in _links(record)],
        }


def xml_objects(delivered: Delivered) -> Iterator[dict[str, Any]]:
    """The objects, in the order of the file."""
    for thing in _records(delivered, frozenset({"object"})):
        attributes = [
            {"name": a.get("name"), "time": a.get("time"), "value": a.text} for a in _below(thing, "attributes")
        ]
        yield {
            "id": thing.get("id"),
            "type": thing.get("type"),
            "attributes": attributes,
            "relationships": _links(thing),
        }


def _records(delivered: Delivered, wanted: frozenset[str]) -> Iterator[Element]:
    with refusing(delivered, _EXPECTED), delivered.open() as file:
        for what, depth, element in elements(file):
            name = local_name(element.tag)
            if depth == 1 and what == "start" and name != "log":
                raise rejected(delivered, "NO_RECORDS", "is XML of another kind", _EXPECTED)
            if what == "end" and depth == RECORD_DEPTH and name in wanted:
                yield element


def _below(record: Element, holder: str) -> Iterator[Element]:
    for part in record:
        if local_name(part.tag) == holder:
            yield from part


def _links(record: Element) -> list[dict[str, Any]]:
    """Objects that a record points to; older writers call the attribute `relationship`."""
    return [
        {
            "objectId": link.get("object-id", link.get("objectId")),
            "qualifier": link.get("qualifier", link.get("relationship")),
        }
        for link in _below(record, "objects")
    ]
