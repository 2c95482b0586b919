"""The true quantities behind the sample: what an unbiased pipeline would estimate, and who is who.

A loss is dated as the pipeline can know it: when the CRM says so, else the last touch plus the silence threshold of
the stage. The cumulative incidences come from a Monte Carlo run of the mechanism of `lives.py` on its own fixed seed,
so they do not depend on which customers the world drew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from journey_mining.simulation import plan
from journey_mining.simulation.lives import by_day
from journey_mining.simulation.people import generator
from journey_mining.simulation.plan import DECISION, RENEWAL, STAGES
from journey_mining.simulation.scenarios import DEFAULT, Scenario
from journey_mining.simulation.story import Story

EPISODES = 40_000
HORIZON_DAYS = 240
_SEED = 20260101
_CAUSES = ("progress", "back", "lost")
Days = npt.NDArray[np.float64]


def cumulative_incidence(
    segment: str, stage: str, episodes: int = EPISODES, scenario: Scenario = DEFAULT
) -> dict[str, list[float]]:
    """Shares that moved on, moved back or are known to be lost within 1..240 days of entering the stage."""
    cell, place = scenario.cells[segment, stage], STAGES.index(stage)
    rng = generator(_SEED, scenario.segments.index(segment), place)
    begin = rng.random(episodes)
    stay = np.maximum(plan.MIN_STAY_DAYS, rng.gamma(2.0, cell.mean_days / 2, episodes))
    draw = rng.random(episodes)
    cause = np.where(draw < cell.progress, 0, np.where(draw < cell.progress + cell.back, 1, 2))
    entered, left = by_day(begin), by_day(begin + stay)
    silent = by_day(begin + _last_touch(rng, stay, plan.TOUCHES_PER_DAY[stage])) + plan.SILENCE_DAYS[stage]
    low, high = plan.LOSS_WRITTEN_DAYS
    written = rng.random(episodes) < _written_share(scenario, segment, place)
    told = left + low + (high - low) * rng.random(episodes)
    known = np.where(cause < 2, left, np.where(written, told, silent)) - entered
    return {name: _within(known[cause == code], episodes) for code, name in enumerate(_CAUSES)}


def _written_share(scenario: Scenario, segment: str, place: int) -> float:
    if place == DECISION:
        return scenario.has_deal[segment] * scenario.loss_written[segment]
    return scenario.loss_written[segment] if place == RENEWAL else 0.0


def _last_touch(rng: np.random.Generator, stay: Days, rate: float) -> Days:
    low, high = plan.FIRST_GAP_DAYS
    last = low + (high - low) * rng.random(stay.size)
    going = np.ones(stay.size, dtype=bool)
    while going.any():
        following = last + np.minimum(rng.exponential(1 / rate, stay.size), plan.MAX_GAP_DAYS)
        going &= following < stay
        last = np.where(going, following, last)
    return last


def _within(known: Days, episodes: int) -> list[float]:
    counts = np.searchsorted(np.sort(known), np.arange(1, HORIZON_DAYS + 1), side="right")
    return [round(float(share), 4) for share in counts / episodes]


def drop_off(scenario: Scenario = DEFAULT) -> dict[str, Any]:
    """Content of `drop_off.json`: the cells as they are before any planted change."""
    cells = [_cell(scenario, segment, stage) for segment, stage in scenario.cells]
    about = "cumulative[cause][h-1] is the share of entries that left by that cause within h days"
    return {"silence_days": plan.SILENCE_DAYS, "episodes": EPISODES, "about": about, "cells": cells}


def _cell(scenario: Scenario, segment: str, stage: str) -> dict[str, Any]:
    cell = scenario.cells[segment, stage]
    planted = {"p_progress": cell.progress, "p_back": cell.back, "p_lost": cell.lost, "mean_days": cell.mean_days}
    return {
        "segment": segment,
        "stage": stage,
        **planted,
        "cumulative": cumulative_incidence(segment, stage, scenario=scenario),
    }


def mood_rows(scenario: Scenario = DEFAULT) -> list[tuple[str, ...]]:
    """Content of `mood.csv`."""
    return [(segment, stage, f"{cell.mood:.2f}") for (segment, stage), cell in scenario.cells.items()]


def worst(segment: str | None = None, scenario: Scenario = DEFAULT) -> dict[str, str]:
    """The cell with the highest planted loss, overall or in one segment."""
    among = {key: cell.lost for key, cell in scenario.cells.items() if segment in {None, key[0]}}
    found = max(among, key=lambda key: among[key])
    return {"segment": found[0], "stage": found[1]}


def entries_in_window(stories: Iterable[Story]) -> dict[str, dict[str, int]]:
    """Stage entries between the first and the last exported day, by segment and stage."""
    found = {story.person.segment for story in stories}
    segments = (*plan.SEGMENTS, *sorted(found.difference(plan.SEGMENTS)))
    counts = {segment: dict.fromkeys(STAGES, 0) for segment in segments}
    for story in stories:
        for life in story.person.lives:
            for episode in life.episodes:
                inside = plan.WINDOW_START <= episode.entered < plan.WORLD_DAYS
                counts[story.person.segment][STAGES[episode.stage]] += inside
    return counts


def at_the_edges(stories: Sequence[Story]) -> dict[str, int]:
    """How many journeys the window cuts: under way when it opens, and open when it closes."""
    lives = [life for story in stories for life in story.person.lives]
    started = [life for life in lives if life.episodes[0].entered < plan.WORLD_DAYS]
    truncated = [
        life
        for life in started
        if life.episodes[0].entered < plan.WINDOW_START <= max(touch for e in life.episodes for touch in e.touches)
    ]
    visible = [life for life in started if max(t for e in life.episodes for t in e.touches) >= plan.WINDOW_START]
    return {
        "journeys_in_window": len(visible),
        "left_truncated": len(truncated),
        "open_at_end": sum(life.ends_at() >= plan.WORLD_DAYS for life in visible),
        "won_in_window": sum(life.is_won and life.ends_at() < plan.WORLD_DAYS for life in visible),
    }
