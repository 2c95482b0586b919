"""Whole ways through the stages that may be drawn, so that the picture adds up and nobody can be worked out of it.

In: ways of every segment and the customers on each of their links. Out: the ways to draw. A way is drawn or left out as
a whole: then every stage of the picture is entered as often as it is left, and all that a reader can subtract is a sum
of drawn links again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from journey_mining.vocabulary import ALL_SEGMENTS, JOURNEY_START

Link = tuple[str, str]
"""from a stage, or the start, to a later stage, or an ending"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Journeys that reached the same stages, each further than any before, and ended alike."""

    stages: tuple[str, ...]
    ending: str
    journeys: int
    customers: int

    def is_part_of(self, told: str) -> bool:
        """Whether its journeys are among those told of a stage, or of an ending."""
        return told in self.stages or told == self.ending

    @property
    def links(self) -> tuple[Link, ...]:
        """Start to first stage, stage to stage, last stage to the ending."""
        return tuple(pairwise((JOURNEY_START, *self.stages, self.ending)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Ways of one segment: the drawn ones, and what its links held before any was left out."""

    drawn: tuple[Way, ...]
    total: int
    """journeys, drawn or not"""
    total_customers: int
    """customers of all ways, one who went several ways counted in each"""
    is_size_hidden: bool
    """whether the total must stay hidden, so that even a complete picture would tell too much"""
    has_unstaged: bool
    """whether some journeys entered no stage at all"""
    journeys: Mapping[Link, int]
    customers: Mapping[Link, int]
    told: Mapping[str, int] = field(default_factory=dict)
    """numbers of other pages that drawn ways are part of: who entered a stage, whose journeys had an ending"""

    @property
    def drawn_links(self) -> Counter[Link]:
        """Drawn journeys by link."""
        return _journeys_by_link(self.drawn)

    @property
    def left_out_journeys(self) -> int:
        """Journeys that are not drawn."""
        return self.total - sum(way.journeys for way in self.drawn)

    @property
    def left_out_customers(self) -> int:
        """Customers who are not drawn, way by way."""
        return self.total_customers - sum(way.customers for way in self.drawn)

    def is_remainder_small(self, small: int) -> bool:
        """Whether those left out, the total minus the drawn, are some but fewer than `small`."""
        return (self.is_size_hidden or self.left_out_journeys > 0) and self.left_out_customers < small

    def drawn_of(self, told: str) -> int:
        """Drawn journeys that are part of a number told elsewhere."""
        return sum(way.journeys for way in self.drawn if way.is_part_of(told))

    def revealed(self, small: int) -> str | None:
        """A number told elsewhere that, minus the drawn ways, is a small group."""
        return next((told for told, n in sorted(self.told.items()) if 0 < n - self.drawn_of(told) < small), None)

    def least(self, told: str | None = None) -> Way | None:
        """The smallest drawn way, of those that are part of a number; None where there is none."""
        return min((way for way in self.drawn if told is None or way.is_part_of(told)), key=_size, default=None)

    def without(self, stages: tuple[str, ...], ending: str) -> Ways:
        """The same segment with one way left out, whatever its counts."""
        kept = (way for way in self.drawn if (way.stages, way.ending) != (stages, ending))
        return replace(self, drawn=tuple(kept))


def all_ways(
    ways: Sequence[Way],
    customers: Mapping[Link, int],
    *,
    is_size_hidden: bool = False,
    told: Mapping[str, int] | None = None,
) -> Ways:
    """Every way that has a stage; the others cannot be drawn."""
    return Ways(
        drawn=tuple(way for way in ways if way.stages),
        total=sum(way.journeys for way in ways),
        total_customers=sum(way.customers for way in ways),
        is_size_hidden=is_size_hidden,
        has_unstaged=not all(way.stages for way in ways),
        journeys=_journeys_by_link(ways),
        customers=customers,
        told=told or {},
    )


def drawable(ways: Ways, small: int) -> Ways:
    """The ways whose links all keep at least `small` customers; what is left out is nobody or at least `small`.

    Of a link whose journeys are left out in part this is known: its customers are at least those it had minus the
    journeys left out, and at least those of the largest way that still uses it. A link for which that is below `small`
    takes every way through it along, until all links hold. A number told elsewhere minus the drawn ways that are part
    of it is nobody or at least `small`, too.
    """
    while True:
        rare = _rare_links(ways, small)
        unwanted = {way for way in ways.drawn if not rare.isdisjoint(way.links)}
        if not unwanted and ways.drawn and ways.is_remainder_small(small):
            unwanted = {min(ways.drawn, key=_size)}
        if not unwanted and (told := ways.revealed(small)) and (least := ways.least(told)):
            unwanted = {least}
        if not unwanted:
            return ways
        ways = replace(ways, drawn=tuple(way for way in ways.drawn if way not in unwanted))


def drawable_together(by_segment: Mapping[str, Ways], small: int) -> dict[str, Ways]:
    """Drawable ways of all segments such that the picture of everybody minus theirs reveals nobody either."""
    found = {segment: drawable(ways, small) for segment, ways in by_segment.items()}
    everybody = by_segment.get(ALL_SEGMENTS)
    while everybody is not None:
        parts = {segment: ways for segment, ways in found.items() if segment != ALL_SEGMENTS}
        parts = _beside_everybody(everybody.told, parts, small)
        whole = _drawable_whole(everybody, list(parts.values()), small)
        told = whole.revealed(small)
        least = whole.least(told)
        if least is None or not (told or whole.is_remainder_small(small)):
            return {**parts, ALL_SEGMENTS: whole}
        # nobody can hide in a difference to the segments any more, so all of them give up their smallest way
        everybody = everybody.without(least.stages, least.ending)
        found = {segment: drawable(ways.without(least.stages, least.ending), small) for segment, ways in parts.items()}
    return found


def _beside_everybody(told: Mapping[str, int], parts: dict[str, Ways], small: int) -> dict[str, Ways]:
    """The parts such that a number told of everybody, minus what is told or drawn of theirs, is no small group.

    Where a segment does not tell the number itself, its drawn ways tell most of it: the smallest gives up one of them.
    """
    for name, total in sorted(told.items()):
        while 0 < total - sum(ways.told.get(name, ways.drawn_of(name)) for ways in parts.values()) < small:
            drawn = [
                (ways.drawn_of(name), segment, least)
                for segment, ways in parts.items()
                if name not in ways.told and (least := ways.least(name))
            ]
            if not drawn:
                break  # all of them tell it themselves, by the rule for the number
            _, segment, least = min(drawn, key=lambda item: item[:2])
            parts = {**parts, segment: drawable(parts[segment].without(least.stages, least.ending), small)}
    return parts


def _drawable_whole(everybody: Ways, parts: Sequence[Ways], small: int) -> Ways:
    """The ways of everybody, each in full or only as far as the segments draw it.

    A link whose difference to the sum over segments is a small group is cut down to that sum, with all ways through it.
    In the worst case everybody is the sum of the segments, which reveals nothing that they do not show themselves.
    """
    if not parts:
        return drawable(everybody, small)
    shown: Counter[tuple[tuple[str, ...], str]] = Counter()
    for part in parts:
        shown.update({(way.stages, way.ending): way.journeys for way in part.drawn})
    together = sum((part.drawn_links for part in parts), Counter[Link]())
    cut: set[Way] = set()
    while True:
        drawn = [_as_shown(way, shown) if way in cut else way for way in everybody.drawn]
        ways = replace(everybody, drawn=tuple(way for way in drawn if way.journeys))
        differing = [way for way in everybody.drawn if way not in cut and way.journeys != shown[way.stages, way.ending]]
        links = _rare_links(ways, small) - set(together)
        links |= {link for link, journeys in ways.drawn_links.items() if 0 < journeys - together[link] < small}
        more = {way for way in differing if not links.isdisjoint(way.links)}
        if not more and differing and ways.is_remainder_small(small):
            more = {min(differing, key=_size)}
        if not more and (told := ways.revealed(small)):
            more = set(sorted((way for way in differing if way.is_part_of(told)), key=_size)[:1])
        if not more:
            return ways
        cut |= more


def _as_shown(way: Way, shown: Mapping[tuple[tuple[str, ...], str], int]) -> Way:
    journeys = shown.get((way.stages, way.ending), 0)
    return replace(way, journeys=journeys, customers=min(way.customers, journeys))


def _rare_links(ways: Ways, small: int) -> set[Link]:
    largest: dict[Link, int] = {}
    for way in ways.drawn:
        for link in way.links:
            largest[link] = max(largest.get(link, 0), way.customers)
    return {
        link
        for link, journeys in ways.drawn_links.items()
        if max(largest[link], ways.customers.get(link, 0) - (ways.journeys[link] - journeys)) < small
    }


def _size(way: Way) -> tuple[int, tuple[str, ...], str]:
    return way.journeys, way.stages, way.ending


def _journeys_by_link(ways: Iterable[Way]) -> Counter[Link]:
    counts: Counter[Link] = Counter()
    for way in ways:
        for link in way.links:
            counts[link] += way.journeys
    return counts
