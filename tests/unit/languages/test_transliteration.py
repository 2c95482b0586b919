"""Russian in Latin letters."""

from __future__ import annotations

import pytest

from journey_mining.languages import in_cyrillic, told_language
from journey_mining.voice import embedded_engine


@pytest.mark.parametrize(
    "text",
    [
        "pochemu sayt ne rabotaet",
        "Spasibo!",
        "kogda budet dostavka? zhdu uzhe nedelyu",
        "nichego ne ponimayu, server upal",
        "Uzhasno, verните dengi".replace("verните", "vernite"),
    ],
)
def test_russian_in_latin_letters_is_russian(text):
    assert told_language(text) == ("ru", True)


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, no problem at all",
        "The hotel was kind of bad and there was no net",
        "To no one: my order is on the way, so do it",
        "Nothing but a potom of lies, I want my money",
        "Ne radi, molim pomoc",
        "Nie działa poczta",
    ],
)
def test_other_latin_texts_are_not(text):
    assert not told_language(text).transliterated


@pytest.mark.parametrize(
    ("text", "cyrillic"),
    [
        ("shchi, borshch i chay", "щи, борщ и чай"),
        ("ob'yavlenie", "обьявление"),
        ("yubiley v tsentre", "юбилей в центре"),
        ("novyy dom, staryj zamok", "новый дом, старый замок"),
        ("smotri www.shop.example i https://a.example/ne", "смотри www.shop.example и https://a.example/ne"),
        ("4as 6 zakaz 46", "час 6 заказ 46"),
    ],
)
def test_letters_are_read_as_people_type_them(text, cyrillic):
    assert in_cyrillic(text) == cyrillic


def test_a_complaint_in_latin_letters_is_scored_like_one_in_cyrillic():
    batch = embedded_engine().score(["uzhasno, nichego ne rabotaet", "ужасно, ничего не работает"])
    assert batch.flags == ("transliterated", "")
    assert batch.scores()[0] == batch.scores()[1] < -0.5


def test_a_word_that_redaction_put_in_does_not_change_the_language():
    assert told_language("Hi [имя], down").language == "en"
