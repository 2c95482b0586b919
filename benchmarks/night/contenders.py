"""The night of one new day, or one night that builds everything anew, in a process of its own; prints what it found.

    python benchmarks/night/contenders.py night build/bench/days_12000

`night` continues a project whose earlier days were loaded and published (that part is made beside the data once, and is
not counted); `rebuild` loads all days into an empty project. Found are hashes of every built table but those that
remember earlier nights, and of the pages without their stamp and without the pages that tell of earlier nights.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

from days import deliver, new_project

FIRST, SECOND = datetime(2026, 9, 28, 2, tzinfo=UTC), datetime(2026, 9, 29, 2, tzinfo=UTC)
"""when the two nights began"""
MEMORY = frozenset({"change"})
"""layers that remember earlier nights, which a rebuild never saw"""


def base(days: Path) -> Path:
    """The project after its first night; made beside the data for this state of the code."""
    from journey_mining.project import load_project
    from journey_mining.runs import fingerprint
    from journey_mining.steps import run_line

    with tempfile.TemporaryDirectory() as folder:
        code = fingerprint(load_project(new_project(Path(folder) / "project")), inputs=[], key=b"")[:16]
    root = days.with_name(f"{days.name}_night_{code}")
    if not root.is_dir():
        with tempfile.TemporaryDirectory(dir=days.parent) as folder:
            made = new_project(Path(folder) / "project")
            deliver(made, days / "delivery_1")
            run_line(made, clock=lambda: FIRST)
            made.rename(root)
    return root


def prepared(name: str, days: Path, folder: Path) -> Path:
    """The project just before the night that is measured."""
    root = folder / "project"
    if name == "night":
        shutil.copytree(base(days), root, symlinks=True)
    else:
        new_project(root)
        deliver(root, days / "delivery_1")
    deliver(root, days / "delivery_2")
    return root


def tables(root: Path) -> dict[str, str]:
    """A hash of each table that forgets earlier nights."""
    from journey_mining.night_work import BUILT_LAYERS
    from journey_mining.project import load_project
    from journey_mining.warehouse import DuckDBWarehouse, layer_models

    wanted = {model.name for layer in BUILT_LAYERS if layer not in MEMORY for model in layer_models(layer)}
    wanted |= {"metric_value", "sentiment", "gate_result", "journey_step", "process_model"}
    with DuckDBWarehouse(load_project(root).warehouse_file, read_only=True) as warehouse:
        return {
            name: hashlib.sha256(
                repr(warehouse.read_arrow(name, order_by=warehouse.columns(name)).to_pylist()).encode()
            ).hexdigest()
            for name in sorted(wanted & set(warehouse.tables()))
        }


def pages(root: Path) -> dict[str, str]:
    """A hash of each page without its stamps; trends, stages and comparisons tell of earlier nights."""
    found = {}
    for path in sorted((root / "site").rglob("*.html")):
        name = path.relative_to(root / "site").as_posix()
        if not re.search(r"/(index|data|trends)\.html$|/(compare|stages)/|/map\.html$", name):
            text = re.sub(r"<!-- stamp -->.*?<!-- /stamp -->", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            found[name] = hashlib.sha256(text.encode()).hexdigest()
    return found


def digest(found: dict[str, str]) -> str:
    """One hash of many; an empty thing is no agreement.

    Raises:
        SystemExit: nothing was found.
    """
    if not found:
        raise SystemExit("nothing was found that could be compared")
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()


def measured(name: str, days: Path) -> dict[str, Any]:
    """Run the night; what it cost by step, and what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        root = prepared(name, days, Path(folder))
        # a process of its own, so that preparing the night costs it nothing
        process = subprocess.Popen([sys.executable, __file__, "run", str(root)])
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if status:
            raise SystemExit(f"the {name} failed with status {status}")
        record = json.loads((root / "warehouse" / "runs.jsonl").read_text(encoding="utf-8").splitlines()[-1])
        found = {"tables": digest(tables(root)), "pages": digest(pages(root))}
    steps = {step["name"]: step["cpu_seconds"] for step in record["steps"]}
    whole = used.ru_utime + used.ru_stime
    costs = {
        "cpu_seconds": round(whole, 3),
        "seconds": round(sum(step["seconds"] for step in record["steps"]), 3),
        "peak_mb": used.ru_maxrss / 1024,
        "parts": {**steps, "start and publishing": round(whole - sum(steps.values()), 3)},
    }
    return {"costs": costs, **found}


def run(root: Path) -> None:
    """The night itself."""
    from journey_mining.steps import run_line

    run_line(root, clock=lambda: SECOND)


if __name__ == "__main__":
    if sys.argv[1] == "run":
        run(Path(sys.argv[2]))
    else:
        print(json.dumps(measured(sys.argv[1], Path(sys.argv[2]))))
