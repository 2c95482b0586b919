"""Whether customers walk other ways now than a while ago, and which flows tell it.

In: `early_stage`, the first 28 days of journeys. Out: the tables `path_drift` and `path_drift_flow`. The last four
weeks of starts that were followed that long stand against the twelve before. Chance is judged by dealing customers anew
into the two periods: journeys of one customer stay together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journey_mining.change.path_distance import FloatArray, divergence_terms, mover_distance, path_distances
from journey_mining.mining.loops import collapsed
from journey_mining.scoring.differences import false_discovery
from journey_mining.scoring.metric import Thresholds
from journey_mining.vocabulary import ALL_SEGMENTS, OTHER
from journey_mining.warehouse import Warehouse

RECENT_WEEKS = 4
WEEKS = 16
FOLLOWED_DAYS = 28
MOST_PATHS = 100
"""paths told apart; the rarer ones are one"""
DEALS = 199
"""most permutations of a night; the smallest p is 1/200"""
ENOUGH = 20
FLOWS = 5
_ROUNDING = 1e-12
SEED = 20230518

_TEXT, _INT, _FLOAT = pa.string(), pa.int64(), pa.float64()
PATH_DRIFT = pa.schema(
    [
        ("segment", _TEXT),
        ("status", _TEXT),
        ("distance", _FLOAT),
        ("expected_distance", _FLOAT),
        ("divergence", _FLOAT),
        ("p_value", _FLOAT),
        ("q_value", _FLOAT),
        ("customers_before", _INT),
        ("customers_after", _INT),
        ("journeys_before", _INT),
        ("journeys_after", _INT),
        ("path_count", _INT),
        ("recent_weeks", _INT),
        ("earlier_weeks", _INT),
        ("followed_days", _INT),
        ("permutations", _INT),
    ]
)
PATH_DRIFT_FLOW = pa.schema(
    [
        ("segment", _TEXT),
        ("flow_no", _INT),
        ("stage", _TEXT),
        ("next_stage", _TEXT),
        ("share_before", _FLOAT),
        ("share_after", _FLOAT),
        ("contribution", _FLOAT),
        ("customers_before", _INT),
        ("customers_after", _INT),
    ]
)

Steps = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """The first 28 days of a journey."""

    person: str
    segment: str
    is_recent: bool
    steps: Steps
    """stage and what came next, in order"""

    @property
    def path(self) -> tuple[str, ...]:
        """Stages with loops walked once, and how it stood in the end."""
        return (*collapsed(tuple(stage for stage, _ in self.steps)), self.steps[-1][1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixtures:
    """Walks of a segment as numbers, ready to be dealt."""

    path: NDArray[np.int64]
    """number of the path of each walk"""
    owner: NDArray[np.int64]
    """number of the customer of each walk"""
    is_recent: NDArray[np.bool_]
    """period of each customer: that of the first walk"""
    distances: FloatArray

    def distance(self, is_recent: NDArray[np.bool_]) -> float:
        """Distance of the two mixtures when customers fall into periods like this."""
        late = is_recent[self.owner]
        size = len(self.distances)
        before, after = (np.bincount(self.path[side], minlength=size).astype(float) for side in (~late, late))
        return mover_distance(before / before.sum(), after / after.sum(), self.distances)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """A distance and how often chance brings one as large."""

    distance: float
    expected: float
    """mean distance when nothing changed: small samples are never alike"""
    p_value: float
    deals: int
    """permutations made"""


def read_walks(warehouse: Warehouse) -> list[Walk]:
    """All walks in the order of their journeys, each journey's steps in order."""
    frame = warehouse.read("early_stage", order_by=("journey_id", "episode_no"))
    names = ["journey_id", "person_id", "segment", "weeks_ago", "stage", "next_stage"]
    walks: list[Walk] = []
    for (_, person, segment, weeks), rows in groupby(
        frame[names].itertuples(index=False, name=None), key=lambda row: row[:4]
    ):
        steps = tuple((str(row[4]), str(row[5])) for row in rows)
        walks.append(Walk(person=str(person), segment=str(segment), is_recent=weeks < RECENT_WEEKS, steps=steps))
    return walks


def mixtures(walks: Sequence[Walk]) -> Mixtures:
    """The walks as numbers; the rarest paths are one, as far from everything else as can be."""
    common = [path for path, _ in sorted(Counter(w.path for w in walks).items(), key=lambda i: (-i[1], i[0]))]
    numbers = {path: min(place, MOST_PATHS) for place, path in enumerate(common)}
    named = common[:MOST_PATHS] + ([(OTHER,)] if len(common) > MOST_PATHS else [])
    people = {person: place for place, person in enumerate(sorted({walk.person for walk in walks}))}
    is_recent = np.ones(len(people), dtype=np.bool_)
    for walk in walks:
        is_recent[people[walk.person]] &= walk.is_recent
    return Mixtures(
        path=np.array([numbers[walk.path] for walk in walks], dtype=np.int64),
        owner=np.array([people[walk.person] for walk in walks], dtype=np.int64),
        is_recent=is_recent,
        distances=path_distances(named),
    )


