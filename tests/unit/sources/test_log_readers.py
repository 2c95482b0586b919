"""Event logs (XES, OCEL) as a source reads them: literal records."""

from __future__ import annotations

import gzip
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from journey_mining.errors import FileRejectedError
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.readers import ocel, xes
from journey_mining.sources.spec import Stream

READERS = {"xes": xes, "ocel": ocel}
XES = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="2.0" xmlns="http://www.xes-standard.org/">
 <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
 <global scope="event"><string key="concept:name" value="UNKNOWN"/></global>
 <classifier name="Activity" keys="concept:name lifecycle:transition"/>
 <string key="source" value="test"/>
 <trace>
  <string key="concept:name" value="c1"><string key="kind" value="order"/></string>
  <event>
   <string key="concept:name" value="Звонок"/>
   <date key="time:timestamp" value="2026-04-01T10:00:00.000+03:00"/>
   <string key="lifecycle:transition" value="start"/>
   <list key="tags"><values><string key="tag" value="a"/><string key="tag" value="b"/></values></list>
  </event>
  <event><string key="concept:name" value="Счёт"/><int key="sum" value="143891273618273698"/></event>
  <string key="late" value="yes"/>
 </trace>
 <event><string key="concept:name" value="alone"/></event>
</log>"""


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., list[Any]]:
    def branches(form: str, content: str | bytes, *, name: str = "log", **dialect: Any) -> list[Any]:
        (tmp_path / name).write_bytes(content.encode() if isinstance(content, str) else content)
        columns = {"id": {"path": "$.id", "type": "id"}}
        base = {"id": "s", "files": ["*"], "format": form, "key": ["id"], "columns": columns}
        stream = Stream.model_validate(base | ({form: dialect} if dialect else {}))
        return list(READERS[form].read(Delivered(path=tmp_path / name, name=name), stream, ""))

    return branches


def refusal(read: Callable[..., list[Any]], *arguments: Any, **more: Any) -> str:
    with pytest.raises(FileRejectedError) as caught:
        read(*arguments, **more)
    return caught.value.code


def values(found: list[Any]) -> list[Any]:
    return [branch.value for _, branch in found]


TRACE = {"concept:name": "c1", "concept:name/kind": "order", "late": "yes"}


def test_each_event_carries_the_attributes_of_its_trace(read: Callable[..., list[Any]]) -> None:
    assert values(read("xes", XES)) == [
        {
            "trace": TRACE,
            "event": {
                "concept:name": "Звонок",
                "time:timestamp": "2026-04-01T10:00:00.000+03:00",
                "lifecycle:transition": "start",
                "tags": ["a", "b"],
            },
        },
        {"trace": TRACE, "event": {"concept:name": "Счёт", "sum": "143891273618273698"}},
        {"trace": {}, "event": {"concept:name": "alone"}},
    ]


def test_events_are_numbered_in_the_log_and_in_their_trace(read: Callable[..., list[Any]]) -> None:
    assert [(number, branch.number) for number, branch in read("xes", XES)] == [(1, 0), (2, 1), (3, 0)]


def test_a_packed_log_is_read_too(read: Callable[..., list[Any]]) -> None:
    assert len(read("xes", gzip.compress(XES.encode()), name="log.xes.gz")) == 3


def test_a_log_without_namespace_is_read_too(read: Callable[..., list[Any]]) -> None:
    assert len(read("xes", XES.replace(' xmlns="http://www.xes-standard.org/"', ""))) == 3


LAUGHS = '<!DOCTYPE log [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><log><trace><string key="x" value="&b;"/></trace></log>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "EMPTY_FILE"),
        ("id;a\n", "MALFORMED_XML"),
        (XES[:900], "MALFORMED_XML"),
        ("<html></html>", "NO_RECORDS"),
        (LAUGHS, "UNSAFE_FILE"),
        ("<log>" + "<list key='a'>" * 500, "MALFORMED_XML"),
    ],
)
def test_what_is_no_log_is_rejected_with_its_reason(read: Callable[..., list[Any]], content: str, code: str) -> None:
    assert refusal(read, "xes", content) == code


OCEL_JSON = """{"objectTypes": [], "eventTypes": [],
 "objects": [{"id": "o1", "type": "order", "attributes": [{"name": "sum", "time": "1970-01-01T00:00:00Z", "value": 5}],
   "relationships": [{"objectId": "p1", "qualifier": "of"}]}, {"id": "p1", "type": "customer"}],
 "events": [{"id": "e1", "type": "Заказ", "time": "2026-04-01T07:00:00Z",
   "attributes": [{"name": "by", "value": "web"}],
   "relationships": [{"objectId": "o1", "qualifier": "new"}, {"objectId": "p1", "qualifier": "who"}]}]}"""
OCEL_XML = """<log><object-types/><event-types/><objects>
 <object id="o1" type="order"><attributes><attribute name="sum" time="1970-01-01T00:00:00Z">5</attribute></attributes>
  <objects><relationship object-id="p1" qualifier="of"/></objects></object><object id="p1" type="customer"/></objects>
 <events><event id="e1" type="Заказ" time="2026-04-01T07:00:00Z">
  <attributes><attribute name="by">web</attribute></attributes>
  <objects><relationship object-id="o1" qualifier="new"/>
   <relationship object-id="p1" qualifier="who"/></objects></event>
 </events></log>"""
CLASSIC = """{"ocel:events": {"e1": {"ocel:activity": "Заказ", "ocel:timestamp": "2026-04-01T07:00:00Z",
   "ocel:vmap": {"by": "web"},
   "ocel:typedOmap": [{"ocel:oid": "o1", "ocel:qualifier": "new"}, {"ocel:oid": "p1", "ocel:qualifier": "who"}]}},
 "ocel:objects": {"o1": {"ocel:type": "order", "ocel:ovmap": {"sum": 5},
   "ocel:o2o": [{"ocel:oid": "p1", "ocel:qualifier": "of"}]},
   "p1": {"ocel:type": "customer", "ocel:ovmap": {}}}}"""
TABLES = """
create table event (ocel_id text, ocel_type text); create table object (ocel_id text, ocel_type text);
create table event_map_type (ocel_type text, ocel_type_map text);
create table object_map_type (ocel_type text, ocel_type_map text);
create table event_object (ocel_event_id text, ocel_object_id text, ocel_qualifier text);
create table object_object (ocel_source_id text, ocel_target_id text, ocel_qualifier text);
create table event_Order (ocel_id text, ocel_time text, "by" text);
create table object_order (ocel_id text, ocel_time text, ocel_changed_field text, sum text, state text);
create table object_customer (ocel_id text, ocel_time text, ocel_changed_field text);
insert into event values ('e1', 'Заказ'); insert into event_map_type values ('Заказ', 'Order');
insert into object values ('o1', 'order'), ('p1', 'customer');
insert into object_map_type values ('order', 'order'), ('customer', 'customer');
insert into event_object values ('e1', 'o1', 'new'), ('e1', 'p1', 'who');
insert into object_object values ('o1', 'p1', 'of');
insert into event_Order values ('e1', '2026-04-01T07:00:00Z', 'web');
insert into object_order values ('o1', '1970-01-01T00:00:00Z', null, '5', null);
"""
EVENT = {
    "id": "e1",
    "type": "Заказ",
    "time": "2026-04-01T07:00:00Z",
    "attributes": {"by": "web"},
    "relationships": [
        {"objectId": "o1", "qualifier": "new", "type": "order"},
        {"objectId": "p1", "qualifier": "who", "type": "customer"},
    ],
}


def ocel_database(path: Path, more: str = "") -> bytes:
    with closing(sqlite3.connect(path)) as made:
        made.executescript(TABLES + more)
        made.commit()
    return path.read_bytes()


def events_first(log: str) -> str:
    """The same log with its events before its objects."""
    head, objects, events = (log.index(tag) for tag in ("<objects>", "<events>", "</log>"))
    return f"{log[:head]}{log[objects:events]}{log[head:objects]}</log>"


@pytest.mark.parametrize("content", [OCEL_JSON, OCEL_XML, events_first(OCEL_XML), CLASSIC, "\ufeff" + OCEL_JSON])
def test_events_are_alike_in_json_and_xml(read: Callable[..., list[Any]], content: str) -> None:
    assert values(read("ocel", content, records="events")) == [EVENT]


def test_events_are_alike_in_a_database(read: Callable[..., list[Any]], tmp_path: Path) -> None:
    assert values(read("ocel", ocel_database(tmp_path / "x.db"), records="events")) == [EVENT]


def test_links_of_events_to_objects_are_records_too(read: Callable[..., list[Any]]) -> None:
    assert values(read("ocel", OCEL_JSON, records="links")) == [
        {"event": "e1", "objectId": "o1", "qualifier": "new", "type": "order"},
        {"event": "e1", "objectId": "p1", "qualifier": "who", "type": "customer"},
    ]


@pytest.mark.parametrize("content", [OCEL_JSON, OCEL_XML])
def test_objects_are_alike_in_json_and_xml(read: Callable[..., list[Any]], content: str) -> None:
    assert values(read("ocel", content, records="objects")) == [
        {
            "id": "o1",
            "type": "order",
            "attributes": [{"name": "sum", "time": "1970-01-01T00:00:00Z", "value": "5"}],
            "relationships": [{"objectId": "p1", "qualifier": "of"}],
        },
        {"id": "p1", "type": "customer", "attributes": [], "relationships": []},
    ]


def test_an_object_of_a_database_tells_its_changes(read: Callable[..., list[Any]], tmp_path: Path) -> None:
    change = "insert into object_order values ('o1', '2026-04-02T00:00:00Z', 'state', '5', 'paid');"
    assert values(read("ocel", ocel_database(tmp_path / "x.db", change), records="objects"))[1] == {
        "id": "o1",
        "type": "order",
        "attributes": [
            {"name": "sum", "time": "1970-01-01T00:00:00Z", "value": "5"},
            {"name": "state", "time": "2026-04-02T00:00:00Z", "value": "paid"},
        ],
        "relationships": [{"objectId": "p1", "qualifier": "of"}],
    }


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "EMPTY_FILE"),
        (OCEL_JSON[:100], "MALFORMED_JSON"),
        ('{"error": "no such log"}', "NO_RECORDS"),
        ("<html/>", "NO_RECORDS"),
        (OCEL_XML[:300], "MALFORMED_XML"),
        (LAUGHS, "UNSAFE_FILE"),
        (b'{"events": "\xff"}', "BAD_ENCODING"),
    ],
)
def test_what_is_no_ocel_is_rejected_with_its_reason(
    read: Callable[..., list[Any]], content: str | bytes, code: str
) -> None:
    assert refusal(read, "ocel", content, records="events") == code


def test_a_database_of_another_kind_is_rejected(read: Callable[..., list[Any]], tmp_path: Path) -> None:
    other = ocel_database(tmp_path / "x.db", "drop table event_object;")
    assert refusal(read, "ocel", other, records="events") == "NO_RECORDS"
