"""Every planted identifier is found; `JOURNEY_PLANTED=5000` draws as many messages with another seed."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from journey_mining.privacy import redact
from planted_messages import left_of, planted

MORE = int(os.environ.get("JOURNEY_PLANTED", "0"))
MESSAGES = planted(seed=11 if MORE else 7, count=MORE or 750)


def test_nothing_planted_is_left() -> None:
    left = [(m.kind, m.text, redact(m.text).text) for m in MESSAGES if left_of(m, redact(m.text).text)]
    assert left == []


def test_every_kind_is_planted_and_readable_before() -> None:
    assert set(Counter(m.kind for m in MESSAGES).values()) == {len(MESSAGES) // 15}
    assert [m.kind for m in MESSAGES if not left_of(m, m.text) and not m.kind.startswith("name")] == []


def test_redacting_planted_messages_twice_changes_nothing_more() -> None:
    once = [redact(m.text).text for m in MESSAGES]
    assert [redact(text).text for text in once] == once


@pytest.mark.parametrize(
    "text",
    [
        "договор на 3 года, контракт до 2027",
        "по договору 12.05.2026",
        "account 365 and policy changes",
        "Спасибо, коллеги! Всё работает",
        "цены на дрова, уголь и пр. Потом 3 дня тишины",
        "ул ыбнуло 3 раза",
        "были в пятницу (19.03.26), ели плохо",
        "meet me @ home. Thanks",
        "Best Buy is better",
        "MS Word не открывается",
        "госпошлина 2000 рублей",
    ],
)
def test_what_merely_looks_planted_stays(text: str) -> None:
    assert redact(text).text == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("договор № 123456", "договор № [contract]"),
        ("contract no. AB-123456/24", "contract no. [contract]"),
        ("заказ № 123456", "заказ № 123456"),
        ("г-н Ежов ждёт", "г-н [имя] ждёт"),
        ("Добрый день, Анна Петровна Ежова! Спасибо", "Добрый день, [имя]! Спасибо"),
        ("Hi John Thanks for help", "Hi [имя] Thanks for help"),
        ("anna\u200b@mail.example", "[email]"),
        ("anna＠mail.example", "[email]"),
        ("карта 4111  1111\u00a01111 1111", "карта [card]"),
        ("Тверская ул., д. 5, кв. 12", "[address]"),
    ],
)
def test_spelling_noise_hides_nothing(text: str, expected: str) -> None:
    assert redact(text).text == expected
