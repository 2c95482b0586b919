"""A world of identity tests is a list of lines such as "crm b24_contact:1 email:a@x.example"."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pyarrow as pa

from journey_mining.project import Project, Settings
from journey_mining.project.overrides import Override, Overrides
from journey_mining.warehouse import Warehouse
from journey_support import project
from support import NOON, given, rows_of

_TEXT = pa.string()
_DEMO = Settings.model_validate({"privacy": {"public_demo_key": True}})


def write_sightings(warehouse: Warehouse, lines: Iterable[str]) -> None:
    """Each line is an event, an hour after the one before.

    `!reason` behind an identifier blocks it; `exclude=bot` excludes the event, `is=contact_merged` names its kind,
    `company=5` says of which company it is. Addresses such as a@firm.example are of the company firm.example.
    """
    events: list[tuple[Any, ...]] = []
    identifiers: list[tuple[Any, ...]] = []
    companies: list[tuple[Any, ...]] = []
    for number, line in enumerate(lines):
        source, *words = line.split()
        marks = dict(word.split("=", 1) for word in words if "=" in word)
        event_id = f"e{number:06d}"
        events.append(
            (event_id, source, NOON + timedelta(hours=number), marks.get("exclude"), marks.get("is", "visit"))
        )
        companies += [(event_id, "company", marks.get("company"), "account")] * ("company" in marks)
        for word in words:
            if "=" not in word:
                kind, _, value = word.partition(":")
                plain, _, reason = value.partition("!")
                identifiers.append((event_id, kind, plain, reason or None))
    given(warehouse, "event", "event_id source occurred_at exclude event_kind", events, exclude=_TEXT, event_kind=_TEXT)
    given(warehouse, "event_identifier", "event_id kind value blocked_reason", identifiers, blocked_reason=_TEXT)
    given(warehouse, "event_object", "event_id object_type object_id qualifier", companies, object_id=_TEXT)
    mails = sorted({(value, value.rpartition("@")[2]) for _, kind, value, _ in identifiers if "@" in value})
    given(warehouse, "email_domain", "value domain", mails, value=_TEXT, domain=_TEXT)


def a_project(*, merge: Iterable[str] = (), split: Iterable[str] = ()) -> Project:
    """A project of which the step needs the overrides, written as "b24_contact:1 = email:x@y.example", and a key."""
    found = {
        table: tuple(_override(f"[[{table}]] {no}", pair) for no, pair in enumerate(pairs, start=1))
        for table, pairs in (("merge", merge), ("split", split))
    }
    return replace(project(), settings=_DEMO, overrides=Overrides(**found))


def _override(place: str, pair: str) -> Override:
    a, b = (tuple(side.split(":", 1)) for side in pair.split(" = "))
    return Override(a=(a[0], a[1]), b=(b[0], b[1]), reason="known", place=place)


def people(warehouse: Warehouse) -> list[set[str]]:
    """The persons as sets of "kind:value", sorted."""
    groups: dict[str, set[str]] = {}
    for person, kind, value in rows_of(warehouse, "person_identifier", "person_id kind value"):
        groups.setdefault(person, set()).add(f"{kind}:{value}")
    return sorted(groups.values(), key=sorted)
