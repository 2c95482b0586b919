"""What every page of one language is drawn from, and how one number becomes words.

In: pictures, a language, a stamp. Out: `Shown` values that templates print without deciding anything.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Literal

from journey_mining.dashboards.catalogue import Words
from journey_mining.dashboards.formats import Formats, Language
from journey_mining.maps.heads import Name, StageHead
from journey_mining.maps.numbers import Count, Number, Standing
from journey_mining.maps.pictures import Pictures
from journey_mining.project import Project

Kind = Literal["share", "mood", "days"]

_NAME_LENGTH = 80
_FIRST_STRONG, _POP = "\u2068", "\u2069"
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""marks that turn the direction of text; a name must not turn the sentence around it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What differs between two runs over the same data; printed in one marked block of every page."""

    run_at: datetime
    """naive UTC"""
    version: str
    run_id: str
    duration_seconds: float
    steps: tuple[tuple[str, float], ...] = ()
    """steps that were done before the pages were drawn, with their seconds"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A number in words."""

    state: Standing
    text: str
    """the value, or what stands instead of it"""
    range: str = ""
    base: str = ""
    """ "n = 120" or why n is absent"""
    horizon: str = ""
    title: str = ""
    """explanation of a state, for title and screen readers"""

    @property
    def is_full(self) -> bool:
        """Whether the value itself is shown."""
        return self.state is Standing.FULL

    @property
    def is_thin(self) -> bool:
        """Whether only the interval is shown."""
        return self.state is Standing.THIN

    @property
    def is_known(self) -> bool:
        """Whether anything but a reason is shown."""
        return self.state in (Standing.FULL, Standing.THIN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One language of the site."""

    language: Language
    pictures: Pictures
    project: Project
    words: Words
    formats: Formats
    stamp: Stamp

    @property
    def brand(self) -> str:
        """The name in the head of every page: the project's own, else that of its template in this language."""
        key = f"page.brand_{self.project.settings.project.template}"
        return tame(self.pictures.title) or self.words.plain(key if self.words.has(key) else "page.brand")

    def name(self, name: Name) -> str:
        """A name in the language of the page, as one line that keeps to itself whatever it holds."""
        return tame(name.in_language(self.language))

    def stage_name(self, stage: str) -> str:
        """Name of a stage by its id."""
        return next((self.name(head.name) for head in self.pictures.stages if head.id == stage), stage)

    def stage(self, stage: str) -> StageHead | None:
        """A stage by its id."""
        return next((head for head in self.pictures.stages if head.id == stage), None)

    def system(self, system: str) -> str:
        """Name of a system that exports come from; its id where we know no better."""
        key = f"system.{system}"
        return self.words.plain(key) if self.words.has(key) else tame(system)

    def horizon(self, days: int | None) -> str:
        """A horizon in words, such as "60 days"; empty where there is none."""
        return "" if days is None else self.formats.plural(days, self.words.forms("days_forms"))

    def count(self, count: Count) -> str:
        """A number of customers or journeys, or the sign of a hidden or withheld one."""
        if count.standing is Standing.WITHHELD:
            return self.words.plain("state.withheld")
        return self.hidden_sign if count.value is None else self.formats.count(count.value)

    def count_title(self, count: Count) -> str:
        """Why a count is not shown; empty where it is."""
        if count.standing is Standing.WITHHELD:
            return self.words.plain("state.base_hidden_long")
        return self.hidden_title if count.value is None else ""

    @property
    def hidden_sign(self) -> str:
        """What stands in the place of a hidden count."""
        return self.words.plain("state.hidden", small=self.pictures.limits.small)

    @property
    def thin_title(self) -> str:
        """Explanation of the small-sample state."""
        return self.words.plain("state.thin_long", thin=self.pictures.limits.thin)

    @property
    def hidden_title(self) -> str:
        """Explanation of the hidden state."""
        return self.words.plain("state.hidden_long", small=self.pictures.limits.small)

    def shown(self, number: Number, kind: Kind = "share", digits: int = 1) -> Shown:
        """A number in words, whatever its standing."""
        if number.standing is Standing.HIDDEN:
            return Shown(state=number.standing, text=self.hidden_sign, title=self.hidden_title)
        if number.standing is Standing.WITHHELD:
            words = self.words.plain
            return Shown(state=number.standing, text=words("state.withheld"), title=words("state.base_hidden_long"))
        if number.standing is Standing.NO_DATA:
            return Shown(state=number.standing, text=self.words.plain("state.no_data"))
        is_thin = number.standing is Standing.THIN or number.estimate is None
        return Shown(
            state=Standing.THIN if is_thin else Standing.FULL,
            text=self.words.plain("state.thin") if is_thin else self.value(number.estimate or 0.0, kind, digits),
            range=self._range(number, kind, digits),
            base=self._base(number),
            horizon=self.horizon(number.horizon_days),
            title=self.thin_title if is_thin else "",
        )

    def value(self, value: float, kind: Kind, digits: int = 1) -> str:
        """A bare value."""
        if kind == "share":
            return self.formats.share(value, digits)
        return self.formats.mood(value) if kind == "mood" else self.formats.days(value)

    def _range(self, number: Number, kind: Kind, digits: int) -> str:
        if number.low is None or number.high is None:
            return ""
        if kind == "share":
            return self.formats.share_range(number.low, number.high, digits)
        if kind == "mood":
            return self.formats.mood_range(number.low, number.high)
        return self.formats.days_range(number.low, number.high, near=number.estimate)

    def _base(self, number: Number) -> str:
        if number.customers is None:
            return self.words.plain("state.base_hidden")
        return self.words.plain("state.base", n=self.formats.count(number.customers))


@lru_cache(maxsize=8192)
def tame(name: str) -> str:
    """A name without control characters, not longer than 80 signs, isolated where it runs right to left."""
    kept = "".join(sign for sign in name if sign not in _TURNING and unicodedata.category(sign) != "Cc").strip()
    if len(kept) > _NAME_LENGTH:
        kept = f"{kept[: _NAME_LENGTH - 1]}…"
    is_turned = any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in kept)
    return f"{_FIRST_STRONG}{kept}{_POP}" if is_turned else kept
