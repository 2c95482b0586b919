"""The wheel alone, unpacked elsewhere, runs the whole line: nothing depends on the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(out)]
    subprocess.run(build, check=True, cwd=ROOT, capture_output=True)
    with zipfile.ZipFile(next(out.glob("*.whl"))) as wheel:
        wheel.extractall(out / "site")
    return out / "site"


def journey(unpacked: Path, cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from journey_mining.cli import main; main()", *words],
        env={**os.environ, "PYTHONPATH": str(unpacked)},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_wheel_makes_and_runs_a_project(unpacked: Path, small_world: Path, tmp_path: Path) -> None:
    made = journey(unpacked, tmp_path, "init", "p", "--inbox", small_world.as_posix(), "--demo")
    ran = journey(unpacked, tmp_path, "run", "p")
    assert (made.returncode, ran.returncode) == (0, 0), made.stderr + ran.stderr
    assert (tmp_path / "p" / "site" / "en" / "index.html").is_file()


def test_the_wheel_carries_the_sql(unpacked: Path) -> None:
    assert (unpacked / "journey_mining" / "_sql" / "50_journeys" / "journey_step.sql").is_file()
