"""Alarms, actions, nightly changes and drift in words: no stronger than what they rest on."""

from __future__ import annotations

from typing import Any

from journey_mining.dashboards.scene import Kind, Scene
from journey_mining.maps.trend_pictures import ActionNote, AlarmNote, Change, DriftFlow, DriftNote, RunMark, SplitNote
from journey_mining.vocabulary import FINDING_Q, Estimand

_PARTS = ("behaviour", "mix", "late_data", "restitching", "unexplained")


def alarm_row(scene: Scene, alarm: AlarmNote) -> dict[str, Any]:
    """An alarm as a row of the log, with its sentence."""
    words, formats = scene.words.plain, scene.formats
    since = scene.shown(alarm.since)
    now = since.range if since.is_thin or not since.text else f"{since.text} ({since.range})"
    says = words(
        f"trends.says_{alarm.direction}",
        segment=scene.name(alarm.segment.name),
        stage=scene.name(alarm.stage.name),
        started=formats.date(alarm.started_on),
        horizon=since.horizon,
        now=now,
        usual=formats.share(alarm.baseline),
    )
    over = words("trends.over", date=formats.date(alarm.ended_on)) if alarm.ended_on else ""
    return {
        "segment": scene.name(alarm.segment.name),
        "stage": alarm.stage,
        "name": scene.name(alarm.stage.name),
        "what": words(f"trends.{alarm.direction}"),
        "started": formats.date(alarm.started_on),
        "raised": formats.date(alarm.raised_on),
        "ended": formats.date(alarm.ended_on) if alarm.ended_on else "",
        "usual": formats.share(alarm.baseline),
        "since": since,
        "says": f"{says} {over}".strip(),
    }


def alarm_cells(scene: Scene, alarm: AlarmNote) -> list[Any]:
    """An alarm for the CSV file."""
    number = alarm.since
    return [
        scene.name(alarm.segment.name),
        scene.name(alarm.stage.name),
        scene.words.plain(f"trends.{alarm.direction}"),
        f"{alarm.started_on:%Y-%m-%d}",
        f"{alarm.raised_on:%Y-%m-%d}",
        f"{alarm.ended_on:%Y-%m-%d}" if alarm.ended_on else "",
        alarm.baseline,
        number.estimate,
        number.low,
        number.high,
        number.customers,
        number.horizon_days,
    ]


def mark_words(scene: Scene, mark: RunMark) -> dict[str, str]:
    """A mark of the charts: its date and what happened."""
    words = scene.words.plain
    if mark.kind == "action_started":
        says = words("trends.action_started", name=scene.name(mark.name))
    else:
        parts = [
            words(f"trends.rule_{part}") if scene.words.has(f"trends.rule_{part}") else part for part in mark.parts
        ]
        says = words("trends.rules_changed", parts=", ".join(parts))
    return {"date": scene.formats.date(mark.at), "kind": mark.kind, "says": says}


def action_row(scene: Scene, action: ActionNote) -> dict[str, Any]:
    """An action with the words that its design allows."""
    return {
        "name": scene.name(action.name),
        "segment": scene.name(action.segment.name),
        "stage": action.stage,
        "stage_name": scene.name(action.stage.name),
        "since": scene.formats.date(action.since),
        "metric": scene.words.plain(f"estimand.{action.estimand}"),
        "horizon": scene.horizon(action.horizon_days),
        "before": _share(scene, action.before),
        "after": _share(scene, action.after),
        "difference": "" if action.estimate is None else scene.formats.points(action.estimate),
        "range": _points_range(scene, action.low, action.high),
        "n": ""
        if action.customers is None
        else scene.words.plain("state.base", n=scene.formats.count(action.customers)),
        "says": action_words(scene, action),
    }


def action_words(scene: Scene, action: ActionNote) -> str:
    """What may be said: nothing yet, no difference beyond chance, or the strongest word that the design allows."""
    words = scene.words.plain
    if not action.wording or action.estimate is None:
        return words("trends.action_too_few")
    others = scene.name(action.control.name) if action.control else ""
    if action.is_distinguishable or action.detectable is None:
        parts = [words(f"trends.wording_{action.wording}", control=others)]
    else:
        # whatever the design allows: what chance brings too is no effect of anything
        key = "trends.not_told_against" if others else "trends.not_told"
        mde = scene.formats.points(action.detectable).lstrip("+")
        parts = [words(key, control=others), words("trends.undetected", mde=mde)]
    parts += [words(f"trends.flag_{flag}") for flag in action.flags if scene.words.has(f"trends.flag_{flag}")]
    return " ".join(parts)


def seen_words(scene: Scene, action: ActionNote) -> str:
    """What the numbers did since an action began, with the interval where a difference was seen."""
    says = action_words(scene, action)
    if action.is_distinguishable and action.estimate is not None:
        says = f"{scene.formats.points(action.estimate)} ({_points_range(scene, action.low, action.high)}). {says}"
    return scene.words.plain("worth.effect_seen", words=says)


def moved_pill(scene: Scene, segment: str, estimand: Estimand, stage: str) -> tuple[str, str, str] | None:
    """Colour, words and explanation of a number that surely moved since about a week ago, or None."""
    trends = scene.pictures.trends
    change = next(
        (
            c
            for c in trends.changes
            if (c.segment.id, c.estimand, c.stage.id if c.stage else "") == (segment, estimand, stage)
        ),
        None,
    )
    if change is None or trends.changed_since is None:
        return None
    date = scene.formats.short_date(trends.changed_since)
    words = scene.words.plain
    return (
        change_css(change),
        words("worth.past", change=change_amount(scene, change), date=date),
        words("worth.past_long", date=date, range=change_range(scene, change)),
    )


