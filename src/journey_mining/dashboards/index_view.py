"""The overview as values for its template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from journey_mining.dashboards.change_list import changes_view
from journey_mining.dashboards.run_view import stitched_note
from journey_mining.dashboards.scene import Scene
from journey_mining.dashboards.trend_lines import spark_svg
from journey_mining.maps.heads import SegmentHead
from journey_mining.maps.map_pictures import SegmentMap, StageColumn
from journey_mining.maps.note_pictures import SourceNote
from journey_mining.maps.numbers import Number
from journey_mining.vocabulary import ALL_SEGMENTS, UNKNOWN_SEGMENT, Estimand

STALE_HOURS = 24.0
"""a source this far behind the freshest one is late"""
_DROP_BINS = (0.10, 0.20, 0.35, 0.50, 0.60)
_MOOD_BINS = ((-0.3, "en2"), (-0.1, "en1"), (0.1, "e0"), (0.3, "ep1"))
SMALL_ROWS = 3
"""segments without a map that have rows of their own; more of them share one"""
WORST_DROP, WORST_MOOD = 0.25, -0.2
"""the worst stage is outlined beyond these"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a strip."""

    words: str
    css: str
    is_worst: bool
    title: str


def index_view(scene: Scene) -> dict[str, Any]:
    """Everything the overview prints."""
    maps = {picture.segment.id: picture for picture in scene.pictures.maps}
    hidden = [head for head in scene.pictures.segments if head.id not in maps]
    told = hidden if len(hidden) > SMALL_ROWS else []
    return {
        "lead": _lead(scene),
        "sources": [_source(scene, note) for note in scene.pictures.notes.sources],
        "rows": [_row(scene, head, maps.get(head.id)) for head in scene.pictures.segments if head not in told],
        "small": _small(scene, told),
        "where": _where(scene),
        "mood_of": maps[ALL_SEGMENTS].mood_of if ALL_SEGMENTS in maps else Estimand.VOICE,
        "notices": notices(scene),
        "changes": changes_view(scene),
        "stitched": stitched_note(scene),
    }


def notices(scene: Scene) -> list[tuple[str, Markup]]:
    """Banners about this very run: late sources and rejected files."""
    words, notes = scene.words, scene.pictures.notes
    found = [
        ("warn", words("state.stale", source=scene.system(note.system or note.source), lag=_lag(scene, note)))
        for note in notes.sources
        if note.lag_hours > STALE_HOURS
    ]
    rejected = notes.rejected_files
    if rejected:
        names = [problem.path for problem in rejected[:3]]
        if len(rejected) > len(names):
            names.append(words.plain("state.rejected_more", n=len(rejected) - len(names)))
        files = scene.formats.plural(len(rejected), words.forms("files_forms"))
        found.append(("err", words("state.rejected", files=files, names=", ".join(names))))
    return found


def drop_cell(scene: Scene, number: Number, *, is_worst: bool) -> Cell:
    """A drop-off in a strip: whole percent and a heat colour; none below the thin limit."""
    shown = scene.shown(number)
    if not number.is_full or number.estimate is None:
        return Cell(
            words=_thin(scene, shown.range, shown.text), css="nd", is_worst=False, title=shown.title or shown.text
        )
    step = sum(number.estimate >= bound for bound in _DROP_BINS)
    title = f"{shown.text} ({shown.range}), {shown.base}"
    return Cell(words=scene.formats.decimal(100 * number.estimate, 0), css=f"h{step}", is_worst=is_worst, title=title)


def mood_cell(scene: Scene, number: Number, *, is_worst: bool) -> Cell:
    """A mood in a strip."""
    shown = scene.shown(number, "mood")
    if not number.is_full or number.estimate is None:
        return Cell(
            words=_thin(scene, shown.range, shown.text), css="nd", is_worst=False, title=shown.title or shown.text
        )
    css = next((name for bound, name in _MOOD_BINS if number.estimate < bound), "ep2")
    title = f"{shown.text} ({shown.range}), {shown.base}"
    return Cell(words=shown.text, css=css, is_worst=is_worst, title=title)


def _thin(scene: Scene, interval: str, words: str) -> str:
    """What a cell too small for words prints: a dash, or the sign of a hidden value."""
    return "…" if interval else words if words == scene.hidden_sign else "—"


