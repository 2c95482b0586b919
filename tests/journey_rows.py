"""Journeys written as short strings, for tests of paths: `abc` is three steps at a, b, c, a minute apart."""

from __future__ import annotations

from datetime import timedelta

from journey_mining.warehouse import Warehouse
from support import NOON, given


def write_journeys(
    warehouse: Warehouse, *traces: tuple[str, str], people: str = "", uncertain: tuple[int, ...] = ()
) -> None:
    """Write the tables of journeys; each letter is a touchpoint and a stage, stages in the order of
    the alphabet; the second text is the ending."""
    steps, rows, episodes = [], [], []
    for number, (trace, ending) in enumerate(traces):
        journey, person = f"j{number:03d}", people[number] if people else f"p{number}"
        at = [NOON + timedelta(minutes=i) for i in range(len(trace))]
        rows.append((journey, person, NOON, at[-1] if at else NOON, ending, number in uncertain, None))
        steps += [(journey, i, f"e{number}-{i}", person, x, at[i - 1]) for i, x in enumerate(trace, 1)]
        episodes += [(journey, i, person, x) for i, x in enumerate(trace, 1)]
    columns = "journey_id person_id started_at last_event_at ending is_left_uncertain reactivated_from"
    given(warehouse, "journey", columns, rows)
    given(warehouse, "journey_step", "journey_id step_no event_id person_id touchpoint occurred_at", steps)
    given(warehouse, "stage_episode", "journey_id episode_no person_id stage", episodes)
    given(warehouse, "segment_member", "journey_id segment", [(row[0], "smb") for row in rows])
    stages = sorted({stage for trace, _ in traces for stage in trace})
    given(warehouse, "stage", "stage stage_no", [(stage, number) for number, stage in enumerate(stages, 1)])
