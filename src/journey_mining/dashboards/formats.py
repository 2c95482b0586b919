"""Numbers, dates and sentences as people of each language write them.

Everything a page prints is formatted here, never in the browser. Signs: U+202F between thousands (ru), U+00A0 before a
unit, U+2212 for minus.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal
from zoneinfo import ZoneInfo

Language = Literal["ru", "en"]

THIN_SPACE = "\u202f"
NO_BREAK = "\u00a0"
MINUS = "\u2212"
_MONTHS = {
    "ru": ("янв.", "февр.", "марта", "апр.", "мая", "июня", "июля", "авг.", "сент.", "окт.", "нояб.", "дек."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
_UNITS = {"ru": ("мин", "ч", "дн."), "en": ("min", "h", "d")}
_LITTLE_WORDS = re.compile(
    r"(?<![\w«„-])(в|и|с|к|о|у|на|не|за|по|из|от|до|со|об|а|но|для|без|при|над|под|или|ни|же) (?=\S)", re.IGNORECASE
)
_NUMBER_AND_UNIT = re.compile(r"(?<=[\d}]) (?=[%а-яё])")


@dataclass(frozen=True, slots=True)
class Formats:
    """Formats of one language and time zone."""

    language: Language
    timezone: str = "Europe/Moscow"

    def count(self, value: float) -> str:
        """A whole number.

        >>> Formats("en").count(18832)
        '18,832'
        """
        grouped = f"{abs(round(value)):,}".replace(",", THIN_SPACE if self.language == "ru" else ",")
        return (MINUS if round(value) < 0 else "") + grouped

    def decimal(self, value: float, digits: int = 1, *, is_signed: bool = False) -> str:
        """A number with a fixed count of decimals; zero has no sign."""
        rounded = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
        whole, _, part = f"{abs(rounded):f}".partition(".")
        text = self.count(int(whole)) + (("," if self.language == "ru" else ".") + part if part else "")
        sign = MINUS if rounded < 0 else "+" if is_signed and rounded > 0 else ""
        return sign + text

    def about(self, value: float) -> str:
        """A number of which two digits are known; the rest would pretend more, and could tell of single customers.

        >>> Formats("en").about(157348.1), Formats("en").about(2.21)
        ('160,000', '2.2')
        """
        if 0 < abs(value) < 10:  # noqa: PLR2004 - below it two digits are one before and one behind the point
            return self.decimal(value, 1)
        if not value:
            return self.count(0)
        scale = 10 ** (len(str(int(abs(value)))) - 2)
        return self.count(round(value / scale) * scale)

    def share(self, value: float, digits: int = 1) -> str:
        """A share in [0, 1] as a percentage.

        >>> Formats("en").share(0.084)
        '8.4%'
        """
        return self.decimal(100 * value, digits) + (f"{NO_BREAK}%" if self.language == "ru" else "%")

    def share_range(self, low: float, high: float, digits: int = 1) -> str:
        """An interval of shares; ends are kept inside [0, 1]."""
        return f"{self.decimal(100 * max(low, 0.0), digits)}–{self.share(min(high, 1.0), digits)}"

    def points(self, value: float) -> str:
        """A difference of shares in percentage points."""
        unit = f"п.{NO_BREAK}п." if self.language == "ru" else "pp"
        return f"{self.decimal(100 * value, 1, is_signed=True)}{NO_BREAK}{unit}"

    def points_range(self, low: float, high: float) -> str:
        """An interval of a difference of shares, in percentage points without the unit; ends are signed."""
        return f"{self.decimal(100 * low, 1, is_signed=True)}…{self.decimal(100 * high, 1, is_signed=True)}"

    def mood(self, value: float) -> str:
        """A value of the emotion index: two decimals, always signed."""
        return self.decimal(value, 2, is_signed=True)

    def mood_range(self, low: float, high: float) -> str:
        """An interval of the emotion index."""
        return f"{self.mood(max(low, -1.0))}…{self.mood(min(high, 1.0))}"

    def days(self, days: float) -> str:
        r"""A duration given in days: minutes below 2 h, hours below 48 h, else days.

        >>> Formats("en").days(0.5)
        '12\xa0h'
        """
        minute, hour, day = _UNITS[self.language]
        if 0 <= days * 1440 < 0.5:  # noqa: PLR2004 - half a minute; "0 min" would read as no time at all
            return f"<{NO_BREAK}1{NO_BREAK}{minute}"
        if days * 24 < 2:  # noqa: PLR2004 - the steps of the scale are the rule itself
            return f"{self.count(days * 1440)}{NO_BREAK}{minute}"
        if days * 24 < 48:  # noqa: PLR2004
            return f"{self.count(days * 24)}{NO_BREAK}{hour}"
        return f"{self.decimal(days, 1 if days < 10 else 0)}{NO_BREAK}{day}"  # noqa: PLR2004

    def days_range(self, low: float, high: float, near: float | None = None) -> str:
        r"""An interval of durations given in days, in the unit that `days` takes for the value inside it.

        >>> Formats("en").days_range(0.3, 0.5, near=0.33)
        '7–12\xa0h'
        """
        minute, hour, day = _UNITS[self.language]
        hours = 24 * (high if near is None else near)
        if hours < 48:  # noqa: PLR2004 - the steps of `days`
            each, unit = (1440, minute) if hours < 2 else (24, hour)  # noqa: PLR2004
            return f"{self.count(max(low, 0.0) * each)}–{self.count(high * each)}{NO_BREAK}{unit}"
        digits = 1 if high < 10 else 0  # noqa: PLR2004
        return f"{self.decimal(max(low, 0.0), digits)}–{self.decimal(high, digits)}{NO_BREAK}{day}"

    def days_change(self, days: float) -> str:
        """A difference of durations in days, signed."""
        return f"{self.decimal(days, 1, is_signed=True)}{NO_BREAK}{_UNITS[self.language][2]}"

    def days_change_range(self, low: float, high: float) -> str:
        """An interval of a difference of durations, in days without the unit; ends are signed."""
        return f"{self.decimal(low, 1, is_signed=True)}…{self.decimal(high, 1, is_signed=True)}"

    def chance(self, value: float) -> str:
        r"""A q value.

        >>> Formats("en").chance(0.00002)
        '<\xa00.001'
        """
        return f"<{NO_BREAK}{self.decimal(0.001, 3)}" if value < 0.001 else self.decimal(value, 3)  # noqa: PLR2004

    def date(self, moment: datetime) -> str:
        """A date with its year; `moment` is naive UTC."""
        local = self._local(moment)
        if self.language == "ru":
            return f"{local:%d.%m.%Y}"
        return f"{local.day}{NO_BREAK}{_MONTHS['en'][local.month - 1]} {local.year}"

    def short_date(self, moment: datetime) -> str:
        """Day and month."""
        local = self._local(moment)
        return f"{local.day}{NO_BREAK}{_MONTHS[self.language][local.month - 1]}"

    def moment(self, moment: datetime) -> str:
        """Date, time and zone."""
        local = self._local(moment)
        return f"{self.date(moment)}, {local:%H:%M}{NO_BREAK}{self.zone(moment)}"

    def zone(self, moment: datetime) -> str:
        """Short name of the zone; Moscow has a name in both languages, others an offset."""
        if self.timezone == "Europe/Moscow":
            return "МСК" if self.language == "ru" else "MSK"
        offset = self._local(moment).utcoffset()
        hours = 0.0 if offset is None else offset.total_seconds() / 3600
        return "UTC" if not hours else f"UTC{self.decimal(hours, 0 if hours == int(hours) else 1, is_signed=True)}"

    def plural(self, number: int, forms: Sequence[str]) -> str:
        r"""The number with the right form of its noun.

        >>> Formats("en").plural(2, ["customer", "customers"])
        '2\xa0customers'
        """
        return f"{self.count(number)}{NO_BREAK}{forms[plural_form(number, self.language)]}"

    def quoted(self, text: str) -> str:
        """Text in the quotation marks of the language."""
        return f"«{text}»" if self.language == "ru" else f"“{text}”"

    def _local(self, moment: datetime) -> datetime:
        return moment.replace(tzinfo=UTC).astimezone(ZoneInfo(self.timezone))


def plural_form(number: int, language: Language) -> int:
    """Place of the form: one, few, many in Russian; one, other in English.

    >>> [plural_form(n, "ru") for n in (1, 2, 5, 11, 21)]
    [0, 1, 2, 2, 0]
    """
    if language == "en":
        return 0 if number == 1 else 1
    last, two = number % 10, number % 100
    if last == 1 and two != 11:  # noqa: PLR2004 - eleven is the exception of the language
        return 0
    return 1 if 2 <= last <= 4 and not 12 <= two <= 14 else 2  # noqa: PLR2004


def typography(text: str) -> str:
    """Russian text with no-break spaces after little words, before units and before dashes."""
    text = _LITTLE_WORDS.sub(lambda match: match[1] + NO_BREAK, text)
    # little words in a row overlap, so a second pass catches every other one
    text = _LITTLE_WORDS.sub(lambda match: match[1] + NO_BREAK, text)
    text = _NUMBER_AND_UNIT.sub(NO_BREAK, text)
    return text.replace(" — ", f"{NO_BREAK}— ")
