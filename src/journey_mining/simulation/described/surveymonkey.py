"""Answers to a survey as SurveyMonkey exports them: two lines of headings, dates month first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from journey_mining.simulation.described.plan import CompanyPlan
from journey_mining.simulation.described.walks import Happening
from journey_mining.simulation.described.words import chance, last_day, moment, touches_of, written
from journey_mining.simulation.files import csv_text

_ZONE = timedelta(hours=3)
"""of the account, as the source of the catalogue reads it"""
_RECOMMENDS = {-1: (0, 7), 0: (6, 9), 1: (8, 11)}
"""bounds of the recommendation by mood, the upper one left out"""
_HEADINGS = (
    ("Respondent ID", ""),
    ("Collector ID", ""),
    ("Start Date", ""),
    ("End Date", ""),
    ("Email Address", ""),
    ("How likely is it that you would recommend our company to a friend or colleague?", ""),
    ("Which stage is your answer about?", "Response"),
    ("Do you have any other comments?", "Open-Ended Response"),
)


def exports(plan: CompanyPlan, told: Sequence[Happening]) -> Iterator[tuple[str, str]]:
    """`responses_*.csv`: who recommends us, about which stage, and why."""
    rows = [_row(plan, one, number) for number, one in enumerate(touches_of("surveymonkey", list(told)), start=1)]
    headings, choices = zip(*_HEADINGS, strict=True)
    yield f"responses_{last_day(plan)}.csv", csv_text(headings, [choices, *rows])


def _row(plan: CompanyPlan, one: Happening, number: int) -> tuple[str, ...]:
    rng = chance(plan, one, 61)
    text, mood = written(plan, one, rng)
    when = (moment(plan, one.at) + _ZONE).strftime("%m/%d/%Y %I:%M:%S %p")
    recommends = int(rng.integers(*_RECOMMENDS[mood]))
    return (
        str(118_700_000_000 + number),
        "460001",
        when,
        when,
        one.member.email,
        str(recommends),
        one.stage.id,
        text if rng.random() < 0.6 else "",
    )
