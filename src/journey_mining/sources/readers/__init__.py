"""Reading exports: one module for each format, and two shapes that they all come down to.

In: a delivered file and its stream. Out: `TextBatch` values of bounded size, with true line numbers.
A file that cannot be read as a whole raises `FileRejectedError`; a row that cannot be read becomes a `RowFault`.

A format is a module with one function `read(delivered, stream, encoding)`:

- of a *table* (`TABLES`) it yields `(line, cells)`: first the headings, then the rows, and `RowFault` for what is none;
  with `read_blocks` beside it, which gives `RowBlock` values instead of single rows, large files load faster;
- of *records* (`RECORDS`) it yields `(line, Branch)`, a JSON-like object with the objects that hold it, or `RowFault`.

Cells are text or None. Formats that are no text (`BINARY`) get '' as their encoding and raise `FileRejectedError` (see
`rejected`) where they cannot go on. A module is imported when the first file of its format comes.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

from journey_mining.sources.batches import TextBatch
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.headings import HeadingMatch, match_headings, missing_words
from journey_mining.sources.readers.faults import rejected
from journey_mining.sources.readers.first_look import seen_delimiter, seen_encoding
from journey_mining.sources.readers.records import record_batches
from journey_mining.sources.readers.tables import BATCH_ROWS, table_batches
from journey_mining.sources.readers.text_lines import LineTooLongError
from journey_mining.sources.spec import Stream

__all__ = ["BATCH_ROWS", "Opened", "open_file", "read_batches"]

TABLES = {
    "csv": "csv_text",
    "regex": "regex_lines",
    "xlsx": "xlsx",
    "html": "html_table",
    "parquet": "parquet",
    "sqlite": "sqlite",
}
RECORDS = {"ndjson": "json_lines", "json": "json_documents", "mbox": "mbox", "xes": "xes", "ocel": "ocel"}
BINARY = frozenset({"xlsx", "parquet", "sqlite", "mbox", "xes", "ocel"})
"""formats that say themselves how their text is encoded"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What a first look at a file says."""

    encoding: str
    header_hash: str
    headings: tuple[str, ...] = ()
    match: HeadingMatch | None = None


def open_file(delivered: Delivered, stream: Stream) -> Opened:
    """Find the encoding under which the headings are the promised ones.

    Single-byte encodings decode anything, so decoding alone proves nothing; the headings do.

    Raises:
        FileRejectedError: empty, in no known encoding, or a required column is missing.
    """
    if stream.format in RECORDS:
        return Opened(encoding="" if stream.format in BINARY else _decodable(delivered, stream), header_hash="")
    best: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()
    is_known = False
    for encoding in _encodings(delivered, stream):
        headings = _headings(delivered, stream, encoding)
        if headings is None:
            continue
        match = match_headings(stream, headings)
        if not match.missing:
            digest = hashlib.sha256("\x1f".join(headings).encode()).hexdigest()
            return Opened(encoding=encoding, header_hash=digest, headings=headings, match=match)
        is_known = is_known or any(match.cells.values())
        if not best or len(match.missing) < len(lacking):
            best, lacking = headings, match.missing
    raise _unknown_headings(delivered, stream, best, lacking, is_known=is_known)


def read_batches(delivered: Delivered, stream: Stream, opened: Opened) -> Iterator[TextBatch]:
    """The rows of a file in batches.

    Raises:
        FileRejectedError: the file turns out to be damaged, wrongly encoded, or not what its spec says.
    """
    number = 0
    read = _reader(stream, is_whole=True)(delivered, stream, opened.encoding)
    if stream.is_table:
        batches = table_batches(read, opened.match or match_headings(stream, opened.headings), len(opened.headings))
    else:
        batches = record_batches(read, stream)
    try:
        for batch in batches:
            yield replace(batch, records=range(number + 1, number + len(batch.lines) + 1))
            number += len(batch.lines)
    except UnicodeError as fault:
        # a missing byte order mark is a plain UnicodeError, which has no place
        place = f" at byte {fault.start} of a block" if isinstance(fault, UnicodeDecodeError) else ""
        raise rejected(delivered, "BAD_ENCODING", f"stops being {opened.encoding}{place}", "one encoding") from fault
    except LineTooLongError as fault:
        raise _endless(delivered, fault) from fault
    except csv.Error as fault:
        raise rejected(delivered, "BAD_DELIMITER", f"cannot be split into cells ({fault})", "closed quotes") from fault


