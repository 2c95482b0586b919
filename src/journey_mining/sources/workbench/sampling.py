"""A first look at an unknown file: its format by content, how it is written, and its first rows as text.

In: a path. Out: a `Sample`. Rows are read by the very readers that will load the file later.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from pathlib import Path
from typing import Any

from journey_mining.errors import FileRejectedError
from journey_mining.sources.batches import RowFault
from journey_mining.sources.delivered import Delivered, members_of
from journey_mining.sources.headings import numbered
from journey_mining.sources.json_path import Branch, getter, text_of
from journey_mining.sources.json_text import parse_json, parse_json_at
from journey_mining.sources.readers import RECORDS, TABLES
from journey_mining.sources.readers.local_copy import local_copy
from journey_mining.sources.spec import Stream
from journey_mining.sources.workbench.dialects import Dialect, dialect_of, encoding_of
from journey_mining.sources.workbench.json_shapes import Leaf, leaves_of, nested_lists, records_of
from journey_mining.warehouse.duckdb_warehouse import quoted

MOST_ROWS = 20_000
_HEAD = 256 << 10
_LARGEST_JSON = 256 << 20
_ACCESS_LOG = re.compile(r'\S+ \S+ \S+ \[[^\]]+\] "[^"]*" \d{3} ')
ACCESS_LOG = (
    r'(?P<ip>\S+) \S+ (?P<user>\S+) \[(?P<time>[^\]]+)\] "(?P<method>\S+) (?P<url>\S+)[^"]*" (?P<status>\d{3}) '
    r'(?P<size>\S+)(?: "(?P<referrer>[^"]*)" "(?P<agent>[^"]*)")?.*'
)
_PLAIN = {"key": ("_row_key",), "columns": {"nothing": {"from": ["\x00"]}}, "files": ("*",), "id": "sample"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A heading or a place in records, with the texts that stand there."""

    heading: str
    """heading of a table, or path in a record"""
    is_path: bool
    is_list: bool
    values: tuple[str | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What a first look at a file says."""

    name: str
    """name of the file, without folders"""
    format: str
    options: dict[str, Any]
    """what a `[[stream]]` must say of how the file is written, as in spec.toml"""
    fields: tuple[Field, ...]
    row_count: int
    """rows looked at"""
    is_cut: bool
    """whether there are more rows than were looked at"""
    ragged_count: int
    """rows that are no rows: of another width, or no JSON"""
    nested: tuple[str, ...] = ()
    """paths of lists of records inside of records"""
    has_made_up_headings: bool = False
    member_count: int = 1


def sample_of(path: Path) -> Sample:
    """The first rows of a file.

    Raises:
        FileRejectedError: it is empty, damaged, or of a kind that nothing here can read.
    """
    delivered, *others = members_of(path, path.name)
    with delivered.open() as stream:
        head = stream.read(_HEAD)
    if not head.strip(b"\x00\xef\xbb\xbf \t\r\n"):
        raise _unknown(delivered, "is empty")
    kind = _binary_kind(head, delivered)
    if kind:
        options = {"sqlite": {"table": _largest_table(delivered)}} if kind == "sqlite" else {}
        return _read(delivered, kind, options, members=len(others) + 1)
    encoding = encoding_of(head)
    text = head.decode(encoding, errors="ignore")
    return _text_sample(delivered, text, encoding, is_cut=len(head) == _HEAD, members=len(others) + 1)


def _text_sample(delivered: Delivered, text: str, encoding: str, *, is_cut: bool, members: int) -> Sample:
    options: dict[str, Any] = {} if encoding == "utf-8-sig" else {"encodings": _encodings(encoding)}
    lines = [line for line in text.splitlines()[: 200 if is_cut else None] if line.strip()]
    if _are_json(lines[:20], is_cut=is_cut) or _begins_with_json(text, is_cut=is_cut):
        kind = "ndjson" if _are_json(lines[:20], is_cut=is_cut) else "json"
        return _json_sample(delivered, kind, options, encoding, members)
    if sum(bool(_ACCESS_LOG.match(line)) for line in lines[:50]) * 2 > len(lines[:50]):
        return _read(delivered, "regex", {**options, "regex": {"pattern": ACCESS_LOG}}, members=members)
    dialect = dialect_of(text, is_cut=is_cut)
    if dialect is None:
        raise _unknown(delivered, "is text that no delimiter divides into cells")
    return _read(delivered, "csv", {**options, "csv": _csv_options(dialect)}, members=members, dialect=dialect)


def _encodings(found: str) -> list[str]:
    # the next portal of the same product may write the other one
    return ["utf-8-sig", found] if found in ("cp1251", "koi8-r", "cp866", "cp1252") else [found]


def _csv_options(dialect: Dialect) -> dict[str, Any]:
    options: dict[str, Any] = {"delimiter": dialect.delimiter}
    if not dialect.quote:
        options["quote"] = ""
    if dialect.skip_lines:
        options["skip_lines"] = dialect.skip_lines
    if dialect.drops_trailing:
        options["drop_empty_trailing"] = True
    if not dialect.has_headings:
        options["headings"] = [f"column {number}" for number in range(1, dialect.width + 1)]
    return options


def _json_sample(delivered: Delivered, kind: str, options: dict[str, Any], encoding: str, members: int) -> Sample:
    with delivered.text(encoding) as text:
        content = text.read(_LARGEST_JSON if kind == "json" else 16 << 20)
    try:
        first = parse_json(content.lstrip("\ufeff") if kind == "json" else content.lstrip("\ufeff").splitlines()[0])
    except ValueError:
        # several documents one after the other, or damaged: the reader knows
        first = None
    found = records_of(first) if first is not None else None
    records = [found.path] if found else ["$[*]", "$"]
    return _read(delivered, kind, {**options, "json": {"records": records}}, members=members)


def _read(
    delivered: Delivered, kind: str, options: dict[str, Any], *, members: int, dialect: Dialect | None = None
) -> Sample:
    """The first rows as the reader of the format gives them."""
    stream = Stream.model_validate({**_PLAIN, "format": kind, **options})
    encoding = next((name for name in reversed(stream.encodings)), "utf-8-sig")
    read = import_module(f"journey_mining.sources.readers.{(TABLES | RECORDS)[kind]}").read
    rows: Iterator[Any] = read(delivered, stream, encoding)
    taken = list(islice(rows, MOST_ROWS + 2))
    is_cut = len(taken) > MOST_ROWS + 1
    good = [row for row in taken[: MOST_ROWS + 1] if not isinstance(row, RowFault)]
    if kind in TABLES:
        fields, count = _table_fields([cells for _, cells in good])
        nested: list[str] = []
    else:
        records = tuple(branch.value for _, branch in good)
        fields, count, nested = _record_fields(records), len(records), nested_lists(records)
    if not count:
        raise _unknown(delivered, "has no rows")
    return Sample(
        name=Path(delivered.name).name,
        format=kind,
        options={"format": kind, **options},
        fields=tuple(fields),
        row_count=count,
        is_cut=is_cut,
        ragged_count=len(taken[: MOST_ROWS + 1]) - len(good) + (len(good) - 1 - count if kind in TABLES else 0),
        nested=tuple(nested),
        has_made_up_headings=dialect is not None and not dialect.has_headings,
        member_count=members,
    )


def _table_fields(rows: list[Any]) -> tuple[list[Field], int]:
    if not rows:
        return [], 0
    headings = numbered([heading or "" for heading in rows[0]])
    sound = [row for row in rows[1:] if len(row) == len(headings)]
    fields = [
        Field(heading=heading, is_path=False, is_list=False, values=tuple(row[place] for row in sound))
        for place, heading in enumerate(headings)
        if heading.strip()
    ]
    return fields, len(sound)


def _record_fields(records: tuple[dict[str, Any], ...]) -> list[Field]:
    return [_record_field(records, leaf) for leaf in leaves_of(records)]


def _record_field(records: tuple[dict[str, Any], ...], leaf: Leaf) -> Field:
    get = getter(leaf.path)
    values = tuple(text_of(get(Branch(record))) for record in records)
    return Field(heading=leaf.path, is_path=True, is_list=leaf.is_list, values=values)


def _are_json(lines: list[str], *, is_cut: bool) -> bool:
    whole = lines[:-1] if is_cut and len(lines) > 1 else lines
    return len(whole) > 1 and sum(_is_json(line) for line in whole) * 2 > len(whole)


def _begins_with_json(text: str, *, is_cut: bool) -> bool:
    """Whether a document stands at the start; a row of a table may begin with a bracket too."""
    place = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    if text[place : place + 1] not in ("{", "["):
        return False
    try:
        _, end = parse_json_at(text, place)
    except ValueError:
        return is_cut
    return text[end:].strip()[:1] in ("", ",", "{", "[")


def _is_json(line: str) -> bool:
    try:
        return isinstance(parse_json(line.lstrip("\ufeff")), dict)
    except ValueError:
        return False


def _binary_kind(head: bytes, delivered: Delivered) -> str:
    """The format that the first bytes give away; '' for text that must be looked at."""
    name = (delivered.member or delivered.name).removesuffix(".gz").lower()
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:4096].lower()
    known = {b"par1": "parquet", b"sqlite format 3\x00": "sqlite", b"from ": "mbox"}
    kind = next((kind for mark, kind in known.items() if start.startswith(mark)), "")
    if name.endswith(".eml"):
        return "mbox"
    if start.startswith(b"pk\x03\x04"):
        return "xlsx"
    if start.startswith((b"<?xml", b"<log", b"<ocel")):
        return "ocel" if b"<ocel" in start or b"<object-types" in start else "xes" if b"<log" in start else "html"
    if start.startswith(b"{") and b'"eventtypes"' in head.lower() and b'"objecttypes"' in head.lower():
        return "ocel"
    return kind or ("html" if start.startswith((b"<html", b"<!doctype", b"<table", b"<meta")) else "")


def _largest_table(delivered: Delivered) -> str:
    """The table of a database with the most rows; the others may be streams of their own."""
    with (
        local_copy(delivered) as path,
        closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as base,
    ):
        names = [
            str(name) for (name,) in base.execute("select name from sqlite_master where type = 'table' order by name")
        ]
        counts = {name: base.execute(f"select count(*) from {quoted(name)}").fetchone()[0] for name in names}
    if not counts:
        raise _unknown(delivered, "holds no table")
    return max(counts, key=counts.__getitem__)


def _unknown(delivered: Delivered, what: str) -> FileRejectedError:
    return FileRejectedError(
        f"{delivered.full_name} {what}.",
        expected="a table (CSV, XLSX, HTML, Parquet, SQLite), JSON, a mailbox, an access log or an event log.",
        todo="Export it in one of these, or write its stream by hand (docs/adding-a-source.md).",
    )
