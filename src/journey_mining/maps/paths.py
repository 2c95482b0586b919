"""The pictures of the paths page, segment by segment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from journey_mining.maps.heads import Name, SegmentHead
from journey_mining.maps.numbers import Count, Standing
from journey_mining.maps.path_pictures import Fitness, SegmentPaths, StageFlows, StepFlows
from journey_mining.maps.process_maps import process_map
from journey_mining.maps.segment_maps import Ground
from journey_mining.maps.stage_flows import stage_flows
from journey_mining.maps.step_flows import step_flows_together
from journey_mining.maps.suppression import forced_cells
from journey_mining.maps.tables import Row
from journey_mining.maps.told_paths import ToldPaths, told_paths
from journey_mining.vocabulary import ALL_SEGMENTS, OTHER

Cells = set[tuple[str, object]]


def segment_paths(ground: Ground, segments: Sequence[SegmentHead]) -> tuple[SegmentPaths, ...]:
    """The pictures of every segment that has pages."""
    tables, small = ground.tables, ground.limits.small
    edges = tables.grouped("directly_follows")
    hidden_edges = _forced(tables.rows["directly_follows"], ("activity", "next_activity"), small)
    names = activity_names(ground)
    told = told_paths(ground, segments)
    flows = _stage_flows(ground, told)
    steps = _step_flows(ground, segments, names)
    return tuple(
        SegmentPaths(
            segment=segment,
            stage_flows=flows[segment.id],
            step_flows=steps.get(segment.id),
            variants=told.variants[segment.id],
            process=process_map(edges.get(segment.id, []), names, _users(ground, segment.id), small, hidden_edges),
            fitness=_fitness(tables.of("process_model", segment.id), small),
        )
        for segment in segments
    )


def _step_flows(
    ground: Ground, segments: Sequence[SegmentHead], names: dict[str, tuple[Name, int]]
) -> dict[str, StepFlows | None]:
    """First steps of every segment; columns of steps add up to its size, so a hidden size leaves no picture."""
    grouped = ground.tables.grouped("step_flow")
    told = {head.id: grouped.get(head.id, []) for head in segments if not head.is_size_hidden}
    return step_flows_together(told, names, ground.limits.small)


def _stage_flows(ground: Ground, told: ToldPaths) -> dict[str, StageFlows | None]:
    """The Sankey of every segment."""
    nobody = Count(value=0, standing=Standing.NO_DATA)
    return {
        segment: stage_flows(
            found, ground.stages, told.returns.get(segment, nobody), is_size_hidden=segment in ground.sizes
        )
        for segment, found in told.ways.items()
    }


def activity_names(ground: Ground) -> dict[str, tuple[Name, int]]:
    """Name of every touchpoint, and the number of the stage where most customers use it (0 where unknown)."""
    numbers = {stage.id: stage.number for stage in ground.stages}
    best: dict[str, tuple[int, int]] = {}
    for row in ground.tables.of("touchpoint_use", ALL_SEGMENTS):
        stage = numbers.get(row["stage"], 0)
        if stage:
            best[row["touchpoint"]] = max(
                best.get(row["touchpoint"], (0, 0)), (int(row["customer_count"] or 0), -stage)
            )
    names = {
        touchpoint.id: (Name(ru=touchpoint.ru, en=touchpoint.en), -best.get(touchpoint.id, (0, 0))[1])
        for touchpoint in ground.project.stages.touchpoint
    }
    names.pop(OTHER, None)
    return names


def _users(ground: Ground, segment: str) -> dict[str, int]:
    """Customers by touchpoint: those of the stage that used it most, because a customer may use it in several."""
    users: dict[str, int] = defaultdict(int)
    for row in ground.tables.of("touchpoint_use", segment):
        if row["touchpoint"] and not ground.is_use_hidden(row):
            users[row["touchpoint"]] = max(users[row["touchpoint"]], int(row["customer_count"] or 0))
    return dict(users)


def _forced(rows: Iterable[Row], key: Sequence[str], small: int) -> Cells:
    cells = ((row["segment"], tuple(row[name] for name in key), int(row["customer_count"])) for row in rows)
    return set(forced_cells(cells, small))


def _fitness(rows: Sequence[Row], small: int) -> Fitness | None:
    if not rows:
        return None
    row = rows[0]
    held_out = int(row["held_out_count"] or 0)
    if held_out < small:
        return Fitness(fitness=None, precision=None, held_out=0, reason="too_few")
    return Fitness(fitness=row["fitness"], precision=row["precision"], held_out=held_out, reason=row["reason"] or "")
