"""The map page as values for its template."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from markupsafe import Markup

from journey_mining.dashboards.change_words import moved_pill, seen_words
from journey_mining.dashboards.emotion import emotion_figure
from journey_mining.dashboards.everybody import everybody_words
from journey_mining.dashboards.figures import figure_json
from journey_mining.dashboards.formats import NO_BREAK
from journey_mining.dashboards.mood_view import covered, mood_sentences, signals
from journey_mining.dashboards.ratings import mood_words
from journey_mining.dashboards.ribbon import is_empty, ribbon_of
from journey_mining.dashboards.scene import Scene, Shown, tame
from journey_mining.dashboards.trend_lines import spark_svg
from journey_mining.dashboards.worth_view import gain_cell, gain_table, weight_cell, weight_table
from journey_mining.maps.map_pictures import Chip, DeclaredAction, Friction, SegmentMap, StageColumn
from journey_mining.maps.numbers import Count, Number, Standing
from journey_mining.maps.persona_facts import PersonaFact
from journey_mining.vocabulary import Estimand, Evidence

OUR_CHIPS, BLIND_CHIPS = 4, 2
LOUD = 0.4
"""drop-off above which a number is red"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """One number of the strip under the lead."""

    key: str
    """estimand, for the link to its definition"""
    label: str
    shown: Shown
    notes: tuple[str, ...]
    spark: str = ""
    """line of the last runs, empty where there are too few"""


class PersonaLine(NamedTuple):
    """A line of the persona card in words."""

    label: str
    words: str
    evidence: Evidence
    note: str = ""
    key: str = ""
    """definition of a measured line"""


def map_view(scene: Scene, picture: SegmentMap) -> dict[str, Any]:
    """Everything the map template prints."""
    return {
        "picture": picture,
        "lead": lead_of(scene, picture),
        "persona_lines": _persona_lines(scene, picture),
        "monogram": monogram(scene.name(picture.segment.name)),
        "kpis": _kpis(scene, picture),
        "columns": [_column(scene, picture, column) for column in picture.columns],
        "started": _started(scene, picture),
        "weights": weight_table(scene, picture),
        "gains": gain_table(scene, picture),
        "ribbon": ribbon_of(scene, picture),
        "emotion": Markup(figure_json(emotion_figure(scene, picture))),  # noqa: S704 - escaped by figure_json
        "emotion_alt": emotion_alt(scene, picture),
        "emotion_points": [
            _reading(scene, picture, column) for column in picture.columns if picture.mood_at(column).centre is not None
        ],
        "covered": [covered(scene, column) for column in picture.columns],
        "signals": signals(scene, picture),
        "mood_sentences": mood_sentences(scene, picture),
        "has_everybody": any(column.all_customers.centre is not None for column in picture.columns),
        "has_ratings": any(column.rating.centre is not None for column in picture.columns),
    }


def lead_of(scene: Scene, picture: SegmentMap) -> Markup:
    """The sentence that answers the page's question, out of the same numbers as the charts."""
    words = scene.words
    parts: list[Markup] = []
    goal = scene.shown(picture.goal_reached)
    if goal.is_full:
        key = "map.lead_goal" if goal.horizon else "map.lead_goal_plain"
        parts.append(words(key, horizon=goal.horizon, share=goal.text, range=goal.range))
    loss = picture.worst_loss
    if loss is not None:
        shown = scene.shown(loss.drop_off)
        name = scene.name(loss.stage.name)
        parts.append(words("map.lead_loss", stage=name, share=shown.text, horizon=shown.horizon))
    worst = picture.worst_mood
    if worst is not None:
        mood = picture.mood_at(worst)
        shown = scene.shown(mood, "mood")
        is_bad = (mood.high or 0.0) < 0
        key = f"map.lead_{picture.mood_of}" if is_bad else f"map.lead_{picture.mood_of}_mild"
        parts.append(words(key, stage=scene.name(worst.stage.name), mood=shown.text))
    contact = scene.shown(picture.contact_rate)
    if contact.is_full:
        parts.append(words("map.lead_contact", share=contact.text))
    return Markup(" ").join(parts) if parts else words("map.lead_thin")


def monogram(name: str) -> str:
    """Up to two first letters of a name."""
    return "".join(word[0] for word in name.split() if word[0].isalnum())[:2].upper()


