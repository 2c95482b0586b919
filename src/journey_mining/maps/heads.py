"""Stages and segments as every page names them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from journey_mining.maps.numbers import Count, Standing

_PLAIN = re.compile(r"[a-z0-9_][a-z0-9_-]{0,39}")
_NUMBERED = re.compile(r"stage-\d+")
"""what addresses of other ids look like"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name in both languages."""

    ru: str
    en: str

    def in_language(self, language: str) -> str:
        """The name in `ru` or `en`; the other language where one is empty."""
        return (self.ru or self.en) if language == "ru" else (self.en or self.ru)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageHead:
    """A stage of the map."""

    id: str
    number: int
    name: Name
    is_optional: bool

    @property
    def slug(self) -> str:
        """An address that is safe as a file name: the id where it is plain ASCII, else its number."""
        is_plain = _PLAIN.fullmatch(self.id) and not _NUMBERED.fullmatch(self.id)
        return self.id if is_plain else f"stage-{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentHead:
    """A segment; one with fewer than k customers is named but has no pages."""

    id: str
    slug: str
    name: Name
    about: Name
    customers: Count
    journeys: Count
    open_journeys: Count
    has_pages: bool

    @property
    def is_size_hidden(self) -> bool:
        """Whether the segment's size would reveal that of a small one; then no total of it may be told anywhere."""
        return self.customers.standing is Standing.WITHHELD