def chance(found: Mixtures, *, deals: int, seed: int = SEED) -> Chance:
    """Judge the distance by dealing customers anew, at most `deals` times.

    Once `ENOUGH` deals were as far apart, nothing can be found any more and p is their share (Besag, Clifford 1991).
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    distance = found.distance(found.is_recent)
    dealt: list[float] = []
    as_far = 0
    while len(dealt) < deals and as_far < ENOUGH:
        dealt.append(found.distance(generator.permutation(found.is_recent)))
        as_far += dealt[-1] >= distance - _ROUNDING
    p_value = as_far / len(dealt) if as_far >= ENOUGH else permutation_p(as_far, deals)
    return Chance(distance=distance, expected=float(np.mean(dealt)), p_value=p_value, deals=len(dealt))


def permutation_p(as_far: int, deals: int) -> float:
    """Probability of a result this far from a full set of permutations; what was seen counts as one of them.

    >>> permutation_p(0, 999)
    0.001
    """
    return (1 + as_far) / (1 + deals)


def drift_row(segment: str, walks: Sequence[Walk], cells: Thresholds, *, deals: int) -> dict[str, object]:
    """The row of `path_drift` of one segment, without q; only a status where either period is thin."""
    sides = [[walk for walk in walks if walk.is_recent == side] for side in (False, True)]
    people = [len({walk.person for walk in side}) for side in sides]
    row: dict[str, object] = {
        "segment": segment,
        "status": "compared",
        "recent_weeks": RECENT_WEEKS,
        "earlier_weeks": WEEKS - RECENT_WEEKS,
        "followed_days": FOLLOWED_DAYS,
    }
    if min(people) < cells.thin:
        return row | {"status": "too_few"}
    found = mixtures(walks)
    judged = chance(found, deals=deals)
    flows = flow_rows(segment, sides[0], sides[1], small=0, least=0)
    return row | {
        "distance": round(judged.distance, 6),
        "expected_distance": round(judged.expected, 6),
        "divergence": round(sum(float(str(flow["contribution"])) for flow in flows), 6),
        "p_value": round(judged.p_value, 6),
        "customers_before": people[0],
        "customers_after": people[1],
        "journeys_before": len(sides[0]),
        "journeys_after": len(sides[1]),
        "path_count": len(found.distances),
        "permutations": judged.deals,
    }


def flow_rows(
    segment: str, before: Sequence[Walk], after: Sequence[Walk], *, small: int, least: int
) -> list[dict[str, object]]:
    """Flows out of stages with what each adds to the divergence of its stage, weighted by the stage's part of exits.

    Flows of fewer than `small` customers, and stages left fewer than `least` times in either period, are not told.
    """
    sides = (before, after)
    counts = [Counter(step for walk in side for step in walk.steps) for side in sides]
    people = [{step: {w.person for w in side if step in w.steps} for step in counts[i]} for i, side in enumerate(sides)]
    total = sum(sum(count.values()) for count in counts)
    rows: list[dict[str, object]] = []
    for stage in sorted({step[0] for count in counts for step in count}):
        goals = sorted({step[1] for count in counts for step in count if step[0] == stage})
        exits = [np.array([count[(stage, goal)] for goal in goals], dtype=np.float64) for count in counts]
        if min(part.sum() for part in exits) < max(1, least):
            continue
        shares = [part / part.sum() for part in exits]
        terms = divergence_terms(shares[0], shares[1]) * sum(part.sum() for part in exits) / total
        for place, goal in enumerate(goals):
            found = [len(side.get((stage, goal), ())) for side in people]
            rest = [int(part.sum() - part[place]) for part in exits]
            if min(found) >= small and all(not 0 < left < small for left in rest):
                rows.append(
                    {
                        "segment": segment,
                        "stage": stage,
                        "next_stage": goal,
                        "share_before": round(float(shares[0][place]), 4),
                        "share_after": round(float(shares[1][place]), 4),
                        "contribution": round(float(terms[place]), 8),
                        "customers_before": found[0],
                        "customers_after": found[1],
                    }
                )
    rows.sort(key=lambda row: (-float(str(row["contribution"])), str(row["stage"]), str(row["next_stage"])))
    return rows


def drift_tables(warehouse: Warehouse, cells: Thresholds, *, deals: int = DEALS) -> dict[str, pa.Table]:
    """`path_drift` and `path_drift_flow` from `early_stage`."""
    walks = read_walks(warehouse)
    rows: list[dict[str, object]] = []
    flows: list[dict[str, object]] = []
    for segment, own in _by_segment(walks):
        row = drift_row(segment, own, cells, deals=deals)
        rows.append(row)
        if row["status"] == "compared":
            sides = [[walk for walk in own if walk.is_recent == side] for side in (False, True)]
            listed = flow_rows(segment, sides[0], sides[1], small=cells.small, least=cells.thin)[:FLOWS]
            flows += [flow | {"flow_no": place} for place, flow in enumerate(listed, start=1)]
    chances = [float(str(row["p_value"])) if "p_value" in row else None for row in rows]
    for row, q_value in zip(rows, false_discovery(chances), strict=True):
        row["q_value"] = None if q_value is None else round(q_value, 6)
    return {
        "path_drift": pa.Table.from_pylist(rows, schema=PATH_DRIFT),
        "path_drift_flow": pa.Table.from_pylist(flows, schema=PATH_DRIFT_FLOW),
    }


def _by_segment(walks: Sequence[Walk]) -> Iterator[tuple[str, list[Walk]]]:
    yield ALL_SEGMENTS, list(walks)
    for segment in sorted({walk.segment for walk in walks}):
        yield segment, [walk for walk in walks if walk.segment == segment]
