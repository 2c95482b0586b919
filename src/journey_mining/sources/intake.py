"""One file into the private database, read from disk, or one stream again from the raw text that is already there.

In: an `Arrival`. Out: rows of `raw_*` and `stg_*__version`, and the file's entries in the ledger. The caller holds the
transaction: whatever is raised here leaves nothing behind.
"""

from __future__ import annotations

import gc
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from journey_mining.errors import FileRejectedError
from journey_mining.sources.batches import BatchTyper, Cells, RowFault, TextBatch
from journey_mining.sources.cells import CellContext, parsers
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.forgotten import Sieve, forgotten_count
from journey_mining.sources.headings import fold
from journey_mining.sources.json_path import dig, parse_path, text_of
from journey_mining.sources.json_text import parse_json
from journey_mining.sources.ledger import (
    LOADED,
    QUARANTINE_RATE,
    Arrival,
    FileCounts,
    Row,
    enter_faults,
    enter_loaded,
    enter_replayed,
    enter_warnings,
    forget_faults,
    loaded_file,
    set_aside,
)
from journey_mining.sources.plain_cells import kernels
from journey_mining.sources.readers import BATCH_ROWS, open_file, read_batches
from journey_mining.sources.spec import Source, Stream
from journey_mining.sources.spec_column import Column
from journey_mining.sources.spec_delivery import SnapshotAt
from journey_mining.sources.staging import (
    ARRIVING,
    LEDGER,
    append_raw,
    forget_versions,
    is_misshapen,
    merge_arriving,
    open_arriving,
    raw_name,
    reshape_versions,
)
from journey_mining.warehouse.duckdb_warehouse import DuckDBWarehouse, quoted

_FUTURE = timedelta(days=2)
"""clocks of sources may run ahead by this much"""


@dataclass(slots=True, kw_only=True)
class _Taken:
    """What the batches of one file came to."""

    read: int = 0
    typed: int = 0
    faults: Counter[tuple[str, str]] = field(default_factory=Counter)
    """rows not taken, by reason and column"""
    first_fault: int | None = None
    """line of the first of them"""
    warnings: Counter[tuple[str, str]] = field(default_factory=Counter)
    waits_for: list[datetime] = field(default_factory=list)
    """moments that lie in the future"""

    @property
    def retry_from(self) -> datetime | None:
        """From when on the file says more than now; UTC."""
        return min(self.waits_for) - _FUTURE if self.waits_for else None


def typer_of(source: Source, stream: Stream, *, now: datetime) -> BatchTyper:
    """What types the cells of a stream; worth keeping for all of its files, because it remembers what it has parsed."""
    context = CellContext(source=source.settings, latest=now + _FUTURE, null_values=frozenset(stream.null_values))
    return BatchTyper(stream, parsers(stream, context, is_table=stream.is_table), kernels(stream, context))


def take_file(
    warehouse: DuckDBWarehouse, arrival: Arrival, typer: BatchTyper, sieve: Sieve, *, now: datetime, max_share: float
) -> FileCounts:
    """Read one file and store what can be stored of it and what `sieve` lets through; its counts.

    Raises:
        FileRejectedError: the file as a whole cannot be taken.
    """
    source, stream = arrival.source, arrival.stream
    opened = open_file(arrival.delivered, stream)
    snapshot_at = snapshot_time(source, stream, arrival.delivered, now=now)
    batches = sieve.sifted(read_batches(arrival.delivered, stream, opened))
    taken = _gather(warehouse, arrival.where(), typer, batches, raw=raw_name(source.id, stream.id))
    _refuse_bad_share(arrival.name, taken, max_share, stream)
    accepted = merge_arriving(warehouse, source.id, stream, file_id=arrival.mark.file_id, snapshot_at=snapshot_at)
    counts = FileCounts(
        read=taken.read, accepted=accepted, quarantined=taken.faults.total(), collapsed=taken.typed - accepted
    )
    enter_warnings(warehouse, arrival.where(), taken.warnings)
    enter_loaded(
        warehouse,
        arrival,
        counts,
        look=opened,
        snapshot_at=snapshot_at,
        retry_from=taken.retry_from,
        now=now,
    )
    return counts


def is_stale(warehouse: DuckDBWarehouse, source: Source, stream: Stream) -> bool:
    """Whether files of the stream were read under another spec than the present one, and can be typed anew.

    Of files whose text was dropped, nothing but the columns can follow a spec.
    """
    ((count, with_text),) = warehouse.execute(
        f"select count(*), count(*) filter (where text_dropped_at is null) from {LEDGER} "
        "where source = ? and stream = ? and status = ? and spec_hash <> ?",
        [source.id, stream.id, LOADED, source.spec_hash(stream)],
    )
    return bool(with_text) or bool(count and is_misshapen(warehouse, source.id, stream))


