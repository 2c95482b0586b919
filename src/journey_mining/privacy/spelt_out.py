"""Patterns of personal data that people write around filters: spelt-out addresses, handles, places, names in small.

In: nothing. Out: compiled patterns and what to put in place of a find. Every repetition is bounded.
"""

from __future__ import annotations

import re

from journey_mining.privacy.first_names import FIRST_NAMES

_HOST = r"[^\W_][\w-]{0,62}"
_DOT = r"(?:\.|[ \t]{0,2}[\[(]?[ \t]?\b(?:dot|точка|тчк)\b[ \t]?[\])]?[ \t]{0,2})"
SPELT_EMAIL = re.compile(
    rf"(?i)(?<!\w)[\w.+%-]{{1,64}}[ \t]{{0,2}}[\[({{][ \t]?(?:at|собак[аеу]|эт|dog|@)[ \t]?[\])}}][ \t]{{0,2}}"
    rf"{_HOST}(?:{_DOT}[\w-]{{1,63}}){{1,4}}"
    r"|(?<!\w)[\w.+%-]{1,64}[ \t]{1,2}(?:собака|собачка)[ \t]{1,2}"
    r"[A-Za-z\d][\w-]{0,62}(?:(?:\.|[ \t]{1,2}(?:dot|точка|тчк)[ \t]{1,2})[\w-]{1,63}){1,4}"
    r"|(?<!\w)[A-Za-z\d._+-]{1,64}[ \t]at[ \t][A-Za-z\d-]{1,63}[ \t]dot[ \t]"
    r"(?:ru|com|net|org|su|io|me|info|biz|de|uk|example)\b"
)
TORN_EMAIL = re.compile(
    # a space or a comma slipped in: "anna @ mail.ru", "anna@mail,ru", "anna@mail точка ru"
    r"(?i)(?<!\w)[\w.+%-]{1,64}[ \t]?@[ \t]?[^\W_][\w-]{0,62}(?:\.[\w-]{1,63}){0,3}"
    r"(?:\.|[ \t]\.|,|[ \t]{1,2}(?:точка|тчк|dot)[ \t]{1,2})[^\W\d_]{2,10}\b"
)
PROFILE = re.compile(
    r"(?i)(\b(?:t|telegram|wa)\.me/|\b(?:vk\.com|vk\.ru|ok\.ru|instagram\.com|facebook\.com|fb\.com)/)@?[\w.+-]{3,64}"
)
MESSENGER = re.compile(
    r"(?i)(\b(?:телеграм\w{0,2}|телег[аеу]|telegram|тг|tg|скайп\w{0,2}|skype|инстаграм\w{0,2}|instagram|вк|vk)"
    r"(?:[ \t]{0,2}:[ \t]{0,2}|[ \t]{1,2}(?=[a-z][a-z\d.:]{0,62}[\d_:])))([a-z][a-z\d_.:]{3,62}\w)"
)
_STREET = (
    r"(?:ул(?:\.|иц[аеыу]\b|(?=[ \t]))|пр(?:-т|осп\.|оспект[ае]?\b)|(?<!и )пр\.|"
    r"пер(?:\.|еулок\b|еулке\b)|б(?:-р|ульваре?\b)|шоссе\b|наб(?:\.|ережн\w{2}\b)|мкр\.?|проезде?\b)"
)
_HOUSE = r"(?:д(?:\.|ом\b)?[ \t]{0,2})?\d{1,4}(?!\d)(?:[а-яА-Я]\b)?(?:[/-]\d{1,4})?"
_PART = (
    r"(?:корп(?:\.|ус)?|к\.|стр(?:\.|оение)?|кв(?:\.|артира)?|оф(?:\.|ис)?|подъезд|под\.|эт(?:\.|аж))"
    r"[ \t]{0,2}\d{1,4}(?!\d)"
)
_HOUSE_SAID = r"(?:д\.|дом\b)[ \t]{0,2}\d{1,4}(?!\d)(?:[а-яА-Я]\b)?(?:[/-]\d{1,4})?"
ADDRESS = re.compile(
    # a street in small letters is one only where the house is said to be a house: "на улице было 30 градусов"
    rf"(?i)(?<!\w){_STREET}[ \t]{{0,2}}"
    rf"(?:(?-i:[А-ЯЁA-Z\d])[\w.-]{{1,30}}(?:[ \t][^\W\d_][\w-]{{1,30}}){{0,2}}[, \t]{{1,3}}{_HOUSE}"
    rf"|[^\W_][\w.-]{{1,30}}(?:[ \t][^\W\d_][\w-]{{1,30}}){{0,2}}[, \t]{{1,3}}{_HOUSE_SAID})"
    rf"(?:[, \t]{{1,3}}{_PART}){{0,4}}"
)
STREET_AFTER = re.compile(
    rf"\b[А-ЯЁ][\w-]{{2,30}}(?:[ \t][А-ЯЁ][\w-]{{2,30}})?[ \t]{{1,2}}(?i:ул(?:\.|иц[аеыу]|(?=[ ,]))|"
    rf"пр-т|просп(?:\.|ект[ае]?)|шоссе|пер(?:\.|еул\w{{2,3}})|"
    rf"бульвар[ае]?|б-р|наб(?:\.|ережн\w{{2}})|площад[ьи]|пл\.)[, \t]{{1,3}}{_HOUSE}(?:[, \t]{{1,3}}{_PART}){{0,4}}"
)
FLAT = re.compile(
    r"(?i)(?<!\d )(?<!\w)(?:д(?:\.|ом)[ \t]{0,2}\d{1,4}[, \t]{1,3})?"
    r"кв(?:\.|артира|(?=[ ]\d))[ \t]{0,2}\d{1,3}(?!\d)"
)
STREET = re.compile(
    r"\b(?:Flat[ \t]\d{1,4},?[ \t])?\d{1,5}[A-Za-z]?[ \t][A-Z][a-z]{2,20}(?:[ \t][A-Z][a-z]{2,20})?[ \t]"
    r"(?:Street|St\b\.?|Avenue|Ave\b\.?|Road|Rd\b\.?|Lane|Drive|Boulevard|Blvd\b\.?)"
    r"(?:[, \t]{1,3}(?:Apt|Flat|Suite)\.?[ \t]\d{1,5})?"
)
_NAMES = "|".join(sorted(FIRST_NAMES, key=lambda name: (-len(name), name)))
_SURNAME = r"[^\W\d_]{2,24}(?:ов|ова|ев|ева|ёв|ёва|ин|ина|ын|ына|ский|ская|цкий|цкая|енко|чук|юк|ян|швили|дзе)\b"
_BEFORE = (
    r"здравствуйте|добрый день|добрый вечер|доброе утро|приветствую|привет|спасибо|уважаем(?:ый|ая)|с уважением|"
    r"с наилучшими|меня зовут|мо[её] имя|пишет(?: вам)?|это|my name is|hello|hi|dear|"
    r"regards|sincerely|cheers|this is|i am|i'm"
)
NAME_IN_SMALL = re.compile(
    rf"((?i:\b(?:{_BEFORE})[ \t]{{0,2}}[,.!:—-]?\s{{1,3}}))"
    rf"(?i:(?:{_NAMES})(?!\w)(?:[ \t]{{1,2}}{_SURNAME})?)"
)
SURNAME_AFTER = re.compile(rf"(?i)(?<=\[имя\])[ \t]{{1,2}}{_SURNAME}")