def _lead(scene: Scene) -> Markup:
    maps = scene.pictures.maps
    words = scene.words
    parts: list[Markup] = []
    everybody = next((picture for picture in maps if picture.segment.id == ALL_SEGMENTS), None)
    goal = scene.shown(everybody.goal_reached) if everybody else None
    if goal is not None and goal.is_full and goal.horizon:
        parts.append(words("index.lead_goal", share=goal.text, horizon=goal.horizon))
    cells = _cells(maps)
    lost = max(
        ((p, c) for p, c in cells if c.drop_off.is_full), key=lambda pc: pc[1].drop_off.estimate or 0, default=None
    )
    if lost is not None:
        shown = scene.shown(lost[1].drop_off)
        parts.append(words("index.lead_worst", **_names(scene, *lost), share=shown.text, horizon=shown.horizon))
    low = next(iter(_unhappy(cells)), None)
    if low is not None:
        picture, column = low
        mood = scene.shown(picture.mood_at(column), "mood").text
        parts.append(words(f"index.lead_{picture.mood_of}", **_names(scene, *low), mood=mood))
    return Markup(" ").join(parts) if parts else words("index.lead_nothing")


def _names(scene: Scene, picture: SegmentMap, column: StageColumn) -> dict[str, str]:
    return {"segment": scene.name(picture.segment.name), "stage": scene.name(column.stage.name)}


def _cells(maps: Sequence[SegmentMap]) -> list[tuple[SegmentMap, StageColumn]]:
    """All cells that compete for attention; "all" only where there is no named segment."""
    named = [picture for picture in maps if picture.segment.id not in (ALL_SEGMENTS, UNKNOWN_SEGMENT)]
    return [(picture, column) for picture in named or maps for column in picture.columns]


def _unhappy(cells: Sequence[tuple[SegmentMap, StageColumn]]) -> list[tuple[SegmentMap, StageColumn]]:
    """Cells whose mood is below zero for certain, worst first."""
    low = [(p, c) for p, c in cells if p.mood_at(c).is_full and (p.mood_at(c).high or 0.0) < 0]
    return sorted(low, key=lambda pc: pc[0].mood_at(pc[1]).estimate or 0.0)


def _source(scene: Scene, note: SourceNote) -> dict[str, Any]:
    words = scene.words
    role = note.role if words.has(f"role.{note.role}") else "other"
    state = ("pos", words.plain("index.fresh"))
    if note.files_rejected:
        state = ("neg", words.plain("index.rejected"))
    elif note.lag_hours > STALE_HOURS:
        state = ("warn", words.plain("index.late", lag=_lag(scene, note)))
    files = scene.formats.count(note.files_loaded)
    if note.files_rejected:
        files += f" ({words.plain('index.files_rejected', n=scene.formats.count(note.files_rejected))})"
    return {
        "name": scene.system(note.system or note.source),
        "role": words.plain(f"role.{role}"),
        "icon": {"crm": "db", "web": "page", "support": "ticket", "feedback": "survey"}.get(role, "doc"),
        "state": state,
        "until": scene.formats.moment(note.fresh_until) if note.fresh_until else "—",
        "events": scene.formats.count(note.events),
        "files": files,
        "quarantined": _quarantined(scene, note),
    }


def _quarantined(scene: Scene, note: SourceNote) -> str:
    if not note.rows_quarantined or not note.rows_read:
        return scene.formats.count(note.rows_quarantined)
    share = scene.formats.share(note.rows_quarantined / note.rows_read)
    return f"{scene.formats.count(note.rows_quarantined)} ({share})"


def _lag(scene: Scene, note: SourceNote) -> str:
    hours = round(note.lag_hours)
    if hours >= 72:  # noqa: PLR2004 - three days are easier to read in days
        return scene.formats.plural(round(hours / 24), scene.words.forms("days_forms"))
    return scene.formats.plural(hours, scene.words.forms("hours_forms"))


