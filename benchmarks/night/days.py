"""Exports of a simulated company as two deliveries: all days but the last, and the last day.

    python benchmarks/night/days.py 12000 build/bench/days_12000

The company's CRM and help desk export everything each time, its web analytics and its survey what is new.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import replace
from pathlib import Path

SEED = 11
DAYS = 270.0
"""that a simulated world lasts"""


def write_days(folder: Path, customers: int) -> None:
    """Write `delivery_1` and `delivery_2`."""
    from journey_mining.simulation import write_world
    from journey_mining.simulation.scenarios import DEFAULT

    scenario = replace(DEFAULT, nights=(DAYS - 1, DAYS))
    write_world(folder, customers=customers, seed=SEED, scenario=scenario)
    shutil.rmtree(folder / "answer_key")


def new_project(root: Path) -> Path:
    """An empty project of the template that the simulated company has."""
    from journey_mining.project import init_project
    from journey_mining.sources import catalog_dir
    from journey_mining.sources.workbench.adopting import DEMO_SOURCES

    init_project(root, template="it_services", sources=DEMO_SOURCES, catalog=catalog_dir(), inbox="inbox", demo=True)
    return root


def deliver(root: Path, delivery: Path) -> None:
    """Put the exports of a delivery into the inbox, as old as all others."""
    shutil.copytree(delivery, root / "inbox", dirs_exist_ok=True)
    for path in (root / "inbox").rglob("*"):
        os.utime(path, (0, 0))


if __name__ == "__main__":
    write_days(Path(sys.argv[2]), int(sys.argv[1]))
