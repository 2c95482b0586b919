from __future__ import annotations

import pytest

from journey_mining.privacy import normalise_email, normalise_identifier, normalise_phone


@pytest.mark.parametrize(
    "text",
    [
        "+7 916 123-45-67",
        "8 (916) 123-45-67",
        "+8 916 123 45 67",
        "79161234567",
        "9161234567",
        "8 916 123-45-67 доб. 240",
        "+7 (916) 123-45-67, ext. 5",
        "８９１６１２３４５６７",
        "007 916 123 45 67",
    ],
)
def test_every_spelling_of_a_phone_is_one_phone(text: str) -> None:
    assert normalise_phone(text) == "+79161234567"


@pytest.mark.parametrize(
    "text", ["", None, "123-45-67", "+7 999 999-99-99", "80000000000", "7000000000", "1234567890", "звоните", "9" * 40]
)
def test_what_nobody_can_call_is_no_phone(text: str | None) -> None:
    assert normalise_phone(text) is None


def test_a_plus_keeps_the_country_as_written() -> None:
    assert normalise_phone("+81 90 1234 5678") == "+819012345678"


def test_another_default_country_reads_its_own_numbers() -> None:
    assert normalise_phone("020 7946 0958", country="GB") == "+442079460958"


@pytest.mark.parametrize(
    "text", ["ivan@firm.example", " Ivan@Firm.Example ", "Иван <ivan@firm.example>", "mailto:ivan@firm.example"]
)
def test_every_spelling_of_an_address_is_one_address(text: str) -> None:
    assert normalise_email(text) == "ivan@firm.example"


@pytest.mark.parametrize(
    "text", ["", None, "ivan", "ivan@firm", "@firm.example", "a b@firm.example", ".a@firm.example"]
)
def test_what_cannot_be_written_to_is_no_address(text: str | None) -> None:
    assert normalise_email(text) is None


def test_a_domain_in_cyrillic_is_one_with_its_ascii_form() -> None:
    assert normalise_email("ivan@пример.рф") == normalise_email("ivan@xn--e1afmkfd.xn--p1ai")


def test_dots_and_tags_stay() -> None:
    assert normalise_email("a.b+c@firm.example") == "a.b+c@firm.example"


def test_long_cookies_stay_text() -> None:
    assert normalise_identifier("ym_client", " 14389127361827369821 ") == "14389127361827369821"


def test_nothing_is_no_identifier() -> None:
    assert normalise_identifier("b24_contact", "  ") is None
