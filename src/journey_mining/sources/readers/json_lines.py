"""One JSON document a line; a broken line costs that line. A document spread over lines is read as a whole."""

from __future__ import annotations

from collections.abc import Iterator

from journey_mining.sources.batches import RowFault, shown
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.json_text import parse_json
from journey_mining.sources.readers import json_documents
from journey_mining.sources.readers.json_documents import record_or_fault, records_of
from journey_mining.sources.readers.records import Record
from journey_mining.sources.readers.text_lines import physical_lines
from journey_mining.sources.spec import Stream

_OPENINGS = frozenset({"{", "[", "[{"})


def read(delivered: Delivered, stream: Stream, encoding: str) -> Iterator[Record | RowFault]:
    """The records of each line, under its number."""
    if _is_spread(delivered, encoding):
        yield from json_documents.read(delivered, stream, encoding)
        return
    with delivered.text(encoding) as text:
        for number, line in enumerate(physical_lines(text), start=1):
            if not line.strip():
                continue
            try:
                found = records_of(parse_json(line), stream)
            except ValueError:
                yield RowFault(line=number, reason="MALFORMED_JSON", raw=shown(line))
            else:
                for branch in found:
                    yield record_or_fault(number, branch)


def _is_spread(delivered: Delivered, encoding: str) -> bool:
    """Whether the first line only opens a document, which no record of its own can: a page printed for people."""
    with delivered.text(encoding) as text:
        first = next((line.strip() for line in text if line.strip()), "")
    return first.lstrip("\ufeff") in _OPENINGS
