"""The list of what changed, as values for the overview: alarms that stand, numbers that moved, paths that drifted."""

from __future__ import annotations

from typing import Any

from journey_mining.dashboards.change_words import alarm_row, change_amount, change_css, change_kind, change_range
from journey_mining.dashboards.scene import Scene
from journey_mining.maps.heads import SegmentHead, StageHead
from journey_mining.maps.trend_pictures import AlarmNote, Change, DriftNote
from journey_mining.vocabulary import FINDING_Q

CHANGES_SHOWN = 12


def changes_view(scene: Scene) -> dict[str, Any]:
    """Items, the surest first, or why there are none."""
    trends, words = scene.pictures.trends, scene.words.plain
    found = [_alarm(scene, alarm) for alarm in trends.standing]
    found += [_change(scene, change) for change in trends.changes]
    found += [_drift(scene, drift) for drift in trends.drifts if _is_found(drift)]
    looked = scene.formats.plural(trends.looked_at, scene.words.forms("looks_forms"))
    if trends.changed_since is None:
        note, empty = words("index.changes_note_plain") if found else "", words("state.first_run")
    else:
        date = scene.formats.date(trends.changed_since)
        note, empty = (words(f"index.{key}", date=date, n=looked) for key in ("changes_note", "changes_none"))
    rest = len(found) - CHANGES_SHOWN
    more = words("index.changes_more", n=scene.formats.count(rest)) if rest > 0 else ""
    return {"items": found[:CHANGES_SHOWN], "more": more, "note": note if found else "", "empty": empty}


def _item(scene: Scene, segment: SegmentHead, stage: StageHead | None, **values: str) -> dict[str, Any]:
    place = scene.name(stage.name) if stage else scene.words.plain("index.whole")
    page = f"stages/{stage.slug}" if stage else "map"
    own = {
        "segment": scene.name(segment.name),
        "stage": stage,
        "place": place,
        "href": f"segments/{segment.slug}/{page}.html",
    }
    return own | values


def _alarm(scene: Scene, alarm: AlarmNote) -> dict[str, Any]:
    since = scene.shown(alarm.since)
    return _item(
        scene,
        alarm.segment,
        alarm.stage,
        css="neg",
        sign="!",
        says=alarm_row(scene, alarm)["says"],
        amount=since.text if since.is_full else scene.words.plain("index.change_alarm"),
        base=" · ".join(part for part in (since.range, since.base) if part),
    )


def _change(scene: Scene, change: Change) -> dict[str, Any]:
    contrast, kind = change.contrast, change_kind(change)
    sides = (scene.shown(contrast.second, kind), scene.shown(contrast.first, kind))
    return _item(
        scene,
        change.segment,
        change.stage,
        css=change_css(change),
        sign="↑" if (contrast.difference or 0.0) > 0 else "↓",
        says=scene.words.plain(
            "index.change_from",
            measure=scene.words.plain(f"estimand.{change.estimand}"),
            before=sides[0].text,
            after=sides[1].text,
        ),
        amount=change_amount(scene, change),
        base=f"{change_range(scene, change)} · {sides[1].base}",
    )


def _is_found(drift: DriftNote) -> bool:
    return drift.is_compared and drift.q_value is not None and drift.q_value < FINDING_Q


def _drift(scene: Scene, drift: DriftNote) -> dict[str, Any]:
    item = _item(
        scene,
        drift.segment,
        None,
        css="warn",
        sign="≠",
        says=scene.words.plain("index.change_drift"),
        amount="—" if drift.distance is None else scene.formats.decimal(drift.distance, 3),
        base=""
        if drift.customers_after is None
        else scene.words.plain("state.base", n=scene.formats.count(drift.customers_after)),
    )
    return item | {"href": "trends.html#drift"}
