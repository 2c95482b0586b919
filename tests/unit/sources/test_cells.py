from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from journey_mining.sources.cell_error import CellError
from journey_mining.sources.cells import CellContext, parser_of
from journey_mining.sources.spec import SourceSettings
from journey_mining.sources.spec_column import Column

MOSCOW = SourceSettings(
    id="s", system="x", role="crm", title_ru="С", title_en="S", timezone="Europe/Moscow", locale="ru-RU"
)
LATEST = datetime(2026, 12, 1)  # noqa: DTZ001
NULLS = frozenset({"", "null", "-"})


def parsed(text: str, kind: str, *, locale: str = "ru-RU", **column: Any) -> Any:
    source = MOSCOW.model_copy(update={"locale": locale})
    context = CellContext(source=source, latest=LATEST, null_values=NULLS)
    return parser_of(Column.model_validate({"from": ["x"], "type": kind, **column}), context)(text)


def at(*parts: int) -> datetime:
    return datetime(*parts)  # type: ignore[arg-type]  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("14389127361827369821", "id", "14389127361827369821"),
        ("401013266745e5661589292315434968", "id", "401013266745e5661589292315434968"),
        ("0", "id", None),
        ("null", "text", None),
        ("1 234,56", "decimal", Decimal("1234.56")),
        ("1\u00a0234,5", "decimal", Decimal("1234.50")),
        ("1\u202f234\u202f567 ₽", "decimal", Decimal("1234567.00")),
        ("1.234,56", "decimal", Decimal("1234.56")),
        ("1,234.56", "decimal", Decimal("1234.56")),
        ("-5", "int", -5),
        ("Y", "bool", True),
        ("нет", "bool", False),
        ("01.04.2026 10:00:00", "datetime", at(2026, 4, 1, 7)),
        ("01.04.2026 10:00", "datetime", at(2026, 4, 1, 7)),
        ("01.07.2013 10:00:00", "datetime", at(2013, 7, 1, 6)),
        ("30.04.2026", "date", date(2026, 4, 30)),
        ("2026-04-01T10:00:00+0300", "datetime_tz", at(2026, 4, 1, 7)),
        ("2026-04-01T10:00:00Z", "datetime_tz", at(2026, 4, 1, 10)),
        ("1777104000", "epoch_s", at(2026, 4, 25, 8)),
        ("1777104000000", "epoch_ms", at(2026, 4, 25, 8)),
        ("8 (916) 555-01-01", "phone", "+79165550101"),
        ("+81 3-1234-5678", "phone", "+81312345678"),
        (" Anna@Mail.Example ", "email", "anna@mail.example"),
        ("RUR", "currency", "RUB"),
        ("Cчёт", "label", "счет".translate(str.maketrans("", ""))),
        ("https://a.example/p/?email=x%40y.example#f", "url_path", "/p"),
        ("https://a.example/%D0%B0", "url_path", "/а"),
        ("https://A.example:8080/p", "url_host", "a.example"),
        ("https://a.example/u/ivan.petrov%40mail.example/79161234567", "url_path", "/u/[email]/[number]"),
        ("https://a.example/u/ivan%2540mail.example", "url_path", "/u/[email]"),
        ("mailto:ivan@mail.example", "url_path", "[email]"),
        ("https://a.example/call/+7 (916) 123-45-67/ok", "url_path", "/call/[number]/ok"),
        ("https://a.example/call/8-916-123-45-67", "url_path", "/call/[number]"),
        ("https://a.example/reset/eyJhbGciOiJIUzI1NiJ9abcdef", "url_path", "/reset/[token]"),
        ("https://a.example/reset/c0ffee00c0ffee00.html", "url_path", "/reset/[token]"),
        ("https://a.example/r/550e8400-e29b-41d4-a716-446655440000", "url_path", "/r/[token]"),
        ("https://a.example/r/Xk3-9aQ_27bZr-w81LmN0pQ", "url_path", "/r/[token]"),
        ("https://a.example/top-10-hosting-of-2026-with-php8", "url_path", "/top-10-hosting-of-2026-with-php8"),
        ("https://a.example/news/2026-04-01-new-prices", "url_path", "/news/2026-04-01-new-prices"),
        ("https://a.example/docs/migration_to_another_server", "url_path", "/docs/migration_to_another_server"),
        (r"[\'301\',\'302\']", "text_list", ["301", "302"]),
        ('["vip","support"]', "text_list", ["vip", "support"]),
        ("[]", "text_list", None),
        ("a@b.example; c@d.example, a@b.example", "email_list", ["a@b.example", "c@d.example"]),
    ],
)  # fmt: skip
def test_a_cell_becomes_its_value(text: str, kind: str, value: object) -> None:
    assert parsed(text, kind) == value


