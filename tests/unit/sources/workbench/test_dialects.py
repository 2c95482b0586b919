"""How unknown text is written."""

from __future__ import annotations

import pytest

from journey_mining.sources.workbench.dialects import dialect_of, encoding_of

RUSSIAN = "Номер;Создан;Стадия\n1;01.04.2026;Новая заявка\n2;02.04.2026;В работе\n"


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8-sig"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("cp1251", "cp1251"),
        ("cp866", "cp866"),
        ("koi8-r", "koi8-r"),
    ],
)
def test_russian_text_is_told_from_its_bytes(encoding: str, found: str) -> None:
    assert encoding_of(RUSSIAN.encode(encoding)) == found


def test_a_character_cut_in_two_is_no_other_encoding() -> None:
    assert encoding_of("Заявка".encode()[:-1]) == "utf-8-sig"


def test_western_letters_are_no_russian() -> None:
    assert encoding_of("name;city\nJosé;Málaga\n".encode("cp1252")) == "cp1252"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_makes_rows_of_one_width(delimiter: str) -> None:
    text = RUSSIAN.replace(";", delimiter)
    found = dialect_of(text)
    assert found is not None
    assert (found.delimiter, found.width, found.has_headings) == (delimiter, 3, True)


def test_breaks_and_delimiters_inside_of_quotes_are_text() -> None:
    found = dialect_of('id,words\n1,"a, b\nc"\n2,"d, e, f"\n')
    assert found is not None
    assert (found.delimiter, found.quote, found.width) == (",", '"', 2)


def test_a_quote_that_is_no_quote_is_read_as_text() -> None:
    found = dialect_of('id\twords\n1\t"open\n2\tb\n3\tc\n')
    assert found is not None
    assert (found.delimiter, found.quote) == ("\t", "")


def test_a_report_has_lines_above_its_headings() -> None:
    found = dialect_of("Отчёт за сентябрь\n\nid;day\n1;2026-09-01\n2;2026-09-02\n")
    assert found is not None
    assert (found.skip_lines, found.width) == (2, 2)


def test_one_delimiter_too_many_at_each_end_is_dropped() -> None:
    found = dialect_of('"ID";"Стадия";\n"1";"Новая";\n"2";"Новая";\n')
    assert found is not None
    assert (found.drops_trailing, found.width) == (True, 2)


def test_a_first_row_of_values_is_no_row_of_headings() -> None:
    found = dialect_of("1,2026-09-01,anna@mail.example\n2,2026-09-02,boris@mail.example\n")
    assert found is not None
    assert found.has_headings is False


def test_prose_is_no_table() -> None:
    assert dialect_of("Once upon a time\nthere was a shop\n") is None
