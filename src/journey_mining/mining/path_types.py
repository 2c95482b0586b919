"""Types of paths: real journeys that stand for many others, where such types exist at all.

In: closed journeys whose start was seen, as stages with loops walked once. Out: the table `path_type`.

Distance is the edit distance over the length of the longer path. Average linkage gives k = 2..8 groups; the silhouette
of their medoids chooses k. The types are named only if samples of customers drawn again find the same groups (adjusted
Rand index of at least 0.8 on average); otherwise one row says that there are none. A medoid that fewer than k customers
walked is never shown: such groupings are not considered.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journey_mining.mining.event_log import Trace
from journey_mining.mining.loop_table import Journey, stage_journeys
from journey_mining.mining.loops import collapsed
from journey_mining.mining.schemas import schema
from journey_mining.vocabulary import ALL_SEGMENTS
from journey_mining.warehouse import Warehouse

MAX_JOURNEYS = 2000
MAX_DRAWN = 400
"""journeys of a drawn sample"""
TYPE_COUNTS = range(2, 9)
DRAWS = 20
MIN_AGREEMENT = 0.8
"""mean adjusted Rand index below which types are not stable"""
MIN_CUSTOMERS = 30
SEED = 20140401

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PATH_TYPE = schema(
    text="segment",
    int="type_no",
    text_2="medoid_path",
    int_2="journey_count customer_count",
    real="journey_share customer_share",
    int_3="sampled_count",
    bool="is_stable",
    real_2="silhouette agreement",
    text_3="reason",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Distinct paths with what they weigh, and the distances between them."""

    paths: tuple[Trace, ...]
    people: tuple[frozenset[str], ...]
    """customers of each path"""
    weights: Ints
    """journeys of each path"""
    distances: Floats
    """shape (paths, paths)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Medoids and how well they represent."""

    medoids: tuple[int, ...]
    labels: Ints
    """number of the nearest medoid of each path"""
    silhouette: float


def write_path_types(warehouse: Warehouse, *, small: int) -> dict[str, int]:
    """Write `path_type`; its row count."""
    journeys = stage_journeys(warehouse)
    segments = [ALL_SEGMENTS, *sorted({journey.segment for journey in journeys})]
    rows: list[dict[str, object]] = []
    for segment in segments:
        own = [j for j in journeys if segment in (ALL_SEGMENTS, j.segment)]
        rows += type_rows(segment, sampled(own), small=small)
    warehouse.write("path_type", pa.Table.from_pylist(rows, schema=PATH_TYPE))
    return {"path_type": len(rows)}


def sampled(journeys: Sequence[Journey], most: int = MAX_JOURNEYS) -> list[Journey]:
    """At most so many journeys, all of a customer or none; the same ones on every night and machine."""
    by_hash = sorted(journeys, key=lambda journey: (_hash(journey.person_id), journey.person_id))
    if len(by_hash) <= most:
        return by_hash
    last = by_hash[most].person_id
    return [journey for journey in by_hash[:most] if journey.person_id != last]


def type_rows(segment: str, journeys: Sequence[Journey], *, small: int) -> list[dict[str, object]]:
    """Rows of one segment: its types, or the one row that says why there are none."""
    paths = distinct_paths(journeys)
    everybody = len({journey.person_id for journey in journeys})
    if everybody < max(MIN_CUSTOMERS, small) or len(paths.paths) <= TYPE_COUNTS[0]:
        return [_none(segment, len(journeys), everybody, small=small, reason="too_few")]
    best = best_grouping(paths, small=small)
    if best is None:
        return [_none(segment, len(journeys), everybody, small=small, reason="small")]
    agreement = stability(paths, best)
    quality = {"silhouette": round(best.silhouette, 6), "agreement": round(agreement, 6)}
    if agreement < MIN_AGREEMENT:
        return [{**_none(segment, len(journeys), everybody, small=small, reason="unstable"), **quality}]
    whole = {"segment": segment, "sampled_count": len(journeys), "is_stable": True, "reason": "", **quality}
    groups = customers_of(paths, best)
    sizes = [int(paths.weights[best.labels == group].sum()) for group in range(len(groups))]
    order = sorted(range(len(groups)), key=lambda group: (-sizes[group], paths.paths[best.medoids[group]]))
    return [
        {
            **whole,
            "type_no": number,
            "medoid_path": ">".join(paths.paths[best.medoids[group]]),
            "journey_count": sizes[group],
            "customer_count": len(groups[group]),
            "journey_share": round(sizes[group] / len(journeys), 6),
            "customer_share": round(len(groups[group]) / everybody, 6),
        }
        for number, group in enumerate(order, start=1)
    ]


def distinct_paths(journeys: Sequence[Journey]) -> Paths:
    """Distinct paths in the order of their activities."""
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import cdist

    counts: Counter[Trace] = Counter()
    people: dict[Trace, set[str]] = {}
    for journey in journeys:
        path = collapsed(journey.trace)
        counts[path] += 1
        people.setdefault(path, set()).add(journey.person_id)
    paths = tuple(sorted(counts))
    # rapidfuzz compares letters faster and without hashing, which differs from process to process
    letters = {name: chr(number) for number, name in enumerate(sorted({a for path in paths for a in path}), start=256)}
    words = ["".join(letters[activity] for activity in path) for path in paths]
    found = cdist(words, words, scorer=Levenshtein.normalized_distance, dtype=np.float64) if words else np.zeros((0, 0))
    return Paths(
        paths=paths,
        people=tuple(frozenset(people[path]) for path in paths),
        weights=np.array([counts[path] for path in paths], dtype=np.int64),
        distances=np.asarray(found, dtype=np.float64),
    )


