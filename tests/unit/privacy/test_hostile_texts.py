"""What people write around filters is found, and what merely looks like it stays."""

from __future__ import annotations

import pytest

from journey_mining.privacy import redact

PLANTED = [
    ("пишите на anna (at) mail dot ru", "anna"),
    ("anna собака mail точка ru", "anna"),
    ("anna[собака]mail.ru", "anna"),
    ("a.petrova at firm dot example", "petrova"),
    ("мой телеграм anna_petrova", "anna"),
    ("telegram: annap", "annap"),
    ("t.me/anna_petrova", "anna"),
    ("https://vk.com/anna.petrova", "petrova"),
    ("скайп live:anna.p", "anna"),
    ("пишите @anna_p", "anna"),
    ("живу на ул. Ленина, д. 5, кв. 12", "Ленина"),
    ("улица Тверская, дом 7, корп. 2, квартира 15", "Тверская"),
    ("проспект Мира 12-34", "Мира"),
    ("доставка: д. 4, кв. 17", "17"),
    ("I live at 12 Baker Street, Apt 4", "Baker"),
    ("здравствуйте, анна!", "анна"),
    ("привет, иван", "иван"),
    ("меня зовут анна петрова", "петрова"),
    ("это анна из ромашки", "анна"),
    ("hi john, thanks", "john"),
    ("С уважением, анна петрова", "анна"),
    ("Thanks!\nBest regards, Anna Panova", "Panova"),
    ("My name is John Smith", "Smith"),
    ("паспорт серия 45 09 номер 123456 выдан", "123456"),
    ("СНИЛС 112-233-445 95", "445"),
    ("ИНН 500100732259", "500100732259"),
    ("карта 4111 1111 1111 1111", "1111"),
    ("звоните 8 916 123 45 67", "123"),
    ("пишите anna&#64;mail.example", "anna"),
    ("пишите anna&#x40mail&period;example", "anna"),
    ("anna&commat;mail.example", "anna"),
    ("anna&amp;#64;mail.example", "anna"),
    ("тел &#x2B;7&nbsp;916&#8203;123&thinsp;45&shy;67", "123"),
    ("тел &#43;7 916 123-45-67", "123"),
    ("anna<b>@</b>mail.example", "anna"),
    ("ann<wbr>a<!-- x -->@mail.example", "mail.example"),
    ("anna%40mail.example", "anna"),
    ("&#1052;еня зовут &Acy;нна", "нна"),
]
CLEAN = [
    "AT&T и R&D; скидка 5<7",
    "a &lt b, c & d",
    "заказ 1234567 не пришёл",
    "версия 10.15.7 вышла 12.05.2026",
    "цена 125 000 руб. за месяц",
    "добрый день, сервер не работает",
    "привет, всё сломалось",
    "hi there, server is down",
    "my name is on the list",
    "моя собака любит гулять. Потом спит",
    "площадь офиса 50 метров",
    "за 3 кв. 2026 года выручка выросла",
    "это срочно из-за сбоя",
    "telegram desktop не открывается",
    "телеграм bot не отвечает",
    "look at site dot files",
    "ошибка 502 на странице оплаты",
    "тариф стоит 990 рублей",
    "обновили ноутбук до 16 Гб",
    "спасибо, всё хорошо",
    "это важно для отдела продаж",
    "на улице было 30 градусов",
    "встреча в 15:30 в среду",
    "see chapter 12 of the guide",
    "дом 7 этажей",
]


@pytest.mark.parametrize(("text", "planted"), PLANTED)
def test_what_is_written_around_filters_is_found(text: str, planted: str) -> None:
    assert planted not in redact(text).text


@pytest.mark.parametrize("text", CLEAN)
def test_what_is_nobody_stays(text: str) -> None:
    assert redact(text).text == text


@pytest.mark.parametrize("text", [text for text, _ in PLANTED])
def test_twice_is_as_once(text: str) -> None:
    once = redact(text).text
    assert redact(once).text == once
