"""Undoing a merge is a rebuild: identities and journeys follow."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from journey_mining.report import Problem
from journey_mining.steps import STEPS, Night
from journey_mining.warehouse import DuckDBWarehouse

pytestmark = pytest.mark.slow

PAIR = """
select edge.value_a, edge.value_b
from identifier_edge as edge
inner join event_identifier as shown on shown.kind = edge.kind_b and shown.value = edge.value_b
inner join person_event on person_event.event_id = shown.event_id
left join event_identifier as named on named.event_id = shown.event_id and named.kind <> edge.kind_b
where edge.kind_a = 'b24_contact' and edge.kind_b = 'ym_client' and edge.blocked_reason is null
group by edge.value_a, edge.value_b
having count(distinct named.event_id) > 0 and count(distinct shown.event_id) > count(distinct named.event_id)
order by edge.value_a, edge.value_b limit 1
"""
FOLLOWED = """
select count(distinct person_event.person_id), count(distinct person_event.event_id)
from person_event inner join event_identifier using (event_id) where kind = 'ym_client' and value = ?
"""
COUNT = "select count(*) from person"
OWNERS = "select count(distinct person_id) from person_identifier where value in (?, ?)"


def asked(night: Night, sql: str, *values: Any) -> tuple[Any, ...]:
    with DuckDBWarehouse(night.building, read_only=True) as warehouse:
        return warehouse.execute(sql, values)[0]


def built(night: Night) -> list[Problem]:
    """Everything up to the journeys, built anew as a run does it; what the step of identities says."""
    night.building.unlink(missing_ok=True)
    reports = {step.name: step.run(night) for step in STEPS[:4]}
    return list(reports["identity"].problems)


def test_a_split_parts_two_people_downstream_and_taking_it_back_joins_them(small_project: Path) -> None:
    night = Night(root=small_project, started_at=datetime.now(UTC))
    built(night)
    contact, cookie = asked(night, PAIR)
    (before,), (owners_before, _) = asked(night, COUNT), asked(night, FOLLOWED, cookie)

    path = small_project / "overrides.toml"
    entry = f'[[split]]\na = "b24_contact:{contact}"\nb = "ym_client:#{cookie}"\nreason = "not hers"\n'
    path.write_text(entry, encoding="utf-8")
    path.chmod(0o600)
    assert built(night) == []
    assert asked(night, COUNT) == (before + 1,)
    assert asked(night, OWNERS, contact, cookie) == (2,)
    assert asked(night, FOLLOWED, cookie)[0] == owners_before + 1

    path.unlink()
    built(night)
    assert asked(night, COUNT) == (before,)
    assert asked(night, FOLLOWED, cookie)[0] == owners_before
