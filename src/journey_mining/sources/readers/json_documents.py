"""JSON documents: one, or several one after the other (pages of an API appended to a file)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from journey_mining.sources.batches import RowFault, shown
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.json_path import Branch, find, text_of
from journey_mining.sources.json_text import parse_json_at
from journey_mining.sources.readers.faults import rejected
from journey_mining.sources.readers.records import Record
from journey_mining.sources.spec import Stream
from journey_mining.sources.spec_formats import JsonDialect

WHOLE = JsonDialect().records
"""a list of records, or one: nothing has to be looked for in an object"""

LARGEST_FILE = 512 << 20
"""characters"""


def read(delivered: Delivered, stream: Stream, encoding: str) -> Iterator[Record | RowFault]:
    """The records of all documents, numbered from 1.

    Raises:
        FileRejectedError: no complete JSON, or a document without a place for records.
    """
    with delivered.text(encoding) as text:
        content = text.read(LARGEST_FILE + 1)
    if len(content) > LARGEST_FILE:
        what = f"is a document of more than {LARGEST_FILE} characters, which is read whole"
        raise rejected(delivered, "OVERSIZE_DOCUMENT", what, "smaller pages, or one object a line (format ndjson)")
    place, number = _skip_space(content, 0), 0
    while place < len(content):
        try:
            document, place = parse_json_at(content, place)
        except ValueError as fault:
            raise rejected(delivered, "MALFORMED_JSON", "is not complete JSON", "a whole JSON document") from fault
        try:
            found = records_of(document, stream)
        except ValueError as fault:
            what = f"holds a document without a record at {' or '.join(stream.json_.records)}"
            raise rejected(delivered, "NO_RECORDS", what, "records; a message of an error is none") from fault
        for branch in found:
            number += 1
            yield record_or_fault(number, branch)
        place = _skip_space(content, place)


def record_or_fault(number: int, branch: Branch) -> Record | RowFault:
    """A record, or a fault where something else stands among records."""
    if isinstance(branch.value, dict):
        return number, branch
    raw = shown(text_of(branch.value) or "null")
    return RowFault(line=number, reason="MALFORMED_JSON", detail="no object", raw=raw)


def records_of(document: Any, stream: Stream) -> list[Branch]:
    """Records of a document: those of the first path that the document has.

    Raises:
        ValueError: the document has none of the paths.
    """
    if isinstance(document, dict) and stream.json_.records == WHOLE:
        return [Branch(document)]
    for path in stream.json_.records:
        found = find(document, path)
        if found is not None:
            return found
    message = "no record at any of the paths"
    raise ValueError(message)


def _skip_space(text: str, place: int) -> int:
    while place < len(text) and text[place] in " \t\r\n\ufeff,":
        place += 1
    return place
