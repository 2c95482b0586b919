"""The books of loading: which file was taken or refused, which rows were set aside, which values were left out.

In: counts and faults of one file. Out: rows of `file_ledger`, `quarantine` and `value_warning` in the private database.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

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
Row = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCounts:
    """Rows of one file; every row read is in exactly one of the other three."""

    read: int
    accepted: int
    quarantined: int
    collapsed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFile:
    """What the ledger says of a file."""

    status: str
    spec_hash: str
    error_code: str
    error_text: str

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
        f"select status, spec_hash, error_code, error_text from {LEDGER} where {_SAME_FILE}",
        list(arrival.where().values()),
    )
    if not rows:
        return None
    status, spec_hash, code, text = rows[0]
    return KnownFile(status=status, spec_hash=spec_hash, error_code=code or "", error_text=text or "")


def enter_rejected(warehouse: DuckDBWarehouse, arrival: Arrival, fault: FileRejectedError, *, now: datetime) -> None:
    """Write that a file was refused and why."""
    row = _ledger_row(arrival, now) | {"status": REJECTED, "error_code": fault.code, "error_text": str(fault)}
    _insert(warehouse, LEDGER, [row])


def enter_loaded(
    warehouse: DuckDBWarehouse,
    arrival: Arrival,
    counts: FileCounts,
    *,
    encoding: str,
    header_hash: str,
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
        "encoding": encoding,
        "header_hash": header_hash,
        "snapshot_at": snapshot_at,
        "retry_from": retry_from,
        "rows_read": counts.read,
        "rows_accepted": counts.accepted,
        "rows_quarantined": counts.quarantined,
        "rows_collapsed": counts.collapsed,
    }
    _insert(warehouse, LEDGER, [row])


def enter_faults(
    warehouse: DuckDBWarehouse, where: Row, faults: list[RowFault], warnings: Counter[tuple[str, str]]
) -> None:
    """Set rows aside, and count the values that were left out of rows that were kept."""
    ordered = sorted(faults, key=lambda fault: (fault.line, fault.reason))
    names = ("line", "column_name", "reason", "detail", "raw")
    _insert(warehouse, QUARANTINE, [where | {name: getattr(fault, name) for name in names} for fault in ordered])
    _insert(
        warehouse,
        WARNING,
        [
            where | {"column_name": column, "reason": reason, "row_count": count}
            for (column, reason), count in sorted(warnings.items())
        ],
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedFile:
    """What the ledger and the quarantine say of a file that was taken."""

    name: str
    snapshot_at: datetime | None
    rows_read: int
    set_aside: int
    """rows that are in quarantine for good: their text was not kept to be typed anew"""


def loaded_file(warehouse: DuckDBWarehouse, where: Row) -> LoadedFile:
    """The entries of one loaded file."""
    path, member, snapshot_at, rows_read = warehouse.execute(
        f"select path, member, snapshot_at, rows_read from {LEDGER} where {_SAME_FILE}", list(where.values())
    )[0]
    aside = warehouse.execute(
        f"select count(*) from {QUARANTINE} where {_SAME_FILE} and reason <> '{WAITING}'", list(where.values())
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


def replace_faults(
    warehouse: DuckDBWarehouse, where: Row, faults: list[RowFault], warnings: Counter[tuple[str, str]]
) -> None:
    """Enter the faults of text that was typed anew; what was said of that text before is forgotten."""
    warehouse.execute(f"delete from {WARNING} where {_SAME_FILE}", list(where.values()))
    warehouse.execute(f"delete from {QUARANTINE} where {_SAME_FILE} and reason = '{WAITING}'", list(where.values()))
    enter_faults(warehouse, where, faults, warnings)


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
    zeros: Row = dict.fromkeys(("rows_read", "rows_accepted", "rows_quarantined", "rows_collapsed"), 0)
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