def waiting_files(warehouse: DuckDBWarehouse, source: Source, stream: Stream, *, now: datetime) -> list[str]:
    """Loaded files with times that were in the future when they were typed, and are no more."""
    rows = warehouse.execute(
        f"select file_id from {LEDGER} where source = ? and stream = ? and status = ? and retry_from <= ? order by 1",
        [source.id, stream.id, LOADED, now],
    )
    return [str(file_id) for (file_id,) in rows]


def replay_stream(warehouse: DuckDBWarehouse, source: Source, stream: Stream, *, now: datetime) -> None:
    """Type every taken line of a stream anew from its raw text, under the present spec.

    The files themselves may be gone; their text is not. Lines come out of quarantine and go into it as the spec says
    now, but for those that could not even be split: only the file itself can bring these back. Files whose text was
    dropped keep the values that they have; a row of them that has no key under the present spec is set aside.
    """
    for file_id, line in reshape_versions(warehouse, source.id, stream):
        where: Row = {"file_id": file_id, "source": source.id, "stream": stream.id}
        set_aside(warehouse, where, [RowFault(line=line, reason="TEXT_DROPPED")])
    files = warehouse.execute(
        f"select file_id from {LEDGER} where source = ? and stream = ? and status = ? and text_dropped_at is null "
        "order by file_id",
        [source.id, stream.id, LOADED],
    )
    replay_files(warehouse, source, stream, [str(file_id) for (file_id,) in files], now=now)


def replay_files(
    warehouse: DuckDBWarehouse, source: Source, stream: Stream, file_ids: list[str], *, now: datetime
) -> None:
    """Type the text that was kept of some files anew."""
    typer = typer_of(source, stream, now=now)
    for file_id in file_ids:
        where: dict[str, object] = {"file_id": file_id, "source": source.id, "stream": stream.id}
        known = loaded_file(warehouse, where)
        forget_versions(warehouse, source.id, stream.id, file_id)
        forget_faults(warehouse, where)
        taken = _gather(warehouse, where, typer, _raw_batches(warehouse, source, stream, file_id))
        accepted = merge_arriving(warehouse, source.id, stream, file_id=file_id, snapshot_at=known.snapshot_at)
        counts = FileCounts(
            read=known.rows_read,
            accepted=accepted,
            quarantined=known.set_aside + taken.faults.total(),
            collapsed=taken.typed - accepted,
        )
        enter_warnings(warehouse, where, taken.warnings)
        enter_replayed(
            warehouse,
            where,
            counts,
            name=known.name,
            spec_hash=source.spec_hash(stream),
            retry_from=taken.retry_from,
        )


def snapshot_time(source: Source, stream: Stream, delivered: Delivered, *, now: datetime) -> datetime | None:
    """UTC time at which the file was drawn: as its name says, else as the file system does where the spec asks for it.

    None where nothing is said, or what the file system says lies in the future.
    """
    rule = stream.snapshot_at
    if rule is None:
        return None
    # a member that says nothing was drawn when its archive was
    named = _named_time(rule, delivered.member or delivered.name) or _named_time(rule, delivered.name)
    if named is not None:
        return named.replace(tzinfo=ZoneInfo(source.settings.timezone)).astimezone(UTC).replace(tzinfo=None)
    if rule.fallback != "mtime":
        return None
    written = datetime.fromtimestamp(delivered.path.stat().st_mtime, UTC).replace(tzinfo=None)
    return written if written <= now + _FUTURE else None


def _named_time(rule: SnapshotAt, name: str) -> datetime | None:
    match = re.search(rule.filename_re, name)
    if match is None:
        return None
    try:
        return datetime.strptime(match[1] if match.groups() else match[0], rule.format)  # noqa: DTZ007 - the zone follows
    except ValueError:
        return None


def _gather(
    warehouse: DuckDBWarehouse, where: Row, typer: BatchTyper, batches: Iterable[TextBatch], *, raw: str | None = None
) -> _Taken:
    """Type batches into the arriving table and set faulty rows aside; with `raw` their text is kept in that table too.

    Nothing grows with the file here: neither its rows nor its faults are held in memory.
    """
    open_arriving(warehouse, typer.stream)
    with _uncollected():
        return _take_batches(warehouse, where, typer, batches, raw)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the collector of cycles: cells form none, and looking for them takes a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _take_batches(
    warehouse: DuckDBWarehouse, where: Row, typer: BatchTyper, batches: Iterable[TextBatch], raw: str | None
) -> _Taken:
    taken = _Taken()
    for batch in batches:
        typed = typer.typed(batch)
        taken.read += batch.row_count
        taken.typed += typed.typed.num_rows
        taken.faults.update((fault.reason, fault.column_name or "the row") for fault in typed.faults)
        lines = [fault.line for fault in typed.faults if fault.line] + (
            [] if taken.first_fault is None else [taken.first_fault]
        )
        taken.first_fault = min(lines, default=None)
        taken.warnings.update(typed.warnings)
        taken.waits_for += [typed.retry_from] if typed.retry_from else []
        warehouse.append(ARRIVING, typed.typed)
        enter_faults(warehouse, where, typed.faults)
        if raw is not None:
            marked = pa.array([str(where["file_id"])] * typed.raw.num_rows, pa.string())
            append_raw(warehouse, raw, typed.raw.append_column("_file_id", marked))
    return taken