@pytest.mark.parametrize(
    ("text", "kind", "reason"),
    [
        ("1,7E+18", "decimal", None),
        ("1.7E+18", "id", "PRECISION_LOSS"),
        ("31.02.2026", "date", "BAD_TIMESTAMP"),
        ("yesterday", "datetime", "BAD_TIMESTAMP"),
        ("01.04.2126", "datetime", "TS_FUTURE"),
        ("01.04.1926", "datetime", "TS_OUT_OF_RANGE"),
        ("01.01.0001 00:00:00", "datetime", "TS_OUT_OF_RANGE"),
        ("0001-01-01T00:00:00+03:00", "datetime_tz", "TS_OUT_OF_RANGE"),
        ("9999-12-31T23:59:59-03:00", "datetime_tz", "TS_OUT_OF_RANGE"),
        ("01.01.0001", "date", "TS_OUT_OF_RANGE"),
        ("2026-04-01T10:00:00", "datetime_tz", "BAD_TIMESTAMP"),
        ("99999999999999999999", "epoch_s", "BAD_TIMESTAMP"),
        ("12abc", "int", "BAD_NUMBER"),
        ("1,5", "int", "BAD_NUMBER"),
        ("NaN", "decimal", "BAD_NUMBER"),
        ("maybe", "bool", "BAD_TYPE"),
        ("123", "phone", "BAD_PHONE"),
        ("not an address", "email", "BAD_EMAIL"),
        ("roubles", "currency", "BAD_TYPE"),
        ("{", "json", "MALFORMED_JSON"),
        ("[" * 100_000, "json", "MALFORMED_JSON"),
    ],
)
def test_a_wrong_cell_has_a_reason(text: str, kind: str, reason: str | None) -> None:
    with pytest.raises(CellError, match=reason or "BAD_NUMBER"):
        parsed(text, kind)


def test_a_list_nested_without_end_is_taken_for_plain_text() -> None:
    assert parsed("[" * 100_000 + "a" + "]" * 100_000, "text_list") == ["a"]


def test_a_time_in_the_future_says_when_it_will_be_none() -> None:
    with pytest.raises(CellError) as raised:
        parsed("05.12.2026 03:00", "datetime")
    assert raised.value.moment == at(2026, 12, 5)


def test_the_locale_decides_an_ambiguous_comma() -> None:
    assert parsed("1,234", "decimal", locale="en-US") == Decimal(1234)
    assert parsed("1,234", "decimal") == Decimal("1.23")


def test_a_value_outside_of_its_scale_is_refused() -> None:
    with pytest.raises(CellError, match="OUT_OF_RANGE"):
        parsed("11", "int", minimum=0, maximum=10)


def test_a_placeholder_is_refused_and_an_unknown_word_too() -> None:
    with pytest.raises(CellError, match="PLACEHOLDER_KEY"):
        parsed("-1", "id", not_in=["-1"])
    with pytest.raises(CellError, match="BAD_ENUM"):
        parsed("X", "text", allowed=["P", "S", "F"])


def test_words_are_mapped_before_they_are_parsed() -> None:
    assert parsed("Рубль", "currency", map={"Рубль": "RUB"}) == "RUB"


def test_html_becomes_text() -> None:
    assert parsed("<p>Не работает</p><p>сайт &amp; почта</p>", "text", clean="html") == "Не работает\nсайт & почта"


def test_a_comparison_in_a_text_is_no_tag() -> None:
    assert parsed("если 2 < 3 и 5 > 4", "text", clean="html") == "если 2 < 3 и 5 > 4"


def test_replacements_are_applied_in_order() -> None:
    rules = [[r"^/(smb|corp)(?=/|$)", ""], [r"^/blog/.+$", "/blog"], ["^$", "/"]]
    assert parsed("https://a.example/smb/blog/x", "url_path", replace=rules) == "/blog"
    assert parsed("https://a.example/smb", "url_path", replace=rules) == "/"


@pytest.mark.parametrize(
    ("text", "format_", "value"),
    [
        ("2026-04-01 10:00:00.25", "%Y-%m-%d %H:%M:%S.%f", at(2026, 4, 1, 7, 0, 0, 250_000)),
        ("2026-04-01 10:00:00.123456789", "%Y-%m-%d %H:%M:%S.%f", at(2026, 4, 1, 7, 0, 0, 123_456)),
        ("20-10-16 03:00", "%d-%m-%y %H:%M", at(2016, 10, 20)),
        ("4/1/2026 3:05", "%m/%d/%Y %H:%M", at(2026, 4, 1, 0, 5)),
    ],
)
def test_times_are_read_as_the_spec_says_and_never_guessed(text: str, format_: str, value: object) -> None:
    assert parsed(text, "datetime", formats=[format_]) == value


@pytest.mark.parametrize("format_", ["%d %B %Y", "%d.%m", "%Y-%m-%d %p"])
def test_a_format_that_cannot_be_read_is_refused_in_the_spec(format_: str) -> None:
    with pytest.raises(ValueError, match="must hold"):
        Column.model_validate({"from": ["x"], "type": "date", "formats": [format_]})
