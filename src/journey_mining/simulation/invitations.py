"""A survey whose invitations are logged: what everybody would answer, who was asked, and who answers.

The truth of the estimate of all customers: the answer of each customer of each stage is drawn whether or not it is
ever given, so that its mean over everybody is known.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from numpy.random import Generator

from journey_mining.simulation import plan, survey, texts
from journey_mining.simulation.lives import Episode
from journey_mining.simulation.people import Person, generator
from journey_mining.simulation.plan import STAGES
from journey_mining.simulation.scenarios import Scenario, Survey
from journey_mining.simulation.story import Answer, Story
from journey_mining.simulation.survey import Row

HEADINGS = ("Дата приглашения", "Адрес электронной почты", "О каком этапе спрашиваем?")
TRUTH_HEADINGS = ("segment", "stage", "customers", "invited", "answered", "mood", "answer", "answer_of_answered")
ALL = "all"
_LATEST = 2
"""days after the invitation"""


@dataclass(frozen=True, slots=True)
class Asked:
    """One customer in one stage, asked or not."""

    person: Person
    stage: int
    day: int
    """of the invitation, or on which it would have come"""
    has_trouble: bool
    """opened a ticket in the stage before that day"""
    mood: int
    row: Row
    """what they would answer"""
    is_invited: bool
    is_answered: bool


def asked(stories: Iterable[Story], seed: int, scenario: Scenario) -> list[Asked]:
    """Everybody who was in a stage of the form inside the window, once per stage; nobody where nobody is invited."""
    if scenario.survey is None:
        return []
    return [one for story in stories for one in _of_one(story, generator(seed, 31, story.person.no), scenario.survey)]


def _of_one(story: Story, rng: Generator, form: Survey) -> Iterator[Asked]:
    episodes = [episode for life in story.person.lives for episode in life.episodes]
    seen = [e for e in episodes if e.touches[-1] >= plan.WINDOW_START and e.entered < plan.WORLD_DAYS]
    firsts: dict[int, Episode] = {}
    for episode in seen:
        if plan.SURVEY_SHARE[STAGES[episode.stage]]:  # the form asks about no other stages
            firsts.setdefault(episode.stage, episode)
    for stage, episode in firsts.items():
        yield _one(story, stage, episode, rng, form)


def _one(story: Story, stage: int, episode: Episode, rng: Generator, form: Survey) -> Asked:
    """Every draw is made whether or not it is used, so that no answer hangs on who was asked."""
    person, last = story.person, int(episode.touches[-1])
    day = int(episode.entered) + form.after_days
    trouble = any(t.stage == stage and episode.entered <= t.at < day for t in story.tickets)
    mean = person.nature.scenario.cells[person.segment, STAGES[stage]].mood
    mean += form.troubled_mood if trouble else form.calm_mood
    mood = texts.draw_mood(rng, max(-0.7, min(0.7, mean)))
    invited, answers, wait = rng.random(), rng.random(), int(rng.random() * (_LATEST + 1))
    until = min(last, int(plan.WORLD_DAYS) - 1)
    is_known = person.email != "" and person.registered_at is not None and person.registered_at < day
    is_invited = is_known and plan.WINDOW_START <= day <= until and invited < form.invited_share
    row = survey.filled_in(person, Answer(day=max(day, min(day + wait, until)), stage=stage), mood, rng)
    is_answered = is_invited and answers < answer_share(form, mood, has_trouble=trouble)
    return Asked(person, stage, day, trouble, mood, row, is_invited, is_answered)


def answer_share(form: Survey, mood: int, *, has_trouble: bool) -> float:
    """Share of those asked who answer.

    >>> round(answer_share(Survey(unhappy_odds=2.0), -1, has_trouble=False), 3)  # odds of 1 to 4, doubled
    0.333
    """
    share = form.troubled_answers if has_trouble else form.calm_answers
    odds = share / (1 - share) * form.unhappy_odds**-mood
    return float(odds / (1 + odds))


def rows(found: Iterable[Asked]) -> list[Row]:
    """The lines of the sheet, by day."""
    answered = [one.row for one in found if one.is_answered]
    return sorted(answered, key=lambda row: (row.answer.day, row.person.no, row.answer.stage))


def invited_between(found: Iterable[Asked], after: float, until: float) -> list[Asked]:
    """Those whom one delivery tells to have been asked, by day."""
    own = [one for one in found if one.is_invited and after <= one.day < until]
    return sorted(own, key=lambda one: (one.day, one.person.no, one.stage))


def sheet(found: Iterable[Asked]) -> str:
    """The CSV text of who was asked."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for one in found:
        day = plan.moment(one.day).strftime("%d.%m.%Y")
        writer.writerow((day, one.person.email, survey.STAGE_NAMES[STAGES[one.stage]]))
    return buffer.getvalue()


def truth_rows(found: list[Asked], segments: Iterable[str]) -> list[tuple[str, ...]]:
    """Content of `everybody.csv`: mean mood and answer of everybody, by segment (also `all`) and stage."""
    return [
        (segment, STAGES[stage], *_means(own))
        for segment in (ALL, *segments)
        for stage in range(len(STAGES))
        if (own := [one for one in found if one.stage == stage and segment in {ALL, one.person.segment}])
    ]


def _means(own: list[Asked]) -> tuple[str, ...]:
    answered = [survey.value(one.row) for one in own if one.is_answered]
    counts = (len(own), sum(one.is_invited for one in own), len(answered))
    mood = sum(one.mood for one in own) / len(own)
    answer = sum(survey.value(one.row) for one in own) / len(own)
    bare = f"{sum(answered) / len(answered):.4f}" if answered else ""
    return (*map(str, counts), f"{mood:.4f}", f"{answer:.4f}", bare)
