"""Whatever the ways are, the drawn pictures add up and no difference between drawn numbers is a small group."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from journey_mining.maps.ways import Link, Way, Ways, all_ways, drawable_together

PATHS = st.lists(st.sampled_from("abcd"), unique=True, max_size=4).map(sorted).map(tuple)
ENDINGS = st.sampled_from(["won", "lost", "open"])
COUNTS = st.one_of(st.integers(1, 12), st.integers(10, 60))
SEGMENT = st.dictionaries(st.tuples(PATHS, ENDINGS), COUNTS, max_size=12)
SEGMENTS = st.lists(SEGMENT, min_size=1, max_size=4)


def ways_of(counts: Counter[tuple[tuple[str, ...], str]] | dict[tuple[tuple[str, ...], str], int]) -> Ways:
    ways = [Way(stages=s, ending=e, journeys=n, customers=n) for (s, e), n in sorted(counts.items())]
    return all_ways(ways, all_ways(ways, {}).journeys)


def drawn(segments: list[dict[tuple[tuple[str, ...], str], int]], *, unnamed: int = 0) -> dict[str, Ways]:
    """Ways of everybody and of all segments but the last `unnamed`, which have no pages."""
    whole = sum((Counter(segment) for segment in segments), Counter())
    named = {f"s{n}": ways_of(segment) for n, segment in enumerate(segments[: len(segments) - unnamed])}
    return drawable_together({"all": ways_of(whole), **named}, 10)


def differences(found: dict[str, Ways]) -> list[int]:
    parts = sum((ways.drawn_links for segment, ways in found.items() if segment != "all"), Counter[Link]())
    return [found["all"].drawn_links[link] - parts[link] for link in found["all"].drawn_links | parts]


@settings(max_examples=80, deadline=None)
@given(SEGMENTS)
def test_no_drawn_link_and_no_remainder_is_a_small_group(segments: list) -> None:
    pictures = drawn(segments).values()
    counts = [n for ways in pictures for n in (*ways.drawn_links.values(), ways.left_out_journeys) if ways.drawn]
    assert [n for n in counts if 0 < n < 10] == []


@settings(max_examples=80, deadline=None)
@given(SEGMENTS, st.integers(0, 1))
def test_everybody_minus_the_segments_is_nobody_or_many(segments: list, unnamed: int) -> None:
    found = drawn(segments, unnamed=unnamed if len(segments) > 1 else 0)
    assert [n for n in differences(found) if 0 < abs(n) < 10] == []


@settings(max_examples=80, deadline=None)
@given(SEGMENTS)
def test_stages_are_entered_as_often_as_left(segments: list) -> None:
    links = drawn(segments)["all"].drawn_links
    entered = [sum(n for (_, target), n in links.items() if target == stage) for stage in "abcd"]
    assert entered == [sum(n for (source, _), n in links.items() if source == stage) for stage in "abcd"]


def test_ways_that_are_common_enough_are_all_drawn() -> None:
    found = drawn([{(("a", "b"), "won"): 30, (("a",), "lost"): 12}, {(("a", "b"), "won"): 15}])
    assert [ways.left_out_journeys for ways in found.values()] == [0, 0, 0]


def test_everybody_is_cut_down_where_a_small_group_could_be_worked_out() -> None:
    found = drawn([{(("a",), "won"): 50, (("b",), "won"): 30}, {(("a",), "won"): 20, (("b",), "won"): 4}])
    assert found["s1"].drawn_links["b", "won"] == 0
    assert found["all"].drawn_links["b", "won"] == 30


def test_a_person_with_many_journeys_is_still_one_person() -> None:
    way = Way(stages=("a",), ending="won", journeys=40, customers=3)
    ways = all_ways([way], {("journey_start", "a"): 3, ("a", "won"): 3})
    assert drawable_together({"all": ways}, 10)["all"].drawn == ()


def test_a_large_way_stays_when_the_small_ones_beside_it_go() -> None:
    # 23 journeys of 14 customers start in b; the way a > b > won alone has 31 customers, whatever else is left out
    ways = [
        Way(stages=("a", "b"), ending="won", journeys=31, customers=31),
        Way(stages=("b",), ending="won", journeys=16, customers=10),
        Way(stages=("b",), ending="open", journeys=7, customers=7),
    ]
    customers = {
        ("journey_start", "a"): 31,
        ("a", "b"): 31,
        ("journey_start", "b"): 14,
        ("b", "won"): 33,
        ("b", "open"): 7,
    }
    found = drawable_together({"all": all_ways(ways, customers)}, 10)["all"]
    assert ways[0] in found.drawn


TOLD = st.dictionaries(st.sampled_from([*"abcd", "open"]), st.integers(0, 15), max_size=3)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(SEGMENT, TOLD), min_size=1, max_size=3))
def test_numbers_of_other_pages_minus_the_drawn_ways_are_nobody_or_many(segments: list) -> None:
    """Told are journeys on ways, and some that came back to a stage: those are on no way."""
    told: dict[str, dict[str, int]] = {}
    for number, (counts, back) in enumerate(segments):
        on_ways = {name: sum(n for (s, e), n in counts.items() if name in (*s, e)) for name in back}
        told[f"s{number}"] = {name: n + back[name] for name, n in on_ways.items() if n + back[name] >= 10}
    whole = sum((Counter(counts) for counts, _ in segments), Counter())
    every = {name for _, back in segments for name in back}
    sums = {
        name: sum(n for (s, e), n in whole.items() if name in (*s, e)) + sum(back.get(name, 0) for _, back in segments)
        for name in sorted(every)
    }
    # a number that is itself small is told nowhere
    told["all"] = {name: total for name, total in sums.items() if total >= 10}
    ways = {"all": ways_of(whole), **{f"s{n}": ways_of(counts) for n, (counts, _) in enumerate(segments)}}
    found = drawable_together({s: replace(own, told=told[s]) for s, own in ways.items()}, 10)
    rests = [n - own.drawn_of(name) for own in found.values() if own.drawn for name, n in own.told.items()]
    assert [rest for rest in rests if 0 < rest < 10] == []
    parts = [own for segment, own in found.items() if segment != "all"]
    for name, total in told["all"].items():
        of_parts = [own.told.get(name, own.drawn_of(name)) for own in parts]
        is_drawn = any(own.drawn_of(name) for own in parts if name not in own.told)
        assert not (is_drawn and 0 < total - sum(of_parts) < 10)
