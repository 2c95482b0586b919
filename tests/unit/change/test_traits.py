from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st

from journey_mining.change.clusters import cluster_rows
from journey_mining.change.personas import median_interval
from journey_mining.change.traits import Group, lowest_bound, trait_rows
from journey_mining.scoring.metric import Thresholds
from journey_mining.scoring.occupancy import Reader

READER = Reader(thresholds=Thresholds(small=10, thin=30), confidence=0.95)
COUNTS = st.tuples(st.integers(0, 200), st.integers(0, 200)).map(lambda n: (min(n), max(n)))


def test_what_is_common_rests_on_the_lowest_bound_not_on_a_share() -> None:
    groups = [Group(having=90, of=100), Group(having=92, of=100), Group(having=41, of=50)]
    assert lowest_bound(groups, READER.z) == pytest.approx(0.692, abs=1e-3)


def test_a_trait_far_more_frequent_in_one_segment_is_its_own() -> None:
    having = {("a", "channel", "chat"): 80, ("b", "channel", "chat"): 40, ("c", "channel", "chat"): 40}
    rows = trait_rows({"a": 100, "b": 100, "c": 100}, having, READER)
    assert [(row["segment"], row["is_specific"], row["is_common"]) for row in rows] == [
        ("a", True, False),
        ("b", False, False),
        ("c", False, False),
    ]


@drawn(st.lists(COUNTS, min_size=3, max_size=3))
def test_nobody_can_count_a_small_group(counts: list[tuple[int, int]]) -> None:
    sizes = {name: size for name, (_, size) in zip("abc", counts, strict=True)}
    having = {(name, "stage", "x"): few for name, (few, _) in zip("abc", counts, strict=True)}
    for row in trait_rows(sizes, having, READER):
        told = round(row["share"] * row["customer_count"])
        rest = row["customer_count"] - told
        assert told >= 10
        assert rest == 0 or rest >= 10
        if row.get("other_count"):
            others = round(row["other_share"] * row["other_count"])
            assert all(side == 0 or side >= 10 for side in (others, row["other_count"] - others))


@drawn(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=50))
def test_the_interval_of_a_median_holds_it(values: list[float]) -> None:
    low, high = median_interval(np.array(values), READER.z)
    assert low <= np.median(values) <= high


def customers(kinds: list[str], seed: int, *, noise: float = 0.04) -> np.ndarray:
    generator = np.random.Generator(np.random.PCG64(seed))
    picked = np.array([[char == "1" for char in kind] for kind in kinds])
    return picked[generator.integers(0, len(kinds), 600)] ^ (generator.random((600, len(kinds[0]))) < noise)


def test_planted_groups_are_found_and_noise_has_none() -> None:
    names = [f"f{i}:x" for i in range(8)]
    planted = cluster_rows(customers(["11110000", "00001111"], 1, noise=0.15), names, small=10)
    noise = np.random.Generator(np.random.PCG64(2)).random((600, 8)) < 0.5
    assert {row["status"] for row in planted} == {"stable"}
    assert len(planted) == 2
    assert [row["status"] for row in cluster_rows(noise, names, small=10)] == ["no_stable_clusters"]


def test_groups_that_are_one_field_are_no_discovery() -> None:
    bits = customers(["10", "01"], 3)
    clean = np.column_stack([bits[:, 0], ~bits[:, 0]])
    assert [row["status"] for row in cluster_rows(clean, ["f:a", "f:b"], small=10)] == ["one_field"]
