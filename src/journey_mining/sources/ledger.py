"""The books of loading: which file was taken or refused, which rows were set aside, which values were left out.

In: counts and faults of one file. Out: rows of `file_ledger`, `quarantine` and `value_warning` in the private database.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import pyarrow as pa

from journey_mining.errors import FileRejectedError, JourneyMiningError
from journey_mining.sources.batches import WAITING, RowFault
from journey_mining.sources.delivered import UNREADABLE, Delivered, Fingerprint
from journey_mining.sources.file_names import shown_name
from journey_mining.sources.spec import Source, Stream
from journey_mining.sources.staging import LEDGER, QUARANTINE, SCHEMAS, WARNING, version_name
from journey_mining.warehouse.duckdb_warehouse import DuckDBWarehouse, quoted

LOADED, REJECTED = "loaded", "rejected"
QUARANTINE_RATE = "QUARANTINE_RATE"
_SAME_FILE = "file_id = ? and source = ? and stream = ?"
_TYPED_AGAIN = f"record is not null or reason = '{WAITING}'"
"""rows in quarantine whose cells are kept in `raw_*`; older databases have no number for those that wait"""
Row = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCounts:
    """Rows of one file; every row read is in exactly one of the other three."""

    read: int
    accepted: int
    quarantined: int
    collapsed: int


class FirstLook(Protocol):
    """What the readers say of a file before its rows."""

    @property
    def encoding(self) -> str:
        """Name of its encoding; '' where its format knows that."""

    @property
    def header_hash(self) -> str:
        """Changes with its headings."""

    @property
    def headings(self) -> tuple[str, ...]:
        """Its headings; none where it is no table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFile:
    """What the ledger says of a file."""

    status: str
    spec_hash: str
    error_code: str
    error_text: str
    snapshot_at: datetime | None = None
    """UTC; when it was drawn, the latest that any copy of it says"""

    @property
    def is_settled(self) -> bool:
        """Whether the same content, looked at again, must come to the same.

        What nobody foresaw may have passed; how many rows are bad depends on the settings and on the time.
        """
        return self.error_code not in (UNREADABLE, QUARANTINE_RATE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One file on its way in."""

    source: Source
    stream: Stream
    delivered: Delivered
    mark: Fingerprint

    @property
    def name(self) -> str:
        """Name for people: path in the inbox, and member of an archive."""
        return self.delivered.full_name

    def where(self) -> Row:
        """The columns that say which file a row is about."""
        return {"file_id": self.mark.file_id, "source": self.source.id, "stream": self.stream.id}


def known_file(warehouse: DuckDBWarehouse, arrival: Arrival) -> KnownFile | None:
    """The ledger's row of a file, if its content has been met before."""
    rows = warehouse.execute(
        f"select status, spec_hash, error_code, error_text, snapshot_at from {LEDGER} where {_SAME_FILE}",
        list(arrival.where().values()),
    )
    if not rows:
        return None
    status, spec_hash, code, text, drawn = rows[0]
    return KnownFile(
        status=status, spec_hash=spec_hash, error_code=code or "", error_text=text or "", snapshot_at=drawn
    )


def enter_rejected(warehouse: DuckDBWarehouse, arrival: Arrival, fault: FileRejectedError, *, now: datetime) -> None:
    """Write that a file was refused and why."""
    row = _ledger_row(arrival, now) | {"status": REJECTED, "error_code": fault.code, "error_text": str(fault)}
    _insert(warehouse, LEDGER, [row])


def enter_loaded(
    warehouse: DuckDBWarehouse,
    arrival: Arrival,
    counts: FileCounts,
    *,
    look: FirstLook,
    snapshot_at: datetime | None,
    retry_from: datetime | None,
    now: datetime,
) -> None:
    """Write that a file was taken, with its counts.

    Raises:
        JourneyMiningError: the counts do not add up.
    """
    reconcile(arrival.name, counts)
    row = _ledger_row(arrival, now) | {
        "encoding": look.encoding,
        "header_hash": look.header_hash,
        "headings": json.dumps(look.headings, ensure_ascii=False) if look.headings else None,
        "snapshot_at": snapshot_at,
        "retry_from": retry_from,
        "rows_read": counts.read,
        "rows_accepted": counts.accepted,
        "rows_quarantined": counts.quarantined,
        "rows_collapsed": counts.collapsed,
    }
    _insert(warehouse, LEDGER, [row])


def enter_faults(warehouse: DuckDBWarehouse, where: Row, faults: list[RowFault]) -> None:
    """Set rows aside."""
    ordered = sorted(faults, key=lambda fault: (fault.line, fault.reason))
    names = ("line", "record", "column_name", "reason", "detail", "raw")
    _insert(warehouse, QUARANTINE, [where | {name: getattr(fault, name) for name in names} for fault in ordered])


def set_aside(warehouse: DuckDBWarehouse, where: Row, faults: list[RowFault]) -> None:
    """Set rows aside that had been accepted; the caller has removed them."""
    enter_faults(warehouse, where, faults)
    count = len(faults)
    warehouse.execute(
        f"update {LEDGER} set rows_accepted = rows_accepted - ?, rows_quarantined = rows_quarantined + ? "
        f"where {_SAME_FILE}",
        [count, count, *where.values()],
    )


def enter_warnings(warehouse: DuckDBWarehouse, where: Row, warnings: Counter[tuple[str, str]]) -> None:
    """Count the values that were left out of rows that were kept, or kept in doubt."""
    counted = sorted(warnings.items())
    rows = [where | {"column_name": name, "reason": reason, "row_count": count} for (name, reason), count in counted]
    _insert(warehouse, WARNING, rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedFile:
    """What the ledger and the quarantine say of a file that was taken."""

    name: str
    snapshot_at: datetime | None
    rows_read: int
    set_aside: int
    """rows in quarantine until the file itself is read again: they could not be split, so no cells were kept"""


def loaded_file(warehouse: DuckDBWarehouse, where: Row) -> LoadedFile:
    """The entries of one loaded file."""
    path, member, snapshot_at, rows_read = warehouse.execute(
        f"select path, member, snapshot_at, rows_read from {LEDGER} where {_SAME_FILE}", list(where.values())
    )[0]
    aside = warehouse.execute(
        f"select count(*) from {QUARANTINE} where {_SAME_FILE} and not ({_TYPED_AGAIN})", list(where.values())
    )[0][0]
    return LoadedFile(name=joined(path, member), snapshot_at=snapshot_at, rows_read=rows_read, set_aside=aside)


def enter_replayed(
    warehouse: DuckDBWarehouse,
    where: Row,
    counts: FileCounts,
    *,
    name: str,
    spec_hash: str,
    retry_from: datetime | None,
) -> None:
    """Correct the entry of a file whose text was typed anew.

    Raises:
        JourneyMiningError: the counts do not add up.
    """
    reconcile(name, counts)
    values = (counts.accepted, counts.quarantined, counts.collapsed, spec_hash, retry_from, *where.values())
    warehouse.execute(
        f"update {LEDGER} set rows_accepted = ?, rows_quarantined = ?, rows_collapsed = ?, spec_hash = ?, "
        f"retry_from = ? where {_SAME_FILE}",
        values,
    )


def forget_faults(warehouse: DuckDBWarehouse, where: Row) -> None:
    """Forget what was said of text that is about to be typed anew."""
    warehouse.execute(f"delete from {WARNING} where {_SAME_FILE}", list(where.values()))
    warehouse.execute(f"delete from {QUARANTINE} where {_SAME_FILE} and ({_TYPED_AGAIN})", list(where.values()))


def reconcile(name: str, counts: FileCounts) -> None:
    """Refuse counts that lose rows.

    Raises:
        JourneyMiningError: read is not accepted + quarantined + collapsed.
    """
    if counts.read != counts.accepted + counts.quarantined + counts.collapsed:
        raise JourneyMiningError(
            f"Rows of {name} do not reconcile: {counts}.",
            expected="rows read = accepted + quarantined + collapsed.",
            todo="Report this as a fault of journey_mining; nothing of the file was stored.",
            code="NOT_RECONCILED",
        )


def reconcile_stream(warehouse: DuckDBWarehouse, source: Source, stream: Stream) -> None:
    """Refuse to go on when the rows that can be read back are not those that the ledger says were taken.

    Raises:
        JourneyMiningError: the two differ.
    """
    version = version_name(source.id, stream.id)
    if version not in warehouse.tables():
        return
    # grouping makes the engine read the rows; a plain count is answered from its books
    stored = dict(warehouse.execute(f"select _file_id, count(*) from {quoted(version)} group by _file_id"))
    taken = warehouse.execute(
        f"select file_id, rows_accepted from {LEDGER} where source = ? and stream = ? and status = '{LOADED}'",
        [source.id, stream.id],
    )
    wrong = sum(stored.get(file_id, 0) != accepted for file_id, accepted in taken)
    if wrong or len(stored) != sum(1 for _, accepted in taken if accepted):
        raise JourneyMiningError(
            f"{version} does not hold what the ledger says of {max(wrong, 1)} files.",
            expected="as many rows of each file as were accepted.",
            todo="Remove warehouse/raw.duckdb and run again with all exports in the inbox; report this as a fault.",
            code="NOT_RECONCILED",
        )


def enter_drawn(warehouse: DuckDBWarehouse, where: Row, snapshot_at: datetime) -> None:
    """Write that a copy of a known file was drawn later than those met before."""
    warehouse.execute(f"update {LEDGER} set snapshot_at = ? where {_SAME_FILE}", [snapshot_at, *where.values()])


def drop_absent_rejections(warehouse: DuckDBWarehouse, seen: set[tuple[str, str]]) -> int:
    """Forget refused files that no longer lie in the inbox; how many. `seen` holds (file id, name)."""
    rows = warehouse.execute(
        f"select file_id, path, member from {LEDGER} where status = '{REJECTED}' order by path, member, file_id"
    )
    gone = [row for row in rows if (row[0], joined(row[1], row[2])) not in seen]
    for row in gone:
        warehouse.execute(
            f"delete from {LEDGER} where file_id = ? and path = ? and member = ? and status = '{REJECTED}'", row
        )
    return len(gone)


def joined(path: str, member: str) -> str:
    """Name of a file for people."""
    return f"{path}:{member}" if member else path


def _ledger_row(arrival: Arrival, now: datetime) -> Row:
    empty: Row = dict.fromkeys(SCHEMAS[LEDGER].names)
    zeros: Row = dict.fromkeys((name for name in SCHEMAS[LEDGER].names if name.startswith("rows_")), 0)
    return {
        **empty,
        **zeros,
        **arrival.where(),
        "path": arrival.delivered.shown_path,
        "member": shown_name(arrival.delivered.member),
        "size_bytes": arrival.mark.size_bytes,
        "status": LOADED,
        "spec_hash": arrival.source.spec_hash(arrival.stream),
        "loaded_at": now,
    }


def _insert(warehouse: DuckDBWarehouse, table: str, rows: list[Row]) -> None:
    if rows:
        warehouse.append(table, pa.Table.from_pylist(rows, schema=SCHEMAS[table]))
