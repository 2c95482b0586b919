"""Message cleaning, shared by the trainer and by every engine.

In: a message as the source delivered it (HTML, quoted replies, signatures). Out: lower-case words and punctuation
separated by single spaces, with a few marker words. Every pattern is bounded, so a hostile message costs no more than
its length.
"""

from __future__ import annotations

import re

from journey_mining.languages import in_cyrillic, told_language
from journey_mining.voice.own_words import own_words

CLEAN_LIMIT = 4_000
"""characters that are scored"""

ADDRESS_MARKERS = frozenset({"addresstoken", "mailtoken", "shouting"})
"""words of `clean` that say nothing of what is meant"""
FEELING_MARKERS = frozenset({"emoglad", "emosad", "ratelow", "ratemiddle", "ratehigh"})
"""words of `clean` that mean the same in every language"""

_REDACTED = re.compile(r"\[[\w ./-]{1,20}\]")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}")
_MENTION = re.compile(r"(?<!\w)@\w{1,64}")
_RATING = re.compile(r"(?<![\d/.,])(\d{1,2}) ?(?:/|из|out of) ?(5|10)(?![\d/]|[.,]\d)", re.IGNORECASE)
_NUMBER = re.compile(r"\d+(?:[.,:/]\d+)*")
_LETTER_RUN = re.compile(r"([^\W\d_])\1{2,}")
_SIGN_RUN = re.compile(r"([^\w\s])\1{3,}")
_GLAD = re.compile(
    r"[:;=][-o']?[)\]D]+(?!\w)|\){2,}|<3|\^_?\^"
    r"|[❤♥💙💚💛💜🧡👍😊😀😃😄😁😆🙂☺😍🥰🤩🙏👏🎉🔥💪😘🤗😉👌✅💯😎🥳🏆⭐🌟✨🤝]",
)
_SAD = re.compile(
    r"[:=][-o']?[(\[]+|:[-']?/(?=\s|$)|(?<!\w)\({2,}|[😡😠🤬😤😞😢😭👎💔🤮😩😫🙄😒🤦😱☹🙁😟😔😣😖😕😨🤢💩😿🤡❌]",
)
_FACES = frozenset(")(:;=<^[" + _GLAD.pattern[_GLAD.pattern.rindex("[") :] + _SAD.pattern[_SAD.pattern.rindex("[") :])
_RUN = re.compile(r"(\S)\1\1")
_TORN_SUFFIX = re.compile(r"(\w) (n't|'(?:s|m|re|ll|ve|d|t))\b")
_LOOSE_APOSTROPHE = re.compile(r"(?<!\w)'|'(?!\w)")
_TOKEN = re.compile(r"[\w']+|[!?]+|[^\w\s'!?]")
_DIGIT = re.compile(r"\d")
_NO_CAPITAL = bytes(range(256)).translate(
    None, bytes(range(65, 91)) + "".join(map(chr, range(0x410, 0x430))).encode("cp1251") + "Ё".encode("cp1251")
)
"""bytes of cp1251 that are no capital of either language"""
_SHOUTING_SHARE = 0.6
_SHOUTING_LETTERS = 8
_POOR_SHARE, _GOOD_SHARE = 0.4, 0.8


def clean(text: str) -> str:
    """Words and signs of a message's own text, in lower case, separated by single spaces.

    Marker words: `addresstoken`, `mailtoken`, `emoglad`, `emosad`, `ratelow`, `ratemiddle`, `ratehigh`, `shouting`.
    Numbers become `0`, Russian in Latin letters becomes Cyrillic. At most `CLEAN_LIMIT` characters are kept.

    >>> clean("<p>Сайт лежит!!!</p> Ещё раз: 2 из 10 :(")
    'сайт лежит !!! еще раз : ratelow emosad'
    """
    own = own_words(text)
    return words_of(own, transliterated=told_language(own).transliterated)


def words_of(own: str, *, transliterated: bool = False) -> str:
    """As `clean`, for a text that `own_words` returned and of which is known in which letters it is written."""
    marked = _marked(in_cyrillic(own) if transliterated else own)
    shouting = " shouting" if _is_shouting(own if transliterated else marked) else ""
    words = marked.lower().replace("ё", "е")
    if "'" in words:
        words = _LOOSE_APOSTROPHE.sub(" ", words)
    if _RUN.search(words):
        words = _LETTER_RUN.sub(r"\1\1", _SIGN_RUN.sub(r"\1\1\1", words))
    return " ".join(_TOKEN.findall(words))[:CLEAN_LIMIT].rstrip() + shouting


def _marked(text: str) -> str:
    if "[" in text:
        text = _REDACTED.sub(" ", text)
    if "://" in text or "www." in text.lower():
        text = _ADDRESS.sub(" addresstoken ", text)
    if "@" in text:
        text = _MENTION.sub(" ", _MAIL.sub(" mailtoken ", text))
    if not _FACES.isdisjoint(text):
        text = _SAD.sub(" emosad ", _GLAD.sub(" emoglad ", text))
    if _DIGIT.search(text):
        text = _NUMBER.sub("0", _RATING.sub(_rating_word, text))
    return _TORN_SUFFIX.sub(r"\1\2", text) if "'" in text else text


def _rating_word(found: re.Match[str]) -> str:
    share = int(found[1]) / int(found[2])
    if share > 1:
        return found[0]
    return " ratelow " if share <= _POOR_SHARE else " ratehigh " if share >= _GOOD_SHARE else " ratemiddle "


def _is_shouting(text: str) -> bool:
    upper = len(text.encode("cp1251", "ignore").translate(None, _NO_CAPITAL))
    if upper <= _SHOUTING_LETTERS:
        return False
    return upper > _SHOUTING_SHARE * sum(map(str.isalpha, text))
