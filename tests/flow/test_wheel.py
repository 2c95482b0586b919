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


NO_NETWORK = """
import socket
def refused(*_args, **_words):
    raise AssertionError("the network was asked for")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refused
"""


@pytest.fixture(scope="module")
def offline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that takes the network away from every Python that has it on its path."""
    folder = tmp_path_factory.mktemp("offline")
    (folder / "sitecustomize.py").write_text(NO_NETWORK, encoding="utf-8")
    return folder


def journey(unpacked: Path, offline: Path, cwd: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from journey_mining.cli import main; main()", *words],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (offline, unpacked)))},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_demo_of_a_wheel_needs_neither_checkout_nor_network(unpacked: Path, offline: Path, tmp_path: Path) -> None:
    ran = journey(unpacked, offline, tmp_path, "demo", "p", "--customers", "250")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (tmp_path / "p" / "site" / "en" / "index.html").is_file()


def test_a_wheel_explains_its_errors_and_completes_its_commands(unpacked: Path, offline: Path, tmp_path: Path) -> None:
    said = journey(unpacked, offline, tmp_path, "explain-error", "EMPTY_FILE")
    assert "has no rows" in said.stdout, said.stderr
    assert "--install-completion" in journey(unpacked, offline, tmp_path, "--help").stdout


def test_the_wheel_carries_the_sql(unpacked: Path) -> None:
    assert (unpacked / "journey_mining" / "_sql" / "50_journeys" / "journey_step.sql").is_file()
