"""What the data page tells of the run: files, totals that must agree, stitching, settings in force, seconds by step."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from journey_mining.dashboards.map_view import source_name
from journey_mining.dashboards.scene import Scene
from journey_mining.maps.note_pictures import LoadedFile, Quality, Total, TotalPart

FILES_SHOWN = 30
"""files in the table of the page; the CSV file has all"""
_DAY = timedelta(days=1)


def files_view(scene: Scene) -> dict[str, Any]:
    """Files that were loaded, and how many more there are."""
    files = scene.pictures.notes.files
    return {
        "rows": [_file(scene, item) for item in files[:FILES_SHOWN]],
        "more": scene.words.plain("data.files_more", n=scene.formats.count(len(files) - FILES_SHOWN))
        if len(files) > FILES_SHOWN
        else "",
    }


def _file(scene: Scene, item: LoadedFile) -> dict[str, str]:
    count = scene.formats.count
    return {
        "source": item.source,
        "stream": item.stream,
        "path": item.path,
        "mark": item.mark,
        "read": count(item.rows_read),
        "accepted": count(item.rows_accepted),
        "quarantined": count(item.rows_quarantined),
        "collapsed": count(item.rows_collapsed),
    }


def file_rows(scene: Scene) -> list[list[Any]]:
    """All loaded files for the CSV file."""
    return [
        [f.source, f.stream, f.path, f.mark, f.rows_read, f.rows_accepted, f.rows_quarantined, f.rows_collapsed]
        for f in scene.pictures.notes.files
    ]


def totals_view(scene: Scene) -> list[dict[str, Any]]:
    """Each total with what it is made of, where else it stands, and whether all agree."""
    return [_total(scene, total) for total in scene.pictures.notes.totals]


def _total(scene: Scene, total: Total) -> dict[str, Any]:
    words, count = scene.words.plain, scene.formats.count
    sum_words = " + ".join(_place(scene, part) for part in total.parts)
    return {
        "name": words(f"total.{total.name}"),
        "where": words(f"total_where.{total.name}"),
        "whole": _place(scene, total.whole),
        "sum": f"= {sum_words}" if total.parts else "",
        "others": [_place(scene, other) for other in total.others],
        "value": count(total.whole.amount),
        "is_equal": total.is_equal,
    }


def _place(scene: Scene, part: TotalPart) -> str:
    key = f"total_part.{part.name}"
    name = scene.words.plain(key) if scene.words.has(key) else part.name
    return f"{name} {scene.formats.count(part.amount)}"


def identity_view(scene: Scene) -> list[dict[str, str]]:
    """Answers about the stitching."""
    return [_quality(scene, item) for item in scene.pictures.notes.identity]


def _quality(scene: Scene, item: Quality) -> dict[str, str]:
    words = scene.words
    key = f"identity.{item.measure}_{item.part}"
    part = words.plain(key) if words.has(key) else source_name(scene, item.part)
    return {
        "question": words.plain(f"identity.{item.measure}"),
        "part": part,
        "amount": scene.count(item.amount),
        "title": scene.count_title(item.amount),
        "share": "—" if item.share is None else scene.formats.share(item.share),
    }


def stitched_note(scene: Scene) -> dict[str, str] | None:
    """The card of the overview: how many persons several sources know; None where it was not asked."""
    seen = [item for item in scene.pictures.notes.identity if item.measure == "person_in_sources"]
    several = [item.share for item in seen if item.part != "1"]
    if not several or any(share is None for share in several):
        return None
    tied = [item for item in scene.pictures.notes.identity if item.measure == "event_tied" and item.share is not None]
    lowest = min(tied, key=lambda item: item.share or 0.0, default=None)
    review = sum(item.amount.value or 0 for item in scene.pictures.notes.identity if item.measure == "review")
    return {
        "several": scene.formats.share(sum(share for share in several if share is not None)),
        "tied": scene.formats.share(lowest.share or 0.0) if lowest else "—",
        "review": scene.formats.count(review),
    }


def settings_view(scene: Scene) -> list[tuple[str, str, str]]:
    """Settings that decide numbers: key of journey.toml, meaning, value. No address, path or key is among them."""
    settings, days = scene.project.settings, scene.formats.days
    project, journeys, scores = settings.project, settings.journeys, settings.scores
    values = {
        "project.template": project.template,
        "project.timezone": project.timezone,
        "project.currency": project.currency,
        "load.max_quarantine_share": scene.formats.share(settings.load.max_quarantine_share),
        "journeys.unit": journeys.unit,
        "journeys.silence": days(journeys.silence / _DAY),
        "journeys.silence_from": journeys.silence_from,
        "journeys.session_timeout": days(journeys.session_timeout / _DAY),
        "journeys.deal_lead": days(journeys.deal_lead / _DAY),
        "journeys.deal_tail": days(journeys.deal_tail / _DAY),
        "scores.confidence": scene.formats.share(scores.confidence, 0),
        "scores.small_cell": scene.formats.count(scores.small_cell),
        "scores.thin_cell": scene.formats.count(scores.thin_cell),
        "scores.min_horizon": days(scores.min_horizon / _DAY),
        "voice.engine": settings.voice.engine.split(":")[0],
    }
    return [(key, scene.words.plain(f"setting.{key.replace('.', '_')}"), value) for key, value in values.items()]


def profile_view(scene: Scene) -> list[tuple[str, str]]:
    """Seconds by step; only in the marked block of the page, since no two runs take as long."""
    return [
        (
            scene.words.plain(f"run_step.{name}") if scene.words.has(f"run_step.{name}") else name,
            scene.formats.decimal(seconds, 1),
        )
        for name, seconds in scene.stamp.steps
    ]
