"""One world on disk, run through the real line, and its truth beside what was published."""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from accuracy.record import World
from journey_mining.project import init_project, load_project
from journey_mining.project.knowledge import Action
from journey_mining.simulation import Scenario, scenario_named, write_world
from journey_mining.simulation.people import Person, people
from journey_mining.sources import catalog_dir
from journey_mining.steps import run_line
from journey_mining.warehouse import DuckDBWarehouse

SYSTEMS = ("bitrix24", "metrica", "zendesk", "survey")
ACTION_ID = "accuracy_action"
_ACTION = """
[[action]]
id = "accuracy_action"
stage = "decision"
segment = "smb"
ru = "Проверка точности"
en = "Check of accuracy"
status = "done"
since = 2026-07-20
expected = { metric = "drop_off", change = -0.08 }
"""
_TINY = """
[[segment]]
id = "partner"
ru = "Партнёры"
en = "Partners"
any = [
    { url_re = "^/partner(/|$)" },
    { customer_type = ["Партнёр"] },
]
"""
_RECORDS = {
    "cookie": "select client_id, event_id from stg_metrica__hits h "
    "join event e on e.natural_key = 'hit:' || h.watch_id",
    "contact": "select contact_id, event_id from stg_bitrix24__contacts c "
    "join event e on e.natural_key = 'contact:' || c.contact_id",
    "deal": "select object_id, event_id from event_object where object_type = 'deal'",
    "ticket": "select object_id, event_id from event_object where object_type = 'ticket'",
}


class Tried:
    """A world whose exports went through the line."""

    def __init__(self, world: World, place: Path, *, deliver: bool = True) -> None:
        self.world = world
        self.place = place
        self.folder = place / "world"
        self.scenario: Scenario = scenario_named(world.scenario)
        self.summary = write_world(self.folder, customers=world.customers, seed=world.seed, scenario=self.scenario)
        self.root = self.new_project("project")
        if deliver:
            self.deliver_all(self.root)
            run_line(self.root)

    def new_project(self, name: str) -> Path:
        """A project of the IT template whose inbox is still empty."""
        root = self.place / name
        init_project(root, template="it_services", sources=SYSTEMS, catalog=catalog_dir(), inbox="inbox", demo=True)
        if self.scenario.tiny_count:
            _append(root / "segments.toml", _TINY)
            spec = root / "sources" / "metrica" / "spec.toml"
            text = spec.read_text(encoding="utf-8").replace("(smb|personal|corp)", "(smb|personal|corp|partner)")
            spec.write_text(text, encoding="utf-8")
        if self.scenario.name == "action" and "since" in Action.model_fields:
            _append(root / "knowledge" / "actions.toml", _ACTION)
        return root

    def deliver_all(self, root: Path) -> None:
        """Put every export into the inbox."""
        for folder in self.summary.deliveries or (".",):
            self.deliver(root, folder)

    def deliver(self, root: Path, folder: str) -> None:
        """Put the exports of one delivery into the inbox."""
        for system in SYSTEMS:
            shutil.copytree(self.folder / folder / system, root / "inbox" / system, dirs_exist_ok=True)

    @cached_property
    def people(self) -> list[Person]:
        """Everybody, with their true journeys."""
        return people(self.world.seed, self.world.customers, self.scenario)

    def key(self, name: str) -> Any:
        """A JSON file of the answer key."""
        return json.loads((self.folder / "answer_key" / f"{name}.json").read_text(encoding="utf-8"))

    def key_table(self, name: str) -> pd.DataFrame:
        """A table of the answer key."""
        return pd.read_csv(self.folder / "answer_key" / name, dtype=str, keep_default_na=False)

    def secrets(self) -> set[str]:
        """Strings that nothing published may hold."""
        packed = (self.folder / "answer_key" / "pii.txt.gz").read_bytes()
        return set(gzip.decompress(packed).decode("utf-8").splitlines()) - {""}

    def tables(self) -> list[str]:
        """Names of the published tables."""
        with self.warehouse() as warehouse:
            return list(warehouse.tables())

    def read(self, table: str, root: Path | None = None) -> pd.DataFrame:
        """A published table, in no particular order; empty and without columns where there is none."""
        with self.warehouse(root) as warehouse:
            if table not in warehouse.tables():
                return pd.DataFrame()
            found: pd.DataFrame = warehouse.read_arrow(table).to_pandas()
            return found

    def warehouse(self, root: Path | None = None) -> DuckDBWarehouse:
        """What was published."""
        return DuckDBWarehouse(load_project(root or self.root).warehouse_file, read_only=True)

    def records(self, last_select: str) -> pd.DataFrame:
        """A select over `record (record_kind, record_id, event_id)`, joining published and private tables."""
        project = load_project(self.root)
        union = " union all ".join(f"select '{kind}', * from ({sql})" for kind, sql in _RECORDS.items())
        with duckdb.connect(str(project.warehouse_file), read_only=True) as connection:
            connection.execute(f"attach '{project.raw_file}' as private (read_only)")
            connection.execute("set search_path = 'main,private.main'")
            return connection.execute(f"with record(record_kind, record_id, event_id) as ({union}) {last_select}").df()

    @cached_property
    def owners(self) -> pd.DataFrame:
        """Records whose owner the exports give away: record_kind, record_id, true_person, person_id (found)."""
        found = self.records(
            "select record_kind, record_id, min(person_id) as person_id from record join event_person using (event_id) "
            "group by record_kind, record_id"
        )
        key = self.key_table("identity.csv.gz")
        linkable = key[(key["is_linkable"] == "1") & key["record_kind"].isin(_RECORDS)]
        return linkable.merge(found, on=["record_kind", "record_id"], how="left")


def each(frame: pd.DataFrame) -> Iterator[Any]:
    """Rows as named tuples, whose values the stubs of pandas know nothing of."""
    yield from frame.itertuples(index=False)


def _append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
