"""Object-centric logs, OCEL 2.0, in JSON and XML: written piece by piece."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import IO, Any
from xml.sax.saxutils import escape

from journey_mining.event_logs.cases import LogSource
from journey_mining.event_logs.objects import EVENT_ATTRIBUTES, Happening, Thing, happenings, object_types, things
from journey_mining.event_logs.texts import BEGINNING, attribute, time_text


def write_ocel_json(source: LogSource, target: IO[bytes]) -> int:
    """Write the log as JSON; the number of events."""
    counted = _Counted(happenings(source))
    target.write(b'{"objectTypes": ')
    target.write(_json([_json_type(name, own) for name, own in sorted(object_types(source).items())]))
    target.write(b',\n"eventTypes": ')
    target.write(_json([_json_type(name, EVENT_ATTRIBUTES) for name in source.activities()]))
    target.write(b',\n"objects": [')
    _write_list(target, (_json_thing(thing) for thing in things(source)))
    target.write(b'],\n"events": [')
    _write_list(target, (_json_event(happening) for happening in counted))
    target.write(b"]}\n")
    return counted.count


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _write_list(target: IO[bytes], items: Iterable[Any]) -> None:
    for number, item in enumerate(items):
        target.write(b",\n" if number else b"\n")
        target.write(_json(item))


def _json_type(name: str, attributes: Iterable[str]) -> dict[str, Any]:
    return {"name": name, "attributes": [{"name": own, "type": "string"} for own in attributes]}


def _json_thing(thing: Thing) -> dict[str, Any]:
    attributes = [{"name": name, "time": BEGINNING, "value": value} for name, value in thing.attributes.items()]
    return {"id": thing.id, "type": thing.type, "attributes": attributes, "relationships": _json_links(thing.links)}


def _json_event(happening: Happening) -> dict[str, Any]:
    return {
        "id": happening.event.event_id,
        "type": happening.event.activity,
        "time": time_text(happening.event.occurred_at),
        "attributes": [{"name": name, "value": value} for name, value in happening.attributes.items()],
        "relationships": _json_links(happening.links),
    }


def _json_links(links: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"objectId": other, "qualifier": qualifier} for other, qualifier in links]


def write_ocel_xml(source: LogSource, target: IO[bytes]) -> int:
    """Write the log as XML; the number of events."""
    counted = _Counted(happenings(source))
    target.write(b'<?xml version="1.0" encoding="UTF-8"?>\n<log>\n<object-types>\n')
    for name, own in sorted(object_types(source).items()):
        target.write(_xml_type("object-type", name, own))
    target.write(b"</object-types>\n<event-types>\n")
    for name in source.activities():
        target.write(_xml_type("event-type", name, EVENT_ATTRIBUTES))
    target.write(b"</event-types>\n<objects>\n")
    for thing in things(source):
        target.write(_xml_thing(thing))
    target.write(b"</objects>\n<events>\n")
    for happening in counted:
        target.write(_xml_event(happening))
    target.write(b"</events>\n</log>\n")
    return counted.count


def _xml_type(tag: str, name: str, attributes: Iterable[str]) -> bytes:
    own = "".join(f'<attribute name="{each}" type="string"/>' for each in attributes)
    return f"<{tag} name={attribute(name)}><attributes>{own}</attributes></{tag}>\n".encode()


def _xml_thing(thing: Thing) -> bytes:
    values = "".join(
        f'<attribute name="{name}" time="{BEGINNING}">{escape(value)}</attribute>'
        for name, value in thing.attributes.items()
    )
    head = f"<object id={attribute(thing.id)} type={attribute(thing.type)}>"
    return f"{head}<attributes>{values}</attributes>{_xml_links(thing.links)}</object>\n".encode()


def _xml_event(happening: Happening) -> bytes:
    event = happening.event
    values = "".join(
        f'<attribute name="{name}">{escape(value)}</attribute>' for name, value in happening.attributes.items()
    )
    head = (
        f'<event id={attribute(event.event_id)} type={attribute(event.activity)} time="{time_text(event.occurred_at)}">'
    )
    return f"{head}<attributes>{values}</attributes>{_xml_links(happening.links)}</event>\n".encode()


def _xml_links(links: Iterable[tuple[str, str]]) -> str:
    each = "".join(
        f"<relationship object-id={attribute(other)} qualifier={attribute(qualifier)}/>" for other, qualifier in links
    )
    return f"<objects>{each}</objects>"


class _Counted:
    """Events, counted while they pass."""

    def __init__(self, events: Iterable[Happening]) -> None:
        self._events = events
        self.count = 0

    def __iter__(self) -> Iterator[Happening]:
        for event in self._events:
            self.count += 1
            yield event
