"""What a step says of itself: counts and problems, never rows and never a personal value."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something a person should act on; the run went on regardless."""

    code: str
    """stable code, for example FILE_REJECTED"""
    where: str
    """file, source or table"""
    text: str
    """what happened, what was expected, what to do"""
    is_file: bool = False
    """`where` is a delivered file of which nothing was taken"""
    is_notice: bool = False
    """worth knowing, but no reason for a run to end with an exit code of its own"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReport:
    """Result of one step of the line."""

    counts: dict[str, int] = field(default_factory=dict)
    """named row counts, in the order they should be printed"""
    problems: tuple[Problem, ...] = ()
