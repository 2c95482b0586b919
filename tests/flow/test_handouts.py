"""`journey export` on the sample, as its page in the docs shows it, read back by other programs."""

from __future__ import annotations

import re
import shutil
import warnings
from pathlib import Path

import pandas as pd
import pm4py
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from journey_mining.cli import app
from journey_mining.handouts.chromium import NAMES

ROOT = Path(__file__).resolve().parents[2]
SHOWN = (ROOT / "docs" / "export.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^journey (export .+)$", SHOWN, re.MULTILINE)
pytestmark = pytest.mark.slow


def run(*words: str) -> str:
    done = CliRunner().invoke(app, list(words), catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_of_the_docs_does_what_it_says(
    example: str, sample_project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if re.search("pdf|png|svg", example) and not any(map(shutil.which, NAMES)):
        pytest.skip("There is no Chromium on this machine.")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my-project").symlink_to(sample_project, target_is_directory=True)
    told = run(*example.split())
    for path in re.findall(r"^  (\S+): [\d.]+ [kM]B$", told, re.MULTILINE):
        assert Path(path).stat().st_size > 500
    shutil.rmtree(sample_project / "exports", ignore_errors=True)  # the project is everybody's


def test_logs_are_read_by_a_miner_and_hold_one_segment(sample_project: Path, tmp_path: Path) -> None:
    told = run(
        "export", "-p", str(sample_project), "--segment", "corp", "-f", "xes", "-f", "ocel", "--out", str(tmp_path)
    )
    assert "the way of one person" in told
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the reader's own
        flat = pm4py.read_xes(str(tmp_path / "corp.xes"))
        objects = pm4py.read_ocel2_json(str(tmp_path / "corp.ocel.json"))
    assert set(flat["case:segment"]) == {"corp"}
    assert len(objects.events) == len(flat)


def test_tables_agree_with_each_other_and_with_the_site(sample_project: Path, tmp_path: Path) -> None:
    run("export", "-p", str(sample_project), "--segment", "smb", "-f", "csv", "-f", "parquet", "--out", str(tmp_path))
    page = pd.read_csv(sample_project / "site" / "en" / "segments" / "smb" / "csv" / "stages.csv")
    taken = pd.read_csv(tmp_path / "csv" / "en" / "segments" / "smb" / "stages.csv")
    pd.testing.assert_frame_equal(taken.drop(columns="as_of"), page)
    typed = pq.read_table(tmp_path / "parquet" / "segments" / "smb" / "stages.parquet").to_pandas()
    assert typed["drop_off"].tolist() == pytest.approx(page["Drop-off"].tolist(), rel=1e-5)


def test_an_option_before_a_command_is_not_lost_in_silence(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["export", "-p", str(tmp_path), "list"])
    assert done.exit_code == 2
    assert "stand after its name" in done.output
