"""What customers write, put together from the word lists in `words/texts_*.toml`.

The mood of a text is drawn first, so that its mean in a stage is exactly the planted one; then situation, detail,
feeling and request are picked, and a manner of writing (careful, curt, chatty, shouting) is laid over them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from numpy.random import Generator

from journey_mining.simulation.people import Person, latin, phone_as_written, pick, weighted, words

NEUTRAL_SHARE = 0.3
_MOODS = {-1: "neg", 0: "neu", 1: "pos"}
_MANNERS = {"careful": 4.0, "curt": 2.5, "chatty": 2.5, "shouting": 0.4}
_TARIFFS = ("VPS Мини", "VPS Бизнес-2", "VPS Бизнес-4", "Хостинг Старт", "Облако 1С", "E-2388")
_TARIFFS_EN = ("VPS Mini", "VPS Business-2", "VPS Business-4", "Start", "Cloud 1C", "E-2388")
_CITIES = ("Казань", "Пермь", "Самара", "Омск", "Тула", "Тверь", "Уфа", "Томск", "Рязань", "Калуга")
_MONTHS = ("январь", "март", "апрель", "май", "июнь", "июль", "август", "октябрь")
_MONTHS_EN = ("January", "March", "April", "May", "June", "July", "August", "October")
_AGENTS = ("Олег", "Павел", "Артур", "Денис", "Марат", "Роман")
_MANY = tuple(number for number in range(5, 60) if number % 10 in {0, 5, 6, 7, 8, 9} or 10 < number < 20)
"""numbers that govern the same Russian plural"""


@dataclass(frozen=True, slots=True)
class Text:
    """Subject and body of a message."""

    subject: str
    body: str


def draw_mood(rng: Generator, mean: float) -> int:
    """-1, 0 or 1 with the given mean, for means up to 0.7 either way.

    >>> import numpy as np
    >>> rng = np.random.Generator(np.random.PCG64(1))
    >>> sorted({draw_mood(rng, 0.2) for _ in range(50)})
    [-1, 0, 1]
    """
    draw = rng.random()
    positive = (1 - NEUTRAL_SHARE + mean) / 2
    if draw < positive:
        return 1
    return 0 if draw < positive + NEUTRAL_SHARE else -1


def write(rng: Generator, language: str, matter: str, mood: int) -> Text:
    """A ticket about `matter` ("general" where it has none) in the mood -1, 0 or 1."""
    lists = words(f"texts_{language}")
    about, tone = lists[matter], _MOODS[mood]
    manner = weighted(rng, _MANNERS) if mood < 0 else weighted(rng, {**_MANNERS, "shouting": 0.0})
    body = [_sentence(pick(rng, about[tone]))]
    if manner != "curt" and rng.random() < 0.35:
        body.append(_sentence(pick(rng, [text for text in about[tone] if not body[0].startswith(text)])))
    if rng.random() < 0.45:
        body.append(_sentence(pick(rng, about["detail"])))
    if rng.random() < (0.55 if mood else 0.25):
        body.append(_sentence(pick(rng, lists[f"feel_{tone}"])))
    if mood <= 0 and rng.random() < 0.5:
        body.append(pick(rng, about["demand" if mood < 0 else "ask"]))
    if manner in {"careful", "chatty"} and rng.random() < 0.75:
        body.insert(0, pick(rng, lists["greet"]))
    if manner == "careful" and rng.random() < 0.6:
        body.append(pick(rng, lists["bye"]))
    text = " ".join(part for part in body if part)
    subject = filled(rng, _subject(rng, lists, about, mood), language)
    return Text(subject, _in_manner(rng, filled(rng, text, language), manner))


def _subject(rng: Generator, lists: dict[str, Any], about: dict[str, Any], mood: int) -> str:
    moody = about["subject_neg"] if mood < 0 else lists["subject_pos"]
    subject: str = pick(rng, moody if mood and rng.random() < 0.5 else about["subject"])
    return subject


def survey_comment(rng: Generator, language: str, stage: str, mood: int) -> str:
    """A short answer to the open question of the survey."""
    lists = words(f"texts_{language}")
    tone = _MOODS[mood]
    parts = [pick(rng, lists["comments"][stage][tone])]
    if rng.random() < 0.4:
        parts.append(pick(rng, lists[f"feel_{tone}"]))
    text = " ".join(_sentence(part) for part in parts if part)
    return _in_manner(rng, filled(rng, text, language), weighted(rng, {"careful": 3.0, "chatty": 2.0}))


def rating_comment(rng: Generator, language: str, rating: str) -> str:
    """A word beside a good or bad rating of a ticket."""
    comment: str = pick(rng, words(f"texts_{language}")["rating"][rating])
    return _in_manner(rng, comment, weighted(rng, {"careful": 3.0, "chatty": 2.0}))


def with_personal_data(rng: Generator, person: Person, body: str, *, english: bool, secrets: list[str]) -> str:
    """The text with a phone, an address, a card or a name in it; what was planted is added to `secrets`."""
    lists = words(f"texts_{'en' if english else 'ru'}")["personal"]
    name = f"{person.first_name} {person.last_name}"
    if english:
        name = latin(name).title()
    values = {
        "phone": phone_as_written(rng, person.mobile),
        "email": person.email or f"{latin(person.last_name)}{person.no}@mail.example",
        "card": card_number(rng),
        "name": name,
    }
    sentence: str = pick(rng, lists["sentences"])
    secrets.extend(value for slot, value in values.items() if f"{{{slot}}}" in sentence)
    body = f"{body} {sentence.format(**values)}"
    if rng.random() < 0.35:
        body = f"{body}\n{lists['signature'].format(name=name)}"
        secrets.append(name)
    return body


def card_number(rng: Generator) -> str:
    """Sixteen digits of a test range with a right check digit.

    >>> import numpy as np
    >>> card_number(np.random.Generator(np.random.PCG64(1)))[:9]
    '4000 0000'
    """
    digits = [4, *[0] * 7, *(int(rng.integers(10)) for _ in range(7))]
    doubled = [digit * 2 - 9 * (digit > 4) if place % 2 == 0 else digit for place, digit in enumerate(digits)]
    text = "".join(map(str, [*digits, -sum(doubled) % 10]))
    return " ".join(text[start : start + 4] for start in range(0, 16, 4))


def filled(rng: Generator, text: str, language: str) -> str:
    """The text with its slots filled; each slot is drawn once for a text."""
    return text.format(**_slots(rng, language)) if "{" in text else text


def _slots(rng: Generator, language: str) -> dict[str, Any]:
    russian, agent = language == "ru", pick(rng, _AGENTS)
    return {
        "days": int(rng.integers(2, 5)),
        "few": int(rng.integers(2, 5)),
        "week": int(rng.integers(5, 11)),
        "hours": pick(rng, _MANY[:14]),
        "minutes": pick(rng, _MANY),
        "times": int(rng.integers(5, 10)),
        "percent": pick(rng, _MANY),
        "sum": int(rng.integers(3, 300)) * 50,
        "order": int(rng.integers(10_000, 99_999)),
        "seats": pick(rng, _MANY),
        "gb": int(rng.integers(2, 50)) * 10,
        "visits": int(rng.integers(3, 90)) * 100,
        "day": int(rng.integers(1, 28)),
        "code": pick(rng, ("500", "502", "503", "504", "403")),
        "time": f"{int(rng.integers(7, 22))}:{pick(rng, ('00', '15', '20', '30', '40'))}",
        "tariff": pick(rng, _TARIFFS if russian else _TARIFFS_EN),
        "city": pick(rng, _CITIES) if russian else latin(pick(rng, _CITIES)).title(),
        "month": pick(rng, _MONTHS if russian else _MONTHS_EN),
        "who": agent if russian else latin(agent).title(),
        "whom": f"{agent}у",
    }


def _sentence(text: str) -> str:
    return text if not text or text[-1] in ".!?," else f"{text}."


def _in_manner(rng: Generator, text: str, manner: str) -> str:
    if manner == "chatty":
        text = text.lower() if rng.random() < 0.6 else text
        text = re.sub(r"\.( |$)", pick(rng, (" ", " ", ", ", ".. ", "\n")), text).strip(" ,\n")
        text = text.replace(",", "") if rng.random() < 0.4 else text
    elif manner == "shouting":
        text = text.upper() if rng.random() < 0.4 else text.replace(".", "!!!")
    return _with_typo(rng, text) if rng.random() < (0.25 if manner in {"chatty", "curt"} else 0.05) else text


def _with_typo(rng: Generator, text: str) -> str:
    """Two neighbouring letters swapped, or one left out."""
    place = int(rng.random() * max(1, len(text) - 2))
    first, second = text[place : place + 1], text[place + 1 : place + 2]
    if not (first.isalpha() and second.isalpha()):
        return text
    swapped = second + first if rng.random() < 0.5 else first
    return text[:place] + swapped + text[place + 2 :]
