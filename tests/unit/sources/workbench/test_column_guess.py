"""What a column of strangers is."""

from __future__ import annotations

import pytest

from journey_mining.sources.workbench.column_guess import ColumnGuess, column_guess
from journey_mining.sources.workbench.sampling import Field


def guess(heading: str, *values: str | None, locale: str = "en-US") -> ColumnGuess:
    return column_guess("x", Field(heading=heading, is_path=False, is_list=False, values=values), locale=locale)


@pytest.mark.parametrize(
    ("heading", "values", "kind"),
    [
        ("visit", ("14389127361827369821", "14389127361827369822"), "id"),
        ("code", ("00017", "00018"), "id"),
        ("count", ("1", "2", "2"), "int"),
        ("Сумма", ("1 234,50", "99,00"), "decimal"),
        ("mail", ("anna@mail.example", "boris@mail.example"), "email"),
        ("mails", ("anna@mail.example, boris@mail.example", ""), "email_list"),
        ("Телефон", ("8 (916) 555-01-01", "+7 916 555 01 02"), "phone"),
        ("open", ("true", "false"), "bool"),
        ("Валюта", ("RUB", "USD"), "currency"),
        ("page", ("https://a.example/x?y=1", "https://a.example/"), "url"),
        ("params", ('{"a": 1}', "{}"), "json"),
        ("stage", ("new", "won", "new"), "text"),
        ("at", ("2026-04-01T10:00:00+03:00", "2026-04-01T10:00:00Z"), "datetime_tz"),
        ("time", ("1780000000", "1780000001"), "epoch_s"),
        ("time", ("1780000000000", "1780000000001"), "epoch_ms"),
        ("serial", ("1780000000", "1780000001"), "int"),
    ],
)
def test_types_are_told_by_values_and_headings(heading: str, values: tuple[str, ...], kind: str) -> None:
    assert guess(heading, *values).type == kind


@pytest.mark.parametrize(
    ("values", "kind", "formats"),
    [
        (("28.09.2026", "01.10.2026"), "date", ("%d.%m.%Y",)),
        (("28.09.2026 10:05", "01.10.2026 11:00"), "datetime", ("%d.%m.%Y %H:%M",)),
        (("09/28/2026", "10/01/2026"), "date", ("%m/%d/%Y",)),
        (("28/09/2026", "01/10/2026"), "date", ("%d/%m/%Y",)),
        (("2026-09-28 10:05:00.123", "2026-10-01 11:00:00.1"), "datetime", ("%Y-%m-%d %H:%M:%S.%f",)),
        (("28/Sep/26 10:05", "01/Oct/26 11:00"), "datetime", ("%d/%b/%y %H:%M",)),
        (("28.09.2026 10:05:00", "01.10.2026 11:00"), "datetime", ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M")),
        (("20260928", "20261001"), "date", ("%Y%m%d",)),
        (("46293", "46294.5"), "datetime", ("excel",)),
    ],
)
def test_formats_of_times_are_told_by_values(values: tuple[str, ...], kind: str, formats: tuple[str, ...]) -> None:
    found = guess("date", *values)
    assert (found.type, found.time and found.time.formats) == (kind, formats)


def test_day_and_month_are_asked_about_where_no_value_decides() -> None:
    (question,) = guess("date", "01/02/2026", "03/04/2026").questions
    assert question == "%d/%m/%Y or %m/%d/%Y? no value decides it (none above 12 in the place of the month)"


def test_a_comma_of_thousands_or_of_decimals_is_asked_about() -> None:
    (question,) = guess("x", "1,234", "2,345", "3.5").questions
    assert question == '"1,234" reads as 1234 under locale en-US: is it so?'


def test_labels_are_shown_only_where_nobody_is_named() -> None:
    labels = ("open", "closed", "open", "closed", "open")
    people = ("Иван Петров", "Пётр Иванов", "Иван Петров", "Пётр Иванов", "Иван Петров")
    assert [guess("status", *labels).labels, guess("status", *people).labels, guess("manager", *labels).labels] == [
        ("open", "closed"),
        (),
        (),
    ]


def test_what_customers_write_is_no_label() -> None:
    found = guess("Неисправность", "Не включается", "Разбит экран", "Не включается", "Разбит экран")
    assert (found.is_free_text, found.labels) == (True, ())
