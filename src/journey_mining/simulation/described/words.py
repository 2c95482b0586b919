"""What customers of a described company write: drawn per happening, so that systems do not disturb each other."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from numpy.random import Generator

from journey_mining.simulation.described.plan import CompanyPlan
from journey_mining.simulation.described.walks import Happening
from journey_mining.simulation.people import generator, pick
from journey_mining.simulation.texts import draw_mood

_SECOND_SENTENCE = 0.45
_DAY_SECONDS = 86400


def chance(plan: CompanyPlan, one: Happening, purpose: int) -> Generator:
    """Random numbers of one happening for one purpose."""
    return generator(plan.seed, purpose, one.customer.no, round(one.at * _DAY_SECONDS))


def moment(plan: CompanyPlan, at: float) -> datetime:
    """Day `at` of the simulated time as an instant in UTC, whole seconds."""
    first = datetime(plan.begins.year, plan.begins.month, plan.begins.day, tzinfo=UTC)
    return first + timedelta(seconds=round(at * _DAY_SECONDS))


def last_day(plan: CompanyPlan) -> str:
    """Day on which the exports were drawn, as it stands in names of files."""
    return (plan.begins + timedelta(days=plan.days)).isoformat()


def written(plan: CompanyPlan, one: Happening, rng: Generator) -> tuple[str, int]:
    """A text of one or two sentences in a drawn mood, and the mood: -1, 0 or 1."""
    mood = draw_mood(rng, one.mood)
    group = plan.text[one.touch.texts]
    sentences = {-1: group.negative, 0: group.neutral, 1: group.positive}[mood]
    first = pick(rng, sentences)
    rest = [sentence for sentence in sentences if sentence != first]
    return f"{first} {pick(rng, rest)}" if rng.random() < _SECOND_SENTENCE else first, mood


def touches_of(system: str, told: list[Happening]) -> list[Happening]:
    """Happenings that one system tells."""
    return [one for one in told if one.touch.system == system]
