"""Lines that a regular expression takes apart, such as the log of a web server; its named groups are the headings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from journey_mining.sources.batches import RowFault, shown
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.readers.tables import Row
from journey_mining.sources.readers.text_lines import physical_lines
from journey_mining.sources.spec import Stream

LONGEST_LINE = 65_536
"""characters; a pattern is not tried on more, so that a slow one has an end"""


def read(delivered: Delivered, stream: Stream, encoding: str) -> Iterator[Row | RowFault]:
    """The names of the groups, then their texts line by line; a line that matches nothing is a fault."""
    pattern = re.compile(stream.regex.pattern)
    ignored = re.compile(stream.regex.ignore) if stream.regex.ignore else None
    yield 0, list(pattern.groupindex)
    with delivered.text(encoding) as text:
        for number, line in enumerate(physical_lines(text), start=1):
            if not line.strip() or (ignored and ignored.search(line[:LONGEST_LINE])):
                continue
            match = pattern.search(line) if len(line) <= LONGEST_LINE else None
            if match:
                yield number, [match[name] for name in pattern.groupindex]
            else:
                yield RowFault(line=number, reason="MALFORMED_ROW", detail="no match", raw=shown(line))
