"""Who walks through the stages of a described company, and when they touch it.

The mechanism is that of `lives.py`: ways out by fixed shares, Gamma stays, touches from a Poisson process, hours bent
to the day. Goes out: happenings in total order of time and customer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from journey_mining.simulation.described.plan import CellPlan, CompanyPlan, SegmentPlan, StagePlan, TouchPlan
from journey_mining.simulation.lives import by_day
from journey_mining.simulation.people import companies, full_name, generator, latin, pick, weighted

_WEEKDAY = (1.0, 1.0, 1.0, 1.0, 0.9, 0.6, 0.65)
"""chance that a journey begins on a day of the week, Monday first"""
_MOST_STAYS = 40
_SHORTEST_STAY = 0.4
_FIRST_GAP = (0.05, 0.25)
"""days from the first touch of a stay to the second, so that no stay is a mere glance"""
_MOBILE_CODES = ("907", "935", "943", "944", "945", "946")
"""codes that no operator holds"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person who acts for a customer."""

    no: int
    email: str
    mobile: str
    """ten digits, nobody else's"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """A person, or an account with its people."""

    no: int
    segment: SegmentPlan
    name: str
    """of the company; '' for a person"""
    members: tuple[Member, ...]

    def acting(self, touch: TouchPlan) -> Member:
        """Who of the account makes this touch."""
        return self.members[0] if touch.by == "buyer" else self.members[-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One touch of one customer."""

    at: float
    """days since the first day"""
    customer: Customer
    member: Member
    touch: TouchPlan
    stage: StagePlan
    mood: float
    """mean polarity of what is written here"""
    is_first: bool
    """of the journey"""


def happenings(plan: CompanyPlan) -> list[Happening]:
    """All touches of all customers within the simulated time, in order."""
    found = [one for customer in _customers(plan) for one in _journey(plan, customer)]
    return sorted((one for one in found if one.at < plan.days), key=lambda one: (one.at, one.customer.no))


def _customers(plan: CompanyPlan) -> Iterator[Customer]:
    segments = {segment.id: segment for segment in plan.segment}
    firms = companies(generator(plan.seed, 1), plan.customers) if plan.members > 1 else []
    for no in range(plan.customers):
        rng = generator(plan.seed, 2, no)
        segment = segments[weighted(rng, {one.id: one.share for one in plan.segment})]
        count = 1 + int(rng.random() * plan.members)
        domain = firms[no].domain if firms else ""
        people = tuple(_member(rng, no * plan.members + place, domain) for place in range(count))
        yield Customer(no=no, segment=segment, name=firms[no].name if firms else "", members=people)


def _member(rng: Generator, no: int, domain: str) -> Member:
    first, last = full_name(rng)
    house = domain or pick(rng, ("pochta.example", "mail.example", "post.example"))
    mobile = f"{_MOBILE_CODES[no % len(_MOBILE_CODES)]}{(no * 7919 + 1234567) % 10**7:07d}"
    return Member(no=no, email=f"{latin(first)[0]}.{latin(last)}{no}@{house}", mobile=mobile)


def _journey(plan: CompanyPlan, customer: Customer) -> Iterator[Happening]:
    """One journey from the first touch to won, lost, or beyond the end of the simulated time."""
    rng = generator(plan.seed, 3, customer.no)
    at, place, furthest = _arrival(rng, plan), 0, -1
    for _ in range(_MOST_STAYS):
        stage = plan.stage[place]
        cell = _cell(plan, customer.segment, stage, at)
        stay = max(_SHORTEST_STAY, float(rng.gamma(2.0, cell.days / 2)))
        way = _way_out(rng, cell)
        is_last = place == len(plan.stage) - 1
        yield from _stay(rng, plan, customer, stage, cell.mood, at, stay, is_first=furthest < 0)
        for touch in _endings(rng, stage, way, is_won=way == "progress" and is_last):
            yield _happening(plan, customer, stage, cell.mood, at + stay, touch)
        at, furthest = at + stay, max(furthest, place)
        if way == "lost" or (way == "progress" and is_last) or at > plan.days:
            return
        place = place + 1 if way == "progress" else _number(plan, stage.back_to)


def _arrival(rng: Generator, plan: CompanyPlan) -> float:
    while True:
        day = float(rng.random() * plan.days)
        if rng.random() < _WEEKDAY[(int(day) + plan.begins.weekday()) % 7]:
            return day


def _cell(plan: CompanyPlan, segment: SegmentPlan, stage: StagePlan, at: float) -> CellPlan:
    cell = segment.cell[stage.id]
    by = sum(
        change.progress_by
        for change in plan.change
        if change.stage == stage.id and change.segment in {"", segment.id} and at >= change.from_day
    )
    return cell.model_copy(update={"progress": min(max(cell.progress + by, 0.0), 1.0 - cell.back)})


def _way_out(rng: Generator, cell: CellPlan) -> str:
    draw = rng.random()
    if draw < cell.progress:
        return "progress"
    return "back" if draw < cell.progress + cell.back else "lost"


def _number(plan: CompanyPlan, stage: str) -> int:
    return next((place for place, one in enumerate(plan.stage) if one.id == stage), 0)


def _stay(
    rng: Generator,
    plan: CompanyPlan,
    customer: Customer,
    stage: StagePlan,
    mood: float,
    at: float,
    stay: float,
    *,
    is_first: bool,
) -> Iterator[Happening]:
    """The touch that shows the stage, and those of the stay."""
    yield _happening(plan, customer, stage, mood, at, stage.enters, is_first=is_first)
    low, high = _FIRST_GAP
    since = low + (high - low) * rng.random()
    while since < stay:
        yield _happening(plan, customer, stage, mood, at + since, weighted(rng, stage.touches))
        since += min(rng.exponential(1 / stage.per_day), plan.longest_pause)


def _endings(rng: Generator, stage: StagePlan, way: str, *, is_won: bool) -> Iterator[str]:
    """Touches at the end of a stay: the answer to a survey, the good end, the loss that is told."""
    asked, told = rng.random() < stage.asked, rng.random() < stage.lost_told
    if asked and stage.asks and way != "lost":
        yield stage.asks
    if is_won and stage.ends:
        yield stage.ends
    if way == "lost" and told and stage.lost:
        yield stage.lost


def _happening(
    plan: CompanyPlan,
    customer: Customer,
    stage: StagePlan,
    mood: float,
    at: float,
    touch: str,
    *,
    is_first: bool = False,
) -> Happening:
    known = plan.touch[touch]
    return Happening(
        at=float(by_day(np.array([at]))[0]),
        customer=customer,
        member=customer.acting(known),
        touch=known,
        stage=stage,
        mood=mood,
        is_first=is_first,
    )
