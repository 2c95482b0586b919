"""How old the published data are by the clock: the one gate that fails on a night on which nothing came.

In: `source_status` of the published warehouse, the time. Out: sources beyond their limit. Nothing is written: the same
files make the same tables, whenever they are read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from journey_mining.errors import JourneyMiningError
from journey_mining.gates.measure import FAIL, WARN, standing_of
from journey_mining.project import Project
from journey_mining.report import Problem
from journey_mining.warehouse import DuckDBWarehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceAge:
    """A source that is older than its gate allows."""

    source: str
    until: datetime
    """naive UTC"""
    hours: float
    standing: str
    """warn or fail"""

    @property
    def problem(self) -> Problem:
        """The age as something to act on."""
        return Problem(
            code="GATE_FAIL" if self.standing == FAIL else "GATE_WARN",
            where=f"{self.source}/freshness",
            text=f"{self.source}: freshness {self.standing}s: nothing newer than {self.until:%Y-%m-%d %H:%M} UTC, "
            f"{self.hours:.0f} hours ago. Ask for its exports.",
        )


def old_sources(project: Project, *, now: datetime) -> tuple[SourceAge, ...]:
    """Published sources beyond the limit of freshness at `now` (UTC); none where nothing is published."""
    moment = now.astimezone(UTC).replace(tzinfo=None) if now.tzinfo else now
    found = []
    for source, until in _known_until(project):
        hours = (moment - until).total_seconds() / 3600
        standing = standing_of("freshness", hours, project.settings.gates.limit("freshness", source))
        if standing in (WARN, FAIL):
            found.append(SourceAge(source=source, until=until, hours=hours, standing=standing))
    return tuple(found)


def _known_until(project: Project) -> list[tuple[str, datetime]]:
    if not project.warehouse_file.is_file():
        return []
    try:
        with DuckDBWarehouse(project.warehouse_file, read_only=True) as warehouse:
            rows = warehouse.execute(
                "select source, fresh_until from source_status where fresh_until is not null order by source"
            )
    except JourneyMiningError:
        return []
    return [(str(source), until) for source, until in rows]
