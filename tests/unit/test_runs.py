from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from journey_mining.costs import Costs
from journey_mining.project import Project, init_project, load_project
from journey_mining.report import StepReport
from journey_mining.runs import RunRecord, append_run, fingerprint, last_published, read_runs, runs_file, stepped


@pytest.fixture
def project(tmp_path: Path) -> Project:
    init_project(tmp_path / "p", template="b2b", sources=(), catalog=tmp_path)
    return load_project(tmp_path / "p")


def record(run_id: str, status: str = "published") -> RunRecord:
    return RunRecord(
        run_id=run_id,
        version="1",
        status=status,
        started_at="2026-05-04T12:00:00+00:00",
        finished_at="",
        fingerprint="f",
        steps=(),
        problems=(),
    )


def test_a_torn_line_costs_only_itself(project: Project) -> None:
    append_run(project.root, record("a"))
    with runs_file(project.root).open("a", encoding="utf-8") as lines:
        lines.write('{"run_id": "half')
    append_run(project.root, record("b"))
    assert [run.run_id for run in read_runs(project.root)] == ["a", "b"]


def test_a_record_of_a_newer_version_can_be_read(project: Project) -> None:
    newer = {**asdict(record("a")), "mood": "sunny"}
    runs_file(project.root).write_text(json.dumps(newer) + "\n[]\n{}\n", encoding="utf-8")
    assert [run.run_id for run in read_runs(project.root)] == ["a"]


def test_steps_are_recorded_with_their_costs_and_older_ones_are_read_without(project: Project) -> None:
    costs = Costs(seconds=2.00049, cpu_seconds=1.5, peak_mb=None)
    step = stepped("paths", costs, StepReport(counts={"path_graph": 3}))
    append_run(project.root, replace(record("b"), steps=(step,)))
    older = {**asdict(record("a")), "steps": [{"name": "paths", "seconds": 1.0, "counts": {}}]}
    with runs_file(project.root).open("a", encoding="utf-8") as lines:
        lines.write(json.dumps(older) + "\n")
    new, old = [run.steps[0] for run in read_runs(project.root)]
    assert (new.seconds, new.cpu_seconds, new.peak_mb, new.counts) == (2.0, 1.5, None, {"path_graph": 3})
    assert (old.seconds, old.cpu_seconds, old.peak_mb) == (1.0, None, None)


def test_the_last_published_run_is_not_the_last_run(project: Project) -> None:
    for one in (record("a"), record("b"), record("c", "failed"), record("d", "unchanged")):
        append_run(project.root, one)
    published = last_published(project.root)
    assert published is not None
    assert published.run_id == "b"


def test_the_fingerprint_changes_with_the_key_the_inputs_and_every_file_of_the_user(project: Project) -> None:
    first = fingerprint(project, inputs=["x"], key=b"k")
    seen = {first, fingerprint(project, inputs=["y"], key=b"k"), fingerprint(project, inputs=["x"], key=b"other")}
    (project.root / "knowledge" / "actions.toml").write_text("", encoding="utf-8")
    seen.add(fingerprint(project, inputs=["x"], key=b"k"))
    assert len(seen) == 4
