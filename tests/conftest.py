"""Fixtures of every test."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from journey_mining.warehouse import DuckDBWarehouse

os.environ["TZ"] = "UTC"
time.tzset()

# the same examples for the same code, so that a red run is about the code; `make torture` looks for new ones
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("new", deadline=None)
settings.load_profile("new" if "JOURNEY_FUZZ" in os.environ else "same")

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def warehouse() -> Iterator[DuckDBWarehouse]:
    with DuckDBWarehouse() as opened:
        yield opened


@pytest.fixture(scope="session")
def sample_project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project run once on data/sample, the way `journey init` and `journey run` do it."""
    from journey_mining.steps import run_line

    root = made_project(tmp_path_factory.mktemp("sample") / "project", inbox=ROOT / "data" / "sample")
    run_line(root)
    return root


@pytest.fixture(scope="session")
def small_world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Exports of a world small enough to run many times."""
    from journey_mining.simulation import write_world

    out = tmp_path_factory.mktemp("small_world")
    write_world(out, customers=250, seed=3)
    return out


@pytest.fixture
def small_project(tmp_path: Path, small_world: Path) -> Path:
    """A project with its own copy of the small world's exports; not run yet."""
    root = made_project(tmp_path / "project", inbox=Path("inbox"))
    for system in ("bitrix24", "metrica", "zendesk", "survey"):
        shutil.copytree(small_world / system, root / "inbox" / system)
    return root


def made_project(root: Path, *, inbox: Path) -> Path:
    """A project of the IT template with the sources of the sample."""
    from journey_mining.project import init_project
    from journey_mining.sources import catalog_dir
    from journey_mining.sources.workbench.adopting import DEMO_SOURCES

    init_project(
        root, template="it_services", sources=DEMO_SOURCES, catalog=catalog_dir(), inbox=inbox.as_posix(), demo=True
    )
    return root


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """The system's Chromium; without one the tests are skipped, unless CI_REQUIRE_BROWSER=1."""
    if CHROMIUM is None:
        if os.environ.get("CI_REQUIRE_BROWSER") == "1":
            pytest.fail("There is no Chromium on this machine, and CI_REQUIRE_BROWSER=1 asks for one.")
        pytest.skip("There is no Chromium on this machine, so that pages cannot be looked at.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        )
        yield browser
        browser.close()
