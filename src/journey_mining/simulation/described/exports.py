"""Exports of a described company: every happening is written as its system would deliver it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from journey_mining.errors import JourneyMiningError
from journey_mining.simulation import files
from journey_mining.simulation.described import amocrm, helpscout, mango, omnidesk, segment, surveymonkey
from journey_mining.simulation.described.plan import CompanyPlan
from journey_mining.simulation.described.walks import Happening, happenings

Writer = Callable[[CompanyPlan, Sequence[Happening]], Iterator[tuple[str, str]]]
"""plan and all happenings in, names of files and their content out"""

_WRITERS: dict[str, Writer] = {
    "amocrm": amocrm.exports,
    "helpscout": helpscout.exports,
    "mango": mango.exports,
    "omnidesk": omnidesk.exports,
    "segment": segment.exports,
    "surveymonkey": surveymonkey.exports,
}


def write_company(out: Path, plan: CompanyPlan) -> int:
    """Write the exports of a described company into `out`, a folder for each source; the number of bytes.

    Raises:
        JourneyMiningError: a source is named for which exports cannot be simulated.
    """
    unknown = sorted(set(plan.sources) - set(_WRITERS))
    if unknown:
        raise JourneyMiningError(
            f"Exports of {', '.join(unknown)} cannot be simulated.",
            expected=f"sources among {', '.join(_WRITERS)}.",
            todo="Choose among these in company.toml, or name a scenario.",
            code="SIMULATION",
        )
    told = happenings(plan)
    return sum(
        files.put(out / source / name, text.encode())
        for source in plan.sources
        for name, text in _WRITERS[source](plan, told)
    )
