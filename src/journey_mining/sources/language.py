"""Which language a text is in, by its letters: enough to choose a word list, not more."""

from __future__ import annotations

import re

_CYRILLIC = re.compile(r"[А-Яа-яЁё]")
_LATIN = re.compile(r"[A-Za-z]")
_FOREIGN_BITS = re.compile(r"\S*[@/\\]\S*|\[[^\]]*\]|[A-Za-z]*\d\w*")
_RUSSIAN_SHARE = 0.6
"""Russian texts are full of product names in Latin letters"""
_FOREIGN_SHARE = 0.2
_FEWEST_LETTERS = 3


def language_of(text: str) -> str:
    """One of ru, en, mixed, und; addresses, placeholders and codes do not count.

    >>> language_of("Сайт example.com не открывается"), language_of("ok, thanks"), language_of("404")
    ('ru', 'en', 'und')
    """
    words = _FOREIGN_BITS.sub(" ", text)
    cyrillic, latin = len(_CYRILLIC.findall(words)), len(_LATIN.findall(words))
    total = cyrillic + latin
    if total < _FEWEST_LETTERS:
        return "und"
    share = cyrillic / total
    if share >= _RUSSIAN_SHARE:
        return "ru"
    return "en" if share <= _FOREIGN_SHARE else "mixed"
