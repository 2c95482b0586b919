"""The most frequent ways through the stages.

In: `trace_variant` rows of one segment. Out: `Variants`, whose rows and remainder add up to all journeys.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from itertools import accumulate

from journey_mining.maps.path_pictures import Variant, Variants
from journey_mining.maps.stage_flows import has_return
from journey_mining.maps.suppression import Family, shown_with_totals
from journey_mining.maps.tables import Row
from journey_mining.maps.ways import Ways
from journey_mining.vocabulary import ALL_SEGMENTS

SHOWN = 12


def variants_of(
    rows: Sequence[Row],
    small: int,
    hidden: set[tuple[str, object]],
    *,
    is_size_hidden: bool = False,
    ways: Ways | None = None,
    order: Mapping[str, int] | None = None,
    returns: int | None = None,
) -> Variants | None:
    """The table, or None where no variant may be shown.

    Variants of fewer than `small` customers, and complements of other segments' hidden cells, go into the remainder;
    a remainder that is itself too small takes the rarest shown variant along. Where the size of the segment must stay
    hidden, neither shares nor the remainder are told. With the drawn `ways` and the `order` of stages no number of that
    picture minus the variants that are part of it is a small group either, and so with the number of `returns`.
    """
    total = sum(int(row["journey_count"]) for row in rows)
    allowed = [
        row for row in rows if row["customer_count"] >= small and (row["segment"], (row["variant_id"],)) not in hidden
    ]
    shown = sorted(allowed, key=lambda row: (-row["journey_count"], row["variant_no"]))[:SHOWN]
    if ways is not None:
        shown = _beside_ways(rows, shown, ways, order or {}, small, returns)
    while shown and (is_size_hidden or total > _journeys(shown)) and total - _journeys(shown) < small:
        shown.pop()
        if ways is not None:
            shown = _beside_ways(rows, shown, ways, order or {}, small, returns)
    if not shown:
        return None
    return Variants(
        rows=tuple(
            _variant(row, _journeys(shown[: place + 1]), None if is_size_hidden else total)
            for place, row in enumerate(shown)
        ),
        variant_count=len(rows),
        rest_variants=len(rows) - len(shown),
        rest_journeys=None if is_size_hidden else total - _journeys(shown),
    )


def _beside_ways(
    rows: Sequence[Row], shown: Sequence[Row], ways: Ways, order: Mapping[str, int], small: int, returns: int | None
) -> list[Row]:
    """Rows that may be shown beside the drawn ways: no drawn number minus variants leads to a small group."""
    cells = {row["variant_id"]: row for row in rows}
    of_way: dict[tuple[tuple[str, ...], str], set[Hashable]] = {}
    for name, row in cells.items():
        of_way.setdefault((way_of(str(row["stages"]), order), row["ending"]), set()).add(name)
    families = _families(ways, of_way)
    if returns:
        back = (name for name, row in cells.items() if has_return(str(row["stages"]), order))
        families.append(Family(total=returns, cells=frozenset(back)))
    for told, total in sorted(ways.told.items()):
        part = (name for name, row in cells.items() if told in (*str(row["stages"]).split(">"), row["ending"]))
        families.append(Family(total=total, cells=frozenset(part)))
    kept = shown_with_totals(
        {name: int(row["journey_count"]) for name, row in cells.items()},
        {name: int(row["customer_count"]) for name, row in cells.items()},
        (row["variant_id"] for row in shown),
        families,
        small,
    )
    return [row for row in shown if row["variant_id"] in kept]


def _families(ways: Ways, of_way: Mapping[tuple[tuple[str, ...], str], set[Hashable]]) -> list[Family]:
    """Every number that the drawn ways tell, with the variants that are part of it."""
    drawn = [(way, frozenset(of_way.get((way.stages, way.ending), set()))) for way in ways.drawn]
    families = [
        Family(total=journeys, cells=frozenset().union(*(cells for way, cells in drawn if link in way.links)))
        for link, journeys in sorted(ways.drawn_links.items())
    ]
    families += [Family(total=way.journeys, cells=cells) for way, cells in drawn]
    everything = frozenset().union(*(cells for _, cells in drawn))
    families.append(Family(total=sum(way.journeys for way, _ in drawn), cells=everything))
    if drawn and not ways.is_size_hidden:
        others = frozenset().union(*of_way.values()) - everything
        families.append(Family(total=ways.left_out_journeys, cells=others))
    return families


def revealing_variants(
    rows: Mapping[str, Sequence[Row]],
    told: Mapping[str, Variants | None],
    ways: Mapping[str, Ways],
    order: Mapping[str, int],
    small: int,
) -> set[tuple[str, object]]:
    """Variants of everybody that, minus what tables and Sankeys of the segments tell of them, are a small group.

    Args:
        rows: variants of every segment.
        told: the tables of the segments, that of everybody left out.
        ways: drawn ways of every segment.
        order: numbers of stages.
        small: groups below this are never shown.
    """
    everybody, parts = _totals(rows.get(ALL_SEGMENTS, ()), order), {s: _totals(rows.get(s, ()), order) for s in told}
    known = {segment: _known(told[segment], ways[segment], order) for segment in told}

    def is_small(name: Hashable, way: Hashable) -> bool:
        rest = everybody[name] - sum(
            part.get(name, 0) for s, part in parts.items() if not known[s].isdisjoint({name, way})
        )
        return 0 < rest < small

    return {
        (ALL_SEGMENTS, (row["variant_id"],))
        for row in rows.get(ALL_SEGMENTS, ())
        if (way := ("way", way_of(str(row["stages"]), order), row["ending"]))
        and (is_small(way, way) or is_small((str(row["stages"]), row["ending"]), way))
    }


def _totals(rows: Sequence[Row], order: Mapping[str, int]) -> Counter[Hashable]:
    """Journeys by variant and by way."""
    found: Counter[Hashable] = Counter()
    for row in rows:
        found[str(row["stages"]), row["ending"]] += int(row["journey_count"])
        found["way", way_of(str(row["stages"]), order), row["ending"]] += int(row["journey_count"])
    return found


def _known(table: Variants | None, ways: Ways, order: Mapping[str, int]) -> set[Hashable]:
    """Variants that a segment tells, and the ways that it draws or tells a variant of."""
    found: set[Hashable] = {("way", way.stages, way.ending) for way in ways.drawn}
    for row in table.rows if table else ():
        stages = ">".join(row.stages)
        found |= {(stages, row.ending), ("way", way_of(stages, order), row.ending)}
    return found


def way_of(stages: str, order: Mapping[str, int]) -> tuple[str, ...]:
    """The stages of a variant that lay further on than any before; stages without a number are on no way.

    >>> way_of("a>b>a>c", {"a": 1, "b": 2, "c": 3})
    ('a', 'b', 'c')
    """
    known = [stage for stage in stages.split(">") if order.get(stage, 0)]
    furthest = [0, *accumulate((order[stage] for stage in known), max)]
    return tuple(stage for stage, before in zip(known, furthest, strict=False) if order[stage] > before)


def _variant(row: Row, so_far: int, total: int | None) -> Variant:
    return Variant(
        stages=tuple(stage for stage in str(row["stages"]).split(">") if stage),
        ending=row["ending"],
        journeys=int(row["journey_count"]),
        customers=int(row["customer_count"]),
        share=row["journey_count"] / total if total else None,
        cumulative=so_far / total if total else None,
        median_days=row["median_days"],
    )


def _journeys(rows: Sequence[Row]) -> int:
    return sum(int(row["journey_count"]) for row in rows)
