"""A segment in one text that a manager reads: findings, numbers with n and interval, what changed, what words mean.

In: a scene, a segment. Out: Markdown. Its sentences are those of the pages; names and quotes are escaped, so that none
of them is read as markup.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence

from journey_mining.dashboards.change_words import action_row, alarm_row, split_row
from journey_mining.dashboards.data_view import data_view
from journey_mining.dashboards.map_view import lead_of, map_view
from journey_mining.dashboards.scene import Scene, Shown
from journey_mining.handouts.map_rows import MARKS, evidence_of
from journey_mining.handouts.published import SegmentState
from journey_mining.maps.map_pictures import SegmentMap
from journey_mining.vocabulary import Estimand, Evidence

_MARKUP = re.compile(r"([\\`*_\[\]#|~!$])")
_DEFINED = (
    Estimand.GOAL_REACHED,
    Estimand.JOURNEY_MEDIAN,
    Estimand.ENTERED,
    Estimand.DROP_OFF,
    Estimand.VOICE,
    Estimand.RATING,
    Estimand.CONTACT_RATE,
    Estimand.MAPPED_SHARE,
)
_LEGEND = {Evidence.MEASURED: "measured", Evidence.TEXTS: "texts", Evidence.DECLARED: "declared"}
_NOTHING = "—"


def summary_text(scene: Scene, state: SegmentState) -> str:
    """The whole summary."""
    words, picture = scene.words.plain, state.map
    until = words("page.data_until", date=scene.formats.moment(scene.pictures.as_of))
    parts = [
        f"# {words('page.map_of')}: {plain(scene.name(picture.segment.name))}",
        f"{plain(scene.brand)}. {plain(until)}.",
        plain(str(lead_of(scene, picture).striptags())),
        _kpis(scene, picture),
        f"## {words('handout.stages')}",
        _stages(scene, picture),
        *_moods(scene, picture),
        *_changes(scene, picture),
        f"## {words('data.definitions')}",
        _definitions(scene),
        plain(words("data.privacy", small=scene.pictures.limits.small, thin=scene.pictures.limits.thin)),
        " · ".join(f"{sign} {words(f'legend.{_LEGEND[mark]}')}" for mark, sign in MARKS.items()),
        plain(words("stage.association")),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def plain(words: str) -> str:
    r"""Words as Markdown that shows nothing but them, on one line.

    >>> plain("*a* <b>|c\n1. d")
    '\\*a\\* &lt;b&gt;\\|c 1. d'
    """
    return _MARKUP.sub(r"\\\1", html.escape(" ".join(words.split()), quote=False))


def _kpis(scene: Scene, picture: SegmentMap) -> str:
    words = scene.words.plain
    head = [words("data.metric"), words("handout.evidence"), words("handout.value"), words("emotion.interval"), "n", ""]
    rows = []
    for kpi in map_view(scene, picture)["kpis"]:
        shown = kpi.shown
        mark = MARKS[evidence_of(kpi.key)]
        own = (words("kpi.interval", range=shown.range), shown.base)
        notes = ", ".join(note for note in kpi.notes if note not in own)
        rows.append([kpi.label, mark, *_cells(shown), notes])
    return _table(head, rows)


def _stages(scene: Scene, picture: SegmentMap) -> str:
    words = scene.words.plain
    drop, mood = words("row.drop"), words(f"estimand.{picture.mood_of}")
    interval, n = words("emotion.interval"), "n"
    head = [words("map.stage"), words("estimand.stage_entered")]
    head += [f"{drop} {MARKS[Evidence.MEASURED]}", interval, n, words("data.horizon")]
    head += [f"{mood} {MARKS[evidence_of(picture.mood_of)]}", interval, n]
    rows = []
    for column in picture.columns:
        lost, felt = scene.shown(column.drop_off), scene.shown(picture.mood_at(column), "mood")
        name = f"{column.stage.number}. {scene.name(column.stage.name)}"
        rows.append([name, scene.count(column.entered), *_cells(lost), lost.horizon or _NOTHING, *_cells(felt)])
    return _table(head, rows)


def _cells(shown: Shown) -> list[str]:
    return [shown.text, shown.range or _NOTHING, shown.base.removeprefix("n = ") or _NOTHING]


def _moods(scene: Scene, picture: SegmentMap) -> Iterator[str]:
    """What feels worst, and how firm that is."""
    view = map_view(scene, picture)
    lines = [*view["mood_sentences"]]
    for column in view["columns"]:
        lines += [f"{column['name']}: {words}" for sign, words in column["experience"] if sign == "down"]
        if column["quote"] is not None and (column["quote"].score or 0.0) < 0:
            quote = scene.formats.quoted(column["quote"].text)
            lines.append(f"{column['name']}: {MARKS[Evidence.TEXTS]} {quote} ({column['quote_note']})")
    if lines:
        yield f"## {scene.words.plain('handout.feels_worst')}"
        yield _list(lines)


def _changes(scene: Scene, picture: SegmentMap) -> Iterator[str]:
    """Alarms, what moved since the last run and what became of actions, of this segment."""
    words, trends, segment = scene.words.plain, scene.pictures.trends, picture.segment.id
    lines = [alarm_row(scene, alarm)["says"] for alarm in trends.alarms if alarm.segment.id == segment]
    moved = (split_row(scene, split) for split in trends.splits if split.segment.id == segment)
    lines += [
        f"{row['metric']}, {row['name']}: {row['before']} → {row['after']} "
        f"({row['change']}, n = {row['n'] or _NOTHING})"
        for row in moved
        if not row["is_other_rules"]
    ]
    actions = (action_row(scene, action) for action in trends.actions if action.segment.id == segment)
    for row in actions:
        number = f" {row['difference']} ({row['range']}, {row['n']})" if row["difference"] else ""
        lines.append(f"{row['name']} ({row['since']}):{number} {row['says']}")
    yield f"## {words('handout.changed')}"
    yield _list(lines) if lines else plain(words("handout.nothing_changed"))
    if lines:
        yield plain(words("trends.foot"))


def _definitions(scene: Scene) -> str:
    wanted = {str(estimand) for estimand in _DEFINED}
    items = [item for item in data_view(scene)["definitions"] if item["id"] in wanted]
    return "\n".join(
        f"- **{plain(item['name'])}**: {plain(item['meaning'])} `{item['method'] or 'count'}`" for item in items
    )


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell if cell == '---' else plain(cell) for cell in line)} |" for line in lines)


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {plain(line)}" for line in lines)
