from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("pandas", "numpy", "pyarrow", "duckdb", "pm4py", "prefect", "plotly", "scipy")


def loaded_by(code: str) -> list[str]:
    """Which of the heavy packages a fresh process has after running `code`."""
    asked = f"import sys\n{code}\nprint([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True)
    found: list[str] = eval(done.stdout.splitlines()[-1])  # noqa: S307 - our own list
    return found


@pytest.mark.parametrize("words", [["--help"], ["run", "--help"]])
def test_help_loads_no_heavy_package(words) -> None:
    code = f"from typer.testing import CliRunner\nfrom journey_mining.cli import app\nCliRunner().invoke(app, {words})"
    assert loaded_by(code) == []


def test_the_warehouse_opens_without_frames() -> None:
    code = "from journey_mining.warehouse import DuckDBWarehouse\nDuckDBWarehouse().execute('select 1')"
    assert "pandas" not in loaded_by(code)
