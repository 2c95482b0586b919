"""Execute the notebooks and write what they show, or say which are not current."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import nbformat

from journey_mining.project import init_project
from journey_mining.sources import catalog_dir
from journey_mining.sources.workbench.adopting import DEMO_SOURCES
from journey_mining.steps import run_line
from notebook_outputs.drawing import drawn
from notebook_outputs.executing import differences, executed

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = ROOT / "notebooks"


def sample_project(root: Path) -> Path:
    """A project run on data/sample, as `make demo` makes it."""
    inbox = (ROOT / "data" / "sample").as_posix()
    init_project(root, template="it_services", sources=DEMO_SOURCES, catalog=catalog_dir(), inbox=inbox, demo=True)
    run_line(root)
    return root


def main() -> int:
    """Write, or with --check only look."""
    parser = argparse.ArgumentParser(prog="python -m notebook_outputs")
    parser.add_argument("names", nargs="*", help="stems of notebooks; all where none is named")
    parser.add_argument("--check", action="store_true", help="write nothing; exit code 1 where one is not current")
    parser.add_argument("--project", type=Path, help="a project run on data/sample; made where none is named")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = asked.project or sample_project(Path(folder) / "sample")
        paths = [path for path in sorted(NOTEBOOKS.glob("*.ipynb")) if path.stem in asked.names or not asked.names]
        stale = [path for path in paths if _brought_up(path, project, check=asked.check)]
    for path in stale:
        print(f"{'Not current:' if asked.check else 'Wrote'} notebooks/{path.name}")
    return int(asked.check and bool(stale))


def _brought_up(path: Path, project: Path, *, check: bool) -> bool:
    """Execute one, write it where it changed; whether it did."""
    stored, fresh = nbformat.read(path, as_version=4), executed(path, project)
    if not differences(stored, fresh):
        return False
    if not check:
        text = nbformat.writes(drawn(fresh, stored))
        path.write_text(text.rstrip("\n") + "\n", encoding="utf-8")
    return True


if __name__ == "__main__":
    raise SystemExit(main())
