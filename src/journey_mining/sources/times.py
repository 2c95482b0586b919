"""Times as exports write them, turned into UTC without zone, which is how staging keeps every time.

In: the text of a cell, the zone of its source, the latest time that can be true. Out: a time, or a `CellError`. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from journey_mining.sources.cell_error import CellError
from journey_mining.sources.spec import Column

EARLIEST = datetime(2000, 1, 1)  # noqa: DTZ001 - naive UTC, as every time in staging
_DIRECTIVES = {
    "%Y": r"(\d{4})",
    "%y": r"(\d{2})",
    "%m": r"(\d{1,2})",
    "%d": r"(\d{1,2})",
    "%H": r"(\d{1,2})",
    "%M": r"(\d{2})",
    "%S": r"(\d{2})",
    "%f": r"(\d{1,9})",
}
_ORDER = (("%Y", "%y"), ("%m",), ("%d",), ("%H",), ("%M",), ("%S",), ("%f",))
_DEFAULT_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%Y-%m-%d",
)


def time_parser(column: Column, timezone: str, latest: datetime) -> Callable[[str], datetime | date]:
    """Parser of local times (to UTC) or dates, by the formats of the column; later than `latest` is a fault."""
    to_utc = _utc_of(ZoneInfo(timezone))
    patterns = [_format_pattern(text) for text in column.formats or _DEFAULT_FORMATS]

    def parse(text: str) -> datetime | date:
        local = _local_time(text, patterns)
        if column.type == "date":
            return _in_range(local, latest, ahead=timedelta(days=1)).date()
        return _in_range(to_utc(local), latest)

    return parse


def _utc_of(zone: ZoneInfo) -> Callable[[datetime], datetime]:
    """Local time to UTC, both without zone; offsets are looked up once an hour of the calendar."""
    offsets: dict[tuple[int, int, int, int], timedelta] = {}

    def to_utc(local: datetime) -> datetime:
        hour = (local.year, local.month, local.day, local.hour)
        if hour not in offsets:
            offsets[hour] = local.replace(tzinfo=zone).utcoffset() or timedelta()
        try:
            return local - offsets[hour]
        except OverflowError as fault:
            raise CellError("TS_OUT_OF_RANGE") from fault

    return to_utc


@dataclass(frozen=True, slots=True, kw_only=True)
class _Format:
    pattern: re.Pattern[str]
    places: tuple[int, ...]
    """groups in the order year, month, day, hour, minute, second, fraction"""
    is_short_year: bool
    """years are written with two digits and lie after 2000"""
    has_fraction: bool

    def moment(self, parts: tuple[str, ...]) -> datetime:
        numbers = [int(part) for part in parts]
        if self.is_short_year:
            numbers[0] += 2000
        if self.has_fraction:
            # six digits of a second; finer ones are cut off
            numbers[-1] = int(parts[-1][:6].ljust(6, "0"))
        return datetime(*numbers)  # type: ignore[arg-type]  # noqa: DTZ001 - the zone is applied by the caller


def _format_pattern(text: str) -> _Format:
    """A strptime format as a pattern: several times faster than strptime, and exports use numeric formats only."""
    pieces = re.split(r"(%[A-Za-z])", text)
    named = [piece for piece in pieces if piece in _DIRECTIVES]
    body = "".join(_DIRECTIVES.get(piece) or re.escape(piece) for piece in pieces)
    order = [name for choices in _ORDER for name in choices if name in named]
    return _Format(
        pattern=re.compile(body),
        places=tuple(named.index(name) + 1 for name in order),
        is_short_year="%y" in named,
        has_fraction="%f" in named,
    )


def _local_time(text: str, formats: list[_Format]) -> datetime:
    for form in formats:
        match = form.pattern.fullmatch(text)
        if match:
            try:
                return form.moment(match.group(*form.places))
            except ValueError as fault:
                raise CellError("BAD_TIMESTAMP") from fault
    raise CellError("BAD_TIMESTAMP")


def offset_time(text: str, latest: datetime) -> datetime:
    """UTC of a time that carries its offset, such as 2026-04-01T10:00:00+03:00."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        raise CellError("BAD_TIMESTAMP") from fault
    if moment.tzinfo is None:
        # the column promises an offset; guessing one would shift the event
        raise CellError("BAD_TIMESTAMP")
    try:
        utc = moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError as fault:
        raise CellError("TS_OUT_OF_RANGE") from fault
    return _in_range(utc, latest)


def epoch_time(text: str, per_second: int, latest: datetime) -> datetime:
    """UTC of a count of seconds, or of `per_second` parts of one, since 1970."""
    try:
        moment = datetime(1970, 1, 1) + timedelta(microseconds=int(text) * (1_000_000 // per_second))  # noqa: DTZ001 - naive UTC
    except (ValueError, OverflowError) as fault:
        raise CellError("BAD_TIMESTAMP") from fault
    return _in_range(moment, latest)


def _in_range(moment: datetime, latest: datetime, *, ahead: timedelta = timedelta()) -> datetime:
    if moment < EARLIEST:
        raise CellError("TS_OUT_OF_RANGE")
    if moment > latest + ahead:
        raise CellError("TS_FUTURE", moment=moment - ahead)
    return moment
