"""Object-centric logs, OCEL 2.0, as an SQLite database with the tables, keys and types of the standard."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from journey_mining.event_logs.cases import LogSource
from journey_mining.event_logs.objects import EVENT_ATTRIBUTES, Happening, Thing, happenings, object_types, things
from journey_mining.event_logs.texts import BEGINNING, time_text

_RESERVED = ("object", "map_type")
"""names of types whose tables would be event_object, object_map_type and the like"""
_TABLES = """
create table event_map_type (ocel_type text primary key, ocel_type_map text);
create table object_map_type (ocel_type text primary key, ocel_type_map text);
create table event (ocel_id text primary key, ocel_type text,
    foreign key (ocel_type) references event_map_type (ocel_type));
create table object (ocel_id text primary key, ocel_type text,
    foreign key (ocel_type) references object_map_type (ocel_type));
create table event_object (ocel_event_id text, ocel_object_id text, ocel_qualifier text,
    primary key (ocel_event_id, ocel_object_id, ocel_qualifier),
    foreign key (ocel_event_id) references event (ocel_id), foreign key (ocel_object_id) references object (ocel_id));
create table object_object (ocel_source_id text, ocel_target_id text, ocel_qualifier text,
    primary key (ocel_source_id, ocel_target_id, ocel_qualifier),
    foreign key (ocel_source_id) references object (ocel_id), foreign key (ocel_target_id) references object (ocel_id));
"""


def write_ocel_sqlite(source: LogSource, target: Path) -> int:
    """Write the log as a database; the number of events."""
    target.unlink(missing_ok=True)
    types = object_types(source)
    event_tables, object_tables = table_names(source.activities()), table_names(sorted(types))
    with closing(sqlite3.connect(target, isolation_level=None)) as database:
        # nobody else reads the file before it is whole
        database.executescript("pragma journal_mode = off; pragma synchronous = off; begin;" + _TABLES)
        _make_types(database, "event", event_tables, dict.fromkeys(event_tables, EVENT_ATTRIBUTES))
        _make_types(database, "object", object_tables, types)
        for thing in things(source):
            _add_thing(database, object_tables[thing.type], thing, types[thing.type])
        count = 0
        for happening in happenings(source):
            _add_event(database, event_tables[happening.event.activity], happening)
            count += 1
        database.execute("commit")
    return count


def table_names(types: Iterable[str]) -> dict[str, str]:
    """A name for the table of each type: letters, digits and _, each once whatever its case.

    >>> table_names(["Visit site", "visit_site", "Счёт", "object"])
    {'Visit site': 'Visit_site', 'visit_site': 'visit_site_2', 'Счёт': 'type', 'object': 'object_2'}
    """
    names: dict[str, str] = {}
    used = set(_RESERVED)
    for each in types:
        base = re.sub(r"[^A-Za-z0-9]+", "_", each).strip("_") or "type"
        name, number = base, 2
        while name.casefold() in used:
            name, number = f"{base}_{number}", number + 1
        used.add(name.casefold())
        names[each] = name
    return names


def _make_types(
    database: sqlite3.Connection,
    kind: str,
    tables: dict[str, str],
    attributes: dict[str, tuple[str, ...]],
) -> None:
    # an event happens once; an object has a row for each change of it
    own_key, more = (" primary key", "") if kind == "event" else ("", ", ocel_changed_field text")
    for name, table in tables.items():
        own = "".join(f', "{each}" text' for each in attributes[name])
        database.execute(f'insert into "{kind}_map_type" values (?, ?)', [name, table])
        database.execute(
            f'create table "{kind}_{table}" (ocel_id text{own_key}, ocel_time timestamp{more}{own}, '
            f"foreign key (ocel_id) references {kind} (ocel_id))"
        )


def _add_thing(database: sqlite3.Connection, table: str, thing: Thing, names: tuple[str, ...]) -> None:
    database.execute("insert into object values (?, ?)", [thing.id, thing.type])
    values = [thing.id, BEGINNING, None, *(thing.attributes.get(name) for name in names)]
    database.execute(f'insert into "object_{table}" values ({_marks(values)})', values)
    links = [(thing.id, other, qualifier) for other, qualifier in thing.links]
    database.executemany("insert into object_object values (?, ?, ?)", links)


def _add_event(database: sqlite3.Connection, table: str, happening: Happening) -> None:
    event = happening.event
    database.execute("insert into event values (?, ?)", [event.event_id, event.activity])
    told = [happening.attributes.get(name) for name in EVENT_ATTRIBUTES]
    values = [event.event_id, time_text(event.occurred_at), *told]
    database.execute(f'insert into "event_{table}" values ({_marks(values)})', values)
    links = [(event.event_id, other, qualifier) for other, qualifier in happening.links]
    database.executemany("insert into event_object values (?, ?, ?)", links)


def _marks(values: list[str | None]) -> str:
    return ", ".join("?" for _ in values)
