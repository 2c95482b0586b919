"""Times as exports write them, turned into UTC without zone, which is how staging keeps every time.

In: the text of a cell, the zone of its source, the latest time that can be true. Out: a time, or a `CellError`. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from zoneinfo import ZoneInfo

from journey_mining.sources.cell_error import CellError
from journey_mining.sources.spec_column import Column
from journey_mining.sources.spec_values import EXCEL

EARLIEST = datetime(2000, 1, 1)  # noqa: DTZ001 - naive UTC, as every time in staging
_DIRECTIVES = {
    "%Y": r"(\d{4})",
    "%y": r"(\d{2})",
    "%m": r"(\d{1,2})",
    "%b": r"([^\W\d_]{3,9})\.?",
    "%d": r"(\d{1,2})",
    "%H": r"(\d{1,2})",
    "%I": r"(\d{1,2})",
    "%M": r"(\d{2})",
    "%S": r"(\d{2})",
    "%f": r"(\d{1,9})",
    "%p": r"([AaPp])\.?[Mm]\.?",
    "%z": r"(Z|[+-]\d{2}:?\d{2})",
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan янв", "feb фев", "mar мар", "apr апр", "may мая май", "jun июн", "jul июл", "aug авг", "sep сен",
            "oct окт", "nov ноя", "dec дек",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ISO = ("%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")
_ISO_LENGTH = len("2026-04-01 10:00:00")
_EXCEL_DAY = re.compile(r"\d{1,6}([.,]\d+)?")
_EXCEL_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - spreadsheets count a day that never was, 29 February 1900
DEFAULT_FORMATS = (
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%d.%m.%Y %H:%M:%S",
    "%d.%m.%Y %H:%M",
    "%d.%m.%Y",
    "%Y-%m-%d",
)

LocalParser = Callable[[str], datetime | None]


def time_parser(column: Column, timezone: str, latest: datetime) -> Callable[[str], datetime | date]:
    """Parser of local times (to UTC) or dates, by the formats of the column; later than `latest` is a fault.

    A text that carries its offset (`%z`) is taken by that and not by the zone of the source. A local time that the
    zone had twice or never (clocks were put back or forward) is taken by the offset before the change: the earlier of
    the two moments, or as much later as the clocks were put forward. A `CellError` with its value says that it is in
    doubt.
    """
    to_utc = _utc_of(ZoneInfo(timezone))
    parsers = [_local_parser(text) for text in column.formats or DEFAULT_FORMATS]

    def parse(text: str) -> datetime | date:
        local = _first(text, parsers)
        if column.type == "date":
            return _in_range(local.replace(tzinfo=None), latest, ahead=timedelta(days=1)).date()
        moment, is_doubtful = (_utc(local), False) if local.tzinfo else to_utc(local)
        if is_doubtful:
            raise CellError("TZ_AMBIGUOUS", value=_in_range(moment, latest))
        return _in_range(moment, latest)

    return parse


def offset_parser(column: Column, latest: datetime) -> Callable[[str], datetime]:
    """Parser of times that carry their offset: ISO 8601, RFC 2822, or the formats of the column; to UTC."""
    parsers = [_local_parser(text) for text in column.formats]

    def parse(text: str) -> datetime:
        moment = _first(text, parsers) if parsers else _with_offset(text)
        return _in_range(_utc(moment), latest)

    return parse


def _first(text: str, parsers: list[LocalParser]) -> datetime:
    for parse in parsers:
        try:
            local = parse(text)
        except (ValueError, OverflowError) as fault:
            raise CellError("BAD_TIMESTAMP") from fault
        if local is not None:
            return local
    raise CellError("BAD_TIMESTAMP")


def _utc_of(zone: ZoneInfo) -> Callable[[datetime], tuple[datetime, bool]]:
    """Local time to UTC, both without zone, and whether it is in doubt; offsets are looked up once an hour."""
    offsets: dict[tuple[int, int, int, int], timedelta | None] = {}

    def to_utc(local: datetime) -> tuple[datetime, bool]:
        hour = (local.year, local.month, local.day, local.hour)
        if hour not in offsets:
            offsets[hour] = steady_offset(local, zone)
        offset, is_doubtful = offsets[hour], False
        if offset is None:
            offset, later = _offsets(local, zone)
            is_doubtful = offset != later
        try:
            return local - offset, is_doubtful
        except OverflowError as fault:
            raise CellError("TS_OUT_OF_RANGE") from fault

    return to_utc


def steady_offset(local: datetime, zone: ZoneInfo) -> timedelta | None:
    """The offset all through the hour of a local time; none where the clocks change in it."""
    start = local.replace(minute=0, second=0, microsecond=0)
    found = {offset for minutes in (0, 59) for offset in _offsets(start + timedelta(minutes=minutes), zone)}
    return found.pop() if len(found) == 1 else None


def _offsets(local: datetime, zone: ZoneInfo) -> tuple[timedelta, timedelta]:
    """Offsets before and after the change of clocks that a local time lies in; the same where it lies in none."""
    before, after = (local.replace(tzinfo=zone, fold=fold).utcoffset() or timedelta() for fold in (0, 1))
    return before, after


def _utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC).replace(tzinfo=None)
    except OverflowError as fault:
        raise CellError("TS_OUT_OF_RANGE") from fault


@dataclass(frozen=True, slots=True, kw_only=True)
class _Format:
    pattern: re.Pattern[str]
    places: dict[str, int]
    """group of each directive"""

    def moment(self, match: re.Match[str]) -> datetime:
        """The time, with its offset if it carries one.

        Raises:
            ValueError: there is no such time.
        """
        said = {name: match[place] for name, place in self.places.items()}
        return datetime(
            int(said["%Y"]) if "%Y" in said else 2000 + int(said["%y"]),
            _month(said["%b"]) if "%b" in said else int(said["%m"]),
            int(said["%d"]),
            _half_day_hour(said["%I"], said["%p"]) if "%I" in said else int(said.get("%H", 0)),
            int(said.get("%M", 0)),
            int(said.get("%S", 0)),
            # six digits of a second; finer ones are cut off
            int(said.get("%f", "0")[:6].ljust(6, "0")),
            tzinfo=_offset(said["%z"]) if "%z" in said else None,
        )


def _local_parser(text: str) -> LocalParser:
    """A strptime format as a function that gives None where a text is written otherwise.

    Several times faster than strptime, and of the same mind in every locale.
    """
    if text == EXCEL:
        return _excel_time
    pieces = re.split(r"(%[A-Za-z])", text)
    named = [piece for piece in pieces if piece in _DIRECTIVES]
    body = "".join(_DIRECTIVES.get(piece) or re.escape(piece) for piece in pieces)
    form = _Format(pattern=re.compile(body), places={name: place for place, name in enumerate(named, start=1)})

    def parse(written: str) -> datetime | None:
        match = form.pattern.fullmatch(written)
        return form.moment(match) if match else None

    return _iso_first(parse, text[8]) if text in _ISO else parse


def _iso_first(parse: LocalParser, between: str) -> LocalParser:
    """A parser of one of the ISO formats that leaves what is written in full to the interpreter: ten times faster."""

    def parse_iso(written: str) -> datetime | None:
        is_whole = len(written) == _ISO_LENGTH and written[10] == between and written[4] == written[7] == "-"
        if is_whole and written[13] == written[16] == ":":
            try:
                return datetime.fromisoformat(written)
            except ValueError:
                return parse(written)
        return parse(written)

    return parse_iso


def _excel_time(text: str) -> datetime | None:
    if not _EXCEL_DAY.fullmatch(text):
        return None
    # days with a fraction; a second is 1.2e-5 of one, so that rounding to seconds takes the noise away
    seconds = round(float(text.replace(",", ".")) * 86_400)
    return _EXCEL_EPOCH + timedelta(seconds=seconds)


def _month(name: str) -> int:
    number = _MONTHS.get(name.casefold()[:3])
    if number is None:
        message = "no name of a month"
        raise ValueError(message)
    return number


def _half_day_hour(hour: str, half: str) -> int:
    if not 1 <= int(hour) <= 12:  # noqa: PLR2004 - a clock face
        message = "no hour of half a day"
        raise ValueError(message)
    return int(hour) % 12 + (12 if half in "pP" else 0)


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    hours, minutes = int(text[1:3]), int(text[-2:])
    return timezone((-1 if text[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes))


def _with_offset(text: str) -> datetime:
    """A time such as 2026-04-01T10:00:00+03:00 or Wed, 01 Apr 2026 10:00:00 +0300."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = parsedate_to_datetime(text)
        except (ValueError, IndexError, OverflowError, TypeError) as fault:
            raise CellError("BAD_TIMESTAMP") from fault
        if text.endswith("-0000"):
            # RFC 2822: a time in UTC of which nobody says where it was written
            moment = moment.replace(tzinfo=UTC)
    if moment.tzinfo is None:
        # the column promises an offset; guessing one would shift the event
        raise CellError("BAD_TIMESTAMP")
    return moment


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
