"""The ribbon of the map: how many journeys reach each stage, and what falls away on the way to the next.

Out: inline SVG without text, stretched to the table, and labels as places in percent.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from journey_mining.dashboards.scene import Scene
from journey_mining.maps.map_pictures import SegmentMap, StageColumn

_TOP, _HEIGHT, _BOX = 6.0, 72.0, 92
_WIDTH = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RibbonLabel:
    """A label over the ribbon."""

    left: float
    """percent of the width"""
    top: float
    """pixels"""
    words: Markup


@dataclass(frozen=True, slots=True, kw_only=True)
class RibbonGap:
    """A hatched part of the ribbon."""

    left: float
    """percent of the width"""
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ribbon:
    """The drawing and its labels."""

    svg: Markup
    labels: tuple[RibbonLabel, ...]
    gaps: tuple[RibbonGap, ...]
    """stages that nobody entered"""


def ribbon_of(scene: Scene, picture: SegmentMap) -> Ribbon:
    """The ribbon of a segment; a stage whose share may not be shown has none."""
    columns = picture.columns
    shapes = "".join(
        _piece(place, column, columns[place + 1] if place + 1 < len(columns) else None)
        for place, column in enumerate(columns)
        if _is_drawn(column)
    )
    rules = "".join(f'<path d="M{place * _WIDTH:.0f},0V{_BOX}" class="rule"/>' for place in range(1, len(columns)))
    svg = f'<svg viewBox="0 0 {len(columns) * _WIDTH:.0f} {_BOX}" preserveAspectRatio="none">{shapes}{rules}</svg>'
    share = 100 / len(columns)
    return Ribbon(
        svg=Markup(svg),  # noqa: S704 - built of numbers only
        labels=tuple(_labels(scene, columns)),
        gaps=tuple(RibbonGap(left=share * p, width=share) for p, c in enumerate(columns) if is_empty(c)),
    )


def is_empty(column: StageColumn) -> bool:
    """Whether nobody of the segment entered the stage; "reached it or a later one" would say everybody did."""
    return column.entered.value == 0


def _is_drawn(column: StageColumn) -> bool:
    return column.reached.is_full and not is_empty(column)


def _piece(place: int, column: StageColumn, following: StageColumn | None) -> str:
    """The body of one stage and the two wedges at its right: lost, and still under way."""
    left, right = place * _WIDTH, (place + 1) * _WIDTH
    bend = left + 0.58 * _WIDTH
    here = _TOP + _HEIGHT * (column.reached.estimate or 0.0)
    there = _TOP + _HEIGHT * _next_share(column, following)
    split = here - (here - there) * _open_part(column)
    body = (
        f"M{left:.0f},{_TOP:.0f}H{right:.0f}V{there:.1f}C{bend + 20:.1f},{there:.1f} {bend + 16:.1f},{here:.1f} "
        f"{bend:.1f},{here:.1f}H{left:.0f}Z"
    )
    lost = (
        f"M{bend:.1f},{here:.1f}C{bend + 16:.1f},{here:.1f} {bend + 20:.1f},{there:.1f} {right:.0f},{there:.1f}"
        f"V{split:.1f}C{bend + 24:.1f},{split:.1f} {bend + 18:.1f},{here:.1f} {bend:.1f},{here:.1f}Z"
    )
    still = (
        f"M{bend:.1f},{here:.1f}C{bend + 18:.1f},{here:.1f} {bend + 24:.1f},{split:.1f} {right:.0f},{split:.1f}"
        f"V{here:.1f}H{bend:.1f}Z"
    )
    return (
        f'<path d="{body}" class="body s{column.stage.number}"/><path d="{lost}" class="lost"/>'
        f'<path d="{still}" class="still"/>'
    )


def _next_share(column: StageColumn, following: StageColumn | None) -> float:
    here = column.reached.estimate or 0.0
    if following is not None:
        return following.reached.estimate if following.reached.estimate is not None else here
    lost, still = column.drop_off.estimate or 0.0, column.under_way.estimate or 0.0
    return here * max(0.0, 1.0 - lost - still)


def _open_part(column: StageColumn) -> float:
    lost, still = column.drop_off.estimate or 0.0, column.under_way.estimate or 0.0
    return still / (lost + still) if lost + still else 0.0


def _labels(scene: Scene, columns: tuple[StageColumn, ...]) -> list[RibbonLabel]:
    labels: list[RibbonLabel] = []
    for place, column in enumerate(columns):
        if not _is_drawn(column):
            continue
        share = column.reached.estimate or 0.0
        inside = share > 0.45  # noqa: PLR2004 - high enough to hold a line of text
        labels.append(
            RibbonLabel(
                left=100 * place / len(columns) + 0.7,
                top=_TOP + 6 if inside else _TOP + _HEIGHT * share + 3,
                words=scene.words("cell.reached_first", share=scene.formats.share(share, 0 if share >= 0.1 else 1)),  # noqa: PLR2004
            )
        )
    return labels
