"""Sites of the invented company, drawn once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from drawn_site import SHAPES, drawn


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The drawn site of a shape by its name; each is drawn once."""
    done: dict[str, Path] = {}

    def draw(name: str) -> Path:
        if name not in done:
            done[name] = drawn(SHAPES[name], tmp_path_factory.mktemp("site") / "site")
        return done[name]

    return draw
