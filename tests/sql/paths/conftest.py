"""`journeys(...)` writes journeys into the warehouse of the test; see `journey_rows`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from journey_rows import write_journeys


@pytest.fixture
def journeys(warehouse) -> Callable[..., None]:
    return partial(write_journeys, warehouse)
