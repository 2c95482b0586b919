"""Loading measured beside DuckDB's own reader and pandas: processes of their own, in turn, medians; results as data.

python benchmarks/loading/measure.py --megabytes 1000 --rounds 3
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from statistics import median
from typing import Any

from exports import SEED, write_export

HERE = Path(__file__).resolve().parent
KINDS, NAMES = ("csv", "ndjson"), ("ours", "duckdb", "pandas")
_COSTS = ("seconds", "cpu_seconds", "peak_mb")


def run_once(name: str, kind: str, file: Path) -> dict[str, Any]:
    """One contender over one file, in a process of its own; compiled modules are kept beside the file."""
    command = [sys.executable, str(HERE / "contenders.py"), name, kind, str(file)]
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    places = kept | {"PYTHONPYCACHEPREFIX": str(file.parent / "compiled")}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=places)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(kind: str, megabytes: float, rounds: int, folder: Path) -> dict[str, Any]:
    """All contenders in turn over one file; they must find the same rows."""
    file = folder / f"visits.{kind}"
    first = folder / f"few.{kind}"
    write_export(first, kind, 0.05)
    for name in NAMES:
        run_once(name, kind, first)  # compiles the modules, which an installation has done
    rows = write_export(file, kind, megabytes)
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in NAMES}
    for _ in range(rounds):
        for name in NAMES:
            runs[name].append(run_once(name, kind, file))
    if len({json.dumps(run["rows"]) for found in runs.values() for run in found}) != 1:
        raise SystemExit(json.dumps({name: found[0]["rows"] for name, found in runs.items()}, indent=2))
    size = file.stat().st_size / 1e6
    return {
        "kind": kind,
        "megabytes": round(size, 1),
        "rows": rows,
        "contenders": {name: _medians(found, size) for name, found in runs.items()},
    }


def _medians(runs: list[dict[str, Any]], size: float) -> dict[str, float]:
    costs = {cost: round(median(run[cost] for run in runs), 3) for cost in _COSTS}
    return {
        **costs,
        "mb_per_second": round(size / costs["seconds"], 2),
        "mb_per_cpu_second": round(size / costs["cpu_seconds"], 2),
    }


def machine() -> dict[str, Any]:
    """Where it was measured, and how busy it was."""
    return {
        "system": platform.platform(terse=True),
        "cores": os.cpu_count(),
        "load_average": [round(load, 2) for load in os.getloadavg()],
        "python": platform.python_version(),
        "versions": {name: metadata.version(name) for name in ("journey_mining", "duckdb", "pandas", "pyarrow")},
    }


def main() -> None:
    """Measure and write the results."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=float, default=100)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--out", type=Path, default=HERE / "results.json")
    asked = parser.parse_args()
    before = machine()
    with tempfile.TemporaryDirectory() as folder:
        found = [measure(kind, asked.megabytes, asked.rounds, Path(folder)) for kind in asked.kinds]
    results = {"seed": SEED, "rounds": asked.rounds, "machine": before, "load_average_after": os.getloadavg()}
    asked.out.write_text(json.dumps({**results, "files": found}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
