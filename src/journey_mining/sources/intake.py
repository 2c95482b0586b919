"""One file into the private database, read from disk, or one stream again from the raw text that is already there.

In: an `Arrival`. Out: rows of `raw_*` and `stg_*__version`, and the file's entries in the ledger. The caller holds the
transaction: whatever is raised here leaves nothing behind.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa

from journey_mining.errors import FileRejectedError
from journey_mining.sources.batches import WAITING, BatchTyper, Cells, RowFault, TextBatch
from journey_mining.sources.cells import CellContext, parsers
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.headings import fold
from journey_mining.sources.ledger import (
    LOADED,
    QUARANTINE_RATE,
    Arrival,
    FileCounts,
    enter_faults,
    enter_loaded,
    enter_replayed,
    loaded_file,
    replace_faults,
)
from journey_mining.sources.readers import BATCH_ROWS, open_file, read_batches
from journey_mining.sources.spec import Source, Stream
from journey_mining.sources.staging import (
    ARRIVING,
    LEDGER,
    append_raw,
    forget_versions,
    merge_arriving,
    open_arriving,
    raw_name,
    version_name,
)
from journey_mining.warehouse.duckdb_warehouse import DuckDBWarehouse, quoted

_FUTURE = timedelta(days=2)
"""clocks of sources may run ahead by this much"""


@dataclass(slots=True, kw_only=True)
class _Taken:
    """What the batches of one file came to."""

    read: int = 0
    typed: int = 0
    faults: list[RowFault] = field(default_factory=list)
    warnings: Counter[tuple[str, str]] = field(default_factory=Counter)
    repeats: Counter[str] = field(default_factory=Counter)
    """rows with equal cells"""
    waits_for: list[datetime] = field(default_factory=list)
    """moments that lie in the future"""

    @property
    def retry_from(self) -> datetime | None:
        """From when on the file says more than now; UTC."""
        return min(self.waits_for) - _FUTURE if self.waits_for else None


def typer_of(source: Source, stream: Stream, *, now: datetime) -> BatchTyper:
    """What types the cells of a stream; worth keeping for all of its files, because it remembers what it has parsed."""
    context = CellContext(source=source.settings, latest=now + _FUTURE, null_values=frozenset(stream.null_values))
    return BatchTyper(stream, parsers(stream, context, is_table=stream.format == "csv"))


def take_file(
    warehouse: DuckDBWarehouse, arrival: Arrival, typer: BatchTyper, *, now: datetime, max_share: float
) -> FileCounts:
    """Read one file and store what can be stored of it; its counts.

    Raises:
        FileRejectedError: the file as a whole cannot be taken.
    """
    source, stream = arrival.source, arrival.stream
    opened = open_file(arrival.delivered, stream)
    snapshot_at = snapshot_time(source, stream, arrival.delivered)
    batches = read_batches(arrival.delivered, stream, opened)
    taken = _gather(warehouse, raw_name(source.id, stream.id), typer, batches, raw_of=arrival.mark.file_id)
    _refuse_bad_share(arrival.name, taken, max_share)
    accepted = merge_arriving(warehouse, source.id, stream, file_id=arrival.mark.file_id, snapshot_at=snapshot_at)
    counts = FileCounts(
        read=taken.read, accepted=accepted, quarantined=len(taken.faults), collapsed=taken.typed - accepted
    )
    enter_faults(warehouse, arrival.where(), taken.faults, taken.warnings)
    enter_loaded(
        warehouse,
        arrival,
        counts,
        encoding=opened.encoding,
        header_hash=opened.header_hash,
        snapshot_at=snapshot_at,
        retry_from=taken.retry_from,
        now=now,
    )
    return counts


def is_stale(warehouse: DuckDBWarehouse, source: Source, stream: Stream) -> bool:
    """Whether files of the stream were read under another spec than the present one."""
    rows = warehouse.execute(
        f"select count(*) from {LEDGER} where source = ? and stream = ? and status = ? and spec_hash <> ?",
        [source.id, stream.id, LOADED, source.spec_hash(stream)],
    )
    return bool(rows[0][0])


def waiting_files(warehouse: DuckDBWarehouse, source: Source, stream: Stream, *, now: datetime) -> list[str]:
    """Loaded files with times that were in the future when they were typed, and are no more."""
    rows = warehouse.execute(
        f"select file_id from {LEDGER} where source = ? and stream = ? and status = ? and retry_from <= ? order by 1",
        [source.id, stream.id, LOADED, now],
    )
    return [str(file_id) for (file_id,) in rows]


def replay_stream(warehouse: DuckDBWarehouse, source: Source, stream: Stream, *, now: datetime) -> None:
    """Type every taken line of a stream anew from its raw text, under the present spec.

    The files themselves may be gone; their text is not. Lines that stood in quarantine stay there, lines that no longer
    pass go there too.
    """
    warehouse.drop(version_name(source.id, stream.id))
    files = warehouse.execute(
        f"select file_id from {LEDGER} where source = ? and stream = ? and status = ? order by file_id",
        [source.id, stream.id, LOADED],
    )
    replay_files(warehouse, source, stream, [str(file_id) for (file_id,) in files], now=now)


def replay_files(
    warehouse: DuckDBWarehouse, source: Source, stream: Stream, file_ids: list[str], *, now: datetime
) -> None:
    """Type the text that was kept of some files anew; lines that waited for their time are among it."""
    typer = typer_of(source, stream, now=now)
    for file_id in file_ids:
        where: dict[str, object] = {"file_id": file_id, "source": source.id, "stream": stream.id}
        known = loaded_file(warehouse, where)
        forget_versions(warehouse, source.id, stream.id, file_id)
        raw = raw_name(source.id, stream.id)
        taken = _gather(warehouse, raw, typer, _raw_batches(warehouse, source, stream, file_id), raw_of=None)
        accepted = merge_arriving(warehouse, source.id, stream, file_id=file_id, snapshot_at=known.snapshot_at)
        counts = FileCounts(
            read=known.rows_read,
            accepted=accepted,
            quarantined=known.set_aside + len(taken.faults),
            collapsed=taken.typed - accepted,
        )
        _drop_raw(warehouse, raw, file_id, taken.faults)
        replace_faults(warehouse, where, taken.faults, taken.warnings)
        enter_replayed(
            warehouse,
            where,
            counts,
            name=known.name,
            spec_hash=source.spec_hash(stream),
            retry_from=taken.retry_from,
        )


def snapshot_time(source: Source, stream: Stream, delivered: Delivered) -> datetime | None:
    """UTC time at which the file was drawn, as its name says; None where it says nothing."""
    if stream.snapshot_at is None:
        return None
    match = re.search(stream.snapshot_at.filename_re, delivered.member or delivered.name)
    if match is None:
        return None
    try:
        local = datetime.strptime(match[1] if match.groups() else match[0], stream.snapshot_at.format)  # noqa: DTZ007 - the zone follows
    except ValueError:
        return None
    return local.replace(tzinfo=ZoneInfo(source.settings.timezone)).astimezone(UTC).replace(tzinfo=None)


def _gather(
    warehouse: DuckDBWarehouse, raw: str, typer: BatchTyper, batches: Iterable[TextBatch], *, raw_of: str | None
) -> _Taken:
    """Type batches into the arriving table; with `raw_of` (a file id) their text is kept in the table `raw` too."""
    taken = _Taken()
    open_arriving(warehouse, typer.stream)
    for batch in batches:
        typed = typer.typed(batch, taken.repeats)
        taken.read += batch.row_count
        taken.typed += typed.typed.num_rows
        taken.faults += typed.faults
        taken.warnings.update(typed.warnings)
        taken.waits_for += [typed.retry_from] if typed.retry_from else []
        warehouse.append(ARRIVING, typed.typed)
        if raw_of is not None:
            marked = typed.raw.append_column("_file_id", pa.array([raw_of] * typed.raw.num_rows, pa.string()))
            append_raw(warehouse, raw, marked)
    return taken


def _raw_batches(warehouse: DuckDBWarehouse, source: Source, stream: Stream, file_id: str) -> Iterator[TextBatch]:
    """The kept text of one file, in the order of its records."""
    table = raw_name(source.id, stream.id)
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
    extras = [_folded_extra(row[2]) for row in rows]
    columns: dict[str, Cells] = {}
    for name, column in stream.columns.items():
        place = known.index(name) + 3 if name in known else None
        synonyms = [fold(synonym) for synonym in column.from_]
        columns[name] = [
            next((extra[s] for s in synonyms if s in extra), None if place is None else _as_text(row[place]))
            for row, extra in zip(rows, extras, strict=True)
        ]
    return TextBatch(
        lines=[int(str(row[1])) for row in rows],
        columns=columns,
        extra=[_as_text(row[2]) for row in rows],
        raw=[[cell for cell in row[3:] if cell is not None] for row in rows],
        records=[int(str(row[0])) for row in rows],
    )


def _folded_extra(text: object) -> dict[str, str]:
    """Cells that no column claimed when the file was read, by folded heading: a new column may claim them now."""
    if not isinstance(text, str):
        return {}
    return {fold(heading): cell for heading, cell in json.loads(text).items() if isinstance(cell, str)}


def _as_text(value: object) -> str | None:
    return None if value is None else str(value)


def _drop_raw(warehouse: DuckDBWarehouse, table: str, file_id: str, faults: list[RowFault]) -> None:
    """Drop the text of records that went to quarantine for good."""
    for fault in faults:
        if fault.reason != WAITING:
            warehouse.execute(
                f"delete from {quoted(table)} where _file_id = ? and _record = ?", [file_id, fault.record]
            )


def _refuse_bad_share(name: str, taken: _Taken, max_share: float) -> None:
    if taken.read == 0:
        raise FileRejectedError(
            f"{name} has no rows.",
            expected="at least one record below the headings.",
            todo="Export it again; remove it from the inbox if there was nothing to export.",
            code="EMPTY_FILE",
        )
    faults = taken.faults
    if len(faults) <= max_share * taken.read:
        return
    (reason, column), count = Counter((f.reason, f.column_name or "the row") for f in faults).most_common(1)[0]
    raise FileRejectedError(
        f"{name}: {len(faults)} of {taken.read} rows cannot be taken, {count} of them for {reason} in {column}; "
        f"the first is line {min(fault.line for fault in faults)}.",
        expected=f"at most {max_share:.0%} bad rows.",
        todo="Correct the export or spec.toml of its source, or raise load.max_quarantine_share.",
        code=QUARANTINE_RATE,
    )
