"""The committed sample is what the code writes today, small enough, and large enough to prove something."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from journey_mining.simulation import write_world

SAMPLE = Path(__file__).parents[3] / "data" / "sample"
WORLD_FILES = "*/*.*"


def unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


@pytest.fixture(scope="module")
def planted():
    return json.loads((SAMPLE / "answer_key" / "planted.json").read_text("utf-8"))


def test_the_sample_stays_under_six_megabytes():
    assert sum(path.stat().st_size for path in SAMPLE.rglob("*") if path.is_file()) < 6_000_000


def test_enough_cells_are_large_enough_to_be_judged(planted):
    assert planted["cells_with_300_entries"] >= 12
    assert planted["entries_in_window"]["smb"]["decision"] >= 300


def test_about_four_percent_of_hits_are_on_unknown_pages(planted):
    assert planted["unmapped_share_of_hits"] == pytest.approx(0.04, abs=0.005)


def test_the_window_cuts_journeys_at_both_ends(planted):
    assert planted["left_truncated"] > 100
    assert planted["open_at_end"] > 100


@pytest.mark.slow
def test_the_committed_sample_is_what_the_code_writes(tmp_path):
    write_world(tmp_path, customers=5000, seed=7)
    written = {path.relative_to(tmp_path): unpacked(path) for path in tmp_path.glob(WORLD_FILES)}
    assert written == {path.relative_to(SAMPLE): unpacked(path) for path in SAMPLE.glob(WORLD_FILES)}