def _row(scene: Scene, head: SegmentHead, picture: SegmentMap | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "head": head,
        "name": scene.name(head.name),
        "about": scene.name(head.about),
        "customers": scene.count(head.customers),
        "customers_title": scene.count_title(head.customers),
        "hidden_note": scene.words.plain("state.segment_hidden", small=scene.pictures.limits.small),
        "has_map": picture is not None,
    }
    if picture is None:
        return row
    loss, low = picture.worst_loss, picture.worst_mood
    worst_loss = loss if loss is not None and (loss.drop_off.estimate or 0.0) >= WORST_DROP else None
    worst_mood = low if low is not None and (picture.mood_at(low).estimate or 0.0) <= WORST_MOOD else None
    drops = [drop_cell(scene, c.drop_off, is_worst=c is worst_loss) for c in picture.columns]
    moods = [mood_cell(scene, picture.mood_at(c), is_worst=c is worst_mood) for c in picture.columns]
    lowest = picture.mood_at(worst_mood) if worst_mood is not None else None
    names = [scene.name(column.stage.name) for column in picture.columns]
    past = next((own for own in scene.pictures.trends.segments if own.segment.id == head.id), None)
    spark = spark_svg(past.goal.points) if past else ""
    return row | {
        "goal": scene.shown(picture.goal_reached),
        "spark": spark,
        "drops": drops,
        "moods": moods,
        "drops_alt": _alt(scene.words.plain("index.drop"), names, drops),
        "moods_alt": _alt(scene.words.plain("index.emotion"), names, moods),
        "attention": _attention(scene, worst_loss, worst_mood, lowest, is_thin=loss is None and low is None),
    }


def _small(scene: Scene, heads: Sequence[SegmentHead]) -> dict[str, str] | None:
    """One row for many segments without a map: how many, why, and which."""
    if not heads:
        return None
    words = scene.words
    return {
        "title": scene.formats.plural(len(heads), words.forms("segments_forms")),
        "sign": scene.hidden_sign,
        "note": words.plain("state.segments_hidden", small=scene.pictures.limits.small),
        "names": "; ".join(scene.name(head.name) for head in heads),
    }


def _alt(title: str, names: Sequence[str], cells: Sequence[Cell]) -> str:
    return f"{title}: " + "; ".join(f"{name} {cell.words}" for name, cell in zip(names, cells, strict=True))


def _attention(
    scene: Scene, loss: StageColumn | None, low: StageColumn | None, mood: Number | None, *, is_thin: bool
) -> list[tuple[str, str, str]]:
    words = scene.words
    found: list[tuple[str, str, str]] = []
    if loss is not None:
        quoted = scene.formats.quoted(scene.name(loss.stage.name))
        text = f"{quoted} {scene.formats.share(loss.drop_off.estimate or 0.0, 0)}"
        found.append(("neg", words.plain("index.attention_drop"), text))
    if low is not None and mood is not None:
        quoted = scene.formats.quoted(scene.name(low.stage.name))
        found.append(
            ("neg", words.plain("index.attention_voice"), f"{quoted} {scene.formats.mood(mood.estimate or 0.0)}")
        )
    if found:
        return found
    if is_thin:
        return [
            ("warn", words.plain("state.thin"), words.plain("index.attention_thin", thin=scene.pictures.limits.thin))
        ]
    return [("", words.plain("index.attention_none"), "")]


def _where(scene: Scene) -> list[dict[str, Any]]:
    """The cells that hurt most: three by drop-off, then two by mood."""
    cells = _cells(scene.pictures.maps)
    lost = sorted((pc for pc in cells if pc[1].drop_off.is_full), key=lambda pc: -(pc[1].drop_off.estimate or 0))[:3]
    return [
        *(_hurt(scene, *pc, number=pc[1].drop_off, kind="share") for pc in lost),
        *(_hurt(scene, *pc, number=pc[0].mood_at(pc[1]), kind="mood") for pc in _unhappy(cells)[:2]),
    ]


def _hurt(scene: Scene, picture: SegmentMap, column: StageColumn, *, number: Number, kind: str) -> dict[str, Any]:
    shown = scene.shown(number, "share" if kind == "share" else "mood")
    key = "index.where_drop" if kind == "share" else f"index.where_{picture.mood_of}"
    friction = next((item.kind for item in column.frictions if item.is_harmful), "")
    cause = scene.words.plain(f"friction.{friction}") if friction and scene.words.has(f"friction.{friction}") else ""
    return {
        "segment": scene.name(picture.segment.name),
        "slug": picture.segment.slug,
        "stage": column.stage,
        "name": scene.name(column.stage.name),
        "what": scene.words.plain(key, horizon=shown.horizon),
        "cause": cause,
        "shown": shown,
        "sign": "↓" if kind == "share" else "−",
    }
