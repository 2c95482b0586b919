"""The map of a segment as a `journey` diagram of Mermaid: sections are stages, scores are measured moods.

In: a scene, a segment's map. Out: text. A stage or touchpoint of whose mood too little is known is left out and named
in a comment; Mermaid has no sign for what is not known, and a guess would look like a measurement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from journey_mining.dashboards.scene import Scene
from journey_mining.maps.map_pictures import SegmentMap, StageColumn
from journey_mining.maps.numbers import Number

_SIGNS = re.compile(r"[#:;%{}<>\"`\\\s]+")
"""signs that mean something to Mermaid, or to a page that holds it"""
_BEGINNINGS = re.compile(r"(?i)(journey|title|section)")
"""words that begin something else where a task should stand; Mermaid looks for them without regard to case"""
_LOWEST, _HIGHEST = 1, 5


def mermaid_text(scene: Scene, picture: SegmentMap) -> str:
    """The diagram with comments on how it was made."""
    words = scene.words.plain
    body = [line for column in picture.columns for line in _section(scene, picture, column)]
    head = [
        "%% " + _plain(words("page.data_until", date=scene.formats.moment(scene.pictures.as_of))),
        "%% " + _plain(words("handout.mermaid_score")),
        "journey",
        f"    title {_plain(words('page.map_of'))} - {_plain(scene.name(picture.segment.name))}",
    ]
    return "\n".join([*head, *body]) + "\n"


def score_of(mood: float) -> int:
    """A mood in [-1, 1] as a score from 1 to 5: round(3 + 2 mood), halves up.

    >>> [score_of(mood) for mood in (-1.0, -0.3, -0.25, 0.0, 0.25, 1.0)]
    [1, 2, 3, 3, 4, 5]
    """
    whole = int((3 + 2 * Decimal(repr(mood))).quantize(Decimal(1), ROUND_HALF_UP))
    return min(max(whole, _LOWEST), _HIGHEST)


def _section(scene: Scene, picture: SegmentMap, column: StageColumn) -> Iterator[str]:
    name = _plain(scene.name(column.stage.name))
    mood = picture.mood_at(column)
    tasks = [_task(scene, _plain(scene.words.plain("handout.whole_stage")), mood)] if mood.is_full else []
    known = [chip for chip in column.chips if chip.mood.is_full]
    tasks += [_task(scene, _plain(scene.name(chip.name)), chip.mood) for chip in known]
    if not mood.is_full:
        yield f"    %% {name} - {_plain(scene.shown(mood, 'mood').text)}"
    if tasks:
        yield f"    section {column.stage.number}. {name}"
        yield from tasks


def _task(scene: Scene, name: str, mood: Number) -> str:
    """One line; what stands behind the score is in its name, because a diagram has no other place for it."""
    shown = scene.shown(mood, "mood")
    behind = " ".join(part for part in (shown.text, shown.range and f"[{shown.range}]", shown.base) if part)
    actor = _plain(scene.words.plain("index.customers"))
    if _BEGINNINGS.match(name):
        name = scene.formats.quoted(name)
    return f"      {name} ({_plain(behind)}): {score_of(mood.estimate or 0.0)}: {actor}"


def _plain(words: str) -> str:
    """Words without signs that would end a name or begin something else."""
    return _SIGNS.sub(" ", words).strip()
