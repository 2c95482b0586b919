"""Headings as people and systems vary them, matched to the columns of a spec.

In: the heading row of a file and a stream. Out: which cell feeds which column. Nothing here reads files.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from journey_mining.sources.spec import Stream

_SPACES = re.compile(r"\s+")
# Latin letters that look like Cyrillic ones; Bitrix24's own stage "Cчет на предоплату" begins with a Latin C
_LOOKALIKES = str.maketrans("abcehkmoptxy", "авсенкмортху")
_LIKE_A_HEADING = re.compile(r"(?:[^\W\d]|[ ():-]){1,40}")
_NEAR = 0.8
"""share of letters in common; below it a hint is a guess"""


def fold(text: str) -> str:
    """The text without differences that a reader would not notice: case, spaces, ё, letters that look alike.

    >>> fold("  Cчёт  на ПРЕДОПЛАТУ ") == fold("Счет на предоплату")
    True
    """
    plain = unicodedata.normalize("NFC", text).replace("\ufeff", "").replace("\u00a0", " ").replace("\u202f", " ")
    return _SPACES.sub(" ", plain).strip().casefold().replace("ё", "е").translate(_LOOKALIKES)


def numbered(headings: Sequence[str]) -> list[str]:
    """Headings made different: the second "Товар" becomes "Товар#2"."""
    seen: Counter[str] = Counter()
    names = []
    for heading in headings:
        seen[heading] += 1
        names.append(heading if seen[heading] == 1 else f"{heading}#{seen[heading]}")
    return names


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadingMatch:
    """Where the cells of each column stand."""

    cells: dict[str, tuple[int, ...]]
    """column to positions; empty where the file lacks it"""
    unmapped: tuple[tuple[int, str], ...]
    """positions and headings that no column claims"""
    missing: tuple[str, ...]
    """required columns without a heading"""


def match_headings(stream: Stream, headings: Sequence[str]) -> HeadingMatch:
    """Match by folded name; a heading may feed several columns, and a list takes all repeats of a heading."""
    folded = [fold(heading) for heading in headings]
    places: dict[str, list[int]] = {}
    for position, heading in enumerate(numbered(folded)):
        places.setdefault(heading, []).append(position)
    repeats = places | {heading: [i for i, other in enumerate(folded) if other == heading] for heading in set(folded)}
    cells: dict[str, tuple[int, ...]] = {}
    for name, column in stream.columns.items():
        known = repeats if column.is_list else places
        found = [place for synonym in column.from_ for place in known.get(fold(synonym), [])]
        cells[name] = tuple(dict.fromkeys(found)) if column.is_list else tuple(found[:1])
    used = {place for found in cells.values() for place in found}
    missing = tuple(name for name in stream.required_columns() if name in cells and not cells[name])
    unmapped = tuple((i, h) for i, h in enumerate(numbered(headings)) if i not in used and h.strip())
    return HeadingMatch(cells=cells, unmapped=unmapped, missing=missing)


def missing_words(stream: Stream, missing: Sequence[str], headings: Sequence[str]) -> str:
    """What a file lacks and has, for an error message.

    Only headings that the spec itself names are told: in a file without its line of headings the others are somebody's
    name and number. Those are counted, and one that looks like a missing heading is pointed at by its place.
    """
    wanted = [f"{name} ({' / '.join(stream.columns[name].from_)})" for name in missing]
    named = {fold(synonym): synonym for column in stream.columns.values() for synonym in column.from_}
    folded = numbered([fold(heading) for heading in headings])
    found = [named[heading] for heading in folded if heading in named]
    unknown = {i: heading for i, heading in enumerate(folded, start=1) if heading and heading not in named}
    has = ", ".join(found) or "no heading of the spec"
    hints = "".join(_hint(synonym, unknown) for name in missing for synonym in stream.columns[name].from_)
    return f"lacks {', '.join(wanted)}; it has {has}; cells that the spec does not name: {len(unknown)}{hints}"


def _hint(synonym: str, unknown: dict[int, str]) -> str:
    """Which of the unknown headings may be a slip or a new spelling of one that is missing."""
    places = {heading: place for place, heading in reversed(unknown.items()) if _LIKE_A_HEADING.fullmatch(heading)}
    near = get_close_matches(fold(synonym), places, n=1, cutoff=_NEAR)
    return f"; number {places[near[0]]} looks like '{synonym}'" if near else ""
