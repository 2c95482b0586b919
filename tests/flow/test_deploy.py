"""A schedule under a Prefect server of its own: nights in a zone, one at a time, told as artifacts."""

from __future__ import annotations

import http
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest

from journey_mining.runs import PUBLISHED, UNCHANGED, read_runs

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
ZONE = "Asia/Yekaterinburg"
COMMAND = "from journey_mining.cli import main; main()"
PATIENCE = 300.0
"""seconds until something that should happen counts as missing"""
T = TypeVar("T")


class Server:
    """A Prefect server on this machine, and what it says."""

    def __init__(self, address: str) -> None:
        self.address = address

    def asked(self, path: str, **body: Any) -> Any:
        """The answer to a question; asked again while the server's database is busy."""
        data = json.dumps(body).encode()
        question = urllib.request.Request(self.address + path, data, {"Content-Type": "application/json"})  # noqa: S310

        def answered() -> list[Any]:
            try:
                with urllib.request.urlopen(question, timeout=PATIENCE) as answer:  # noqa: S310 - our own address
                    return [json.load(answer)]
            except urllib.error.HTTPError as fault:
                if fault.code != http.HTTPStatus.SERVICE_UNAVAILABLE:
                    raise
                return []

        return until(answered)[0]

    def is_up(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=5):  # noqa: S310 - our own address
                return True
        except OSError:
            return False

    def deployment(self) -> Any:
        """The one deployment, as soon as it is there."""
        return next(iter(self.asked("/deployments/filter")), None)

    def runs(self, *, is_scheduled: bool) -> list[Any]:
        """Runs that the schedule planned, or that somebody asked for."""
        found = self.asked("/flow_runs/filter", sort="EXPECTED_START_TIME_ASC")
        return [run for run in found if run["auto_scheduled"] == is_scheduled]


def until(look: Callable[[], T]) -> T:
    """What `look` finds, as soon as it finds something."""
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.5)
    return found


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """A place of its own for Prefect, and an address that nobody uses."""
    pinned = re.search(r"^sqlalchemy==(\S+)", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    if pinned is None or metadata.version("sqlalchemy").split(".")[:2] != pinned[1].split(".")[:2]:
        pytest.skip("SQLAlchemy is not that of requirements.lock, and Prefect's scheduler needs that one.")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return {
        **os.environ,
        "PREFECT_HOME": str(tmp_path_factory.mktemp("prefect")),
        "PREFECT_API_URL": f"http://127.0.0.1:{port}/api",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "DO_NOT_TRACK": "1",
    }


@pytest.fixture(scope="module")
def server(environment: dict[str, str]) -> Iterator[Server]:
    address = environment["PREFECT_API_URL"]
    port = address.rpartition(":")[2].removesuffix("/api")
    words = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", port, "--no-ui"]
    process = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    made = Server(address)
    until(made.is_up)
    yield made
    process.terminate()
    process.wait(timeout=PATIENCE)


def test_a_served_project_has_its_nights_in_its_zone_one_at_a_time_and_tells_of_them(
    server: Server, environment: dict[str, str], small_project: Path
) -> None:
    words = [
        sys.executable,
        "-c",
        COMMAND,
        "deploy",
        "-p",
        str(small_project),
        "--cron",
        "0 3 * * *",
        "--timezone",
        ZONE,
    ]
    serving = subprocess.Popen(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deployment = until(server.deployment)
        [schedule] = deployment["schedules"]
        assert (schedule["schedule"]["cron"], schedule["schedule"]["timezone"]) == ("0 3 * * *", ZONE)
        planned = until(lambda: server.runs(is_scheduled=True))
        hours = {datetime.fromisoformat(run["expected_start_time"]).astimezone(ZoneInfo(ZONE)).hour for run in planned}
        assert hours == {3}
        for name in ("first", "second"):
            server.asked(f"/deployments/{deployment['id']}/create_flow_run", idempotency_key=name)
        until(lambda: all(run["end_time"] for run in server.runs(is_scheduled=False)))
    finally:
        serving.send_signal(signal.SIGTERM)
        serving.wait(timeout=PATIENCE)
    first, second = sorted(server.runs(is_scheduled=False), key=lambda run: run["start_time"])
    assert [first["state_type"], second["state_type"]] == ["COMPLETED"] * 2
    assert first["end_time"] <= second["start_time"]
    assert [run.status for run in read_runs(small_project)] == [PUBLISHED, UNCHANGED]
    for run in (first, second):
        artifacts = server.asked("/artifacts/filter", artifacts={"flow_run_id": {"any_": [run["id"]]}})
        assert {made["key"] for made in artifacts if made["key"]} == {
            "journey-run",
            "journey-data-quality",
            "journey-site",
        }