def emotion_alt(scene: Scene, picture: SegmentMap) -> str:
    """The finding of the emotion curve in one sentence."""
    full = [column for column in picture.columns if picture.mood_at(column).is_full]
    words = scene.words
    if not full:
        return words.plain("emotion.alt", summary=words.plain("emotion.alt_none"))
    best = max(full, key=lambda column: picture.mood_at(column).estimate or 0.0)
    worst = min(full, key=lambda column: picture.mood_at(column).estimate or 0.0)
    sentences = [
        words.plain(key, stage=scene.name(c.stage.name), mood=scene.shown(picture.mood_at(c), "mood").text)
        for key, c in (("emotion.alt_best", best), ("emotion.alt_worst", worst))
    ]
    if picture.is_rated:
        sentences.append(words.plain("emotion.alt_rated"))
    return words.plain("emotion.alt", summary=" ".join(sentences))


def _reading(scene: Scene, picture: SegmentMap, column: StageColumn) -> str:
    """One stage of the curve for those who read it by keyboard, answers to surveys included."""
    parts = [mood_words(scene, column, picture.mood_at(column), is_rating=picture.is_rated)]
    if not picture.is_rated and column.rating.centre is not None:
        parts.append(mood_words(scene, column, column.rating, is_rating=True))
    if column.all_customers.centre is not None:
        parts.append(everybody_words(scene, column))
    return ". ".join(parts)


def _persona_lines(scene: Scene, picture: SegmentMap) -> list[PersonaLine]:
    """Measured lines first, then what people declared; what no source tells is named in one line."""
    lines: list[PersonaLine] = []
    if picture.share_of_all is not None:
        share = scene.formats.share(picture.share_of_all, 0)
        lines.append(PersonaLine(scene.words.plain("map.share_of_all"), share, Evidence.MEASURED))
    if picture.first_touchpoint is not None:
        chip = picture.first_touchpoint
        named = f"{scene.name(chip.name)}, {scene.count(chip.customers)}"
        lines.append(PersonaLine(scene.words.plain("map.first_touchpoint"), named, Evidence.MEASURED))
    lines += [_measured(scene, fact) for fact in picture.facts]
    lines += [PersonaLine(scene.name(own.label), scene.name(own.value), own.evidence) for own in picture.lines]
    if picture.gaps:
        blank = ", ".join(scene.words.plain(f"persona.{field}").lower() for field in picture.gaps)
        lines.append(PersonaLine(scene.words.plain("map.fact_none"), blank, Evidence.NO_DATA))
    return lines


def _measured(scene: Scene, fact: PersonaFact) -> PersonaLine:
    """The word and its share; below it interval, base, and the share of the others where that surely differs."""
    words, shown = scene.words, scene.shown(fact.share, digits=0)
    key = f"persona.{fact.field}_{fact.word}"
    word = words.plain(key) if words.has(key) else tame(fact.word)
    notes = [shown.range, shown.base]
    if fact.rest is not None:
        notes.append(words.plain("map.fact_rest", share=scene.formats.share(fact.rest, 0)))
    return PersonaLine(
        words.plain(f"persona.{fact.field}"),
        f"{word} {shown.text}" if word else shown.text,
        Evidence.MEASURED,
        " · ".join(note for note in notes if note),
        "persona_fact",
    )


def _kpis(scene: Scene, picture: SegmentMap) -> list[Kpi]:
    """The numbers under the lead, each with its line over the last runs where the runs remember it."""
    past = next((own for own in scene.pictures.trends.segments if own.segment.id == picture.segment.id), None)
    lines = {} if past is None else {str(t.estimand): t.points for t in (past.goal, past.duration, past.mood)}
    return [replace(kpi, spark=spark_svg(lines.get(kpi.key, ()))) for kpi in _plain_kpis(scene, picture)]


def _plain_kpis(scene: Scene, picture: SegmentMap) -> list[Kpi]:
    words, segment = scene.words, picture.segment
    goal = scene.shown(picture.goal_reached)
    customers = _counted(scene, segment.customers)
    still = words.plain("kpi.open_journeys", n=scene.count(segment.open_journeys))
    horizon = (words.plain("kpi.goal_horizon", horizon=goal.horizon),) if goal.horizon else ()
    return [
        Kpi(key="goal_reached", label=words.plain("kpi.goal"), shown=goal, notes=(*_interval(scene, goal), *horizon)),
        _kpi(scene, "journey_duration_median", "kpi.duration", scene.shown(picture.duration, "days")),
        Kpi(key="journeys", label=words.plain("kpi.customers"), shown=customers, notes=(still,)),
        _mood_kpi(scene, picture),
        _contact_kpi(scene, picture),
        _kpi(scene, "mapped_share", "kpi.mapped", scene.shown(picture.mapped)),
    ]


