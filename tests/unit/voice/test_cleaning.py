"""What is left of a message before it is scored."""

from __future__ import annotations

import time

import pytest

from journey_mining.voice.cleaning import CLEAN_LIMIT, clean
from journey_mining.voice.own_words import is_automatic, own_words


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


OWN = "Третий день не работает почта"


@pytest.mark.parametrize(
    "foreign",
    [
        "From: Support <help@shop.example>\nSent: Monday, May 4, 2026\nTo: Anna\nSubject: RE: mail\n\nWe fixed it",
        "От: Поддержка <help@shop.example>\nОтправлено: 4 мая 2026 г. 10:00\nКому: Анна\nТема: RE: почта\n\nПочинили",
        "*From:* Support\n*Date:* Monday\n\nWe fixed it",
        "On Mon, 4 May 2026 at 10:00, Support\n<help@shop.example> wrote:\n\nWe fixed it",
        "пн, 4 мая 2026 г. в 10:00, Поддержка <help@shop.example>:\n\nПочинили",
        '04.05.2026, 10:00, "Поддержка" <help@shop.example>:\nПочинили',
        "Понедельник, 4 мая 2026, 10:00 +03:00 от Поддержка <help@shop.example>:\nПочинили",
        "---------- Forwarded message ---------\nFrom: Support",
        "-------- Пересылаемое сообщение --------\nПочинили",
        "Начало переадресованного сообщения:\nПочинили",
        "##- Please type your reply above this line -##\nYour request (12) has been updated.",
        "---- Введите ответ выше этой строки ----\nПочинили",
        "Sent from my iPhone",
        "Get Outlook for iOS",
        "Отправлено из мобильной Почты",
        "С наилучшими пожеланиями,\nОтдел закупок",
        "CONFIDENTIALITY NOTICE: do not read this",
        "This e-mail and any attachments are confidential and intended solely for the addressee.",
        "Настоящее электронное сообщение и вложения к нему являются конфиденциальными.",
        "Please consider the environment before printing this e-mail",
        "2026-05-04 10:00:01,123 ERROR pool exhausted\n2026-05-04 10:00:02,004 INFO great success",
        'Traceback (most recent call last):\n  File "app.py", line 12, in <module>\nValueError: awful value',
        "java.lang.IllegalStateException: bad\n\tat org.shop.Cart.pay(Cart.java:17)\n\t... 12 more",
        "64 bytes from shop.example: icmp_seq=1 ttl=54 time=12 ms",
        "[image: logo.png]",
    ],
)  # fmt: skip
def test_what_others_wrote_below_is_cut(foreign):
    assert own_words(f"{OWN}\n\n{foreign}") == OWN


@pytest.mark.parametrize(
    "text",
    [
        "##- Please type your reply above this line -##\n" + OWN,
        "Ваше обращение № 123456 зарегистрировано.\n" + OWN,
        "Your request (#123456) has been received.\n" + OWN,
        "On Mon, 4 May 2026, Support wrote:\n> Is it fixed?\n" + OWN,
        "[quote=support]Всё починили, отлично![/quote]\n" + OWN,
        "[b]" + OWN + "[/b][code]fatal awful terrible[/code]",
        f"<style>.bad {{color: red}}</style><p>{OWN}</p>",
        f"<p>{OWN}</p><blockquote>Отлично<blockquote>ужас</blockquote>Спасибо</blockquote>",
        f'{OWN}<div class="gmail_quote">Всё починили</div>',
    ],
)
def test_templates_and_quotations_around_the_own_words_are_cut(text):
    assert own_words(text) == OWN


@pytest.mark.parametrize(
    "text",
    [
        "От вас нет ответа\nкому писать?",
        "Заявка 12 закрыта, а почта не работает\nКогда почините?",
        "from: the beginning it was bad\nand it is bad now",
        "at last it works\nthanks",
        "Error 502 again\nplease fix",
        "1 неделя ожидания\n2 звонка в поддержку",
        "Моё обращение не зарегистрировано\nпочему?",
    ],
)
def test_lines_that_merely_look_like_templates_stay(text):
    assert own_words(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Ваше обращение № 123456 зарегистрировано",
        "Your ticket #123456 has been created.",
        "Thank you for contacting us. We have received your message",
        "Спасибо за обращение! Мы ответим в течение часа",
        "Меня нет в офисе до понедельника",
        "Undeliverable: mail to the shop",
        "Всё готово. Пожалуйста, не отвечайте на это письмо.",
    ],
)
def test_what_no_person_wrote_is_recognised(text):
    assert is_automatic(own_words(text))


@pytest.mark.parametrize(
    "text",
    [
        "Моё обращение никто не читает",
        "Thank you for contacting me so fast",
        "I am out of money",
        "Вы не отвечаете мне",
    ],
)
def test_what_a_person_wrote_is_not_taken_for_automatic(text):
    assert not is_automatic(own_words(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pochemu sayt ne rabotaet?", "почему сайт не работает ?"),
        ("spasibo, ochen bystro", "спасибо , очень быстро"),
        ("4to s moim zakazom? zhdu uzhe nedelyu", "что с моим заказом ? жду уже неделю"),
        ("ne rabotaet, pishite na help@shop.example", "не работает , пишите на mailtoken"),
    ],
)
def test_russian_in_latin_letters_becomes_cyrillic(text, expected):
    assert clean(text) == expected
