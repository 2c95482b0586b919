"""Messages with planted personal data, written the way people write: the generator behind the proof of redaction.

`planted(seed, count)` gives messages with what may not be left of them. Names are those that the redaction promises to
find: introduced, greeted, signed, with initials or a patronymic, or behind a title.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

FIRST = ("Иван", "Ольга", "Сергей", "Анна", "Дмитрий", "Екатерина", "Алексей", "Мария", "Павел", "Татьяна")
LAST = ("Кузьмичёв", "Щербаков", "Воробьёв", "Лапшин", "Дроздов", "Ежов", "Грачевский", "Панченко", "Мельничук")
PATRONYMIC = ("Сергеевич", "Петрович", "Ильич", "Александрович")
FIRST_EN = ("John", "Mary", "Peter", "Susan", "David", "Laura")
LAST_EN = ("Harlow", "Whitcombe", "Pennington", "Ashdown", "Merriweather")
LOGINS = ("kuzmich", "olga.dr", "s_ezhov", "anna-pan", "d.vorob85", "laura_w", "pet.harlow")
HOSTS = ("mail.example", "yandex.example", "shop-mail.example", "corp.example.org")
STREETS = ("Садовая", "Лесная", "Тверская", "Космонавтов", "Гагарина")
STREETS_EN = ("Baker", "Green", "Maple", "Orchard")

BEFORE_RU = ("", "Добрый день! ", "здравствуйте\n", "Не работает личный кабинет. ", "Третий день жду ответа, ")
AFTER_RU = ("", ", жду ответа", ". Верните деньги", "\nСрочно!", ", заказ так и не пришёл", " и всё")
BEFORE_EN = ("", "Hello! ", "Hi there,\n", "My account is locked. ", "still waiting, ")
AFTER_EN = ("", ", please answer", ". Refund me", "\nUrgent!", " and that is all")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    kind: str
    text: str
    secrets: tuple[str, ...]
    """may not stand in the redacted text, in small letters; those of digits not even with signs between them"""


def planted(seed: int, count: int) -> list[Planted]:
    draw = random.Random(seed)
    kinds = sorted(_KINDS)
    return [_message(draw, kinds[n % len(kinds)]) for n in range(count)]


def left_of(message: Planted, redacted: str) -> list[str]:
    """Secrets that are still readable."""
    lowered = redacted.lower()
    digits = "".join(sign for sign in lowered if sign.isdecimal())
    return [secret for secret in message.secrets if secret in (digits if secret.isdecimal() else lowered)]


def _message(draw: random.Random, kind: str) -> Planted:
    said, secrets = _KINDS[kind](draw)
    is_english = kind.endswith("_en")
    before, after = (BEFORE_EN, AFTER_EN) if is_english else (BEFORE_RU, AFTER_RU)
    text = draw.choice(before) + said + draw.choice(after)
    if draw.random() < 0.15:
        text = text.replace(" ", draw.choice(("  ", "\u00a0", " ")))
    return Planted(kind=kind, text=text, secrets=tuple(secret.lower() for secret in secrets))


def _digits(draw: random.Random, count: int) -> str:
    return "".join(str(draw.randrange(10)) for _ in range(count))


def _phone(draw: random.Random) -> tuple[str, list[str]]:
    code, number = "9" + _digits(draw, 2), str(draw.randrange(2, 9)) + _digits(draw, 6)
    parts = {"c": code, "n": number, "a": number[:3], "b": number[3:5], "d": number[5:]}
    shape = draw.choice(
        (
            "+7{c}{n}", "8{c}{n}", "7{c}{n}", "8 ({c}) {a}-{b}-{d}", "+7 ({c}) {a} {b} {d}", "8-{c}-{a}-{b}-{d}",
            "+7 {c} {n}", "8({c}){n}", "8 {c} {a} {b}{d}", "+7-{c}-{a}-{b}{d}", "8.{c}.{a}.{b}.{d}", "{c} {a} {b} {d}",
            "+ 7 {c} {a}-{b}-{d}", "8–{c}–{a}–{b}–{d}", "8 {c} {a} {b} {d}".replace(" ", "\u00a0"), "8{c} {n}",
        )
    )  # fmt: skip
    label = draw.choice(("", "тел ", "тел.: ", "мой номер ", "звоните ", "Телефон:", "моб. ", "вотсап "))
    return label + shape.format(**parts), [number]


def _phone_en(draw: random.Random) -> tuple[str, list[str]]:
    number = _digits(draw, 4)
    shape = draw.choice(("+44 20 7946 {n}", "+1 (415) 555-{n}", "+1-415-555-{n}", "+4915112{n}678", "(415) 555-{n}"))
    return draw.choice(("call me ", "phone: ", "my cell is ", "")) + shape.format(n=number), [number]


def _email(draw: random.Random) -> tuple[str, list[str]]:
    login, host = draw.choice(LOGINS), draw.choice(HOSTS)
    name, top = host.rsplit(".", 1)
    said = draw.choice(
        (
            f"{login}@{host}", f"{login}@{host}".upper(), f"{login} @ {host}", f"{login}@ {host}", f"<{login}@{host}>",
            f"{login}(at){host}", f"{login} [at] {host}", f"{login}[собака]{host}",
            f"{login} собака {name} точка {top}",
            f"{login}@{name},{top}", f"{login}+shop@{host}", f"mailto:{login}@{host}", f"{login}@{name} .{top}",
            f"{login} (собака) {host}", f"{login}＠{host}", f"{login}@{name} точка {top}",
        )
    )  # fmt: skip
    return draw.choice(("почта ", "пишите на ", "e-mail: ", "мой имейл ", "")) + said, [login]


def _card(draw: random.Random) -> tuple[str, list[str]]:
    body = draw.choice(("4", "5", "2")) + _digits(draw, 14)
    number = body + next(str(d) for d in range(10) if _luhn(body + str(d)))
    sign = draw.choice((" ", "", "-", "\u00a0", "  ", " - "))
    said = sign.join(number[at : at + 4] for at in range(0, 16, 4))
    return draw.choice(("карта ", "списали с карты ", "номер карты: ", "Visa ", "")) + said, [number[-8:]]


def _luhn(digits: str) -> bool:
    doubled = [sum(divmod(int(d) * (1 + place % 2), 10)) for place, d in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0


def _passport(draw: random.Random) -> tuple[str, list[str]]:
    series, number = str(draw.randrange(10, 99)) + _digits(draw, 2), _digits(draw, 6)
    said = draw.choice(
        (
            "паспорт {s} {n}", "паспорт {a} {b} {n}", "паспорт {s}{n}", "паспорт серия {s} номер {n}",
            "Паспорт: серия {a} {b} № {n}", "серия {s} № {n}", "паспорт серии {s}, номер {n}", "паспорта {s}-{n}",
            "паспорт РФ {s} {n}", "паспортные данные: {s} {n}", "пасп. {s} {n}", "паспорт № {s} {n}",
            "серия паспорта {s} номер паспорта {n}",
        )
    ).format(s=series, a=series[:2], b=series[2:], n=number)  # fmt: skip
    return said, [number]


def _passport_en(draw: random.Random) -> tuple[str, list[str]]:
    number = _digits(draw, 9)
    said = draw.choice(("passport {n}", "passport no. {n}", "Passport number: {n}", "my passport is {n}"))
    return said.format(n=number), [number]


def _snils(draw: random.Random) -> tuple[str, list[str]]:
    body = str(draw.randrange(2, 9)) + _digits(draw, 8)
    control = sum(int(d) * weight for d, weight in zip(body, range(9, 0, -1), strict=True)) % 101 % 100
    shape = draw.choice(("{0}-{1}-{2} {3}", "{0} {1} {2} {3}", "{0}{1}{2}{3}", "{0}-{1}-{2}-{3}"))
    said = shape.format(body[:3], body[3:6], body[6:], f"{control:02}")
    return draw.choice(("СНИЛС ", "снилс: ", "мой СНИЛС № ", "")) + said, [body[3:]]


def _inn(draw: random.Random) -> tuple[str, list[str]]:
    body = str(draw.randrange(1, 9)) + _digits(draw, 9)
    first = _control(body, (7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
    number = body + first + _control(body + first, (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
    said = draw.choice((number, " ".join(number[at : at + 4] for at in (0, 4, 8))))
    return draw.choice(("ИНН ", "инн: ", "ИНН№", "мой инн ", "ИНН")) + said, [number[4:]]


def _control(digits: str, weights: tuple[int, ...]) -> str:
    return str(sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11 % 10)


def _name(draw: random.Random) -> tuple[str, list[str]]:
    first, last, middle = draw.choice(FIRST), draw.choice(LAST), draw.choice(PATRONYMIC)
    said = draw.choice(
        (
            "Меня зовут {f} {l}", "меня зовут {f} {l}", "Меня зовут: {f} {l}", "ФИО: {l} {f} {m}", "{l} {i}.{j}.",
            "{i}. {j}. {l}", "{l} {i}. {j}.", "{f} {m} {l}", "{l} {f} {m}", "пишет вам {f} {l}",
            "это {f} {l}", "Клиент: {l} {f}", "Контактное лицо - {f} {l}", "получатель {l} {f} {m}",
            "г-н {l}", "господин {l}", "на имя {f} {l}", "{l} {i}.", "уважаемый {f} {m} {l}, спасибо",
            "Имя: {f}\nФамилия: {l}",
        )
    ).format(f=first, l=last, m=middle, i=first[0], j=middle[0])  # fmt: skip
    small = draw.random() < 0.2 and said.startswith(("Меня", "меня", "это", "пишет"))
    return (said.lower() if small else said), [last]


def _signature(draw: random.Random) -> tuple[str, list[str]]:
    first, last = draw.choice(FIRST), draw.choice(LAST)
    close = draw.choice(("С уважением, ", "с уважением\n", "С уважением,\n", "С наилучшими пожеланиями,\n"))
    return f"Жду ответа.\n{close}{first} {last}", [last, first + " "]


def _name_en(draw: random.Random) -> tuple[str, list[str]]:
    first, last = draw.choice(FIRST_EN), draw.choice(LAST_EN)
    said = draw.choice(
        (
            "My name is {f} {l}", "my name is {f} {l}", "Name: {f} {l}", "Customer: {f} {l}", "This is {f} {l}",
            "Mr. {l} speaking", "Mrs {l} here", "Dear Ms. {l}", "Contact person: {f} {l}", "I'm {f} {l}",
            "Fix it.\nKind regards,\n{f} {l}", "Fix it.\nSincerely, {f} {l}", "Fix it.\nBest, {f} {l}",
        )
    )  # fmt: skip
    return said.format(f=first, l=last), [last]


def _contract(draw: random.Random) -> tuple[str, list[str]]:
    number = _digits(draw, 6)
    said = draw.choice(
        (
            "договор № {n}", "договор №{n}", "договор {n}", "по договору № Д-{n}", "договор номер {n}/24",
            "договора № 77-{n}/2024", "договор: {n}", "контракт № {n}", "лицевой счёт {n}",
            "л/с {n}", "лицевой счет № {n}",
            "номер договора {n}", "полис № {n}", "полис ОСАГО ХХХ {n}",
        )
    )  # fmt: skip
    return said.format(n=number), [number]


def _contract_en(draw: random.Random) -> tuple[str, list[str]]:
    number = _digits(draw, 6)
    said = draw.choice(
        (
            "contract {n}",
            "contract no. {n}",
            "contract #{n}",
            "contract number AB-{n}",
            "account number {n}",
            "policy no. {n}",
        )
    )
    return said.format(n=number), [number]


def _address(draw: random.Random) -> tuple[str, list[str]]:
    street, house, flat = draw.choice(STREETS), draw.randrange(2, 150), draw.randrange(151, 400)
    said = draw.choice(
        (
            "ул. {s}, д. {h}, кв. {k}", "ул {s} {h} кв {k}", "улица {s}, дом {h}, квартира {k}", "ул.{s}, {h}-{k}",
            "г. Москва, ул. {s}, д.{h}, корп. 2, кв.{k}", "на улице {s} {h}, кв. {k}", "{s} ул., д. {h}, кв. {k}",
            "пр. {s}, {h}, оф. {k}", "проспект {s} д {h} кв {k}", "пер. {s} д.{h} кв.{k}", "{s} улица, {h}, кв {k}",
            "ул. {s} д.{h}/1 стр.3 оф.{k}", "бульвар {s}, {h}, подъезд 2, кв. {k}",
        )
    ).format(s=street, h=house, k=flat)  # fmt: skip
    return draw.choice(("адрес: ", "доставка на ", "живу ", "")) + said, [street, str(flat)]


def _address_en(draw: random.Random) -> tuple[str, list[str]]:
    street, house = draw.choice(STREETS_EN), draw.randrange(10, 900)
    said = draw.choice(
        ("{h} {s} Street", "{h} {s} St., Apt 4", "{h}B {s} Road", "Flat 7, {h} {s} Avenue", "{h} {s} Lane, London")
    )
    return draw.choice(("deliver to ", "my address is ", "I live at ")) + said.format(h=house, s=street), [street]


_KINDS: dict[str, Callable[[random.Random], tuple[str, list[str]]]] = {
    "phone": _phone, "phone_en": _phone_en, "email": _email, "card": _card, "passport": _passport,
    "passport_en": _passport_en, "snils": _snils, "inn": _inn, "name": _name, "name_en": _name_en,
    "signature": _signature, "contract": _contract, "contract_en": _contract_en, "address": _address,
    "address_en": _address_en,
}  # fmt: skip
