"""Many nights in a row, with what goes wrong in a month, end where one rebuild of everything ends.

Each night is a process of its own and brings the exports of a day: the CRM and the desk as they stand, the page views
and answers since the night before. On the way: page views that come days late, files that come a month late, files
delivered twice, a new column, a kill -9, somebody to be forgotten, a new key, an earlier site shown by hand, a source
that falls silent, and customers who behave differently from a day on. `make nights` lives thirty of them.
"""

from __future__ import annotations

import csv
import gzip
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from conftest import made_project
from journey_mining.project import load_project
from journey_mining.publishing import shown_number
from journey_mining.runs import PUBLISHED, RunRecord, read_runs
from journey_mining.simulation import plan, write_world
from journey_mining.simulation.scenarios import CELLS, Change, Scenario
from journey_mining.warehouse import DuckDBWarehouse

pytestmark = pytest.mark.slow
NIGHTS = int(os.environ.get("JOURNEY_NIGHTS", "4"))
DRIFT, CRASH, ERASURE, ROTATION = NIGHTS // 5 or NIGHTS - 1, NIGHTS // 4, NIGHTS // 3, 2 * NIGHTS // 3
SILENT = min(4 * NIGHTS // 5, NIGHTS - 2)
"""the night on which the page views stay away; they come with the next"""
LATE = 1
"""the night whose state of the desk comes with the last one"""
CELL = ("personal", "decision")
"""where fewer move on from a day on"""
WORLD = Scenario(
    name="month",
    about="exports come day by day, some page views late; from day 150 on few individuals progress in decision",
    cells={**CELLS, CELL: replace(CELLS[CELL], progress=0.70)},
    crm_start=0.0,
    changes=(Change(segment=CELL[0], stage=CELL[1], from_day=150.0, progress_by=-0.6),),
    nights=tuple(plan.WORLD_DAYS - NIGHTS + 1 + number for number in range(NIGHTS)),
    late_share=0.06,
)
CUSTOMERS, SEED = 1000, 3
SETTINGS = """
[gates.source.metrica]
freshness = { fail = "20h" }
[notify.webhook]
"""
COMMAND = "from journey_mining.cli import main; main()"
NIGHT = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from journey_mining.console_operate import tell_plainly
from journey_mining.steps import Watcher, run_line

root, dawn, dies_after = Path(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), sys.argv[3]

def die(step, _record):
    if step.name == dies_after:
        os.kill(os.getpid(), signal.SIGKILL)

run_line(root, clock=lambda: dawn, watcher=Watcher(after=die), tell=tell_plainly)
"""
NOT_ALIKE = {
    # a file that came twice is known by the name that was met first
    "loaded_file": "names of files",
    # what moved since the night before, which a rebuild does not have
    "change_split": "the night before",
    "change_cause": "the night before",
}
"""tables that a rebuild of everything makes otherwise, and what they tell of"""
KINDS = ("inbox", "raw.duckdb", "journeys.duckdb", "history", "sites")


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A project after all nights, and what came of each."""

    root: Path
    records: list[RunRecord]
    posts: list[list[dict[str, Any]]]
    """what the webhook took on each night"""
    sizes: list[dict[str, int]]
    """bytes on disk after each night, by kind"""
    shown: list[int | None]
    """number of the site that readers saw after each night"""


class Post(BaseHTTPRequestHandler):
    """Takes notices."""

    def do_POST(self) -> None:
        server: Any = self.server
        server.taken.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def posts() -> Iterator[Any]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Post)
    server.taken = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory, posts: Any) -> Month:
    place = tmp_path_factory.mktemp("month")
    write_world(place / "world", customers=CUSTOMERS, seed=SEED, scenario=WORLD)
    root = made_project(place / "project", inbox=Path("inbox"))
    settings = root / "journey.toml"
    text = settings.read_text(encoding="utf-8").replace("public_demo_key = true", 'key_file = "../key"')
    settings.write_text(text + SETTINGS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("JOURNEY_WEBHOOK_URL", f"http://127.0.0.1:{posts.server_port}/")
        patched.delenv("JOURNEY_KEY", raising=False)
        return lived(root, place / "world", posts)


def lived(root: Path, world: Path, posts: Any) -> Month:
    """All the nights."""
    told, sizes, shown = [], [], []
    for number in range(NIGHTS):
        deliver(world, root / "inbox", number)
        if number == ERASURE:
            typed("forget", "-p", str(root), "--value", an_address(world))
        if number == ROTATION:
            typed("key", "rotate", "-p", str(root))
        if number == CRASH:
            assert night(root, number, dies_after="paths").returncode == -signal.SIGKILL
        done = night(root, number)
        assert done.returncode == 0, done.stderr
        if number == ROTATION:
            typed("rollback", "-p", str(root), "--back")
        shown.append(shown_number(root))
        if number == ROTATION + 1:
            typed("rollback", "-p", str(root), "--release")
        told.append(posts.taken[:])
        posts.taken.clear()
        sizes.append({kind: size_of(root, kind) for kind in KINDS})
    return Month(root=root, records=read_runs(root), posts=told, sizes=sizes, shown=shown)


def night(root: Path, number: int, *, dies_after: str = "") -> subprocess.CompletedProcess[str]:
    """One night in a process of its own, an hour after the exports were drawn."""
    dawn = plan.moment(WORLD.nights[number]) - plan.MOSCOW_OFFSET + timedelta(hours=1)
    words = [sys.executable, "-c", NIGHT, str(root), f"{dawn.isoformat()}+00:00", dies_after]
    return subprocess.run(words, check=False, capture_output=True, text=True)


def typed(*words: str) -> None:
    subprocess.run([sys.executable, "-c", COMMAND, *words], check=True, capture_output=True)


def deliver(world: Path, inbox: Path, number: int) -> None:
    """Put the exports of a night into the inbox, and those that come late with it."""
    for path in sorted((world / f"delivery_{number + 1}").rglob("*.*")):
        is_late = (number, path.parent.name) in ((SILENT, "metrica"), (LATE, "zendesk"))
        if not is_late and has_rows(path):
            put(path, inbox, has_new_column=number == DRIFT and path.parent.name == "metrica")
    for late, source, comes in ((SILENT, "metrica", SILENT + 1), (LATE, "zendesk", NIGHTS - 1)):
        if number == comes:
            for path in (world / f"delivery_{late + 1}" / source).iterdir():
                put(path, inbox)
    if number == NIGHTS - 1:
        hits = min((inbox / "metrica").iterdir())
        shutil.copyfile(hits, hits.with_name("hits_2026-09_again.tsv.gz"))


def has_rows(path: Path) -> bool:
    """Nobody exports a table of headings alone."""
    return path.suffix != ".csv" or path.read_bytes().strip().count(b"\n") > 0


def put(path: Path, inbox: Path, *, has_new_column: bool = False) -> None:
    place = inbox / path.parent.name / path.name
    place.parent.mkdir(parents=True, exist_ok=True)
    if not has_new_column:
        shutil.copyfile(path, place)
        return
    heading, *lines = gzip.decompress(path.read_bytes()).decode().splitlines()
    wider = [f"{heading}\tym:pv:experiment", *(f"{line}\tnew" for line in lines), ""]
    place.write_bytes(gzip.compress("\n".join(wider).encode(), mtime=0))


def an_address(world: Path) -> str:
    """The address of somebody in the CRM of the first night."""
    path = next((world / "delivery_1" / "bitrix24").glob("contacts*.csv"))
    rows = csv.reader(path.read_text(encoding="cp1251").splitlines(), delimiter=";")
    return next(cell for row in rows for cell in row if "@" in cell and "oblako" not in cell and "," not in cell)


def size_of(root: Path, kind: str) -> int:
    place = root / kind if kind in ("inbox", "sites") else root / "warehouse" / kind
    paths = [place] if place.is_file() else place.rglob("*")
    return sum(path.stat().st_size for path in paths if path.is_file())


@pytest.fixture(scope="module")
def anew(month: Month, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One rebuild of everything that was delivered, with the memory of the nights and nothing else of them."""
    root = tmp_path_factory.mktemp("anew") / "project"
    shutil.copytree(month.root, root, symlinks=True, ignore=shutil.ignore_patterns("warehouse", "site", "sites"))
    shutil.copytree(month.root / "warehouse" / "history", root / "warehouse" / "history")
    shutil.copyfile(month.root.parent / "key", root.parent / "key")
    (root.parent / "key").chmod(0o600)
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("JOURNEY_KEY", raising=False)
        patched.delenv("JOURNEY_WEBHOOK_URL", raising=False)
        done = night(root, NIGHTS - 1)
    assert done.returncode == 0, done.stderr
    return root


def tables(root: Path) -> dict[str, str]:
    """The rows of every published table."""
    with DuckDBWarehouse(load_project(root).warehouse_file, read_only=True) as warehouse:
        return {
            name: repr(warehouse.read_arrow(name, order_by=warehouse.columns(name)).to_pydict())
            for name in sorted(warehouse.tables())
        }


def pages(root: Path) -> dict[str, str]:
    """The files of the site, without the block of every page that tells of seconds."""
    site = (root / "site").resolve()
    found = {}
    for path in sorted(site.rglob("*")):
        if path.is_file() and path.name != "status.js":
            text = path.read_bytes().decode("utf-8", errors="replace")
            found[path.relative_to(site).as_posix()] = re.sub(r"(?s)<!-- stamp -->.*?<!-- /stamp -->", "", text)
    return found


def differing(ours: dict[str, str], others: dict[str, str]) -> set[str]:
    return {name for name in ours.keys() | others.keys() if ours.get(name) != others.get(name)}


def test_all_nights_end_where_one_rebuild_ends(month: Month, anew: Path) -> None:
    assert differing(tables(month.root), tables(anew)) <= set(NOT_ALIKE)


def test_the_site_of_all_nights_is_that_of_one_rebuild(month: Month, anew: Path) -> None:
    assert {re.sub(r"^(ru|en)/", "", name) for name in differing(pages(month.root), pages(anew))} <= {
        "trends.html",
        "csv/moved.csv",
        "data.html",
    }


def test_every_night_ends_well(month: Month) -> None:
    assert [record.status for record in month.records] == [PUBLISHED] * NIGHTS


def test_people_are_told_of_what_was_planted_once_and_of_nothing_else(month: Month) -> None:
    notices = [notice for bodies in month.posts for body in bodies for notice in body["notices"]]
    assert sorted((notice["kind"], "metrica" in notice["text"]) for notice in notices) == [
        ("alarm", False),
        ("gate", True),
    ]
    lines = [json.loads(line) for line in (month.root / "warehouse" / "notices.jsonl").read_text().splitlines()]
    assert sorted((line["key"], line["state"]) for line in lines) == [
        ("alarm|personal|decision|progress_down", "sent"),
        ("gate|metrica/freshness|GATE_FAIL", "over"),
        ("gate|metrica/freshness|GATE_FAIL", "sent"),
    ]


def test_alarms_are_muted_on_the_night_on_which_a_source_is_red_and_on_no_other(month: Month) -> None:
    muted = [
        number
        for number, record in enumerate(month.records)
        if "ALARMS_MUTED" in {problem.code for problem in record.problems}
    ]
    assert muted == [SILENT]


def test_a_new_column_is_told_on_its_night_and_its_file_is_taken(month: Month) -> None:
    assert [
        number
        for number, record in enumerate(month.records)
        if "SCHEMA_DRIFT" in {problem.code for problem in record.problems}
    ] == [DRIFT]
    assert {record.steps[0].counts["files_rejected"] for record in month.records} == {0}


def test_an_earlier_site_is_shown_from_one_night_to_the_next_across_a_new_key(month: Month) -> None:
    newest = list(range(1, NIGHTS + 1))
    assert month.shown == [
        number - 1 if place == ROTATION else number - 2 if place == ROTATION + 1 else number
        for place, number in enumerate(newest)
    ]
    assert shown_number(month.root) == NIGHTS


def test_only_the_newest_sites_are_kept_and_none_of_before_the_erasure(month: Month) -> None:
    kept = sorted(int(path.stem) for path in (month.root / "sites").glob("*.json"))
    most = load_project(month.root).settings.run.keep_sites
    assert kept == list(range(max(ERASURE, NIGHTS - most) + 1, NIGHTS + 1))


def test_what_nights_leave_beside_the_exports_does_not_pile_up(month: Month) -> None:
    # a night more is a line in the books and a small file in the memory; the rest is replaced
    first, last = month.sizes[0], month.sizes[-1]
    most = load_project(month.root).settings.run.keep_sites
    assert last["journeys.duckdb"] < 2 * first["journeys.duckdb"]
    assert last["sites"] < (most + 1) * 2 * first["sites"]
    assert last["history"] - first["history"] < NIGHTS * 100_000
    for kind in KINDS:
        grown = (last[kind] - first[kind]) / max(NIGHTS - 1, 1) / 1000
        sys.stdout.write(f"{kind}: {first[kind] / 1e6:.1f} MB, {last[kind] / 1e6:.1f} MB, {grown:.0f} kB a night\n")
