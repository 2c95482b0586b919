"""Which ways and variants may be told, so that all of them together tell of no small group.

In: the tables of paths. Out: the drawable ways and the table of variants of every segment. Rules for single pictures
and pairs of pictures come first (`ways`, `variants`); what is left is asked as a whole: every number that will be
published is an equation over journeys by segment, way and variant, and whatever small group still follows from all of
them takes the smallest shown variant near it along, or a way where no variant is left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from journey_mining.maps.equations import Answers, Equations
from journey_mining.maps.heads import SegmentHead
from journey_mining.maps.numbers import Count
from journey_mining.maps.path_pictures import Variants
from journey_mining.maps.segment_maps import Ground, entered_count
from journey_mining.maps.stage_flows import has_return, returns_by_segment, ways_by_segment
from journey_mining.maps.suppression import forced_cells
from journey_mining.maps.tables import Row
from journey_mining.maps.variants import revealing_variants, variants_of, way_of
from journey_mining.maps.ways import Ways
from journey_mining.vocabulary import ALL_SEGMENTS, Ending

VariantKey = tuple[str, str]
"""stages joined by ">", and the ending"""
WayKey = tuple[tuple[str, ...], str]
"""stages, each further than any before, and the ending"""
_MOST = 40
"""things that are tried against one leak; else many segments would take minutes"""
_FEW = 6
"""segments of which every combination is asked"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldPaths:
    """What the pages of paths tell, by segment."""

    ways: dict[str, Ways]
    variants: dict[str, Variants | None]
    returns: dict[str, Count]
    """journeys that came back to an earlier stage at least once"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """Journeys of one segment that no published number tells apart."""

    way: WayKey
    entered: frozenset[str]
    last: str
    is_return: bool
    shown: VariantKey | None
    """the variant, where a table tells it"""


@dataclass(frozen=True, slots=True)
class KeptBack:
    """What is not told although the rules for single pictures would allow it, by segment."""

    variants: frozenset[tuple[str, VariantKey]] = frozenset()
    ways: frozenset[tuple[str, WayKey]] = frozenset()


_NOTHING = KeptBack()


@dataclass(frozen=True, slots=True)
class Leak:
    """A small group that follows from everything told."""

    parts: frozenset[str]
    ways: frozenset[WayKey]
    people: int


def told_paths(ground: Ground, segments: Sequence[SegmentHead]) -> ToldPaths:
    """Ways and variants of every segment that has pages."""
    kept_back = _NOTHING
    told = told_without(ground, segments, kept_back)
    leaks = leaks_of(ground, segments, told)
    while leaks:
        trials: list[tuple[int, int, KeptBack, ToldPaths, list[Leak]]] = []
        for place, more in enumerate(_choices(told, leaks[0], kept_back, ground)[:_MOST]):
            found = told_without(ground, segments, more)
            trials.append((len(left := leaks_of(ground, segments, found)), place, more, found, left))
            if not left:
                break
        if not trials:
            break  # only counts of whole segments are left, which have a rule of their own
        _, _, kept_back, told, leaks = min(trials, key=lambda trial: trial[:2])
    return told


def told_without(ground: Ground, segments: Sequence[SegmentHead], kept_back: KeptBack = _NOTHING) -> ToldPaths:
    """What the rules for single pictures and pairs of them allow, less what is kept back."""
    ways = _drawable_ways(ground, segments, kept_back.ways)
    returns = returns_by_segment(ground.tables.rows["trace_variant"], ground.stages, ground.limits)
    variants = _variants(ground, segments, ways, returns, kept_back.variants)
    return ToldPaths(ways=ways, variants=variants, returns=returns)


def _choices(told: ToldPaths, leak: Leak, kept_back: KeptBack, ground: Ground) -> list[KeptBack]:
    """What could be kept back against a leak, the least harm first: variants before ways, near and small ones first."""
    order = _order(ground)
    variants = sorted(
        ((way_of(key[0], order), key[1]) not in leak.ways, segment not in leak.parts, row.journeys, segment, key)
        for segment, table in told.variants.items()
        if table
        for row, key in zip(table.rows, _shown(table), strict=True)
    )
    ways = sorted(
        (key not in leak.ways, segment not in leak.parts, way.journeys, segment, key)
        for segment, drawn in told.ways.items()
        for way in drawn.drawn
        if (key := (way.stages, way.ending))
    )
    return [
        *(
            replace(kept_back, variants=kept_back.variants | {variant})
            for *_, segment, key in variants
            if (variant := (segment, key))
        ),
        *(replace(kept_back, ways=kept_back.ways | {way}) for *_, segment, key in ways if (way := (segment, key))),
    ]


def _drawable_ways(
    ground: Ground, segments: Sequence[SegmentHead], unwanted: frozenset[tuple[str, WayKey]]
) -> dict[str, Ways]:
    """Drawable ways of every segment; all together, because everybody minus the segments must reveal nobody."""
    rows, small = ground.tables.rows, ground.limits.small
    told = {head.id: _told(ground, head) for head in segments}
    return ways_by_segment(
        rows["stage_path"], rows["stage_flow"], [head.id for head in segments], small, ground.sizes, told, unwanted
    )


def _told(ground: Ground, segment: SegmentHead) -> dict[str, int]:
    """What the map tells of a segment and the stage flows are part of: who entered a stage, who is still under way."""
    entered = {stage.id: entered_count(ground, segment.id, stage.id).value for stage in ground.stages}
    return {name: value for name, value in (*entered.items(), (Ending.OPEN, segment.open_journeys.value)) if value}


def _variants(
    ground: Ground,
    segments: Sequence[SegmentHead],
    ways: Mapping[str, Ways],
    returns: Mapping[str, Count],
    unwanted: frozenset[tuple[str, VariantKey]],
) -> dict[str, Variants | None]:
    """The tables of variants: segments first, because that of everybody must not reveal what theirs leave out."""
    small, rows = ground.limits.small, ground.tables.grouped("trace_variant")
    order = _order(ground)
    cells = (
        (row["segment"], (row["variant_id"],), int(row["customer_count"]))
        for row in ground.tables.rows["trace_variant"]
    )
    hidden: set[tuple[str, object]] = set(forced_cells(cells, small))
    hidden |= {(s, (row["variant_id"],)) for s in rows for row in rows[s] if (s, _key(row)) in unwanted}

    def table(segment: SegmentHead) -> Variants | None:
        is_drawn = bool(ways[segment.id].drawn)
        return variants_of(
            rows.get(segment.id, []),
            small,
            hidden,
            is_size_hidden=segment.is_size_hidden,
            ways=ways[segment.id],
            order=order,
            returns=returns[segment.id].value if is_drawn and segment.id in returns else None,
        )

    found = {segment.id: table(segment) for segment in segments if segment.id != ALL_SEGMENTS}
    hidden |= revealing_variants(rows, found, ways, order, small)
    return found | {segment.id: table(segment) for segment in segments if segment.id == ALL_SEGMENTS}


def leaks_of(ground: Ground, segments: Sequence[SegmentHead], told: ToldPaths) -> list[Leak]:
    """Small groups that follow from all that is told."""
    cells, people = _counted(ground, told)
    if not cells:
        return []
    questions = _questions(cells)
    answers = _equations(ground, segments, told, cells, list(people)).asked(questions, people)
    asked = {part: (questions @ counts).tolist() for part, counts in people.items()}
    found = []
    for number, wanted in enumerate(questions):
        # a group with a large part is large
        few = {part: sums[number] for part, sums in asked.items() if sums[number] < ground.limits.small}
        for parts in _groups(few, answers, number):
            total = sum(few[part] for part in parts)
            if 0 < total < ground.limits.small and answers.tells(number, parts):
                ways = frozenset(cell.way for cell, is_wanted in zip(cells, wanted, strict=True) if is_wanted)
                found.append(Leak(frozenset(parts), ways, total))
    return found


def _counted(ground: Ground, told: ToldPaths) -> tuple[list[Cell], dict[str, NDArray[np.int64]]]:
    """Cells, and people by segment and cell, nobody included: a reader does not know what a segment does not have."""
    order = _order(ground)
    shown = {key for table in told.variants.values() for key in _shown(table)}
    rows = [row for row in ground.tables.rows["trace_variant"] if row["segment"] != ALL_SEGMENTS]
    cell_of = {key: _cell(key, order, shown) for key in {_key(row) for row in rows}}
    every = set(cell_of.values())
    # of every way there may be a variant that nobody took, with a return
    every |= {
        Cell(way=cell.way, entered=frozenset(cell.way[0]), last="", is_return=True, shown=None)
        for cell in every
        if cell.way[0]
    }
    cells = sorted(every, key=lambda cell: (cell.way, sorted(cell.entered), cell.last, cell.is_return, str(cell.shown)))
    places = {cell: place for place, cell in enumerate(cells)}
    place_of = {key: places[cell] for key, cell in cell_of.items()}
    people = {part: np.zeros(len(cells), dtype=np.int64) for part in sorted({row["segment"] for row in rows})}
    for row in rows:
        people[row["segment"]][place_of[_key(row)]] += int(row["customer_count"])
    return cells, people


def _cell(key: VariantKey, order: Mapping[str, int], shown: set[VariantKey]) -> Cell:
    stages = [stage for stage in key[0].split(">") if stage]
    return Cell(
        way=(way_of(key[0], order), key[1]),
        entered=frozenset(stages),
        last=stages[-1] if stages else "",
        is_return=has_return(key[0], order),
        shown=key if key in shown else None,
    )


def _equations(
    ground: Ground, segments: Sequence[SegmentHead], told: ToldPaths, cells: Sequence[Cell], parts: Sequence[str]
) -> Equations:
    """Everything that the pages of paths, the map and the overview tell of journeys."""
    found = Equations(len(cells))
    for head in segments:
        ways, shown = told.ways[head.id], {*_shown(told.variants[head.id])}
        whose = parts if head.id == ALL_SEGMENTS else [head.id]
        sums = [_which(other is cell for other in cells) for cell in cells if cell.shown in shown]
        sums += [_which(name in cell.entered or name == cell.way[1] for cell in cells) for name in sorted(ways.told)]
        if not head.is_size_hidden:
            sums.append(_which(True for _ in cells))
        if ways.drawn and head.id in told.returns and told.returns[head.id].value is not None:
            sums.append(_which(cell.is_return for cell in cells))
        for total in sums:
            found.knows(dict.fromkeys(whose, total))
        drawn = _drawn_of(ground, told, head.id, whose)
        for link in sorted(ways.drawn_links):
            on = {(way.stages, way.ending) for way in ways.drawn if link in way.links}
            found.knows({p: _which(c.way in on and c.way in drawn[p] for c in cells) for p in whose})
    return found


def _drawn_of(ground: Ground, told: ToldPaths, segment: str, parts: Sequence[str]) -> dict[str, set[WayKey]]:
    """Drawn ways that hold journeys of each part: those of everybody may be cut down to what the segments draw."""
    full = {
        (tuple(stage for stage in str(row["path"]).split(">") if stage), row["ending"]): int(row["journey_count"])
        for row in ground.tables.of("stage_path", segment)
    }
    drawn = {(way.stages, way.ending): way.journeys for way in told.ways[segment].drawn}
    whole = {key for key, journeys in drawn.items() if journeys == full.get(key)}
    own = {
        part: {(w.stages, w.ending) for w in told.ways[part].drawn} if part in told.ways else set() for part in parts
    }
    return {part: whole | (own[part] & drawn.keys()) for part in parts}


def _groups(people: Mapping[str, int], answers: Answers, question: int) -> Iterator[Sequence[str]]:
    """Segments to ask about together: every combination of few; of many each, those with anybody, and all of them."""
    yield from ([part] for part in people if answers.is_closed(question, part))
    parts = [part for part in people if not answers.is_closed(question, part)]
    if len(parts) <= _FEW:
        for size in range(1, len(parts) + 1):
            yield from combinations(parts, size)
        return
    yield from ([part] for part in parts)
    yield [part for part in parts if people[part]]
    yield parts


def _questions(cells: Sequence[Cell]) -> NDArray[np.bool_]:
    """What a reader may want to know of a segment: one sum of cells a row."""
    kinds: dict[tuple[str, Hashable], list[int]] = defaultdict(list)
    for place, cell in enumerate(cells):
        kinds["everybody", ""].append(place)
        kinds["return", cell.is_return].append(place)
        kinds["ending", cell.way[1]].append(place)
        kinds["ended", (cell.last, cell.way[1])].append(place)
        kinds["cell", place].append(place)
        for stage in sorted(cell.entered):
            kinds["entered", stage].append(place)
    found = np.zeros((len(kinds), len(cells)), dtype=bool)
    for number, places in enumerate(kinds.values()):
        found[number, places] = True
    return found


def _which(tests: Iterable[bool]) -> NDArray[np.bool_]:
    return np.fromiter(tests, dtype=bool)


def _shown(table: Variants | None) -> list[VariantKey]:
    return [(">".join(row.stages), row.ending) for row in table.rows] if table else []


def _key(row: Row) -> VariantKey:
    return str(row["stages"]), row["ending"]


def _order(ground: Ground) -> dict[str, int]:
    return {stage.id: stage.number for stage in ground.stages}
