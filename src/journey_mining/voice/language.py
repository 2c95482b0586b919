"""Language of a message by its letters: enough to tell Russian, English, both, and what cannot be scored."""

from __future__ import annotations

import re

_NOISE = re.compile(r"(?:https?://|www\.)\S+|[\w.+-]{1,64}@[\w.-]{1,64}|@\w{1,64}|</?[a-z][^<>]{0,200}>", re.IGNORECASE)
_CYRILLIC = re.compile(r"[а-яё]+", re.IGNORECASE)
_LATIN = re.compile(r"[a-z]+", re.IGNORECASE)
_OTHER_LETTER = re.compile(r"[^\W\d_a-zа-яё]+", re.IGNORECASE)
_LATIN_WORD = re.compile(r"[a-z']+")
_ENGLISH_SPELLING = re.compile(r"th|wh|sh|oo|ee|gh|ing$|ould|n't$")
_RUSSIAN_SHARE = 0.4
_ENGLISH_SHARE = 0.1
_FOREIGN_LETTERS, _FOREIGN_SHARE = 1, 0.03
_ENOUGH_WORDS = 5
_ENGLISH_WORD_SHARE = 0.1
_LOOKED_AT = 2_000
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


def language_of(text: str) -> str:
    """`ru`, `en`, `mixed` or `und`, by the share of Cyrillic among Cyrillic and Latin letters.

    Addresses and tags are not counted. Other alphabets, letters that neither language has (`ї`, `ß`, `ã`), and Latin
    text without English words and spellings give `und`.

    >>> [language_of(text) for text in ("VPS лежит", "the site is down", "привет hello", "Ich bin sehr müde", "123")]
    ['ru', 'en', 'mixed', 'und', 'und']
    """
    text = _NOISE.sub(" ", text[:_LOOKED_AT]) if any(sign in text for sign in "@/.<") else text[:_LOOKED_AT]
    cyrillic, latin, other = (len("".join(run.findall(text))) for run in (_CYRILLIC, _LATIN, _OTHER_LETTER))
    if cyrillic + latin == 0 or other > max(_FOREIGN_LETTERS, _FOREIGN_SHARE * (cyrillic + latin)):
        return "und"
    share = cyrillic / (cyrillic + latin)
    if share >= _RUSSIAN_SHARE:
        return "mixed" if share < 1 - _RUSSIAN_SHARE else "ru"
    if share > _ENGLISH_SHARE:
        return "mixed"
    return "en" if _reads_english(text.lower()) else "und"


def _reads_english(text: str) -> bool:
    words = _LATIN_WORD.findall(text)
    if len(words) < _ENOUGH_WORDS:
        return True
    english = sum(word in _ENGLISH_WORDS or _ENGLISH_SPELLING.search(word) is not None for word in words)
    return english >= _ENGLISH_WORD_SHARE * len(words)