def medoid(distances: Floats, weights: Ints, members: Ints) -> int:
    """The member with the least sum of distances to all journeys of the group; the first among equals."""
    costs = distances[np.ix_(members, members)] @ weights[members]
    return int(members[int(np.argmin(np.round(costs, 9)))])


def best_grouping(paths: Paths, *, small: int, counts: Sequence[int] = TYPE_COUNTS) -> Grouping | None:
    """The grouping with the greatest silhouette among those that may be shown; fewer groups among equals.

    None where every grouping has a group, or a medoid, of fewer than `small` customers.
    """
    rows = np.repeat(np.arange(len(paths.paths)), paths.weights)
    found = [grouping for grouping in groupings(paths, rows, counts) if _may_be_shown(paths, grouping, small)]
    return max(found, key=lambda grouping: (round(grouping.silhouette, 9), -len(grouping.medoids)), default=None)


def groupings(paths: Paths, rows: Ints, counts: Sequence[int]) -> list[Grouping]:
    """Groups by average linkage over journeys (`rows`: the path of each), cut at each count, read at their medoids."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    distinct, weights = np.unique(rows, return_counts=True)
    all_weights = np.zeros(len(paths.paths), dtype=np.int64)
    all_weights[distinct] = weights
    tree = linkage(squareform(paths.distances[np.ix_(rows, rows)], checks=False), method="average")
    found = []
    for count in counts:
        of_row = fcluster(tree, count, criterion="maxclust")
        groups = [np.unique(rows[of_row == group]) for group in sorted(set(of_row.tolist()))]
        found.append(_read(paths, sorted({medoid(paths.distances, all_weights, group) for group in groups})))
    return found


def _read(paths: Paths, medoids: list[int]) -> Grouping:
    to_medoids = paths.distances[:, medoids]
    labels = np.argmin(np.round(to_medoids, 9), axis=1).astype(np.int64)
    return Grouping(medoids=tuple(medoids), labels=labels, silhouette=_silhouette(to_medoids, paths.weights))


def _may_be_shown(paths: Paths, grouping: Grouping, small: int) -> bool:
    walked = [len(paths.people[place]) for place in grouping.medoids]
    return len(walked) >= TYPE_COUNTS[0] and min(*walked, *map(len, customers_of(paths, grouping))) >= small


def customers_of(paths: Paths, grouping: Grouping) -> list[frozenset[str]]:
    """Customers of each group."""
    nothing: frozenset[str] = frozenset()
    return [
        nothing.union(*(paths.people[place] for place in np.flatnonzero(grouping.labels == group)))
        for group in range(len(grouping.medoids))
    ]


def stability(paths: Paths, best: Grouping) -> float:
    """Mean adjusted Rand index between the groups and those of samples of customers drawn with replacement."""
    draw = np.random.Generator(np.random.PCG64(SEED))
    owners = sorted(frozenset().union(*paths.people))
    rows_of: dict[str, list[int]] = {owner: [] for owner in owners}
    for place, people in enumerate(paths.people):
        for person in people:
            rows_of[person].append(place)
    agreements = []
    for _ in range(DRAWS):
        chosen = draw.integers(0, len(owners), min(len(owners), MAX_DRAWN))
        rows = np.array([row for owner in chosen for row in sorted(rows_of[owners[owner]])], dtype=np.int64)
        agreements.append(rand_index(best.labels, groupings(paths, rows, [len(best.medoids)])[0].labels, paths.weights))
    return float(np.mean(agreements))


def rand_index(one: Ints, other: Ints, weights: Ints) -> float:
    """Adjusted Rand index of two labellings of weighted items (Hubert, Arabie 1985); 1 where both are one group."""
    table = np.zeros((int(one.max()) + 1, int(other.max()) + 1))
    np.add.at(table, (one, other), weights)
    pairs = float((table * (table - 1)).sum()) / 2
    rows = float((table.sum(1) * (table.sum(1) - 1)).sum()) / 2
    columns = float((table.sum(0) * (table.sum(0) - 1)).sum()) / 2
    total = float(weights.sum())
    expected = rows * columns / (total * (total - 1) / 2)
    most = (rows + columns) / 2
    return 1.0 if most == expected else (pairs - expected) / (most - expected)


def _silhouette(to_medoids: Floats, weights: Ints) -> float:
    """Mean over journeys of 1 - (distance to the own medoid / distance to the next one)."""
    if to_medoids.shape[1] < TYPE_COUNTS[0]:
        return 0.0
    nearest = np.sort(to_medoids, axis=1)
    ratio = np.divide(nearest[:, 0], nearest[:, 1], out=np.zeros(len(nearest)), where=nearest[:, 1] > 0)
    return float(np.average(1 - ratio, weights=weights))


def _none(segment: str, journeys: int, customers: int, *, small: int, reason: str) -> dict[str, object]:
    shown = customers >= small
    return {
        "segment": segment,
        "type_no": 0,
        "medoid_path": "",
        "journey_count": journeys if shown else None,
        "customer_count": customers if shown else None,
        "sampled_count": journeys if shown else None,
        "is_stable": False,
        "reason": reason,
    }


def _hash(person_id: str) -> str:
    return hashlib.md5(person_id.encode(), usedforsecurity=False).hexdigest()
