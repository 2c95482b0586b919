"""The memory of a project: the numbers of every published run, one small file each.

In: the published warehouse. Out: `warehouse/history/<cutoff>_<fingerprint>.parquet`, and on the next night the tables
`metric_history` and `run_event`. A file is written after publishing, under another name first, so that a crash leaves
none or all of it; writing it again changes nothing. Cells below the smallest that may be shown are not kept.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from journey_mining.change.rules import rule_parts, rules_hash
from journey_mining.project import Project
from journey_mining.vocabulary import METRIC_COLUMNS
from journey_mining.warehouse import DuckDBWarehouse, Warehouse
from journey_mining.warehouse.duckdb_warehouse import replace_file

RUN_RULE = "run_rule"
_MARK = "published_state"
_ABOUT = b"journey_mining.run"
_LEAVES = 12
"""digits of the fingerprint in a file's name"""
_KEPT = tuple(name for name in METRIC_COLUMNS if name not in {"journey_count", "event_count", "at_risk_count", "as_of"})

_TEXT, _INT, _FLOAT, _TIME = pa.string(), pa.int64(), pa.float64(), pa.timestamp("us")
METRIC_HISTORY = pa.schema(
    [
        ("as_of", _TIME),
        ("estimand", _TEXT),
        ("segment", _TEXT),
        ("stage", _TEXT),
        ("estimate", _FLOAT),
        ("interval_low", _FLOAT),
        ("interval_high", _FLOAT),
        ("customer_count", _INT),
        ("horizon_days", _INT),
        ("method", _TEXT),
        ("flags", _TEXT),
        ("rules_hash", _TEXT),
        ("is_comparable", pa.bool_()),
    ]
)
RUN_EVENT = pa.schema([("as_of", _TIME), ("kind", _TEXT), ("subject", _TEXT), ("parts", _TEXT)])


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """A published run as it is remembered."""

    as_of: datetime
    fingerprint: str
    rules: dict[str, str]
    """hash of each part of the rules"""
    metrics: pa.Table

    @property
    def rules_hash(self) -> str:
        """One hash of all rules."""
        return rules_hash(self.rules)

    @property
    def file_name(self) -> str:
        """Name of its file; the cutoff comes first, so that names sort by time."""
        return f"{self.as_of:%Y%m%dT%H%M%S}_{self.fingerprint[:_LEAVES]}.parquet"


def history_folder(project: Project) -> Path:
    """Where the runs of a project are remembered."""
    return project.root / "warehouse" / "history"


def keep_run(project: Project) -> Path | None:
    """Remember the published run; its file, or none where nothing with a fingerprint is published.

    Called again for the same run it does nothing, so that a run that was cut off before this is made good by the next.
    """
    if not project.warehouse_file.is_file():
        return None
    with DuckDBWarehouse(project.warehouse_file, read_only=True) as warehouse:
        if not {_MARK, RUN_RULE} <= set(warehouse.tables()):
            return None
        mark = str(warehouse.read_arrow(_MARK, columns=("fingerprint",))["fingerprint"][0].as_py())
        run = _current(warehouse, mark)
        small = int(warehouse.execute("select small_cell from run_setting")[0][0])
    path = history_folder(project) / run.file_name
    if not path.is_file():
        _write(path, run, small)
    return path


def read_runs(folder: Path) -> list[StoredRun]:
    """The remembered runs, oldest cutoff first; of several with one cutoff the one kept last.

    A file that cannot be read is left out: it is memory, not truth.
    """
    found: dict[datetime, tuple[int, StoredRun]] = {}
    for path in sorted(folder.glob("*.parquet")):
        run = _read(path)
        kept_at = path.stat().st_mtime_ns
        if run is not None and kept_at >= found.get(run.as_of, (0, run))[0]:
            found[run.as_of] = (kept_at, run)
    return [found[cutoff][1] for cutoff in sorted(found)]


