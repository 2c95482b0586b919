from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journey_mining.warehouse import DuckDBWarehouse
from journey_support import MINUTE, Row, build_tiny
from support import rows_of

STEP = "journey_id step_no event_id person_id stage occurred_at"
ACTIVITIES = ["a", "b", "c", "d", "n", "x", "won", "lost"]
HOUR = 1 / 24
# pauses that matter: none, within a session, just under an hour, days, and around the threshold of 30 days
PAUSES = [0.0, HOUR / 4, HOUR * 0.9, HOUR * 2, 3.0, 29.0, 31.0]
# building costs the same for one person as for forty, so that an example holds many of them
QUICK = settings(max_examples=2, deadline=None, derandomize=True)


@st.composite
def histories(draw: st.DrawFn) -> list[Row]:
    """Events of forty persons, tied, paused and ended in every way that cutting knows."""
    chance = random.Random(draw(st.integers(min_value=0, max_value=10**9)))
    rows: list[Row] = []
    for person in range(40):
        clock = 0.0
        for number in range(chance.randint(1, 25)):
            clock += chance.choice(PAUSES)
            what = {"act": chance.choice(ACTIVITIES), "channel": chance.choice(["web", "web", "crm"])}
            rows.append({"id": f"e{person}-{number}", "who": f"p{person}", "day": clock, **what})
    return rows


def steps(rows: Sequence[Row], columns: str = STEP, **window: Any) -> list[tuple[Any, ...]]:
    with DuckDBWarehouse() as warehouse:
        build_tiny(warehouse, rows, **{"until": 400, **window})
        return rows_of(warehouse, "journey_step", columns)


@QUICK
@given(histories(), st.randoms(use_true_random=False))
def test_the_order_of_delivery_changes_nothing(rows, chance) -> None:
    shuffled = chance.sample(rows, len(rows))
    assert steps(shuffled) == steps(rows)


@QUICK
@given(histories(), st.integers(min_value=-4000, max_value=4000))
def test_shifting_all_times_changes_no_cut(rows, shift) -> None:
    moved = [{**row, "day": row["day"] + shift} for row in rows]
    timeless = "journey_id step_no event_id stage"
    assert steps(moved, timeless, since=-100 + shift, until=400 + shift) == steps(rows, timeless)


@QUICK
@given(histories())
def test_an_unrelated_person_changes_no_other_journey(rows) -> None:
    others = [row for row in rows if row["who"] != "p7"]
    assert [step for step in steps(rows) if step[3] != "p7"] == steps(others)


@QUICK
@given(histories(), st.sampled_from(["person", "deal"]))
def test_every_event_is_in_one_journey_or_counted_outside(rows, unit) -> None:
    dealt = [{**row, "deal": f"D{n % 5}"} if n % 3 == 0 else row for n, row in enumerate(rows)]
    with DuckDBWarehouse() as warehouse:
        build_tiny(warehouse, dealt, until=90, unit=unit)
        inside = [row[0] for row in rows_of(warehouse, "journey_step", "event_id")]
        outside = [row[0] for row in rows_of(warehouse, "outside_event", "event_id")]
        counted = [row[0] for row in rows_of(warehouse, "person_event", "event_id")]
    assert sorted(inside + outside) == counted


@QUICK
@given(histories())
def test_episodes_follow_one_another_without_gap_or_overlap(rows) -> None:
    with DuckDBWarehouse() as warehouse:
        build_tiny(warehouse, rows, until=400)
        stays = rows_of(warehouse, "stage_episode", "journey_id episode_no entered_at exited_at stage")
    linked = [(one, two) for one, two in pairwise(stays) if one[0] == two[0]]
    assert all(one[3] == two[2] and one[4] != two[4] for one, two in linked)
    assert all(stay[3] is None or stay[3] >= stay[2] for stay in stays)


@QUICK
@given(histories(), st.floats(min_value=1, max_value=300))
def test_an_earlier_cutoff_never_rewrites_a_closed_journey(rows, early) -> None:
    columns = "journey_id ended_at ending event_count"
    with DuckDBWarehouse() as warehouse:
        build_tiny(warehouse, rows, until=early)
        before = [row for row in rows_of(warehouse, "journey", columns) if row[2] != "open"]
        build_tiny(warehouse, rows, until=400)
        after = rows_of(warehouse, "journey", columns)
    assert set(before) <= set(after)


