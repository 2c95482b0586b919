"""Flows between stages on the way of progress: who began where, went on, reached the goal, was lost, is under way.

In: `stage_path`, `stage_flow` and `trace_variant` rows. Out: `StageFlows`, where every stage is entered as often as it
is left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

from journey_mining.maps.heads import StageHead
from journey_mining.maps.numbers import Count, Limits, count_of
from journey_mining.maps.path_pictures import StageFlows, StageLink
from journey_mining.maps.suppression import forced_cells
from journey_mining.maps.tables import Row
from journey_mining.maps.ways import Way, Ways, all_ways, drawable_together
from journey_mining.vocabulary import JOURNEY_START


def ways_by_segment(
    paths: Iterable[Row],
    flows: Iterable[Row],
    segments: Sequence[str],
    small: int,
    hidden_sizes: Collection[str] = (),
    told: Mapping[str, Mapping[str, int]] | None = None,
    unwanted: Collection[tuple[str, tuple[tuple[str, ...], str]]] = (),
) -> dict[str, Ways]:
    """Drawable ways of every segment that has pages; rows of the others count as part of everybody only.

    `told` are numbers that other pages tell of a segment, by stage or ending; `unwanted` are segments with the
    stages and ending of a way that is not to be drawn.
    """
    ways: dict[str, list[Way]] = {segment: [] for segment in segments}
    customers: dict[str, dict[tuple[str, str], int]] = {segment: {} for segment in segments}
    for row in paths:
        if row["segment"] in ways:
            ways[row["segment"]].append(_way(row))
    for row in flows:
        if row["segment"] in customers:
            customers[row["segment"]][row["stage"], row["next_stage"]] = int(row["customer_count"])
    told = told or {}
    found = {s: all_ways(ways[s], customers[s], is_size_hidden=s in hidden_sizes, told=told.get(s)) for s in segments}
    for segment, (path, ending) in sorted(unwanted):
        found[segment] = found[segment].without(path, ending)
    return drawable_together(found, small)


def stage_flows(
    ways: Ways, stages: Sequence[StageHead], returns: Count, *, is_size_hidden: bool = False
) -> StageFlows | None:
    """The picture, or None where no way may be drawn."""
    if not ways.drawn:
        return None
    links = ways.drawn_links
    numbers = {stage.id: stage.number for stage in stages}
    entered: dict[str, int] = defaultdict(int)
    for (_, target), journeys in links.items():
        if target in numbers:
            entered[target] += journeys
    order = sorted(entered, key=lambda stage: numbers[stage])
    inner = [(stage, target) for stage, target in links if stage != JOURNEY_START]
    inner.sort(key=lambda link: (numbers[link[0]], numbers.get(link[1], len(numbers) + 1), link[1]))
    return StageFlows(
        entered=tuple((stage, entered[stage]) for stage in order),
        starts=tuple((s, links[JOURNEY_START, s]) for s in order if links[JOURNEY_START, s]),
        links=tuple(StageLink(stage=link[0], target=link[1], journeys=links[link]) for link in inner),
        drawn=ways.total - ways.left_out_journeys,
        journeys=None if is_size_hidden else ways.total,
        has_unstaged=ways.has_unstaged,
        returns=returns,
    )


def returns_by_segment(variants: Iterable[Row], stages: Sequence[StageHead], limits: Limits) -> dict[str, Count]:
    """Journeys that came back to an earlier stage at least once, by segment."""
    numbers = {stage.id: stage.number for stage in stages}
    journeys: dict[str, int] = defaultdict(int)
    customers: dict[str, int] = defaultdict(int)
    others: dict[str, int] = defaultdict(int)
    for row in variants:
        if not has_return(str(row["stages"]), numbers):
            others[row["segment"]] += int(row["customer_count"])
        else:
            journeys[row["segment"]] += int(row["journey_count"])
            customers[row["segment"]] += int(row["customer_count"])
    # whoever never came back is the total minus these
    hidden = forced_cells(((segment, "", count) for segment, count in customers.items()), limits.small)
    hidden |= forced_cells(((segment, "", count) for segment, count in others.items()), limits.small)
    return {
        s: count_of(journeys[s], limits, is_forced=(s, "") in hidden or 0 < others[s] < limits.small) for s in journeys
    }


def has_return(stages: str, numbers: Mapping[str, int]) -> bool:
    """Whether stages, joined by ">", come back to an earlier one."""
    order = [numbers.get(stage, 0) for stage in stages.split(">") if stage]
    return order != sorted(order)


def _way(row: Row) -> Way:
    return Way(
        stages=tuple(stage for stage in str(row["path"]).split(">") if stage),
        ending=row["ending"],
        journeys=int(row["journey_count"]),
        customers=int(row["customer_count"]),
    )
