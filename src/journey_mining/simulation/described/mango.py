"""Calls as the PBX of Mango Office lists them: no headings, semicolons, seconds since 1970."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from journey_mining.simulation.described.plan import CompanyPlan
from journey_mining.simulation.described.walks import Happening
from journey_mining.simulation.described.words import chance, last_day, moment, touches_of

_MISSED = 0.12
_LINE = "74950000100"


def exports(plan: CompanyPlan, told: Sequence[Happening]) -> Iterator[tuple[str, str]]:
    """`calls_*.csv`: who called, when, and whether somebody answered."""
    lines = [_line(plan, one, number) for number, one in enumerate(touches_of("mango", list(told)), start=1)]
    yield f"calls_{last_day(plan)}.csv", "\n".join(lines) + "\n"


def _line(plan: CompanyPlan, one: Happening, number: int) -> str:
    rng = chance(plan, one, 71)
    start = round(moment(plan, one.at).timestamp())
    is_missed = bool(rng.random() < _MISSED)
    answered = 0 if is_missed else start + int(rng.integers(3, 25))
    end = start + 30 if is_missed else answered + int(rng.integers(40, 600))
    phone, code = f"7{one.member.mobile}", "1120" if is_missed else "1110"
    return f"[];{start};{end};{answered};;{phone};101;sip:101@{plan.site};{code};{_LINE};abonent;call{number}"
