"""The groups beside mining: what each measures, on which made-up data, and the goals that its results are held against.

    python benchmarks/groups.py identity loading --rounds 3
    python benchmarks/groups.py night --small              # on a small world, and nothing is written

A group has measures; in a measure contenders take turns, each run in a process of its own, and must find the same
before a cost counts (`run.py`). Results go to `<group>/results.json`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from run import BUILD, HERE, differences, machine, run_once, summary
from tables import write_tables

BENCH = BUILD / "bench"
PACKAGES = ("journey_mining", "duckdb", "pandas", "numpy", "pyarrow", "scipy", "plotly", "prefect")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Contenders that do the same work on the same data."""

    name: str
    title: str
    """of its table"""
    contenders: tuple[str, ...]
    """the first is what the others are compared with"""
    data: str
    """file or folder below build/bench"""
    make: Callable[[Path], object]
    """makes that data"""
    peers: frozenset[str] = frozenset()
    """contenders of other makers, in environments of their own"""
    rounds: int = 3
    limits: dict[str, str] = field(default_factory=dict)
    """environment of every contender"""


def measured(group: str, measure: Measure, *, rounds: int, only: list[str]) -> dict[str, Any]:
    """All contenders of a measure in turn.

    Raises:
        SystemExit: two contenders found different things.
    """
    data = BENCH / measure.data
    if not data.exists():
        _made(measure, data)
    names = [name for name in measure.contenders if not only or name in only]
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    load = [round(value, 1) for value in os.getloadavg()]
    for number in range(rounds):
        for name in names:
            runs[name].append(run_once(group, name, data, measure.limits, own=set(names) - measure.peers))
            cost = runs[name][-1]["cpu_seconds"]
            print(f"{measure.name} round {number + 1} {name}: {cost:.2f} CPU s", file=sys.stderr, flush=True)
            if found := differences({name: run["found"] for name, done in runs.items() for run in done}):
                raise SystemExit(f"{name} found something else: {found}")
    return {
        "name": measure.name,
        "title": measure.title,
        "rounds": rounds,
        "load_average": [load, [round(value, 1) for value in os.getloadavg()]],
        "contenders": {name: {**summary(done), **_parts(done)} for name, done in runs.items()},
    }


def _made(measure: Measure, data: Path) -> None:
    """Make data aside, so that what was cut short is made anew."""
    data.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=data.parent) as folder:
        aside = Path(folder) / data.name
        measure.make(aside)
        aside.rename(data)


