"""`segments.toml`: named groups of customers, by facts known before the journey began to be measured."""

from __future__ import annotations

from pydantic import Field, model_validator

from journey_mining.project.stages import When
from journey_mining.project.values import Named, Strict


class Segment(Named):
    """One group; it takes a journey when any of its conditions holds for the journey's deciding event."""

    about_ru: str = ""
    """one line in Russian: who they are"""
    about_en: str = ""
    """one line: who they are"""
    any: tuple[When, ...] = Field(min_length=1)


class Segments(Strict):
    """All of `segments.toml`. The first segment in the file that matches wins.

    The deciding event is the journey's first event (`facts = "first_event"`), which always shows a stage, or its first
    event that any segment recognises (`facts = "first_match"`): then those who go far are recognised more often, and
    early stages look better than they are.
    """

    facts: str = Field(default="first_event", pattern="^(first_event|first_match)$")
    """which event of a journey decides its segment"""
    segment: tuple[Segment, ...] = ()

    @model_validator(mode="after")
    def _ids_differ(self) -> Segments:
        ids = [s.id for s in self.segment]
        reserved = {"all", "unknown"} & set(ids)
        if len(set(ids)) != len(ids) or reserved:
            message = f"segment ids must differ and may not be {sorted(reserved) or 'repeated'}"
            raise ValueError(message)
        return self
