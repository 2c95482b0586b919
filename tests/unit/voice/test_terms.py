"""Terms of messages, and words without their endings."""

from __future__ import annotations

import pytest

from journey_mining.voice.stems import stem
from journey_mining.voice.terms import terms_of


@pytest.mark.parametrize(
    "forms",
    [
        "оплата оплаты оплате оплату оплатой оплат",
        "заказ заказа заказу заказом заказе заказы заказов заказами заказах",
        "сайт сайта сайту сайтом сайты сайтов",
        "доставка доставки доставке доставку доставкой",
        "работает работают работаем работал работала работало работали работать",
        "договор договора договору договоры договоров",
        "ошибка ошибки ошибку ошибкой ошибками",
        "быстрый быстрая быстрое быстрые быстрого быстрым",
        "payment payments",
        "invoice invoices",
        "delivery deliveries",
        "crashed crashing crash",
        "refund refunds refunded",
    ],
)
def test_forms_of_a_word_have_one_stem(forms):
    assert len({stem(word) for word in forms.split()}) == 1


@pytest.mark.parametrize("words", ["счет сайт", "оплата опоздал", "заказ закон", "курьер кур", "order ordinary"])
def test_different_words_keep_different_stems(words):
    first, second = words.split()
    assert stem(first) != stem(second)


@pytest.mark.parametrize("word", ["", "я", "а", "бвг", "ъъъ", "a", "ing", "сь"])
def test_odd_words_are_no_trouble(word):
    assert isinstance(stem(word), str)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Здравствуйте! Спасибо, жду вас", ["жду"]),
        ("Почта не работает", ["почта", "не работает", "почта не работает"]),
        ("Почта, сервер", ["почта", "сервер"]),
        ("доступ к сайту", ["доступ", "сайту", "доступ к сайту"]),
        ("Позвоните [имя], заказ 12345", ["позвоните", "заказ"]),
        ("pochta ne rabotaet", ["почта", "не работает", "почта не работает"]),
        ("the site doesn't work", ["site", "doesn't work", "site doesn't work"]),
        ("Сайт лежит\n> предыдущий ответ оператора", ["сайт", "лежит", "сайт лежит"]),
    ],
)
def test_terms_are_words_and_pairs_of_the_customers_own(text, said):
    assert list(terms_of(text).values()) == said
