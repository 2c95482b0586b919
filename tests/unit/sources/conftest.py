"""Fixtures of the tests of sources."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from journey_mining.warehouse import DuckDBWarehouse
from source_place import Place


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


@pytest.fixture(scope="session")
def catalogue_events(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], list[tuple[Any, ...]]]:
    """Rows of the warehouse that the fixtures of the whole catalogue build; made once."""
    made = Place(tmp_path_factory.mktemp("catalogue"))
    made.settings(journeys={"internal_domains": ["oblako-host.example"]}, load={"max_quarantine_share": 0.1})
    made.use("bitrix24", "metrica", "zendesk", "survey")
    made.load()
    target = made.build()

    def rows(sql: str) -> list[tuple[Any, ...]]:
        with DuckDBWarehouse(target, read_only=True) as warehouse:
            return warehouse.execute(sql)

    return rows
