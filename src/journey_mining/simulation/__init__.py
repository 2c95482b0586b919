"""A simulated hosting company with planted truths: the sample data and the acceptance oracle of the pipeline."""

from __future__ import annotations

from journey_mining.simulation.lives import Episode, Life, live
from journey_mining.simulation.plan import CELLS, SEGMENTS, SILENCE_DAYS, STAGES
from journey_mining.simulation.scenarios import SCENARIOS, Scenario, scenario_named
from journey_mining.simulation.truth import cumulative_incidence
from journey_mining.simulation.world import WorldSummary, WrittenFile, write_world

__all__ = [
    "CELLS",
    "SCENARIOS",
    "SEGMENTS",
    "SILENCE_DAYS",
    "STAGES",
    "Episode",
    "Life",
    "Scenario",
    "WorldSummary",
    "WrittenFile",
    "cumulative_incidence",
    "live",
    "scenario_named",
    "write_world",
]
