"""The version of the tables: what a warehouse made by an earlier or later release means for this one.

`journeys.duckdb` is built from raw data every time something changes, so that an older one is no reason to migrate: the
next run builds it anew (its fingerprint holds the release) and swaps it in. `raw.duckdb` is the truth: loading adds
what newer releases keep there. A copy of it as it was is put aside first and removed once a night has been published.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pyarrow as pa

from journey_mining.errors import JourneyMiningError
from journey_mining.project import Project
from journey_mining.report import Problem
from journey_mining.warehouse import DuckDBWarehouse
from journey_mining.warehouse.duckdb_warehouse import replace_file

SCHEMA_VERSION = 3
"""grows when a table that others may read changes its columns or its meaning; 1 is what has no mark"""
_TABLE = "schema_version"


def write_version(warehouse: DuckDBWarehouse) -> None:
    """Mark a database with the version of this release."""
    warehouse.write(_TABLE, pa.table({"version": [SCHEMA_VERSION]}))


def stored_version(path: Path) -> int:
    """Version of a database; 1 where it has no mark.

    Raises:
        JourneyMiningError: it cannot be opened.
    """
    with DuckDBWarehouse(path, read_only=True) as warehouse:
        if _TABLE not in warehouse.tables():
            return 1
        return int(warehouse.read_arrow(_TABLE)["version"][0].as_py())


def version_problem(project: Project) -> Problem | None:
    """What to know of the published tables; none where they are of this release."""
    version = stored_version(project.warehouse_file)
    if version == SCHEMA_VERSION:
        return None
    text = f"The published tables have schema {version}, this release writes {SCHEMA_VERSION}."
    return Problem(code="SCHEMA_VERSION", where=project.warehouse_file.name, text=text, is_notice=True)


def refuse_other_tables(project: Project) -> None:
    """Whoever reads the published tables without building them must find those of this release.

    Raises:
        JourneyMiningError: another release built them.
    """
    version = stored_version(project.warehouse_file)
    if version != SCHEMA_VERSION:
        raise JourneyMiningError(
            f"The published tables of {project.root} have schema {version}, which another release wrote.",
            expected=f"schema {SCHEMA_VERSION}.",
            todo=f"Run `journey run {project.root}`, which builds them anew, or use the release that wrote them.",
            code="SCHEMA_VERSION",
        )


def upgrade_raw(project: Project) -> Problem | None:
    """Make the private database fit for this release, with a backup of it as it was; a notice where that was done.

    Raises:
        JourneyMiningError: it was made by a later release, which may keep there what this one would lose.
    """
    path = project.raw_file
    if not path.is_file():
        return None
    version = stored_version(path)
    if version == SCHEMA_VERSION:
        return None
    if version > SCHEMA_VERSION:
        raise JourneyMiningError(
            f"{path} has schema {version}, which a later release wrote.",
            expected=f"schema {SCHEMA_VERSION} or older.",
            todo="Install that release again, or put back the backup that it made beside the file.",
            code="SCHEMA_TOO_NEW",
        )
    backup = _backup(project)
    unfinished = backup.with_name(f".{backup.name}.part")
    shutil.copy2(path, unfinished)
    unfinished.chmod(0o600)
    replace_file(unfinished, backup)
    with DuckDBWarehouse(path) as warehouse:
        write_version(warehouse)
    text = (
        f"{path.name} was of schema {version} and is of {SCHEMA_VERSION} now; as it was, it stays in "
        f"{backup.name} until a night has been published."
    )
    return Problem(code="SCHEMA_UPGRADED", where=path.name, text=text, is_notice=True)


def mark_new_raw(project: Project) -> None:
    """Mark a private database that a load has just made."""
    with DuckDBWarehouse(project.raw_file) as warehouse:
        write_version(warehouse)


def drop_backup(project: Project) -> None:
    """Remove the copy of before the upgrade: nobody would be forgotten in it."""
    _backup(project).unlink(missing_ok=True)


def _backup(project: Project) -> Path:
    return project.raw_file.with_name(f"raw.before_schema_{SCHEMA_VERSION}.duckdb")
