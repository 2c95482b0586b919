"""Forgetting in the folder `voice/`: label files and kept answers lose what a forgotten person wrote.

In: the marks of forgotten people, and every file of the folder. Out: the same files without those rows and lines. It is
done by every run that knows of somebody forgotten, so a file that is brought back from elsewhere is swept as well.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path

from journey_mining.errors import SettingsError
from journey_mining.privacy.private_files import write_private
from journey_mining.privacy.tombstones import Tombstones, load_tombstones
from journey_mining.project import Project
from journey_mining.report import Problem, StepReport
from journey_mining.spreadsheet import as_written, write_rows
from journey_mining.voice.label_file import (
    Table,
    is_workbook_file,
    labelled_text,
    opened_workbook,
    read_tables,
    read_text_table,
    saved_workbook,
)
from journey_mining.voice.places import adapted_file, answers_file, levels_file
from journey_mining.voice.traces import id_trace, words_trace

IsGone = Callable[[Table, int], bool]


def sweep_voice(project: Project) -> StepReport:
    """Take rows and answers of forgotten people out of `voice/`; counts, and files that could not be looked into.

    Raises:
        SettingsError: a file of marks is damaged, or the key is not the one that the marks were made with.
    """
    marks = load_tombstones(project)
    folder = project.root / "voice"
    if not marks or not folder.is_dir():
        return StepReport()
    hold_no_texts = {adapted_file(project.root), levels_file(project.root)}
    gone, unread = 0, []
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p not in hold_no_texts):
        try:
            gone += _swept(path, marks, is_answers=path.name.startswith(answers_file(project.root).name))
        except SettingsError:
            unread.append(path.relative_to(project.root).as_posix())
    counts = {"texts_forgotten": gone} if gone else {}
    return StepReport(counts=counts, problems=(*map(_not_looked_into, unread), *([_adapted_before()] if gone else [])))


def _swept(path: Path, marks: Tombstones, *, is_answers: bool) -> int:
    if is_answers:
        return _sweep_answers(path, marks)

    def is_gone(table: Table, number: int) -> bool:
        row = labelled_text(table, number)
        shown, words = id_trace(row.text_id), words_trace(row.text)
        return marks.covers_text(shown) or (bool(row.text) and marks.covers_text(words))

    return (_sweep_workbook if is_workbook_file(path) else _sweep_text)(path, is_gone)


def _sweep_answers(path: Path, marks: Tombstones) -> int:
    """Lines without a trace were kept by an older version: nothing tells whose they are, so they go too."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    kept = [line for line in lines if (trace := _trace_of(line)) and not marks.covers_text(trace)]
    if len(kept) < len(lines):
        write_private(path, "".join(f"{line}\n" for line in kept))
    return len(lines) - len(kept)


def _trace_of(line: str) -> str:
    try:
        _, _, trace = json.loads(line)
    except (ValueError, TypeError):
        return ""
    return str(trace)


def _sweep_text(path: Path, is_gone: IsGone) -> int:
    table, form = read_text_table(path)
    gone = _rows_gone(table, is_gone)
    if gone:
        kept = [row for number, row in enumerate(table.rows) if number not in gone]
        target = io.StringIO()
        write_rows(target, [[as_written(cell) for cell in row] for row in kept], delimiter=form.delimiter)
        write_private(path, target.getvalue().encode(form.encoding))
    return len(gone)


def _sweep_workbook(path: Path, is_gone: IsGone) -> int:
    found = {name: _rows_gone(table, is_gone) for name, table in read_tables(path).items()}
    count = sum(map(len, found.values()))
    if count:
        book = opened_workbook(path)
        for name, gone in found.items():
            for number in sorted(gone, reverse=True):
                book[name].delete_rows(number + 1)
        write_private(path, saved_workbook(book))
    return count


def _rows_gone(table: Table, is_gone: IsGone) -> set[int]:
    return {number for number in range(table.head + 1, len(table.rows)) if is_gone(table, number)}


def _not_looked_into(name: str) -> Problem:
    text = (
        "It is no label file, so texts of forgotten people were not looked for in it. Expected in voice/: what "
        "`journey voice` writes. To do: look for yourself, and keep other files elsewhere."
    )
    return Problem(code="VOICE_FILE", where=name, text=text, is_notice=True)


def _adapted_before() -> Problem:
    text = (
        "Labels of forgotten people were removed. Expected: a correction fitted without them. To do: run "
        "`journey voice adapt` again if there is one; it holds no text, only parts of words that several people used."
    )
    return Problem(code="VOICE_LABELS", where="voice", text=text, is_notice=True)
