"""What a message is about, as terms that can be counted: words and pairs of neighbours, without their endings.

In: a message of a customer. Out: terms by their stems, each with the words as they stand in the message. A negation
belongs to the word behind it ("не работает"), a preposition to the pair around it ("доступ к сайту").
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from journey_mining.languages import told_language
from journey_mining.voice.cleaning import ADDRESS_MARKERS, FEELING_MARKERS, words_of
from journey_mining.voice.own_words import is_automatic, own_words
from journey_mining.voice.stems import stem

_LISTS = tomllib.loads((Path(__file__).resolve().parent / "words" / "stop_words.toml").read_text(encoding="utf-8"))
_STOP, _NEGATIONS, _LINKS = (frozenset(_LISTS[name].split()) for name in ("words", "negations", "links"))
_MARKERS = ADDRESS_MARKERS | FEELING_MARKERS
_WORD = re.compile(r"[^\W\d_][^\W\d_']*")
_FEWEST_LETTERS = 3


class _Token(NamedTuple):
    """A word that says something, perhaps with its negation, and where it stands."""

    key: str
    said: str
    first: int
    last: int


def terms_of(text: str) -> dict[str, str]:
    """Terms of a message by their stems, with the first words that said them; none for what no person wrote.

    >>> terms_of("Не работает почта, нет доступа к сайту")
    {'не работа': 'не работает', 'почт': 'почта', 'не работа почт': 'не работает почта', 'нет доступ': 'нет доступа', \
'сайт': 'сайту', 'нет доступ сайт': 'нет доступа к сайту'}
    """
    own = own_words(text)
    if is_automatic(own):
        return {}
    words = words_of(own, transliterated=told_language(own).transliterated).split()
    terms: dict[str, str] = {}
    former: _Token | None = None
    for token in _tokens(words):
        terms.setdefault(token.key, token.said)
        if former is not None and _are_neighbours(words, former, token) and former.key != token.key:
            said = " ".join(words[former.first : token.last + 1])
            terms.setdefault(f"{former.key} {token.key}", said)
        former = token
    return terms


def _tokens(words: Sequence[str]) -> Iterator[_Token]:
    for place, word in enumerate(words):
        if len(word) < _FEWEST_LETTERS or word in _STOP or word in _NEGATIONS or word in _MARKERS:
            continue
        if not _WORD.fullmatch(word):
            continue
        negation = words[place - 1] if place and words[place - 1] in _NEGATIONS else ""
        key = f"{negation} {stem(word)}" if negation else stem(word)
        yield _Token(key, f"{negation} {word}" if negation else word, place - bool(negation), place)


def _are_neighbours(words: Sequence[str], former: _Token, token: _Token) -> bool:
    between = words[former.last + 1 : token.first]
    return not between or (len(between) == 1 and between[0] in _LINKS)
