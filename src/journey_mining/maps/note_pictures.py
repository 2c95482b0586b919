"""The values of the data page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from journey_mining.maps.heads import Name, SegmentHead, StageHead
from journey_mining.maps.numbers import Count, Number


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNote:
    """State of one source."""

    source: str
    system: str
    role: str
    is_decisive: bool
    fresh_until: datetime | None
    lag_hours: float
    """hours behind the freshest source"""
    events: int
    files_loaded: int
    files_rejected: int
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    rows_collapsed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadProblem:
    """A rejected file, or quarantined rows by reason."""

    source: str
    stream: str
    path: str
    code: str
    message: str
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmapped:
    """A kind of event that no rule knows."""

    source: str
    event_kind: str
    activity: str
    events: int
    customers: Count
    suggested: Name | None
    suggestion_share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricNote:
    """One row of the list of all numbers."""

    estimand: str
    segment: SegmentHead
    stage: StageHead | None
    number: Number


@dataclass(frozen=True, slots=True, kw_only=True)
class DataNotes:
    """Where the numbers come from."""

    sources: tuple[SourceNote, ...]
    problems: tuple[LoadProblem, ...]
    unmapped: tuple[Unmapped, ...]
    exclusions: tuple[tuple[str, int], ...]
    """excluded events by reason"""
    metrics: tuple[MetricNote, ...]

    @property
    def rejected_files(self) -> tuple[LoadProblem, ...]:
        """Files of which nothing was loaded; other problems count the rows they cost."""
        return tuple(problem for problem in self.problems if problem.path and not problem.rows)
