"""What a stage page shows beside its own numbers: facts, groups, waits, obstacles, deviations and words, row by row."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from journey_mining.dashboards.map_view import Kpi
from journey_mining.dashboards.scene import Kind, Scene, Shown, tame
from journey_mining.dashboards.stage_tables import deviation_name, fact_name, friction_name, wait_name
from journey_mining.maps.map_pictures import Friction
from journey_mining.maps.numbers import Number, Standing
from journey_mining.maps.stage_pictures import Fact, Obstacle, StageDeviation, StagePicture, Subgroup, Term, WaitBin
from journey_mining.vocabulary import FINDING_Q, Estimand

_TICK_STEP = 0.1
"""the scale of the dots ends at such a share"""


def stage_kpi(scene: Scene, key: str, number: Number, kind: Kind = "share") -> Kpi:
    """One number with its interval and base."""
    shown = scene.shown(number, kind)
    return Kpi(key=key, label=scene.words.plain(f"estimand.{key}"), shown=shown, notes=notes_of(scene, shown))


def notes_of(scene: Scene, shown: Shown) -> tuple[str, ...]:
    """Interval and base of a number, as far as there are any."""
    found = (scene.words.plain("kpi.interval", range=shown.range),) if shown.range else ()
    return (*found, shown.base) if shown.base else found


def facts_part(scene: Scene, picture: StagePicture) -> dict[str, Any] | None:
    """Drop-off by fact as dots on one scale, with the drop-off of the stage as a line through them."""
    if not picture.facts:
        return None
    drop = picture.column.drop_off
    highest = max([fact.drop_off.high or 0.0 for fact in picture.facts] + [drop.high or 0.0])
    top = min(1.0, max(1, math.ceil(round(highest / _TICK_STEP, 6))) * _TICK_STEP)
    mean = None if drop.estimate is None else round(100 * drop.estimate / top, 2)
    return {
        "rows": [_fact(scene, fact, top) for fact in picture.facts],
        "scale": [scene.formats.share(value, 0) for value in (0.0, top / 2, top)],
        "mean": mean,
        "mean_words": scene.words.plain("stage.fact_mean", share=scene.shown(drop).text) if mean is not None else "",
    }


def _fact(scene: Scene, fact: Fact, top: float) -> dict[str, Any]:
    number, formats = fact.drop_off, scene.formats
    shown = scene.shown(number)
    low, high = number.low or 0.0, number.high or 0.0
    return {
        "name": fact_name(scene, fact),
        "shown": shown,
        "customers": scene.words.plain("state.base_hidden")
        if number.customers is None
        else formats.count(number.customers),
        "dot": None if number.estimate is None else round(100 * number.estimate / top, 2),
        "left": round(100 * low / top, 2),
        "width": round(100 * (high - low) / top, 2),
        "side": _side(fact),
        "others": "—" if fact.other_drop_off is None else formats.share(fact.other_drop_off),
        "excess": "—" if fact.excess is None else formats.decimal(fact.excess, 0, is_signed=True),
        "q": _q(scene, fact.q_value),
        "is_confirmed": fact.is_confirmed,
        "sort": (fact.excess or 0.0, number.estimate or 0.0, number.customers or 0),
    }


def _side(fact: Fact) -> str:
    """Whether more or fewer are lost than of the others, beyond the chance of so many comparisons."""
    if fact.q_value is None or fact.q_value >= FINDING_Q or fact.other_drop_off is None:
        return ""
    return "neg" if (fact.drop_off.estimate or 0.0) > fact.other_drop_off else "pos"


def subgroup_row(scene: Scene, item: Subgroup) -> dict[str, Any]:
    """A group that was tried on other customers."""
    formats = scene.formats
    return {
        "name": fact_name(scene, item),
        "lost": scene.shown(item.lost),
        "others": "—" if item.other_share is None else formats.share(item.other_share),
        "difference": formats.points(item.difference),
        "range": f"{formats.decimal(100 * item.low, 1, is_signed=True)}…{formats.points(item.high)}",
        "q": _q(scene, item.q_value),
        "is_confirmed": item.is_confirmed,
    }


def waits_part(scene: Scene, picture: StagePicture) -> dict[str, Any] | None:
    """Waits for an answer: three numbers and a histogram; none where nobody waits."""
    waits = picture.waits
    if waits.median.customers is None and not waits.median.is_thin and waits.median.low is None:
        return None
    kinds: tuple[tuple[str, Number, Kind], ...] = (
        (str(Estimand.ANSWER_WAIT_MEDIAN), waits.median, "days"),
        (str(Estimand.ANSWER_WAIT_Q90), waits.slow, "days"),
        (str(Estimand.ANSWERED_SHARE), waits.answered, "share"),
    )
    largest = max((item.share for item in waits.bins), default=1.0) or 1.0
    marks = (("stage.wait_median", waits.median.estimate), ("stage.wait_slow", waits.slow.estimate))
    return {
        "kpis": [_wait_kpi(scene, key, number, kind) for key, number, kind in kinds],
        "rows": [
            {
                "name": wait_name(scene, item),
                "share": scene.formats.share(item.share, 0),
                "width": round(100 * item.share / largest, 1),
                "marks": [
                    scene.words.plain(key)
                    for key, days in marks
                    if days is not None
                    and item.from_days < days
                    and (item.until_days is None or days <= item.until_days)
                ],
            }
            for item in _with_waits(waits.bins)
        ],
    }


def _with_waits(bins: Sequence[WaitBin]) -> list[WaitBin]:
    """The bins from the first that holds a wait to the last one."""
    held = [place for place, item in enumerate(bins) if item.share > 0]
    return list(bins[held[0] : held[-1] + 1]) if held else []


def _wait_kpi(scene: Scene, key: str, number: Number, kind: Kind) -> Kpi:
    """A quantile that too few answers reach so far is known to be long, which is more than no data."""
    if number.standing is not Standing.NO_DATA or number.customers is None:
        return stage_kpi(scene, key, number, kind)
    shown = Shown(state=number.standing, text=scene.words.plain("stage.wait_unreached"))
    return Kpi(key=key, label=scene.words.plain(f"estimand.{key}"), shown=shown, notes=())


def obstacle_row(scene: Scene, item: Obstacle) -> dict[str, Any]:
    """A friction point."""
    friction, formats = item.friction, scene.formats
    days = friction.extra_days
    return {
        "name": friction_name(scene, item),
        "share": formats.share(friction.share, 0),
        **_ratio(scene, friction.loss_ratio, friction.loss_low, friction.loss_high),
        "verdict": _verdict(friction),
        "q": _q(scene, friction.q_value),
        "days": "—" if days is None else _signed_days(scene, days),
        "note": scene.words.plain("stage.may_follow_loss") if "may_follow_loss" in item.flags else "",
    }


def _signed_days(scene: Scene, days: float) -> str:
    sign = "+" if days > 0 else "−" if days < 0 else ""
    return f"{sign}{scene.formats.days(abs(days))}"


def _verdict(friction: Friction) -> str:
    """Colour of a ratio: only what is more than chance over the whole run has one."""
    return "neg" if friction.is_harmful else "pos" if friction.is_harmless else ""


def _ratio(
    scene: Scene, ratio: float | None, low: float | None, high: float | None, *, is_thin: bool = False
) -> dict[str, str]:
    formats = scene.formats
    if ratio is None or low is None or high is None:
        return {"ratio": "—", "ratio_range": ""}
    return {
        "ratio": "—" if is_thin else f"×{formats.decimal(ratio, 2)}",
        "ratio_range": f"{formats.decimal(low, 2)}–{formats.decimal(high, 2)}",
    }


def deviation_row(scene: Scene, item: StageDeviation) -> dict[str, Any]:
    """A deviation from the intended way."""
    # of a small sample the interval alone is told
    is_sure = item.share.is_full and item.q_value is not None and item.q_value < FINDING_Q
    verdict = ""
    if is_sure and item.loss_low is not None and item.loss_high is not None:
        verdict = "neg" if item.loss_low > 1 else "pos" if item.loss_high < 1 else ""
    return {
        "name": deviation_name(scene, item),
        "shown": scene.shown(item.share),
        **_ratio(scene, item.loss_ratio, item.loss_low, item.loss_high, is_thin=item.share.is_thin),
        "verdict": verdict,
        "q": "—" if item.share.is_thin else _q(scene, item.q_value),
    }


def term_row(scene: Scene, term: Term) -> dict[str, Any]:
    """A word and how much more often it stands here."""
    formats = scene.formats
    return {
        "text": tame(term.text),
        "customers": formats.count(term.customers),
        "lift": f"×{formats.decimal(term.lift, 1)}",
        "range": f"{formats.decimal(term.lift_low, 1)}–{formats.decimal(term.lift_high, 1)}",
        "q": _q(scene, term.q_value),
        "mood": "—" if term.mood is None else formats.mood(term.mood),
    }


def _q(scene: Scene, q_value: float | None) -> str:
    if q_value is None:
        return "—"
    least = 0.001
    return f"‹ {scene.formats.decimal(least, 3)}" if q_value < least else scene.formats.decimal(q_value, 3)
