"""Sites of the invented company, drawn once, and a browser to look at them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from drawn_site import SHAPES, drawn

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The drawn site of a shape by its name; each is drawn once."""
    done: dict[str, Path] = {}

    def draw(name: str) -> Path:
        if name not in done:
            done[name] = drawn(SHAPES[name], tmp_path_factory.mktemp("site") / "site")
        return done[name]

    return draw


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
