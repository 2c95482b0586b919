"""How long the text of exports is kept: beyond `privacy.retain_raw` it goes, and what was typed of it stays.

In: the private database, the term, the time. Out: `raw_*` and `quarantine` without the text of older files, and the
moment in the ledger. Events and numbers stay as they are, since they are made of typed values. What needs the text
cannot be done any more for these files: typing under another spec, and taking rows out of quarantine. Either is said,
and both come back with the export itself.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa

from journey_mining.project import Project
from journey_mining.report import Problem, StepReport
from journey_mining.sources.erasure import write_anew
from journey_mining.sources.ledger import LOADED
from journey_mining.sources.loader import private_files
from journey_mining.sources.spec import load_sources
from journey_mining.sources.staging import LEDGER, QUARANTINE, ensure_ledgers, raw_name
from journey_mining.warehouse import DuckDBWarehouse
from journey_mining.warehouse.duckdb_warehouse import quoted

_SWEEP = "text_sweep"
"""stands in the database from the first deletion until the file was written anew"""
_OLD = f"status = '{LOADED}' and text_dropped_at is null and loaded_at < ?"


def drop_old_text(project: Project, *, now: datetime) -> StepReport:
    """Drop the text of files that were loaded longer ago than the term; how many, and what is to be known of it.

    `now` is UTC. The database is written anew afterwards, because deleted rows stay in its blocks until then. Asked
    again it does nothing; interrupted anywhere it is made up for by the next time.

    Raises:
        ModelError: the private database cannot be opened.
    """
    term = project.settings.privacy.retain_raw
    if term is None or not project.raw_file.is_file():
        return StepReport()
    now = now.astimezone(UTC).replace(tzinfo=None) if now.tzinfo else now
    with private_files(), DuckDBWarehouse(project.raw_file) as warehouse:
        ensure_ledgers(warehouse)
        count = _drop(warehouse, before=now - term, now=now)
        is_due = _SWEEP in warehouse.tables()
        problems = [*_outdated(warehouse, project), *_in_inbox(warehouse, project)]
    if is_due:
        write_anew(project.raw_file)
        with private_files(), DuckDBWarehouse(project.raw_file) as warehouse:
            # last of all: a crash before this writes it anew once more
            warehouse.drop(_SWEEP)
    return StepReport(counts={"texts_dropped": count} if count else {}, problems=tuple(problems))


def _drop(warehouse: DuckDBWarehouse, *, before: datetime, now: datetime) -> int:
    """Delete the text of files loaded before a moment, all in one transaction; how many files."""
    streams = warehouse.execute(f"select distinct source, stream from {LEDGER} where {_OLD} order by all", [before])
    if not streams:
        return 0
    with warehouse.transaction():
        if _SWEEP not in warehouse.tables():
            warehouse.write(_SWEEP, pa.table({"is_due": [True]}))
        for source, stream in streams:
            place = [before, source, stream]
            files = f"(select file_id from {LEDGER} where {_OLD} and source = ? and stream = ?)"
            table = raw_name(str(source), str(stream))
            if table in warehouse.tables():
                warehouse.execute(f"delete from {quoted(table)} where _file_id in {files}", place)
            # without the cells nothing but the file itself can bring a row back
            warehouse.execute(
                f"update {QUARANTINE} set raw = null, detail = null, record = null "
                f"where file_id in {files} and source = ? and stream = ?",
                [*place, source, stream],
            )
        count = int(warehouse.execute(f"select count(*) from {LEDGER} where {_OLD}", [before])[0][0])
        warehouse.execute(f"update {LEDGER} set text_dropped_at = ?, retry_from = null where {_OLD}", [now, before])
    return count


def _outdated(warehouse: DuckDBWarehouse, project: Project) -> list[Problem]:
    """A notice for each stream with files that the present spec would read otherwise."""
    found = []
    for source in load_sources(project.sources):
        for stream in source.streams:
            count = warehouse.execute(
                f"select count(*) from {LEDGER} where source = ? and stream = ? and status = '{LOADED}' "
                "and text_dropped_at is not null and spec_hash <> ?",
                [source.id, stream.id, source.spec_hash(stream)],
            )[0][0]
            text = (
                f"{count} files of {source.id}.{stream.id} keep the values that an earlier spec gave them: their text "
                "was dropped after privacy.retain_raw. Expected: all files read under one spec. To do: put these "
                "exports into the inbox again, or leave it so; columns that are new in the spec are empty for them."
            )
            place = f"{source.id}.{stream.id}"
            found += [Problem(code="TEXT_DROPPED", where=place, text=text, is_notice=True)] if count else []
    return found


def _in_inbox(warehouse: DuckDBWarehouse, project: Project) -> list[Problem]:
    """A notice where exports outlive the term in the inbox, which is the company's."""
    paths = warehouse.execute(f"select distinct path from {LEDGER} where text_dropped_at is not null order by path")
    count = sum((project.inbox / str(path)).is_file() for (path,) in paths)
    if not count:
        return []
    text = (
        f"{count} exports whose text was dropped after privacy.retain_raw still lie in the inbox. Expected: they go "
        "there too, if the term is to hold for them. To do: remove them; nothing here touches the inbox."
    )
    return [Problem(code="TEXT_IN_INBOX", where="inbox", text=text, is_notice=True)]
