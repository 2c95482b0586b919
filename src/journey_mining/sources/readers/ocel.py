"""Object-centric event logs (OCEL 2.0, and 1.0 in JSON): JSON, XML or SQLite, told by content.

In: a delivered log. Out: (number, Branch): events, objects or links, as `ocel.records` of the spec says, the same for
all three:

- an event: `{"id", "type", "time", "attributes": {name: value}, "relationships": [{"objectId", "qualifier", "type"}]}`
- a link of an event to an object: `{"event", "objectId", "type", "qualifier"}`
- an object: `{"id", "type", "attributes": [{"name", "time", "value"}], "relationships": [{"objectId", "qualifier"}]}`
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

from journey_mining.sources.batches import RowFault
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.json_path import Branch
from journey_mining.sources.json_text import parse_json
from journey_mining.sources.readers.faults import rejected
from journey_mining.sources.readers.local_copy import first_bytes
from journey_mining.sources.readers.ocel_sqlite import database_events, database_objects
from journey_mining.sources.readers.ocel_xml import xml_events, xml_objects
from journey_mining.sources.readers.records import Record
from journey_mining.sources.readers.sqlite import MAGIC, opened
from journey_mining.sources.spec import Stream

EXPECTED = "an OCEL log: JSON with events and objects, XML with <log>, or SQLite with the tables event and object"
_CLASSIC = "ocel:"
"""prefix of all keys in JSON of version 1.0"""


def read(delivered: Delivered, stream: Stream, encoding: str) -> Iterator[Record | RowFault]:  # noqa: ARG001 - always UTF-8
    """The events, the objects or the links of the log.

    Raises:
        FileRejectedError: empty, of another kind, cut short, or with entities.
    """
    start = first_bytes(delivered, 64)
    if not start.strip():
        raise rejected(delivered, "EMPTY_FILE", "is empty", EXPECTED)
    wanted = stream.ocel.records
    records = _records(delivered, start, is_events=wanted != "objects")
    for number, record in enumerate(_links_of(records) if wanted == "links" else records, start=1):
        yield number, Branch(record)


def _links_of(events: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for event in events:
        yield from ({"event": event["id"], **link} for link in event["relationships"])


def _records(delivered: Delivered, start: bytes, *, is_events: bool) -> Iterator[dict[str, Any]]:
    if start.startswith(MAGIC):
        with opened(delivered) as database:
            yield from (database_events if is_events else database_objects)(delivered, database)
    elif start.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        yield from (xml_events if is_events else xml_objects)(delivered)
    else:
        document = _document(delivered)
        yield from _json_events(document) if is_events else _json_objects(document)


def _document(delivered: Delivered) -> dict[str, Any]:
    try:
        with delivered.open() as file, io.TextIOWrapper(file, encoding="utf-8-sig") as text:
            document = parse_json(text.read())
    except UnicodeDecodeError as fault:
        raise rejected(delivered, "BAD_ENCODING", "is not written in UTF-8", EXPECTED) from fault
    except ValueError as fault:
        raise rejected(delivered, "MALFORMED_JSON", "is not complete JSON", EXPECTED) from fault
    if not isinstance(document, dict) or not ({"events", f"{_CLASSIC}events"} & document.keys()):
        raise rejected(delivered, "NO_RECORDS", "is JSON of another kind", EXPECTED)
    return document


def _json_events(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    types = {record["id"]: record["type"] for record in _json_objects(document)}
    for event in _items(document, "events"):
        links = _links(event.get("relationships") or event.get("typedOmap"))
        links = links or [{"objectId": item, "qualifier": ""} for item in event.get("omap") or ()]
        yield {
            "id": event.get("id"),
            "type": event.get("type") or event.get("activity"),
            "time": event.get("time") or event.get("timestamp"),
            "attributes": _by_name(event.get("attributes") or event.get("vmap")),
            "relationships": [link | {"type": types.get(link["objectId"])} for link in links],
        }


def _json_objects(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for thing in _items(document, "objects"):
        attributes = thing.get("attributes")
        if attributes is None:
            attributes = [{"name": name, "value": value} for name, value in (thing.get("ovmap") or {}).items()]
        yield {
            "id": thing.get("id"),
            "type": thing.get("type"),
            "attributes": [{k: a.get(k) for k in ("name", "time", "value")} for a in attributes],
            "relationships": _links(thing.get("relationships") or thing.get("o2o")),
        }


def _items(document: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """The events or objects: a list, or in version 1.0 an object of objects by id."""
    found = document.get(name, document.get(f"{_CLASSIC}{name}"))
    pairs = found.items() if isinstance(found, dict) else ((None, item) for item in found or ())
    for own_id, item in pairs:
        if isinstance(item, dict):
            yield {"id": own_id} | {key.removeprefix(_CLASSIC): value for key, value in item.items()}


def _by_name(attributes: Any) -> dict[str, Any]:
    if isinstance(attributes, dict):
        return attributes
    return {str(a.get("name")): a.get("value") for a in attributes or () if isinstance(a, dict)}


def _links(relationships: Any) -> list[dict[str, Any]]:
    found = []
    for link in relationships or ():
        other = link.get("objectId", link.get(f"{_CLASSIC}oid"))
        found.append({"objectId": other, "qualifier": link.get("qualifier", link.get(f"{_CLASSIC}qualifier"))})
    return found
