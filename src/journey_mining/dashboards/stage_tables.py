"""Rows of the tables of a stage page, once for the page and once for the CSV files beside it."""

from __future__ import annotations

from functools import partial
from typing import Any

from journey_mining.dashboards.scene import Scene
from journey_mining.maps.stage_pictures import (
    Fact,
    NextStep,
    Obstacle,
    StageDeviation,
    StagePicture,
    Subgroup,
    Term,
    WaitBin,
)
from journey_mining.vocabulary import OTHER


def fact_name(scene: Scene, item: Fact | Subgroup) -> str:
    """A fact as a phrase that begins a line."""
    name = scene.name(item.name)
    return name[:1].upper() + name[1:]


def friction_name(scene: Scene, obstacle: Obstacle) -> str:
    """A friction point in words; its id where we know none."""
    key = f"friction.{obstacle.friction.kind}"
    return scene.words.plain(key) if scene.words.has(key) else obstacle.friction.kind


def deviation_name(scene: Scene, deviation: StageDeviation) -> str:
    """A deviation in words."""
    step = scene.formats.quoted(scene.name(deviation.step))
    if deviation.after is None:
        key = f"stage.deviation_{deviation.kind}_first"
        return scene.words.plain(key if scene.words.has(key) else f"stage.deviation_{deviation.kind}", step=step)
    after = scene.formats.quoted(scene.name(deviation.after))
    return scene.words.plain(f"stage.deviation_{deviation.kind}", step=step, after=after)


def next_name(scene: Scene, step: NextStep) -> str:
    """Where journeys went, in words."""
    if step.target == OTHER:
        return scene.words.plain("paths.other")
    if scene.stage(step.target):
        return scene.stage_name(step.target)
    return scene.words.plain(f"paths.{step.target}")


def wait_name(scene: Scene, item: WaitBin) -> str:
    """The length of a wait in words."""
    days = partial(_wait_time, scene)
    if item.until_days is None:
        return scene.words.plain("stage.wait_more", low=days(item.from_days))
    if not item.from_days:
        return scene.words.plain("stage.wait_less", high=days(item.until_days))
    return f"{days(item.from_days)} – {days(item.until_days)}"


def _wait_time(scene: Scene, days: float) -> str:
    """The edge of a bin; whole days are named as such."""
    is_whole = days > 1 and days == int(days)
    return scene.horizon(int(days)) if is_whole else scene.formats.days(days)


def stage_files(scene: Scene, picture: StagePicture) -> dict[str, tuple[list[str], list[list[Any]]]]:
    """Head and rows of every CSV file of a stage by name; a table without rows has no file."""
    found = {
        "curve": _curve(scene, picture),
        "next": _next(scene, picture),
        "facts": _facts(scene, picture),
        "subgroups": _subgroups(scene, picture),
        "waits": _waits(scene, picture),
        "friction": _friction(scene, picture),
        "deviations": _deviations(scene, picture),
        "feelings": _feelings(scene, picture),
        "words": _terms(scene, picture),
        "runs": _runs(scene, picture),
    }
    return {f"stage_{picture.column.stage.slug}_{key}.csv": table for key, table in found.items() if table[1]}


def _head(scene: Scene, *keys: str) -> list[str]:
    return [scene.words.plain(key if "." in key else f"stage.{key}") for key in keys]


def _interval(name: str) -> list[str]:
    return [name, f"{name}: 95% −", f"{name}: 95% +"]


def _lost(scene: Scene) -> list[str]:
    return _interval(scene.words.plain("row.drop"))


def _curve(scene: Scene, picture: StagePicture) -> tuple[list[str], list[list[Any]]]:
    points = picture.curve.points if picture.curve else ()
    return [*_head(scene, "day"), *_lost(scene)], [[p.day, p.share, p.low, p.high] for p in points]


def _next(scene: Scene, picture: StagePicture) -> tuple[list[str], list[list[Any]]]:
    steps = picture.next_steps.steps if picture.next_steps else ()
    rows: list[list[Any]] = [[next_name(scene, step), step.journeys, step.share] for step in steps]
    return _head(scene, "next_to", "paths.count", "paths.share"), rows


