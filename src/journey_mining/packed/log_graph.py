"""The directly-follows graph of one Parquet file of events, without a project: what follows what, how often, how soon.

In: a file with a row an event. Out: `LogGraph`. Rows are read batch by batch, ids and names become numbers at once, and
an event takes 14 bytes (more where ids are longer than eight) until its part of the journeys is counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from journey_mining.errors import FileRejectedError, NotFoundError
from journey_mining.packed.keys import EdgeTimes, Ints
from journey_mining.packed.plain_arrow import named, numbers, plain
from journey_mining.packed.rows import PART_ROWS, JourneyRows, LogRows
from journey_mining.packed.texts import Names, words_of
from journey_mining.packed.ways import Ways
from journey_mining.vocabulary import ALL_SEGMENTS, JOURNEY_END, JOURNEY_START, OTHER, UNKNOWN_SEGMENT

if TYPE_CHECKING:
    import pandas as pd

_BATCH_ROWS = 65_536
_PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}


@dataclass(frozen=True, slots=True, kw_only=True)
class LogColumns:
    """Names of the columns of a file of events."""

    journey: str
    activity: str
    occurred_at: str
    segment: str = ""
    """of the journey; that of its first event counts. Without it all journeys are in `all`"""
    order: str = ""
    """whole numbers that order the events of a journey; without it their times do, then the rows as they stand"""

    def all(self) -> list[str]:
        """Those that are read."""
        return [name for name in (self.journey, self.activity, self.occurred_at, self.segment, self.order) if name]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogGraph:
    """What was found in a file of events."""

    follows: pa.Table
    """`segment, activity, next_activity, transition_count, median_seconds`; starts and ends are edges too"""
    journey_counts: dict[str, int]
    """by segment"""
    way_counts: dict[str, int]
    """distinct orders of activities, by segment"""
    left_out_count: int
    """rows without a journey, a time or a place in the order"""

    def frame(self) -> pd.DataFrame:
        """The graph as a frame, in the order of its names."""
        frame: pd.DataFrame = self.follows.to_pandas()
        return frame


def read_graph(file: Path, columns: LogColumns, *, part_rows: int = PART_ROWS) -> LogGraph:
    """Count the passages from one activity to the next in a file of events, by segment.

    Repeats of an activity in a row are one, as in `activity_step`; seconds are between the first rows of two runs.

    Raises:
        NotFoundError: there is no such file.
        FileRejectedError: it is no Parquet file, lacks a column, or a column is of another type.
    """
    with _frugal_memory():
        source = _opened(file, columns)
        read = _Read(source.metadata.num_rows, part_rows)
        if not _take(source, columns, read, with_places=False):
            # rows do not stand in their order: the place of each has to be kept
            read = _Read(source.metadata.num_rows, part_rows)
            _take(source, columns, read, with_places=True)
    return _counted(read)


class _Read:
    """Rows that were read and the names behind their numbers."""

    def __init__(self, rows: int, part_rows: int) -> None:
        self.rows = LogRows(rows, part_rows=part_rows)
        self.activities = Names(OTHER)
        self.segments = Names(UNKNOWN_SEGMENT)
        self.left_out = 0


@dataclass(slots=True)
class _Ends:
    """How many journeys start, and end, with an activity; indexed by segment and activity."""

    starts: Ints
    ends: Ints
    journeys: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))


@contextmanager
def _frugal_memory() -> Iterator[None]:
    """Let Arrow give back what it does not need; its own pools keep a third more."""
    usual = pa.default_memory_pool()
    pa.set_memory_pool(pa.system_memory_pool())
    try:
        yield
    finally:
        pa.set_memory_pool(usual)


def _opened(file: Path, columns: LogColumns) -> pq.ParquetFile:
    if not file.is_file():
        raise NotFoundError(f"{file} does not exist.", expected="a Parquet file of events.", todo="Correct the path.")
    try:
        source = pq.ParquetFile(file)
    except (pa.ArrowInvalid, OSError) as fault:
        raise FileRejectedError(
            f"{file.name} is no Parquet file that can be read.",
            expected="a Parquet file of events.",
            todo="Write it again, or load it through the source `event_table`, which reads other formats too.",
        ) from fault
    _refuse_other_columns(file, columns, source.schema_arrow)
    names = [columns.activity, *filter(None, [columns.segment])]
    return pq.ParquetFile(file, metadata=source.metadata, read_dictionary=names)


def _refuse_other_columns(file: Path, columns: LogColumns, there: pa.Schema) -> None:
    kinds = {name: there.field(name).type for name in columns.all() if name in there.names}
    wrong = {name: "is missing" for name in columns.all() if name not in kinds}
    for name in {columns.journey, columns.activity, columns.segment} & kinds.keys():
        kind = kinds[name].value_type if pa.types.is_dictionary(kinds[name]) else kinds[name]
        if not pa.types.is_string(kind) and not pa.types.is_large_string(kind):
            wrong[name] = "is not text"
    if columns.occurred_at in kinds and not pa.types.is_timestamp(kinds[columns.occurred_at]):
        wrong[columns.occurred_at] = "is not a time"
    if columns.order in kinds and not pa.types.is_integer(kinds[columns.order]):
        wrong[columns.order] = "is not whole numbers"
    if wrong:
        raise FileRejectedError(
            f"{file.name}: " + ", ".join(f"column {name} {what}" for name, what in wrong.items()) + ".",
            expected="texts for journey, activity and segment, a timestamp for the time, whole numbers for the order; "
            f"there are {', '.join(there.names)}.",
            todo="Name the columns as they are in the file, or write it with these types.",
        )


def _take(source: pq.ParquetFile, columns: LogColumns, read: _Read, *, with_places: bool) -> bool:
    """Read all rows; False where rows that are taken without places turn out not to stand in their order."""
    unit = _PER_SECOND[source.schema_arrow.field(columns.occurred_at).type.unit]
    latest = np.iinfo(np.int64).min
    for batch in _usable(source, columns, read):
        at = _times(batch.column(columns.occurred_at))
        place = _places(batch.column(columns.order)) if columns.order else at
        if not with_places:
            if place[0] < latest or (place[1:] < place[:-1]).any():
                return False
            latest = place[-1]
        read.rows.add(_ids(batch.column(columns.journey)), _row(batch, columns, read, at // unit, place, with_places))
    return True


def _usable(source: pq.ParquetFile, columns: LogColumns, read: _Read) -> Iterator[pa.RecordBatch]:
    """Batches without rows that have no journey, no time or no place; these are counted."""
    needed = [columns.journey, columns.occurred_at, *filter(None, [columns.order])]
    for batch in source.iter_batches(_BATCH_ROWS, columns=columns.all(), use_threads=False):
        if any(batch.column(name).null_count for name in needed):
            usable = batch.filter(_all_known([batch.column(name) for name in needed]))
            read.left_out += len(batch) - len(usable)
        else:
            usable = batch
        if len(usable):
            yield usable


def _all_known(columns: list[pa.Array]) -> pa.Array:
    known = columns[0].is_valid()
    for column in columns[1:]:
        known = pa.compute.and_(known, column.is_valid())
    return known


def _row(
    batch: pa.RecordBatch, columns: LogColumns, read: _Read, second: Ints, place: NDArray[Any], with_places: bool
) -> dict[str, NDArray[Any]]:
    fits = np.iinfo(np.int32).min < second.min() and second.max() < np.iinfo(np.int32).max
    row = {
        "code": read.activities.codes(batch.column(columns.activity)),
        "second": second.astype(np.int32) if fits else second,
    }
    if columns.segment:
        row["segment"] = read.segments.codes(batch.column(columns.segment))
    return {**row, "place": place} if with_places else row


def _ids(column: pa.Array) -> list[NDArray[np.uint64]]:
    texts = column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
    try:
        return words_of(texts)
    except ValueError as fault:
        raise FileRejectedError(
            "An id of a journey holds a zero byte.",
            expected="ids that are texts.",
            todo="Write the file again without zero bytes in ids.",
        ) from fault


def _places(column: pa.Array) -> Ints:
    """Whole numbers of any width as signed ones of 64 bits: differences of narrow ones would run over."""
    return numbers(pa.chunked_array([column])).astype(np.int64)


def _times(column: pa.Array) -> Ints:
    """Units since 1970 of a column of times without nulls."""
    return np.frombuffer(column.buffers()[1], np.int64, len(column), column.offset * 8)


def _counted(read: _Read) -> LogGraph:
    activities = read.activities.known()
    segments = read.segments.known() or (ALL_SEGMENTS,)
    size = len(segments) * len(activities)
    times, ways = EdgeTimes(), Ways(len(activities), len(segments))
    ends = _Ends(np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64), np.zeros(len(segments), np.int64))
    for rows in read.rows.journeys():
        _add(rows, len(activities), times, ends, ways)
    return LogGraph(
        follows=_follows(activities, segments, times, ends),
        journey_counts=dict(zip(segments, ends.journeys.tolist(), strict=True)),
        way_counts=dict(zip(segments, ways.distinct().tolist(), strict=True)),
        left_out_count=read.left_out,
    )


def _add(rows: JourneyRows, activity_count: int, times: EdgeTimes, ends: _Ends, ways: Ways) -> None:
    """Add the passages, starts, ends and ways of some journeys."""
    code, second, starts = rows.columns["code"], rows.columns["second"], rows.starts
    segment = rows.columns["segment"][starts] if "segment" in rows.columns else np.zeros(len(starts), dtype=np.uint8)
    is_first = np.zeros(len(code), dtype=bool)
    is_first[starts] = True
    is_run = is_first.copy()
    is_run[1:] |= code[1:] != code[:-1]
    if not is_run.all():
        code, second, is_first = code[is_run], second[is_run], is_first[is_run]
        starts = np.flatnonzero(is_first)
    lengths = np.diff(starts, append=len(code))
    of_segment = segment.astype(np.int64) * activity_count
    node = np.repeat(of_segment, lengths)
    node += code
    ends.starts += np.bincount(node[starts], minlength=len(ends.starts))
    ends.ends += np.bincount(node[starts + lengths - 1], minlength=len(ends.ends))
    ends.journeys += np.bincount(segment, minlength=len(ends.journeys))
    goes_on = ~is_first[1:]
    node *= activity_count
    node[:-1] += code[1:]
    times.add(node[:-1][goes_on], np.subtract(second[1:], second[:-1], dtype=np.int64)[goes_on])
    ways.add(code, starts, segment)


def _follows(activities: tuple[str, ...], segments: tuple[str, ...], times: EdgeTimes, ends: _Ends) -> pa.Table:
    """Rows of the graph by name: starts, passages and ends."""
    count = len(activities)
    passages = times.quantiles((0.5,))
    node, follower = np.divmod(passages.keys, max(count, 1))
    starts, last = np.flatnonzero(ends.starts), np.flatnonzero(ends.ends)
    names = [*activities, JOURNEY_START, JOURNEY_END]
    segment = np.concatenate([node // max(count, 1), starts // max(count, 1), last // max(count, 1)])
    activity = np.concatenate([node % max(count, 1), np.full(len(starts), count), last % max(count, 1)])
    following = np.concatenate([follower, starts % max(count, 1), np.full(len(last), count + 1)])
    transitions = np.concatenate([passages.counts, ends.starts[starts], ends.ends[last]])
    median = np.concatenate([passages.seconds[0], np.full(len(starts) + len(last), np.nan)])
    order = np.lexsort((_rank(names)[following], _rank(names)[activity], _rank(segments)[segment]))
    return pa.table(
        {
            "segment": named(segments, segment[order]),
            "activity": named(names, activity[order]),
            "next_activity": named(names, following[order]),
            "transition_count": plain(transitions[order]),
            "median_seconds": plain(median[order], known=~np.isnan(median[order])),
        }
    )


def _rank(names: tuple[str, ...] | list[str]) -> Ints:
    """The place of each name in the order of names."""
    rank = np.zeros(len(names), dtype=np.int64)
    rank[sorted(range(len(names)), key=lambda number: names[number])] = np.arange(len(names))
    return rank
