"""XML that somebody else wrote, read element by element: no entities, no document types, no growing memory.

In: decompressed bytes. Out: elements as they end. A document that declares entities ("billion laughs") is refused
before anything of it is expanded.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from journey_mining.sources.delivered import Delivered
from journey_mining.sources.readers.faults import rejected

RECORD_DEPTH = 3
"""log > events > event, log > trace > event"""
_DEEPEST = 200
"""levels of elements; no export has more than a dozen"""


@lru_cache(maxsize=1_024)
def local_name(tag: str) -> str:
    """Name of an element without its namespace.

    >>> local_name("{http://www.xes-standard.org/}event")
    'event'
    """
    return tag.rpartition("}")[2]


def elements(stream: IO[bytes], *, whole: frozenset[str] = frozenset()) -> Iterator[tuple[str, int, Element]]:
    """("start" | "end", depth, element) of a document down to its records at depth 3; the depth of the root is 1.

    A record is whole when it ends, and emptied afterwards. What stands at depth 2 and is named in `whole` is a record
    itself.
    """
    above: list[Element] = []
    depth, limit = 0, RECORD_DEPTH
    for what, element in iterparse(stream, events=("start", "end"), forbid_dtd=True):
        if what == "start":
            depth += 1
            if depth > _DEEPEST:
                message = f"elements nested deeper than {_DEEPEST}"
                raise ParseError(message)
            if depth <= RECORD_DEPTH:
                if depth == RECORD_DEPTH - 1:
                    limit = depth if local_name(element.tag) in whole else RECORD_DEPTH
                above.append(element)
                yield what, depth, element
            continue
        if depth <= limit:
            yield what, depth, element
            element.clear()
            if depth > 1:
                above[depth - 2].remove(element)
        if depth <= RECORD_DEPTH:
            above.pop()
        depth -= 1


def refuse_entities(stream: IO[bytes]) -> None:
    """Look at the prolog of a document.

    Raises:
        DefusedXmlException: it declares a document type or entities.
        ParseError: it is no XML.
    """
    next(iter(iterparse(stream, events=("start",), forbid_dtd=True)), None)


@contextmanager
def refusing(delivered: Delivered, expected: str) -> Iterator[None]:
    """Turn faults of a parser into the rejection of a file.

    Raises:
        FileRejectedError: the block met a document that is no XML, is cut short, or declares entities.
    """
    try:
        yield
    except DefusedXmlException as fault:
        raise unsafe(delivered) from fault
    except ParseError as fault:
        what = f"is no complete XML (line {_line(fault)})"
        raise rejected(delivered, "MALFORMED_XML", what, expected) from fault


def unsafe(delivered: Delivered) -> Exception:
    """The error of a document that declares entities."""
    what = "declares a document type or entities, which no export needs and attacks use"
    return rejected(delivered, "UNSAFE_FILE", what, "XML without <!DOCTYPE> and <!ENTITY>")


def _line(fault: Any) -> int:
    return int(getattr(fault, "position", (0, 0))[0])
