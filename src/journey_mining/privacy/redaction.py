"""Texts without personal data: addresses, numbers and introduced names are replaced by words in brackets.

In: a text as a person wrote it. Out: the text that may be published and read by models. What a pattern or a control
digit can tell is found; a name in the middle of a sentence, with nothing around it to give it away, is not.

Every pattern has bounded repetitions, so that the work is linear in the length of the text whatever stands in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from journey_mining.privacy import spelt_out
from journey_mining.privacy.markup import as_seen
from journey_mining.privacy.numbers_in_text import replace_number

_Find = re.Match[str]

_LINK = re.compile(r"(?i)\b((?:https?|ftp)://)([^\s<>\"'»)]{1,2000})")
_SECRET_IN_LINK = re.compile(r"[?#@]|[A-Za-z0-9_-]{20,}|\d{5,}")
_EMAIL = re.compile(
    r"[\w.+%-]{1,64}(?:@|%40|\s?[\[(](?:at|собака|эт)[\])]\s?)[^\W_](?:[\w-]{0,62})(?:\.[\w-]{1,63}){1,6}",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[ \t\u00a0\u2000-\u200a\u202f\u3000]{2,}|[\u00a0\u2000-\u200a\u202f\u3000]")
_UNSEEN = dict.fromkeys([0x00AD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF])
_MARKS = dict.fromkeys([*range(0xFE00, 0xFE10), 0x20E3])
_HYPHENS = dict.fromkeys([0x2010, 0x2011, 0x2012, 0x2212, 0xFE58, 0xFE63, 0xFF0D], "-")
_AS_TYPED = {**_UNSEEN, **_MARKS, **_HYPHENS, 0xFF20: "@", 0xFF0E: "."}
_HANDLE = re.compile(r"(?<![\w@/.])@[A-Za-z]\w{3,31}")
_TOKEN = re.compile(r"(?<![A-Za-z0-9_-])(?=[A-Za-z_-]{0,200}\d)(?=[\d_-]{0,200}[A-Za-z])[A-Za-z0-9_-]{20,200}")

_WORD = r"[А-ЯЁA-Z][а-яёa-z]{1,30}(?:-[А-ЯЁA-Z][а-яёa-z]{1,30})?"
_INITIAL = r"[А-ЯЁA-Z]\."
_FULL_NAME = rf"(?:{_WORD}|{_INITIAL})(?:[ \t]{{1,3}}(?:{_WORD}|{_INITIAL})|{_INITIAL}){{0,2}}"
_NAME = "[имя]"
_SPEAKS = r"меня зовут|мо[её] имя|my (?:full )?name is"
_LABELS = (
    r"мо[её] фио|ф\.?\s?и\.?\s?о\.?\s?[:—-]?|имя\s?:?|фамилия\s?:?|(?:full )?name\s?:|пишет вам|с вами|"
    r"контактн\w{2,3} лиц\w\s?:?|(?:контакт|клиент|отправитель|получатель|заказчик|абонент)\s?:|"
    r"(?:contact(?: person| name)?|customer|sender|holder|attn)\s?:"
)
_INTRODUCED = re.compile(rf"((?i:\b(?:{_SPEAKS}|{_LABELS})[ \t,:—-]{{0,4}}))({_FULL_NAME})")
_NO_NAMES = r"on|not|in|the|a|an|at|wrong|missing|there|listed|не|в|на|нет|указано|было|есть|отсутствует"
# after these words a name follows even where nobody bothered with a capital
_INTRODUCED_SMALL = re.compile(
    rf"(\b(?:{_SPEAKS})[ \t,:—-]{{1,4}})(?!(?:{_NO_NAMES})\b)([^\W\d_]{{2,30}})", re.IGNORECASE
)
_FAREWELLS = (
    r"с уважением|с наилучшими(?: пожеланиями)?|искренне ваш[аи]?|всего доброго|(?:best |kind |warm )?regards|"
    r"sincerely(?: yours)?|yours (?:truly|faithfully|sincerely)|cheers|many thanks|best wishes|best(?=,)"
)
_SIGNED = re.compile(rf"((?i:\b(?:{_FAREWELLS})[ \t]{{0,3}}[,.!—-]?\s{{0,5}}))({_FULL_NAME})")
_THANKS = r"(?:спасибо|thanks|thank you)[,.!]{0,2}[ \t]{0,3}\n\s{0,5}"
_THANKED = re.compile(rf"((?i:\b{_THANKS}))({_FULL_NAME})(?=\s{{0,9}}$)")
_TITLED = re.compile(
    rf"(\b(?:[Гг]-(?:н|ну|на|жа|же|жу)|[Гг]осподин[уа]?|[Гг]оспож[аеу]|[Гг]раждан(?:ин|ка)|"
    rf"[Mm]rs?|[Mm]s|[Mm]iss|Dr)"
    rf"\.?[ \t]{{1,3}})({_FULL_NAME})"
)
_GREETINGS = (
    r"здравствуйте|добрый день|добрый вечер|доброе утро|приветствую|привет|уважаем(?:ый|ая)|"
    r"hello|hi|dear|good (?:morning|day|afternoon|evening)"
)
_GREETED = re.compile(rf"((?i:\b(?:{_GREETINGS})[ \t,]{{1,4}}))({_FULL_NAME})(?=\s{{0,3}}[!,.\n])")
_WITH_INITIALS = re.compile(
    r"\b(?:[А-ЯЁ][а-яё]{1,30}(?:-[А-ЯЁ][а-яё]{1,30})?[ \t]{1,2}[А-ЯЁ]\.[ \t]?[А-ЯЁ]\.|"
    r"[А-ЯЁ]\.[ \t]?[А-ЯЁ]\.[ \t]?[А-ЯЁ][а-яё]{1,30}(?:-[А-ЯЁ][а-яё]{1,30})?)"
)
_SURNAME_INITIAL = re.compile(
    r"\b[А-ЯЁ][а-яё]{1,24}(?:ов|ова|ову|ев|ева|еву|ёв|ёва|ин|ина|ский|ская|цкий|цкая|енко|чук|юк)"
    r"[ \t]{1,2}[А-ЯЁ]\.(?!\w)"
)
_NO_SURNAMES = (
    r"Thanks?|I|The|My|We|It|Please|You|Your|Can|How|When|Спасибо|Добрый|Доброе|Здравствуйте|Не|Мы|Я|Вы|У|Это|Как|"
    r"Почему|Прошу|Подскажите|Когда|Что|Есть|По|На|В|Мне|Нам|Ваш|Очень|Все|Всё|Пожалуйста|Где|Сколько|Можно"
)
_NAME_GOES_ON = re.compile(
    rf"(?<=\[имя\])(?:[ \t]{{1,2}}(?!(?:{_NO_SURNAMES})\b)(?:[А-ЯЁ][а-яё]{{1,30}}|[A-Z][a-z]{{1,30}})"
    rf"(?:-[А-ЯЁA-Z][а-яёa-z]{{1,30}})?){{1,2}}"
)
_WITH_PATRONYMIC = re.compile(
    r"\b(?:[А-ЯЁ][а-яё]{1,30}(?:-[А-ЯЁ][а-яё]{1,30})?[ \t]{1,2}){1,2}"
    r"[А-ЯЁ][а-яё]{1,20}(?:ович|евич|ьич|овна|евна|инична|ична)[а-яё]{0,2}\b"
    r"(?:[ \t]{1,2}[А-ЯЁ][а-яё]{1,30})?"
)
_BESIDE_ADDRESS = re.compile(rf"\b{_WORD}(?:[ \t]{{1,3}}{_WORD}){{1,2}}(?=[ \t,;:(<—-]{{1,4}}\[(?:email|phone)\])")
_PASSPORT = re.compile(
    r"(?i)(\b(?:паспорт\w{0,4}|пасп\.|passport|сери[яи])\D{0,20})"
    r"\d{2}\s?\d{2}(?:\s{0,2}|[\s,;:№-]{0,4}(?:номер(?:[ \t]паспорта)?|no\.?|number)?[\s:№]{0,3})\d{6}(?!\d)"
)
# a contract names its customer, an order does not: its number goes whatever it looks like
_CONTRACT = re.compile(
    r"(?i)(\b(?:(?:договор|контракт|соглашени)\w{0,3}|лицев\w{2,3}[ \t]сч[её]т\w{0,2}|л/с|полис\w{0,2}|"
    r"contract|agreement|(?:bank )?account(?: number)?|policy)"
    r"(?:[ \t](?:осаго|каско|дмс|омс))?[ \t]{0,2}[:—-]?[ \t]{0,2}"
    r"(?:номер|number|num\.?|no\.?|id)?[ \t]{0,2}[№#:]{0,2}[ \t]{0,2})"
    r"(?:[^\W\d_]{1,4}[-/ ]?)?\d(?:[-/]?\d){4,24}(?:[/-]\d{1,4})?(?!\w)"
)
_BORN = re.compile(
    r"(?i)(\b(?:дата рождения|родил(?:ся|ась)|д\.\s?р\.|born(?: on)?|date of birth|dob)\D{0,10})"
    r"(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d{2}-\d{2}|\d{1,2}\s[а-яa-z]{3,10}\s\d{4})"
)
_DAY = r"(?:(?:19|20)\d\d-[01]\d-[0-3]\d|[0-3]?\d\.[01]?\d\.(?:19|20)\d\d)"
_CLOCK = r"[T ][0-2]?\d:[0-5]\d(?::[0-5]\d)?"
_NUMBER = re.compile(
    rf"(?P<date>(?<![\d.]){_DAY}(?:{_CLOCK})?(?!\d))"
    r"|(?P<ip>(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.]))"
    r"|(?P<digits>(?:\+[ \t]?)?\(?\d(?:[ \t\u00a0\u2009\u202f().–—-]{0,3}\d){4,24})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacted:
    """A text that may be published."""

    text: str
    """the text with every find replaced by a word in brackets"""
    count: int
    """how many finds were replaced"""


def redact(text: str) -> Redacted:
    """The text without e-mails, phones, cards, documents, secrets in links, and names that were introduced as such.

    Numbers of five digits and more stay only where a word before them says order, ticket, invoice or the like, or a
    currency follows. Entities are decoded, tags inside of words and signs that nobody sees go, and runs of spaces
    become one, so that none of them hides a value.

    >>> redact("тел 8 (916) 123-45-67, заказ 1234567").text
    'тел [phone], заказ 1234567'
    """
    count = 0
    text = typed_plainly(text)
    for pattern, replacement in _PASSES:
        text, found = _replaced(pattern, replacement, text)
        count += found
    return Redacted(text=text, count=count)


def typed_plainly(text: str) -> str:
    """The text as a reader sees it, in plain signs: what may hide a value is gone."""
    return _SPACES.sub(" ", as_seen(text).translate(_AS_TYPED))


def _replaced(pattern: re.Pattern[str], replacement: Callable[[_Find], str], text: str) -> tuple[str, int]:
    found = 0

    def counted(find: _Find) -> str:
        nonlocal found
        new = replacement(find)
        found += new != find[0]
        return new

    return pattern.sub(counted, text), found


def _link(find: _Find) -> str:
    return "[link]" if _SECRET_IN_LINK.search(find[2]) else find[0]


def _number(find: _Find) -> str:
    if find["date"]:
        return find[0]
    return "[ip]" if find["ip"] else replace_number(find)


def _always(word: str) -> Callable[[_Find], str]:
    return lambda _: word


def _after_context(word: str) -> Callable[[_Find], str]:
    return lambda find: find[1] + word


_PASSES: tuple[tuple[re.Pattern[str], Callable[[_Find], str]], ...] = (
    (_LINK, _link),
    (_EMAIL, _always("[email]")),
    (spelt_out.SPELT_EMAIL, _always("[email]")),
    (spelt_out.TORN_EMAIL, _always("[email]")),
    (spelt_out.PROFILE, _after_context("[username]")),
    (spelt_out.MESSENGER, _after_context("[username]")),
    (_HANDLE, _always("[username]")),
    (_TOKEN, _always("[token]")),
    (_INTRODUCED, _after_context(_NAME)),
    (_INTRODUCED_SMALL, _after_context(_NAME)),
    (_SIGNED, _after_context(_NAME)),
    (_THANKED, _after_context(_NAME)),
    (_TITLED, _after_context(_NAME)),
    (_GREETED, _after_context(_NAME)),
    (spelt_out.NAME_IN_SMALL, _after_context(_NAME)),
    (spelt_out.SURNAME_AFTER, _always("")),
    (_NAME_GOES_ON, _always("")),
    (_WITH_PATRONYMIC, _always(_NAME)),
    (_WITH_INITIALS, _always(_NAME)),
    (_SURNAME_INITIAL, _always(_NAME)),
    (_PASSPORT, _after_context("[passport]")),
    (_CONTRACT, _after_context("[contract]")),
    (_BORN, _after_context("[date]")),
    (spelt_out.ADDRESS, _always("[address]")),
    (spelt_out.STREET_AFTER, _always("[address]")),
    (spelt_out.FLAT, _always("[address]")),
    (spelt_out.STREET, _always("[address]")),
    (_NUMBER, _number),
    (_BESIDE_ADDRESS, _always(_NAME)),
)
"""in this order: a link may hold an address, and an address may hold digits"""
