"""Flat logs: one journey is one case. XES (IEEE 1849-2016), and tables with the headings of pm4py."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from journey_mining.event_logs.cases import LogCase, LogEvent
from journey_mining.event_logs.texts import attribute, case_attributes, event_attributes, time_text
from journey_mining.spreadsheet import write_rows

_COMPLETE = "complete"
_ROWS_AT_ONCE = 50_000
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
 <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
 <extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
 <extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
 <extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
 <global scope="trace"><string key="concept:name" value=""/></global>
 <global scope="event">
  <string key="concept:name" value=""/>
  <date key="time:timestamp" value="1970-01-01T00:00:00+00:00"/>
  <string key="lifecycle:transition" value="complete"/>
 </global>
 <classifier name="Activity" keys="concept:name"/>
"""
COLUMNS = (
    "case:concept:name",
    "concept:name",
    "time:timestamp",
    "org:resource",
    "lifecycle:transition",
    "channel",
    "event_kind",
    "source",
    "stage",
    "event_id",
    "case:person_id",
    "case:segment",
    "case:ending",
    "case:furthest_stage",
)
"""headings of flat tables"""
_STAMP = pa.timestamp("us", tz="UTC")
_SCHEMA = pa.schema([(name, _STAMP if name == "time:timestamp" else pa.string()) for name in COLUMNS])


def write_xes(cases: Iterable[LogCase], target: IO[bytes]) -> int:
    """Write the log; the number of events."""
    count = 0
    target.write(_HEAD.encode())
    for case in cases:
        names = {"concept:name": case.journey_id, "person_id": case.person_id} | case_attributes(case)
        lines = [" <trace>", *(f"  {_string(key, value)}" for key, value in names.items())]
        for event in case.events:
            lines += _xes_event(event)
        lines.append(" </trace>\n")
        target.write("\n".join(lines).encode())
        count += len(case.events)
    target.write(b"</log>\n")
    return count


def _xes_event(event: LogEvent) -> list[str]:
    told = {"concept:name": event.activity, "lifecycle:transition": _COMPLETE, "identity:id": event.event_id}
    told |= {"org:resource": event.actor_type} if event.actor_type else {}
    told |= event_attributes(event)
    stamp = f'   <date key="time:timestamp" value={attribute(time_text(event.occurred_at))}/>'
    return ["  <event>", stamp, *(f"   {_string(key, value)}" for key, value in told.items()), "  </event>"]


def _string(key: str, value: str) -> str:
    return f'<string key="{key}" value={attribute(value)}/>'


def write_csv(cases: Iterable[LogCase], target: IO[bytes]) -> int:
    """Write a table with commas, in UTF-8, which people open in spreadsheets; the number of events."""
    text = io.TextIOWrapper(target, encoding="utf-8", newline="")
    stamped = (
        [time_text(value) if name == "time:timestamp" else value for name, value in row.items()] for row in _rows(cases)
    )
    lines = write_rows(text, chain([COLUMNS], stamped), line_end="\n")
    text.detach()  # writes what is left, and leaves the file open to whoever opened it
    return lines - 1


def write_parquet(cases: Iterable[LogCase], target: Path) -> int:
    """Write a Parquet file; the number of events."""
    rows = _rows(cases)
    count = 0
    with pq.ParquetWriter(target, _SCHEMA, compression="zstd") as writer:
        while chunk := list(islice(rows, _ROWS_AT_ONCE)):
            writer.write_table(pa.Table.from_pylist(chunk, schema=_SCHEMA))
            count += len(chunk)
    return count


def _rows(cases: Iterable[LogCase]) -> Iterator[dict[str, Any]]:
    for case in cases:
        for event in case.events:
            values = (
                case.journey_id,
                event.activity,
                event.occurred_at,
                event.actor_type,
                _COMPLETE,
                event.channel,
                event.event_kind,
                event.source,
                event.stage,
                event.event_id,
                case.person_id,
                case.segment,
                case.ending,
                case.furthest_stage,
            )
            yield dict(zip(COLUMNS, values, strict=True))
