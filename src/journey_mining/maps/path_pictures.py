"""The values of a paths page: flows, variants, the process map."""

from __future__ import annotations

from dataclasses import dataclass

from journey_mining.maps.heads import Name, SegmentHead
from journey_mining.maps.numbers import Count


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLink:
    """Journeys that went from a stage to the next one further on, or ended there."""

    stage: str
    target: str
    """a stage id or an ending"""
    journeys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFlows:
    """Flows on the way of progress; starts and links into a stage add up to those out of it."""

    entered: tuple[tuple[str, int], ...]
    """drawn journeys by stage id in order; stages without any are absent"""
    starts: tuple[tuple[str, int], ...]
    """drawn journeys that began in the stage"""
    links: tuple[StageLink, ...]
    drawn: int
    """journeys in the picture"""
    journeys: int | None
    """journeys of the segment; the others went ways too rare to draw, or entered no stage at all; None where hidden"""
    has_unstaged: bool
    """whether some journeys entered no stage at all"""
    returns: Count
    """journeys that came back to an earlier stage at least once, drawn or not"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepNode:
    """An activity at a step; `activity` is "other" for all that are not named."""

    activity: str
    name: Name
    stage_number: int
    """stage in which most customers use it; 0 where unknown"""
    journeys: int
    lost: int
    won: int
    still_open: int
    rest: int
    """journeys that went on or ended in ways not drawn"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLink:
    """Journeys from a node of one step to a node of the next; places in the columns."""

    step: int
    source: str
    target: str
    journeys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFlows:
    """The first steps of all journeys; a column adds up to the journeys that reached the step, where those are told."""

    columns: tuple[tuple[StepNode, ...], ...]
    totals: tuple[int | None, ...]
    """journeys that reached each step; None where few ended before it: then its others are in no node either"""
    links: tuple[StepLink, ...]
    flow_count: int
    """distinct flows in the data"""
    named_share: float
    """share of moves drawn between named activities"""
    is_shortened: bool
    """whether later steps are left out, because too little of them could be drawn by name"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A sequence of stages that customers share."""

    stages: tuple[str, ...]
    ending: str
    journeys: int
    customers: int
    share: float | None
    """share of all journeys; None where their number must stay hidden"""
    cumulative: float | None
    median_days: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """The most frequent variants; the remainder keeps the total whole."""

    rows: tuple[Variant, ...]
    variant_count: int
    rest_variants: int
    rest_journeys: int | None
    """None where the number of all journeys must stay hidden"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessNode:
    """A touchpoint of the process map."""

    activity: str
    name: Name
    stage_number: int
    customers: int
    end_share: float | None
    """share of the journeys through it that ended there without reaching the goal; None where hidden"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessEdge:
    """A direct move between touchpoints."""

    source: str
    target: str
    customers: int
    level: int
    """slider position (1 to 5) from which it is drawn"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessMap:
    """Who follows whom, at touchpoint level."""

    nodes: tuple[ProcessNode, ...]
    edges: tuple[ProcessEdge, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitness:
    """How well a process model explains journeys it was not built from."""

    fitness: float | None
    precision: float | None
    held_out: int
    reason: str
    """why there is no model to speak of, as in `process_model`; '' where there is one"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentPaths:
    """The paths page of one segment; parts without enough customers are None."""

    segment: SegmentHead
    stage_flows: StageFlows | None
    step_flows: StepFlows | None
    variants: Variants | None
    process: ProcessMap | None
    fitness: Fitness | None
