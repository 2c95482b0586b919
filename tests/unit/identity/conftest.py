"""Persons of a few lines."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from identity_support import a_project, people, write_sightings
from journey_mining.identity import stitch
from journey_mining.warehouse import Warehouse


@pytest.fixture
def persons(warehouse: Warehouse) -> Callable[..., list[set[str]]]:
    """Stitches lines and returns the persons as sets of "kind:value", sorted."""

    def stitched(*lines: str, **overrides: list[str]) -> list[set[str]]:
        write_sightings(warehouse, lines)
        stitch(warehouse, a_project(**overrides))
        return people(warehouse)

    return stitched
