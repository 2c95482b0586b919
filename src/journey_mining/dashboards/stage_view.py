"""The page of one stage as values for its template: who leaves here, when, with whom, and what they say."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from journey_mining.dashboards.figures import figure_json
from journey_mining.dashboards.map_view import Kpi, source_name
from journey_mining.dashboards.scene import Scene, Shown
from journey_mining.dashboards.stage_evidence import (
    deviation_row,
    facts_part,
    notes_of,
    obstacle_row,
    stage_kpi,
    subgroup_row,
    term_row,
    waits_part,
)
from journey_mining.dashboards.stage_tables import fact_name, next_name, stage_files
from journey_mining.dashboards.time_lines import HEIGHT, loss_figure, loss_readings, run_readings, runs_figure
from journey_mining.maps.map_pictures import Quote, SegmentMap
from journey_mining.maps.stage_pictures import NextSteps, StagePicture
from journey_mining.scoring.metric import ANSWER_FLAGS

_SPLIT = ("moved_on", "moved_back", "under_way", "drop_off")
_LEAST_NEXT = 0.05
"""share of the way most went below which the lead does not name it"""


def stage_view(scene: Scene, picture: StagePicture, whole: SegmentMap) -> dict[str, Any]:
    """Everything the stage template prints; `whole` is the map of the same segment."""
    column = picture.column
    return {
        "picture": picture,
        "stage": column.stage,
        "stage_name": scene.name(column.stage.name),
        "lead": lead_of(scene, picture, whole),
        "kpis": _kpis(scene, picture, whole),
        "split": _split(scene, picture),
        "curve": _curve(scene, picture),
        "next": _next(scene, picture.next_steps),
        "facts": facts_part(scene, picture),
        "subgroups": [subgroup_row(scene, item) for item in picture.subgroups],
        "waits": waits_part(scene, picture),
        "obstacles": [obstacle_row(scene, item) for item in picture.obstacles],
        "deviations": [deviation_row(scene, item) for item in picture.deviations],
        "answers": [*_answers(scene, picture), _satisfied(scene, picture)],
        "terms": [term_row(scene, term) for term in picture.terms],
        "quotes": [_quote(scene, quote) for quote in picture.quotes],
        "runs": _runs(scene, picture),
        "files": set(stage_files(scene, picture)),
        "height": HEIGHT,
    }


def lead_of(scene: Scene, picture: StagePicture, whole: SegmentMap) -> Markup:
    """What happens at the stage, in the numbers of map and paths."""
    words, column = scene.words, picture.column
    drop = scene.shown(column.drop_off)
    if not drop.is_full:
        key = "stage.lead_thin" if drop.is_thin else "stage.lead_none"
        return words(key, range=drop.range, horizon=drop.horizon, thin=scene.pictures.limits.thin)
    parts = [words("stage.lead_loss", share=drop.text, horizon=drop.horizon, range=drop.range)]
    if whole.worst_loss is not None and whole.worst_loss.stage.id == column.stage.id:
        parts.append(words("stage.lead_worst"))
    silence, status = (scene.shown(number) for number in (picture.lost_by_silence, picture.lost_by_status))
    if silence.is_full and status.is_full:
        parts.append(words("stage.lead_silent", silence=silence.text, status=status.text))
    confirmed = next((item for item in picture.subgroups if item.is_confirmed and item.lost.is_full), None)
    if confirmed is not None and confirmed.other_share is not None:
        lost, other = (scene.formats.share(value, 0) for value in (confirmed.lost.estimate or 0, confirmed.other_share))
        parts.append(words("stage.lead_confirmed", name=fact_name(scene, confirmed), share=lost, other=other))
    ways = picture.next_steps.steps if picture.next_steps else ()
    onward = next((step for step in ways if scene.stage(step.target)), None)
    if onward is not None and onward.share >= _LEAST_NEXT:
        share = scene.formats.share(onward.share, 0)
        parts.append(words("stage.lead_next", stage=next_name(scene, onward), share=share))
    wait = scene.shown(picture.waits.median, "days")
    if wait.is_full and picture.waits.median.estimate is not None:
        parts.append(words("stage.lead_wait", time=wait.text))
    return Markup(" ").join(parts)


def _kpis(scene: Scene, picture: StagePicture, whole: SegmentMap) -> list[Kpi]:
    column, words = picture.column, scene.words.plain
    drop = scene.shown(column.drop_off)
    within = (words("stage.within", horizon=drop.horizon),) if drop.horizon and drop.is_known else ()
    entered = Shown(state=column.entered.standing, text=scene.count(column.entered))
    mood = whole.mood_at(column)
    return [
        Kpi(
            key="drop_off",
            label=words("estimand.drop_off"),
            shown=drop,
            notes=(*notes_of(scene, drop), *within, *_ways(scene, picture)),
        ),
        *(stage_kpi(scene, key, getattr(column, key)) for key in ("moved_on", "moved_back", "under_way")),
        stage_kpi(scene, "stage_dwell_median", column.dwell, "days"),
        stage_kpi(scene, str(whole.mood_of), mood, "mood"),
        Kpi(key="stage_entered", label=words("estimand.stage_entered"), shown=entered, notes=()),
    ]


def _ways(scene: Scene, picture: StagePicture) -> tuple[str, ...]:
    """How the losses became known; the two parts add up to the drop-off."""
    parts = (("stage.by_status", picture.lost_by_status), ("stage.by_silence", picture.lost_by_silence))
    return tuple(scene.words.plain(key, share=scene.shown(n).text) for key, n in parts if n.is_full)


def _split(scene: Scene, picture: StagePicture) -> dict[str, Any] | None:
    """The four shares as one bar; only where all of them may be shown or are next to nothing."""
    numbers = {key: getattr(picture.column, key) for key in _SPLIT}
    if not picture.column.drop_off.is_full:
        return None
    known = {key: number for key, number in numbers.items() if number.is_full}
    rest = 1.0 - sum(number.estimate or 0.0 for number in known.values())
    parts = [
        {
            "key": key,
            "name": scene.words.plain(f"estimand.{key}"),
            "width": round(100 * (number.estimate or 0.0), 2),
            "share": scene.formats.share(number.estimate or 0.0, 0),
        }
        for key, number in known.items()
    ]
    said = "; ".join(f"{part['name']} {part['share']}" for part in parts)
    alt = scene.words.plain("stage.split_alt", parts=said)
    return {"parts": parts, "rest": round(100 * max(rest, 0.0), 2), "alt": alt}


def _curve(scene: Scene, picture: StagePicture) -> dict[str, Any] | None:
    curve = picture.curve
    if curve is None:
        return None
    shown = scene.shown(picture.column.drop_off)
    return {
        "figure": _json(loss_figure(scene, curve)),
        "readings": loss_readings(scene, curve),
        "alt": scene.words.plain("stage.curve_alt", horizon=shown.horizon, share=shown.text, range=shown.range),
        "is_thin": shown.is_thin,
        "rows": [
            {
                "day": point.day,
                "share": "—" if point.share is None else scene.formats.share(point.share),
                "range": scene.formats.share_range(point.low, point.high) if point.day else "—",
                "is_horizon": point.day == curve.horizon_days,
            }
            for point in curve.points
        ],
    }


def _next(scene: Scene, ways: NextSteps | None) -> dict[str, Any] | None:
    if ways is None:
        return None
    largest = max(step.journeys for step in ways.steps)
    return {
        "total": scene.formats.plural(ways.total, scene.words.forms("journeys")),
        "rows": [
            {
                "name": next_name(scene, step),
                "stage": scene.stage(step.target),
                "kind": step.target if scene.stage(step.target) is None else "on",
                "journeys": scene.formats.count(step.journeys),
                "share": scene.formats.share(step.share),
                "width": round(100 * step.journeys / largest, 1),
            }
            for step in ways.steps
        ],
    }


def _answers(scene: Scene, picture: StagePicture) -> list[Kpi]:
    """Texts and survey answers about the stage, kept apart."""
    found: list[Kpi] = []
    for key, number in (("voice", picture.column.voice), ("rating", picture.column.rating)):
        kpi = stage_kpi(scene, key, number, "mood")
        kinds = [scene.words.plain(f"stage.kind_{flag}") for flag in ANSWER_FLAGS if flag in number.flags]
        note = (scene.words.plain("stage.answers_of", kinds=", ".join(kinds)),) if kinds and kpi.shown.is_known else ()
        found.append(Kpi(key=key, label=kpi.label, shown=kpi.shown, notes=(*kpi.notes, *note)))
    return found


def _satisfied(scene: Scene, picture: StagePicture) -> Kpi:
    """The one feeling that is told; its definition says which are not, and why."""
    shown = scene.shown(picture.column.satisfied)
    label = scene.words.plain("table.stage_feeling")
    return Kpi(key="stage_feeling", label=label, shown=shown, notes=notes_of(scene, shown))


def _quote(scene: Scene, quote: Quote) -> dict[str, Any]:
    note = f"{source_name(scene, quote.source)}, {scene.formats.short_date(quote.occurred_at)}"
    return {"text": scene.formats.quoted(quote.text), "language": quote.language, "note": note}


def _runs(scene: Scene, picture: StagePicture) -> dict[str, Any] | None:
    """The drop-off of earlier runs; with this run alone there is nothing to compare."""
    past = picture.past
    if len(past) < 2:  # noqa: PLR2004 - a line needs two ends
        return None
    first, last = scene.shown(past[0].number), scene.shown(past[-1].number)
    return {
        "figure": _json(runs_figure(scene, past)),
        "readings": run_readings(scene, past),
        "alt": scene.words.plain("stage.runs_alt", n=len(past), first=first.text, last=last.text),
        "has_other_rules": any(not run.is_comparable for run in past),
        "rows": [
            {
                "date": scene.formats.date(run.as_of),
                "shown": scene.shown(run.number),
                "is_comparable": run.is_comparable,
            }
            for run in reversed(past)
        ],
    }


def _json(figure: dict[str, Any]) -> Markup:
    return Markup(figure_json(figure))  # noqa: S704 - escaped by figure_json
