"""The stage Sankey and the table of variants, read together, tell of no small group."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from journey_mining.maps.suppression import Family, shown_with_totals
from journey_mining.maps.variants import variants_of, way_of
from journey_mining.maps.ways import Way, all_ways, drawable
from journey_mining.vocabulary import JOURNEY_START

ORDER = {"a": 1, "b": 2, "c": 3}
WALKS = st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map(">".join)
VARIANTS = st.dictionaries(
    st.tuples(WALKS, st.sampled_from(["won", "lost", "open"])),
    st.one_of(st.integers(1, 12), st.integers(10, 60)),
    max_size=14,
)


def both(counts: dict[tuple[str, str], int]):
    rows = [
        {
            "segment": "all", "variant_id": f"{stages}|{ending}", "variant_no": number, "stages": stages,
            "ending": ending, "journey_count": count, "customer_count": count, "median_days": 1.0,
        }
        for number, ((stages, ending), count) in enumerate(sorted(counts.items()))
    ]  # fmt: skip
    totals: Counter = Counter()
    for (stages, ending), count in counts.items():
        totals[way_of(stages, ORDER), ending] += count
    ways = [Way(stages=s, ending=e, journeys=n, customers=n) for (s, e), n in sorted(totals.items())]
    found = drawable(all_ways(ways, all_ways(ways, {}).journeys), 10)
    return found, variants_of(rows, 10, set(), ways=found, order=ORDER)


@settings(max_examples=150, deadline=None)
@given(VARIANTS)
def test_no_number_of_the_sankey_minus_shown_variants_is_a_small_group(counts: dict) -> None:
    found, table = both(counts)
    if table is None or not found.drawn:
        return
    shown = {(">".join(row.stages), row.ending): row.journeys for row in table.rows}
    drawn = {(way.stages, way.ending): way for way in found.drawn}
    told: dict[object, int] = defaultdict(int)
    for (stages, ending), journeys in shown.items():
        way = drawn.get((way_of(stages, ORDER), ending))
        for place in (*way.links, "drawn") if way else ("left out",):
            told[place] += journeys
    begun = sum(journeys for (source, _), journeys in found.drawn_links.items() if source == JOURNEY_START)
    numbers = {**found.drawn_links, "drawn": begun, "left out": found.left_out_journeys}
    small = {place: numbers[place] - count for place, count in told.items() if 0 < numbers[place] - count < 10}
    assert small == {}
    assert table.rest_journeys == 0 or table.rest_journeys >= 10


def test_a_link_that_one_variant_nearly_fills_hides_the_variant() -> None:
    found, table = both({("a", "lost"): 40, ("a>a", "lost"): 4, ("a>b", "won"): 30, ("b", "won"): 25})
    assert found.drawn_links["a", "lost"] == 44
    assert table is not None
    assert [(row.stages, row.journeys) for row in table.rows] == [(("a", "b"), 30), (("b",), 25)]


CELLS = st.dictionaries(st.sampled_from("uvwxyz"), st.integers(1, 30), min_size=1)


@settings(max_examples=100, deadline=None)
@given(CELLS, st.lists(st.sets(st.sampled_from("uvwxyz"), min_size=1), max_size=4))
def test_every_family_holds_and_brute_force_finds_no_smaller_sacrifice_of_nothing(cells: dict, groups: list) -> None:
    families = [
        Family(total=sum(cells[c] for c in group & cells.keys()), cells=frozenset(group & cells.keys()))
        for group in groups
    ]

    def holds(shown: set) -> bool:
        rests = [f.total - sum(cells[c] for c in f.cells & shown) for f in families if f.cells & shown]
        return not any(0 < rest < 10 for rest in rests)

    large = {cell for cell, count in cells.items() if count >= 10}
    kept = shown_with_totals(cells, cells, large, families, 10)
    assert kept <= large
    assert holds(kept)
    # nothing is hidden where nothing has to be
    assert kept == large or not holds(large)
    best = max(
        (len(c) for n in range(len(large) + 1) for c in combinations(sorted(large), n) if holds(set(c))), default=0
    )
    assert len(kept) <= best
