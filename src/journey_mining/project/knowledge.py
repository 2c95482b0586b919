"""`knowledge/*.toml`: what people declare. It is drawn on the map and always marked as declared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

from pydantic import Field, model_validator

from journey_mining.project.values import Strict

_MOST_IN_ANY_ORDER = 6
"""steps of one group without order; each more doubles the ways that have to be compared"""


class PersonaLine(Strict):
    """One line of a persona card."""

    ru: str
    """what the line is about, in Russian"""
    en: str
    """what the line is about, in English"""
    value_ru: str
    """what it says, in Russian"""
    value_en: str
    """what it says, in English"""


class Persona(Strict):
    """A declared portrait of a segment."""

    segment: str
    """the segment it is a portrait of"""
    name_ru: str
    """name of the persona in Russian"""
    name_en: str
    """name of the persona in English"""
    line: tuple[PersonaLine, ...] = ()


class StageKnowledge(Strict):
    """What the company believes about a stage, for one segment or for all ('')."""

    stage: str
    """id of the stage"""
    segment: str = ""
    """'' is everybody"""
    goal_ru: str = ""
    """what these customers want here"""
    goal_en: str = ""
    """the same in English"""


class Expectation(Strict):
    """What an action is meant to change, so that its effect can be looked at later."""

    metric: str
    """an estimand of `metric_value`, such as drop_off"""
    change: float
    """expected difference: -0.05 is five percentage points less of a share"""


class Target(Strict):
    """The drop-off that the company wants a stage not to exceed."""

    stage: str
    """id of the stage"""
    segment: str = ""
    """'' is everybody"""
    drop_off: float = Field(gt=0, lt=1)
    """share lost within the horizon of the stage"""


class Action(Strict):
    """Something the company does or plans about a stage."""

    id: str
    """name in tables and links"""
    stage: str
    """id of the stage it is meant for"""
    segment: str = ""
    """'' is everybody"""
    ru: str
    """what is done, in Russian"""
    en: str
    """what is done, in English"""
    status: Literal["idea", "in_progress", "done"] = "idea"
    """how far it is"""
    owner: str = ""
    """who answers for it: a role, not a name"""
    effect_ru: str = ""
    """what is hoped for, in words"""
    effect_en: str = ""
    """the same in English"""
    since: date | None = None
    """first day on which it worked"""
    expected: Expectation | None = None


class PathStep(Strict):
    """One step of an intended path; exactly one key says what kind of step it is.

    In the file a text is a stage or touchpoint, a list is a part to be done in order, and a table has one of the keys
    `optional`, `any_of`, `in_any_order` and `repeat`, each of which may hold steps again.
    """

    id: str = ""
    """a stage or touchpoint"""
    in_order: tuple[PathStep, ...] = ()
    """one after the other"""
    optional: PathStep | None = None
    """may be left out"""
    any_of: tuple[PathStep, ...] = ()
    """exactly one of these"""
    in_any_order: tuple[PathStep, ...] = ()
    """all of these"""
    repeat: PathStep | None = None
    """once or several times"""

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if isinstance(value, str):
            return {"id": value}
        return {"in_order": value} if isinstance(value, list) else value

    @model_validator(mode="after")
    def _is_one_kind(self) -> PathStep:
        kinds = [name for name in type(self).model_fields if getattr(self, name)]
        if len(kinds) != 1:
            raise ValueError(
                "a step is a text, a list, or a table with one of optional, any_of, in_any_order, repeat; "
                f"found {kinds or 'nothing'}"
            )
        if len(self.in_any_order) > _MOST_IN_ANY_ORDER:
            raise ValueError(f"in_any_order holds {len(self.in_any_order)} steps; at most {_MOST_IN_ANY_ORDER}")
        return self

    def ids(self) -> Iterator[str]:
        """Stages and touchpoints named in the step, in the order of the file."""
        if self.id:
            yield self.id
        single = [step for step in (self.optional, self.repeat) if step]
        for step in (*self.in_order, *single, *self.any_of, *self.in_any_order):
            yield from step.ids()


class IntendedPath(Strict):
    """The way that the company intends for one segment, or for all that have no way of their own ('')."""

    segment: str = ""
    """'' is everybody who has no way of their own"""
    stages: tuple[str, ...] = ()
    """short form: stages, one after the other"""
    steps: tuple[PathStep, ...] = ()

    @model_validator(mode="after")
    def _has_one_form(self) -> IntendedPath:
        if bool(self.stages) == bool(self.steps):
            raise ValueError("an intended path has either stages or steps, and at least one of them")
        return self

    @property
    def way(self) -> tuple[PathStep, ...]:
        """The steps in order, whichever form they were written in."""
        return self.steps or tuple(PathStep(id=stage) for stage in self.stages)

    def ids(self) -> tuple[str, ...]:
        """Stages and touchpoints named in the path, in the order of the file."""
        return tuple(dict.fromkeys(name for step in self.way for name in step.ids()))


class Knowledge(Strict):
    """Everything in `knowledge/`."""

    persona: tuple[Persona, ...] = ()
    stage: tuple[StageKnowledge, ...] = ()
    action: tuple[Action, ...] = ()
    target: tuple[Target, ...] = ()
    intended: tuple[IntendedPath, ...] = ()

    @model_validator(mode="after")
    def _paths_are_one_per_segment(self) -> Knowledge:
        named = [path.segment or "all" for path in self.intended]
        repeated = sorted({name for name in named if named.count(name) > 1})
        if repeated:
            raise ValueError(f"intended path: two for the segments {repeated}; join them with any_of")
        return self
