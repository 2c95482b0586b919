"""Checks that a source brings itself: `checks/<name>.sql`, each a select of the rows that are wrong.

In: the staged tables of the sources, under their plain names. Out: the temporary table `source_check`, which
`load_problem` reads, and problems for the report. Rows are counted, never kept: they may hold personal values.
"""

from __future__ import annotations

import re

from journey_mining.errors import CheckFailedError, SpecError
from journey_mining.report import Problem
from journey_mining.sources.sandbox import checked_check, readable_tables, spoken_of
from journey_mining.sources.spec import Source
from journey_mining.warehouse import DuckDBWarehouse

TABLE = "source_check"
_SEVERITY = re.compile(r"^-- severity: *(.*?) *$", re.MULTILINE)


def run_source_checks(warehouse: DuckDBWarehouse, sources: list[Source]) -> tuple[Problem, ...]:
    """Run every check of every source; problems of those that returned rows and only warn.

    Raises:
        SpecError: the SQL of a check is not allowed or does not run.
        CheckFailedError: a check of severity error returned rows.
    """
    warehouse.execute(
        f"create temp table {TABLE} (source varchar, stream varchar, check_name varchar, why varchar, row_count bigint)"
    )
    warnings, failures = [], []
    for source in sources:
        for name in source.checks:
            is_error = _is_error(source, name)
            rows, why = _run(warehouse, source, name)
            if rows and is_error:
                failures.append(f"{source.id}/checks/{name}: {rows} rows ({why})")
            elif rows:
                warnings.append(_problem(source, name, rows, why))
    if failures:
        raise CheckFailedError(
            "Sources hold what they must not: " + "; ".join(failures) + ".",
            expected="no rows from any check.",
            todo="Run the select of the check over warehouse/raw.duckdb, then correct the export or the check; "
            "last night's state is still published.",
        )
    return tuple(warnings)


def _run(warehouse: DuckDBWarehouse, source: Source, name: str) -> tuple[int, str]:
    model = checked_check(source, name)
    with spoken_of(f"{source.folder.name}/checks/{name}.sql"):
        rows = int(warehouse.execute(f"select count(*) from ({model.sql}) as wrong")[0][0])
    # a model of the source is of no stream: what else the check reads names one, if anything does
    stream = next(filter(None, map(readable_tables(source).__getitem__, model.reads)), "")
    warehouse.execute(f"insert into {TABLE} values (?, ?, ?, ?, ?)", [source.id, stream, name, model.why, rows])
    return rows, model.why


def _is_error(source: Source, name: str) -> bool:
    """Whether rows stop the run; a check that says nothing warns.

    Raises:
        SpecError: the severity is neither warn nor error.
    """
    found = _SEVERITY.search(source.checks[name])
    severity = found[1] if found else "warn"
    if severity not in ("warn", "error"):
        raise SpecError(
            f"{source.folder.name}/checks/{name}.sql has the severity {severity!r}.",
            expected="-- severity: warn, or error.",
            todo="Correct the comment lines at the top of the file.",
        )
    return severity == "error"


def _problem(source: Source, name: str, rows: int, why: str) -> Problem:
    return Problem(
        code=f"CHECK_{name}",
        where=f"{source.id}/checks/{name}.sql",
        text=f"{rows} rows: {why}. Expected: none. To do: correct the export, or the check.",
    )
