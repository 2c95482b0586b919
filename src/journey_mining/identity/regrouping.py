"""Groups that may be more than one person, taken out of SQL, weighed tie by tie, and put back.

Reads `identity_group` and what SQL says of the groups in question; writes `regrouped_node`, and through it a new
`identity_group`, besides rows of `blocked_node`, `cut_tie` and `review_node`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from journey_mining.identity.clusters import Limits, Tie, cut_apart, joined_carefully, neighbours
from journey_mining.warehouse import Warehouse, model_named

REGROUPING_TABLES = (
    *("questioned_group", "questioned_member", "questioned_tie", "open_tie", "conflict_group", "suspect_group"),
    *("hub_reach", "record_group"),
    *("regrouped_node", "regrouped", "naming_record", "cut_tie", "review_node"),
)
_ADDRESSES = frozenset({"email", "phone"})
_DECIDED, _TOLD = -1, 0
"""trust of a tie that the project, or a source, states outright"""
_NUMBER, _TEXT = pa.int64(), pa.string()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cluster:
    """A group in question."""

    kinds: dict[int, str]
    """kind of each member"""
    records: dict[int, tuple[str, int]]
    """(kind, record) of members that name a person"""
    ties: list[Tie]


def start_regrouping(warehouse: Warehouse) -> None:
    """Empty tables of cuts and reviews, so that the models that read them always find them."""
    _write(warehouse, "cut_tie", {"low_no": _NUMBER, "high_no": _NUMBER, "reason": _TEXT}, [])
    _write(warehouse, "review_node", {"node_no": _NUMBER, "reason": _TEXT}, [])


def settle_conflicts(warehouse: Warehouse) -> None:
    """Take apart groups that hold two different records of one kind, such as two contacts of the CRM.

    What stands directly with several of them is shared and joins nobody. The rest is joined from the strongest tie to
    the weakest, wherever that brings no two records together.
    """
    if not warehouse.build(model_named("conflict_group")):
        return
    warehouse.build(model_named("open_tie"))
    warehouse.rename("conflict_group", "questioned_group")
    new: dict[int, int] = {}
    blocked: list[tuple[int, str]] = []
    for cluster in _clusters(warehouse):
        shared = _shared_by_records(cluster)
        usable = [tie for tie in cluster.ties if tie.trust <= _TOLD or not shared & {*tie.ends}]
        new |= joined_carefully(cluster.kinds, usable, names=cluster.records)
        blocked += [
            (node, "shared_email" if cluster.kinds[node] == "email" else "shared_record") for node in sorted(shared)
        ]
    warehouse.append("blocked_node", _table({"node_no": _NUMBER, "reason": _TEXT}, blocked))
    _regroup(warehouse, new)


def split_people(warehouse: Warehouse, splits: Sequence[tuple[int, int]]) -> None:
    """Keep pairs of identifiers apart that the project says are two people, cutting the weakest ties between them."""
    groups = _groups_of(warehouse, {node for pair in splits for node in pair})
    together = [pair for pair in splits if groups[pair[0]] == groups[pair[1]]]
    if not together:
        return
    asked = sorted({groups[a] for a, _ in together})
    _write(warehouse, "questioned_group", {"group_no": _NUMBER}, [(group,) for group in asked])
    warehouse.build(model_named("open_tie"))
    new: dict[int, int] = {}
    cut: list[tuple[int, int, str]] = []
    for cluster in _clusters(warehouse):
        inside = [pair for pair in together if pair[0] in cluster.kinds]
        joined = joined_carefully(cluster.kinds, cluster.ties, names=cluster.records, split=inside)
        cut += [(*tie.ends, "override") for tie in cluster.ties if joined[tie.low_no] != joined[tie.high_no]]
        new |= joined
    _add_cuts(warehouse, cut)
    _regroup(warehouse, new)


def part_suspects(warehouse: Warehouse, limits: Limits) -> None:
    """Cut suspicious groups at their weakest bridges; what was cut, and what stays suspicious, is put up for review."""
    warehouse.build(model_named("open_tie"))
    warehouse.build(model_named("hub_reach"))
    if not warehouse.build(model_named("suspect_group")):
        return
    warehouse.rename("suspect_group", "questioned_group")
    new: dict[int, int] = {}
    cuts: list[tuple[int, int, str]] = []
    review: list[tuple[int, str]] = []
    for cluster in _clusters(warehouse):
        addresses = {node: kind for node, kind in cluster.kinds.items() if kind in _ADDRESSES}
        graph = neighbours(cluster.kinds, cluster.ties)
        # where somebody has looked and joined, nothing is cut in its place
        is_decided = any(tie.trust == _DECIDED for tie in cluster.ties)
        weak = [tie for tie in cluster.ties if tie.trust > _TOLD and not is_decided]
        cut, found = cut_apart(graph, weak, addresses, limits)
        cuts += [(*tie.ends, "weak_bridge") for tie in cut]
        for piece in found:
            first = min(piece.members)
            new |= dict.fromkeys(piece.members, first)
            reasons = (*piece.reasons(graph, limits), *(("parted",) if cut else ()))
            review += [(first, reason) for reason in reasons]
    _add_cuts(warehouse, cuts)
    warehouse.append("review_node", _table({"node_no": _NUMBER, "reason": _TEXT}, sorted(review)))
    _regroup(warehouse, new)


def _shared_by_records(cluster: _Cluster) -> set[int]:
    """Members that name nobody and stand directly with two records of one kind."""
    beside: dict[int, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    told = set()
    for tie in cluster.ties:
        if tie.trust <= _TOLD:
            told |= {*tie.ends}
        for here, there in (tie.ends, tie.ends[::-1]):
            if there in cluster.records and here not in cluster.records:
                kind, record = cluster.records[there]
                beside[here][kind].add(record)
    return {
        node for node, kinds in beside.items() if node not in told and max(len(found) for found in kinds.values()) > 1
    }


def _clusters(warehouse: Warehouse) -> Iterator[_Cluster]:
    """The groups in question, by their number."""
    warehouse.build_all(model_named(name) for name in ("questioned_member", "questioned_tie"))
    members, ties = defaultdict(list), defaultdict(list)
    for row in warehouse.read_arrow("questioned_member", order_by=["group_no", "node_no"]).to_pylist():
        members[row["group_no"]].append(row)
    for row in warehouse.read_arrow("questioned_tie", order_by=["group_no", "low_no", "high_no"]).to_pylist():
        group = row.pop("group_no")
        ties[group].append(Tie(**{**row, "event_count": int(row["event_count"])}))
    for group, rows in members.items():
        yield _Cluster(
            kinds={row["node_no"]: row["kind"] for row in rows},
            records={row["node_no"]: (row["kind"], row["record_no"]) for row in rows if row["record_no"] is not None},
            ties=ties[group],
        )


def _groups_of(warehouse: Warehouse, nodes: set[int]) -> dict[int, int]:
    if not nodes:
        return {}
    rows = warehouse.read_arrow("identity_group", columns=["node_no", "group_no"]).to_pylist()
    return {row["node_no"]: row["group_no"] for row in rows if row["node_no"] in nodes}


def _regroup(warehouse: Warehouse, new: Mapping[int, int]) -> None:
    _write(warehouse, "regrouped_node", {"node_no": _NUMBER, "group_no": _NUMBER}, sorted(new.items()))
    warehouse.build(model_named("regrouped"))
    warehouse.rename("regrouped", "identity_group")


def _add_cuts(warehouse: Warehouse, cuts: Iterable[tuple[int, int, str]]) -> None:
    columns = {"low_no": _NUMBER, "high_no": _NUMBER, "reason": _TEXT}
    warehouse.append("cut_tie", _table(columns, sorted(cuts)))


def _write(
    warehouse: Warehouse, table: str, columns: Mapping[str, pa.DataType], rows: Sequence[Sequence[object]]
) -> None:
    warehouse.write(table, _table(columns, rows))


def _table(columns: Mapping[str, pa.DataType], rows: Sequence[Sequence[object]]) -> pa.Table:
    return pa.table({name: pa.array([row[i] for row in rows], kind) for i, (name, kind) in enumerate(columns.items())})
