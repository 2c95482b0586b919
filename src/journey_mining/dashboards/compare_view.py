"""A comparison page as values for its template, and its rows for CSV files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from markupsafe import Markup

from journey_mining.dashboards.forest import Axis, Mark, marks_of, mood_axis, share_axis
from journey_mining.dashboards.scene import Kind, Scene, Shown
from journey_mining.maps.compare_pictures import Contrast, SegmentComparison, StageContrast, WayContrast
from journey_mining.vocabulary import Estimand

Good = Literal["more", "less", ""]
"""which of more and less is good for the customer side; empty where neither is"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContrastShown:
    """A contrast in words."""

    first: Shown
    second: Shown
    difference: str
    """the value, "≈ 0", or why there is none"""
    range: str
    chance: str
    """the q value, or empty"""
    css: str
    title: str
    horizon: str
    marks: tuple[Mark, ...] = ()


def compare_view(scene: Scene, comparison: SegmentComparison) -> dict[str, Any]:
    """Everything a comparison page prints."""
    stages = comparison.stages
    drop_axis = share_axis(scene, [row.drop_off for row in stages])
    feel_axis = mood_axis(scene, [row.mood for row in stages])
    reach_axis = share_axis(scene, [row.reached for row in stages])
    return {
        "comparison": comparison,
        "sides": sides_of(scene, comparison),
        "lead": _lead(scene, comparison),
        "axes": {"drop": drop_axis, "mood": feel_axis, "reach": reach_axis},
        "rows": [_row(scene, row, drop_axis, feel_axis, reach_axis) for row in stages],
        "whole": _whole(scene, comparison),
        "ways": [_way(scene, way) for way in comparison.ways],
        "picker": _picker(scene, comparison),
        "is_rated": comparison.mood_of is Estimand.RATING,
    }


def compare_title(scene: Scene, comparison: SegmentComparison) -> str:
    """Names of both sides."""
    first, second = sides_of(scene, comparison)
    return f"{first} — {second}"


def sides_of(scene: Scene, comparison: SegmentComparison) -> tuple[str, str]:
    """The two sides in words."""
    first = scene.name(comparison.first.name)
    if comparison.second is not None:
        return first, scene.name(comparison.second.name)
    if comparison.past is not None:
        return first, scene.words.plain("compare.past", date=scene.formats.date(comparison.past))
    return first, scene.words.plain("compare.rest")


def contrast_rows(scene: Scene, comparison: SegmentComparison) -> list[list[Any]]:
    """Every contrast of a page for its CSV file."""
    whole = [(Estimand.GOAL_REACHED, "", comparison.goal), (Estimand.JOURNEY_MEDIAN, "", comparison.duration)]
    cells = [
        (estimand, scene.name(row.stage.name), contrast)
        for row in comparison.stages
        for estimand, contrast in (
            (Estimand.DROP_OFF, row.drop_off),
            (comparison.mood_of, row.mood),
            (Estimand.DWELL_MEDIAN, row.dwell),
            (Estimand.REACHED, row.reached),
        )
    ]
    return [_contrast_row(scene, *cell) for cell in (*whole, *cells)]


def way_rows(scene: Scene, comparison: SegmentComparison) -> list[list[Any]]:
    """Ways with their shares on both sides for the CSV file."""
    return [
        [
            " > ".join(scene.stage_name(stage) for stage in way.stages),
            scene.words.plain(f"ending.{way.ending}"),
            way.first,
            way.second,
        ]
        for way in comparison.ways
    ]


def _contrast_row(scene: Scene, estimand: Estimand, stage: str, contrast: Contrast) -> list[Any]:
    cells: list[Any] = [scene.words.plain(f"estimand.{estimand}"), stage]
    for number in (contrast.first, contrast.second):
        cells += [number.estimate, number.low, number.high, number.customers]
    return [*cells, contrast.difference, contrast.low, contrast.high, contrast.q_value, contrast.first.horizon_days]


def shown_contrast(scene: Scene, contrast: Contrast, kind: Kind, good: Good, axis: Axis | None = None) -> ContrastShown:
    """A contrast in words: no value where the interval holds zero, no colour where chance is not excluded."""
    words = scene.words.plain
    first, second = scene.shown(contrast.first, kind), scene.shown(contrast.second, kind)
    difference, css, title = "—", "muted", words("compare.no_difference")
    if contrast.is_known and contrast.difference is None:
        difference, title = words("state.thin"), scene.thin_title
    elif contrast.is_known and contrast.holds_zero:
        difference, title = "≈ 0", words("compare.holds_zero")
    elif contrast.difference is not None and contrast.is_known:
        difference = _difference(scene, contrast.difference, kind)
        css = _colour(contrast, good) if contrast.is_proven else "muted"
        title = "" if contrast.is_proven else words("compare.may_be_chance")
    days = {contrast.first.horizon_days, contrast.second.horizon_days} - {None}
    return ContrastShown(
        first=first,
        second=second,
        difference=difference,
        range=_range(scene, contrast, kind),
        chance="" if contrast.q_value is None else f"q {_related(scene.formats.chance(contrast.q_value))}",
        css=css,
        title=title,
        horizon=scene.horizon(days.pop()) if len(days) == 1 else "",
        marks=marks_of(axis, contrast) if axis else (),
    )


