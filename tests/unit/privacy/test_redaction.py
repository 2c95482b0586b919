from __future__ import annotations

import time

import pytest

from journey_mining.privacy import redact
from journey_mining.privacy.control_digits import is_card, is_inn, is_snils

LETTER = (
    "мой тел 8 (916) 123-45-67, +79161234567, почта ivan.petrov@firm.example, паспорт 4509 123456, "
    "карта 4111 1111 1111 1111, снилс 112-233-445 95, заказ 1234567"
)


def test_the_worked_answer_holds() -> None:
    assert redact(LETTER).text == (
        "мой тел [phone], [phone], почта [email], паспорт [passport], карта [card], снилс [snils], заказ 1234567"
    )


def test_finds_are_counted() -> None:
    assert redact(LETTER).count == 6


def test_redacting_twice_changes_nothing_more() -> None:
    once = redact(LETTER).text
    assert redact(once).text == once


def test_control_digits_decide_about_tax_numbers() -> None:
    assert (is_inn("500100732259"), is_inn("500100732258"), is_inn("1")) == (True, False, False)


def test_control_digits_decide_about_cards_and_insurance() -> None:
    assert (is_card("4111111111111111"), is_card("0" * 16), is_snils("11223344595")) == (True, False, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Меня зовут Иван Петров, всё упало", "Меня зовут [имя], всё упало"),
        ("меня зовут иван, жду", "меня зовут [имя], жду"),
        ("My name is John Smith", "My name is [имя]"),
        ("Жду.\nС уважением,\nПётр Сидоров", "Жду.\nС уважением,\n[имя]"),
        ("Best regards, John", "Best regards, [имя]"),
        ("Здравствуйте, Ольга! Сайт лежит", "Здравствуйте, [имя]! Сайт лежит"),
        ("писал Иванову И. И.", "писал [имя]"),
        ("директор Пётр Алексеевич Романов", "директор [имя]"),
        ("Спасибо!\nМария", "Спасибо!\n[имя]"),
        ("Контактное лицо: Борис Щербаков", "Контактное лицо: [имя]"),
        ("карта на имя Анна Котова", "карта на имя [имя]"),
        ("пишите: Igor Shirokov, igor@firm.example", "пишите: [имя], [email]"),
        ("Анна Котова (+7 916 123-45-67)", "[имя] ([phone])"),
    ],
)
def test_names_that_are_introduced_are_replaced(text: str, expected: str) -> None:
    assert redact(text).text == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://a.example/reset?token=abc", "[link]"),
        ("пишите ivan (at) firm.example", "пишите [email]"),
        ("телеграм @ivan_petrov", "телеграм [username]"),
        ("ключ sk_live_abcdef1234567890abcd", "ключ [token]"),
        ("сервер 10.0.0.12 лежит", "сервер [ip] лежит"),
        ("ИНН 500100732259", "ИНН [inn]"),
        ("паспорт серия 45 09 номер 123456", "паспорт серия [passport]"),
        ("родился 01.02.1980", "родился [date]"),
        ("звоните 123-45-67", "звоните [phone]"),
        ("тел. 1234567", "тел. [phone]"),
        ("заказ 89161234567", "заказ [phone]"),
        ("ошибка 80070005", "ошибка [number]"),
        ("+44 20 7946 0958", "[phone]"),
    ],
)
def test_personal_values_are_replaced(text: str, expected: str) -> None:
    assert redact(text).text == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://a.example/help не открывается",
        "заплатил 15000 рублей 04.05.2026 12:30, а надо 1 500 000 ₽",
        "тариф на 3 года, диск 500 ГБ, порт 8080, 99.95 %, с 2024 по 2026",
        "ticket #1234567, order 7654321, счёт № 12345",
        "Всё работает 24/7, спасибо за 2-3 дня",
        "Спасибо, Сервер снова отвечает",
        "Имя сервера и доменное имя не меняли",
    ],
)
def test_what_is_no_personal_data_stays(text: str) -> None:
    assert (redact(text).text, redact(text).count) == (text, 0)


@pytest.mark.parametrize("piece", ["a", "9", "1.", "a@", "Иван", "a-", "А.", "меня зовут ", "+7 ", " ", "1(2)"])
def test_a_hostile_text_does_not_stall(piece: str) -> None:
    started = time.process_time()
    redact(piece * (100_000 // len(piece)))
    assert time.process_time() - started < 3  # linear: about a quarter of a second of processor time


@pytest.mark.parametrize("text", ["тел 8‑916‑123‑45‑67", "8 (916) 123−45−67", "8\ufe0f916\ufe0f1234567"])
def test_a_phone_is_found_behind_any_hyphen(text: str) -> None:
    assert redact(text).text.removeprefix("тел ") == "[phone]"
