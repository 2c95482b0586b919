from __future__ import annotations

import numpy as np
import pytest

from journey_mining.mining.loop_table import Journey, loop_rows
from journey_mining.mining.path_types import distinct_paths, medoid, rand_index, sampled, type_rows


def journeys(*counted: tuple[str, int]) -> list[Journey]:
    traces = [trace for trace, count in counted for _ in range(count)]
    return [Journey(person_id=f"p{n}", segment="smb", trace=tuple(trace)) for n, trace in enumerate(traces)]


def test_the_medoid_is_the_real_path_nearest_to_all() -> None:
    paths = distinct_paths(journeys(("abc", 3), ("ac", 1), ("abd", 1)))
    assert paths.paths == (("a", "b", "c"), ("a", "b", "d"), ("a", "c"))
    assert paths.distances[0].tolist() == pytest.approx([0, 1 / 3, 1 / 3])
    assert paths.distances[1, 2] == pytest.approx(2 / 3)
    best = medoid(paths.distances, paths.weights, np.arange(3))
    assert paths.paths[best] == ("a", "b", "c")
    assert paths.distances[best] @ paths.weights == pytest.approx(2 / 3)


def test_clear_types_are_found_and_named_by_real_paths() -> None:
    log = journeys(("abcdef", 60), ("abcde", 8), ("abdef", 7), ("xyz", 50), ("xy", 6), ("yz", 6))
    rows = type_rows("smb", log, small=10)
    assert [(r["medoid_path"], r["journey_count"], r["is_stable"]) for r in rows] == [
        ("a>b>c>d>e>f", 75, True),
        ("x>y>z", 62, True),
    ]


def test_random_paths_have_no_types() -> None:
    draw = np.random.Generator(np.random.PCG64(1))
    log = journeys(*[("".join(draw.choice(list("abcdef"), 5)), 1) for _ in range(300)])
    rows = type_rows("smb", log, small=10)
    assert [(r["type_no"], r["is_stable"], r["medoid_path"]) for r in rows] == [(0, False, "")]


def test_few_customers_get_no_types_and_no_counts_below_k() -> None:
    row = type_rows("smb", journeys(("ab", 5), ("ac", 4)), small=10)[0]
    assert (row["reason"], row["customer_count"]) == ("too_few", None)


def test_the_same_journeys_give_the_same_types() -> None:
    log = journeys(("abcdef", 60), ("abcde", 15), ("xyz", 50))
    assert type_rows("smb", log, small=10) == type_rows("smb", log[::-1], small=10)


def test_a_sample_holds_all_of_a_customer_or_nothing() -> None:
    log = [Journey(person_id=f"p{n // 2}", segment="smb", trace=("a",)) for n in range(100)]
    people = [journey.person_id for journey in sampled(log, 31)]
    assert len(people) == 30
    assert all(people.count(person) == 2 for person in people)


def test_agreement_is_the_adjusted_rand_index() -> None:
    one, other = np.array([0, 0, 1, 1, 2]), np.array([1, 1, 0, 0, 2])
    weights = np.ones(5, dtype=np.int64)
    assert rand_index(one, other, weights) == 1.0
    # by hand: pairs 2, rows 4, columns 4, of 15 pairs
    assert rand_index(np.array([0, 0, 0, 1, 1, 1]), np.array([0, 0, 1, 1, 2, 2]), np.ones(6, dtype=np.int64)) == (
        pytest.approx((2 - 6 * 3 / 15) / (4.5 - 6 * 3 / 15))
    )


def test_loops_are_counted_by_customers_and_small_ones_left_out() -> None:
    log = journeys(("ababc", 12), ("abababc", 4), ("cdcd", 3), ("abc", 5))
    rows = list(loop_rows(log, level="stage", small=10))
    assert [(r["segment"], r["loop"], r["customer_count"], r["mean_times"]) for r in rows] == [
        ("all", "a>b", 16, 2.25),
        ("smb", "a>b", 16, 2.25),
    ]
    assert rows[0]["customer_share"] == pytest.approx(16 / 24, abs=1e-6)
