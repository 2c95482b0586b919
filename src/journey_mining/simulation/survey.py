"""Survey answers in the manner of a Google Forms sheet: dates without times, questions as headings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from numpy.random import Generator

from journey_mining.simulation import plan, texts
from journey_mining.simulation.people import Person, generator, pick
from journey_mining.simulation.plan import STAGES
from journey_mining.simulation.story import Answer, Story

HEADINGS = (
    "Отметка времени",
    "Адрес электронной почты",
    "Насколько вероятно, что вы порекомендуете нас? (0-10)",
    "Насколько вы довольны? (1-5)",
    "О каком этапе вы отвечаете?",
    "Комментарий",
)
STAGE_NAMES = {
    "awareness": "Осведомлённость",
    "research": "Исследование и рассмотрение",
    "decision": "Решение",
    "implementation": "Внедрение",
    "support": "Поддержка и обслуживание",
    "feedback": "Обратная связь и оценка",
    "renewal": "Продление или выкуп",
}
"""Stage names of the `it_services` template, as the form offers them."""
_NPS = {-1: (0, 1, 2, 3, 4, 5, 6), 0: (6, 7, 7, 8, 8), 1: (9, 9, 10, 10, 8)}
_CSAT = {-1: (1, 1, 2, 2), 0: (3, 3, 3, 4), 1: (4, 5, 5)}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the sheet."""

    person: Person
    answer: Answer
    cells: tuple[str, ...]


def rows(stories: Iterable[Story], seed: int) -> list[Row]:
    """Answers inside the window, by day."""
    found: list[Row] = []
    for story in stories:
        rng = generator(seed, 11, story.person.no)
        inside = [answer for answer in story.answers if plan.WINDOW_START <= answer.day < plan.WORLD_DAYS]
        found.extend(_row(story.person, answer, rng) for answer in inside)
    return sorted(found, key=lambda row: (row.answer.day, row.person.no))


def _row(person: Person, answer: Answer, rng: Generator) -> Row:
    mood = texts.draw_mood(rng, person.nature.scenario.cells[person.segment, STAGES[answer.stage]].mood)
    return filled_in(person, answer, mood, rng)


def filled_in(person: Person, answer: Answer, mood: int, rng: Generator) -> Row:
    """The line of the sheet that somebody in the mood -1, 0 or 1 leaves."""
    stage = STAGES[answer.stage]
    language = "en" if person.no % 100 < plan.ENGLISH * 100 else "ru"
    comment = texts.survey_comment(rng, language, stage, mood) if rng.random() < 0.6 else ""
    email = person.email.capitalize() if rng.random() < 0.1 else person.email
    asks = rng.random()
    nps = str(pick(rng, _NPS[mood])) if asks < 0.85 else ""
    csat = str(pick(rng, _CSAT[mood])) if asks > 0.15 else ""
    day = plan.moment(answer.day).strftime("%d.%m.%Y")
    return Row(person, answer, (day, email, nps, csat, STAGE_NAMES[stage], comment))


def value(row: Row) -> float:
    """What a line says on the scale from -1 to 1; two questions of one line are one voice.

    >>> from journey_mining.simulation.story import Answer
    >>> value(Row(None, Answer(70, 4), ("11.03.2026", "", "10", "3", "", "")))
    0.5
    """
    nps, csat = row.cells[2:4]
    told = [(int(nps) - 5) / 5] if nps else []
    told += [(int(csat) - 3) / 2] if csat else []
    return sum(told) / len(told)


def sheet(found: Iterable[Row]) -> str:
    """The CSV text of the sheet."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    writer.writerows(row.cells for row in found)
    return buffer.getvalue()
