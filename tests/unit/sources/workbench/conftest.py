"""A project that reads no source yet, and short ways to draft and check."""

from __future__ import annotations

from pathlib import Path

import pytest

from source_place import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)
