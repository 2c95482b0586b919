"""What newcomers get wrong first, and that the error names the setting that mends it."""

from __future__ import annotations

import re

import pytest

from source_place import HEADINGS, SHOP, Place, order

ROWS = HEADINGS + "".join(order(number) for number in range(1, 30))
UTF8_ONLY = SHOP.replace('encodings = ["utf-8-sig", "cp1251"]', 'encodings = ["utf-8-sig"]')


def told(place: Place, content: str | bytes, spec: str = SHOP) -> tuple[str, str]:
    place.shop(spec=spec).put("shop/orders_2026-04-03.csv", content)
    (problem,) = place.load().report.problems
    return problem.code, problem.text


@pytest.mark.parametrize(("delimiter", "shown"), [(";", "';'"), ("\t", r"'\t'"), ("|", "'|'")])
def test_a_wrong_delimiter_is_named_with_its_setting_and_the_setting_mends_it(
    place: Place, delimiter: str, shown: str
) -> None:
    content = ROWS.replace(",", delimiter)
    code, text = told(place, content)
    assert code == "HEADER_NOT_FOUND"
    assert f"looks divided by {shown}" in text
    setting = re.search(r"Write (delimiter = \"\S+\") into `csv` of stream orders", text)
    assert setting is not None
    place.shop(spec=SHOP.replace('format = "csv"', f'format = "csv"\ncsv = {{ {setting[1]} }}'))
    assert place.load().report.problems == ()
    assert place.raw("select count(*) from stg_shop__orders") == [(29,)]


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_wrong_encoding_is_named_and_naming_it_in_the_spec_mends_it(place: Place, encoding: str) -> None:
    code, text = told(place, ROWS.encode(encoding), UTF8_ONLY)
    assert code == "BAD_ENCODING"
    seen = re.search(r"Put ('\S+') into `encodings` of stream orders", text)
    assert seen is not None
    assert seen[1] == repr(encoding)
    place.shop(spec=UTF8_ONLY.replace('"utf-8-sig"', f'"utf-8-sig", "{encoding}"'))
    assert place.load().report.problems == ()
    assert place.raw("select count(*) from stg_shop__orders") == [(29,)]


def test_a_missing_column_is_told_with_the_line_of_the_spec_that_may_take_another_heading(place: Place) -> None:
    code, text = told(place, ROWS.replace("Создан", "Заведён", 1))
    assert code == "MISSING_REQUIRED_COLUMN"
    assert "lacks made_at (Создан)" in text
    assert "add its heading to `from` of made_at in spec.toml" in text


def test_dates_in_another_form_lead_to_the_check_that_shows_the_format(place: Place) -> None:
    code, text = told(place, ROWS.replace("01.04.2026", "Apr 1 2026"))
    assert code == "QUARANTINE_RATE"
    assert "29 of 29 rows cannot be taken, 29 of them for BAD_TIMESTAMP in made_at" in text
    assert "Ask `journey source check`" in text


def test_nothing_of_a_refused_file_is_told_but_its_shape(place: Place) -> None:
    _, text = told(place, ROWS.replace(",", ";"))
    assert "mail.example" not in text
    assert "Почта" not in text
