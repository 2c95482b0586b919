"""Quarantined rows read again under the present spec, also where their file is gone.

In: the cells that `raw_*` keeps of every row, and what still lies in the inbox of the streams concerned. Out: how many
rows came back, by reason. A load does the same by itself once a spec has changed; this does it without taking new files
of other streams, and says what came of it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from journey_mining.project import Project
from journey_mining.sources.loader import open_load
from journey_mining.sources.staging import QUARANTINE
from journey_mining.warehouse.duckdb_warehouse import DuckDBWarehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried:
    """What became of the quarantined rows of one stream that were there for one reason."""

    source: str
    stream: str
    reason: str
    came_back: int
    """rows that are taken now"""
    stays: int
    """rows that are in quarantine still, for this or another reason"""
    needs_file: int
    """of those that stay, rows that could not be split: only their file, back in the inbox, can bring them"""


_Row = tuple[str, str, str, int, int | None, str]
"""source, stream, file id, line, number of the record, reason"""


def retry_quarantine(project: Project, *, now: datetime) -> tuple[Retried, ...]:
    """Read quarantined rows again under the present specs; by source, stream and reason.

    Rows of files that were rejected as a whole are not among them: nothing of these was stored.

    Raises:
        SpecError: a spec cannot be understood.
        ModelError: the private database cannot be opened.
    """
    if not project.raw_file.is_file():
        return ()
    with open_load(project, now=now) as load:
        before = _quarantined(load.warehouse)
        load.renew()
        load.take(load.claims.taken, only=load.reread)
        load.catch_up()
        after = {row[:5] for row in _quarantined(load.warehouse)}
    stays = Counter(_place(row) for row in before if row[:5] in after)
    unsplit = Counter(_place(row) for row in before if row[:5] in after and row[4] is None)
    found = Counter(map(_place, before))
    return tuple(
        Retried(
            source=place[0],
            stream=place[1],
            reason=place[2],
            came_back=count - stays[place],
            stays=stays[place],
            needs_file=unsplit[place],
        )
        for place, count in sorted(found.items())
    )


def _place(row: _Row) -> tuple[str, str, str]:
    return row[0], row[1], row[5]


def _quarantined(warehouse: DuckDBWarehouse) -> list[_Row]:
    rows = warehouse.execute(f"select source, stream, file_id, line, record, reason from {QUARANTINE} order by all")
    return [(str(r[0]), str(r[1]), str(r[2]), int(r[3]), r[4], str(r[5])) for r in rows]
