"""A published state of three journeys, one of them in a segment too small to be shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest

from journey_mining.event_logs import LogFormat, LogLevel, export_log
from journey_mining.project import Project
from journey_mining.warehouse import DuckDBWarehouse
from source_place import Place
from support import at, given

Export = Callable[..., Path]
STEPS = [
    ("j1", 1, "a1", "p1", "site", "research", at("2026-04-01T07:00"), "web", "pageview"),
    ("j1", 2, "a2", "p1", "call & visit", "decision", at("2026-04-02T08:00:00.250"), "phone", "call"),
    ("j1", 3, "a3", "p1", "", "decision", at("2026-04-02T08:00:00.250"), "crm", "deal_won"),
    ("j2", 1, "b1", "p2", "site", "research", at("2026-04-03T00:00"), "web", "pageview"),
    ("j2", 2, "b2", "p2", "site", "research", at("2026-04-03T00:01"), "web", "pageview"),
    ("j9", 1, "z1", "p9", "secret", "research", at("2026-04-04T00:00"), "web", "pageview"),
]
STAYS = [
    ("j1", 1, "research", at("2026-04-01T07:00")),
    ("j1", 2, "decision", at("2026-04-02T08:00")),
    ("j2", 1, "research", at("2026-04-03T00:00")),
    ("j9", 1, "research", at("2026-04-04T00:00")),
]
JOURNEYS = [("j1", "p1", "won", "decision"), ("j2", "p2", "open", None), ("j9", "p9", "lost", "research")]
OBJECTS = [
    ("a2", "deal", "7", "subject"),
    ("a3", "deal", "7", "subject"),
    ("b1", "ticket", "7", None),
    ("z1", "deal", "9", "x"),
]


def publish(path: Path) -> None:
    with DuckDBWarehouse(path) as warehouse:
        stamp = {"occurred_at": pa.timestamp("us")}
        names = "journey_id step_no event_id person_id touchpoint stage occurred_at channel event_kind"
        given(warehouse, "journey_step", names, STEPS, **stamp)
        actors = [(step[2], "system" if step[2] == "a3" else "customer", "src") for step in STEPS]
        given(warehouse, "event", "event_id actor_type source", actors)
        given(warehouse, "event_object", "event_id object_type object_id qualifier", OBJECTS)
        given(warehouse, "journey", "journey_id person_id ending furthest_stage", JOURNEYS)
        given(warehouse, "segment_member", "journey_id segment", [("j1", "smb"), ("j2", "corp")])
        given(
            warehouse, "stage_episode", "journey_id episode_no stage entered_at", STAYS, entered_at=pa.timestamp("us")
        )


@pytest.fixture
def published(tmp_path: Path) -> Project:
    project = Place(tmp_path).project
    publish(project.warehouse_file)
    return project


@pytest.fixture
def export(published: Project) -> Export:
    def write(form: str, name: str, *, segment: str = "all", level: str = "touchpoint") -> Path:
        out = published.root / name
        export_log(published, out=out, form=LogFormat(form), segment=segment, level=LogLevel(level))
        return out

    return write
