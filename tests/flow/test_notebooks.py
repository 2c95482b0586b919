"""The notebooks run from top to bottom, and what is stored in them is what they print and draw today."""

from __future__ import annotations

import base64
import os
import sys
from pathlib import Path

import nbformat
import pytest

from journey_mining.errors import NotFoundError
from journey_mining.handouts.chromium import found_chromium

ROOT = Path(__file__).resolve().parents[2]
if str(ROOT / "tools") not in sys.path:
    sys.path.insert(0, str(ROOT / "tools"))

from notebook_outputs import drawing  # noqa: E402 - tools are no package of the product
from notebook_outputs.executing import DIGEST, code_cells, differences, executed, words_of  # noqa: E402

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning")]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
LARGEST = 400_000
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def outputs(path: Path) -> list[nbformat.NotebookNode]:
    return [output for cell in code_cells(nbformat.read(path, as_version=4)) for output in cell.outputs]


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A notebook of our own that prints what differs from run to run, and draws."""
    cells = [
        'import tempfile, sys\nprint(tempfile.mkdtemp() + "/a.txt", "  load       23.9 s  12 rows")',
        "import plotly.graph_objects as go\ngo.Figure(go.Bar(y=[1, 2, 0.1 + 0.2]), layout={'height': 200})",
    ]
    path = tmp_path / "own.ipynb"
    code = [nbformat.v4.new_code_cell(cell) for cell in cells]
    nbformat.write(nbformat.v4.new_notebook(cells=code), path)
    return path


@each_notebook
def test_a_notebook_says_what_is_stored_in_it(path: Path, sample_project: Path) -> None:
    assert differences(nbformat.read(path, as_version=4), executed(path, sample_project)) == []


@each_notebook
def test_a_notebook_is_stored_with_its_outputs_and_without_the_place_it_ran_in(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.encode()) < LARGEST
    assert [word for word in ("/tmp", "/home", "/work", "/root", "/Users") if word in text] == []  # noqa: S108
    assert any(output.output_type != "error" for output in outputs(path))
    assert [output.ename for output in outputs(path) if output.output_type == "error"] == []


@each_notebook
def test_every_stored_figure_is_a_picture(path: Path) -> None:
    figures = [output for output in outputs(path) if DIGEST in output.get("metadata", {})]
    heads = {base64.b64decode(figure.data[drawing.PICTURE])[:8] for figure in figures}
    assert heads <= {b"\x89PNG\r\n\x1a\n"}


def test_the_notebooks_are_the_set_that_the_readme_names() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in NOTEBOOKS if f"notebooks/{path.name}" not in readme] == []
    assert len(NOTEBOOKS) == 4


def test_what_differs_from_run_to_run_is_not_stored(written: Path, tmp_path: Path) -> None:
    first = executed(written, tmp_path)
    assert first.cells[0].outputs[0].text == "…/a.txt   load … s  12 rows\n"
    changed = nbformat.read(written, as_version=4)
    changed.cells[1].source = changed.cells[1].source.replace("[1, 2,", "[1, 3,")
    changed.cells[1].outputs = first.cells[1].outputs
    nbformat.write(changed, written)
    second = executed(written, tmp_path)
    assert words_of(second.cells[0]) == words_of(first.cells[0])
    told = differences(first, second)
    assert len(told) == 1
    assert told[0].startswith("import plotly")


def test_a_picture_is_drawn_once_for_a_figure(written: Path, tmp_path: Path) -> None:
    needs_chromium()
    first = drawing.drawn(executed(written, tmp_path), nbformat.read(written, as_version=4))
    picture = base64.b64decode(first.cells[1].outputs[0].data[drawing.PICTURE])
    width, height = (int.from_bytes(picture[at : at + 4]) for at in (16, 20))
    assert (width, height) == (drawing.WIDTH * drawing.SHARP, 200 * drawing.SHARP)
    first.cells[1].outputs[0].data[drawing.PICTURE] = "kept"
    again = drawing.drawn(executed(written, tmp_path), first)
    assert again.cells[1].outputs[0].data[drawing.PICTURE] == "kept"


def needs_chromium() -> None:
    try:
        found_chromium()
    except NotFoundError:
        if os.environ.get("CI_REQUIRE_BROWSER") == "1":
            pytest.fail("There is no Chromium on this machine, and CI_REQUIRE_BROWSER=1 asks for one.")
        pytest.skip(
            "There is no Chromium on this machine, so no picture is drawn; figures are compared by their numbers."
        )
