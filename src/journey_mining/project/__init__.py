"""The project folder: everything a user writes, read into frozen typed values.

In: `journey.toml`, `stages.toml`, `segments.toml`, `knowledge/*.toml`. Out: one `Project`.
"""

from __future__ import annotations

from journey_mining.project.folder import Project, init_project, load_project, template_ids
from journey_mining.project.gates import GateLimit, GateSettings, SourceGates
from journey_mining.project.knowledge import (
    Action,
    Expectation,
    IntendedPath,
    Knowledge,
    PathStep,
    Persona,
    PersonaLine,
    StageKnowledge,
    Target,
)
from journey_mining.project.notify import MailSettings, NotifySettings, TelegramSettings, WebhookSettings
from journey_mining.project.segments import Segment, Segments
from journey_mining.project.settings import Settings
from journey_mining.project.stages import Rule, Stage, StageMap, Touchpoint, When

__all__ = [
    "Action",
    "Expectation",
    "GateLimit",
    "GateSettings",
    "IntendedPath",
    "Knowledge",
    "MailSettings",
    "NotifySettings",
    "PathStep",
    "Persona",
    "PersonaLine",
    "Project",
    "Rule",
    "Segment",
    "Segments",
    "Settings",
    "SourceGates",
    "Stage",
    "StageKnowledge",
    "StageMap",
    "Target",
    "TelegramSettings",
    "Touchpoint",
    "WebhookSettings",
    "When",
    "init_project",
    "load_project",
    "template_ids",
]
