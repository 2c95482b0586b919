"""One night of one project: where it is built, and with which engine.

Exports are loaded and made into events by the embedded engine. With `[warehouse] engine = "spark"` the events are then
handed over to a folder of Parquet files, everything after them is built there by the cluster, and what describes groups
of customers is brought back. Rows of single customers stay in the folder and are seen from the published file as views,
so that every reader finds the same tables whatever built them.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from journey_mining.errors import JourneyMiningError
from journey_mining.project import Project, load_project
from journey_mining.warehouse import DuckDBWarehouse, Warehouse
from journey_mining.warehouse.parquet_tables import ParquetTables
from journey_mining.warehouse.spark_warehouse import SparkWarehouse

_PLACE = "parquet_place"
_NIGHT_FOLDER = re.compile(r"^\d{8}T\d{12}Z$")
_OF_ONE = frozenset(
    {"event_id", "journey_id", "person_id", "account_id", "account_key", "domain_key", "value_a"}
    | {"subject_id", "signature_id", "text_hash", "earlier_id"}
)
"""columns that name one customer, event or value: a table that has one of them holds rows, not groups"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """One run of one project; holds places and times only, so that it can be handed to any worker."""

    root: Path
    started_at: datetime
    """UTC"""
    taken: tuple[tuple[str, float], ...] = ()
    """steps that are done, with their seconds"""
    as_of: datetime | None = None
    """cutoff of the data (UTC) in place of the project's, to build a night of the past"""
    only: tuple[str, ...] = ()
    """sources whose files are taken; none named takes all"""

    @property
    def project(self) -> Project:
        """The project, read anew."""
        project = load_project(self.root)
        if self.as_of is None:
            return project
        journeys = project.settings.journeys.model_copy(update={"as_of": self.as_of})
        return replace(project, settings=project.settings.model_copy(update={"journeys": journeys}))

    @property
    def building(self) -> Path:
        """Warehouse under construction."""
        return self.root / "warehouse" / "journeys.building.duckdb"

    @property
    def site_building(self) -> Path:
        """Site under construction."""
        return self.root / "site.building"


@contextmanager
def building_warehouse(night: Night) -> Iterator[Warehouse]:
    """The warehouse under construction, opened with the engine of the project, for the steps after `event`.

    Raises:
        SettingsError: the engine is not installed.
        ModelError: the warehouse or the cluster cannot be opened.
    """
    project = night.project
    if _is_embedded(project):
        with DuckDBWarehouse(night.building) as embedded:
            yield embedded
        return
    asked = project.settings.warehouse.spark
    with SparkWarehouse(_night_folder(night, project), master=asked.master, conf=asked.conf) as spark:
        yield spark


def hand_over(night: Night) -> None:
    """Copy the events to where the cluster reads them; nothing where the embedded engine goes on."""
    project = night.project
    if _is_embedded(project):
        return
    # hashes are nobody's business either; whoever lets a cluster of other users in makes the folder before
    project.spark_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.rmtree(_night_folder(night, project), ignore_errors=True)
    tables = ParquetTables(_night_folder(night, project))
    with DuckDBWarehouse(night.building, read_only=True) as events:
        for name in events.tables():
            batches = events.batches(name)
            tables.write(name, batches, batches.schema)


def bring_back(night: Night) -> None:
    """Copy groups of customers into the file that will be published, and let their rows be seen where they lie."""
    project = night.project
    if _is_embedded(project):
        return
    place = _night_folder(night, project)
    tables = ParquetTables(place)
    with DuckDBWarehouse(night.building) as published:
        for name in sorted(set(tables.names()) - set(published.tables())):
            if _OF_ONE & set(tables.schema(name).names):
                published.show_files(name, sorted(tables.place(name).glob("*.parquet")))
            else:
                published.write(name, tables.read(name))
        published.write(_PLACE, pa.table({"folder": [str(place)]}))


def sweep(project: Project) -> None:
    """Remove the folders of all nights of a cluster but the published one."""
    if not project.spark_folder.is_dir():
        return
    kept = _published_place(project)
    for folder in sorted(project.spark_folder.iterdir()):
        if _NIGHT_FOLDER.match(folder.name) and str(folder) != kept:
            shutil.rmtree(folder, ignore_errors=True)


def _published_place(project: Project) -> str | None:
    if not project.warehouse_file.is_file():
        return None
    try:
        with DuckDBWarehouse(project.warehouse_file, read_only=True) as published:
            if _PLACE not in published.tables():
                return None
            return str(published.read_arrow(_PLACE)["folder"][0].as_py())
    except JourneyMiningError:
        return None  # a damaged file is built anew, with all its rows


def _is_embedded(project: Project) -> bool:
    return project.settings.warehouse.engine == "duckdb"


def _night_folder(night: Night, project: Project) -> Path:
    return project.spark_folder / night.started_at.strftime("%Y%m%dT%H%M%S%fZ")
