"""What the object-centric logs have in common: types, objects and links of a project's journeys.

The journey and its person are objects as deals and tickets are; ids carry their type, because deal 7 is not ticket 7.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from journey_mining.event_logs.cases import LogCase, LogEvent, LogSource
from journey_mining.event_logs.texts import case_attributes, event_attributes

JOURNEY, PERSON = "journey", "person"
JOURNEY_ATTRIBUTES = ("ending", "furthest_stage", "segment")
EVENT_ATTRIBUTES = ("actor_type", "channel", "event_kind", "source", "stage")


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """An object of the log."""

    id: str
    type: str
    attributes: dict[str, str]
    links: tuple[tuple[str, str], ...] = ()
    """(id, qualifier) of other objects"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """An event of the log."""

    event: LogEvent
    attributes: dict[str, str]
    links: tuple[tuple[str, str], ...]
    """(id, qualifier) of objects, each pair once"""


def object_types(source: LogSource) -> dict[str, tuple[str, ...]]:
    """Each type of object and the attributes that objects of it have."""
    others = dict.fromkeys(source.object_types(), ())
    return others | {JOURNEY: JOURNEY_ATTRIBUTES, PERSON: ()}


def things(source: LogSource) -> Iterator[Thing]:
    """Every object: journeys, persons, and what events are about."""
    for case in source.cases():
        yield Thing(
            id=object_id(JOURNEY, case.journey_id),
            type=JOURNEY,
            attributes=case_attributes(case),
            links=((object_id(PERSON, case.person_id), "of"),),
        )
    for person_id in source.persons():
        yield Thing(id=object_id(PERSON, person_id), type=PERSON, attributes={})
    for name in source.object_types():
        for thing_id in source.objects(name):
            yield Thing(id=object_id(name, thing_id), type=name, attributes={})


def happenings(source: LogSource) -> Iterator[Happening]:
    """Every event with what it is about."""
    for case in source.cases(links=True):
        for event in case.events:
            yield _happening(case, event)


def _happening(case: LogCase, event: LogEvent) -> Happening:
    own = [(object_id(JOURNEY, case.journey_id), "step of"), (object_id(PERSON, case.person_id), "of")]
    others = [(object_id(link.object_type, link.object_id), link.qualifier) for link in event.links]
    attributes = event_attributes(event) | ({"actor_type": event.actor_type} if event.actor_type else {})
    return Happening(event=event, attributes=attributes, links=tuple(dict.fromkeys([*own, *others])))


def object_id(object_type: str, own_id: str) -> str:
    """The id of an object among objects of all types.

    >>> object_id("deal", "7")
    'deal:7'
    """
    return f"{object_type}:{own_id}"
