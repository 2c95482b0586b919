"""The journey map of a segment: one column per stage, one value per cell.

In: tables and the project's declared knowledge. Out: `SegmentMap`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from journey_mining.maps.cells import actions_of, frictions_of, goal_of, lines_of, quote_of
from journey_mining.maps.chips import chips_of
from journey_mining.maps.feelings import satisfied_of
from journey_mining.maps.heads import Name, SegmentHead, StageHead
from journey_mining.maps.map_pictures import SegmentMap, StageColumn
from journey_mining.maps.moods import MOODS, SIGNALS, has_invitations, link_of, nested_bases, spreads_of, worst_moods_of
from journey_mining.maps.numbers import ABSENT, Count, Limits, Number, count_of, number_of
from journey_mining.maps.persona_facts import FIELDS, SHARE_FIELDS, facts_of, gaps_of
from journey_mining.maps.segments import hidden_sizes
from journey_mining.maps.suppression import forced_cells
from journey_mining.maps.tables import Row, Tables
from journey_mining.maps.worth import gains_of, weights_of
from journey_mining.project import Project
from journey_mining.vocabulary import ALL_SEGMENTS, Estimand


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What every map stands on."""

    tables: Tables
    project: Project
    limits: Limits
    stages: tuple[StageHead, ...]
    hidden_bases: set[tuple[str, object]]
    """(segment, (estimand, stage)) whose number of customers must stay hidden"""
    hidden_uses: set[tuple[str, object]]
    """(segment, (stage, touchpoint)) likewise"""
    sizes: Mapping[str, int]
    """customers of the segments whose size must stay hidden"""
    mood_of: Estimand
    """what rows of emotions show first"""
    has_tickets: bool
    """whether any ticket was loaded"""

    def number(self, estimand: Estimand, segment: str, stage: str = "") -> Number:
        """One number of one segment."""
        row = self.tables.metric(estimand, segment, stage)
        is_base_hidden = segment in self.sizes or (segment, (str(estimand), stage)) in self.hidden_bases
        return number_of(row, self.limits, is_base_hidden=is_base_hidden)

    def is_use_hidden(self, row: Row) -> bool:
        """Whether the customers of a touchpoint in a stage (a row of `touchpoint_use`) must stay hidden."""
        is_complement = (row["segment"], (row["stage"], row["touchpoint"])) in self.hidden_uses
        return is_complement or self.reveals_size(row["segment"], int(row["customer_count"] or 0))

    def reveals_size(self, segment: str, customers: int) -> bool:
        """Whether a count comes within a small group of a size that must stay hidden."""
        return segment in self.sizes and customers > self.sizes[segment] - self.limits.small


def ground_of(tables: Tables, project: Project, limits: Limits, stages: tuple[StageHead, ...]) -> Ground:
    """Gather what maps of all segments share, complements of hidden cells included."""
    bases = [
        (row["segment"], (row["estimand"], row["stage"] or ""), int(row["customer_count"] or 0))
        for row in tables.rows["metric_value"]
    ]
    uses = [
        (row["segment"], (row["stage"], row["touchpoint"]), int(row["customer_count"] or 0))
        for row in tables.rows["touchpoint_use"]
    ]
    return Ground(
        tables=tables,
        project=project,
        limits=limits,
        stages=stages,
        hidden_bases=set(forced_cells(bases, limits.small)) | nested_bases(tables.rows["metric_value"], limits.small),
        hidden_uses=set(forced_cells(uses, limits.small)),
        sizes=hidden_sizes(tables, limits),
        mood_of=_mood_of(tables),
        has_tickets=_has_tickets(tables),
    )


def _mood_of(tables: Tables) -> Estimand:
    """Texts; answers where the project has answers and no text at all."""
    answered = {row["estimand"] for row in tables.rows["metric_value"] if row["customer_count"]}
    is_rated = Estimand.RATING in answered and Estimand.VOICE not in answered
    return Estimand.RATING if is_rated else Estimand.VOICE


def _has_tickets(tables: Tables) -> bool:
    """A share of nothing is not zero: tickets were loaded, or at least one journey holds one."""
    is_loaded = any(row["role"] == "support" and row["event_count"] for row in tables.rows["source_status"])
    rate = tables.metric(Estimand.CONTACT_RATE, ALL_SEGMENTS)
    return is_loaded or bool(rate and rate["estimate"])


