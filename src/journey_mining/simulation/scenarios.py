"""Worlds besides the sample: in each, one thing is planted that one claim of the product is judged by.

A `Scenario` says what differs from `plan.py`; what it makes of one person stands in `nature.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from journey_mining.errors import JourneyMiningError
from journey_mining.simulation import plan
from journey_mining.simulation.plan import CELLS, DECISION, FEEDBACK, RESEARCH, STAGES, Cell

Cells = Mapping[tuple[str, str], Cell]
TINY_SEGMENT = "partner"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """From a day on, more or fewer of those who enter a stage progress; the lost take up the difference."""

    segment: str
    stage: str
    from_day: float
    """day of the world; decides by the day of entry"""
    progress_by: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SlowAnswer:
    """In one cell the first answer to a deal decides: later than a day, and fewer progress."""

    segment: str
    stage: str
    slow_share: float
    slow_progress: float
    fast_progress: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """Invitations that are logged: who was asked some days after coming into a stage, and who answers then.

    A ticket in the stage before that day is the one thing that tells both mood and answering; it stands in the exports.
    """

    after_days: int = 3
    invited_share: float = 0.85
    """of those whose address is known and who are still there, by lot"""
    calm_mood: float = 0.15
    troubled_mood: float = -0.35
    """added to the mood of the cell for those without and with a ticket"""
    calm_answers: float = 0.2
    troubled_answers: float = 0.55
    """share of those asked who answer, at neutral mood"""
    unhappy_odds: float = 1.0
    """by how much a step down in mood multiplies the odds to answer; 1: nothing but the ticket decides"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """What is planted in a world; the defaults are those of the sample."""

    name: str
    about: str
    cells: Cells = field(default_factory=lambda: CELLS)
    has_deal: Mapping[str, float] = field(default_factory=lambda: plan.HAS_DEAL)
    loss_written: Mapping[str, float] = field(default_factory=lambda: plan.LOSS_WRITTEN)
    crm_start: float = plan.CRM_START
    changes: tuple[Change, ...] = ()
    slow_answer: SlowAnswer | None = None
    intent_effect: float = 0.0
    """half of all people want it more: their progress in research and decision is higher by this, the others' lower"""
    placebo_page: str = ""
    """a page of research that does nothing and is opened by those who want it more"""
    placebo_shares: tuple[float, float] = (0.8, 0.2)
    """shares who open it: of those who want it more, of the others"""
    memory_pages: tuple[str, str] | None = None
    """last page of research; those who come by the first one mostly progress in decision, the others rarely"""
    memory_progress: tuple[float, float] = (0.78, 0.22)
    two_deals_share: float = 0.0
    """share of corporate customers whose order makes two deals at the same time"""
    skip_share: float = 0.0
    """share of those leaving awareness forwards who pass over research"""
    insert_share: float = 0.0
    """share of those leaving research forwards who first look at reviews (feedback)"""
    season_swing: float = 0.0
    """arrivals swing by this share over 90 days, and nearly stop on weekends"""
    tiny_count: int = 0
    """people of a fourth segment"""
    nights: tuple[float, ...] = ()
    """days of deliveries; () = one delivery at the end"""
    late_share: float = 0.0
    """share of hits that come with a later night's delivery"""
    erasure_count: int = 0
    """people who ask to be forgotten"""
    survey: Survey | None = None
    """in place of the open form of the sample"""

    @property
    def segments(self) -> tuple[str, ...]:
        """Segments of the world, in order."""
        return tuple(dict.fromkeys(segment for segment, _ in self.cells))

    def altered_cells(self) -> list[tuple[str, str]]:
        """Cells in which the cumulative shares of `drop_off.json` do not hold over the whole window."""
        found = {(change.segment, change.stage) for change in self.changes}
        stages = [STAGES[DECISION]] if self.memory_pages else list(STAGES[RESEARCH : DECISION + 1])
        if self.memory_pages or self.intent_effect:
            found |= {(segment, stage) for segment in self.segments for stage in stages}
        if self.insert_share:
            found |= {(segment, STAGES[FEEDBACK]) for segment in self.segments}
        return sorted(found)

    def planted(self) -> dict[str, Any]:
        """What differs from the default, for the answer key."""
        found: dict[str, Any] = {"scenario": self.name, "about": self.about}
        found["changes"] = [_as_dict(change) for change in self.changes]
        found["slow_answer"] = _as_dict(self.slow_answer) if self.slow_answer else None
        if self.survey:
            found["survey"] = _as_dict(self.survey)
        names = (
            "intent_effect placebo_page placebo_shares memory_pages memory_progress two_deals_share skip_share "
            "insert_share season_swing tiny_count nights late_share erasure_count"
        )
        found |= {name: getattr(self, name) for name in names.split()}
        return found | {"altered_cells": self.altered_cells()}


