"""What a dry run of a source came to: plain values for the terminal and for tests.

Values of cells are masked unless they were asked for; everything else is counts, names of columns and of codes.
"""

from __future__ import annotations

from dataclasses import dataclass

from journey_mining.report import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCheck:
    """One file."""

    name: str
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    rows_collapsed: int
    rejected: str = ""
    """why the whole file was refused"""
    over_limit: bool = False
    """whether a run would refuse it for its share of bad rows"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnCheck:
    """A column of the spec and what the files hold for it."""

    name: str
    filled_count: int
    is_key: bool = False
    near: tuple[str, ...] = ()
    """headings of the files that nobody claims and that may be meant"""
    bad_values: tuple[tuple[str, int], ...] = ()
    """reasons for which values were left out, and how many"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """Rows that were set aside for one reason."""

    reason: str
    column_name: str
    row_count: int
    lines: tuple[int, ...]
    """the first of them"""
    texts: tuple[str, ...] = ()
    """what stands there, if it was asked for"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamCheck:
    """One stream."""

    id: str
    globs: tuple[str, ...]
    files: tuple[FileCheck, ...]
    columns: tuple[ColumnCheck, ...]
    unmapped: tuple[tuple[str, int], ...]
    """headings that no column claims, and in how many rows they hold something"""
    rejects: tuple[Reject, ...]
    rows: tuple[dict[str, str], ...]
    """some parsed rows, masked"""
    current_count: int = 0
    """records after merging"""

    def total(self, what: str) -> int:
        """Rows of all files: `rows_read`, `rows_accepted`, ..."""
        return sum(int(getattr(file, what)) for file in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCheck:
    """Events of one kind."""

    event_kind: str
    event_count: int
    named_share: float
    """share of them that name somebody"""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentifierCheck:
    """One kind of identifier."""

    kind: str
    event_count: int
    value_count: int
    most_events: int
    """events that share the commonest value: thousands mean a placeholder"""
    blocked_count: int
    """values that never join people: placeholders, shared mailboxes"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmapped:
    """An activity that no rule of stages.toml takes."""

    event_kind: str
    activity: str
    event_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCheck:
    """One source."""

    source: str
    folder: str
    faults: tuple[Problem, ...] = ()
    """the spec or its SQL is wrong: nothing else could be tried"""
    streams: tuple[StreamCheck, ...] = ()
    unclaimed: tuple[str, ...] = ()
    """files of its folder in the inbox that no stream takes"""
    kinds: tuple[KindCheck, ...] = ()
    identifiers: tuple[IdentifierCheck, ...] = ()
    problems: tuple[Problem, ...] = ()
    """what a run would complain of"""
    first_at: str = ""
    last_at: str = ""
    mapped_share: float | None = None
    """share of events that a rule of stages.toml takes"""
    unmapped: tuple[Unmapped, ...] = ()
    text_count: int = 0
    advice: tuple[str, ...] = ()
    """what to change, in sentences"""

    @property
    def has_files(self) -> bool:
        """Whether there was anything to try."""
        return any(stream.files for stream in self.streams)

    @property
    def is_failed(self) -> bool:
        """Whether the spec is wrong, or nothing of what lies there can be taken."""
        accepted = sum(stream.total("rows_accepted") for stream in self.streams)
        return bool(self.faults) or (self.has_files and not accepted)
