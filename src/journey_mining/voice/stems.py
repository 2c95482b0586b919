"""Words without their endings, so that forms of one word count together; for counting, not for reading.

Russian: the Snowball stemmer (M. Porter, snowballstem.org/algorithms/russian). English: plural, -ing and -ed only.
"""

from __future__ import annotations

import re
from functools import lru_cache

_VOWELS = "аеиоуыэюя"
_PARTS = re.compile(rf"([^{_VOWELS}]*[{_VOWELS}])(.*)", re.DOTALL)
_SECOND_REGION = re.compile(rf"[{_VOWELS}][^{_VOWELS}]+[{_VOWELS}]+[^{_VOWELS}]")
_GERUND = re.compile(r"(?:(?<=[ая])(?:в|вши|вшись)|(?:ив|ивши|ившись|ыв|ывши|ывшись))$")
_REFLEXIVE = re.compile(r"с[яь]$")
_ADJECTIVE = re.compile(r"(?:ее|ие|ые|ое|ими|ыми|ей|ий|ый|ой|ем|им|ым|ом|его|ого|ему|ому|их|ых|ую|юю|ая|яя|ою|ею)$")
_PARTICIPLE = re.compile(r"(?:(?<=[ая])(?:ем|нн|вш|ющ|щ)|(?:ивш|ывш|ующ))$")
_VERB = re.compile(
    r"(?:(?<=[ая])(?:ла|на|ете|йте|ли|й|л|ем|н|ло|но|ет|ют|ны|ть|ешь|нно)"
    r"|(?:ила|ыла|ена|ейте|уйте|ите|или|ыли|ей|уй|ил|ыл|им|ым|ен|ило|ыло|ено|ят|ует|уют|ит|ыт|ены|ить|ыть|ишь|ую|ю))$"
)
_NOUN = re.compile(
    r"(?:а|ев|ов|ие|ье|е|иями|ями|ами|еи|ии|и|ией|ей|ой|ий|й|иям|ям|ием|ем|ам|ом|о|у|ах|иях|ях|ы|ь|ию|ью|ю|ия|ья|я)$"
)
_DERIVATION = re.compile(r"ость?$")
_SUPERLATIVE = re.compile(r"ейше?$")
_CYRILLIC = re.compile("[а-я]")
_ENGLISH_PLURAL = re.compile(r"(?<=[a-z]{3})(?:(?<=[sxzh])es|(?<![sui])s)$")
_ENGLISH_VERB = re.compile(r"(?<=[aeiouy][a-z])(?:ing|ed)$|(?<=[aeiouy][a-z]{2})(?:ing|ed)$")
_DOUBLED = re.compile(r"([bdgmnprt])\1$")
_DISTINCT_WORDS = 200_000


@lru_cache(maxsize=_DISTINCT_WORDS)
def stem(word: str) -> str:
    """The word in small letters without its ending.

    >>> [stem(word) for word in ("оплата", "оплатой", "оплаты", "заказами", "работает", "payments", "crashed")]
    ['оплат', 'оплат', 'оплат', 'заказ', 'работа', 'payment', 'crash']
    """
    word = word.replace("ё", "е")
    return _russian(word) if _CYRILLIC.search(word) else _english(word)


def _russian(word: str) -> str:
    found = _PARTS.fullmatch(word)
    if found is None:
        return word
    start, ending = found[1], found[2]
    ending = _without_inflection(ending)
    ending = ending.removesuffix("и")
    ending = _without_derivation(start, ending)
    if ending.endswith("ь"):
        return start + ending[:-1]
    shorter = _SUPERLATIVE.sub("", ending)
    return start + (shorter[:-1] if shorter.endswith("нн") else shorter)


def _without_inflection(ending: str) -> str:
    if _GERUND.search(ending):
        return _GERUND.sub("", ending)
    ending = _REFLEXIVE.sub("", ending)
    if _ADJECTIVE.search(ending):
        return _PARTICIPLE.sub("", _ADJECTIVE.sub("", ending))
    return _VERB.sub("", ending) if _VERB.search(ending) else _NOUN.sub("", ending)


def _without_derivation(start: str, ending: str) -> str:
    """Without -ость, where it lies behind the second closed syllable."""
    region = _SECOND_REGION.search(start + ending)
    found = _DERIVATION.search(ending)
    if region is None or found is None or len(start) + found.start() < region.end():
        return ending
    return ending[: found.start()]


def _english(word: str) -> str:
    word = word.removesuffix("'s")
    if word.endswith("ies") and len(word) > len("flies"):
        return word[:-3] + "y"
    word = _ENGLISH_PLURAL.sub("", word)
    shorter = _ENGLISH_VERB.sub("", word)
    return _DOUBLED.sub(r"\1", shorter) if shorter != word else word
