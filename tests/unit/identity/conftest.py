"""A world of identity tests is a list of lines such as "crm b24_contact:1 email:a@x.example"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any

import pyarrow as pa
import pytest

from journey_mining.identity import stitch
from journey_mining.project import Project
from journey_mining.warehouse import Warehouse
from support import NOON, given, rows_of

_TEXT = pa.string()


def write_sightings(warehouse: Warehouse, lines: Iterable[str]) -> None:
    """Each line is an event; `!reason` behind an identifier blocks it, `exclude=bot` excludes the event."""
    events: list[tuple[Any, ...]] = []
    identifiers: list[tuple[Any, ...]] = []
    for number, line in enumerate(lines):
        source, *words = line.split()
        excluded = [word.removeprefix("exclude=") for word in words if word.startswith("exclude=")]
        event_id = f"e{number:06d}"
        events.append((event_id, source, NOON + timedelta(hours=number), (excluded or [None])[0]))
        for word in words:
            if not word.startswith("exclude="):
                kind, _, value = word.partition(":")
                plain, _, reason = value.partition("!")
                identifiers.append((event_id, kind, plain, reason or None))
    given(warehouse, "event", "event_id source occurred_at exclude", events, exclude=_TEXT)
    given(warehouse, "event_identifier", "event_id kind value blocked_reason", identifiers, blocked_reason=_TEXT)


@pytest.fixture
def persons(warehouse: Warehouse) -> Callable[..., list[set[str]]]:
    """Stitches lines and returns the persons as sets of "kind:value", sorted."""

    def stitched(*lines: str) -> list[set[str]]:
        write_sightings(warehouse, lines)
        stitch(warehouse, a_project())
        groups: dict[str, set[str]] = {}
        for person, kind, value in rows_of(warehouse, "person_identifier", "person_id kind value"):
            groups.setdefault(person, set()).add(f"{kind}:{value}")
        return sorted(groups.values(), key=sorted)

    return stitched


def a_project() -> Project:
    return Project.__new__(Project)


@pytest.fixture
def write() -> Callable[[Warehouse, Iterable[str]], None]:
    return write_sightings
