"""What the results of each group are held against: ratios and seconds computed from the committed results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Results = dict[str, dict[str, Any]]
"""measures of a group by name"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """A figure that should be at most so much."""

    says: str
    most: float
    reached: Callable[[Results], float | None]
    """none where its measure was not taken"""
    unit: str = "x"
    why: str = ""
    """what the profile shows, where it is missed"""


_LOADING = (
    "Each row is split by Python's csv or json, so that a bad one can be told with its line, and written four times: "
    "as text, as it arrives, as a version, and in the current table."
)
_MEMORY = "The engine is held to 1 GB while loading and fills that before it goes to disk."
_UPSERT = (
    "The batch itself is cheap; all versions are ranked and the current table is written anew, so that it depends "
    "on the set of files and never on their order."
)
_IDENTITY = (
    "A third of ours is reading the observations, making pairs distinct and cutting hubs, which all do alike; most of "
    "the rest is the first round: hooking, jumping to the roots, and replacing the ends of all edges."
)
_NIGHT = (
    "Only loading and texts are spared: the day moves the cutoff, and with it every horizon, share and interval "
    "(ADR 36)."
)


def _cost(measure: str, contender: str, cost: str = "cpu_seconds") -> Callable[[Results], float | None]:
    def told(results: Results) -> float | None:
        costs = results.get(measure, {}).get("contenders", {}).get(contender, {}).get(cost)
        return None if costs is None else float(costs["median"])

    return told


def _ratio(
    measure: str, first: str, second: str, cost: str = "cpu_seconds", other: str = ""
) -> Callable[[Results], float | None]:
    """The cost of the first contender as a multiple of that of the second, who may stand in another measure."""
    above, below = _cost(measure, first, cost), _cost(other or measure, second, cost)

    def told(results: Results) -> float | None:
        a, b = above(results), below(results)
        return None if a is None or not b else a / b

    return told


def _above(measure: str, first: str, second: str) -> Callable[[Results], float | None]:
    above, below = _cost(measure, first), _cost(measure, second)

    def told(results: Results) -> float | None:
        a, b = above(results), below(results)
        return None if a is None or b is None else a - b

    return told


def rows_of(group: str, results: Results) -> list[tuple[str, str, str, str]]:
    """(goal, at most, reached, verdict) of each goal of a group that was measured."""
    found = []
    for goal in GOALS.get(group, ()):
        reached = goal.reached(results)
        if reached is not None:
            found.append((goal.says, _shown(goal.most, goal.unit), _shown(reached, goal.unit), _verdict(goal, reached)))
    return found


def _shown(value: float, unit: str) -> str:
    digits = 3 if value < 0.1 else 2 if value < 10 else 1
    return f"{value:.{digits}f}{'x' if unit == 'x' else f' {unit}'}"


def _verdict(goal: Goal, reached: float) -> str:
    if reached <= goal.most:
        return "met"
    return f"missed, {reached / goal.most:.1f} times the goal. {goal.why}".rstrip()


GOALS: dict[str, tuple[Goal, ...]] = {
    "identity": (
        Goal(
            says="CPU of scipy, ten million observations",
            most=0.8,
            reached=_ratio("10000000", "ours", "scipy"),
            why=_IDENTITY,
        ),
        Goal(
            says="CPU of splink, ten million",
            most=0.4,
            reached=_ratio("10000000", "ours", "splink"),
            why=_IDENTITY,
        ),
        Goal(
            says="CPU of `USING KEY`, ten million",
            most=0.4,
            reached=_ratio("10000000", "ours", "using_key"),
            why=_IDENTITY,
        ),
        Goal(
            says="CPU of `USING KEY` on a chain of a million",
            most=0.1,
            reached=_ratio("path", "ours", "using_key"),
        ),
    ),
    "loading": (
        Goal(
            says="CSV: work beside pandas' bare parser",
            most=2.3,
            reached=_ratio("csv", "ours", "pandas", "work_cpu_seconds"),
            why=_LOADING,
        ),
        Goal(says="CSV: CPU of pandas' whole process", most=0.6, reached=_ratio("csv", "ours", "pandas"), why=_LOADING),
        Goal(
            says="NDJSON: CPU of pyarrow's whole process",
            most=0.6,
            reached=_ratio("ndjson", "ours", "pyarrow"),
            why=_LOADING,
        ),
        Goal(
            says="peak memory of four times the file",
            most=1.15,
            reached=_ratio("csv_200", "ours", "ours", "peak_mb", other="csv"),
            why=_MEMORY,
        ),
        Goal(
            says="a batch of 1 % beside loading everything",
            most=1 / 15,
            reached=_ratio("upsert", "ours_upsert", "ours_rewrite", "work_cpu_seconds"),
            why=_UPSERT,
        ),
    ),
    "night": (Goal(says="CPU of a rebuild", most=0.2, reached=_ratio("day", "night", "rebuild"), why=_NIGHT),),
    "site_pages": (
        Goal(says="CPU seconds of forty segments, imports included", most=10, reached=_cost("40", "ours"), unit="s"),
    ),
    "orchestrator": (
        Goal(
            says="above `journey run`, embedded server",
            most=20,
            reached=_above("run", "prefect_embedded", "line"),
            unit="s",
        ),
        Goal(
            says="above `journey run`, running server",
            most=4,
            reached=_above("run", "prefect_server", "line"),
            unit="s",
        ),
    ),
    "start": (Goal(says="CPU seconds of `journey --help`", most=0.5, reached=_cost("help", "help"), unit="s"),),
}
