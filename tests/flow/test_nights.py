"""Nights: idempotent, atomic, honest about failure; the Prefect flow is the same line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from journey_mining.errors import JourneyMiningError, ProjectLockedError
from journey_mining.runs import FAILED, PUBLISHED, UNCHANGED, project_lock, read_runs
from journey_mining.steps import STEPS, Night, Step, run_line

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]


def published_bytes(root: Path) -> dict[str, bytes]:
    """Everything under site/ but the status of the last run."""
    return {
        p.relative_to(root).as_posix(): p.read_bytes()
        for p in sorted((root / "site").rglob("*"))
        if p.is_file() and p.name != "status.js"
    }


def flow(root: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "pipelines" / "nightly.py"), "--project", str(root)],
        capture_output=True,
        text=True,
        check=False,
        cwd=root,
    )


def test_a_second_night_without_news_changes_nothing(small_project: Path) -> None:
    first = run_line(small_project)
    before = published_bytes(small_project)
    second = run_line(small_project)
    assert (first.status, second.status) == (PUBLISHED, UNCHANGED)
    assert published_bytes(small_project) == before


def test_a_failed_night_leaves_the_last_good_site_and_says_so(small_project: Path) -> None:
    run_line(small_project)
    before = published_bytes(small_project)

    def failing(step: Step, night: Night) -> object:
        if step.name == "scores":
            raise JourneyMiningError("Scores failed.", expected="no fault.", todo="Nothing.", code="SCORES_TEST")
        return step.run(night)

    with pytest.raises(JourneyMiningError, match="Scores failed"):
        run_line(small_project, perform=failing, force=True)  # type: ignore[arg-type]
    assert published_bytes(small_project) == before
    assert "SCORES_TEST" in (small_project / "site" / "status.js").read_text(encoding="utf-8")
    assert read_runs(small_project)[-1].status == FAILED


def test_two_runs_at_once_are_refused(small_project: Path) -> None:
    with project_lock(small_project), pytest.raises(ProjectLockedError, match="one run of a project"):
        run_line(small_project)


def test_the_flow_publishes_and_then_says_that_nothing_changed(small_project: Path) -> None:
    first, second = flow(small_project), flow(small_project)
    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert [f"  {step.name} " in first.stdout for step in STEPS] == [True] * len(STEPS)
    assert "Open file://" in first.stdout
    assert "Nothing changed" in second.stdout


def test_the_flow_exits_non_zero_when_the_run_fails(small_project: Path) -> None:
    stages = small_project / "stages.toml"
    stages.write_text(stages.read_text(encoding="utf-8") + "\n[[oops]]\n", encoding="utf-8")
    result = flow(small_project)
    assert result.returncode == 1
    assert "oops" in result.stderr