def _parts(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """What the median run says of its parts, where it says any."""
    middle = sorted(runs, key=lambda run: run["cpu_seconds"])[len(runs) // 2]
    return {"parts": middle["parts"]} if "parts" in middle else {}


def measures(group: str, *, is_small: bool) -> tuple[Measure, ...]:
    """The measures of a group; small ones are for trying them."""
    made: tuple[Measure, ...] = GROUPS[group](is_small)
    return made


def _identity(is_small: bool) -> tuple[Measure, ...]:
    from identity.ties import write_path, write_ties

    def ties(observations: int, rounds: int) -> Measure:
        return Measure(
            name=f"{observations}",
            title=f"{observations:,} observations of two identifiers together",
            contenders=("ours", "scipy", "using_key", "splink"),
            peers=frozenset({"splink"}),
            data=f"ties_{observations}.parquet",
            make=lambda path: write_ties(path, observations),
            rounds=rounds,
        )

    nodes = 2_000 if is_small else 1_000_000
    path = Measure(
        name="path",
        title=f"One chain of {nodes:,} identifiers; `using_key` is stopped after 30 CPU seconds",
        contenders=("ours", "scipy", "using_key"),
        data=f"path_{nodes}.parquet",
        make=lambda path: write_path(path, nodes),
        rounds=1,
        limits={"BENCH_CPU_SECONDS": "30"},
    )
    return (ties(20_000, 1), path) if is_small else (ties(1_000_000, 3), ties(10_000_000, 1), path)


def _loading(is_small: bool) -> tuple[Measure, ...]:
    from loading.exports import write_delivery, write_export

    megabytes = 1 if is_small else 50

    def reading(kind: str, others: tuple[str, ...]) -> Measure:
        return Measure(
            name=kind,
            title=f"{kind.upper()}, {megabytes} MB",
            contenders=("ours", "duckdb", *others),
            data=f"visits_{megabytes}.{kind}",
            make=lambda path: write_export(path, kind, megabytes),
        )

    def size(number: int) -> Measure:
        return Measure(
            name=f"csv_{number}",
            title=f"CSV, {number} MB, for its memory",
            contenders=("ours",),
            data=f"visits_{number}.csv",
            make=lambda path: write_export(path, "csv", number),
            rounds=1,
        )

    upsert = Measure(
        name="upsert",
        title=f"CSV, {megabytes} MB are there; 1 % of the records come, half of them known",
        contenders=("ours_upsert", "ours_rewrite", "duckdb_merge", "duckdb_rewrite"),
        data=f"delivery_{megabytes}",
        make=lambda path: write_delivery(path, megabytes),
    )
    sizes = () if is_small else (size(200),)
    return (reading("csv", ("pandas",)), reading("ndjson", ("pandas", "pyarrow")), upsert, *sizes)


def _night(is_small: bool) -> tuple[Measure, ...]:
    from night.days import write_days

    customers = 300 if is_small else 6_000
    return (
        Measure(
            name="day",
            title=f"{customers:,} customers, one day of 270 is new",
            contenders=("night", "rebuild"),
            data=f"days_{customers}",
            make=lambda path: write_days(path, customers),
            rounds=1,
        ),
    )


def _site_pages(is_small: bool) -> tuple[Measure, ...]:
    from site_pages.company import write_company

    def site(segments: int) -> Measure:
        return Measure(
            name=f"{segments}",
            title=f"{segments} segments in two languages",
            contenders=("ours",),
            data=f"company_{segments}.duckdb",
            make=lambda path: write_company(path, segments),
        )

    return (site(2),) if is_small else (site(3), site(40))


def _orchestrator(is_small: bool) -> tuple[Measure, ...]:
    from night.days import write_days

    return (
        Measure(
            name="run",
            title="A night of 300 customers",
            contenders=("line", "prefect_server", "prefect_embedded"),
            data="days_300",
            make=lambda path: write_days(path, 300),
            rounds=1 if is_small else 3,
        ),
    )


def _start(is_small: bool) -> tuple[Measure, ...]:
    return (
        Measure(
            name="help",
            title="`journey --help`",
            contenders=("help", "python"),
            data="start",
            make=lambda path: path.mkdir(),
            rounds=1 if is_small else 5,
        ),
    )


GROUPS: dict[str, Callable[[bool], tuple[Measure, ...]]] = {
    "identity": _identity,
    "loading": _loading,
    "night": _night,
    "site_pages": _site_pages,
    "orchestrator": _orchestrator,
    "start": _start,
}


def main() -> None:
    """Measure groups and write their results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("groups", nargs="+", choices=[*GROUPS, "all"])
    parser.add_argument("--rounds", type=int, help="instead of the usual number of each measure")
    parser.add_argument("--measures", nargs="+", default=[], help="only these; the others keep their results")
    parser.add_argument("--only", nargs="+", default=[], help="only these contenders; others keep theirs")
    parser.add_argument("--small", action="store_true", help="try it on small data; nothing is written")
    asked = parser.parse_args()
    for group in GROUPS if "all" in asked.groups else asked.groups:
        file = HERE / group / "results.json"
        kept = json.loads(file.read_text(encoding="utf-8"))["measures"] if file.is_file() and asked.measures else []
        results = {measure["name"]: measure for measure in kept}
        for measure in measures(group, is_small=asked.small):
            if asked.measures and measure.name not in asked.measures:
                continue
            rounds = asked.rounds or measure.rounds
            taken = measured(group, measure, rounds=rounds, only=asked.only)
            others = results.get(measure.name, {}).get("contenders", {}) if asked.only else {}
            by_name = {**others, **taken["contenders"]}
            order = [name for name in measure.contenders if name in by_name]
            results[measure.name] = {**taken, "contenders": {name: by_name[name] for name in order}}
            if not asked.small:
                named = [each.name for each in measures(group, is_small=False)]
                ordered = [results[name] for name in named if name in results]
                whole = {"machine": machine(PACKAGES), "measures": ordered}
                file.write_text(json.dumps(whole, indent=2) + "\n", encoding="utf-8")
    if not asked.small:
        write_tables()


if __name__ == "__main__":
    main()
