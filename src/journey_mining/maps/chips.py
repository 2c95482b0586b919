"""Touchpoints of a stage: ours by use, then the blind spots."""

from __future__ import annotations

from collections.abc import Callable

from journey_mining.maps.heads import Name
from journey_mining.maps.map_pictures import Chip
from journey_mining.maps.numbers import ABSENT, Count, Limits, Number, Standing, count_of
from journey_mining.maps.tables import Row, Tables
from journey_mining.project import Project, Touchpoint
from journey_mining.vocabulary import OTHER

_NOBODY = Count(value=0, standing=Standing.NO_DATA)


def chips_of(
    tables: Tables,
    project: Project,
    segment: str,
    stage: str,
    limits: Limits,
    is_use_hidden: Callable[[Row], bool],
) -> tuple[Chip, ...]:
    """Touchpoints used in a stage, then those that people declared and no event shows."""
    known = {touchpoint.id: touchpoint for touchpoint in project.stages.touchpoint}
    used = [
        _used(row, known.get(row["touchpoint"]), limits, is_hidden=is_use_hidden(row))
        for row in tables.of("touchpoint_use", segment, stage=stage)
        if row["touchpoint"] not in ("", OTHER)
    ]
    seen = {chip.touchpoint for chip in used}
    declared = [
        Chip(
            touchpoint=touchpoint.id,
            name=Name(ru=touchpoint.ru, en=touchpoint.en),
            icon=touchpoint.icon,
            is_ours=touchpoint.ours,
            is_declared=True,
            customers=_NOBODY,
            mood=ABSENT,
        )
        for touchpoint in project.stages.touchpoint
        if touchpoint.stage == stage and touchpoint.id not in seen
    ]
    used.sort(key=lambda chip: (not chip.is_ours, -(chip.customers.value or 0), chip.touchpoint))
    return (*used, *declared)


def _used(row: Row, touchpoint: Touchpoint | None, limits: Limits, *, is_hidden: bool) -> Chip:
    identity = row["touchpoint"]
    return Chip(
        touchpoint=identity,
        name=Name(ru=touchpoint.ru, en=touchpoint.en) if touchpoint else Name(ru=identity, en=identity),
        icon=touchpoint.icon if touchpoint else "dot",
        is_ours=touchpoint.ours if touchpoint else True,
        is_declared=False,
        customers=count_of(int(row["customer_count"] or 0), limits, is_forced=is_hidden),
        mood=_mood(row, limits),
    )


def _mood(row: Row, limits: Limits) -> Number:
    """A sign for the chip; a mean of few people has no sign."""
    writers = min(int(row["voice_count"] or 0), int(row["customer_count"] or 0))
    if row["voice_mean"] is None or writers < limits.thin:
        return ABSENT
    return Number(standing=Standing.FULL, estimate=float(row["voice_mean"]), customers=writers)