def _facts(scene: Scene, picture: StagePicture) -> tuple[list[str], list[list[Any]]]:
    head = [*_head(scene, "fact", "index.customers"), *_lost(scene)]
    head += [*_head(scene, "fact_others"), *_interval(scene.words.plain("stage.difference"))[1:]]
    head += [*_head(scene, "fact_excess"), "q", *_head(scene, "confirmed")]
    return head, [_fact_cells(scene, fact) for fact in picture.facts]


def _fact_cells(scene: Scene, fact: Fact) -> list[Any]:
    number = fact.drop_off
    cells: list[Any] = [scene.name(fact.name), number.customers, number.estimate, number.low, number.high]
    cells += [fact.other_drop_off, fact.difference_low, fact.difference_high]
    return [*cells, fact.excess, fact.q_value, int(fact.is_confirmed)]


def _subgroups(scene: Scene, picture: StagePicture) -> tuple[list[str], list[list[Any]]]:
    head = [*_head(scene, "rule", "index.customers", "row.drop", "rule_others")]
    head += [*_interval(scene.words.plain("stage.difference")), "q", *_head(scene, "confirmed")]
    rows: list[list[Any]] = [
        [
            scene.name(item.name),
            item.lost.customers,
            item.lost.estimate,
            item.other_share,
            item.difference,
            item.low,
            item.high,
            item.q_value,
            int(item.is_confirmed),
        ]
        for item in picture.subgroups
    ]
    return head, rows


def _waits(scene: Scene, picture: StagePicture) -> tuple[list[str], list[list[Any]]]:
    head = [*_head(scene, "wait_length"), *_head(scene, "wait_from", "wait_until", "wait_share")]
    rows: list[list[Any]] = [
        [wait_name(scene, item), item.from_days, item.until_days, item.share] for item in picture.waits.bins
    ]
    return head, rows


def _friction(scene: Scene, picture: StagePicture) -> tuple[list[str], list[list[Any]]]:
    head = [*_head(scene, "row.friction", "prevalence"), *_interval(scene.words.plain("stage.ratio"))]
    head += ["q", *_head(scene, "extra_days")]
    rows: list[list[Any]] = []
    for item in picture.obstacles:
        friction = item.friction
        ratio = [friction.loss_ratio, friction.loss_low, friction.loss_high]
        rows.append([friction_name(scene, item), friction.share, *ratio, friction.q_value, friction.extra_days])
    return head, rows


def _deviations(scene: Scene, picture: StagePicture) -> tuple[list[str], list[list[Any]]]:
    head = [*_head(scene, "deviation"), *_interval(scene.words.plain("paths.share"))]
    head += [*_interval(scene.words.plain("stage.ratio")), "q"]
    rows: list[list[Any]] = []
    for item in picture.deviations:
        share = [item.share.estimate, item.share.low, item.share.high]
        ratio = [None if item.share.is_thin else item.loss_ratio, item.loss_low, item.loss_high]
        rows.append([deviation_name(scene, item), *share, *ratio, item.q_value])
    return head, rows


def _feelings(scene: Scene, picture: StagePicture) -> tuple[list[str], list[list[Any]]]:
    number = picture.column.satisfied
    name = scene.words.plain("table.stage_feeling")
    head = [*_head(scene, "index.customers"), *_interval(name), *_head(scene, "data.method")]
    is_told = number.is_full or number.is_thin
    cells = [number.customers, number.estimate, number.low, number.high, number.method]
    return head, [cells] if is_told else []


def _terms(scene: Scene, picture: StagePicture) -> tuple[list[str], list[list[Any]]]:
    head = [*_head(scene, "term", "index.customers"), *_interval(scene.words.plain("stage.lift")), "q"]
    return [*head, *_head(scene, "estimand.voice")], [_term_cells(term) for term in picture.terms]


def _term_cells(term: Term) -> list[Any]:
    return [term.text, term.customers, term.lift, term.lift_low, term.lift_high, term.q_value, term.mood]


def _runs(scene: Scene, picture: StagePicture) -> tuple[list[str], list[list[Any]]]:
    head = [*_head(scene, "run"), *_lost(scene), *_head(scene, "data.horizon"), *_head(scene, "same_rules")]
    rows: list[list[Any]] = []
    for run in picture.past if len(picture.past) > 1 else ():
        number = run.number
        numbers = [number.estimate, number.low, number.high, number.horizon_days]
        rows.append([f"{run.as_of:%Y-%m-%d}", *numbers, int(run.is_comparable)])
    return head, rows