def _as_dict(value: Change | SlowAnswer | Survey) -> dict[str, Any]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


def _alike() -> dict[tuple[str, str], Cell]:
    """One and the same segment three times, and nobody goes back.

    Who returns to a stage is at risk there once more, so returns go with loss by the mere mechanism.
    """
    cells = {stage: CELLS["smb", stage] for stage in STAGES}
    onward = {stage: replace(c, progress=round(c.progress + c.back, 6), back=0.0) for stage, c in cells.items()}
    return {(segment, stage): onward[stage] for segment in plan.SEGMENTS for stage in STAGES}


def _with(key: tuple[str, str], cell: Cell) -> dict[tuple[str, str], Cell]:
    return {**CELLS, key: cell}


def _same(value: float) -> dict[str, float]:
    return dict.fromkeys(plan.SEGMENTS, value)


_DRIFT = Change(segment="personal", stage="decision", from_day=180.0, progress_by=-0.15)
_PERSONAL_DECISION = replace(CELLS["personal", "decision"], progress=0.70)
_TINY_CELLS = {(TINY_SEGMENT, stage): CELLS["corp", stage] for stage in STAGES}

_NIGHTS = (241.0, 250.0, 260.0, 265.0, 270.0)

DEFAULT = Scenario(name="default", about="the sample: segments that differ, nothing that changes")
SCENARIOS = {
    scenario.name: scenario
    for scenario in (
        DEFAULT,
        Scenario(
            name="null",
            about="nothing planted: all segments alike, nobody goes back, no drift, no action",
            cells=_alike(),
            has_deal=_same(0.92),
            loss_written=_same(0.60),
            crm_start=0.0,
        ),
        Scenario(
            name="drift",
            about="from day 180 on fewer individuals progress in decision: .70 -> .55",
            cells=_with(("personal", "decision"), _PERSONAL_DECISION),
            changes=(_DRIFT,),
        ),
        Scenario(
            name="action",
            about="from day 200 on an action lifts small business in decision by 8 points; individuals drift (a trap)",
            cells=_with(("personal", "decision"), _PERSONAL_DECISION),
            changes=(_DRIFT, Change(segment="smb", stage="decision", from_day=200.0, progress_by=0.08)),
        ),
        Scenario(
            name="slow_answer",
            about="small business in decision: .34 progress when the first answer takes over 24 h, else .586",
            slow_answer=SlowAnswer(
                segment="smb", stage="decision", slow_share=0.593, slow_progress=0.34, fast_progress=0.586
            ),
        ),
        Scenario(
            name="placebo",
            about="those who want it more open the calculator, which does nothing",
            intent_effect=0.12,
            placebo_page="calculator",
        ),
        Scenario(
            name="memory",
            about="what follows an order depends on the last page of research before it",
            memory_pages=("calculator", "compare"),
        ),
        Scenario(name="two_deals", about="15 % of corporate customers have two deals at once", two_deals_share=0.15),
        Scenario(
            name="intended",
            about="12 % pass over research, 7 % look at reviews before the order",
            skip_share=0.12,
            insert_share=0.07,
        ),
        Scenario(name="nightly", about="exports come night after night", nights=_NIGHTS),
        Scenario(
            name="late",
            about="exports come night after night, and 6 % of the hits a night or more late",
            nights=_NIGHTS,
            late_share=0.06,
        ),
        Scenario(name="erasure", about="some people ask to be forgotten", erasure_count=5),
        Scenario(name="season", about="arrivals swing by season and weekday, outcomes do not", season_swing=0.6),
        Scenario(
            name="invited",
            about="who was asked is told; a ticket lowers the mood and makes answering likelier, and nothing else does",
            survey=Survey(),
        ),
        Scenario(
            name="silent",
            about="who was asked is told; beside the ticket the mood itself decides who answers, which no export tells",
            survey=Survey(unhappy_odds=1.7),
        ),
        Scenario(name="tiny", about="a segment of 4 customers", cells={**CELLS, **_TINY_CELLS}, tiny_count=4),
    )
}


def scenario_named(name: str) -> Scenario:
    """The scenario of that name.

    Raises:
        JourneyMiningError: there is none
    """
    if name not in SCENARIOS:
        raise JourneyMiningError(
            f"There is no scenario «{name}».",
            expected=f"one of {', '.join(SCENARIOS)}.",
            todo="choose one of these, or leave it out for the world of the sample.",
            code="SIMULATION",
        )
    return SCENARIOS[name]
