"""A small whole world of journey tables, simulated with a fixed seed; enough to run the step end to end."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import numpy as np
import pyarrow as pa
import pytest

from journey_mining.project import Knowledge, Settings
from journey_mining.scoring.metric import Thresholds
from journey_mining.scoring.occupancy import Reader
from support import NOON, given

START, AS_OF = NOON, NOON + timedelta(days=200)


@pytest.fixture
def reader() -> Reader:
    return Reader(thresholds=Thresholds(small=10, thin=30), confidence=0.95)


@pytest.fixture
def project() -> SimpleNamespace:
    return SimpleNamespace(settings=Settings(), knowledge=Knowledge())


def _life(rng: np.random.Generator, number: int, world: dict[str, list[tuple]]) -> None:
    """One customer: research, then decision, then won; lost by silence on the way with probability 0.3 a stage."""
    journey, person = f"j{number:04d}", f"p{number:04d}"
    at, ending, last = START + timedelta(days=float(rng.uniform(0, 190))), "open", None
    first, step = at, 0
    for episode, stage in enumerate(("research", "decision"), start=1):
        moves = rng.random() > 0.3
        leaves = at + timedelta(days=float(rng.gamma(2, 5)) if moves else 30)
        known = leaves <= AS_OF
        cause = "open" if not known else "progress" if moves else "lost"
        step += 1
        world["journey_step"].append((journey, step, f"e{number}-{step}", person, "site", stage, at, "", "web", "view"))
        how = "silence" if cause == "lost" else None
        following = "decision" if moves and known and stage == "research" else None
        world["stage_episode"].append(
            (journey, episode, person, stage, at, leaves if known else None, cause, following, 1, 0.0, True, True, how)
        )
        last, at = (at, leaves)
        if cause != "progress":
            ending = "open" if cause == "open" else "silent"
            break
    else:
        ending = "won"
    ended = None if ending == "open" else at
    furthest = "decision" if step > 1 else "research"
    world["journey"].append((journey, person, first, last, ended, ending, step, furthest, False))
    world["segment_member"].append((journey, "smb" if number % 3 else "corp"))


@pytest.fixture
def world(warehouse):
    """Tables of 600 customers in two segments, with texts and answers of every third."""
    rng = np.random.Generator(np.random.PCG64(7))
    rows: dict[str, list[tuple]] = {n: [] for n in ("journey_step", "stage_episode", "journey", "segment_member")}
    for number in range(600):
        _life(rng, number, rows)
    given(warehouse, "run_setting", "as_of observed_from silence_days", [(AS_OF, START, 30.0)])
    given(warehouse, "segment", "segment segment_no", [("all", 0), ("smb", 1), ("corp", 2), ("unknown", 3)])
    stages = [("research", 1, 30.0, "Выбор", "Research"), ("decision", 2, 30.0, "Решение", "Decision")]
    given(warehouse, "stage", "stage stage_no silence_days name_ru name_en", stages)
    given(warehouse, "touchpoint", "touchpoint name_ru name_en", [("site", "Сайт", "Site")])
    _write(warehouse, rows)
    given(warehouse, "journey_skip", "journey_id stage", [])
    given(
        warehouse,
        "order_tie",
        "segment tied_count event_count customer_count journey_count",
        [("all", 9, 900, 600, 600)],
    )
    voices = [(f"e{n}-1", f"p{n:04d}", f"j{n:04d}", "research", START + timedelta(minutes=n)) for n in range(0, 600, 3)]
    given(warehouse, "voice_event", "event_id person_id journey_id stage occurred_at", voices)
    moods = [(-0.5, "negative", 0.1) if i % 2 else (0.25, "positive", 0.75) for i in range(len(voices))]
    told = [(v[0], *mood) for v, mood in zip(voices, moods, strict=True)]
    given(warehouse, "sentiment", "event_id score label satisfaction", told)
    given(warehouse, "event_text", "event_id text language", [(v[0], f"text {v[0]}", "en") for v in voices])
    _write_events(warehouse, rows["journey_step"], {v[0]: i for i, v in enumerate(voices)})
    return warehouse


def _write_events(warehouse, steps: list[tuple], voices: dict[str, int]) -> None:
    """Every step is an event of the customer; some of those who wrote also recommend."""
    kinds = {event: "nps" if number % 5 == 0 else "view" for event, number in voices.items()}
    events = [
        (
            s[2],
            "survey",
            kinds.get(s[2], "view"),
            0.8 if s[2] in kinds else None,
            s[6],
            "exact",
            "customer",
            "in",
            "view",
        )
        for s in steps
    ]
    columns = "event_id source event_kind score_norm occurred_at ts_quality actor_type direction activity_raw"
    texts = ("exclude", "currency", "customer_type", "utm_source", "utm_medium")
    empty = {"amount": pa.float64(), **dict.fromkeys(texts, pa.string())}
    full = [(*event, *[None] * len(empty)) for event in events]
    given(warehouse, "event", f"{columns} {' '.join(empty)}", full, score_norm=pa.float64(), **empty)
    types = {"object_type": pa.string(), "object_id": pa.string(), "event_id": pa.string()}
    given(warehouse, "event_object", " ".join(types), [], **types)
    told = [(s[2], s[3], s[1], "survey", "view", s[6], "r1", True, None) for s in steps]
    person_event = "event_id person_id event_no source event_kind occurred_at rule_id is_life_sign outcome"
    given(warehouse, "person_event", person_event, told)


def _write(warehouse, rows: dict[str, list[tuple]]) -> None:
    steps = "journey_id step_no event_id person_id touchpoint stage occurred_at order_key channel event_kind"
    episodes = (
        "journey_id episode_no person_id stage entered_at exited_at cause next_stage event_count delay_days "
        "is_entry_observed is_first_entry lost_how"
    )
    journeys = "journey_id person_id started_at last_event_at ended_at ending event_count furthest_stage"
    given(warehouse, "journey_step", steps, rows["journey_step"])
    given(warehouse, "stage_episode", episodes, rows["stage_episode"], exited_at=pa.timestamp("us"))
    given(warehouse, "journey", f"{journeys} is_left_uncertain", rows["journey"], ended_at=pa.timestamp("us"))
    given(warehouse, "segment_member", "journey_id segment", rows["segment_member"])