def _raw_batches(warehouse: DuckDBWarehouse, source: Source, stream: Stream, file_id: str) -> Iterator[TextBatch]:
    """The kept text of one file, in the order of its records."""
    table = raw_name(source.id, stream.id)
    if table not in warehouse.tables():
        return  # none of the files had a record for this stream
    there = set(warehouse.columns(table))
    known = [name for name in stream.columns if name in there]
    listed = ", ".join(quoted(name) for name in ["_record", "_line", "_extra", *known])
    last = -1
    while True:
        rows = warehouse.execute(
            f"select {listed} from {quoted(table)} where _file_id = ? and _record > ? order by _record limit ?",
            [file_id, last, BATCH_ROWS],
        )
        if not rows:
            return
        last = rows[-1][0]
        yield _text_batch(stream, known, rows)


def _text_batch(stream: Stream, known: list[str], rows: list[tuple[object, ...]]) -> TextBatch:
    extras = [_unclaimed(row[2]) for row in rows]
    folded = [{fold(key): cell for key, cell in extra.items() if isinstance(cell, str)} for extra in extras]
    columns: dict[str, Cells] = {}
    for name, column in stream.columns.items():
        place = known.index(name) + 3 if name in known else None
        kept = [None if place is None else _as_text(row[place]) for row in rows]
        synonyms = [fold(synonym) for synonym in column.from_]
        columns[name] = [
            next((cells[s] for s in synonyms if s in cells), cell) for cells, cell in zip(folded, kept, strict=True)
        ]
        if column.path and not stream.is_table:
            columns[name] = [
                _dug(extra, column) if cell is None else cell for extra, cell in zip(extras, columns[name], strict=True)
            ]
    return TextBatch(
        lines=[int(str(row[1])) for row in rows],
        columns=columns,
        extra=[_as_text(row[2]) for row in rows],
        raw=[[cell for cell in row[3:] if cell is not None] for row in rows],
        records=[int(str(row[0])) for row in rows],
    )


def _unclaimed(text: object) -> dict[str, Any]:
    """Cells that no column claimed when the file was read: a new column, or a new path, may claim them now."""
    return parse_json(text) if isinstance(text, str) else {}


def _dug(extra: dict[str, Any], column: Column) -> str | None:
    """What a path finds in the rest of a record; paths that lead out of the record find nothing."""
    inside = (path for path in column.path if not parse_path(path).up and not parse_path(path).is_number)
    return next((text for path in inside if (text := text_of(dig(extra, path))) is not None), None)


def _as_text(value: object) -> str | None:
    return None if value is None else str(value)


def _refuse_bad_share(name: str, taken: _Taken, max_share: float, stream: Stream) -> None:
    # the last page of an answer is empty; so is a file whose records belong to another stream
    may_be_empty = stream.also or not (stream.is_table or stream.delivery.complete)
    if taken.read == 0 and may_be_empty:
        return
    if taken.read == 0:
        raise FileRejectedError(
            f"{name} has no rows.",
            expected="at least one record below the headings.",
            todo="Export it again; remove it from the inbox if there was nothing to export.",
            code="EMPTY_FILE",
        )
    if not stream.is_table and not taken.typed and {reason for reason, _ in taken.faults} == {"NULL_KEY"}:
        raise FileRejectedError(
            f"{name} holds no record with {' and '.join(stream.key)}.",
            expected="the records of the spec; a message of an error is none.",
            todo="Export it again, or correct the paths in spec.toml of its source.",
            code="NO_RECORDS",
        )
    faults = taken.faults.total() - forgotten_count(taken.faults.items())
    if faults <= max_share * taken.read:
        return
    (reason, column), count = taken.faults.most_common(1)[0]
    raise FileRejectedError(
        f"{name}: {faults} of {taken.read} rows cannot be taken, {count} of them for {reason} in {column}; "
        f"the first is line {taken.first_fault}.",
        expected=f"at most {max_share:.0%} bad rows.",
        todo="Ask `journey source check` what fits such rows; correct the export or spec.toml of its source, or raise "
        "load.max_quarantine_share.",
        code=QUARANTINE_RATE,
    )
