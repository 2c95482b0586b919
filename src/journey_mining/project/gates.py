"""`[gates]` of `journey.toml`: how good each source must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from journey_mining.project.values import PositiveDuration, Slug, Strict

_Share = Annotated[float, Field(gt=0, lt=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class GateLimit:
    """Where a gate warns and where it fails, in the unit of its value; none where it does not."""

    warn: float | None = None
    fail: float | None = None


class LowGate(Strict):
    """A value that should not be low."""

    warn: _Share | None = None
    """below it the pages and the summary warn"""
    fail: _Share | None = None
    """below it the source is red, and alarms about behaviour are muted"""

    @model_validator(mode="after")
    def _fails_after_warning(self) -> Self:
        if self.warn is not None and self.fail is not None and self.fail > self.warn:
            message = f"fail ({self.fail}) must not be above warn ({self.warn})"
            raise ValueError(message)
        return self


class HighGate(Strict):
    """A value that should not be high."""

    warn: _Share | None = None
    """above it the pages and the summary warn"""
    fail: _Share | None = None
    """above it the source is red, and alarms about behaviour are muted"""

    @model_validator(mode="after")
    def _fails_after_warning(self) -> Self:
        if self.warn is not None and self.fail is not None and self.fail < self.warn:
            message = f"fail ({self.fail}) must not be below warn ({self.warn})"
            raise ValueError(message)
        return self


class AgeGate(Strict):
    """A time that should not be long."""

    warn: PositiveDuration | None = None
    """from that age on the pages and the summary warn"""
    fail: PositiveDuration | None = None
    """from that age on the source is red, and alarms about behaviour are muted"""

    @model_validator(mode="after")
    def _fails_after_warning(self) -> Self:
        if self.warn is not None and self.fail is not None and self.fail < self.warn:
            message = "fail must not be shorter than warn"
            raise ValueError(message)
        return self


class SourceGates(Strict):
    """Limits for every source, or for one."""

    coverage: LowGate | None = None
    """share of its events that a rule of stages.toml recognises"""
    freshness: AgeGate | None = None
    """how far it may be behind the freshest source, and behind the clock"""
    match_rate: LowGate | None = None
    """share of its people who are known from another source too"""
    quarantine: HighGate | None = None
    """share of its rows that could not be taken"""
    volume: LowGate | None = None
    """events of its last whole day against the same weekday before; 0.5 means half as many, or twice"""


class GateSettings(SourceGates):
    """All of `[gates]`."""

    on_fail: Literal["publish", "stop"] = "publish"
    """whether a gate that fails keeps tonight's site from being published"""
    source: Mapping[Slug, SourceGates] = {}
    """limits of one source, which replace those of all"""

    def limit(self, gate: str, source: str) -> GateLimit:
        """The limit in force for a gate of a source; hours where it is a time."""
        own = getattr(self.source.get(source), gate, None)
        chosen = own if own is not None else getattr(self, gate)
        if chosen is None:
            return GateLimit()
        return GateLimit(warn=_number(chosen.warn), fail=_number(chosen.fail))


def _number(value: float | timedelta | None) -> float | None:
    return value.total_seconds() / 3600 if isinstance(value, timedelta) else value