def _reader(stream: Stream, *, is_whole: bool = False) -> Callable[[Delivered, Stream, str], Iterator[Any]]:
    """What reads the stream's format; for all of a file by blocks of rows, where the format can."""
    module = import_module(f"{__name__}.{(TABLES | RECORDS)[stream.format]}")
    read: Callable[[Delivered, Stream, str], Iterator[Any]] = module.read
    return getattr(module, "read_blocks", read) if is_whole else read


def _endless(delivered: Delivered, fault: LineTooLongError) -> Exception:
    return rejected(delivered, "OVERSIZE_LINE", f"is no text of lines: {fault}", "line breaks between records")


def _encodings(delivered: Delivered, stream: Stream) -> tuple[str, ...]:
    if stream.format in BINARY:
        return ("",)
    # where the spec itself gives the headings they prove nothing
    return (_decodable(delivered, stream),) if stream.gives_headings else stream.encodings


def _headings(delivered: Delivered, stream: Stream, encoding: str) -> tuple[str, ...] | None:
    try:
        first = next(_reader(stream)(delivered, stream, encoding), None)
    except UnicodeError:
        return None
    except LineTooLongError as fault:
        raise _endless(delivered, fault) from fault
    if first is None:
        raise rejected(delivered, "EMPTY_FILE", "is empty", "a line of headings")
    return tuple(heading or "" for heading in first[1]) if isinstance(first, tuple) else ()


def _decodable(delivered: Delivered, stream: Stream) -> str:
    for encoding in stream.encodings:
        try:
            with delivered.text(encoding) as text:
                start = text.read(1 << 16)
        except UnicodeError:
            continue
        if not start.strip():
            raise rejected(delivered, "EMPTY_FILE", "is empty", "records")
        return encoding
    raise _undecodable(delivered, stream)


def _undecodable(delivered: Delivered, stream: Stream) -> Exception:
    seen = seen_encoding(delivered)
    return rejected(
        delivered,
        "BAD_ENCODING",
        f"cannot be decoded; it looks like {seen}",
        f"text in {' or '.join(stream.encodings)}",
        todo=f"Put {seen!r} into `encodings` of stream {stream.id} in spec.toml of its source, or export it as UTF-8; "
        "the next run tries it again then.",
    )


def _unknown_headings(
    delivered: Delivered, stream: Stream, best: tuple[str, ...], lacking: tuple[str, ...], *, is_known: bool
) -> Exception:
    if not best or any("\0" in heading for heading in best):
        return _undecodable(delivered, stream)
    if not is_known and stream.format == "csv":
        return _without_headings(delivered, stream)
    return rejected(
        delivered,
        "MISSING_REQUIRED_COLUMN",
        missing_words(stream, lacking, best),
        "the headings of the spec",
        todo=f"Export it again with that column, or add its heading to `from` of {' and '.join(lacking)} in spec.toml "
        "of its source; the next run tries it again then.",
    )


def _without_headings(delivered: Delivered, stream: Stream) -> Exception:
    encodings, wanted = " or ".join(stream.encodings), stream.csv.delimiter
    seen = seen_delimiter(delivered, seen_encoding(delivered))
    expected = f"this export in one of these encodings, cells divided by {wanted!r}"
    what = f"has none of the headings of the spec under {encodings}"
    if seen in {"", wanted}:
        return rejected(delivered, "HEADER_NOT_FOUND", what, expected)
    return rejected(
        delivered,
        "HEADER_NOT_FOUND",
        f"{what}; its first line looks divided by {seen!r}",
        expected,
        todo=f"Write delimiter = {json.dumps(seen)} into `csv` of stream {stream.id} in spec.toml, or export it "
        f"with {wanted!r}; the next run tries it again then.",
    )
