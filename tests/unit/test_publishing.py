"""Publishing: old or new, never half of either, whenever the process dies; kept sites, rollback, what bars a site."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pytest

from journey_mining.errors import JourneyMiningError, NotFoundError
from journey_mining.project import Project, init_project, load_project
from journey_mining.publishing import (
    held_number,
    hold,
    kept_sites,
    publish,
    published_mark,
    published_value,
    recover,
    release,
    shown_number,
)
from journey_mining.warehouse import DuckDBWarehouse

AS_OF = datetime(2026, 5, 1)  # noqa: DTZ001 - naive UTC, as in the warehouse
OPERATIONS = 24
"""file operations of a publication, and a few more than there are"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    init_project(tmp_path / "p", template="b2b", sources=(), catalog=tmp_path)
    return load_project(tmp_path / "p")


def night(project: Project, mark: str) -> None:
    """What a finished run hands over: a warehouse and a site, both of the same night."""
    building, site = project.root / "warehouse" / "journeys.building.duckdb", project.root / "site.building"
    with DuckDBWarehouse(building) as warehouse:
        warehouse.write("run_setting", pa.table({"as_of": [AS_OF]}))
    site.mkdir()
    (site / "index.html").write_text(mark, encoding="utf-8")
    publish(project, building=building, site=site, mark=mark, run_id=mark)


def page(project: Project) -> str:
    return (project.site / "index.html").read_text(encoding="utf-8")


def tables(project: Project) -> object:
    return published_value(project.root, "published_state", "fingerprint")


def die_at(count: int) -> None:
    """Kill this process, without warning, before its file operation of that number."""
    left = [count]

    def counted(operation: Callable[..., object]) -> Callable[..., object]:
        def run(*args: object, **kwargs: object) -> object:
            left[0] -= 1
            if left[0] < 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return operation(*args, **kwargs)

        return run

    for name in ("rename", "replace", "symlink_to", "unlink", "mkdir"):
        setattr(Path, name, counted(getattr(Path, name)))


def killed_night(project: Project, mark: str, count: int) -> bool:
    """Publish in a process of its own that dies on the way; whether it did."""
    child = os.fork()
    if child == 0:
        die_at(count)
        night(project, mark)
        os._exit(0)
    return os.waitpid(child, 0)[1] == signal.SIGKILL


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("count", range(OPERATIONS))
def test_a_publication_killed_anywhere_is_finished_or_undone(project: Project, count: int) -> None:
    night(project, "old")
    killed_night(project, "new", count)
    before = page(project)
    recover(project.root)
    assert page(project) == tables(project) == published_mark(project)
    assert before in ("old", "new")
    assert {site.run_id for site in kept_sites(project.root)} <= {"old", page(project)}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_kills_reach_from_the_first_operation_to_the_last(project: Project) -> None:
    night(project, "old")
    assert killed_night(project, "new", 0)
    assert not killed_night(project, "newer", OPERATIONS)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("count", range(0, OPERATIONS, 2))
def test_a_first_publication_that_is_killed_shows_all_or_nothing(project: Project, count: int) -> None:
    killed_night(project, "first", count)
    recover(project.root)
    assert (project.site.exists(), tables(project)) in ((False, None), (True, "first"))


def test_a_reader_sees_a_whole_site_at_every_moment(project: Project) -> None:
    night(project, "0")
    seen, is_over = [], threading.Event()

    def read() -> None:
        while not is_over.is_set():
            seen.append(page(project))

    reader = threading.Thread(target=read)
    reader.start()
    for number in range(1, 5):
        night(project, str(number))
    is_over.set()
    reader.join()
    assert seen == sorted(seen)
    assert set(seen) <= set("01234")


def test_only_so_many_sites_are_kept(project: Project) -> None:
    settings = project.settings.model_copy(update={"run": project.settings.run.model_copy(update={"keep_sites": 2})})
    few = replace(project, settings=settings)
    for mark in "abcd":
        night(few, mark)
    assert [site.run_id for site in kept_sites(project.root)] == ["c", "d"]
    assert sorted(path.name for path in (project.root / "sites").iterdir()) == [
        "000003",
        "000003.json",
        "000004",
        "000004.json",
    ]


def test_a_site_that_is_held_stays_in_sight_and_newer_ones_wait(project: Project) -> None:
    for mark in "ab":
        night(project, mark)
    hold(project, 1)
    night(project, "c")
    recover(project.root)
    assert (page(project), tables(project), published_mark(project)) == ("a", "c", "c")
    release(project.root)
    assert (page(project), held_number(project.root)) == ("c", None)


def test_a_site_of_before_somebody_was_forgotten_is_gone_with_the_next_night(project: Project) -> None:
    for mark in "ab":
        night(project, mark)
    hold(project, 1)
    (project.root / "forgotten").mkdir()
    (project.root / "forgotten" / "tombstones.jsonl").write_text(
        '{"kind": "email", "mark": "0", "act": "20260502T010000-1", "key": "0"}\n', encoding="utf-8"
    )
    with pytest.raises(JourneyMiningError, match="forgotten"):
        hold(project, 2)
    night(project, "c")
    assert (page(project), [site.run_id for site in kept_sites(project.root)]) == ("c", ["c"])
    assert not (project.root / "sites" / "000001").exists()


def test_a_site_that_is_not_kept_cannot_be_shown(project: Project) -> None:
    night(project, "a")
    with pytest.raises(NotFoundError, match="no kept site 7"):
        hold(project, 7)


def test_a_site_of_before_there_were_several_is_taken_over(project: Project) -> None:
    night(project, "a")
    inside = project.site.resolve()
    project.site.unlink()
    inside.rename(project.site)
    recover(project.root)
    assert (page(project), published_mark(project), shown_number(project.root)) == ("a", "a", 1)
