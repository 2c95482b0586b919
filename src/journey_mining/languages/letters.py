"""Language of a message by its letters: enough to tell Russian, English, both, and what cannot be scored."""

from __future__ import annotations

import re
from typing import NamedTuple

from journey_mining.languages.transliteration import is_transliterated

_NOISE = re.compile(
    r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w.-]{1,64}|@\w{1,64}|</?[a-z][^<>]{0,200}>|\[[^\W\d][\w ./-]{0,19}\]",
    re.IGNORECASE,
)
_BYTES = bytes(range(256))
_NO_CYRILLIC = _BYTES.translate(None, bytes(range(0xC0, 0x100)) + "Ёё".encode("cp1251"))
_NO_LATIN = _BYTES.translate(None, bytes(range(65, 91)) + bytes(range(97, 123)))
_NO_NEIGHBOUR = _BYTES.translate(None, "ЂЃѓЉЊЌЋЏђљњќћџЎўЈҐЄЇІіґєјЅѕї".encode("cp1251"))
"""bytes of cp1251 that are no Russian letter, no Latin one, and no letter of another Cyrillic alphabet"""
_OTHER_LETTER = re.compile(r"[^\W\d_a-zа-яё]+", re.IGNORECASE)
_LATIN_WORD = re.compile(r"[a-z']+")
_ENGLISH_SPELLING = re.compile(r"th|wh|sh|oo|ee|gh|ing$|ould|n't$")
_RUSSIAN_SHARE = 0.4
_ENGLISH_SHARE = 0.1
_FOREIGN_LETTERS, _FOREIGN_SHARE = 1, 0.03
_ENOUGH_WORDS = 5
_ENGLISH_WORD_SHARE = 0.1
_LOOKED_AT = 2_000
_PERHAPS_NOISE = re.compile(r"[@<\[]|://|www\.", re.IGNORECASE)
# words that English needs and that its neighbours in Latin script do not share
_ENGLISH = (
    "the and of to is was are were be been it its this that these those with for from you your my we our they "
    "their he she his her not don't can't didn't doesn't isn't won't but have has had will would can could "
    "should what when where why how which who there here all any some more very just please thanks thank still "
    "after before because about into out up down off again always every one i i'm it's i've if at by on or so "
    "did does an too get got than then them us also only now new good great bad like love day time work working "
    "service help need want back send since until nice best excellent quality recommend recommended happy easy "
    "slow fast poor worst awful terrible highly really well much many lot days hours week month year customer "
    "money order price amazing perfect waste never ever horrible wonderful works worked ok okay yes today "
    "tomorrow yesterday"
)
_ENGLISH_WORDS = frozenset(_ENGLISH.split())


class Told(NamedTuple):
    """What the letters of a text tell."""

    language: str
    """ru, en, mixed or und"""
    transliterated: bool
    """whether the language is Russian and the letters are Latin"""


_UNKNOWN = Told("und", transliterated=False)


def language_of(text: str) -> str:
    """`ru`, `en`, `mixed` or `und`, by the share of Cyrillic among Cyrillic and Latin letters.

    Addresses, tags and words in brackets are not counted. Other alphabets, letters that neither language has (`ї`, `ß`,
    `ã`), and Latin text without English words and spellings give `und`; Latin text of Russian words gives `ru`.

    >>> [language_of(text) for text in ("VPS лежит", "the site is down", "привет hello", "Ich bin sehr müde", "123")]
    ['ru', 'en', 'mixed', 'und', 'und']
    """
    return told_language(text).language


def told_language(text: str) -> Told:
    """As `language_of`, and whether it is Russian in Latin letters.

    >>> told_language("sayt ne rabotaet")
    Told(language='ru', transliterated=True)
    """
    text = text[:_LOOKED_AT]
    if _PERHAPS_NOISE.search(text):
        text = _NOISE.sub(" ", text)
    cyrillic, latin, other = _letters(text)
    if cyrillic + latin == 0 or other > max(_FOREIGN_LETTERS, _FOREIGN_SHARE * (cyrillic + latin)):
        return _UNKNOWN
    share = cyrillic / (cyrillic + latin)
    if share > _ENGLISH_SHARE:
        return Told("ru" if share >= 1 - _RUSSIAN_SHARE else "mixed", transliterated=False)
    lowered = text.lower()
    if is_transliterated(lowered, _ENGLISH_WORDS):
        return Told("ru", transliterated=True)
    return Told("en", transliterated=False) if _reads_english(lowered) else _UNKNOWN


def _letters(text: str) -> tuple[int, int, int]:
    """How many letters are Russian, Latin without marks, and others."""
    # deleting bytes costs a tenth of what a pattern does, and this is done for every message
    known = text.encode("cp1251", "ignore")
    cyrillic, latin = len(known.translate(None, _NO_CYRILLIC)), len(known.translate(None, _NO_LATIN))
    if len(known) == len(text):
        return cyrillic, latin, len(known.translate(None, _NO_NEIGHBOUR))
    return cyrillic, latin, sum(map(len, _OTHER_LETTER.findall(text)))


def _reads_english(text: str) -> bool:
    words = _LATIN_WORD.findall(text)
    if len(words) < _ENOUGH_WORDS:
        return True
    english = sum(word in _ENGLISH_WORDS or _ENGLISH_SPELLING.search(word) is not None for word in words)
    return english >= _ENGLISH_WORD_SHARE * len(words)
