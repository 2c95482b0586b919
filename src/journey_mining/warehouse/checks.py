"""Checks of built tables: keys promised in headers, columns that may not be null, and the models of `90_checks`.

A check is a select that must return no rows.
"""

from __future__ import annotations

from journey_mining.errors import CheckFailedError
from journey_mining.report import Problem
from journey_mining.warehouse.duckdb_warehouse import quoted
from journey_mining.warehouse.models import Model, layer_models
from journey_mining.warehouse.protocol import Warehouse


def check_promises(warehouse: Warehouse, model: Model) -> list[str]:
    """Broken promises of a built model, in words; empty where key and not_null hold."""
    table = quoted(model.name)
    broken = []
    if model.key:
        key = ", ".join(quoted(column) for column in model.key)
        repeated = warehouse.execute(
            f"select count(*) from (select {key} from {table} group by {key} having count(*) > 1)"
        )
        if repeated[0][0]:
            broken.append(f"{model.name}: {repeated[0][0]} values of its key ({', '.join(model.key)}) repeat")
    filled = list(dict.fromkeys((*model.key, *model.not_null)))
    if filled:
        # one statement for all columns: on a cluster each is a job
        counts = ", ".join(f"count(*) - count({quoted(column)})" for column in filled)
        [empty] = warehouse.execute(f"select {counts} from {table}")
        broken += [
            f"{model.name}: {rows} rows have no {name}" for name, rows in zip(filled, empty, strict=True) if rows
        ]
    return broken


def run_checks(warehouse: Warehouse, built: list[Model]) -> tuple[Problem, ...]:
    """Check the promises of `built` models and run every model of the layer `checks`.

    Raises:
        CheckFailedError: a promise is broken, or a check of severity error returned rows.
    """
    failures = [words for model in built for words in check_promises(warehouse, model)]
    warnings: list[Problem] = []
    for check in layer_models("checks"):
        rows = warehouse.build(check)
        if rows and check.severity == "error":
            failures.append(f"{check.name}: {rows} rows ({check.why})")
        elif rows:
            warnings.append(Problem(code="CHECK", where=check.name, text=f"{rows} rows: {check.why}"))
    if failures:
        raise CheckFailedError(
            "Built tables break what they promise: " + "; ".join(failures) + ".",
            expected="no rows from any check.",
            todo="Look at the table in warehouse/journeys.building.duckdb; last night's state is still published.",
        )
    return tuple(warnings)
