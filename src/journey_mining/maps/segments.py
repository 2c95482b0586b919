"""Stages and segments as pages name them: order, names, addresses and sizes that may be shown."""

from __future__ import annotations

import re

from journey_mining.maps.heads import Name, SegmentHead, StageHead
from journey_mining.maps.numbers import Count, Limits, Standing, count_of
from journey_mining.maps.suppression import forced_cells
from journey_mining.maps.tables import Row, Tables
from journey_mining.project import Project
from journey_mining.vocabulary import ALL_SEGMENTS, UNKNOWN_SEGMENT, Estimand

_NO_SLUG = re.compile(r"[^a-z0-9_-]+")


def limits_of(project: Project) -> Limits:
    """Thresholds of the project."""
    scores = project.settings.scores
    return Limits(small=scores.small_cell, thin=scores.thin_cell)


def stage_heads(project: Project) -> tuple[StageHead, ...]:
    """The stages in order, numbered from 1."""
    return tuple(
        StageHead(id=stage.id, number=number, name=Name(ru=stage.ru, en=stage.en), is_optional=stage.optional)
        for number, stage in enumerate(project.stages.stage, start=1)
    )


def segment_heads(tables: Tables, limits: Limits) -> tuple[SegmentHead, ...]:
    """Segments in the order of the project; "unknown" only where it holds somebody."""
    rows = {row["segment"]: row for row in tables.rows["segment"]}
    sizes = {segment: _customers(tables, segment) for segment in rows}
    forced = forced_cells(((segment, "", size) for segment, size in sizes.items()), limits.small)
    open_ones = [(segment, "open", _estimate(tables, Estimand.OPEN_JOURNEYS, segment)) for segment in rows]
    forced |= forced_cells(open_ones, limits.small)
    heads: list[SegmentHead] = []
    for row in sorted(rows.values(), key=lambda row: (row["segment_no"], row["segment"])):
        segment = row["segment"]
        if segment == UNKNOWN_SEGMENT and not sizes[segment]:
            continue
        hidden = {str(key) for owner, key in forced if owner == segment}
        heads.append(_head(row, tables, limits, hidden=hidden, taken={head.slug for head in heads}))
    return tuple(heads)


def hidden_sizes(tables: Tables, limits: Limits) -> dict[str, int]:
    """Customers of the segments that are large enough, but whose size reveals that of a small one."""
    sizes = {row["segment"]: _customers(tables, row["segment"]) for row in tables.rows["segment"]}
    forced = forced_cells(((segment, "", size) for segment, size in sizes.items()), limits.small)
    return {segment: sizes[segment] for segment, _ in forced if sizes[segment] >= limits.small}


def _head(row: Row, tables: Tables, limits: Limits, *, hidden: set[str], taken: set[str]) -> SegmentHead:
    segment = row["segment"]
    size = _customers(tables, segment)
    is_hidden = "" in hidden
    # a segment too small to be shown has no rows at all; whether it is empty or not is not to be told
    nobody = Count(value=None, standing=Standing.HIDDEN)
    customers = count_of(size, limits, is_forced=is_hidden) if size or segment == ALL_SEGMENTS else nobody
    return SegmentHead(
        id=segment,
        slug=_slug(segment, int(row["segment_no"]), taken),
        name=Name(ru=row["name_ru"] or segment, en=row["name_en"] or segment),
        about=Name(ru=row["about_ru"] or "", en=row["about_en"] or ""),
        customers=customers,
        journeys=_journeys(tables, Estimand.JOURNEYS, segment, limits, is_hidden=is_hidden),
        open_journeys=_journeys(
            tables, Estimand.OPEN_JOURNEYS, segment, limits, is_hidden=is_hidden or "open" in hidden
        ),
        has_pages=segment == ALL_SEGMENTS or size >= limits.small,
    )


def _customers(tables: Tables, segment: str) -> int:
    row = tables.metric(Estimand.JOURNEYS, segment)
    return int(row["customer_count"] or 0) if row else 0


def _journeys(tables: Tables, estimand: Estimand, segment: str, limits: Limits, *, is_hidden: bool) -> Count:
    return count_of(_estimate(tables, estimand, segment), limits, is_forced=is_hidden)


def _estimate(tables: Tables, estimand: Estimand, segment: str) -> int:
    row = tables.metric(estimand, segment)
    return int(row["estimate"] or 0) if row else 0


def _slug(segment: str, number: int, taken: set[str]) -> str:
    """An address that is safe as a file name: the id where it is plain ASCII, else its number."""
    slug = _NO_SLUG.sub("-", segment.lower()).strip("-")
    is_plain = slug == segment.lower() and len(slug) <= 40  # noqa: PLR2004 - longer addresses help nobody
    name = slug if is_plain else f"segment-{number}"
    return f"{name}-{number}" if name in taken else name
