"""Exports that change their shape without a word: a column that used to be filled and is empty now.

A renamed optional heading rejects no file; it silently takes away, say, the e-mails that join people.
In: the versions of a stream. Out: problems for the report of the load. Nothing is refused.
"""

from __future__ import annotations

from journey_mining.report import Problem
from journey_mining.sources.spec import Source, Stream
from journey_mining.sources.staging import LEDGER, version_name
from journey_mining.warehouse.duckdb_warehouse import DuckDBWarehouse, quoted

_FEWEST_ROWS = 50
_USUAL_SHARE = 0.2


def emptied_columns(warehouse: DuckDBWarehouse, source: Source, stream: Stream) -> list[Problem]:
    """Columns without any value in the newest file (the last by name) that others fill in at least a fifth of rows."""
    version = version_name(source.id, stream.id)
    newest = warehouse.execute(
        f"select max_by(file_id, path), max(path), count(*) from {LEDGER} "
        "where source = ? and stream = ? and status = 'loaded'",
        [source.id, stream.id],
    )[0]
    file_id, path, files = newest
    if files < 2 or version not in warehouse.tables():  # noqa: PLR2004 - the newest and one to compare with
        return []
    names = list(stream.columns)
    here, others = (
        warehouse.execute(
            f"select count(*), {', '.join(f'count({quoted(name)})' for name in names)} from {quoted(version)} "
            f"where _file_id {sign} ?",
            [file_id],
        )[0]
        for sign in ("=", "<>")
    )
    if here[0] < _FEWEST_ROWS:
        return []
    gone = [
        name
        for name, now, before in zip(names, here[1:], others[1:], strict=True)
        if now == 0 and before >= _USUAL_SHARE * others[0] > 0
    ]
    return [_problem(stream, name, path, before=others[1 + names.index(name)], rows=others[0]) for name in gone]


def _problem(stream: Stream, name: str, path: str, *, before: int, rows: int) -> Problem:
    column = stream.columns[name]
    wanted = " / ".join(column.from_ or column.path)
    return Problem(
        code="COLUMN_EMPTIED",
        where=path,
        text=f"{path} has no value of {name} ({wanted}); other files have one in {before} of {rows} rows. "
        "Expected: the same columns in every export. "
        "To do: export the column again, or add its new heading to spec.toml.",
    )
