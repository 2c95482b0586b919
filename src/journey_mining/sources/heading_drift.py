"""Headings that came or went since the file before: said once, when a file is taken, and never acted upon.

In: the headings that the ledger keeps of the files of a stream. Out: a notice. Headings that the spec does not name are
counted and never repeated, because in a file without its line of headings they are somebody's name and number.
"""

from __future__ import annotations

import json
from difflib import get_close_matches

from journey_mining.report import Problem
from journey_mining.sources.headings import fold, numbered
from journey_mining.sources.ledger import Arrival, joined
from journey_mining.sources.spec import Stream
from journey_mining.sources.staging import LEDGER
from journey_mining.warehouse.duckdb_warehouse import DuckDBWarehouse

_NEAR = 0.6
"""share of letters in common; lower than for a missing heading, because here one is known to have gone"""
_NEVER = "timestamp '1970-01-01 00:00:00'"


def heading_drift(warehouse: DuckDBWarehouse, arrival: Arrival) -> list[Problem]:
    """A notice where a file just taken has other headings than the one before it (by the time drawn, then by name)."""
    place = [arrival.source.id, arrival.stream.id]
    rows = warehouse.execute(
        f"select path, member, headings, file_id = ? as is_this from {LEDGER} "
        "where source = ? and stream = ? and status = 'loaded' and headings is not null "
        f"order by coalesce(snapshot_at, {_NEVER}), path, member, file_id",
        [arrival.mark.file_id, *place],
    )
    here = next((number for number, row in enumerate(rows) if row[3]), 0)
    if not here:
        return []
    (path, member, before, _), (_, _, now, _) = rows[here - 1 : here + 1]
    words = _words(arrival.stream, json.loads(before), json.loads(now)) if before != now else ""
    if not words:
        return []
    text = (
        f"{arrival.name} has other headings than {joined(path, member)}: {words}. "
        "Expected: the same columns in every export. "
        "To do: where a column was renamed, add its new heading to spec.toml; what no column names is kept."
    )
    return [Problem(code="SCHEMA_DRIFT", where=arrival.name, text=text, is_notice=True)]


def _words(stream: Stream, before: list[str], now: list[str]) -> str:
    """What came and what went; '' where only the order changed."""
    named = {fold(synonym): synonym for column in stream.columns.values() for synonym in column.from_}
    old, new = _folded(before), _folded(now)
    gone = [heading for heading in old if heading not in new]
    come = {heading: place for heading, place in new.items() if heading not in old}
    parts = [_counted("gone", gone, named), _counted("new", list(come), named)]
    unknown = {heading: place for heading, place in come.items() if heading not in named}
    return ", ".join(part for part in parts if part) + _renamed(stream, gone, set(new), unknown)


def _counted(word: str, headings: list[str], named: dict[str, str]) -> str:
    known = [named[heading] for heading in headings if heading in named]
    others = len(headings) - len(known)
    told = [*known, *([f"{others} that the spec does not name"] if others else [])]
    return f"{word} {' and '.join(told)}" if told else ""


def _renamed(stream: Stream, gone: list[str], here: set[str], unknown: dict[str, int]) -> str:
    """Which of the new headings may be another spelling of one that is gone; a guess, for people."""
    hints = ""
    for column in stream.columns.values():
        synonyms = {fold(synonym): synonym for synonym in column.from_}
        if here & set(synonyms):
            continue
        for heading in (heading for heading in gone if heading in synonyms):
            near = get_close_matches(heading, unknown, n=1, cutoff=_NEAR)
            hints += f"; number {unknown[near[0]]} looks like '{synonyms[heading]}'" if near else ""
    return hints


def _folded(headings: list[str]) -> dict[str, int]:
    """Headings to their places from 1."""
    return {heading: place for place, heading in enumerate(numbered([fold(h) for h in headings]), start=1) if heading}