def write_history(warehouse: Warehouse, project: Project) -> dict[str, int]:
    """Write `run_rule`, `metric_history` and `run_event` into the warehouse under construction; row counts."""
    parts = rule_parts(project)
    warehouse.write(RUN_RULE, pa.table({"part": sorted(parts), "hash": [parts[name] for name in sorted(parts)]}))
    now = _current(warehouse, "")
    earlier = [run for run in read_runs(history_folder(project)) if run.as_of < now.as_of]
    small = int(warehouse.execute("select small_cell from run_setting")[0][0])
    runs = [*earlier, now]
    history = pa.concat_tables([history_rows(run, now.rules_hash, small) for run in runs])
    events = [*rule_events(runs), *action_events(project, until=now.as_of)]
    events.sort(key=lambda row: (str(row["as_of"]), str(row["kind"]), str(row["subject"])))
    warehouse.write("metric_history", history)
    warehouse.write("run_event", pa.Table.from_pylist(events, schema=RUN_EVENT))
    return {"metric_history": len(history), "run_event": len(events)}


def history_rows(run: StoredRun, rules_now: str, small: int) -> pa.Table:
    """Rows of `metric_history` of one run; under other rules than tonight's a number compares with nothing."""
    rows = [
        {**row, "as_of": run.as_of, "rules_hash": run.rules_hash, "is_comparable": run.rules_hash == rules_now}
        for row in run.metrics.to_pylist()
        if row["customer_count"] is not None and row["customer_count"] >= small
    ]
    rows.sort(key=lambda row: (row["estimand"], row["segment"], row["stage"]))
    return pa.Table.from_pylist(rows, schema=METRIC_HISTORY)


def rule_events(runs: Sequence[StoredRun]) -> list[dict[str, object]]:
    """A row for each night whose rules differ from the night before, with the parts that differ."""
    return [
        {
            "as_of": after.as_of,
            "kind": "rules_changed",
            "subject": "",
            "parts": ",".join(
                name
                for name in sorted(after.rules.keys() | before.rules.keys())
                if after.rules.get(name) != before.rules.get(name)
            ),
        }
        for before, after in pairwise(runs)
        if before.rules_hash != after.rules_hash
    ]


def action_events(project: Project, *, until: datetime) -> list[dict[str, object]]:
    """A row for each declared action that has begun; `parts` names its segment and stage."""
    return [
        {
            "as_of": _midnight(action.since),
            "kind": "action_started",
            "subject": action.id,
            "parts": f"{action.segment or 'all'},{action.stage}",
        }
        for action in project.knowledge.action
        if action.since is not None and _midnight(action.since) <= until
    ]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())


def _current(warehouse: Warehouse, mark: str) -> StoredRun:
    parts = warehouse.read_arrow(RUN_RULE, columns=("part", "hash")).to_pylist()
    as_of = warehouse.read_arrow("run_setting", columns=("as_of",))["as_of"][0].as_py()
    return StoredRun(
        as_of=as_of,
        fingerprint=mark,
        rules={str(row["part"]): str(row["hash"]) for row in parts},
        metrics=warehouse.read_arrow("metric_value", order_by=("estimand", "segment", "stage"), columns=_KEPT),
    )


def _write(path: Path, run: StoredRun, small: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {"as_of": run.as_of.isoformat(), "fingerprint": run.fingerprint, "rules": run.rules}
    counts = run.metrics["customer_count"].to_pylist()
    kept = run.metrics.filter(pa.array([count is not None and count >= small for count in counts]))
    table = kept.replace_schema_metadata({_ABOUT: json.dumps(about, sort_keys=True).encode()})
    unfinished = path.with_name(f".{path.name}.part")
    with unfinished.open("wb") as target:
        pq.write_table(table, target)
        target.flush()
        os.fsync(target.fileno())
    replace_file(unfinished, path)


def _read(path: Path) -> StoredRun | None:
    try:
        table = pq.read_table(path)
        about = json.loads((table.schema.metadata or {})[_ABOUT])
        return StoredRun(
            as_of=datetime.fromisoformat(about["as_of"]),
            fingerprint=str(about["fingerprint"]),
            rules={str(name): str(value) for name, value in about["rules"].items()},
            metrics=table.select(list(_KEPT)).replace_schema_metadata(None),
        )
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException):
        return None
