"""Which times a column of unknown texts holds, and whether that can be known at all.

In: distinct texts and the heading. Out: a type, formats, and the question that the values leave open. Every guess is
tried with the parser that will read the column later. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from journey_mining.sources.cell_error import CellError
from journey_mining.sources.cells import CellContext, Parser, parser_of
from journey_mining.sources.spec import SourceSettings
from journey_mining.sources.spec_column import Column
from journey_mining.sources.workbench.naming import hints

TIME_WORDS = (
    "date|time|at$|timestamp|created|updated|modified|opened|closed|sent|received|occurred|moment|day|when|"
    "дата|время|создан|измен|обновл|закрыт|открыт|получен|принят|отправл|период|день|data|vremya"
)
_DAYS = ("%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%m-%d-%Y", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d",
         "%d.%m.%y", "%d/%m/%y", "%m/%d/%y", "%d-%m-%y", "%y-%m-%d", "%m-%d-%y", "%d %b %Y", "%d-%b-%Y", "%d/%b/%Y",
         "%d/%b/%y", "%d-%b-%y", "%b %d, %Y", "%b %d %Y", "%d %b %y")  # fmt: skip
_CLOCKS = ("", " %H:%M:%S", " %H:%M", "T%H:%M:%S", "T%H:%M:%S.%f", " %H:%M:%S.%f", " %I:%M %p", " %I:%M:%S %p",
           ", %H:%M", ", %H:%M:%S", ":%H:%M:%S", " %H:%M:%S UTC", ", %I:%M %p", " %H:%M UTC")  # fmt: skip
_OFFSETS = ("%d/%b/%Y:%H:%M:%S %z", "%Y-%m-%d %H:%M:%S %z", "%d.%m.%Y %H:%M:%S %z")
_SHARE = 0.98
_EPOCHS = {"epoch_s": (10, 10), "epoch_ms": (13, 13), "epoch_us": (16, 16)}
_SERIALS = (30_000.0, 60_000.0)
"""days since 1900 that are years 1982 to 2064"""
SETTINGS = SourceSettings(id="draft", system="draft", role="other", title_ru="-", title_en="-")
FUTURE = datetime(2200, 1, 1, tzinfo=UTC).replace(tzinfo=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeGuess:
    """A type of times that fits."""

    type: str
    formats: tuple[str, ...] = ()
    question: str = ""
    """what the values do not decide"""
    is_utc: bool = False
    """the texts say UTC in words"""

    @property
    def is_day(self) -> bool:
        """Whether the clock is missing."""
        return self.type == "date"


def time_guess(values: Sequence[str], heading: str) -> TimeGuess | None:
    """The times that the values are, or None where they are something else."""
    if all(value.replace(".", "", 1).lstrip("-").isdigit() for value in values):
        return _numeric(values, heading)
    if fits(values, {"type": "datetime_tz"}):
        return TimeGuess(type="datetime_tz")
    for text in _OFFSETS:
        if fits(values, {"type": "datetime_tz", "formats": [text]}):
            return TimeGuess(type="datetime_tz", formats=(text,))
    return _formatted(values)


def fits(values: Sequence[str], column: dict[str, Any], share: float = _SHARE) -> bool:
    """Whether (nearly) all values can be read as the column says."""
    parse = parse_with(column)
    if parse is None:
        return False
    allowed = int(len(values) * (1 - share))
    for value in values:
        try:
            is_good = parse(value) is not None
        except CellError:
            is_good = False
        allowed -= not is_good
        if allowed < 0:
            return False
    return bool(values)


def parse_with(column: dict[str, Any]) -> Parser | None:
    """The parser of a column; None where specs do not know such a column."""
    try:
        described = Column.model_validate({"from": ["x"], **column})
    except ValueError:
        return None
    return parser_of(described, CellContext(source=SETTINGS, latest=FUTURE, null_values=frozenset({""})))


def _formatted(values: Sequence[str]) -> TimeGuess | None:
    """Local times by a format; several may fit: then either the day is known or it must be asked."""
    clock = next((clock for clock in _CLOCKS if _some_day(values[:1], clock)), None)
    if clock is None:
        return None
    # people and systems drop the seconds, or the clock, in some rows
    odd = [value for value in values if not _some_day([value], clock)]
    clocks = (clock, *(other for other in _CLOCKS if odd and other != clock and _some_day(odd, other, share=0.01)))[:4]
    found = [day for day in _DAYS if fits(values, {"type": "datetime", "formats": [day + c for c in clocks]})]
    if not found:
        return None
    question = ""
    if len(found) > 1:
        question = f"{' or '.join(found)}? no value decides it (none above 12 in the place of the month)"
    return TimeGuess(
        type="date" if clocks == ("",) else "datetime",
        formats=tuple(found[0] + c for c in clocks),
        question=question,
        is_utc="UTC" in "".join(clocks),
    )


def _some_day(values: Sequence[str], clock: str, share: float = _SHARE) -> bool:
    # one format at a time: of several that look alike only the first would be tried
    return any(fits(values, {"type": "datetime", "formats": [day + clock]}, share) for day in _DAYS)


def _numeric(values: Sequence[str], heading: str) -> TimeGuess | None:
    """Counts of seconds or days: only where the heading speaks of time, because ids look the same."""
    if not hints(TIME_WORDS, heading):
        return None
    for kind, (least, most) in _EPOCHS.items():
        if all(value.isdigit() and least <= len(value) <= most for value in values) and fits(values, {"type": kind}):
            return TimeGuess(type=kind)
    if all(value.isdigit() and len(value) == 8 for value in values):  # noqa: PLR2004 - YYYYMMDD
        return _formatted(values)
    low, high = _SERIALS
    if all(low <= float(value) <= high for value in values) and fits(
        values, {"type": "datetime", "formats": ["excel"]}
    ):
        return TimeGuess(type="datetime", formats=("excel",), question="days as a spreadsheet counts them?")
    return None
