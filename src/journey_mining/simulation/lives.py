"""The semi-Markov mechanism: which stages a customer walks through, how long, and when they touch the company.

Nothing here knows of exports: `live` returns times only. The same mechanism, vectorised, gives the true cumulative
incidences in `truth.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from journey_mining.simulation import plan
from journey_mining.simulation.nature import Nature, plain_nature
from journey_mining.simulation.plan import DECISION, FEEDBACK, IMPLEMENTATION, RENEWAL, RESEARCH, STAGES, SUPPORT

_DAY_SHARE = (0.0, 0.04, 0.12, 0.42, 0.76, 0.95, 1.0)
_DAY_CLOCK = tuple(hour / 24 for hour in (0, 7, 9, 13, 18, 22, 24))
_WEEKDAY = (1.0, 1.0, 1.0, 1.0, 0.9, 0.55, 0.6)
_MAX_EPISODES = 40


@dataclass(frozen=True, slots=True)
class Episode:
    """One stay in one stage; times are days of the world."""

    stage: int
    entered: float
    exited: float
    """when the customer moves on or back, or decides to go"""
    cause: str
    """progress | back | lost"""
    next_stage: int
    """-1 after a loss and after a won renewal"""
    touches: tuple[float, ...]
    """first one at `entered`, all before `exited`"""
    written_at: float | None
    """when the CRM is told of the loss, if it ever is"""
    is_back: bool
    """entered from a later stage"""
    is_slow: bool | None = None
    """whether the first answer to the deal takes more than a day; none where answers play no part"""
    answer_delay: float | None = None
    """days from the order to it; it never comes when the customer leaves before"""

    def loss_known_at(self) -> float:
        """When a nightly run can know of the loss: the CRM's word, or the last touch plus the silence threshold."""
        silence = self.touches[-1] + plan.SILENCE_DAYS[STAGES[self.stage]]
        return silence if self.written_at is None else self.written_at


@dataclass(frozen=True, slots=True)
class Life:
    """One journey of a person, from the first touch to won or lost (or beyond the end of the world)."""

    episodes: tuple[Episode, ...]
    begins_in_crm: bool

    @property
    def is_won(self) -> bool:
        """Whether it ends with a won renewal."""
        last = self.episodes[-1]
        return last.stage == RENEWAL and last.cause == "progress"

    def ends_at(self) -> float:
        """When the end can be known: the win, the CRM's word, or the end of the silence threshold."""
        last = self.episodes[-1]
        return last.loss_known_at() if last.cause == "lost" else last.exited