_MORE_IS_GOOD = frozenset({Estimand.GOAL_REACHED, Estimand.VOICE, Estimand.RATING})


def change_kind(change: Change) -> Kind:
    """How the numbers of a change are written."""
    if change.estimand in (Estimand.VOICE, Estimand.RATING):
        return "mood"
    return "days" if change.estimand in (Estimand.DWELL_MEDIAN, Estimand.JOURNEY_MEDIAN) else "share"


def change_css(change: Change) -> str:
    """Better or worse; longer is neither for certain."""
    if change_kind(change) == "days":
        return "warn"
    is_up = (change.contrast.difference or 0.0) > 0
    return "pos" if is_up == (change.estimand in _MORE_IS_GOOD) else "neg"


def change_amount(scene: Scene, change: Change) -> str:
    """By how much a number moved."""
    moved = change.contrast.difference or 0.0
    kind = change_kind(change)
    return scene.formats.days_change(moved) if kind == "days" else _moved(scene, moved, kind)


def change_range(scene: Scene, change: Change) -> str:
    """The interval of a move."""
    low, high = change.contrast.low, change.contrast.high
    if low is None or high is None:
        return ""
    kind = change_kind(change)
    if kind == "days":
        return scene.formats.days_change_range(low, high)
    return scene.formats.mood_range(low, high) if kind == "mood" else scene.formats.points_range(low, high)


def action_cells(scene: Scene, action: ActionNote) -> list[Any]:
    """An action for the CSV file."""
    return [
        scene.name(action.name),
        scene.name(action.segment.name),
        scene.name(action.stage.name),
        scene.words.plain(f"estimand.{action.estimand}"),
        f"{action.since:%Y-%m-%d}",
        action.before,
        action.after,
        action.estimate,
        action.low,
        action.high,
        action.detectable,
        action.customers,
        action.design,
        action_words(scene, action),
    ]


def split_row(scene: Scene, split: SplitNote) -> dict[str, Any]:
    """A number that moved since last night, with its parts."""
    kind: Kind = "mood" if split.estimand is Estimand.VOICE else "share"
    return {
        "metric": scene.words.plain(f"estimand.{split.estimand}"),
        "segment": scene.name(split.segment.name),
        "stage": split.stage,
        "name": scene.name(split.stage.name),
        "before": scene.value(split.before, kind),
        "after": scene.value(split.after, kind),
        "change": _moved(scene, split.after - split.before, kind),
        "parts": [_moved(scene, getattr(split, part), kind) for part in _PARTS],
        "is_other_rules": split.rules is not None and split.behaviour is None,
        "n": "" if split.customers is None else scene.formats.count(split.customers),
    }


def split_cells(scene: Scene, split: SplitNote) -> list[Any]:
    """A number that moved for the CSV file."""
    return [
        scene.words.plain(f"estimand.{split.estimand}"),
        scene.name(split.segment.name),
        scene.name(split.stage.name),
        split.before,
        split.after,
        *(getattr(split, part) for part in _PARTS),
        split.rules,
        split.customers,
    ]


def drift_row(scene: Scene, drift: DriftNote) -> dict[str, Any]:
    """Drift of a segment: whether it is more than chance brings, and the flows that tell of it."""
    words, formats = scene.words.plain, scene.formats
    is_found = drift.q_value is not None and drift.q_value < FINDING_Q
    verdict = "drift_few" if not drift.is_compared else "drift_found" if is_found else "drift_none"
    return {
        "segment": scene.name(drift.segment.name),
        "verdict": words(f"trends.{verdict}"),
        "css": "warn" if is_found else "",
        "distance": "—" if drift.distance is None else formats.decimal(drift.distance, 3),
        "expected": "—" if drift.expected is None else formats.decimal(drift.expected, 3),
        "chance": "—" if drift.q_value is None else formats.chance(drift.q_value),
        "customers": tuple(
            "—" if n is None else formats.count(n) for n in (drift.customers_before, drift.customers_after)
        ),
        "flows": [_flow(scene, flow) for flow in drift.flows] if is_found else [],
    }


def drift_cells(scene: Scene, drift: DriftNote) -> list[list[Any]]:
    """Drift of a segment for the CSV file: a row per flow, or one without any."""
    head = [
        scene.name(drift.segment.name),
        drift.distance,
        drift.expected,
        drift.q_value,
        drift.customers_before,
        drift.customers_after,
    ]
    flows = [[scene.name(f.stage.name), _target(scene, f.target), f.before, f.after] for f in drift.flows]
    return [[*head, *flow] for flow in flows or [["", "", None, None]]]


def _flow(scene: Scene, flow: DriftFlow) -> str:
    return scene.words.plain(
        "trends.flow",
        stage=scene.name(flow.stage.name),
        target=_target(scene, flow.target),
        before=scene.formats.share(flow.before),
        after=scene.formats.share(flow.after),
    )


def _target(scene: Scene, target: str) -> str:
    key = f"ending.{target}"
    return scene.words.plain(key) if scene.words.has(key) else scene.stage_name(target)


def _moved(scene: Scene, value: float | None, kind: Kind) -> str:
    if value is None:
        return "—"
    return scene.formats.mood(value) if kind == "mood" else scene.formats.points(value)


def _share(scene: Scene, value: float | None) -> str:
    return "—" if value is None else scene.formats.share(value)


def _points_range(scene: Scene, low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else scene.formats.points_range(low, high)
