# ruff: noqa: PLR2004 - tolerances are the content
"""S13: the same files give the same tables, and a later night leaves earlier losses as they were."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pandas as pd

from accuracy.record import Finding
from accuracy.worlds import Tried
from journey_mining.steps import run_line
from journey_mining.warehouse import DuckDBWarehouse

_OF_THE_RUN = {"published_state", "run_event", "run_history", "metric_history", "change_split", "change_cause"}
"""tables that tell of runs, not of customers"""
_STAY = ["person_id", "stage", "entered_at"]


def same_twice(tried: Tried) -> Iterator[Finding]:
    """The same exports in a second project."""
    second = tried.new_project("again")
    tried.deliver_all(second)
    run_line(second)
    differing = _differing(tried, tried.root, second)
    yield _none("tables that differ between two runs on the same files", differing, len(tried.tables()))


def night_after_night(tried: Tried) -> Iterator[Finding]:
    """Deliveries one after the other: losses that were known stay, and the last state is that of one big delivery."""
    root = tried.new_project("nights")
    changed, known = 0, 0
    before: pd.DataFrame | None = None
    for folder in tried.summary.deliveries:
        tried.deliver(root, folder)
        run_line(root)
        now = _losses(tried, root)
        if before is not None:
            changed += len(before) - len(before.merge(now, on=list(before.columns)))
            known += len(before)
        before = now
    share = changed / max(known, 1)
    is_strict = not tried.scenario.late_share
    yield Finding(
        claim="S13",
        measure="losses of an earlier night that a later one tells otherwise",
        planted=0.0,
        found=share,
        tolerance="0.5 % (who somebody is may become known later)" if is_strict else "shown only: rows come late",
        hit=share <= 0.005 if is_strict else None,
        n=known,
        note=f"{changed} of {known}",
    )
    differing = _differing(tried, tried.root, root)
    yield _none("tables that differ between nights and one delivery", differing, len(tried.tables()))


def _losses(tried: Tried, root: Path) -> pd.DataFrame:
    stays = tried.read("stage_episode", root)
    return stays.loc[stays["cause"] == "lost", [*_STAY, "exited_at"]].drop_duplicates()


def _none(measure: str, names: list[str], n: int) -> Finding:
    return Finding(
        claim="S13",
        measure=measure,
        planted=0.0,
        found=float(len(names)),
        tolerance="none",
        hit=not names,
        n=n,
        note=", ".join(names[:5]) or "n is tables",
    )


def _differing(tried: Tried, first: Path, second: Path) -> list[str]:
    """Names of published tables whose rows differ, whatever their order on disk."""
    with tried.warehouse(first) as one, tried.warehouse(second) as other:
        names = sorted({*one.tables(), *other.tables()} - _OF_THE_RUN)
        both = set(one.tables()) & set(other.tables())
        return [n for n in names if n not in both or content_hash(one, n) != content_hash(other, n)]


def content_hash(warehouse: DuckDBWarehouse, table: str) -> str:
    """Hash of all rows of a table in their total order; runs and files have ids and times of their own."""
    data = warehouse.read_arrow(table).to_pandas()
    data = data.drop(columns=[name for name in ("file_id", "line", "files_loaded") if name in data])
    rows = sorted(map(repr, data.itertuples(index=False, name=None)))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()
