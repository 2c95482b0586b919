"""Texts of forgotten people go from label files and kept answers; all else stays as it was."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.source_place import Place

from journey_mining.privacy.tombstones import TEXT, Tombstones, add_tombstones
from journey_mining.project import Project
from journey_mining.voice import sweep_voice
from journey_mining.voice.endpoint import KeptAnswers
from journey_mining.voice.label_file import LabelledText, read_labels, write_csv, write_workbook
from journey_mining.voice.traces import question, question_trace, traces, words_trace

GONE = "Третий день жду ответа, счёт;=1+1 выставили дважды"
STAYS = "Всё работает, спасибо большое за быструю помощь"
ROWS = (
    LabelledText(text_id="t1111111111111111", text=GONE, language="ru", label=0),
    LabelledText(text_id="t2222222222222222", text=STAYS, language="ru", label=2, marks=("trust",)),
    LabelledText(text_id="t3333333333333333", text="=спасибо", language="ru", label=2),
)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("JOURNEY_KEY", "k" * 32)
    made = Place(tmp_path).shop().project
    marks = Tombstones(keys=(b"k" * 32,))
    found = traces("1" * 32, GONE)
    add_tombstones(made, [(TEXT, marks.text_mark(trace)) for trace in found], act="a")
    return made


def test_rows_go_by_id_and_by_words_and_the_others_stay(project: Project) -> None:
    folder = project.root / "voice"
    write_workbook(ROWS, folder / "labels.xlsx", language="ru")
    write_csv(ROWS, folder / "labels.csv", language="ru")
    # as people pass them on: without ids, in another encoding, in a folder of their own
    (folder / "old").mkdir()
    (folder / "old" / "май.csv").write_bytes(
        f"Заметка\n\nТекст;Метка;Кто\n{GONE.replace(';', ',').upper()};нег;Аня\n{STAYS};поз;Аня\n".encode("cp1251")
    )
    report = sweep_voice(project)
    assert report.counts == {"texts_forgotten": 3}
    assert [problem.code for problem in report.problems] == ["VOICE_LABELS"]
    for name in ("labels.xlsx", "labels.csv"):
        assert read_labels(folder / name).rows == ROWS[1:]
        assert (folder / name).stat().st_mode & 0o777 == 0o600
    assert (folder / "old" / "май.csv").read_text("utf-8-sig") == f"Заметка\n\nТекст;Метка;Кто\n{STAYS};поз;Аня\n"
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert sweep_voice(project).counts == {}
    assert {path: path.read_bytes() for path in before} == before


def test_the_workbook_keeps_its_list_of_labels(project: Project) -> None:
    path = project.root / "voice" / "labels.xlsx"
    write_workbook(ROWS, path, language="ru")
    sweep_voice(project)
    sheet = openpyxl.load_workbook(path).active
    assert {str(rule.sqref) for rule in sheet.data_validations.dataValidation} == {"E2:E4", "F2:I4"}
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


def test_answers_go_whatever_the_model_and_those_without_a_trace_go_too(project: Project) -> None:
    path = project.root / "voice" / "answers.jsonl"
    kept = KeptAnswers(path)
    for model in ("one", "two"):
        for text in (GONE, STAYS):
            kept.keep(f"{model} {text[:5]}", (0.1, 0.2, 0.7), trace=question_trace(question(text)))
    with path.open("a") as lines:
        lines.write(json.dumps(["older", [0.1, 0.2, 0.7]]) + "\n[torn")
    assert sweep_voice(project).counts == {"texts_forgotten": 4}
    left = KeptAnswers(path)
    assert [f"{model} {text[:5]}" in left for text in (GONE, STAYS) for model in ("one", "two")] == [False] * 2 + [
        True
    ] * 2
    assert path.stat().st_mode & 0o777 == 0o600


def test_files_that_cannot_be_looked_into_are_named_every_time(project: Project) -> None:
    folder = project.root / "voice"
    folder.mkdir()
    (folder / "notes.txt").write_text("call Anna")
    (folder / "adapted.npz").write_bytes(b"PK\x03\x04 numbers")
    for _ in range(2):
        assert [(p.code, p.where, p.is_notice) for p in sweep_voice(project).problems] == [
            ("VOICE_FILE", "voice/notes.txt", True)
        ]


def test_where_nobody_is_forgotten_nothing_is_read(tmp_path: Path) -> None:
    project = Place(tmp_path).shop().project
    (project.root / "voice").mkdir()
    (project.root / "voice" / "notes.txt").write_text("x")
    assert (sweep_voice(project).counts, sweep_voice(project).problems) == ({}, ())


@given(st.text(min_size=21, max_size=200))
def test_the_words_of_any_text_are_known_again_after_a_spreadsheet(text: str) -> None:
    target = io.StringIO()
    csv.writer(target, delimiter=";").writerow([" ".join(text.split()).upper().lower()])
    cell = next(iter(csv.reader(io.StringIO(target.getvalue(), newline=""), delimiter=";")), [""])[0]
    assert words_trace(cell) == words_trace(text.upper().lower())
