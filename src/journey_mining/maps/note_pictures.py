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
class GateNote:
    """A quality gate of one source."""

    source: str
    system: str
    gate: str
    """coverage, freshness, match_rate, quarantine or volume"""
    value: float | None
    """hours (freshness), a ratio (volume) or a share"""
    low: float | None
    high: float | None
    base: int
    """people, events, rows or earlier days behind the value"""
    warn_at: float | None
    fail_at: float | None
    standing: str
    """ok, warn, fail, unset (no limit) or unknown (no value)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedFile:
    """A delivered file that was taken."""

    source: str
    stream: str
    path: str
    """below the inbox, without addresses and phones"""
    mark: str
    """the first signs of the hash of its contents"""
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    rows_collapsed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalPart:
    """One place, or one part, of a total."""

    name: str
    amount: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A number that several places must tell alike, or that parts must add up to."""

    name: str
    whole: TotalPart
    parts: tuple[TotalPart, ...]
    """add up to the whole"""
    others: tuple[TotalPart, ...]
    """tell the whole once more"""

    @property
    def is_equal(self) -> bool:
        """Whether everything agrees."""
        added = not self.parts or sum(part.amount for part in self.parts) == self.whole.amount
        return added and all(other.amount == self.whole.amount for other in self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """An answer about the stitching of identities: so many of a whole."""

    measure: str
    """event_tied, person_in_sources, edge or review"""
    part: str
    """source, number of sources, or reason"""
    amount: Count
    share: float | None
    """of all; None where the amount may not be shown"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a table comes from."""

    table: str
    layer: str
    """step of the line that writes it"""
    grain: str
    """what one row is"""
    made_by: str
    """SQL model or module"""
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataNotes:
    """Where the numbers come from."""

    sources: tuple[SourceNote, ...]
    problems: tuple[LoadProblem, ...]
    unmapped: tuple[Unmapped, ...]
    exclusions: tuple[tuple[str, int], ...]
    """excluded events by reason"""
    metrics: tuple[MetricNote, ...]
    files: tuple[LoadedFile, ...]
    totals: tuple[Total, ...]
    identity: tuple[Quality, ...]
    origins: tuple[Origin, ...]
    """every table behind the pages, in the order of the line"""
    gates: tuple[GateNote, ...] = ()

    @property
    def rejected_files(self) -> tuple[LoadProblem, ...]:
        """Files of which nothing was loaded; other problems count the rows they cost."""
        return tuple(problem for problem in self.problems if problem.path and not problem.rows)