def _related(chance: str) -> str:
    return chance if chance.startswith("<") else f"= {chance}"


def _colour(contrast: Contrast, good: Good) -> str:
    if not good or contrast.difference is None:
        return "plain"
    return "pos" if (contrast.difference > 0) == (good == "more") else "neg"


def _difference(scene: Scene, value: float, kind: Kind) -> str:
    if kind == "share":
        return scene.formats.points(value)
    return scene.formats.mood(value) if kind == "mood" else scene.formats.days_change(value)


def _range(scene: Scene, contrast: Contrast, kind: Kind) -> str:
    if contrast.low is None or contrast.high is None:
        return ""
    if kind == "share":
        return scene.formats.points_range(contrast.low, contrast.high)
    if kind == "mood":
        return f"{scene.formats.mood(contrast.low)}…{scene.formats.mood(contrast.high)}"
    return scene.formats.days_change_range(contrast.low, contrast.high)


def _row(scene: Scene, row: StageContrast, drop: Axis, mood: Axis, reach: Axis) -> dict[str, Any]:
    return {
        "stage": row.stage,
        "name": scene.name(row.stage.name),
        "drop": shown_contrast(scene, row.drop_off, "share", "less", drop),
        "mood": shown_contrast(scene, row.mood, "mood", "more", mood),
        "dwell": shown_contrast(scene, row.dwell, "days", ""),
        "reach": shown_contrast(scene, row.reached, "share", "more", reach),
        "kind": scene.words.plain(f"compare.kind_{row.kind}") if row.kind else "",
        "is_weak": row.is_shared_weak_spot,
    }


def _whole(scene: Scene, comparison: SegmentComparison) -> list[tuple[str, str, ContrastShown]]:
    """The whole journey: anchor of the definition, name, contrast."""
    parts: Sequence[tuple[Estimand, Contrast, Kind, Good]] = (
        (Estimand.GOAL_REACHED, comparison.goal, "share", "more"),
        (Estimand.JOURNEY_MEDIAN, comparison.duration, "days", ""),
    )
    return [
        (str(estimand), scene.words.plain(f"estimand.{estimand}"), shown_contrast(scene, contrast, kind, good))
        for estimand, contrast, kind, good in parts
    ]


def _way(scene: Scene, way: WayContrast) -> dict[str, Any]:
    seen: set[str] = set()
    chips = []
    for stage_id in way.stages:
        stage = scene.stage(stage_id)
        chips.append((stage.number if stage else 0, scene.stage_name(stage_id), stage_id in seen))
        seen.add(stage_id)
    both = (("a", way.first), ("b", way.second))
    bars = [(side, round(100 * share, 1)) for side, share in both if share is not None]
    shares = [scene.formats.share(share) if share is not None else "—" for share in (way.first, way.second)]
    return {"chips": chips, "ending": way.ending, "shares": shares, "bars": bars}


def _lead(scene: Scene, comparison: SegmentComparison) -> Markup:
    words = scene.words
    first, second = sides_of(scene, comparison)
    parts: list[Markup] = []
    widest, mood = comparison.widest, comparison.widest_mood
    if widest is None:
        parts.append(words("compare.lead_nothing", first=first, second=second))
    else:
        shown = shown_contrast(scene, widest.drop_off, "share", "less")
        parts.append(
            words(
                "compare.lead_drop",
                stage=scene.name(widest.stage.name),
                first=first,
                second=second,
                share=shown.first.text,
                other=shown.second.text,
                horizon=shown.horizon,
                difference=shown.difference,
                range=shown.range,
            )
        )
    if mood is not None:
        felt = shown_contrast(scene, mood.mood, "mood", "more")
        stage = scene.name(mood.stage.name)
        parts.append(words("compare.lead_mood", stage=stage, mood=felt.first.text, other=felt.second.text))
    weak = [scene.formats.quoted(scene.name(stage.name)) for stage in comparison.weak_spots]
    if weak:
        parts.append(words("compare.lead_weak", stages=", ".join(weak)))
    return Markup(" ").join(parts)


def _picker(scene: Scene, current: SegmentComparison) -> list[tuple[str, str, bool]]:
    """Links to all comparisons: file, words, whether it is this one."""
    return [
        (f"{item.slug}.html", compare_title(scene, item), item.slug == current.slug)
        for item in scene.pictures.comparisons
    ]