def by_day(days: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Bend even time so that nights are quiet: order stays, dates stay, hours move."""
    whole = np.floor(days)
    return whole + np.interp(days - whole, _DAY_SHARE, _DAY_CLOCK)


def arrival(rng: Generator, nature: Nature) -> float:
    """Day and time of a first touch: even over the world, fewer on weekends, and as the season lets them."""
    while True:
        day = rng.random() * plan.WORLD_DAYS
        if rng.random() < _WEEKDAY[(int(day) + 3) % 7] and nature.arrives(day):  # the world begins on a Thursday
            return float(day)


def live(
    rng: Generator,
    segment: str,
    begin: float,
    *,
    has_deal: bool,
    first_stage: int = 0,
    nature: Nature | None = None,
) -> Life:
    """One journey that begins at `begin` (days, before bending to the clock) in `first_stage`."""
    episodes = tuple(_episodes(rng, segment, begin, first_stage, has_deal, nature or plain_nature()))
    return Life(episodes=episodes, begins_in_crm=first_stage == DECISION)


def lives(rng: Generator, segment: str, *, has_deal: bool, nature: Nature | None = None) -> tuple[Life, ...]:
    """All journeys of one person that begin before the world ends."""
    nature = nature or plain_nature()
    in_crm = segment == "corp" and rng.random() < nature.scenario.crm_start
    first_stage = DECISION if in_crm else 0
    found = [live(rng, segment, arrival(rng, nature), has_deal=has_deal, first_stage=first_stage, nature=nature)]
    while True:
        last = found[-1]
        pause = max(plan.SILENCE_DAYS.values()) + 10 + 50 * rng.random()
        begin = last.episodes[-1].exited + pause
        returns = rng.random() < plan.COMES_BACK["won" if last.is_won else "lost"]
        if not returns or begin >= plan.WORLD_DAYS:
            return tuple(found)
        found.append(live(rng, segment, begin, has_deal=has_deal, first_stage=RESEARCH, nature=nature))


def _episodes(
    rng: Generator, segment: str, begin: float, stage: int, has_deal: bool, nature: Nature
) -> Iterator[Episode]:
    at, came_from = begin, -1
    for _ in range(_MAX_EPISODES):
        cell, is_slow = nature.answer(segment, stage, nature.cell(segment, stage, at))
        stay = max(plan.MIN_STAY_DAYS, rng.gamma(2.0, cell.mean_days / 2))
        cause, onward = _way_out(rng, cell, stage)
        if nature.is_inserted(stage, came_from):
            cause, onward = "back", DECISION
        elif cause == "progress":
            onward = nature.detour(stage, onward)
        touches = _touches(rng, stay, plan.TOUCHES_PER_DAY[STAGES[stage]])
        clock = by_day(at + np.array([*touches, stay]))
        written = _written_at(rng, nature.scenario.loss_written[segment], stage, cause, has_deal, float(clock[-1]))
        yield Episode(
            stage=stage,
            entered=float(clock[0]),
            exited=float(clock[-1]),
            cause=cause,
            next_stage=onward,
            touches=tuple(clock[:-1].tolist()),
            written_at=written,
            is_back=came_from > stage,
            is_slow=is_slow,
            answer_delay=_answer_delay(nature.rng, is_slow),
        )
        at += stay
        if onward < 0 or at > plan.WORLD_DAYS:
            return
        came_from, stage = stage, onward


def _way_out(rng: Generator, cell: plan.Cell, stage: int) -> tuple[str, int]:
    draw = rng.random()
    if draw < cell.progress:
        return "progress", next_stage(stage, rng.random())
    if draw < cell.progress + cell.back:
        return "back", plan.BACK_TO[stage]
    return "lost", -1


def next_stage(stage: int, draw: float) -> int:
    """Where progress leads; -1 from renewal, because a renewed contract ends the journey as won."""
    if stage == RENEWAL:
        return -1
    if stage == SUPPORT:
        return FEEDBACK if draw < plan.TO_FEEDBACK else RENEWAL
    return stage + 1


def _touches(rng: Generator, stay: float, rate: float) -> list[float]:
    low, high = plan.FIRST_GAP_DAYS
    found = [0.0, low + (high - low) * rng.random()]
    while True:
        following = found[-1] + min(rng.exponential(1 / rate), plan.MAX_GAP_DAYS)
        if following >= stay:
            return found
        found.append(float(following))


def _answer_delay(rng: Generator, is_slow: bool | None) -> float | None:
    if is_slow is None:
        return None
    return float(1.1 + 2.4 * rng.random() if is_slow else 0.02 + 0.85 * rng.random())


def _written_at(rng: Generator, share: float, stage: int, cause: str, has_deal: bool, exited: float) -> float | None:
    written, lag = rng.random() < share, rng.random()
    deal = (stage == DECISION and has_deal) or stage == RENEWAL
    if cause != "lost" or not deal or not written:
        return None
    low, high = plan.LOSS_WRITTEN_DAYS
    return exited + low + (high - low) * lag


def is_return_by_crm(before: Episode | None, episode: Episode) -> bool:
    """Whether a stay in decision comes after one in implementation, so that a won deal is moved back."""
    return before is not None and before.stage == IMPLEMENTATION and episode.stage == DECISION
