"""The values of a map page: one column per stage, one value per cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from journey_mining.maps.heads import Name, SegmentHead, StageHead
from journey_mining.maps.numbers import Count, Number
from journey_mining.maps.persona_facts import PersonaFact
from journey_mining.vocabulary import FINDING_Q, Estimand, Evidence


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
    """share of customers of the stage who met the obstacle"""
    loss_ratio: float | None
    """loss with the obstacle relative to loss without it; an association"""
    loss_low: float | None
    loss_high: float | None
    q_value: float | None
    extra_days: float | None

    @property
    def is_harmful(self) -> bool:
        """Whether more are lost with the obstacle than without it, beyond the chance of so many comparisons."""
        return self._is_found and self.loss_ratio is not None and self.loss_ratio > 1

    @property
    def is_harmless(self) -> bool:
        """Whether fewer are lost with it, beyond that chance: then it is no obstacle at all."""
        return self._is_found and self.loss_ratio is not None and self.loss_ratio < 1

    @property
    def _is_found(self) -> bool:
        return self.q_value is not None and self.q_value < FINDING_Q


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

    id: str
    text: Name
    status: str
    owner: str
    effect: Name
    """what people expect of it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """How much of what reaches the goal passes a touchpoint; an association."""

    touchpoint: str
    name: Name
    rank: int
    rank_low: int
    """best rank that the data allow for"""
    rank_high: int
    ranked: int
    """touchpoints of the segment that have a rank"""
    effect: Number
    """removal effect: share of journeys with the goal that would not have it without this touchpoint, at most"""
    reach: float | None
    """share of journeys that meet it; None where too few meet it or too few do not"""
    is_like_placebo: bool
    """no more than a touchpoint put by lot"""
    is_moment_of_truth: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """What a quarter would bring if a stage lost no more than others do, or than a declared target."""

    reference_kind: str
    """rest or target"""
    amount: Number
    """in `currency`; in purchases where that is empty"""
    currency: str
    reach: float | None
    """entries a quarter; None where the number of customers is hidden"""
    excess: float
    """drop-off above the reference, a share"""
    value: float | None
    """worth of one who moves on"""
    is_proven: bool
    """whether nine draws in ten hold a gain"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a persona card. `fact` lines are measured; the others are declared."""

    label: Name
    value: Name
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """What stands behind one mood of one stage; None wherever it may not be shown."""

    spoken_share: float | None = None
    """share of the customers of the stage who spoke"""
    bound_low: float | None = None
    """lowest mean of everybody that the silent allow for, whatever they feel"""
    bound_high: float | None = None
    band_low: float | None = None
    """band that holds the whole curve"""
    band_high: float | None = None
    conflicts: int | None = None
    """customers with kind words and a low mark"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstMood:
    """The stage with the lowest mood, and by how much the silent may differ before another one could be lower."""

    estimand: Estimand
    stage: Name
    delta: float
    """on the scale from -1 to 1; 2 means whatever they feel"""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceLink:
    """Whether texts and survey answers may be told as one number."""

    reason: str
    """joined, too_few, too_weak"""
    customers: int | None
    """who did both; None where too few"""
    correlation: float | None


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
    all_customers: Number
    """answers of everybody in the stage, corrected for who answers"""
    spreads: Mapping[Estimand, Spread]
    """of voice, rating and all customers"""
    satisfied: Number
    """share of those who wrote who sound satisfied"""
    signals: Mapping[Estimand, Number]
    """what stands beside texts: answers by kind of question, and what happened to tickets"""
    chips: tuple[Chip, ...]
    """ours by customers, then blind spots"""
    goal: Name | None
    frictions: tuple[Friction, ...]
    """those with more loss first, by customers times excess loss; then those without a difference, by customers"""
    quote: Quote | None
    weights: tuple[Weight, ...]
    """touchpoints that most customers meet in this stage, the most important first"""
    gains: tuple[Gain, ...]
    """against a declared target first, then against the others"""
    actions: tuple[DeclaredAction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentMap:
    """The journey map of one segment."""

    segment: SegmentHead
    persona: Name | None
    lines: tuple[Line, ...]
    """what people declared"""
    facts: tuple[PersonaFact, ...]
    """what was measured of the same"""
    gaps: tuple[str, ...]
    """fields of a card that no source tells"""
    share_of_all: float | None
    """customers of the segment among all"""
    first_touchpoint: Chip | None
    """the most used touchpoint of the first stage"""
    columns: tuple[StageColumn, ...]
    goal_reached: Number
    duration: Number
    mood_of: Estimand
    """what the row of emotions shows first: texts (`voice`), or survey answers (`rating`) where nobody wrote any"""
    voice: Number
    rating: Number
    contact_rate: Number
    mapped: Number
    worst_moods: tuple[WorstMood, ...]
    link: VoiceLink | None
    """None where there are not both texts and answers"""
    has_invitations: bool
    """whether any source tells who was asked to answer"""

    @property
    def is_rated(self) -> bool:
        """Whether answers carry the row of emotions, because there are no texts at all."""
        return self.mood_of is Estimand.RATING

    @property
    def mood(self) -> Number:
        """Mood of the whole segment."""
        return self.rating if self.is_rated else self.voice

    @property
    def moods(self) -> tuple[Number, ...]:
        """Mood by stage; texts and answers are never mixed."""
        return tuple(self.mood_at(column) for column in self.columns)

    def mood_at(self, column: StageColumn) -> Number:
        """Mood of one stage."""
        return column.rating if self.is_rated else column.voice

    @property
    def worst_loss(self) -> StageColumn | None:
        """The stage with the largest drop-off among those that may be ranked."""
        full = [column for column in self.columns if column.drop_off.is_full]
        return max(full, key=lambda column: (column.drop_off.estimate or 0.0, -column.stage.number), default=None)

    @property
    def worst_mood(self) -> StageColumn | None:
        """The stage with the lowest mood among those that may be ranked."""
        full = [column for column in self.columns if self.mood_at(column).is_full]
        return min(full, key=lambda column: (self.mood_at(column).estimate or 0.0, column.stage.number), default=None)
