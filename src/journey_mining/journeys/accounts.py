"""Whose people are whose: the table `account_person` where journeys follow accounts."""

from __future__ import annotations

import pyarrow as pa

from journey_mining.errors import JourneyMiningError
from journey_mining.project import Project
from journey_mining.warehouse import Warehouse

_TABLE = "account_person"
_COLUMNS = ("account_id", "person_id")


def provide_accounts(warehouse: Warehouse, project: Project) -> None:
    """Make sure `account_person` is there; without accounts it is empty.

    Raises:
        JourneyMiningError: journeys follow accounts, and no account is known.
    """
    if _TABLE not in warehouse.tables():
        warehouse.write(_TABLE, pa.table({name: pa.array([], type=pa.string()) for name in _COLUMNS}))
    if project.settings.journeys.unit == "account" and not warehouse.count(_TABLE):
        raise JourneyMiningError(
            "Journeys follow accounts, and no account is known.",
            expected="sources that say which company a person belongs to.",
            todo='Deliver companies with their contacts, or choose unit = "person" in journey.toml.',
            code="NO_ACCOUNTS",
        )
