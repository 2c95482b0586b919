"""Whole columns of plainly written cells typed at once.

In: the texts of a column. Out: their values, and which cells were read. What a cell means is said in `cells` alone: a
kernel here takes only texts of which that parser is known to make the same, and leaves all others to it. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from journey_mining.sources.cells import CellContext, arrow_type
from journey_mining.sources.spec import Stream
from journey_mining.sources.spec_column import Column
from journey_mining.sources.times import DEFAULT_FORMATS, EARLIEST, steady_offset

Mask = npt.NDArray[np.bool_]
Read = tuple[pa.Array, Mask]
"""values, and which cells they were read from; the others have no value yet"""
Kernel = Callable[[pa.Array], Read]

_MANY_BYTES = 32_768
_HOUR, _DAY = 3_600_000_000, 86_400_000_000
_PARTS = {"%Y": 4, "%m": 2, "%d": 2, "%H": 2, "%M": 2, "%S": 2}
_INTEGER = r"^(?:0|-?[1-9][0-9]{0,14})$"
_DECIMAL = r"^-?[0-9]{1,14}(?:\.[0-9]{1,2})?$"
_COUNT = r"^[0-9]{1,12}$"
_EMAIL = r"^[a-z0-9_+-](?:[a-z0-9._+-]{0,40}[a-z0-9_+-])?@(?:[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?\.){1,3}[a-z]{2,20}$"
_OFFSET_TIME = (
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]{3}|\.[0-9]{6})?"
    r"(?:Z|[+-][01][0-9]:[0-5][0-9])$"
)
_EPOCHS = {"epoch_s": 1_000_000, "epoch_ms": 1_000, "epoch_us": 1}


def kernels(stream: Stream, context: CellContext) -> dict[str, Kernel]:
    """What reads the plain cells of each column that has such cells."""
    # in tables a path leads into the JSON text of a cell
    whole = {name: column for name, column in stream.columns.items() if not (stream.is_table and column.path)}
    found = {name: kernel_of(column, context) for name, column in whole.items()}
    return {name: kernel for name, kernel in found.items() if kernel is not None}


def kernel_of(column: Column, context: CellContext) -> Kernel | None:
    """What reads the plain cells of a column; None where every text has to be looked at by itself."""
    if column.allowed or column.is_list or column.clean or column.replace:
        return None
    read = _kernel(column, context)
    if read is None:
        return None
    special = pa.array(sorted({*context.null_values, *column.not_in, *column.map}), pa.string())
    longest = max((len(text.encode()) for text in special.to_pylist()), default=0)

    def without_special(cells: pa.Array) -> Read:
        values, done = read(cells)
        if len(cells) and (_lengths(cells)[done] <= longest).any():
            done &= ~_as_mask(pc.is_in(cells, value_set=special))
        return values, done

    return without_special


def _kernel(column: Column, context: CellContext) -> Kernel | None:
    latest, kind = context.latest, column.type
    if kind in _EPOCHS:
        return lambda cells: _epochs(cells, _EPOCHS[kind], latest)
    if kind in ("date", "datetime"):
        return _local_kernel(column, context)
    is_bounded = column.minimum is not None or column.maximum is not None
    if (kind == "datetime_tz" and column.formats) or (kind == "decimal" and is_bounded):
        return None
    kernels: dict[str, Kernel] = {
        "id": lambda cells: (cells, _is_bare(cells) & ~_is_like_a_float(cells)),
        "text": lambda cells: (cells, _is_bare(cells) & (_lengths(cells) <= _MANY_BYTES)),
        "url": lambda cells: (cells, _is_bare(cells)),
        "email": lambda cells: (cells, _matches(cells, _EMAIL)),
        "int": lambda cells: _integers(cells, column),
        "decimal": lambda cells: _cast(cells, _matches(cells, _DECIMAL), arrow_type(column)),
        "datetime_tz": lambda cells: _offset_times(cells, latest),
    }
    return kernels.get(kind)


def _as_mask(found: pa.Array) -> Mask:
    return np.asarray(pc.fill_null(found, fill_value=False).to_numpy(zero_copy_only=False), dtype=np.bool_)


def _matches(cells: pa.Array, pattern: str) -> Mask:
    return _as_mask(pc.match_substring_regex(cells, pattern))


def _offsets(cells: pa.Array) -> npt.NDArray[np.int32]:
    if not len(cells):
        return np.zeros(1, np.int32)
    return np.frombuffer(cells.buffers()[1], np.int32)[cells.offset : cells.offset + len(cells) + 1]


def _lengths(cells: pa.Array) -> npt.NDArray[np.int32]:
    """Bytes of each text; 0 where there is none."""
    bounds = _offsets(cells)
    return bounds[1:] - bounds[:-1]


def _bytes(cells: pa.Array) -> npt.NDArray[np.uint8]:
    data = cells.buffers()[2] if len(cells) else None
    return np.frombuffer(data, np.uint8) if data is not None and data.size else np.zeros(1, np.uint8)


def _is_bare(cells: pa.Array) -> Mask:
    """Texts that begin and end with a visible character of ASCII or a Cyrillic letter, so that nothing is to strip."""
    data, bounds, lengths = _bytes(cells), _offsets(cells), _lengths(cells)
    last = data.size - 1
    first_byte = data[np.clip(bounds[:-1], 0, last)]
    last_byte, before_last = data[np.clip(bounds[1:] - 1, 0, last)], data[np.clip(bounds[1:] - 2, 0, last)]
    ends_well = _is_visible(last_byte) | ((lengths > 1) & _leads_cyrillic(before_last))
    begins_well = _is_visible(first_byte) | _leads_cyrillic(first_byte)
    bare: Mask = _there(cells) & (lengths > 0) & begins_well & ends_well
    return bare


def _there(cells: pa.Array) -> Mask:
    return _as_mask(cells.is_valid())


def _is_visible(byte: npt.NDArray[np.uint8]) -> Mask:
    visible: Mask = (byte > 0x20) & (byte < 0x7F)  # noqa: PLR2004 - printable ASCII without the space
    return visible


def _leads_cyrillic(byte: npt.NDArray[np.uint8]) -> Mask:
    leads: Mask = (byte == 0xD0) | (byte == 0xD1)  # noqa: PLR2004 - of UTF-8; neither leads a space
    return leads


def _is_like_a_float(cells: pa.Array) -> Mask:
    """Every text that a spreadsheet may have made of a long id, many more beside, and the lone digits."""
    data, bounds, lengths = _bytes(cells), _offsets(cells), _lengths(cells)
    last = data.size - 1
    first, second = data[np.clip(bounds[:-1], 0, last)], data[np.clip(bounds[:-1] + 1, 0, last)]
    begins = (first >= ord("0")) & (first <= ord("9"))
    like: Mask = begins & ((lengths == 1) | np.isin(second, np.frombuffer(b".,eE", np.uint8)))
    return like


def _cast(cells: pa.Array, done: Mask, kind: pa.DataType) -> Read:
    """The cells that are done as another type; none are where one of them is no value of it after all."""
    try:
        return pc.cast(_only(cells, done), kind), done
    except pa.ArrowInvalid:
        return pa.nulls(len(cells), kind), np.zeros(len(cells), np.bool_)


def _only(cells: pa.Array, done: Mask) -> pa.Array:
    return cells if done.all() else pc.if_else(pa.array(done), cells, pa.scalar(None, cells.type))


def _integers(cells: pa.Array, column: Column) -> Read:
    values, done = _cast(cells, _matches(cells, _INTEGER), pa.int64())
    numbers = values.fill_null(0).to_numpy()
    if column.minimum is not None:
        done &= numbers >= column.minimum
    if column.maximum is not None:
        done &= numbers <= column.maximum
    return values, done


def _epochs(cells: pa.Array, micros: int, latest: datetime) -> Read:
    values, done = _cast(cells, _matches(cells, _COUNT if micros > 1 else r"^[0-9]{1,16}$"), pa.int64())
    return _within(values.fill_null(0).to_numpy() * micros, done, latest)


def _offset_times(cells: pa.Array, latest: datetime) -> Read:
    values, done = _cast(cells, _matches(cells, _OFFSET_TIME), pa.timestamp("us", "UTC"))
    return _within(_micros(values), done, latest)


def _local_kernel(column: Column, context: CellContext) -> Kernel | None:
    """Times and dates written in full by one of the formats of the column, with two digits for each part."""
    forms = _plain_forms(column.formats or DEFAULT_FORMATS)
    if not forms:
        return None
    zone, latest = ZoneInfo(column.timezone or context.source.timezone), context.latest
    steady = _SteadyOffsets(zone)

    def read(cells: pa.Array) -> Read:
        texts, done = cells, np.zeros(len(cells), np.bool_)
        for pattern, iso in forms:
            found = _matches(cells, pattern)
            if iso and found.any():
                texts = pc.if_else(pa.array(found), pc.replace_substring_regex(cells, pattern, iso), texts)
            done |= found
            if done.all():
                break
        values, done = _cast(texts, done, pa.timestamp("us"))
        if column.type == "date":
            inside = _within(_micros(values), done, latest + timedelta(days=1))
            return pc.cast(inside[0], pa.date32(), safe=False), inside[1]
        return _within(*steady.to_utc(_micros(values), done), latest)

    return read


def _plain_forms(formats: tuple[str, ...]) -> list[tuple[str, str]]:
    """Pattern and ISO spelling of each format up to the first that a plain text could belong to as well."""
    forms: list[tuple[str, str]] = []
    marks: set[tuple[str, ...]] = set()
    for text in formats:
        pieces = re.split(r"(%[A-Za-z])", text)
        parts, between = pieces[1::2], tuple(pieces[::2])
        # texts of digits that differ in what stands between the numbers cannot be of two formats
        if set(parts) - set(_PARTS) or any(re.search(r"[\d%]", piece) for piece in between) or between in marks:
            break
        marks.add(between)
        if len(set(parts)) == len(parts) and all(between[1:-1]):
            forms.append((_pattern(parts, between), _iso(parts, between)))
    return forms


def _pattern(parts: list[str], between: tuple[str, ...]) -> str:
    numbers = [f"([0-9]{{{_PARTS[part]}}})" for part in parts]
    escaped = [re.sub(r"([^\w ])", r"\\\1", piece) for piece in between]
    return "^" + escaped[0] + "".join(n + e for n, e in zip(numbers, escaped[1:], strict=True)) + "$"


def _iso(parts: list[str], between: tuple[str, ...]) -> str:
    """How a match is rewritten for the engine; '' where it is ISO already."""
    if parts == ["%Y", "%m", "%d", "%H", "%M", "%S"] and between in (
        ("", "-", "-", " ", ":", ":", ""),
        ("", "-", "-", "T", ":", ":", ""),
    ):
        return ""
    place = {part: f"\\{number}" for number, part in enumerate(parts, start=1)}
    clock = ":".join(place.get(part, "00") for part in ("%H", "%M", "%S"))
    return f"{place['%Y']}-{place['%m']}-{place['%d']} {clock}"


def _micros(values: pa.Array) -> npt.NDArray[np.int64]:
    """Microseconds since 1970; 0 where there is no value."""
    return np.asarray(values.cast(pa.int64()).fill_null(0).to_numpy(), dtype=np.int64)


def _micro(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1)) // timedelta(microseconds=1)  # noqa: DTZ001 - naive UTC


def _within(micros: npt.NDArray[np.int64], done: Mask, latest: datetime) -> Read:
    """Times of the cells that are done and can be true; what to say of the others is left to the parser of cells."""
    inside = done & (micros >= _micro(EARLIEST)) & (micros <= _micro(latest))
    return pa.array(micros, pa.int64(), mask=~inside).cast(pa.timestamp("us")), inside


class _SteadyOffsets:
    """Offsets of a zone, looked up once an hour; hours in which the clocks change are left out."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._known: dict[int, int | None] = {}

    def to_utc(self, local: npt.NDArray[np.int64], done: Mask) -> tuple[npt.NDArray[np.int64], Mask]:
        """Local times as UTC, and which of them are done."""
        # a day aside: whatever is out of range in UTC is so here, or is found so afterwards
        done = done & (local >= _micro(EARLIEST) - _DAY) & (local < _micro(datetime(9999, 1, 1)))  # noqa: DTZ001
        hours, place = np.unique(np.where(done, local, 0) // _HOUR, return_inverse=True)
        offsets = [self._offset(int(hour)) for hour in hours]
        is_steady = np.array([offset is not None for offset in offsets], np.bool_)
        shifts = np.array([offset or 0 for offset in offsets], np.int64)
        return local - shifts[place], done & is_steady[place]

    def _offset(self, hour: int) -> int | None:
        if hour not in self._known:
            found = steady_offset(datetime(1970, 1, 1) + timedelta(hours=hour), self._zone)  # noqa: DTZ001 - local
            self._known[hour] = None if found is None else found // timedelta(microseconds=1)
        return self._known[hour]


def merged(values: pa.Array, left: pa.Array, others: pa.Array) -> pa.Array:
    """Values of a column with others put where some were left."""
    return pc.replace_with_mask(values, left, others)
