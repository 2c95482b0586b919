"""A survey whose invitations are logged: who is asked, who answers, and what everybody would have said."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from statistics import fmean

import pytest

from journey_mining.simulation import SCENARIOS, STAGES, plan, write_world
from journey_mining.simulation.invitations import Asked, answer_share, asked, truth_rows
from journey_mining.simulation.people import generator, people
from journey_mining.simulation.scenarios import DEFAULT, Survey
from journey_mining.simulation.story import tell
from journey_mining.simulation.survey import value

SEED, CUSTOMERS = 5, 6000


def _asked(name: str) -> list[Asked]:
    scenario = SCENARIOS[name]
    stories = [tell(person, generator(SEED, 3, person.no)) for person in people(SEED, CUSTOMERS, scenario)]
    return asked(stories, SEED, scenario)


@pytest.fixture(scope="module")
def invited() -> list[Asked]:
    return _asked("invited")


def _mood(found: Iterable[Asked]) -> float:
    return fmean(one.mood for one in found)


def _lean(found: list[Asked]) -> float:
    """By how much those who answer are happier than all who were asked, where a ticket is as frequent."""
    leans, weights = [], []
    for trouble in (False, True):
        alike = [one for one in found if one.is_invited and one.has_trouble is trouble]
        leans.append(_mood(one for one in alike if one.is_answered) - _mood(alike))
        weights.append(len(alike))
    return sum(lean * weight for lean, weight in zip(leans, weights, strict=True)) / sum(weights)


def test_those_with_a_ticket_are_unhappier_and_answer_more_often(invited):
    support = [one for one in invited if STAGES[one.stage] == "support"]
    troubled = [one for one in support if one.has_trouble]
    calm = [one for one in support if not one.has_trouble]
    assert len(troubled) > 200
    assert _mood(calm) - _mood(troubled) == pytest.approx(0.5, abs=0.15)
    answers = [[one.is_answered for one in group if one.is_invited] for group in (troubled, calm)]
    assert fmean(answers[0]) == pytest.approx(0.55, abs=0.07)
    assert fmean(answers[1]) == pytest.approx(0.2, abs=0.05)


def test_among_those_with_the_same_past_the_mood_does_not_tell_who_answers(invited):
    assert _lean(invited) == pytest.approx(0.0, abs=0.05)


def test_where_the_unhappy_speak_up_it_does():
    assert _lean(_asked("silent")) < -0.15


def test_the_past_that_decides_is_over_before_the_question(invited):
    form = SCENARIOS["invited"].survey
    for one in invited[:500]:
        stays = [e for life in one.person.lives for e in life.episodes if e.stage == one.stage]
        assert any(int(stay.entered) + form.after_days == one.day for stay in stays)
        assert one.row.answer.day >= one.day


def test_nobody_is_asked_who_has_left_or_whose_address_is_unknown(invited):
    for one in invited:
        if one.is_invited:
            assert one.person.email
            assert one.person.registered_at < one.day
            assert plan.WINDOW_START <= one.day <= one.row.answer.day < plan.WORLD_DAYS
        else:
            assert not one.is_answered


def test_the_odds_of_the_unhappy_are_multiplied():
    form = Survey(calm_answers=0.2, unhappy_odds=2.0)
    shares = [answer_share(form, mood, has_trouble=False) for mood in (-1, 0, 1)]
    assert [share / (1 - share) for share in shares] == pytest.approx([0.5, 0.25, 0.125])


def test_the_truth_is_that_of_everybody_and_not_of_those_who_answered(invited):
    rows = {row[:2]: row[2:] for row in truth_rows(invited, plan.SEGMENTS)}
    own = [one for one in invited if STAGES[one.stage] == "support" and one.person.segment == "smb"]
    told = [value(one.row) for one in own if one.is_answered]
    assert rows["smb", "support"] == (
        str(len(own)),
        str(sum(one.is_invited for one in own)),
        str(len(told)),
        f"{_mood(own):.4f}",
        f"{fmean(value(one.row) for one in own):.4f}",
        f"{fmean(told):.4f}",
    )
    assert float(rows["all", "support"][5]) < float(rows["all", "support"][4]) - 0.03


def test_nobody_is_asked_in_the_world_of_the_sample(tmp_path):
    write_world(tmp_path, customers=60, seed=1)
    assert asked([], 1, DEFAULT) == []
    names = {path.name for path in tmp_path.rglob("*.*")}
    assert not names & {"invitations_2026-09.csv", "everybody.csv"}


def test_every_answer_of_the_export_follows_an_invitation_of_the_export(tmp_path):
    write_world(tmp_path, customers=600, seed=3, scenario="invited")
    sent = _sheet(tmp_path / "survey" / "invitations_2026-09.csv")
    answers = _sheet(tmp_path / "survey" / "answers_2026-09.csv")
    asked_on = {(row[1].casefold(), row[2]): _day(row[0]) for row in sent}
    assert len(asked_on) == len(sent) > len(answers) > 20
    assert all(0 <= (_day(row[0]) - asked_on[row[1].casefold(), row[4]]).days <= 2 for row in answers)
    key = list(csv.DictReader(io.StringIO((tmp_path / "answer_key" / "everybody.csv").read_text("utf-8"))))
    everyone = [row for row in key if row["segment"] == "all"]
    assert sum(int(row["invited"]) for row in everyone) == len(sent)
    assert sum(int(row["answered"]) for row in everyone) == len(answers)


def _sheet(path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text("utf-8"), newline="")))[1:]


def _day(text: str) -> datetime:
    return datetime.strptime(text, "%d.%m.%Y")  # noqa: DTZ007 - days of the world
