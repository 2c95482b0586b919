"""Label files: what is written, and what comes back from spreadsheets."""

from __future__ import annotations

import csv
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey_mining.errors import SettingsError
from journey_mining.voice.label_file import LabelledText, label_of, read_labels, write_csv, write_workbook

ROWS = (
    LabelledText(text_id="t1", text="Сайт лежит", language="ru", stage="support"),
    LabelledText(text_id="t2", text='=HYPERLINK("http://evil.example")', language="en", stage="", label=0),
    LabelledText(text_id="t3", text="-10% to the price?\nthanks", language="en", label=1, marks=("trust",)),
)
WRITERS = {".xlsx": write_workbook, ".csv": write_csv}


@pytest.mark.parametrize("suffix", WRITERS)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_labelled_rows_come_back_as_they_were(tmp_path, suffix, language):
    path = tmp_path / f"labels{suffix}"
    WRITERS[suffix](ROWS, path, language=language)
    read = read_labels(path)
    assert read.rows == ROWS[1:]
    assert read.unlabelled_count == 1


@pytest.mark.parametrize("suffix", WRITERS)
def test_the_same_rows_give_the_same_bytes_for_the_owner_only(tmp_path, suffix):
    for name in ("a", "b"):
        WRITERS[suffix](ROWS, tmp_path / name, language="ru")
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a").stat().st_mode & 0o777 == 0o600


def test_no_cell_of_the_workbook_is_a_formula_and_labels_have_a_list(tmp_path):
    write_workbook(ROWS, tmp_path / "labels.xlsx", language="ru")
    sheet = openpyxl.load_workbook(tmp_path / "labels.xlsx").active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert lists["E2:E4"] == '"негатив,нейтрально,позитив,negative,neutral,positive"'


def test_no_cell_of_the_csv_begins_like_a_formula(tmp_path):
    write_csv(ROWS, tmp_path / "labels.csv", language="ru")
    rows = csv.reader((tmp_path / "labels.csv").read_text("utf-8-sig").splitlines(), delimiter=";")
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


def test_no_formula_begins_behind_a_separator_and_the_text_comes_back(tmp_path):
    rows = [LabelledText(text_id="t1", text="спасибо;=cmd|' /C calc'!A0\n@SUM(A1),+7", label=0)]
    write_csv(rows, tmp_path / "labels.csv", language="en")
    raw = (tmp_path / "labels.csv").read_text("utf-8-sig").replace("\n", ";").replace(",", ";").split(";")
    assert not [cell for cell in raw if cell.startswith(("=", "+", "-", "@"))]
    assert read_labels(tmp_path / "labels.csv").rows == tuple(rows)


@given(st.text())
def test_any_text_can_be_written_and_its_label_read_again(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "any.xlsx"
    write_workbook([LabelledText(text_id="t9", text=text, label=2)], path, language="en")
    assert [(row.text_id, row.label) for row in read_labels(path).rows] == [("t9", 2)]


DAMAGED = {
    "semicolons and cp1251": "id;text;label\nt1;Сайт лежит;негативный\n".encode("cp1251"),
    "tabs and utf-16": "id\ttext\tlabel\nt1\tСайт лежит\tНегатив\n".encode("utf-16"),
    "a title above and columns moved": "Разметка за май\n\nОценка,Кто,ID,Текст\n нег. ,Аня,t1,Сайт лежит\n".encode(),
    "spaces, dots and capitals": "ID , Label \nt1,\xa0NEGATIVE. \n".encode(),
    "empty lines and rows twice": b"\xef\xbb\xbfid,label\r\n\r\nt1,neg\r\n,\r\nt1,negative\r\n",
    "text only": "Текст;Метка\nСайт лежит;отрицательная\n".encode(),
}


@pytest.mark.parametrize("content", DAMAGED.values(), ids=DAMAGED)
def test_labels_survive_what_spreadsheets_do(tmp_path, content):
    (tmp_path / "l.csv").write_bytes(content)
    assert [row.label for row in read_labels(tmp_path / "l.csv").rows] == [0]


def test_a_sheet_of_notes_before_the_labels_does_no_harm(tmp_path):
    write_workbook(ROWS, tmp_path / "l.xlsx", language="en")
    book = openpyxl.load_workbook(tmp_path / "l.xlsx")
    book.create_sheet("notes", 0)["A1"] = "please label by Friday"
    book.save(tmp_path / "l.xlsx")
    assert len(read_labels(tmp_path / "l.xlsx").rows) == 2


def test_two_labels_of_one_text_are_none_and_unknown_words_are_told(tmp_path):
    (tmp_path / "l.csv").write_text("id,label\nt1,neg\nt1,pos\nt2,meh\nt3,neu\nt4,2\n")
    read = read_labels(tmp_path / "l.csv")
    assert [row.text_id for row in read.rows] == ["t3"]
    assert (read.contradicting_count, read.unread_count, read.unread) == (1, 2, ("meh", "2"))


def test_phenomena_are_read_as_marks(tmp_path):
    (tmp_path / "l.csv").write_text("text,label,phenomena\nfine,pos,negation; sarcasm\n")
    assert read_labels(tmp_path / "l.csv").rows[0].marks == ("negation", "sarcasm")


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"PK\x03\x04torn", bytes(range(256))])
def test_a_file_without_labels_is_refused_with_what_to_do(tmp_path, content):
    (tmp_path / "l.xlsx").write_bytes(content)
    with pytest.raises(SettingsError, match="with its columns id, text and label"):
        read_labels(tmp_path / "l.xlsx")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(SettingsError, match="cannot be read"):
        read_labels(tmp_path / "none.csv")


def test_a_number_is_no_label():
    assert [label_of(word) for word in ("0", "1", "2", "-1")] == [None] * 4


def workbook_parts(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("torn", ["byte", "half", "other XML", "gone"])
@pytest.mark.parametrize("part", ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_damaged_workbook_is_refused_or_read_and_never_fails_otherwise(tmp_path, part, torn):
    path = tmp_path / "l.xlsx"
    write_workbook(ROWS, path, language="en")
    parts = workbook_parts(path)
    content = parts.pop(part)
    damaged = {"byte": content[:40] + b"<" + content[41:], "half": content[: len(content) // 2], "other XML": b"<a/>"}
    parts |= {part: damaged[torn]} if torn in damaged else {}
    with zipfile.ZipFile(path, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name, body)
    with pytest.raises(SettingsError, match="The label file"):
        read_labels(path)


def test_a_workbook_with_torn_bytes_is_refused(tmp_path):
    path = tmp_path / "l.xlsx"
    write_workbook(ROWS, path, language="en")
    whole = path.read_bytes()
    refused = 0
    for at in range(60, len(whole) - 60, 97):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :])
        try:
            read_labels(path)
        except SettingsError:
            refused += 1
    assert refused > 10


def test_a_cell_beyond_every_limit_is_refused(tmp_path):
    (tmp_path / "l.csv").write_text(f'id,label\n"{"x" * 10_000_001}",neg\n')
    with pytest.raises(SettingsError, match="cannot be read"):
        read_labels(tmp_path / "l.csv")


@given(st.text(alphabet="aё_ .!\n\xa0"))
def test_signs_around_a_word_do_not_count(text):
    assert label_of(f"{text.replace('a', '').replace('ё', '')}neg. ") == 0
