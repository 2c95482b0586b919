"""Faults of the machine around a night, each with real processes: what readers see, what is lost, what is said.

`JOURNEY_KILLS=50 pytest tests/flow/test_faults.py` kills at every boundary and at random moments as well.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from journey_mining.cli import app
from journey_mining.project import load_project
from journey_mining.publishing import published_mark
from journey_mining.runs import FAILED, read_runs
from journey_mining.sources import load_status
from journey_mining.steps import STEPS, run_line

pytestmark = pytest.mark.slow
KILLS = int(os.environ.get("JOURNEY_KILLS", "0"))
BOUNDARIES = [step.name for step in STEPS] if KILLS else ["event", "site"]
COMMAND = "from journey_mining.cli import main; main()"
DIES_AFTER = """
import os, signal, sys
from pathlib import Path
from journey_mining.steps import Watcher, run_line

def die(step, _record):
    if step.name == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

run_line(Path(sys.argv[1]), watcher=Watcher(after=die))
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, small_world: Path) -> Path:
    """A project with a good night behind it and a changed setting, so that the next night builds."""
    from conftest import made_project

    root = made_project(tmp_path_factory.mktemp("published") / "project", inbox=Path("inbox"))
    for system in ("bitrix24", "metrica", "zendesk", "survey"):
        shutil.copytree(small_world / system, root / "inbox" / system)
    run_line(root)
    changed(root, 'silence = "30d"', 'silence = "31d"')
    return root


@pytest.fixture
def project(published: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(published, tmp_path / "project", symlinks=True))


def changed(root: Path, old: str, new: str) -> None:
    settings = root / "journey.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def readable(root: Path) -> dict[str, bytes]:
    """All that readers can see, but what is said of the last run."""
    pages = {p.as_posix(): p.read_bytes() for p in (root / "site").rglob("*") if p.is_file() and p.name != "status.js"}
    return pages | {"tables": (root / "warehouse" / "journeys.duckdb").read_bytes()}


def ran(root: Path, *prefix: str) -> subprocess.CompletedProcess[str]:
    command = [*prefix, sys.executable, "-c", COMMAND, "run", str(root)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


def is_up_to_date(root: Path) -> bool:
    """Whether tables and pages are of one night, and the night before last is over."""
    return published_mark(load_project(root)) is not None and run_line(root).status == "unchanged"


@pytest.mark.parametrize("step", BOUNDARIES)
def test_a_night_killed_between_two_steps_shows_the_last_good_one(project: Path, step: str) -> None:
    before = readable(project)
    done = subprocess.run([sys.executable, "-c", DIES_AFTER, str(project), step], check=False, capture_output=True)
    assert done.returncode == -signal.SIGKILL
    assert readable(project) == before


@pytest.mark.skipif(not KILLS, reason="part of `make torture`")
@pytest.mark.parametrize("seed", range(KILLS))
def test_a_night_killed_at_a_random_moment_is_made_up_for(project: Path, seed: int) -> None:
    run = subprocess.Popen([sys.executable, "-c", COMMAND, "run", str(project)], stdout=subprocess.DEVNULL)
    time.sleep(random.Random(seed).uniform(0, 25))
    run.kill()
    run.wait()
    assert ran(project).returncode == 0
    assert is_up_to_date(project)


def test_a_full_disk_is_said_and_changes_nothing_that_readers_see(project: Path) -> None:
    before = readable(project)
    full = ran(project, "bash", "-c", 'ulimit -f 3000; exec "$@"', "-")
    assert full.returncode == 1
    assert "STORAGE: The disk of" in full.stderr
    assert "Traceback" not in full.stderr
    assert readable(project) == before
    assert read_runs(project)[-1].error_code == "STORAGE"
    assert "STORAGE" in (project / "site" / "status.js").read_text(encoding="utf-8")


def test_a_folder_that_may_not_be_written_is_said_and_changes_nothing(project: Path) -> None:
    before = readable(project)
    locked = ran(project, *write_protected(project / "warehouse"))
    assert locked.returncode == 1
    assert "STORAGE: The disk of" in locked.stderr
    assert "Traceback" not in locked.stderr
    assert readable(project) == before


def write_protected(folder: Path) -> list[str]:
    """What to put before a command so that it cannot write into the folder."""
    if os.geteuid():
        folder.chmod(0o500)
        return []
    # rights mean nothing to root: a read-only mount does
    mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    if subprocess.run(["unshare", "-m", "true"], check=False, capture_output=True).returncode:  # noqa: S607
        pytest.skip("neither rights nor mounts can protect a folder here")
    return ["unshare", "-m", "bash", "-c", mount, str(folder)]


def test_of_two_nights_at_once_one_goes_on_and_the_other_says_so(project: Path) -> None:
    command = [sys.executable, "-c", COMMAND, "run", str(project)]
    pair = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    ends = [(one.communicate(timeout=300)[1], one.returncode) for one in pair]
    assert sorted(code for _, code in ends) == [0, 1]
    assert "PROJECT_LOCKED: Another run holds the project" in "".join(said for said, _ in ends)
    assert [run.status for run in read_runs(project)] == ["published", "published"]


def test_a_clock_that_goes_back_is_said_and_the_newest_night_stays_the_newest(project: Path) -> None:
    past = datetime.now(UTC) - timedelta(days=400)
    record = run_line(project, clock=lambda: past)
    assert "CLOCK_BACK" in {problem.code for problem in record.problems}
    assert is_up_to_date(project)


def test_a_source_three_days_late_is_said_where_nothing_else_is_new(project: Path) -> None:
    run_line(project)
    freshest = max(status.fresh_until for status in load_status(load_project(project)) if status.fresh_until)
    with (project / "journey.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[gates]\nfreshness = { warn = "2d", fail = "3000d" }\n')
    run_line(project)
    now = freshest.replace(tzinfo=UTC) + timedelta(days=3, hours=1)
    record = run_line(project, clock=lambda: max(now, datetime.now(UTC)))
    assert record.status == "unchanged"
    assert "zendesk/freshness" in {problem.where for problem in record.problems if problem.code == "GATE_WARN"}
    assert "zendesk" in (project / "site" / "status.js").read_text(encoding="utf-8")


def test_a_night_that_fails_is_told_on_the_pages_of_the_last_good_one(project: Path) -> None:
    (project / "stages.toml").write_text("[[oops]]\n", encoding="utf-8")
    before = readable(project)
    assert ran(project).returncode == 1
    assert readable(project) == before
    assert read_runs(project)[-1].status == FAILED


@pytest.mark.skipif(not KILLS, reason="part of `make torture`")
def test_an_inbox_of_ten_thousand_files_is_taken_in_one_night(project: Path) -> None:
    hits = min((project / "inbox" / "metrica").glob("*.gz"))
    for number in range(10_000):
        # a copy is known by its content; what costs is to look at each
        shutil.copyfile(hits, hits.with_name(f"hits_copy_{number:05d}.tsv.gz"))
    assert ran(project).returncode == 0
    assert is_up_to_date(project)


def test_going_back_and_forth_between_nights(project: Path) -> None:
    first = readable(project)["tables"]
    run_line(project)
    page = (project / "site" / "index.html").resolve()
    typed = CliRunner().invoke(app, ["rollback", "-p", str(project), "--back"])
    assert "shown, held by hand" in typed.output
    assert "held" in (project / "site" / "status.js").read_text(encoding="utf-8")
    assert (project / "site" / "index.html").resolve() != page
    CliRunner().invoke(app, ["rollback", "-p", str(project), "--release"])
    assert (project / "site" / "index.html").resolve() == page
    assert readable(project)["tables"] != first
