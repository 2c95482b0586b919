"""A project folder of a test's own, its sources and inbox, and short ways to use them."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any

from journey_mining.project import Knowledge, Project, Segments, Settings, Stage, StageMap
from journey_mining.sources import LoadSummary, build_events, catalog_dir, load_files
from journey_mining.warehouse import DuckDBWarehouse

NOW = datetime(2026, 9, 29, 1)  # noqa: DTZ001 - UTC
KEY = b"k" * 32

PEOPLE = """-- model: event_identifiers
-- layer: events
-- grain: one row per order and address
-- key: stream, natural_key, kind, value
-- reads: stg_shop__orders
-- why: who ordered
select 'orders' as stream, order_id as natural_key, 'email' as kind, email as value
from stg_shop__orders
"""

SHOP = """
spec_version = 1
[source]
id = "shop"
system = "shop"
role = "crm"
title_ru = "Магазин"
title_en = "Shop"
timezone = "Europe/Moscow"
[[stream]]
id = "orders"
files = ["shop/orders*"]
format = "csv"
encodings = ["utf-8-sig", "cp1251"]
snapshot_at = { filename_re = '(\\d{4}-\\d{2}-\\d{2})' }
key = ["order_id"]
version = ["changed_at"]
[stream.columns]
order_id   = { from = ["Номер"], type = "id", required = true }
made_at    = { from = ["Создан"], type = "datetime", required = true }
changed_at = { from = ["Изменён"], type = "datetime" }
amount     = { from = ["Сумма"], type = "decimal" }
email      = { from = ["Почта"], type = "email" }
[[stream]]
id = "notes"
files = ["shop/notes*"]
format = "ndjson"
key = ["note_id"]
[stream.columns]
note_id = { path = "$.id", type = "id" }
text    = { path = "$.body.text" }
"""
SHOP_EVENTS = """-- model: events
-- layer: events
-- grain: one row per order
-- key: stream, natural_key
-- reads: stg_shop__orders
-- why: an order is an event
select
    'orders' as stream,
    order_id as natural_key,
    'deal_created' as event_kind,
    'Заказ' as activity_raw,
    made_at as occurred_at,
    'system' as actor_type,
    'crm' as channel,
    cast(amount as double) as amount
from stg_shop__orders
"""
HEADINGS = "Номер,Создан,Изменён,Сумма,Почта\n"


def order(
    number: int, *, amount: str = "100", changed: str = "02.04.2026 10:00", made: str = "01.04.2026 10:00"
) -> str:
    """One line of an orders file."""
    return f"{number},{made},{changed},{amount},u{number}@mail.example\n"


class Place:
    """A project and short ways to use it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.project = _project(root, Settings())
        self.inbox = root / "inbox"
        self.inbox.mkdir()
        (root / "sources").mkdir()

    def settings(self, **sections: Any) -> None:
        self.project = _project(self.root, Settings.model_validate(sections))

    def use(self, *sources: str, fixtures: bool = True) -> None:
        for source in sources:
            folder = catalog_dir() / source
            shutil.copytree(folder, self.root / "sources" / source, ignore=shutil.ignore_patterns("fixtures"))
            if fixtures:
                shutil.copytree(folder / "fixtures", self.inbox / source)

    def spec(self, name: str, toml: str, **sql: str) -> None:
        folder = self.root / "sources" / name
        folder.mkdir(exist_ok=True)
        (folder / "spec.toml").write_text(toml, encoding="utf-8")
        for file, text in sql.items():
            (folder / f"{file}.sql").write_text(text, encoding="utf-8")

    def shop(self, events: str = SHOP_EVENTS, spec: str = SHOP) -> Place:
        self.spec("shop", spec, events=events)
        return self

    def put(self, name: str, content: str | bytes) -> Path:
        path = self.inbox / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def load(self) -> LoadSummary:
        return load_files(self.project, now=NOW)

    def build(self) -> Path:
        target = self.root / "warehouse" / "building.duckdb"
        target.unlink(missing_ok=True)
        build_events(self.project, target=target, key=KEY)
        return target

    def raw(self, sql: str) -> list[tuple[Any, ...]]:
        with DuckDBWarehouse(self.project.raw_file, read_only=True) as warehouse:
            return warehouse.execute(sql)

    def built(self, sql: str) -> list[tuple[Any, ...]]:
        with DuckDBWarehouse(self.build(), read_only=True) as warehouse:
            return warehouse.execute(sql)


def _project(root: Path, settings: Settings) -> Project:
    stages = (Stage(id="a", ru="А", en="A"), Stage(id="b", ru="Б", en="B"))
    return Project(
        root=root, settings=settings, stages=StageMap(id="t", stage=stages), segments=Segments(), knowledge=Knowledge()
    )
