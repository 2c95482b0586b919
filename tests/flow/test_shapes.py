"""The real line on projects of other shapes than the sample."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from journey_mining.steps import run_line
from shaped_projects import forty_segments, twelve_stages, web_only

pytestmark = pytest.mark.slow


def overview(make: Callable[[Path, Path], Path], root: Path, exports: Path) -> str:
    """The overview of such a project after one night."""
    run_line(make(root / "project", exports))
    return (root / "project" / "site" / "en" / "index.html").read_text(encoding="utf-8")


def test_twelve_stages_have_columns_and_strips_of_their_own(tmp_path: Path, small_world: Path) -> None:
    page = overview(twelve_stages, tmp_path, small_world)
    plan = (tmp_path / "project" / "site" / "en" / "segments" / "all" / "map.html").read_text(encoding="utf-8")
    assert len(re.findall(r'<th scope="col" class="s\d+">', plan)) == 12
    assert len(re.findall(r'<div class="strip(?:hd)?" style="--n: 12"', page)) == page.count('class="strip')


def test_web_events_alone_make_a_map_that_says_what_it_lacks(tmp_path: Path, small_world: Path) -> None:
    page = overview(web_only, tmp_path, small_world)
    plan = (tmp_path / "project" / "site" / "en" / "segments" / "site" / "map.html").read_text(encoding="utf-8")
    assert page.count('<section class="src"') == 1
    assert "no tickets were loaded" in plan
    assert not (tmp_path / "project" / "site" / "en" / "compare").exists()


def test_of_forty_segments_the_small_ones_are_named_and_no_more(tmp_path: Path, small_world: Path) -> None:
    page = overview(forty_segments, tmp_path, small_world)
    drawn = {path.name for path in (tmp_path / "project" / "site" / "en" / "segments").iterdir()}
    [hidden] = re.findall(r'<th scope="row">(\d+)\xa0segments</th>', page)
    rows = page.count('<th scope="row"><a href="segments/')
    assert rows == len(drawn)
    # forty of the project, everybody, and those who fit in none
    assert int(hidden) + rows == 42
