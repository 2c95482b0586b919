"""What a scenario makes of one person: hidden wishes, and the cells as they hold for this person on a day.

Draws that only a scenario needs come from a stream of their own, so the default world keeps its bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.random import PCG64, Generator, SeedSequence

from journey_mining.simulation.plan import AWARENESS, DECISION, FEEDBACK, RESEARCH, STAGES, Cell
from journey_mining.simulation.scenarios import DEFAULT, Scenario

_FRIDAY = 4


@dataclass(slots=True, kw_only=True)
class Nature:
    """What a scenario makes of one person; hidden from the exports."""

    scenario: Scenario
    rng: Generator
    """draws that only this scenario needs"""
    wants_it: bool = False
    opens_placebo: bool = False
    by_first_page: bool = False
    has_two_deals: bool = False

    def cell(self, segment: str, stage: int, at: float) -> Cell:
        """What holds for this person who enters `stage` on day `at`."""
        cell, name = self.scenario.cells[segment, STAGES[stage]], STAGES[stage]
        for change in self.scenario.changes:
            if (change.segment, change.stage) == (segment, name) and at >= change.from_day:
                cell = _shifted(cell, change.progress_by)
        if self.scenario.intent_effect and stage in {RESEARCH, DECISION}:
            cell = _shifted(cell, self.scenario.intent_effect * (1 if self.wants_it else -1))
        if self.scenario.memory_pages and stage == DECISION:
            cell = replace(cell, progress=self.scenario.memory_progress[0 if self.by_first_page else 1])
        return cell

    def answer(self, segment: str, stage: int, cell: Cell) -> tuple[Cell, bool | None]:
        """The cell once it is known whether the first answer is slow; none where answers play no part."""
        slow = self.scenario.slow_answer
        if slow is None or (slow.segment, slow.stage) != (segment, STAGES[stage]):
            return cell, None
        is_slow = bool(self.rng.random() < slow.slow_share)
        return replace(cell, progress=slow.slow_progress if is_slow else slow.fast_progress), is_slow

    def detour(self, stage: int, onward: int) -> int:
        """Where progress from `stage` really leads: skipped and inserted stages."""
        if self.scenario.skip_share and stage == AWARENESS and self.rng.random() < self.scenario.skip_share:
            return DECISION
        if self.scenario.insert_share and stage == RESEARCH and self.rng.random() < self.scenario.insert_share:
            return FEEDBACK
        return onward

    def is_inserted(self, stage: int, came_from: int) -> bool:
        """Whether a stay is an inserted look at reviews, after which everybody goes on to decision."""
        return bool(self.scenario.insert_share) and (stage, came_from) == (FEEDBACK, RESEARCH)

    def arrives(self, day: float) -> bool:
        """Whether the season lets a first touch on this day pass."""
        swing = self.scenario.season_swing
        if not swing:
            return True
        weekend = int(day + 3) % 7 > _FRIDAY
        share = (1 + swing * np.sin(2 * np.pi * day / 90)) / (1 + swing) * (0.3 if weekend else 1.0)
        return bool(self.rng.random() < share)


def nature(scenario: Scenario, seed: int, no: int, segment: str) -> Nature:
    """The nature of person `no`."""
    rng = Generator(PCG64(SeedSequence([seed, 30, no])))
    found = Nature(scenario=scenario, rng=rng)
    draws = rng.random(4)
    found.wants_it = bool(draws[0] < 0.5)
    share = scenario.placebo_shares[0 if found.wants_it else 1]
    found.opens_placebo = bool(scenario.placebo_page) and bool(draws[1] < share)
    found.by_first_page = bool(draws[2] < 0.5)
    found.has_two_deals = segment == "corp" and bool(draws[3] < scenario.two_deals_share)
    return found


def plain_nature() -> Nature:
    """The nature of people of the sample."""
    return nature(DEFAULT, 0, 0, "")


def _shifted(cell: Cell, by: float) -> Cell:
    return replace(cell, progress=round(min(max(cell.progress + by, 0.0), 1.0 - cell.back), 6))
