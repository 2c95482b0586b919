"""What the files of each stream gave: files, columns, headings nobody claims, rows set aside, some parsed rows.

In: the private database of a dry run. Out: `StreamCheck` values.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

from journey_mining.sources.headings import fold
from journey_mining.sources.json_path import parse_path
from journey_mining.sources.spec import Source, Stream, staging_name
from journey_mining.sources.spec_column import Column
from journey_mining.sources.staging import LEDGER, QUARANTINE, WARNING, raw_name
from journey_mining.sources.workbench.check_report import ColumnCheck, FileCheck, Reject, StreamCheck
from journey_mining.sources.workbench.column_guess import is_harmless, names_people
from journey_mining.warehouse import DuckDBWarehouse
from journey_mining.warehouse.duckdb_warehouse import quoted

_ROWS, _LINES = 5, 5
_NEAR = 0.6
_LONGEST = 60
_LABELS = ("text", "label", "currency", "url_host", "id")
_FEW_VALUES = 12
_Counts = tuple[tuple[str, int], ...]


def stream_checks(raw: DuckDBWarehouse, source: Source, *, limit: float, show_values: bool) -> tuple[StreamCheck, ...]:
    """A check of each stream; `limit` is the share of bad rows for which a run refuses a file."""
    return tuple(_stream(raw, source, stream, limit=limit, show_values=show_values) for stream in source.streams)


def _stream(raw: DuckDBWarehouse, source: Source, stream: Stream, *, limit: float, show_values: bool) -> StreamCheck:
    table, current = raw_name(source.id, stream.id), staging_name(source.id, stream.id)
    there = set(raw.tables())
    is_loaded = table in there and raw.count(table) > 0
    unmapped = _unmapped(raw, table) if is_loaded else ()
    return StreamCheck(
        id=stream.id,
        globs=stream.files,
        files=_files(raw, source, stream, limit),
        columns=_columns(raw, source, stream, table, unmapped) if is_loaded else (),
        unmapped=unmapped,
        rejects=_rejects(raw, source, stream, show_values=show_values),
        rows=_parsed(raw, current, stream, show_values=show_values) if current in there else (),
        current_count=raw.count(current) if current in there else 0,
    )


def _files(raw: DuckDBWarehouse, source: Source, stream: Stream, limit: float) -> tuple[FileCheck, ...]:
    rows = raw.execute(
        "select case when member = '' then path else concat(path, ':', member) end, rows_read, rows_accepted, "
        f"rows_quarantined, rows_collapsed, status, error_text from {LEDGER} where source = ? and stream = ? "
        "order by 1",
        [source.id, stream.id],
    )
    return tuple(
        FileCheck(
            name=name,
            rows_read=read,
            rows_accepted=accepted,
            rows_quarantined=quarantined,
            rows_collapsed=collapsed,
            rejected=(error or "") if status == "rejected" else "",
            over_limit=quarantined > limit * read,
        )
        for name, read, accepted, quarantined, collapsed, status, error in rows
    )


def _unmapped(raw: DuckDBWarehouse, table: str) -> _Counts:
    """Headings and keys that no column claims, with the rows in which they hold something."""
    rows = raw.execute(f"select _extra, count(*) from {quoted(table)} where _extra is not null group by _extra")
    counts: Counter[str] = Counter()
    for extra, count in rows:
        for heading in json.loads(extra):
            counts[heading] += count
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def _columns(
    raw: DuckDBWarehouse, source: Source, stream: Stream, table: str, unmapped: _Counts
) -> tuple[ColumnCheck, ...]:
    there = set(raw.columns(table))
    names = [name for name in stream.columns if name in there]
    nulls = list(stream.null_values)
    marks = ", ".join("?" for _ in nulls) or "''"
    counts = raw.execute(
        f"select {', '.join(f'count(*) filter (where trim({quoted(n)}) not in ({marks}))' for n in names)} "
        f"from {quoted(table)}",
        nulls * len(names),
    )[0]
    filled = dict(zip(names, counts, strict=True))
    warned = raw.execute(
        f"select column_name, reason, cast(sum(row_count) as bigint) from {WARNING} where source = ? and stream = ? "
        "group by column_name, reason order by all",
        [source.id, stream.id],
    )
    free = [heading for heading, _ in unmapped]
    return tuple(
        ColumnCheck(
            name=name,
            filled_count=filled.get(name, 0),
            is_key=name in stream.key,
            near=() if filled.get(name) else _near(name, column, free),
            bad_values=tuple((str(reason), int(count)) for column_name, reason, count in warned if column_name == name),
        )
        for name, column in stream.columns.items()
    )


def _near(name: str, column: Column, headings: list[str]) -> tuple[str, ...]:
    """Headings that nobody claims and that look like those of the column."""
    keys = [step.key for path in column.path for step in parse_path(path).steps if step.key]
    wanted = [*column.from_, *keys[-1:], name]
    folded = {fold(heading): heading for heading in headings}
    near = [match for text in wanted for match in get_close_matches(fold(text), folded, n=2, cutoff=_NEAR)]
    return tuple(dict.fromkeys(folded[match] for match in near))[:2]


def _rejects(raw: DuckDBWarehouse, source: Source, stream: Stream, *, show_values: bool) -> tuple[Reject, ...]:
    rows = raw.execute(
        f"select reason, coalesce(column_name, ''), line, raw from {QUARANTINE} where source = ? and stream = ? "
        "order by reason, 2, file_id, line",
        [source.id, stream.id],
    )
    groups: dict[tuple[str, str], list[tuple[int, str]]] = {}
    for reason, column, line, text in rows:
        groups.setdefault((reason, column), []).append((line, text))
    return tuple(
        Reject(
            reason=reason,
            column_name=column,
            row_count=len(found),
            lines=tuple(line for line, _ in found[:_LINES]),
            texts=tuple(text[:_LONGEST] for _, text in found[:_LINES]) if show_values else (),
        )
        for (reason, column), found in sorted(groups.items(), key=lambda pair: -len(pair[1]))
    )


def _parsed(raw: DuckDBWarehouse, current: str, stream: Stream, *, show_values: bool) -> tuple[dict[str, str], ...]:
    names = list(stream.columns)
    # the fullest rows show the most
    filled = " + ".join(f"cast({quoted(name)} is not null as integer)" for name in names)
    rows = raw.execute(
        f"select {', '.join(quoted(name) for name in names)} from {quoted(current)} "
        f"order by {filled} desc, _file_id, _line limit {_ROWS}"
    )
    labels = _label_columns(raw, current, stream)
    return tuple(
        {
            name: _plain(value)[:_LONGEST] if show_values else masked(value, is_label=name in labels)
            for name, value in zip(names, row, strict=True)
            if value is not None
        }
        for row in rows
    )


def _label_columns(raw: DuckDBWarehouse, current: str, stream: Stream) -> set[str]:
    """Columns of few values that come again and again: statuses, kinds; never those that name people."""
    names = [name for name, column in stream.columns.items() if column.type in _LABELS]
    if not names:
        return set()
    counts = raw.execute(
        f"select {', '.join(f'count(distinct {quoted(n)}), count({quoted(n)})' for n in names)} from {quoted(current)}"
    )[0]
    few = [name for name, *two in zip(names, counts[::2], counts[1::2], strict=True) if 2 * two[0] <= two[1]]
    small = dict(zip(names, counts[::2], strict=True))
    return {
        name
        for name in few
        if small[name] <= _FEW_VALUES and not names_people(" ".join([name, *stream.columns[name].from_]))
    }


def masked(value: Any, *, is_label: bool) -> str:
    """A value without what it says of a person: the shape of texts; numbers, times and labels as they are.

    >>> masked("anna@mail.example", is_label=False), masked("Не то", is_label=False), masked("open", is_label=True)
    ('aaaa@aaaa.aaaaaaa', 'Аа аа', 'open')
    """
    if isinstance(value, bool | int | Decimal | date | datetime):
        return _plain(value)
    text = " ".join(_plain(value).split())
    if is_label and is_harmless(text):
        return text
    shape = re.sub(r"[^\W\d_]", lambda match: _letter(match[0]), re.sub(r"\d", "9", text))
    return shape if len(shape) <= _LONGEST else f"{shape[: _LONGEST - 1]}…"


def _letter(char: str) -> str:
    small = "а" if "а" <= char.lower() <= "я" or char in "ёЁ" else "a"
    return small.upper() if char.isupper() else small


def _plain(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)
