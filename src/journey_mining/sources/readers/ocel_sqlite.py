"""Object-centric event logs in SQLite: the tables of the standard as records, one type after the other."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from journey_mining.sources.delivered import Delivered
from journey_mining.sources.readers.cell_text import value_text
from journey_mining.sources.readers.faults import rejected
from journey_mining.sources.readers.sqlite import tables_of
from journey_mining.warehouse.duckdb_warehouse import quoted

_EXPECTED = "OCEL 2.0 in SQLite: event, object, event_object, event_map_type, object_map_type"
_NEEDED = ("event", "object", "event_object", "event_map_type", "object_map_type")
_OWN = frozenset({"ocel_id", "ocel_time", "ocel_changed_field"})


def database_events(delivered: Delivered, database: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """The events of every type."""
    for name, table in _types(delivered, database, "event"):
        names = _columns(database, table)
        rows = database.execute(
            "select one.ocel_id, link.ocel_object_id, link.ocel_qualifier, thing.ocel_type, "
            f"{_listed(names)} from event as one left join {quoted(table)} as own on own.ocel_id = one.ocel_id "
            "left join event_object as link on link.ocel_event_id = one.ocel_id "
            "left join object as thing on thing.ocel_id = link.ocel_object_id "
            "where one.ocel_type = ? order by one.ocel_id, link.rowid",
            [name],
        )
        for _, group in groupby(rows, key=lambda row: row[0]):
            yield _event(name, names, list(group))


def database_objects(delivered: Delivered, database: sqlite3.Connection) -> Iterator[dict[str, Any]]:
    """The objects of every type, with what their attributes were at which time."""
    for name, table in _types(delivered, database, "object"):
        names = _columns(database, table)
        links = _object_links(database, name)
        rows = database.execute(
            f"select one.ocel_id, {_listed(names)} from object as one "
            f"left join {quoted(table)} as own on own.ocel_id = one.ocel_id "
            "where one.ocel_type = ? order by one.ocel_id, own.rowid",
            [name],
        )
        for own_id, group in groupby(rows, key=lambda row: row[0]):
            values = [dict(zip(names, row[1:], strict=True)) for row in group]
            yield {
                "id": value_text(own_id),
                "type": name,
                "attributes": [attribute for row in values for attribute in _attributes(row)],
                "relationships": links.get(own_id, []),
            }


def _event(name: str, names: list[str], rows: list[Any]) -> dict[str, Any]:
    values = dict(zip(names, rows[0][4:], strict=True))
    links = [
        {"objectId": value_text(row[1]), "qualifier": row[2], "type": row[3]} for row in rows if row[1] is not None
    ]
    return {
        "id": value_text(rows[0][0]),
        "type": name,
        "time": value_text(values.get("ocel_time")),
        "attributes": {key: value_text(v) for key, v in values.items() if key not in _OWN and v is not None},
        "relationships": links,
    }


def _attributes(row: dict[str, Any]) -> list[dict[str, Any]]:
    """What one row says: all attributes of an object at first, later the one that changed."""
    changed = row.get("ocel_changed_field")
    return [
        {"name": name, "time": value_text(row.get("ocel_time")), "value": value_text(value)}
        for name, value in row.items()
        if name not in _OWN and value is not None and changed in (None, name)
    ]


def _types(delivered: Delivered, database: sqlite3.Connection, kind: str) -> list[tuple[str, str]]:
    """Each type and the table of its attributes."""
    there = set(tables_of(database))
    if not there.issuperset(_NEEDED):
        raise rejected(delivered, "NO_RECORDS", "is a database of another kind", _EXPECTED)
    rows = database.execute(f"select ocel_type, ocel_type_map from {quoted(kind + '_map_type')} order by ocel_type")
    found = [(str(name), f"{kind}_{mapped}") for name, mapped in rows]
    if not there.issuperset(table for _, table in found):
        raise rejected(delivered, "NO_RECORDS", "names types that have no table", _EXPECTED)
    return found


def _columns(database: sqlite3.Connection, table: str) -> list[str]:
    return [str(column[0]) for column in database.execute(f"select * from {quoted(table)} limit 0").description]


def _listed(names: list[str]) -> str:
    return ", ".join(f"own.{quoted(name)}" for name in names)


def _object_links(database: sqlite3.Connection, name: str) -> dict[Any, list[dict[str, Any]]]:
    found: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    if "object_object" in tables_of(database):
        rows = database.execute(
            "select link.ocel_source_id, link.ocel_target_id, link.ocel_qualifier from object_object as link "
            "inner join object as one on one.ocel_id = link.ocel_source_id where one.ocel_type = ? order by link.rowid",
            [name],
        )
        for source, target, qualifier in rows:
            found[source].append({"objectId": value_text(target), "qualifier": qualifier})
    return found
