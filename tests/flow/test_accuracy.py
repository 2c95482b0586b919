"""The measuring itself: a small world goes through it, and what it records and writes can be trusted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT / "tools") not in sys.path:
    sys.path.insert(0, str(ROOT / "tools"))

from accuracy import page, record  # noqa: E402 - tools are no package of the product
from accuracy.hidden import strings_in  # noqa: E402
from accuracy.mood import sampled_contrast  # noqa: E402
from accuracy.record import Finding, World  # noqa: E402
from accuracy.rows import jensen_shannon  # noqa: E402
from accuracy.voice_truth import calibration_error  # noqa: E402

WORLD = World("default", 1, 500)
CODE = "0123456789ab"


def finding(*, hit: bool | None = True, **changes: object) -> Finding:
    values = {"claim": "S1", "measure": "share lost", "planted": 0.3, "found": 0.31, "tolerance": "3 SE", **changes}
    return Finding(hit=hit, **values)


def rows(*findings: Finding, world: World = WORLD):
    return record.merged([], world, list(findings), CODE)


def test_measuring_a_world_again_replaces_its_rows():
    first = rows(finding(found=0.2), finding(measure="gone"))
    assert [row["found"] for row in record.merged(first, WORLD, [finding()], CODE)] == [0.31]


def test_the_order_of_measuring_leaves_no_mark():
    other = World("null", 2, 500)
    one = record.merged(rows(finding()), other, [finding()], CODE)
    two = record.merged(rows(finding(), world=other), WORLD, [finding()], CODE)
    assert one == two


def test_a_world_whose_run_failed_is_measured_again():
    assert record.measured(rows(finding(claim="run", hit=False)), CODE) == set()
    assert record.measured(rows(finding()), CODE) == {WORLD.key}


def test_a_world_measured_with_other_code_is_measured_again_and_shown_as_such():
    old = rows(finding())
    both = record.merged(old, World("null", 1, 500), [finding()], "ba9876543210")
    assert record.measured(old, "ba9876543210") == set()
    assert "**not all with the same code**" in page.text(both)


def test_what_is_written_is_read_back(tmp_path):
    record.write(tmp_path / "results.json", rows(finding()))
    assert record.read(tmp_path / "results.json") == rows(finding())


def test_a_miss_stands_on_the_page_as_a_miss():
    text = page.text(rows(finding(), finding(measure="another", hit=False, note="why")))
    assert "1 of 2 judged numbers are misses." in text
    assert "| S1 | another | default 1 (500) | 0.3 | 0.31 | 3 SE | why |" in text


def test_what_was_not_measured_is_no_hit():
    text = page.text(rows(record.not_measured("S5", "effect", "no such table")))
    assert "| effect | default | | not measured | | no such table | |" in text
    assert "0 of 0 judged numbers are misses." in text


def test_shortcuts_are_set_apart_and_not_judged():
    text = page.text(rows(finding(), finding(hit=None, method="closed only", found=0.5)))
    assert "| *share lost: closed only* |" in text
    assert "0 of 1 judged numbers are misses." in text


def test_the_budget_of_null_worlds_is_counted_over_worlds():
    name = "a world with any finding"
    many = [
        rows(finding(claim="null", measure=name, found=float(no == 0)), world=World("null", no, 9)) for no in range(5)
    ]
    assert "1 of 5 worlds hold a finding: **above** the budget of 10 %." in page.text(
        [row for own in many for row in own]
    )


@pytest.mark.parametrize(
    ("cells", "found", "verdict"),
    [
        (20, 1.0, "too few cells yet"),
        (40, 0.5, "**outside**"),
        (400, 0.95, "within 92..98 %"),
        (400, 0.9, "**outside** 92..98 %"),
    ],
)
def test_coverage_is_judged_once_there_are_enough_cells(cells, found, verdict):
    measure = "share of intervals that hold the truth"
    assert verdict in page.text(rows(finding(hit=None, measure=measure, found=found, n=cells)))


def test_coverage_of_every_kind_of_interval_stands_in_a_line_of_its_own():
    kind = "all customers: "
    held = {"claim": "S6", "hit": None, "measure": f"{kind}share of intervals that hold the truth", "n": 200}
    lean = {"claim": "S6", "hit": None, "measure": f"{kind}mean error over cells", "n": 200}
    text = page.text(
        rows(
            finding(**held, found=0.9, note="n is cells of 30 answers"),
            finding(**lean, found=0.02),
            finding(**lean, found=0.5, method="mean of the answers"),
        )
    )
    assert "all customers: 180 of 200 intervals of cells of 30 answers hold the truth (90.0%); **outside**" in text
    assert "all customers: mean error +0.0200 over these cells; within .03." in text


def test_few_cells_are_enough_where_every_world_is_off_on_the_same_side():
    measure = {"claim": "S6", "hit": None, "n": 13}
    held = finding(**measure, measure="all customers: share of intervals that hold the truth", found=0.9)
    lean = finding(**measure, measure="all customers: mean error over cells", found=-0.1)
    own = [rows(held, lean, world=World("silent", seed, 9)) for seed in (1, 2, 3)]
    text = page.text([row for world in own for row in world])
    assert "all customers: mean error -0.1000 over these cells; **outside** .03." in text
    assert "too few cells yet to be judged against .03" in page.text(own[0] + own[1])


def test_intervals_that_could_not_be_had_are_no_coverage():
    measure = "all customers: share of intervals that hold the truth"
    text = page.text(rows(record.not_measured("S6", measure, "too few answers")))
    assert f"| {measure} | default | | not measured | | too few answers | |" in text


def test_what_chance_makes_of_contrasts_is_what_a_simulation_makes_of_them():
    rng = np.random.Generator(np.random.PCG64(2))
    errors = np.array([0.02, 0.05, 0.05, 0.1, 0.2])
    drawn = rng.standard_normal((20_000, 5)) * errors
    contrasts = np.abs(drawn - drawn.mean(axis=1, keepdims=True)).mean()
    assert sampled_contrast(errors) == pytest.approx(contrasts, rel=0.01)


def test_labels_as_sure_as_they_are_right_have_no_calibration_error():
    sure, right = np.repeat([0.8, 0.6], [10, 5]), np.array([True] * 8 + [False] * 2 + [True] * 3 + [False] * 2)
    assert calibration_error(sure, right) == pytest.approx(0)
    assert calibration_error(sure, np.ones(15, dtype=bool)) == pytest.approx((10 * 0.2 + 5 * 0.4) / 15)


def test_distance_of_rows_is_none_for_the_same_and_one_for_strangers():
    assert jensen_shannon({"a": 3, "b": 1}, {"a": 30, "b": 10}) == pytest.approx(0)
    assert jensen_shannon({"a": 3}, {"b": 3}) == pytest.approx(1)


def test_strings_are_found_wherever_they_stand_and_only_whole():
    assert strings_in("<b>+7 900 000-00-01</b>, anna@a.example", ["anna@a.example", "bob@b.example"]) == {
        "anna@a.example"
    }
    assert strings_in("anna@a.exam", ["anna@a.example"]) == set()
    assert strings_in("anything", []) == set()


@pytest.mark.slow
def test_a_small_world_is_measured_and_recovered(tmp_path):
    out = tmp_path / "results.json"
    command = [sys.executable, "-m", "accuracy", "--quick", "--out", str(out)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "tools")}
    subprocess.run(command, check=True, env=environment, timeout=300, capture_output=True)
    found = json.loads(out.read_text("utf-8"))["rows"]
    missed = {(row["claim"], row["measure"]) for row in found if row["hit"] is False}
    # of a world this small only what is exact, or wide enough, can be asked
    asked = {"run", "S1", "S2", "S7", "S9", "S10"}
    assert {claim for claim, _ in missed} & asked == set(), missed
    assert {row["claim"] for row in found} >= asked
    assert (tmp_path / "accuracy.md").read_text("utf-8").startswith("# Accuracy")
