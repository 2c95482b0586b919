"""The map of a segment as rows and stages: what a workbook lays out and a summary tells.

In: a scene, a segment's map. Out: `MapRow` values. Numbers stay numbers; where one may not be shown, its cell holds the
words that the page has there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from journey_mining.dashboards.map_view import map_view
from journey_mining.dashboards.ratings import satisfied_words, spoken_words
from journey_mining.dashboards.scene import Kind, Scene
from journey_mining.maps.map_pictures import SegmentMap, StageColumn
from journey_mining.maps.moods import SIGNALS
from journey_mining.maps.numbers import Count, Number, Standing
from journey_mining.vocabulary import Estimand, Evidence

MARKS = {Evidence.MEASURED: "●", Evidence.TEXTS: "◐", Evidence.DECLARED: "○"}
Form = Literal["share", "mood", "days", "count", "text"]
Value = float | int | str | None

_TEXTS = (Estimand.VOICE, Estimand.VOICE_AND_RATING)
_DAYS = (
    Estimand.DWELL_MEDIAN,
    Estimand.JOURNEY_MEDIAN,
    Estimand.FIRST_RESPONSE_MEDIAN,
    Estimand.FIRST_RESPONSE_Q90,
    Estimand.RESOLUTION_MEDIAN,
    Estimand.RESOLUTION_Q90,
    Estimand.ANSWER_WAIT_MEDIAN,
    Estimand.ANSWER_WAIT_Q90,
)
_SHARES = (Estimand.REPEAT_CONTACT, Estimand.REOPENED)


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRow:
    """One row of the map."""

    label: str
    part: str
    """what of the number stands here: value, ends of the interval, n, horizon; empty for rows of words"""
    form: Form
    marks: str
    """where the row comes from"""
    method: str
    cells: tuple[Value, ...]
    """one per stage"""
    is_detail: bool = False
    """whether the row belongs to the one above"""


def evidence_of(estimand: str) -> Evidence:
    """Where a number comes from; moods of texts are read by a model, everything else is counted."""
    return Evidence.TEXTS if estimand in _TEXTS else Evidence.MEASURED


def map_rows(scene: Scene, picture: SegmentMap) -> list[MapRow]:
    """The rows of the map from top to bottom."""
    return [*_number_rows(scene, picture), *_word_rows(scene, picture)]


def number_cell(scene: Scene, number: Number, kind: Kind) -> Value:
    """The estimate, or the words that stand in its place."""
    return number.estimate if number.is_full else scene.shown(number, kind).text


def _number_rows(scene: Scene, picture: SegmentMap) -> Iterator[MapRow]:
    yield MapRow(
        label=scene.words.plain("estimand.stage_entered"),
        part=scene.words.plain("index.customers"),
        form="count",
        marks=MARKS[Evidence.MEASURED],
        method="count",
        cells=tuple(_count_cell(scene, column.entered) for column in picture.columns),
    )
    picks: dict[Estimand, Callable[[StageColumn], Number]] = {
        Estimand.REACHED: lambda column: column.reached,
        Estimand.DWELL_MEDIAN: lambda column: column.dwell,
        Estimand.DROP_OFF: lambda column: column.drop_off,
        Estimand.MOVED_ON: lambda column: column.moved_on,
        Estimand.MOVED_BACK: lambda column: column.moved_back,
        Estimand.UNDER_WAY: lambda column: column.under_way,
        Estimand.VOICE: lambda column: column.voice,
        Estimand.RATING: lambda column: column.rating,
        Estimand.ALL_CUSTOMERS: lambda column: column.all_customers,
    }
    for estimand, pick in picks.items():
        yield from _rows_of(scene, estimand, [pick(column) for column in picture.columns])
    for signal in SIGNALS:
        numbers = [column.signals[signal] for column in picture.columns]
        if any(number.standing is not Standing.NO_DATA for number in numbers):
            yield from _rows_of(scene, signal, numbers)


def _rows_of(scene: Scene, estimand: Estimand, numbers: Sequence[Number]) -> Iterator[MapRow]:
    """A number of every stage, then what stands behind it."""
    words, kind = scene.words.plain, _kind(estimand)
    label = words(f"estimand.{estimand}")
    method = ", ".join(sorted({number.method for number in numbers if number.method}))
    details: list[tuple[str, Form, Callable[[Number], Value]]] = [
        (words("handout.low"), kind, lambda number: number.low),
        (words("handout.high"), kind, lambda number: number.high),
        ("n", "count", lambda number: number.customers),
        (words("handout.horizon"), "count", lambda number: number.horizon_days),
    ]
    head: dict[str, Any] = {"label": label, "marks": MARKS[evidence_of(estimand)], "method": method}
    values = tuple(number_cell(scene, number, kind) for number in numbers)
    yield MapRow(part=words(f"handout.part_{kind}"), form=kind, cells=values, **head)
    for part, form, pick in details:
        cells = tuple(pick(number) for number in numbers)
        if any(cell is not None for cell in cells):
            yield MapRow(part=part, form=form, cells=cells, is_detail=True, **head)


def _kind(estimand: Estimand) -> Kind:
    if estimand in _DAYS:
        return "days"
    moods = (Estimand.VOICE, Estimand.RATING, Estimand.ALL_CUSTOMERS, *SIGNALS)
    return "mood" if estimand in moods and estimand not in _SHARES else "share"


def _count_cell(scene: Scene, count: Count) -> Value:
    return count.value if count.value is not None else scene.count(count)


def _word_rows(scene: Scene, picture: SegmentMap) -> Iterator[MapRow]:
    """What the page says in words, one line a thing."""
    measured, texts, declared = MARKS[Evidence.MEASURED], MARKS[Evidence.TEXTS], MARKS[Evidence.DECLARED]
    columns = map_view(scene, picture)["columns"]
    rows: tuple[tuple[str, str, Sequence[str]], ...] = (
        ("spoke", measured, [_spoke(scene, column) for column in picture.columns]),
        ("touchpoints", measured, [_touchpoints(scene, column) for column in columns]),
        ("goals", declared, [column["goal"] for column in columns]),
        ("experience", measured + texts, [_experience(column) for column in columns]),
        ("voice", texts, [_quote(scene, column) for column in columns]),
        ("friction", measured, [_friction(column) for column in columns]),
        ("actions", declared, [_actions(scene, column) for column in columns]),
    )
    for key, marks, cells in rows:
        label = scene.words.plain(f"row.{key}")
        yield MapRow(
            label=label, part="", form="text", marks=marks, method="", cells=tuple(cell or None for cell in cells)
        )


def _spoke(scene: Scene, column: StageColumn) -> str:
    told = [spoken_words(scene, column, estimand) for estimand in (Estimand.VOICE, Estimand.RATING)]
    told.insert(1, satisfied_words(scene, column))
    return "\n".join(words for words in told if words)


def _touchpoints(scene: Scene, column: dict[str, Any]) -> str:
    lines = [_touchpoint(scene, chip) for chip in column["chips"]]
    if column["more"]:
        lines.append(scene.words.plain("cell.more", n=column["more"]))
    return "\n".join(lines)


def _touchpoint(scene: Scene, chip: dict[str, Any]) -> str:
    if chip["is_declared"]:
        return f"{MARKS[Evidence.DECLARED]} {chip['name']}: {scene.words.plain('cell.blind_no_data')}"
    mood = f", {MARKS[Evidence.TEXTS]} {chip['mood']}" if chip["mood"] else ""
    return f"{chip['name']}: {chip['customers']}{mood}"


def _experience(column: dict[str, Any]) -> str:
    return "\n".join(f"{'+' if sign == 'up' else '−'} {words}" for sign, words in column["experience"])


def _quote(scene: Scene, column: dict[str, Any]) -> str:
    if column["quote"] is None:
        return ""
    return f"{scene.formats.quoted(column['quote'].text)}\n{column['quote_note']}"


def _friction(column: dict[str, Any]) -> str:
    if column["friction"] is None:
        return ""
    pills = (long or short for _, short, long in column["friction"]["pills"])
    return "\n".join((column["friction"]["name"], *pills))


def _actions(scene: Scene, column: dict[str, Any]) -> str:
    lines = []
    for action in column["actions"]:
        note = f" ({action['note']})" if action["note"] else ""
        lines.append(f"{action['text']}: {scene.words.plain('action.' + action['status'])}{note}")
    return "\n".join(lines)
