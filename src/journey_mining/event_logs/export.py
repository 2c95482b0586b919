"""Writing one log: beside its place first, then into its place in one step.

In: a project that has been run. Out: a file, and how much is in it. The same state gives the same bytes.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, cast

from journey_mining.errors import NotFoundError, SettingsError
from journey_mining.event_logs.cases import LogLevel, LogSource
from journey_mining.event_logs.flat import write_csv, write_parquet, write_xes
from journey_mining.event_logs.ocel import write_ocel_json, write_ocel_xml
from journey_mining.event_logs.ocel_database import write_ocel_sqlite
from journey_mining.project import Project
from journey_mining.vocabulary import ALL_SEGMENTS
from journey_mining.warehouse import DuckDBWarehouse

_GZIP = ".gz"


class LogFormat(StrEnum):
    """How a log is written."""

    XES = "xes"
    OCEL_JSON = "ocel-json"
    OCEL_XML = "ocel-xml"
    OCEL_SQLITE = "ocel-sqlite"
    CSV = "csv"
    PARQUET = "parquet"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogSummary:
    """What was written."""

    path: Path
    event_count: int
    size_bytes: int


_TEXTS: dict[LogFormat, Callable[[LogSource, IO[bytes]], int]] = {
    LogFormat.XES: lambda source, target: write_xes(source.cases(), target),
    LogFormat.CSV: lambda source, target: write_csv(source.cases(), target),
    LogFormat.OCEL_JSON: write_ocel_json,
    LogFormat.OCEL_XML: write_ocel_xml,
}
_FILES: dict[LogFormat, Callable[[LogSource, Path], int]] = {
    LogFormat.PARQUET: lambda source, target: write_parquet(source.cases(), target),
    LogFormat.OCEL_SQLITE: write_ocel_sqlite,
}


def export_log(
    project: Project,
    *,
    out: Path,
    form: LogFormat,
    segment: str = ALL_SEGMENTS,
    level: LogLevel = LogLevel.TOUCHPOINT,
) -> LogSummary:
    """Write the journeys of a segment as an event log to `out`; a file that is there is replaced.

    Raises:
        NotFoundError: nothing has been published yet, or there is no such segment.
        SettingsError: `out` cannot be written, or is to be packed in a format that cannot.
    """
    _refuse_bad_place(out, form)
    if not project.warehouse_file.is_file():
        raise NotFoundError(
            f"{project.warehouse_file} does not exist.",
            expected="a project that has been run at least once.",
            todo=f"Run `journey run {project.root}`.",
        )
    aside = out.with_name(f".{out.name}.part")
    with DuckDBWarehouse(project.warehouse_file, read_only=True) as warehouse:
        source = LogSource(warehouse=warehouse, segment=segment, level=level)
        source.refuse_unknown_segment()
        try:
            count = _write(source, form, aside, is_packed=out.suffix == _GZIP)
            aside.replace(out)
        finally:
            aside.unlink(missing_ok=True)
    return LogSummary(path=out, event_count=count, size_bytes=out.stat().st_size)


def _write(source: LogSource, form: LogFormat, aside: Path, *, is_packed: bool) -> int:
    if form in _FILES:
        return _FILES[form](source, aside)
    with aside.open("wb") as plain:
        if not is_packed:
            return _TEXTS[form](source, plain)
        # without name and time in the archive the same log is the same bytes
        with gzip.GzipFile(filename="", mode="wb", fileobj=plain, mtime=0) as packed:
            return _TEXTS[form](source, cast("IO[bytes]", packed))


def _refuse_bad_place(out: Path, form: LogFormat) -> None:
    if out.is_dir() or not out.parent.is_dir():
        raise SettingsError(
            f"{out} is a folder." if out.is_dir() else f"The folder {out.parent} does not exist.",
            expected="the name of a file in a folder that is there.",
            todo="Correct --out, or make the folder.",
        )
    if out.suffix == _GZIP and form in _FILES:
        raise SettingsError(
            f"{out.name}: {form} cannot be packed as .gz.",
            expected="a name without .gz; Parquet is packed inside already, and databases are opened in place.",
            todo="Correct --out.",
        )
