"""A run that is killed leaves nothing half done: the next one ends where an undisturbed one would."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyarrow as pa
import pytest

from journey_mining.project import load_project
from journey_mining.steps import run_line
from journey_mining.warehouse import DuckDBWarehouse

pytestmark = pytest.mark.slow


def start_run(root: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", "from journey_mining.cli import main; main()", "run", str(root)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)


def kill_when(root: Path, run: subprocess.Popen[bytes], sign: str) -> None:
    """Kill without warning as soon as a file of that name appears in the project."""
    deadline = time.monotonic() + 60
    while run.poll() is None and time.monotonic() < deadline and not list(root.rglob(sign)):
        time.sleep(0.005)
    os.killpg(run.pid, signal.SIGKILL)
    run.wait()


def digest_of(root: Path) -> dict[str, str]:
    """Content of every published table, whatever the order of its rows."""
    with DuckDBWarehouse(load_project(root).warehouse_file, read_only=True) as warehouse:
        return {
            name: digest(warehouse.read_arrow(name, order_by=warehouse.columns(name))) for name in warehouse.tables()
        }


def digest(table: pa.Table) -> str:
    # by value: the bytes under a null are whatever they are
    return hashlib.sha256(repr(table.to_pydict()).encode()).hexdigest()


@pytest.mark.parametrize("sign", ["raw.duckdb", "journeys.building.duckdb", "site.building"])
def test_a_killed_run_costs_nothing_but_time(small_project: Path, tmp_path: Path, sign: str) -> None:
    undisturbed = tmp_path / "undisturbed"
    subprocess.run(["cp", "-r", str(small_project), str(undisturbed)], check=True)  # noqa: S607
    run_line(undisturbed)
    kill_when(small_project, start_run(small_project), sign)
    assert not (small_project / "site").exists()
    run_line(small_project)
    assert digest_of(small_project) == digest_of(undisturbed)


def test_a_run_killed_after_a_good_one_leaves_the_good_site(small_project: Path) -> None:
    run_line(small_project)
    before = (small_project / "site" / "ru" / "index.html").read_bytes()
    settings = small_project / "journey.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('silence = "30d"', 'silence = "31d"'), "utf-8")
    kill_when(small_project, start_run(small_project), "site.building")
    assert (small_project / "site" / "ru" / "index.html").read_bytes() == before
