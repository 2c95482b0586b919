"""The values that every page draws: plain, frozen, complete. No HTML, no plotly, no wording but names.

Whatever stands here may be shown; what must not be shown is absent already. All pages take their numbers from the
same values, so numbers agree.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from journey_mining.maps.numbers import Count, Limits, Number
from journey_mining.vocabulary import Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name in both languages."""

    ru: str
    en: str

    def in_language(self, language: str) -> str:
        """The name in `ru` or `en`; the other language where one is empty."""
        return (self.ru or self.en) if language == "ru" else (self.en or self.ru)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageHead:
    """A stage of the map."""

    id: str
    number: int
    name: Name
    is_optional: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentHead:
    """A segment; one with fewer than k customers is named but has no pages."""

    id: str
    slug: str
    name: Name
    about: Name
    customers: Count
    journeys: Count
    open_journeys: Count
    has_pages: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chip:
    """A touchpoint in a stage."""

    touchpoint: str
    name: Name
    icon: str
    is_ours: bool
    is_declared: bool
    """named by people, seen in no event"""
    customers: Count
    mood: Number
    """mean sentiment of those who wrote there; absent below the thin limit"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Friction:
    """A repeated obstacle in a stage."""

    kind: str
    customers: int
    share: float
    """share of episodes with the obstacle"""
    loss_ratio: float | None
    """loss with the obstacle relative to loss without it; an association"""
    loss_low: float | None
    loss_high: float | None
    extra_days: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A redacted sentence of a customer, in the language it was written in."""

    text: str
    language: str
    source: str
    occurred_at: datetime
    score: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredAction:
    """Something the company does about a stage."""

    text: Name
    status: str
    owner: str
    effect: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a persona card. `fact` lines are measured; the others are declared."""

    label: Name
    value: Name
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class StageColumn:
    """One column of a segment's map."""

    stage: StageHead
    entered: Count
    reached: Number
    dwell: Number
    drop_off: Number
    moved_on: Number
    moved_back: Number
    under_way: Number
    voice: Number
    rating: Number
    chips: tuple[Chip, ...]
    """ours by customers, then blind spots"""
    goal: Name | None
    frictions: tuple[Friction, ...]
    """by customers times excess loss"""
    quote: Quote | None
    actions: tuple[DeclaredAction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentMap:
    """The journey map of one segment."""

    segment: SegmentHead
    persona: Name | None
    lines: tuple[Line, ...]
    share_of_all: float | None
    """customers of the segment among all"""
    first_touchpoint: Chip | None
    """the most used touchpoint of the first stage"""
    columns: tuple[StageColumn, ...]
    goal_reached: Number
    duration: Number
    voice: Number
    rating: Number
    contact_rate: Number
    mapped: Number

    @property
    def worst_loss(self) -> StageColumn | None:
        """The stage with the largest drop-off among those that may be ranked."""
        full = [column for column in self.columns if column.drop_off.is_full]
        return max(full, key=lambda column: (column.drop_off.estimate or 0.0, -column.stage.number), default=None)

    @property
    def worst_voice(self) -> StageColumn | None:
        """The stage with the lowest mood among those that may be ranked."""
        full = [column for column in self.columns if column.voice.is_full]
        return min(full, key=lambda column: (column.voice.estimate or 0.0, column.stage.number), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class StageLink:
    """Journeys from the first entry of a stage to where they went next."""

    stage: str
    target: str
    """a stage id, an ending, or `back`"""
    journeys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StageFlows:
    """First entries between stages; each stage's links and `rest` add up to its journeys."""

    entered: tuple[tuple[str, int], ...]
    """journeys that entered, by stage id in order; hidden stages are absent"""
    starts: tuple[tuple[str, int], ...]
    """journeys that began in the stage or came to it by hidden ways"""
    links: tuple[StageLink, ...]
    rest: tuple[tuple[str, int], ...]
    """journeys whose further way is hidden, by stage id; only those above zero"""
    journeys: int


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
    """The first steps of all journeys; each column adds up to the journeys that reached the step."""

    columns: tuple[tuple[StepNode, ...], ...]
    totals: tuple[int, ...]
    """journeys that reached each step"""
    links: tuple[StepLink, ...]
    flow_count: int
    """distinct flows in the data"""
    named_share: float
    """share of moves drawn between named activities"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A sequence of stages that customers share."""

    stages: tuple[str, ...]
    ending: str
    journeys: int
    customers: int
    share: float
    cumulative: float
    median_days: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Variants:
    """The most frequent variants; the remainder keeps the total whole."""

    rows: tuple[Variant, ...]
    variant_count: int
    rest_variants: int
    rest_journeys: int
    journeys: int


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
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentPaths:
    """The paths page of one segment; parts without enough customers are None."""

    segment: SegmentHead
    stage_flows: StageFlows | None
    step_flows: StepFlows | None
    variants: Variants | None
    process: ProcessMap | None
    fitness: Fitness | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNote:
    """State of one source."""

    source: str
    system: str
    role: str
    is_decisive: bool
    fresh_until: datetime | None
    lag_hours: float
    """hours behind the freshest source"""
    events: int
    files_loaded: int
    files_rejected: int
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    rows_collapsed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadProblem:
    """A rejected file, or quarantined rows by reason."""

    source: str
    stream: str
    path: str
    code: str
    message: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmapped:
    """A kind of event that no rule knows."""

    source: str
    event_kind: str
    activity: str
    events: int
    customers: Count
    suggested: Name | None
    suggestion_share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricNote:
    """One row of the list of all numbers."""

    estimand: str
    segment: SegmentHead
    stage: StageHead | None
    number: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class DataNotes:
    """Where the numbers come from."""

    sources: tuple[SourceNote, ...]
    problems: tuple[LoadProblem, ...]
    unmapped: tuple[Unmapped, ...]
    exclusions: tuple[tuple[str, int], ...]
    """excluded events by reason"""
    metrics: tuple[MetricNote, ...]

    @property
    def rejected_files(self) -> tuple[LoadProblem, ...]:
        """Files of which nothing was loaded."""
        return tuple(problem for problem in self.problems if problem.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Everything the site draws."""

    title: str
    as_of: datetime
    observed_from: datetime | None
    limits: Limits
    stages: tuple[StageHead, ...]
    segments: tuple[SegmentHead, ...]
    """"all" first, then in the order of the project, then "unknown" """
    maps: tuple[SegmentMap, ...]
    paths: tuple[SegmentPaths, ...]
    notes: DataNotes
