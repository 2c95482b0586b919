"""Forgetting in the private database and in the events: what was loaded before a person asked to be forgotten.

In: tombstones, `raw.duckdb`, and the temporary tables of the events being built. Out: both without the person's rows,
and marks of records that named the person by nothing but a record number, so that these stay away as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from journey_mining.privacy.tombstones import ROW, Tombstones, add_tombstones, load_tombstones
from journey_mining.project import Project
from journey_mining.sources.batches import RowFault, TextBatch
from journey_mining.sources.forgotten import FORGOTTEN, Sieve
from journey_mining.sources.intake import replay_files
from journey_mining.sources.ledger import LOADED, enter_faults, set_aside
from journey_mining.sources.loader import open_load, private_files
from journey_mining.sources.spec import ROW_KEY, Source, Stream, load_sources
from journey_mining.sources.staging import LEDGER, QUARANTINE, raw_name, version_name
from journey_mining.sources.unfinished import mark
from journey_mining.warehouse import DuckDBWarehouse
from journey_mining.warehouse.duckdb_warehouse import quoted, quoted_text, replace_file

Place = tuple[str, str, str, int]
"""source, stream, file id and line of a row"""
_STATE = "erasure_state"
_CHUNK = 20_000
_PARTS = ("source_event", "source_identifier", "source_object", "source_text")


def erase_loaded(project: Project, *, now: datetime) -> int:
    """Erase forgotten people from the private database where marks were added since the last time; rows erased.

    The file is written anew afterwards, because deleted rows stay in the blocks of a database file until then.

    Raises:
        JourneyMiningError: the private database cannot be opened, or its books do not add up.
    """
    tombstones = load_tombstones(project)
    if not tombstones or not project.raw_file.is_file():
        return 0
    with open_load(project, now=now) as load:
        warehouse = load.warehouse
        if _is_done(warehouse, tombstones):
            return 0
        load.renew()
        erased = 0
        for source, stream in load.streams:
            with warehouse.transaction():
                erased += _erase_stream(warehouse, source, stream, Sieve(tombstones, source, stream), now=load.now)
        load.catch_up()
    write_anew(project.raw_file)
    with DuckDBWarehouse(project.raw_file) as warehouse:
        # last of all: a crash before this begins again
        warehouse.write(_STATE, pa.table({"state": [tombstones.state]}))
    return erased


def erase_events(warehouse: DuckDBWarehouse, tombstones: Tombstones) -> list[Place]:
    """Take the events of forgotten people out of the gathered ones; where their rows lie."""
    if not tombstones.identifier_kinds:
        return []
    warehouse.execute("create temp table forgotten_event (source varchar, stream varchar, natural_key varchar)")
    _name_events(warehouse, tombstones, "source_identifier", "kind", "value")
    _name_events(warehouse, tombstones, "source_object", "concat('object:', object_type)", "object_id")
    if not warehouse.count("forgotten_event"):
        return []
    same = "f.source = {0}.source and f.stream = {0}.stream and f.natural_key = {0}.natural_key"
    places = warehouse.execute(
        "select distinct source, stream, file_id, line from source_event where file_id is not null "
        f"and line is not null and exists (select 1 from forgotten_event as f where {same.format('source_event')}) "
        "order by all"
    )
    for table in _PARTS:
        warehouse.execute(
            f"delete from {table} where exists (select 1 from forgotten_event as f where {same.format(table)})"
        )
    return [(str(source), str(stream), str(file_id), int(line)) for source, stream, file_id, line in places]


def _name_events(warehouse: DuckDBWarehouse, tombstones: Tombstones, table: str, kind: str, value: str) -> None:
    """Add the events that name a forgotten person, or a deal or the like that was theirs alone."""
    listed = ", ".join(quoted_text(text) for text in sorted(tombstones.identifier_kinds))
    named = f"select source, stream, natural_key, {kind} as kind, {value} as value from {table}"
    plain = warehouse.execute(
        f"select distinct kind, value from ({named}) where kind in ({listed}) and value is not null order by all"
    )
    for name, text in plain:
        is_object = str(name).startswith("object:")
        if (tombstones.covers_object if is_object else tombstones.covers)(name, text):
            warehouse.execute(
                "insert into forgotten_event select source, stream, natural_key "
                f"from ({named}) where kind = ? and value = ?",
                [name, text],
            )


def erase_rows_of(project: Project, places: list[Place], *, now: datetime) -> int:
    """Mark the records that lie in these places and erase them wherever they lie; rows erased."""
    if not places:
        return 0
    mark_rows(project, places, load_tombstones(project))
    return erase_loaded(project, now=now)


def mark_rows(project: Project, places: list[Place], tombstones: Tombstones, *, act: str = "") -> None:
    """Mark the records that lie in these places, by their keys; `tombstones` need hold nothing but the key."""
    if not places or not project.raw_file.is_file():
        return
    streams = {(s.id, t.id): (s, t) for s in load_sources(project.sources) for t in s.streams}
    with DuckDBWarehouse(project.raw_file, read_only=True) as warehouse:
        marks = {
            tombstones.row_mark(f"{source}.{stream}", cells)
            for source, stream in sorted({place[:2] for place in places} & streams.keys())
            for cells in _keys_at(
                warehouse, streams[source, stream], [p[2:] for p in places if p[:2] == (source, stream)]
            )
        }
    add_tombstones(project, [(ROW, text) for text in marks], act=act)


def _keys_at(
    warehouse: DuckDBWarehouse, of: tuple[Source, Stream], lines: list[tuple[str, int]]
) -> Iterator[tuple[str | None, ...]]:
    """Text of the keys of rows; a line that several records share says of none of them that it is meant."""
    source, stream = of
    table = raw_name(source.id, stream.id)
    if ROW_KEY in stream.key or table not in warehouse.tables():
        return
    listed = ", ".join(f"any_value({quoted(name)})" for name in stream.key)
    typed = ", ".join(f"any_value(cast({quoted(name)} as varchar))" for name in stream.key)
    without_text = (
        f"_file_id in (select file_id from {LEDGER} where source = {quoted_text(source.id)} "
        f"and stream = {quoted_text(stream.id)} and text_dropped_at is not null)"
    )
    places = [(table, listed, "true"), (version_name(source.id, stream.id), typed, without_text)]
    for start in range(0, len(lines), _CHUNK):
        wanted = ", ".join(f"({quoted_text(file_id)}, {line})" for file_id, line in lines[start : start + _CHUNK])
        for place, cells, held in places:
            yield from warehouse.execute(
                f"select {cells} from {quoted(place)} where (_file_id, _line) in ({wanted}) and {held} "
                "group by _file_id, _line having count(*) = 1"
            )


def _is_done(warehouse: DuckDBWarehouse, tombstones: Tombstones) -> bool:
    return _STATE in warehouse.tables() and warehouse.execute(f"select state from {_STATE}") == [(tombstones.state,)]


def _erase_stream(warehouse: DuckDBWarehouse, source: Source, stream: Stream, sieve: Sieve, *, now: datetime) -> int:
    table = raw_name(source.id, stream.id)
    _blot_quarantine(warehouse, source, stream, sieve)
    if table not in warehouse.tables():
        return 0
    files = warehouse.execute(
        f"select file_id, text_dropped_at is null from {LEDGER} where source = ? and stream = ? "
        f"and status = '{LOADED}' order by 1",
        [source.id, stream.id],
    )
    changed, erased = [], 0
    for file_id, has_text in files:
        if not has_text:
            erased += _erase_typed(warehouse, source, stream, str(file_id), sieve)
            continue
        gone, is_changed = _erase_file(warehouse, table, str(file_id), sieve)
        where: dict[str, object] = {"file_id": file_id, "source": source.id, "stream": stream.id}
        enter_faults(warehouse, where, [RowFault(line=0, reason=FORGOTTEN) for _ in range(gone)])
        erased += gone
        changed += [str(file_id)] if is_changed else []
    if changed:
        replay_files(warehouse, source, stream, changed, now=now)
        mark(warehouse, source, stream)
    return erased


def _erase_file(warehouse: DuckDBWarehouse, table: str, file_id: str, sieve: Sieve) -> tuple[int, bool]:
    """Erase rows of one file from the kept text; how many, and whether anything changed."""
    names = [name for name in warehouse.columns(table) if not name.startswith("_")]
    gone = 0
    is_changed = False
    for batch in _kept_text(warehouse, table, file_id, names):
        rows = sieve.gone(batch)
        for name, cells in [*batch.columns.items(), ("_extra", batch.extra)]:
            for row, cell in enumerate(cells):
                if row not in rows and cell and (blotted := sieve.blotted(cell)) != cell:
                    is_changed = True
                    warehouse.execute(
                        f"update {quoted(table)} set {quoted(name)} = ? where _file_id = ? and _record = ?",
                        [blotted, file_id, batch.records[row]],
                    )
        if rows:
            listed = ", ".join(str(batch.records[row]) for row in sorted(rows))
            warehouse.execute(f"delete from {quoted(table)} where _file_id = ? and _record in ({listed})", [file_id])
        gone += len(rows)
    return gone, is_changed or gone > 0


def _erase_typed(warehouse: DuckDBWarehouse, source: Source, stream: Stream, file_id: str, sieve: Sieve) -> int:
    """Erase rows of a file whose text was dropped by what was typed of them; how many."""
    table, gone, is_changed = version_name(source.id, stream.id), 0, False
    kinds = _typed_columns(warehouse, table)
    texts = [name for name in stream.columns if kinds.get(name) == "VARCHAR"]
    lists = [name for name in stream.columns if kinds.get(name) == "VARCHAR[]"]
    for batch in _typed(warehouse, table, [name for name in stream.columns if name in kinds], lists, file_id):
        rows = sieve.gone(batch)
        for name in texts:
            for row, cell in enumerate(batch.columns[name]):
                if row not in rows and cell and (blotted := sieve.blotted(cell)) != cell:
                    is_changed = True
                    warehouse.execute(
                        f"update {quoted(table)} set {quoted(name)} = ? where rowid = ?", [blotted, batch.records[row]]
                    )
        if rows:
            listed = ", ".join(str(batch.records[row]) for row in sorted(rows))
            warehouse.execute(f"delete from {quoted(table)} where rowid in ({listed})")
        gone += len(rows)
    for name in lists:
        is_changed |= _blot_lists(warehouse, table, name, file_id, sieve)
    if gone or is_changed:
        where: dict[str, object] = {"file_id": file_id, "source": source.id, "stream": stream.id}
        set_aside(warehouse, where, [RowFault(line=0, reason=FORGOTTEN) for _ in range(gone)])
        mark(warehouse, source, stream)
    return gone


def _blot_lists(warehouse: DuckDBWarehouse, table: str, name: str, file_id: str, sieve: Sieve) -> bool:
    """Blot items of the lists of a column; whether there were any. Comes last: such a row changes its place."""
    held = warehouse.execute(
        f"select distinct {quoted(name)} from {quoted(table)} where _file_id = ? and {quoted(name)} is not null "
        "order by all",
        [file_id],
    )
    blotted = [(items, [item and sieve.blotted(item) for item in items]) for (items,) in held]
    changed = [(new, file_id, items) for items, new in blotted if new != items]
    for cells in changed:
        warehouse.execute(
            f"update {quoted(table)} set {quoted(name)} = ? where _file_id = ? and {quoted(name)} = ?", [*cells]
        )
    return bool(changed)


def _typed_columns(warehouse: DuckDBWarehouse, table: str) -> dict[str, str]:
    """Types of the columns of a table; none where it is not there."""
    rows = warehouse.execute(f"describe {quoted(table)}") if table in warehouse.tables() else []
    return {str(row[0]): str(row[1]) for row in rows}


def _typed(warehouse: DuckDBWarehouse, table: str, names: list[str], lists: list[str], file_id: str) -> list[TextBatch]:
    """The typed rows of a file as text, items of a list each on a line; `records` are their places in the table."""
    if not names:
        return []
    # a list as text would put quotes around some items, which nobody's name then equals
    cells = [
        f"array_to_string({quoted(name)}, chr(10))" if name in lists else f"cast({quoted(name)} as varchar)"
        for name in names
    ]
    rows = warehouse.execute(
        f"select rowid, _line, {', '.join(cells)} from {quoted(table)} where _file_id = ? order by rowid", [file_id]
    )
    return [
        TextBatch(
            lines=[int(row[1] or 0) for row in part],
            columns={name: [row[place] for row in part] for place, name in enumerate(names, 2)},
            extra=[None] * len(part),
            raw=[""] * len(part),
            records=[row[0] for row in part],
        )
        for part in (rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK))
    ]


def _kept_text(warehouse: DuckDBWarehouse, table: str, file_id: str, names: list[str]) -> Iterator[TextBatch]:
    listed = ", ".join(quoted(name) for name in ["_record", "_line", "_extra", *names])
    last = -1
    while rows := warehouse.execute(
        f"select {listed} from {quoted(table)} where _file_id = ? and _record > ? order by _record limit {_CHUNK}",
        [file_id, last],
    ):
        last = rows[-1][0]
        yield TextBatch(
            lines=[row[1] for row in rows],
            columns={name: [row[place] for row in rows] for place, name in enumerate(names, 3)},
            extra=[row[2] for row in rows],
            raw=[""] * len(rows),
            records=[row[0] for row in rows],
        )


def _blot_quarantine(warehouse: DuckDBWarehouse, source: Source, stream: Stream, sieve: Sieve) -> None:
    rows = warehouse.execute(
        f"select rowid, raw, detail from {QUARANTINE} where source = ? and stream = ?", [source.id, stream.id]
    )
    for row, raw, detail in rows:
        blotted = (sieve.blotted(raw or ""), sieve.blotted(detail or ""))
        if blotted != (raw or "", detail or ""):
            warehouse.execute(f"update {QUARANTINE} set raw = ?, detail = ? where rowid = ?", [*blotted, row])


def write_anew(path: Path) -> None:
    """Write a private database anew, without what its blocks still hold of deleted rows; old or new, never half."""
    building = path.with_name(path.name + ".building")
    building.unlink(missing_ok=True)
    with private_files(), DuckDBWarehouse() as engine:
        engine.execute(f"attach {quoted_text(str(path))} as old (read_only)")
        engine.execute(f"attach {quoted_text(str(building))} as new")
        engine.execute("copy from database old to new")
        engine.execute("detach new")
        engine.execute("detach old")
    replace_file(building, path)
