"""Many nights in a row, with what goes wrong in a month, end where one rebuild of everything ends.

Each night brings the page views of a day. On the way: a late file, a file delivered twice, a new column, a kill -9, a
silent source, a request to be forgotten. `JOURNEY_NIGHTS=30 pytest tests/flow/test_thirty_nights.py` is `make nights`.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from conftest import made_project
from journey_mining.cli import app
from journey_mining.console_operate import tell_plainly
from journey_mining.night_work import BUILT_LAYERS
from journey_mining.project import load_project
from journey_mining.runs import PUBLISHED, UNCHANGED, RunRecord
from journey_mining.steps import run_line
from journey_mining.warehouse import DuckDBWarehouse, layer_models

pytestmark = pytest.mark.slow
NIGHTS = int(os.environ.get("JOURNEY_NIGHTS", "4"))
DRIFT, CRASH, SILENT, ERASURE = NIGHTS // 5, NIGHTS // 4, NIGHTS // 2, 3 * NIGHTS // 4
FIRST_SILENT = 1
"""a day whose file comes with the last night"""
MEMORY = frozenset({"change"})
"""layers that remember earlier nights, which a rebuild never saw"""
DIES = """
import os, signal, sys
from pathlib import Path
from journey_mining.steps import Watcher, run_line

def die(step, _record):
    if step.name == "paths":
        os.kill(os.getpid(), signal.SIGKILL)

run_line(Path(sys.argv[1]), watcher=Watcher(after=die))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A project after all nights, and what came of each."""

    root: Path
    records: list[RunRecord]
    notices: list[dict[str, Any]]
    email: str


class Post(BaseHTTPRequestHandler):
    """Takes notices."""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.taken.extend(body["notices"])  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def views_by_day(world: Path) -> tuple[str, dict[str, list[str]]]:
    """The heading of the page views, and the lines of each day."""
    days: dict[str, list[str]] = defaultdict(list)
    heading = ""
    for path in sorted((world / "metrica").glob("*.gz")):
        heading, *lines = gzip.decompress(path.read_bytes()).decode().splitlines()
        for line in lines:
            days[line.split("\t")[4][:10]].append(line)
    return heading, days


def deliver(root: Path, name: str, heading: str, lines: list[str]) -> None:
    path = root / "inbox" / "metrica" / f"{name}.tsv.gz"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress("\n".join([heading, *lines, ""]).encode(), mtime=0))


def an_address(world: Path) -> str:
    """The address of somebody in the CRM."""
    path = next((world / "bitrix24").glob("contacts*.csv"))
    rows = csv.reader(path.read_text(encoding="cp1251").splitlines(), delimiter=";")
    return next(cell for row in rows for cell in row if "@" in cell and "oblako" not in cell and "," not in cell)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory, small_world: Path) -> Month:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Post)
    server.taken = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    root = made_project(tmp_path_factory.mktemp("month") / "project", inbox=Path("inbox"))
    for system in ("bitrix24", "zendesk", "survey"):
        shutil.copytree(small_world / system, root / "inbox" / system)
    with (root / "journey.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[gates.source.metrica]\nfreshness = { warn = "20h" }\n[notify.webhook]\n')
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("JOURNEY_WEBHOOK_URL", f"http://127.0.0.1:{server.server_port}/")
        email = an_address(small_world)
        records = live(root, small_world, email)
    server.shutdown()
    server.server_close()
    return Month(root=root, records=records, notices=server.taken, email=email)


def live(root: Path, world: Path, email: str) -> list[RunRecord]:
    """All the nights."""
    heading, days = views_by_day(world)
    names = sorted(days)
    past, coming = names[:-NIGHTS], names[-NIGHTS:]
    deliver(root, "hits_before", heading, [line for name in past for line in days[name]])
    records, inbox = [], root / "inbox" / "metrica"
    for number, name in enumerate(coming):
        if number == DRIFT:
            extra = [f"{line}\tnew" for line in days[name]]
            deliver(root, f"hits_{name}", f"{heading}\tym:pv:experiment", extra)
        elif number not in (SILENT, FIRST_SILENT):
            deliver(root, f"hits_{name}", heading, days[name])
        if number == SILENT + 1:
            deliver(root, f"hits_{coming[SILENT]}", heading, days[coming[SILENT]])
        if number == NIGHTS - 1:
            deliver(root, f"hits_{coming[FIRST_SILENT]}", heading, days[coming[FIRST_SILENT]])
            shutil.copyfile(inbox / "hits_before.tsv.gz", inbox / "hits_again.tsv.gz")
        if number == CRASH:
            died = subprocess.run([sys.executable, "-c", DIES, str(root)], check=False, capture_output=True)
            assert died.returncode == -signal.SIGKILL
        if number == ERASURE:
            CliRunner().invoke(app, ["forget", "-p", str(root), "--value", email])
        dawn = datetime.fromisoformat(name).replace(tzinfo=UTC) + timedelta(days=1)
        records.append(run_line(root, clock=lambda dawn=dawn: dawn, tell=tell_plainly))
    return records


def tables(root: Path) -> dict[str, str]:
    """The rows of every table that forgets earlier nights."""
    wanted = {model.name for layer in BUILT_LAYERS if layer not in MEMORY for model in layer_models(layer)}
    wanted |= {"metric_value", "sentiment", "gate_result", "journey_step", "process_model"}
    # a file that came twice is known by the name that was met first
    wanted -= {"loaded_file"}
    with DuckDBWarehouse(load_project(root).warehouse_file, read_only=True) as warehouse:
        there = sorted(wanted & set(warehouse.tables()))
        return {name: repr(warehouse.read_arrow(name, order_by=warehouse.columns(name)).to_pydict()) for name in there}


def test_all_nights_end_where_one_rebuild_ends(month: Month, tmp_path: Path) -> None:
    anew = tmp_path / "anew"
    shutil.copytree(month.root, anew, symlinks=True, ignore=shutil.ignore_patterns("warehouse", "site", "sites"))
    last = datetime.fromisoformat(month.records[-1].started_at)
    run_line(anew, clock=lambda: last)
    grown, rebuilt = tables(month.root), tables(anew)
    assert sorted(grown) == sorted(rebuilt)
    assert [name for name in grown if grown[name] != rebuilt[name]] == []


def test_every_night_ends_well(month: Month) -> None:
    assert {record.status for record in month.records} <= {PUBLISHED, UNCHANGED}
    assert month.records[-1].status == PUBLISHED


def test_people_are_told_of_what_was_planted_and_of_nothing_else(month: Month) -> None:
    # one source fell silent for two nights, one after the other in a short month; nobody behaved differently
    silences = 1 if SILENT == FIRST_SILENT + 1 else 2
    assert [(notice["kind"], "metrica" in notice["text"]) for notice in month.notices] == [("gate", True)] * silences


def test_a_new_column_is_told_on_its_night_and_its_file_is_taken(month: Month) -> None:
    drift = {problem.code for problem in month.records[DRIFT].problems}
    assert "SCHEMA_DRIFT" in drift
    counts = month.records[DRIFT].steps[0].counts
    assert (counts["files_loaded"] >= 1, counts["files_rejected"]) == (True, 0)


def test_only_the_newest_sites_are_kept_and_none_of_before_the_erasure(month: Month) -> None:
    kept = sorted(path.name for path in (month.root / "sites").glob("*.json"))
    assert 1 <= len(kept) <= load_project(month.root).settings.run.keep_sites
    assert len(kept) <= NIGHTS - ERASURE
