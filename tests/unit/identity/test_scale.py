"""Many people at once: the counts are right; how long it takes is measured elsewhere."""

from __future__ import annotations

import pytest

from identity_support import a_project, write_sightings
from journey_mining.identity import stitch
from journey_mining.warehouse import DuckDBWarehouse

pytestmark = pytest.mark.slow
PEOPLE = 20_000


def test_a_hundred_thousand_edges_join_whom_they_should(warehouse: DuckDBWarehouse) -> None:
    """Every two share a phone, every three a device: these join nobody and stay on their own."""
    cards = [f"crm b24_contact:{n} email:{n} phone:{n // 2} zendesk_user:{n}" for n in range(PEOPLE)]
    hits = [f"web b24_contact:{n} ym_client:{n} ga_client:{n // 3}" for n in range(PEOPLE)]
    write_sightings(warehouse, cards + hits)
    counts = stitch(warehouse, a_project()).counts
    assert (counts["identifier_edge"], counts["person"]) == (5 * PEOPLE, PEOPLE + 10_000 + 6_667)


def test_a_crowd_of_ten_thousand_is_parted(warehouse: DuckDBWarehouse) -> None:
    write_sightings(warehouse, [f"shop email:{n:05d} email:{n + 1:05d}" for n in range(10_000)])
    assert stitch(warehouse, a_project()).counts["cut: weak_bridge"] > 2_000
