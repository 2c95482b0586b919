"""What is left of a message before it is scored."""

from __future__ import annotations

import time

import pytest

from journey_mining.voice.cleaning import CLEAN_LIMIT, clean, own_words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<p>Сайт&nbsp;лежит</p>", "сайт лежит"),
        ("Ещё нет", "еще нет"),
        ("до\u200bмен\ufeff", "домен"),
        ("см. https://oblako-host.example/help?id=1", "см . addresstoken"),
        ("write to ann@shop.example", "write to mailtoken"),
        ("ОЧЕНЬ ПЛОХО РАБОТАЕТ", "очень плохо работает shouting"),
        ("спасибоооо!!!!!!", "спасибоо !!!"),
        ("заказ 12345 от 03.04.2026", "заказ 0 от 0"),
        ("оценка 9 из 10", "оценка ratehigh"),
        ("1/5 :(", "ratelow emosad"),
        ("3 out of 5", "ratemiddle"),
        ("поддержка 24/7", "поддержка 0"),
        ("👍🏻", "emoglad"),
        ("позвоните [телефон] завтра", "позвоните завтра"),
        ("it does n't work", "it doesn't work"),
        ("don\u2019t", "don't"),
    ],
)
def test_a_message_becomes_plain_words(text, expected):
    assert clean(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Не работает почта\n--\nОтдел закупок",
        "Не работает почта\nС уважением, Имя",
        "Не работает почта\n\nSent from my phone",
        "> старый ответ\nНе работает почта",
        "Не работает почта\nOn Mon, 4 May 2026, Support wrote:\nWe fixed it",
        "Не работает почта<br>04.05.2026 поддержка пишет:<br>Починили",
        "<div>Не работает почта</div><blockquote>-----Original Message-----</blockquote>",
    ],
)
def test_only_the_customers_own_words_are_kept(text):
    assert own_words(text) == "Не работает почта"


def test_a_message_that_is_all_quotation_is_kept_whole():
    assert own_words("> не работает почта") == "> не работает почта"


def test_spacing_around_signs_does_not_matter():
    assert clean("Ужас , просто ужас .") == clean("Ужас,просто ужас.")


def test_decomposed_letters_are_composed():
    assert clean("и\u0306од") == "йод"


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<!--", "&amp;", "> x\n", "a@", "a.", "[", "(", "1/", "\n--", "с уважением ", "\u0301", "ё "]
)
def test_a_megabyte_of_anything_is_cleaned_quickly(piece):
    started = time.process_time()
    cleaned = clean(piece * (1_000_000 // len(piece)))
    assert len(cleaned) <= CLEAN_LIMIT + len(" shouting")
    assert time.process_time() - started < 1
