"""All benchmarks with one command: `make bench`, or one group with `python benchmarks/run.py mining --events 1000000`.

Every contender runs in a process of its own, those of other makers in an environment of their own with the versions
of `peers/*.txt` (made under build/peers when first needed). Contenders take turns; what they find must be equal before
a cost counts. Costs are processor seconds, seconds and peak memory of the whole process, imports included.
Results go to `<group>/results.json`; the tables of README.md are drawn from these.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Container
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import Any

from environments import peer_python
from tables import write_tables
from worlds import SEED, write_world

HERE = Path(__file__).resolve().parent
BUILD = HERE.parent / "build"
WARMING_EVENTS = 5_000
OWN = frozenset({"ours", "night", "portable"})
GROUPS = {
    "mining": {
        "contenders": (
            "ours",
            "night",
            "portable",
            "polars",
            "chdb",
            "r4pm",
            "pm4py_polars",
            "retentioneering",
            "pm4py_pandas",
            "limit",
        ),
        "packages": ("journey_mining", "duckdb", "numpy", "pyarrow"),
    },
}


def environment(name: str) -> Path:
    """The Python of a contender."""
    return Path(sys.executable) if name in OWN else peer_python(name)


def world(events: int) -> Path:
    """The world of that many events, made where it is not there yet."""
    file = BUILD / "bench" / f"{events}.parquet"
    if not file.is_file():
        write_world(file, events)
    return file


def run_once(group: str, name: str, file: Path, limits: dict[str, str], *, own: Container[str] = OWN) -> dict[str, Any]:
    """One contender over one world in a process of its own: what it found and what it cost.

    Contenders in `own` run in this environment, with the sources of this checkout.

    Raises:
        SystemExit: it ended with an error; what it wrote last is said.
    """
    python = Path(sys.executable) if name in own else environment(name)
    command = [str(python), str(HERE / group / "contenders.py"), name, str(file)]
    sources = str(HERE.parent / "src") if name in own else ""
    with tempfile.TemporaryDirectory() as folder:
        places = {
            "PYTHONPATH": sources,
            "BENCH_SPILL": folder,
            "PYTHONPYCACHEPREFIX": str(BUILD / "bench" / "bytecode"),
        }
        usual = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        start = time.perf_counter()
        with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as faults:
            process = subprocess.Popen(command, stdout=out, stderr=faults, env={**usual, **places, **limits})
            # wait4 tells the costs of this very process and of those it waited for
            _, status, used = os.wait4(process.pid, 0)
            seconds = time.perf_counter() - start
            out.seek(0)
            faults.seek(0)
            if status:
                raise SystemExit(f"{name} failed:\n{faults.read()[-2000:]}")
            found = json.loads(out.read().splitlines()[-1])
    # a contender that prepares something first says itself what the rest did cost
    told = found.pop("costs", {})
    return {
        "cpu_seconds": used.ru_utime + used.ru_stime,
        "seconds": seconds,
        "peak_mb": used.ru_maxrss / 1024,
        **told,
        "found": found,
    }


def compared(group: str, events: int, rounds: int, names: list[str], limits: dict[str, str]) -> dict[str, Any]:
    """All contenders in turn over one world.

    Raises:
        SystemExit: two contenders found different things.
    """
    file = world(events)
    for name in names:
        # once unmeasured, so that modules are compiled as they are where packages were installed
        run_once(group, name, world(WARMING_EVENTS), {})
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    load = [round(value, 1) for value in os.getloadavg()]
    for number in range(rounds):
        for name in names:
            runs[name].append(run_once(group, name, file, limits))
            last = runs[name][-1]
            print(f"{events:,} round {number + 1} {name}: {last['cpu_seconds']:.2f} CPU s", file=sys.stderr, flush=True)
            if found := differences({name: found["found"] for name, done in runs.items() for found in done}):
                raise SystemExit(f"{name} found something else: {found}")
    return {
        "events": events,
        "rounds": rounds,
        "limits": limits,
        "load_average": [load, [round(value, 1) for value in os.getloadavg()]],
        "found": {key: value for name in reversed(names) for key, value in runs[name][0]["found"].items()},
        "contenders": {name: summary(done) for name, done in runs.items()},
    }


def differences(found: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """What contenders tell differently, by thing told; empty where all agree."""
    told = {key for results in found.values() for key in results}
    by_key = {key: {name: results[key] for name, results in found.items() if key in results} for key in sorted(told)}
    return {key: values for key, values in by_key.items() if len(set(values.values())) > 1}


def summary(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Median, least and most of each cost."""
    costs = {}
    for cost in ("cpu_seconds", "work_cpu_seconds", "seconds", "peak_mb"):
        values = sorted(round(run[cost], 3) for run in runs if cost in run)
        if not values:
            continue
        costs[cost] = {"median": round(median(values), 3), "least": values[0], "most": values[-1]}
    return {**costs, "tells": sorted(runs[0]["found"])}


def machine(packages: tuple[str, ...]) -> dict[str, Any]:
    """Where it was measured, and with which versions."""
    return {
        "system": platform.platform(terse=True),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in packages},
        "peers": {
            file.stem: file.read_text(encoding="utf-8").split() for file in sorted((HERE / "peers").glob("*.txt"))
        },
    }


def main() -> None:
    """Measure and write results and tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("group", nargs="?", choices=[*GROUPS, "tables"], default="mining")
    parser.add_argument("--events", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", nargs="+", default=[], help="contenders; the first is what others are compared with")
    parser.add_argument("--memory-limit", default="", help="of engines that have one to set, such as 1500MB")
    parser.add_argument("--keep", action="store_true", help="add to the results that are there")
    asked = parser.parse_args()
    if asked.group != "tables":
        wanted = GROUPS[asked.group]
        names = asked.only or list(wanted["contenders"])
        limits = {"BENCH_MEMORY_LIMIT": asked.memory_limit} if asked.memory_limit else {}
        file = HERE / asked.group / "results.json"
        kept = json.loads(file.read_text(encoding="utf-8"))["worlds"] if asked.keep and file.is_file() else []
        for events in asked.events:
            kept.append(compared(asked.group, events, asked.rounds, names, limits))
            results = {"seed": SEED, "machine": machine(wanted["packages"]), "worlds": kept}
            file.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    write_tables()


if __name__ == "__main__":
    main()
