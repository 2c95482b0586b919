"""A what-if page as values for its template: sliders whose every position was computed beforehand."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from journey_mining.dashboards.figures import figure_json
from journey_mining.dashboards.scene import Scene
from journey_mining.maps.map_pictures import SegmentMap
from journey_mining.maps.what_if_pictures import Supposed, WhatIf, WhatIfStage


def what_if_view(scene: Scene, what_if: WhatIf, picture: SegmentMap) -> dict[str, Any]:
    """Everything a what-if page prints."""
    reach = max((abs(step.won_high) for stage in what_if.stages for step in stage.grid), default=0.0) or 1.0
    stages = [_stage(scene, stage, reach) for stage in what_if.stages]
    return {
        "picture": picture,
        "what_if": what_if,
        "lead": _lead(scene, what_if),
        "reason": _reason(scene, what_if),
        "check": _check(scene, what_if),
        "sliders": stages,
        "positions": Markup(figure_json({row["id"]: row["positions"] for row in stages})),  # noqa: S704 - escaped
        "rows": [(row["stage"], row["name"], position) for row in stages for position in row["positions"][1:]],
    }


def what_if_rows(scene: Scene, what_if: WhatIf) -> list[list[Any]]:
    """The grid for the CSV file."""
    return [
        [
            scene.name(stage.stage.name),
            step.fewer_lost,
            stage.drop_off.estimate,
            _less(stage, step),
            step.won,
            step.won_low,
            step.won_high,
            step.days,
            step.days_low,
            step.days_high,
            scene.words.plain("what_if.beyond") if step.is_beyond else "",
        ]
        for stage in what_if.stages
        for step in stage.grid
    ]


def _less(stage: WhatIfStage, step: Supposed) -> float:
    """The drop-off that is supposed; a change scales the whole incidence of losses, so also its value at a horizon."""
    return (stage.drop_off.estimate or 0.0) * (1 - step.fewer_lost)


def _lead(scene: Scene, what_if: WhatIf) -> Markup:
    """The stage in which the same part of losses would bring most, as far as some segment loses as few."""
    words = scene.words
    within = [(step.won, stage, step) for stage in what_if.stages for step in stage.grid if not step.is_beyond]
    if not what_if.is_usable or not within:
        return words("what_if.lead_none")
    _, stage, step = max(within, key=lambda item: (item[0], -item[1].stage.number))
    return words(
        "what_if.lead",
        stage=scene.name(stage.stage.name),
        drop=scene.formats.share(stage.drop_off.estimate or 0.0),
        less=scene.formats.share(_less(stage, step)),
        horizon=scene.horizon(stage.drop_off.horizon_days),
        won=scene.formats.points(step.won),
        range=scene.formats.points_range(step.won_low, step.won_high),
    )


def _reason(scene: Scene, what_if: WhatIf) -> str:
    """Why there are no sliders; empty where there are."""
    if what_if.is_usable:
        return "" if any(stage.grid for stage in what_if.stages) else scene.words.plain("what_if.nothing_to_change")
    told = what_if.reason.in_language(scene.language)
    return told or scene.words.plain("what_if.too_few", thin=scene.pictures.limits.thin)


def _check(scene: Scene, what_if: WhatIf) -> Markup | None:
    """How well the chain reproduces what was observed."""
    formats = scene.formats
    if what_if.predicted is None or what_if.observed is None or what_if.observed_low is None:
        return None
    parts = [
        scene.words(
            "what_if.check",
            horizon=scene.horizon(what_if.horizon_days),
            predicted=formats.share(what_if.predicted),
            observed=formats.share(what_if.observed),
            range=formats.share_range(what_if.observed_low, what_if.observed_high or what_if.observed),
        )
    ]
    if what_if.is_usable and what_if.won is not None and what_if.won_low is not None and what_if.won_high is not None:
        parts.append(
            scene.words(
                "what_if.ever",
                won=formats.share(what_if.won),
                range=formats.share_range(what_if.won_low, what_if.won_high),
                days=formats.days(what_if.days or 0.0),
            )
        )
    return Markup(" ").join(parts)


def _stage(scene: Scene, stage: WhatIfStage, reach: float) -> dict[str, Any]:
    shown = scene.shown(stage.drop_off)
    return {
        "id": stage.stage.id,
        "stage": stage.stage,
        "name": scene.name(stage.stage.name),
        "drop": shown,
        "last": len(stage.grid),
        "most": scene.formats.share(stage.grid[-1].fewer_lost, 0) if stage.grid else "",
        "positions": [_now(scene, stage), *(_position(scene, stage, step, reach) for step in stage.grid)],
    }


def _now(scene: Scene, stage: WhatIfStage) -> dict[str, Any]:
    """The first position: nothing is supposed."""
    drop = scene.shown(stage.drop_off)
    empty = {"fewer": "", "won": "", "days": "", "days_range": "", "note": "", "left": 0, "width": 0, "at": 0}
    return {"drop": drop.text, "range": "", "says": scene.words.plain("what_if.as_it_is", drop=drop.text), **empty}


def _position(scene: Scene, stage: WhatIfStage, step: Supposed, reach: float) -> dict[str, Any]:
    formats, words = scene.formats, scene.words.plain
    drop, fewer = formats.share(_less(stage, step)), formats.share(step.fewer_lost, 0)
    won, within = formats.points(step.won), formats.points_range(step.won_low, step.won_high)
    low = max(step.won_low, 0.0)
    return {
        "drop": drop,
        "fewer": fewer,
        "won": won,
        "range": within,
        "days": formats.days_change(step.days),
        "days_range": formats.days_change_range(step.days_low, step.days_high),
        "note": words("what_if.beyond") if step.is_beyond else "",
        "says": words("what_if.says", drop=drop, fewer=fewer, won=won, range=within),
        "left": round(100 * low / reach, 1),
        "width": round(100 * (step.won_high - low) / reach, 1),
        "at": round(100 * max(step.won, 0.0) / reach, 1),
    }