def _mood_kpi(scene: Scene, picture: SegmentMap) -> Kpi:
    shown = scene.shown(picture.mood, "mood")
    notes = (shown.base, scene.words.plain("kpi.rated")) if picture.is_rated else ()
    return _kpi(scene, str(picture.mood_of), "kpi.voice", shown, *notes)


def _contact_kpi(scene: Scene, picture: SegmentMap) -> Kpi:
    """A share of tickets that nobody loaded is unknown, not zero."""
    is_known = picture.contact_rate.standing is not Standing.NO_DATA
    note = scene.words.plain("kpi.contact_note" if is_known else "kpi.contact_none")
    return _kpi(scene, "contact_rate", "kpi.contact", scene.shown(picture.contact_rate), note)


def _counted(scene: Scene, count: Count) -> Shown:
    is_full = count.value is not None
    title = scene.count_title(count)
    return Shown(state=Standing.FULL if is_full else Standing.HIDDEN, text=scene.count(count), title=title)


def _kpi(scene: Scene, key: str, label: str, shown: Shown, *notes: str) -> Kpi:
    base = (shown.base,) if shown.base else ()
    return Kpi(key=key, label=scene.words.plain(label), shown=shown, notes=(*_interval(scene, shown), *(notes or base)))


def _interval(scene: Scene, shown: Shown) -> tuple[str, ...]:
    return (scene.words.plain("kpi.interval", range=shown.range),) if shown.range else ()


def _started(scene: Scene, picture: SegmentMap) -> str:
    """Of how many customers the row of importance speaks: those whose start was seen, as for the goal."""
    goal = picture.goal_reached
    if goal.customers is None or not any(column.weights for column in picture.columns):
        return ""
    return scene.words.plain("worth.base", n=scene.formats.count(goal.customers))


def _column(scene: Scene, picture: SegmentMap, column: StageColumn) -> dict[str, Any]:
    dwell = scene.shown(column.dwell, "days")
    ours = [chip for chip in column.chips if chip.is_ours]
    blind = [chip for chip in column.chips if not chip.is_ours]
    return {
        "stage": column.stage,
        "name": scene.name(column.stage.name),
        "entered": scene.count(column.entered),
        "is_empty": is_empty(column),
        "entered_title": scene.count_title(column.entered),
        "dwell": scene.words.plain("map.median", time=dwell.text) if dwell.is_full else _thin_median(scene, dwell),
        "drop": scene.shown(column.drop_off),
        "is_loud": column.drop_off.is_full and (column.drop_off.estimate or 0.0) > LOUD,
        "drop_notes": _drop_notes(scene, column),
        "drop_moved": moved_pill(scene, picture.segment.id, Estimand.DROP_OFF, column.stage.id),
        "voice": scene.shown(column.voice, "mood"),
        "rating": scene.shown(column.rating, "mood"),
        "everybody": scene.shown(column.all_customers, "mood"),
        "chips": [_chip(scene, chip) for chip in (*ours[:OUR_CHIPS], *blind[:BLIND_CHIPS])],
        "more": max(len(ours) - OUR_CHIPS, 0) + max(len(blind) - BLIND_CHIPS, 0),
        "goal": scene.name(column.goal) if column.goal else "",
        "experience": _experience(scene, column),
        "quote": column.quote,
        "quote_note": _quote_note(scene, column),
        "friction": _friction(scene, column.frictions[0]) if column.frictions else None,
        "weight": weight_cell(scene, column),
        "gain": gain_cell(scene, column),
        "actions": [_action(scene, picture, action) for action in column.actions],
    }


def _action(scene: Scene, picture: SegmentMap, action: DeclaredAction) -> dict[str, Any]:
    """What people declared, and what the numbers did since; the second says no more than its design allows."""
    notes = [
        note for note in scene.pictures.trends.actions if (note.id, note.segment.id) == (action.id, picture.segment.id)
    ]
    return {
        "text": scene.name(action.text),
        "status": action.status,
        "note": " · ".join(part for part in (scene.name(action.effect), action.owner) if part),
        "seen": [seen_words(scene, note) for note in notes],
    }


def _thin_median(scene: Scene, dwell: Shown) -> str:
    return scene.words.plain("map.median_thin") if dwell.is_thin else ""


