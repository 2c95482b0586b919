"""The process map: which touchpoint follows which, closed journeys only.

In: `directly_follows` rows of one segment. Out: `ProcessMap`. Numbers in nodes never depend on the slider; an edge only
says from which slider position it is drawn.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from journey_mining.maps.heads import Name
from journey_mining.maps.path_pictures import ProcessEdge, ProcessMap, ProcessNode
from journey_mining.maps.tables import Row
from journey_mining.vocabulary import JOURNEY_END, JOURNEY_START, OTHER

LEVELS = (0.50, 0.70, 0.85, 0.95, 1.0)
"""share of moves drawn at each slider position"""
PER_STAGE = 5


def process_map(
    rows: Sequence[Row],
    names: Mapping[str, tuple[Name, int]],
    customers: Mapping[str, int],
    small: int,
    hidden: set[tuple[str, object]],
) -> ProcessMap | None:
    """The picture, or None where fewer than two touchpoints may be shown.

    Args:
        rows: rows of one segment.
        names: name and stage number of every activity.
        customers: customers of the segment by touchpoint, hidden ones absent.
        small: edges of fewer customers are left out.
        hidden: (segment, (activity, next activity)) that must be hidden as complements.
    """
    inner = {a: names[a] for a in customers if a in names and names[a][1] and a != OTHER and customers[a] >= small}
    nodes = [node for stage in sorted({n for _, n in inner.values()}) for node in _of_stage(inner, customers, stage)]
    kept = {node[0] for node in nodes}
    moves = [row for row in rows if row["activity"] in kept and row["next_activity"] in kept]
    moves = [
        row
        for row in moves
        if row["customer_count"] >= small
        and row["activity"] != row["next_activity"]
        and (row["segment"], (row["activity"], row["next_activity"])) not in hidden
    ]
    if len(nodes) < 2 or not moves:  # noqa: PLR2004 - a map of one place is no map
        return None
    ends = _end_shares(rows, small)
    return ProcessMap(
        nodes=tuple(
            ProcessNode(
                activity=activity,
                name=inner[activity][0],
                stage_number=inner[activity][1],
                customers=customers[activity],
                end_share=ends.get(activity),
            )
            for activity, _ in nodes
        ),
        edges=tuple(_edges(moves)),
    )


def _of_stage(inner: Mapping[str, tuple[Name, int]], customers: Mapping[str, int], stage: int) -> list[tuple[str, int]]:
    found = [(activity, customers[activity]) for activity, (_, number) in inner.items() if number == stage]
    top = sorted(found, key=lambda item: (-item[1], item[0]))[:PER_STAGE]
    return sorted(top)  # by id, so that places do not jump from run to run


def _edges(moves: Sequence[Row]) -> list[ProcessEdge]:
    """Edges by weight; the strongest way into every node is drawn at every level."""
    ranked = sorted(moves, key=lambda row: (-row["customer_count"], row["activity"], row["next_activity"]))
    total = sum(int(row["customer_count"]) for row in ranked)
    entered: set[str] = set()
    drawn = 0
    edges: list[ProcessEdge] = []
    for row in ranked:
        level = 1 if row["next_activity"] not in entered else _level(drawn / total)
        entered.add(row["next_activity"])
        drawn += int(row["customer_count"])
        edges.append(
            ProcessEdge(
                source=row["activity"],
                target=row["next_activity"],
                customers=int(row["customer_count"]),
                level=level,
            )
        )
    return edges


def _level(share_before: float) -> int:
    return next(level for level, share in enumerate(LEVELS, start=1) if share_before < share)


def _end_shares(rows: Sequence[Row], small: int) -> dict[str, float]:
    """Share of moves out of a touchpoint that are ends without the goal; absent where either side is small."""
    out: dict[str, int] = defaultdict(int)
    ends: dict[str, int] = defaultdict(int)
    for row in rows:
        if row["activity"] == JOURNEY_START:
            continue
        out[row["activity"]] += int(row["transition_count"])
        if row["next_activity"].startswith(JOURNEY_END) and not row["next_activity"].endswith(":won"):
            ends[row["activity"]] += int(row["transition_count"])
    return {a: ends[a] / out[a] for a in ends if ends[a] >= small and out[a] - ends[a] >= small}
