"""`knowledge/*.toml`: what people declare. It is drawn on the map and always marked as declared."""

from __future__ import annotations

from typing import Literal

from journey_mining.project.values import Strict


class PersonaLine(Strict):
    """One line of a persona card."""

    ru: str
    en: str
    value_ru: str
    value_en: str


class Persona(Strict):
    """A declared portrait of a segment."""

    segment: str
    name_ru: str
    name_en: str
    line: tuple[PersonaLine, ...] = ()


class StageKnowledge(Strict):
    """What the company believes about a stage, for one segment or for all ('')."""

    stage: str
    segment: str = ""
    goal_ru: str = ""
    goal_en: str = ""


class Action(Strict):
    """Something the company does or plans about a stage."""

    id: str
    stage: str
    segment: str = ""
    ru: str
    en: str
    status: Literal["idea", "in_progress", "done"] = "idea"
    owner: str = ""
    effect_ru: str = ""
    effect_en: str = ""


class IntendedPath(Strict):
    """The order of stages that the company intends."""

    segment: str = ""
    stages: tuple[str, ...]


class Knowledge(Strict):
    """Everything in `knowledge/`."""

    persona: tuple[Persona, ...] = ()
    stage: tuple[StageKnowledge, ...] = ()
    action: tuple[Action, ...] = ()
    intended: tuple[IntendedPath, ...] = ()
