"""Fixtures of every test."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import pytest

from journey_mining.warehouse import DuckDBWarehouse

os.environ["TZ"] = "UTC"
time.tzset()


@pytest.fixture
def warehouse() -> Iterator[DuckDBWarehouse]:
    with DuckDBWarehouse() as opened:
        yield opened
