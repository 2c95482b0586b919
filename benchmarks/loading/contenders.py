"""One way of reading one export, in a process of its own; prints what it found and cost as JSON.

    python benchmarks/loading/contenders.py ours build/bench/visits_50.csv

`ours` loads the file into a real project: text kept, every cell typed, faults set aside, ledger, current table.
`duckdb` reads it into a typed table of a database file. `pandas` and `pyarrow` parse it into memory and store nothing.

Of a delivery (a folder with `base.csv` and `batch.csv`) `ours_upsert` and `duckdb_merge` have loaded the base and are
measured taking the batch; `ours_rewrite` and `duckdb_rewrite` make the whole table of both.
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
version = ["started_at"]
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


Look = Callable[[], list[Any]]
Work = Callable[[], Look]


def _project(folder: Path, kind: str) -> Any:
    """A project with one source and an empty inbox."""
    from journey_mining.project import Knowledge, Project, Segments, Settings, Stage, StageMap

    source = folder / "sources" / "visits"
    (folder / "inbox" / "visits").mkdir(parents=True)
    source.mkdir(parents=True)
    (source / "spec.toml").write_text(_SPEC.format(kind=kind), encoding="utf-8")
    (source / "events.sql").write_text(_EVENTS, encoding="utf-8")
    stages = (Stage(id="a", ru="А", en="A"), Stage(id="b", ru="Б", en="B"))
    return Project(
        root=folder,
        settings=Settings(),
        stages=StageMap(id="t", stage=stages),
        segments=Segments(),
        knowledge=Knowledge(),
    )


def _take(project: Any, *files: Path) -> None:
    """Load files into the project.

    Raises:
        SystemExit: a file was not taken as it is.
    """
    from journey_mining.sources import load_files

    for file in files:
        (project.inbox / "visits" / file.name).symlink_to(file.resolve())
    summary = load_files(project, now=NOW)
    if summary.report.problems or set(summary.loaded) != {f"visits/{file.name}" for file in files}:
        raise SystemExit(str(summary))


def _staged(project: Any) -> list[Any]:
    from journey_mining.warehouse import DuckDBWarehouse

    with DuckDBWarehouse(project.raw_file, read_only=True) as warehouse:
        return list(warehouse.execute(f"{SUMMARY} from stg_visits__visits")[0])


def ours(file: Path, folder: Path) -> Work:
    """Load into a project; afterwards, what is staged."""
    import journey_mining.sources
    import journey_mining.warehouse  # noqa: F401

    project = _project(folder, file.suffix[1:])

    def work() -> Look:
        _take(project, file)
        return lambda: _staged(project)

    return work


def duckdb_reader(file: Path, folder: Path) -> Work:
    """DuckDB's own reader into a typed table of a file."""
    import duckdb

    def work() -> Look:
        connection = duckdb.connect(str(folder / "typed.duckdb"))
        connection.execute(f"create table visits as select * from {_reader(file)}").fetchall()
        connection.execute("checkpoint").fetchall()
        return lambda: list(connection.execute(f"{SUMMARY} from visits").fetchall()[0])

    return work


def _reader(file: Path) -> str:
    columns = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in _TYPES.items()) + "}"
    if file.suffix == ".csv":
        return f"read_csv('{file}', columns={columns}, header=true)"
    return f"read_ndjson('{file}', columns={columns})"


def pandas_reader(file: Path, _: Path) -> Work:
    """pandas into memory; nothing is stored."""
    import pandas as pd

    def work() -> Look:
        if file.suffix == ".csv":
            types = {"visit_id": "str", "visitor": "str", "page": "str", "referrer": "str", "email": "str"}
            frame = pd.read_csv(file, dtype=types, parse_dates=["started_at"])
        else:
            types = {"visit_id": "str", "visitor": "str"}
            frame = pd.read_json(file, lines=True, dtype=types)
            frame["started_at"] = pd.to_datetime(frame["started_at"])
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

    return work


