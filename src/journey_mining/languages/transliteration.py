"""Russian that was typed in Latin letters: told from English by its words, and brought back to Cyrillic.

In: a text in Latin letters. Out: whether it is Russian, and its words in Cyrillic. The letters are those of ISO 9 /
GOST 7.79 B and of what people type instead (`sch`, `4to`, `x`); what several letters share is read the common way.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from pathlib import Path

_LETTERS = {
    "shch": "щ", "sch": "щ", "shh": "щ", "zh": "ж", "kh": "х", "ts": "ц", "tz": "ц", "ch": "ч", "sh": "ш",
    "yu": "ю", "ju": "ю", "iu": "ю", "ya": "я", "ja": "я", "yo": "ё", "jo": "ё", "ye": "е", "je": "е",
    "a": "а", "b": "б", "c": "ц", "d": "д", "e": "е", "f": "ф", "g": "г", "h": "х", "i": "и", "j": "й", "k": "к",
    "l": "л", "m": "м", "n": "н", "o": "о", "p": "п", "q": "к", "r": "р", "s": "с", "t": "т", "u": "у", "v": "в",
    "w": "в", "x": "х", "z": "з", "4": "ч", "6": "ш", "'": "ь", '"': "ъ",
}  # fmt: skip
_PIECE = re.compile("|".join(sorted((*_LETTERS, "y"), key=lambda piece: (-len(piece), piece))))
_VOWELS = frozenset("aeiouy")
_WHOLE = {
    "chto": "что", "shto": "что", "4to": "что", "chtoby": "чтобы", "est": "есть", "zdes": "здесь", "y": "у",
    "ochen": "очень", "tolko": "только", "opyat": "опять", "den": "день", "bolshe": "больше", "menshe": "меньше",
    "skolko": "сколько", "pismo": "письмо", "dengi": "деньги", "nelzya": "нельзя", "voobshche": "вообще",
    "eto": "это", "etot": "этот", "eta": "эта", "eti": "эти", "etogo": "этого", "esche": "еще", "eshche": "еще",
}  # fmt: skip
"""words whose letters alone would be read wrong"""
_ADDRESS = re.compile(r"(?<!\S)\S*(?:://|@|www\.|\w\.\w)\S*")
_WORD = re.compile(r"(?<![\w@])(?:[A-Za-z]|[46](?=[a-z]{2}))[A-Za-z'46]*(?![\w@])")
_LATIN_WORD = re.compile(r"[a-z46']+")
_WORDS_FILE = Path(__file__).resolve().parent / "words" / "russian_in_latin.toml"
_RUSSIAN_WORDS = frozenset(tomllib.loads(_WORDS_FILE.read_text(encoding="utf-8"))["words"].split())
"""common Russian words in the usual spellings; none is a word of English texts"""
# words that neighbours in Latin letters have as well: alone they say nothing
_NEIGHBOURLY = (
    "ne den dva tri pro bez pri pred nad kto ona ono oni tak tam nam nas vam vas pochta problema problemy telefon radi "
    "rada mesto slovo slova igra igre igry ruki strany novo nova moe moi moya tvoya sama samo vse vsya bila bilo byla "
    "bylo dela delo doma dnem dney nego nim nimi svoe svoi stalo more chasto kada kogo malo mnogo davno davaj dobro"
)
_SHARED = frozenset(_NEIGHBOURLY.split())
_ENOUGH_SHARE = 0.2


def is_transliterated(lowered: str, english: Collection[str]) -> bool:
    """Whether a text in small Latin letters is Russian.

    It is where at least a fifth of its words are common Russian ones, more of them than of `english`, one at least of
    them being no word of a neighbouring language.

    >>> is_transliterated("pochemu sayt ne rabotaet", ()), is_transliterated("why is the site down", {"the", "is"})
    (True, False)
    """
    words = _LATIN_WORD.findall(lowered)
    russian = [word for word in words if word in _RUSSIAN_WORDS]
    if not russian or len(russian) < _ENOUGH_SHARE * len(words) or _SHARED.issuperset(russian):
        return False
    return len(russian) > sum(word in english for word in words)


def in_cyrillic(text: str) -> str:
    """The text with its Latin words in Cyrillic letters; addresses stay.

    >>> in_cyrillic("Pochemu sayt ne rabotaet? Ploho, 4to za shchyot")
    'почему сайт не работает? плохо, что за щёт'
    """
    at, parts = 0, []
    for address in _ADDRESS.finditer(text):
        parts += [_WORD.sub(_word, text[at : address.start()]), address[0]]
        at = address.end()
    return "".join([*parts, _WORD.sub(_word, text[at:])])


def _word(found: re.Match[str]) -> str:
    word = found[0].lower()
    return _WHOLE.get(word) or _PIECE.sub(_letter, word)


def _letter(found: re.Match[str]) -> str:
    if found[0] != "y":
        return _LETTERS[found[0]]
    before = found.string[found.start() - 1 : found.start()]
    return "й" if before in _VOWELS and before else "ы"
