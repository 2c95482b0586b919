"""Each source of the catalogue, loaded from its own fixtures once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from journey_mining.warehouse import DuckDBWarehouse
from source_place import Place

Rows = Callable[[str], list[tuple[Any, ...]]]


class Catalogue:
    """Sources by name: `catalogue("hubspot")` runs a query on the events built from its fixtures."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self._factory = factory
        self._places: dict[str, Place] = {}
        self._targets: dict[str, Any] = {}

    def __call__(self, name: str) -> Rows:
        if name not in self._targets:
            self._targets[name] = self.place(name).build()
        target = self._targets[name]

        def rows(sql: str) -> list[tuple[Any, ...]]:
            with DuckDBWarehouse(target, read_only=True) as warehouse:
                return warehouse.execute(sql)

        return rows

    def place(self, name: str) -> Place:
        """The project that the fixtures of a source were loaded into."""
        if name not in self._places:
            place = Place(self._factory.mktemp(name))
            # fixtures show faults on purpose, in a larger share than any export
            place.settings(load={"max_quarantine_share": 0.5})
            place.use(name)
            place.load()
            self._places[name] = place
        return self._places[name]


@pytest.fixture(scope="session")
def events_of(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    return Catalogue(tmp_path_factory)