def pyarrow_reader(file: Path, _: Path) -> Work:
    """The reader of JSON lines in pyarrow, into memory; it guesses types, and nothing is stored."""
    import duckdb
    from pyarrow import json as arrow_json

    def work() -> Look:
        visits = arrow_json.read_json(file)
        seen = (
            "select visit_id, cast(started_at as timestamp) as started_at, cast(amount as decimal(18, 2)) as amount, "
            "pages, email, referrer from visits"
        )
        connection = duckdb.connect()
        connection.register("visits", visits)
        return lambda: list(connection.execute(f"{SUMMARY} from ({seen})").fetchall()[0])

    return work


def ours_upsert(file: Path, folder: Path) -> Work:
    """The base is loaded; take the batch."""
    project = _project(folder, "csv")
    _take(project, file / "base.csv")

    def work() -> Look:
        _take(project, file / "batch.csv")
        return lambda: _staged(project)

    return work


def ours_rewrite(file: Path, folder: Path) -> Work:
    """Take base and batch into an empty project."""
    import journey_mining.sources
    import journey_mining.warehouse  # noqa: F401

    project = _project(folder, "csv")

    def work() -> Look:
        _take(project, file / "base.csv", file / "batch.csv")
        return lambda: _staged(project)

    return work


def _based(file: Path, folder: Path) -> Any:
    import duckdb

    connection = duckdb.connect(str(folder / "typed.duckdb"))
    connection.execute(f"create table visits as select * from {_reader(file / 'base.csv')}").fetchall()
    connection.execute("checkpoint").fetchall()
    return connection


def duckdb_merge(file: Path, folder: Path) -> Work:
    """DuckDB merges the batch into the table by its key."""
    connection = _based(file, folder)
    named = ", ".join(f"{name} = batch.{name}" for name in _TYPES)
    cells = ", ".join(f"batch.{name}" for name in _TYPES)

    def work() -> Look:
        connection.execute(
            f"merge into visits using {_reader(file / 'batch.csv')} as batch on visits.visit_id = batch.visit_id "
            f"when matched then update set {named} when not matched then insert ({', '.join(_TYPES)}) values ({cells})"
        ).fetchall()
        connection.execute("checkpoint").fetchall()
        return lambda: list(connection.execute(f"{SUMMARY} from visits").fetchall()[0])

    return work


def duckdb_rewrite(file: Path, folder: Path) -> Work:
    """DuckDB writes the table anew from what is there and the batch."""
    connection = _based(file, folder)

    def work() -> Look:
        connection.execute(f"create table batch as select * from {_reader(file / 'batch.csv')}").fetchall()
        connection.execute(
            "create or replace table visits as select * from visits "
            "where visit_id not in (select visit_id from batch) union all select * from batch"
        ).fetchall()
        connection.execute("checkpoint").fetchall()
        return lambda: list(connection.execute(f"{SUMMARY} from visits").fetchall()[0])

    return work


CONTENDERS = {
    "ours": ours,
    "duckdb": duckdb_reader,
    "pandas": pandas_reader,
    "pyarrow": pyarrow_reader,
    "ours_upsert": ours_upsert,
    "ours_rewrite": ours_rewrite,
    "duckdb_merge": duckdb_merge,
    "duckdb_rewrite": duckdb_rewrite,
}


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def measured(name: str, file: Path) -> dict[str, Any]:
    """The rows, and what it cost until they were there: the whole process, and the work without imports and base."""
    with tempfile.TemporaryDirectory() as folder:
        work = CONTENDERS[name](file, Path(folder))
        before, start = _cpu_seconds(), time.perf_counter()
        look = work()
        whole = _cpu_seconds()
        costs = {
            "cpu_seconds": round(whole, 3),
            "work_cpu_seconds": round(whole - before, 3),
            "seconds": round(time.perf_counter() - start, 3),
            "peak_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1),
        }
        return {"costs": costs, "rows": str(look())}


if __name__ == "__main__":
    print(json.dumps(measured(sys.argv[1], Path(sys.argv[2]))))