@QUICK
@given(histories())
def test_an_event_stands_in_the_deals_whose_windows_hold_it(rows) -> None:
    dealt = [{**row, "deal": f"D{n % 50}"} if n % 9 == 0 else row for n, row in enumerate(rows)]
    with DuckDBWarehouse() as warehouse:
        build_tiny(warehouse, dealt, until=90, unit="deal", deal_lead="2d", deal_tail="1d")
        windows = rows_of(warehouse, "deal_window", "person_id deal_id opens_at closes_at")
        events = rows_of(warehouse, "person_event", "event_id person_id occurred_at")
        found = {row[0]: row[1:] for row in rows_of(warehouse, "near_deal", "event_id deal_id deal_count")}
    held = {e: [w[1] for w in windows if w[0] == who and w[2] <= at <= w[3]] for e, who, at in events}
    assert found == {e: (deals[0] if len(deals) == 1 else None, len(deals)) for e, deals in held.items() if deals}


@QUICK
@given(histories())
def test_a_duplicate_is_empty_and_near_to_what_stays(rows) -> None:
    # forms and deals of one matter, in pairs and crowds
    told = [{**row, "act": "a", "day": row["day"] / 50, "source": f"s{n % 2}"} for n, row in enumerate(rows)]
    held = [{**row, "text": "x"} if n % 3 == 0 else row for n, row in enumerate(told)]
    with DuckDBWarehouse() as warehouse:
        build_tiny(warehouse, held, until=400)
        pairs = rows_of(warehouse, "duplicate_event", "event_id duplicate_of")
    by_id = {row["id"]: row for row in held}
    folded = {event for event, _ in pairs}
    assert pairs
    assert not any("text" in by_id[event] or kept in folded for event, kept in pairs)
    assert all(abs(by_id[event]["day"] - by_id[kept]["day"]) <= 5 * MINUTE + 1e-9 for event, kept in pairs)


@pytest.mark.parametrize("unit", ["person", "deal"])
def test_a_second_build_gives_the_same_tables(warehouse, unit) -> None:
    rows = [{"id": f"e{n}", "act": act, "day": n / 3, "deal": f"D{n % 2}"} for n, act in enumerate(ACTIVITIES * 3)]
    build_tiny(warehouse, rows, unit=unit)
    first = [warehouse.read("stage_episode", order_by=["journey_id", "episode_no"]).to_csv(), warehouse.tables()]
    build_tiny(warehouse, rows, unit=unit)
    second = [warehouse.read("stage_episode", order_by=["journey_id", "episode_no"]).to_csv(), warehouse.tables()]
    assert first == second


@QUICK
@given(histories(), st.floats(min_value=95, max_value=179))
def test_within_a_quarter_calibrated_silence_never_rewrites_a_closed_journey(rows, early) -> None:
    columns = "journey_id ended_at ending event_count"
    thresholds = "segment stage rule days_in_force"
    with DuckDBWarehouse() as warehouse:
        build_tiny(warehouse, rows, until=early, silence_from="calibrated")
        before = [row for row in rows_of(warehouse, "journey", columns) if row[2] != "open"]
        told = rows_of(warehouse, "silence_threshold", thresholds)
        build_tiny(warehouse, rows, until=179.9, silence_from="calibrated")
        assert rows_of(warehouse, "silence_threshold", thresholds) == told
        after = rows_of(warehouse, "journey", columns)
    assert set(before) <= set(after)


@QUICK
@given(histories())
def test_sessions_are_those_that_a_walk_over_the_web_events_finds(rows) -> None:
    with DuckDBWarehouse() as warehouse:
        build_tiny(warehouse, rows, until=400)
        events = rows_of(warehouse, "person_event", "person_id event_no event_id channel occurred_at")
        found = {row[0]: row[1] for row in rows_of(warehouse, "event_session", "event_id session_no")}
    walked: dict[str, int] = {}
    number, last, person = 0, None, ""
    for who, _, event_id, channel, occurred_at in events:
        if who != person:
            number, last, person = 0, None, who
        is_near = last is not None and occurred_at - last <= timedelta(minutes=30)
        if channel == "web":
            number += 0 if is_near else 1
            last = occurred_at
        if channel == "web" or is_near:
            walked[event_id] = number
    assert found == walked
