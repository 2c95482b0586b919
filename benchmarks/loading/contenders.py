"""One way of reading one export, in a process of its own; prints what it cost as JSON.

    python benchmarks/loading/contenders.py ours csv /tmp/visits.csv

`ours` loads the file into a real project: text kept, every cell typed, faults set aside, ledger, current table.
`duckdb` reads it into a typed table of a database file. `pandas` parses it into memory and stores nothing.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

NOW = datetime(2027, 6, 1)  # noqa: DTZ001 - UTC
_SPEC = """
spec_version = 1
[source]
id = "visits"
system = "shop"
role = "web"
title_ru = "Визиты"
title_en = "Visits"
timezone = "UTC"
[[stream]]
id = "visits"
files = ["visits/*"]
format = "{kind}"
key = ["visit_id"]
[stream.columns]
visit_id = {{ from = ["visit_id"], type = "id" }}
started_at = {{ from = ["started_at"], type = "datetime", required = true, formats = ["%Y-%m-%d %H:%M:%S"] }}
visitor = {{ from = ["visitor"], type = "id" }}
page = {{ from = ["page"], type = "text" }}
referrer = {{ from = ["referrer"], type = "text" }}
amount = {{ from = ["amount"], type = "decimal" }}
pages = {{ from = ["pages"], type = "int" }}
email = {{ from = ["email"], type = "email" }}
"""
_EVENTS = """-- model: events
-- layer: events
-- grain: one row per visit
-- key: stream, natural_key
-- reads: stg_visits__visits
-- why: a visit is an event
select
    'visits' as stream,
    visit_id as natural_key,
    'pageview' as event_kind,
    page as activity_raw,
    started_at as occurred_at,
    'customer' as actor_type,
    'web' as channel
from stg_visits__visits
"""
_TYPES = {
    "visit_id": "varchar",
    "started_at": "timestamp",
    "visitor": "varchar",
    "page": "varchar",
    "referrer": "varchar",
    "amount": "decimal(18, 2)",
    "pages": "bigint",
    "email": "varchar",
}
SUMMARY = (
    "select count(*), count(distinct visit_id), min(started_at)::varchar, max(started_at)::varchar, "
    "sum(amount)::varchar, sum(pages)::varchar, count(nullif(email, '')), count(nullif(referrer, ''))"
)


def ours(file: Path, kind: str, folder: Path) -> Callable[[], list[Any]]:
    """Load into a project; afterwards, what is staged."""
    from journey_mining.project import Knowledge, Project, Segments, Settings, Stage, StageMap
    from journey_mining.sources import load_files
    from journey_mining.warehouse import DuckDBWarehouse

    source = folder / "sources" / "visits"
    (folder / "inbox" / "visits").mkdir(parents=True)
    source.mkdir(parents=True)
    (source / "spec.toml").write_text(_SPEC.format(kind=kind), encoding="utf-8")
    (source / "events.sql").write_text(_EVENTS, encoding="utf-8")
    (folder / "inbox" / "visits" / file.name).symlink_to(file)
    stages = (Stage(id="a", ru="А", en="A"), Stage(id="b", ru="Б", en="B"))
    project = Project(
        root=folder,
        settings=Settings(),
        stages=StageMap(id="t", stage=stages),
        segments=Segments(),
        knowledge=Knowledge(),
    )
    summary = load_files(project, now=NOW)
    if summary.report.problems or summary.loaded != (f"visits/{file.name}",):
        raise SystemExit(str(summary))

    def staged() -> list[Any]:
        with DuckDBWarehouse(project.raw_file, read_only=True) as warehouse:
            return list(warehouse.execute(f"{SUMMARY} from stg_visits__visits")[0])

    return staged


def duckdb_reader(file: Path, kind: str, folder: Path) -> Callable[[], list[Any]]:
    """DuckDB's own reader into a typed table of a file."""
    import duckdb

    columns = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in _TYPES.items()) + "}"
    reader = f"read_csv(?, columns={columns}, header=true)" if kind == "csv" else f"read_ndjson(?, columns={columns})"
    connection = duckdb.connect(str(folder / "typed.duckdb"))
    connection.execute(f"create table visits as select * from {reader}", [str(file)]).fetchall()
    connection.execute("checkpoint").fetchall()
    return lambda: list(connection.execute(f"{SUMMARY} from visits").fetchall()[0])


def pandas_reader(file: Path, kind: str, _: Path) -> Callable[[], list[Any]]:
    """pandas into memory; nothing is stored."""
    import pandas as pd

    if kind == "csv":
        types = {"visit_id": "str", "visitor": "str", "page": "str", "referrer": "str", "email": "str"}
        frame = pd.read_csv(file, dtype=types, parse_dates=["started_at"])
    else:
        frame = pd.read_json(
            file, lines=True, dtype={"visit_id": "str", "visitor": "str"}, convert_dates=["started_at"]
        )
    return lambda: [
        len(frame),
        int(frame["visit_id"].nunique()),
        str(frame["started_at"].min()),
        str(frame["started_at"].max()),
        f"{frame['amount'].astype('float').sum():.2f}",
        str(int(frame["pages"].sum())),
        int(frame["email"].replace("", None).count()),
        int(frame["referrer"].replace("", None).count()),
    ]


CONTENDERS = {"ours": ours, "duckdb": duckdb_reader, "pandas": pandas_reader}


def measured(name: str, kind: str, file: Path) -> dict[str, Any]:
    """Seconds, processor seconds and peak memory of the whole process up to the rows being there; then the rows."""
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        look = CONTENDERS[name](file, kind, Path(folder))
        seconds = time.perf_counter() - start
        used = resource.getrusage(resource.RUSAGE_SELF)
        return {
            "seconds": round(seconds, 3),
            "cpu_seconds": round(used.ru_utime + used.ru_stime, 3),
            "peak_mb": round(used.ru_maxrss / 1024, 1),
            "rows": look(),
        }


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], sys.argv[2], Path(sys.argv[3]))))
