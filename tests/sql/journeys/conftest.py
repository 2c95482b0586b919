from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from journey_mining.report import StepReport
from journey_mining.warehouse import DuckDBWarehouse
from journey_support import build_tiny

Build = Callable[..., StepReport]


@pytest.fixture
def build(warehouse: DuckDBWarehouse) -> Build:
    """Build the whole layer of journeys from literal events."""
    return partial(build_tiny, warehouse)
