from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from journey_mining.identity import stitch
from journey_mining.project import Project
from journey_mining.warehouse import DuckDBWarehouse

PEOPLE = 40_000


@pytest.mark.slow
def test_two_hundred_thousand_edges_take_seconds(
    write: Callable[[DuckDBWarehouse, list[str]], None], warehouse: DuckDBWarehouse
) -> None:
    cards = [f"crm b24_contact:{n} email:{n} phone:{n // 2} zendesk_user:{n}" for n in range(PEOPLE)]
    hits = [f"web b24_contact:{n} ym_client:{n} ga_client:{n // 3}" for n in range(PEOPLE)]
    write(warehouse, cards + hits)
    started = time.process_time()
    counts = stitch(warehouse, Project.__new__(Project)).counts
    assert counts["identifier_edge"] == 5 * PEOPLE
    assert time.process_time() - started < 20
