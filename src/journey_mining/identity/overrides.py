"""Overrides of the project as ties of identifiers: hashed at once, looked up, and told of where nobody has them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from journey_mining.identity.evidence import Node, numbers_of
from journey_mining.identity.kinds import record_kinds
from journey_mining.privacy import load_key, normalise_identifier, pseudonym
from journey_mining.project import Project
from journey_mining.project.overrides import OVERRIDES_FILE, Override
from journey_mining.report import Problem
from journey_mining.warehouse import Warehouse

OVERRIDE_SOURCE = ""
"""`star_edge.source` of what no source said"""
_HASHED = "#"


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What came of the overrides."""

    splits: tuple[tuple[int, int], ...] = ()
    """pairs of `identifier_node.node_no` that are never one person"""
    problems: tuple[Problem, ...] = ()


def apply_overrides(warehouse: Warehouse, project: Project) -> Applied:
    """Add an edge for each merge to `star_edge`; the splits, and notices of what could not be applied.

    Reads `identifier_node` and `star_edge` of the run; plain values stay in memory.
    """
    overrides = project.overrides
    if not overrides:
        return Applied()
    key, kinds = load_key(project), record_kinds(warehouse)
    everything = (*overrides.merge, *overrides.split)
    ends = {
        override.place: tuple(_published(end, key, kinds) for end in (override.a, override.b))
        for override in everything
    }
    found = numbers_of(warehouse, {node for pair in ends.values() for node in pair if node is not None})
    numbers: dict[str, tuple[int, int]] = {}
    problems = [_open_file()] if overrides.is_open_to_others else []
    for override in everything:
        known = [found[node] for node in ends[override.place] if node in found]
        if len(known) < len(ends[override.place]):
            problems.append(_unknown(override, len(known)))
        elif any(reason for _, reason in known) and override in overrides.merge:
            problems.append(_nobody(override, next(reason for _, reason in known if reason)))
        elif known[0][0] != known[1][0]:
            numbers[override.place] = known[0][0], known[1][0]
    _add_edges(warehouse, [numbers[merge.place] for merge in overrides.merge if merge.place in numbers])
    splits = tuple(numbers[split.place] for split in overrides.split if split.place in numbers)
    return Applied(splits=splits, problems=tuple(problems))


def _published(identifier: tuple[str, str], key: bytes, kinds: frozenset[str]) -> Node | None:
    kind, plain = identifier
    if plain.startswith(_HASHED):
        return kind, plain.removeprefix(_HASHED)
    value = normalise_identifier(kind, plain)
    return None if value is None else (kind, pseudonym(kind, value, key, kinds))


def _add_edges(warehouse: Warehouse, pairs: Iterable[tuple[int, int]]) -> None:
    """Edges that count as seen as long as the later of their ends."""
    distinct = sorted({(max(pair), min(pair)) for pair in pairs})
    if not distinct:
        return
    nodes = warehouse.read_arrow("identifier_node", columns=["node_no", "first_seen_at", "last_seen_at"]).to_pylist()
    wanted = {node for pair in distinct for node in pair}
    seen = {row["node_no"]: row for row in nodes if row["node_no"] in wanted}
    count = pa.array([0] * len(distinct), pa.int64())
    one = pa.array([1] * len(distinct), pa.int64())
    columns = {
        "node_no": pa.array([far for far, _ in distinct], pa.int64()),
        "anchor_no": pa.array([near for _, near in distinct], pa.int64()),
        "source": pa.array([OVERRIDE_SOURCE] * len(distinct), pa.string()),
        "event_count": count,
        "clear_count": one,
        "counted_count": one,
        "merge_count": one,
    }
    for name in ("first_seen_at", "last_seen_at"):
        times = [max(seen[far][name], seen[near][name]) for far, near in distinct]
        columns[name] = pa.array(times, pa.timestamp("us"))
    warehouse.append("star_edge", pa.table(columns))


def _unknown(override: Override, known: int) -> Problem:
    return _problem(
        "OVERRIDE_UNKNOWN",
        f"{override.place} was not applied: {2 - known} of its two identifiers stand on no event. Expected: "
        "identifiers that some export holds. To do: check the spelling and the kind with `journey identity explain`.",
    )


def _nobody(override: Override, reason: str) -> Problem:
    return _problem(
        "OVERRIDE_BLOCKED",
        f"{override.place} was not applied: one of its identifiers is blocked ({reason}) and stands for no one person. "
        "Expected: identifiers of one person. To do: name another identifier of the same person.",
    )


def _open_file() -> Problem:
    return _problem(
        "OVERRIDES_OPEN",
        f"{OVERRIDES_FILE} can be read by other users of this machine. Expected: a file for its owner only, for it may "
        f"hold personal data. To do: chmod 600 {OVERRIDES_FILE}.",
    )


def _problem(code: str, text: str) -> Problem:
    return Problem(code=code, where=OVERRIDES_FILE, text=text, is_notice=True)
