"""The benchmark of loading on a few kilobytes: all contenders find the same rows. Never a time."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[3] / "benchmarks" / "loading"
SMOKE = """
import sys
from pathlib import Path
from contenders import CONTENDERS
from exports import write_export

folder, kind = Path(sys.argv[1]), sys.argv[2]
count = write_export(folder / "visits", kind, 0.05)
found = []
for name, read in CONTENDERS.items():
    (folder / name).mkdir()
    found.append(read(folder / "visits", kind, folder / name)())
assert found[0][0] == count
assert found == [found[0]] * 3, found
"""


@pytest.mark.parametrize("kind", ["csv", "ndjson"])
def test_all_contenders_find_the_same_rows(kind: str, tmp_path: Path) -> None:
    command = [sys.executable, "-W", "ignore", "-c", SMOKE, str(tmp_path), kind]
    done = subprocess.run(command, check=False, capture_output=True, text=True, cwd=FOLDER)
    assert (done.returncode, done.stderr) == (0, "")