def segment_map(ground: Ground, segment: SegmentHead, all_customers: int) -> SegmentMap:
    """The map of one segment; a number without enough customers is there, but empty."""
    columns = tuple(_column(ground, segment.id, stage) for stage in ground.stages)
    persona = next((p for p in ground.project.knowledge.persona if p.segment == segment.id), None)
    told = ground.tables.of("persona_fact", segment.id)
    ours = [chip for chip in columns[0].chips if chip.customers.value]
    share = segment.customers.value / all_customers if segment.customers.value and all_customers else None
    return SegmentMap(
        segment=segment,
        persona=Name(ru=persona.name_ru, en=persona.name_en) if persona else None,
        lines=lines_of(persona),
        facts=facts_of(told, ground.limits, shut=_shut_fields(ground, segment)),
        gaps=gaps_of(told),
        share_of_all=None if segment.id == ALL_SEGMENTS else share,
        first_touchpoint=max(ours, key=lambda chip: chip.customers.value or 0, default=None),
        columns=columns,
        goal_reached=ground.number(Estimand.GOAL_REACHED, segment.id),
        duration=ground.number(Estimand.JOURNEY_MEDIAN, segment.id),
        mood_of=ground.mood_of,
        voice=ground.number(Estimand.VOICE, segment.id),
        rating=ground.number(Estimand.RATING, segment.id),
        contact_rate=ground.number(Estimand.CONTACT_RATE, segment.id) if ground.has_tickets else ABSENT,
        mapped=ground.number(Estimand.MAPPED_SHARE, segment.id),
        worst_moods=worst_moods_of(ground.tables, segment.id, ground.stages),
        link=link_of(ground.tables, ground.limits),
        has_invitations=has_invitations(ground.tables),
    )


def _shut_fields(ground: Ground, segment: SegmentHead) -> set[str]:
    """Fields of a persona card whose n would tell what the table of numbers hides."""
    if segment.is_size_hidden:
        return set(FIELDS)
    return {field for field in SHARE_FIELDS if ground.number(Estimand(field), segment.id).customers is None}


def _column(ground: Ground, segment: str, stage: StageHead) -> StageColumn:
    tables, limits = ground.tables, ground.limits
    moods = {estimand: ground.number(estimand, segment, stage.id) for estimand in MOODS}
    drop_off = ground.number(Estimand.DROP_OFF, segment, stage.id)
    started = ground.number(Estimand.GOAL_REACHED, segment).customers
    return StageColumn(
        stage=stage,
        entered=entered_count(ground, segment, stage.id),
        reached=ground.number(Estimand.REACHED, segment, stage.id),
        dwell=ground.number(Estimand.DWELL_MEDIAN, segment, stage.id),
        drop_off=drop_off,
        moved_on=ground.number(Estimand.MOVED_ON, segment, stage.id),
        moved_back=ground.number(Estimand.MOVED_BACK, segment, stage.id),
        under_way=ground.number(Estimand.UNDER_WAY, segment, stage.id),
        voice=moods[Estimand.VOICE],
        rating=moods[Estimand.RATING],
        all_customers=moods[Estimand.ALL_CUSTOMERS],
        spreads=spreads_of(tables, segment, stage.id, moods, limits),
        satisfied=satisfied_of(tables, segment, stage.id, moods[Estimand.VOICE], limits),
        signals={estimand: ground.number(estimand, segment, stage.id) for estimand in SIGNALS},
        chips=chips_of(tables, ground.project, segment, stage.id, limits, ground.is_use_hidden),
        goal=goal_of(ground.project, segment, stage.id),
        frictions=frictions_of(tables.of("friction_point", segment, stage=stage.id), limits),
        quote=quote_of(tables.of("stage_quote", segment, stage=stage.id)),
        weights=weights_of(tables, segment, stage.id, limits, customers=started),
        gains=gains_of(
            tables.of("opportunity", segment, stage=stage.id), limits, is_base_hidden=drop_off.customers is None
        ),
        actions=actions_of(ground.project, segment, stage.id),
    )


def entered_count(ground: Ground, segment: str, stage: str) -> Count:
    """Customers who entered a stage."""
    row = ground.tables.metric(Estimand.ENTERED, segment, stage)
    customers = int(row["customer_count"] or 0) if row else 0
    is_complement = (segment, (str(Estimand.ENTERED), stage)) in ground.hidden_bases
    return count_of(customers, ground.limits, is_forced=is_complement or ground.reveals_size(segment, customers))