def _drop_notes(scene: Scene, column: StageColumn) -> list[str]:
    """What became of the others, and whether the horizon is shorter than elsewhere."""
    if not column.drop_off.is_full:
        return []
    words = scene.words
    parts = (("cell.moved_on", column.moved_on), ("cell.under_way", column.under_way))
    notes = [words.plain(key, share=scene.formats.share(n.estimate or 0.0, 0)) for key, n in parts if _is_said(n)]
    if "short_horizon" in column.drop_off.flags:
        notes.append(words.plain("cell.short_horizon"))
    return notes


def _is_said(number: Number) -> bool:
    return number.is_full and (number.estimate or 0.0) >= 0.005  # noqa: PLR2004 - rounds to one percent


def _chip(scene: Scene, chip: Chip) -> dict[str, Any]:
    mood = chip.mood.estimate
    sign = "" if mood is None else "up" if mood > 0.05 else "down" if mood < -0.05 else "even"  # noqa: PLR2004
    return {
        "name": scene.name(chip.name),
        "icon": chip.icon,
        "is_ours": chip.is_ours,
        "is_declared": chip.is_declared,
        "customers": scene.count(chip.customers),
        "sign": sign,
        "mood": scene.formats.mood(mood) if mood is not None else "",
    }


def _experience(scene: Scene, column: StageColumn) -> list[tuple[str, str]]:
    """One thing that helped and one that hindered, each with a number."""
    voiced = [chip for chip in column.chips if chip.mood.is_full]
    best = max(voiced, key=lambda chip: chip.mood.estimate or 0.0, default=None)
    worst = min(voiced, key=lambda chip: chip.mood.estimate or 0.0, default=None)
    found: list[tuple[str, str]] = []
    if best is not None and (best.mood.estimate or 0.0) >= 0.1:  # noqa: PLR2004 - a step of the emotion scale
        found.append(("up", _voiced(scene, "cell.plus_touchpoint", best)))
    elif column.moved_on.is_full and (column.moved_on.estimate or 0.0) >= 0.5:  # noqa: PLR2004 - more than half
        found.append(("up", _ratio(scene, "cell.plus_moved", column.moved_on)))
    if worst is not None and (worst.mood.estimate or 0.0) <= -0.1:  # noqa: PLR2004 - a step of the emotion scale
        found.append(("down", _voiced(scene, "cell.minus_touchpoint", worst)))
    return found


def _voiced(scene: Scene, key: str, chip: Chip) -> str:
    shown = scene.shown(chip.mood, "mood")
    return (
        scene.words.plain(key, name=scene.name(chip.name), mood=shown.text) + f" ({shown.base.replace(' ', NO_BREAK)})"
    )


def _ratio(scene: Scene, key: str, number: Number) -> str:
    shown = scene.shown(number, digits=0)
    return scene.words.plain(key, share=shown.text, horizon=shown.horizon)


def _quote_note(scene: Scene, column: StageColumn) -> str:
    if column.quote is None:
        return ""
    return f"{source_name(scene, column.quote.source)}, {scene.formats.short_date(column.quote.occurred_at)}"


def source_name(scene: Scene, source: str) -> str:
    """The system behind a source, as the data page names it."""
    systems = (note.system for note in scene.pictures.notes.sources if note.source == source)
    return scene.system(next(systems, "") or source)


def _friction(scene: Scene, friction: Friction) -> dict[str, Any]:
    words, formats = scene.words, scene.formats
    key = f"friction.{friction.kind}"
    pills: list[tuple[str, str, str]] = [
        ("", words.plain("cell.friction_share", share=formats.share(friction.share, 0)), "")
    ]
    if friction.extra_days and friction.extra_days > 0:
        pills.append(("warn", words.plain("cell.friction_days", days=formats.days(friction.extra_days)), ""))
    if friction.loss_ratio is not None and friction.loss_low is not None and friction.loss_high is not None:
        ratio = formats.decimal(friction.loss_ratio, 1)
        span = f"{formats.decimal(friction.loss_low, 1)}–{formats.decimal(friction.loss_high, 1)}"
        title = words.plain("cell.friction_ratio_long", ratio=ratio, range=span)
        loss = words.plain("cell.friction_ratio" if friction.is_harmful else "cell.friction_same", ratio=ratio)
        pills.append(("neg" if friction.is_harmful else "", loss, title))
    return {"name": words.plain(key) if words.has(key) else friction.kind, "pills": pills}
