"""No cell of a CSV is a formula, whatever sign a spreadsheet splits lines at."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from journey_mining.spreadsheet import as_written, harmless, write_rows

SIGNS = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
NASTY = st.text(alphabet="=+-@＝＋－＠,;|\t\r\n\"' ax1\xa0", max_size=40)


@given(NASTY | st.text())
@example("'=1;'=2")
@example("''=1")
@example(" \"'=1")
@example(";,=1")
def test_what_was_made_harmless_can_be_taken_back(text: str) -> None:
    assert as_written(harmless(text)) == text


@given(st.lists(NASTY, min_size=1, max_size=4), st.sampled_from(",;"), st.sampled_from(",;\t|"))
def test_no_cell_begins_like_a_formula_however_the_file_is_split(row: list[str], written: str, read: str) -> None:
    target = io.StringIO()
    write_rows(target, [row], delimiter=written)
    text = target.getvalue()
    cells = [cell for line in csv.reader(io.StringIO(text, newline=""), delimiter=read) for cell in line]
    # a program that knows nothing of quotes
    cells += [cell for line in text.replace("\r", "\n").split("\n") for cell in line.split(read)]
    assert [cell for cell in cells if cell.lstrip(" \xa0\"'").startswith(SIGNS) and "'" not in head(cell)] == []


def head(cell: str) -> str:
    """What stands before the sign."""
    return cell[: len(cell) - len(cell.lstrip(" \xa0\"'"))]


@pytest.mark.parametrize("text", ["a - b", "one, two", "5-7 дней", "a@b.example", "1+1=2", "да; нет", ""])
def test_plain_texts_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def test_numbers_keep_their_sign_and_nothing_is_an_empty_cell() -> None:
    target = io.StringIO()
    assert write_rows(target, [["-x", -5, None, -0.5]]) == 1
    assert target.getvalue() == "'-x,-5,,-0.5\r\n"
