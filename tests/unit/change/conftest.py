from __future__ import annotations

from pathlib import Path

import pytest

from journey_mining.warehouse import DuckDBWarehouse


@pytest.fixture
def warehouse() -> DuckDBWarehouse:
    return DuckDBWarehouse()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "warehouse").mkdir()
    return tmp_path
