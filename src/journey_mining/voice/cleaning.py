"""Message cleaning, shared by the trainer and by every engine.

In: a message as the source delivered it (HTML, quoted replies, signatures). Out: lower-case words and punctuation
separated by single spaces, with a few marker words. Every pattern is bounded, so a hostile message costs no more than
its length.
"""

from __future__ import annotations

import html
import re
import unicodedata

RAW_LIMIT = 20_000
"""characters of a message that are looked at; quoted tails and pasted logs stand at the end"""
CLEAN_LIMIT = 4_000
"""characters that are scored"""

ADDRESS_MARKERS = frozenset({"addresstoken", "mailtoken", "shouting"})
"""words of `clean` that say nothing of what is meant"""
FEELING_MARKERS = frozenset({"emoglad", "emosad", "ratelow", "ratemiddle", "ratehigh"})
"""words of `clean` that mean the same in every language"""

_INVISIBLE = dict.fromkeys(
    [
        0x00AD,  # soft hyphen
        *range(0x200B, 0x2010),  # zero width, joiners and direction marks
        *range(0x202A, 0x202F),  # direction overrides
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),  # variation selectors
        0xFEFF,
        *range(0x1F3FB, 0x1F400),  # skin tones
    ]
)
_LOOKALIKES = {0x2018: "'", 0x2019: "'", 0x02BC: "'", 0x0060: "'", 0x201C: '"', 0x201D: '"', 0x00A0: " ", 0x2026: "..."}
_CONTROL = dict.fromkeys([*range(9), 0x0B, 0x0C, 0x0D, *range(0x0E, 0x20), *range(0x7F, 0xA0)], " ")
_CHARACTERS = {**_CONTROL, **_INVISIBLE, **_LOOKALIKES}

_BREAKING_TAG = re.compile(r"</?(?:br|p|div|li|tr|h[1-6]|blockquote)\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"<(?:/?[a-z][^<>]{0,500}|!--.{0,500}?--)>", re.IGNORECASE | re.DOTALL)
_QUOTED_LINE = re.compile(r"^[ \t]{0,8}>.*$", re.MULTILINE)
_QUOTED_TAIL = re.compile(
    r"^[ \t]{0,8}(?:-{2,10} ?(?:original message|forwarded message|исходное сообщение|пересылаемое сообщение)"
    r"|on .{5,90} wrote:|.{0,60}(?:пишет|написал|написала|писал|писала)(?:\(а\))?:[ \t]*$)",
    re.IGNORECASE | re.MULTILINE,
)
_SIGNATURE = re.compile(
    r"^[ \t]{0,8}(?:--[ \t]*$|с уважением\b|best regards\b|kind regards\b|regards,|sincerely\b|best,[ \t]*$"
    r"|sent from my\b|отправлено с\b|отправлено из\b)",
    re.IGNORECASE | re.MULTILINE,
)
_INLINE_SIGNATURE = re.compile(r"(?:с уважением|best regards|kind regards)[,.!]?[^.!?\n]{0,60}$", re.IGNORECASE)
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
_TORN_SUFFIX = re.compile(r"(\w) (n't|'(?:s|m|re|ll|ve|d|t))\b")
_LOOSE_APOSTROPHE = re.compile(r"(?<!\w)'|'(?!\w)")
_SIGNS = re.compile(r"([!?]+|[^\w\s'!?])")
_UPPER = re.compile(r"[A-ZА-ЯЁ]")
_SHOUTING_SHARE = 0.6
_SHOUTING_LETTERS = 8
_POOR_SHARE, _GOOD_SHARE = 0.4, 0.8


def clean(text: str) -> str:
    """Words and signs of a message's own text, in lower case, separated by single spaces.

    Marker words: `addresstoken`, `mailtoken`, `emoglad`, `emosad`, `ratelow`, `ratemiddle`, `ratehigh`, `shouting`.
    Numbers become `0`. At most `CLEAN_LIMIT` characters of the first `RAW_LIMIT` are kept.

    >>> clean("<p>Сайт лежит!!!</p> Ещё раз: 2 из 10 :(")
    'сайт лежит !!! еще раз : ratelow emosad'
    """
    return words_of(own_words(text))


def words_of(own: str) -> str:
    """As `clean`, for a text that `own_words` returned."""
    marked = _marked(own)
    shouting = " shouting" if _is_shouting(marked) else ""
    words = _LOOSE_APOSTROPHE.sub(" ", marked.lower().replace("ё", "е"))
    words = _LETTER_RUN.sub(r"\1\1", _SIGN_RUN.sub(r"\1\1\1", words))
    return " ".join(_SIGNS.sub(r" \1 ", words).split())[:CLEAN_LIMIT].rstrip() + shouting


def own_words(text: str) -> str:
    """A message without HTML, invisible characters, quoted replies and signature.

    >>> own_words("Спасибо!<br>--<br>Отдел закупок")
    'Спасибо!'
    """
    return _plain(text[:RAW_LIMIT]).strip()


def _plain(text: str) -> str:
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    if "<" in text or "&" in text:
        text = html.unescape(_TAG.sub(" ", _BREAKING_TAG.sub("\n", text)))
    text = text.translate(_CHARACTERS)
    if "\n" in text:
        text = _kept(text, _QUOTED_LINE.sub(" ", text))
        for ending in (_QUOTED_TAIL, _SIGNATURE):
            found = ending.search(text)
            text = _kept(text, text[: found.start()]) if found else text
    found = _INLINE_SIGNATURE.search(text[-90:])
    return _kept(text, text[: -len(found.group())]) if found else text


def _kept(whole: str, part: str) -> str:
    """`part`, unless cutting left nothing: a message that is all quotation is scored as it stands."""
    return part if len(part.strip()) > 1 else whole


def _marked(text: str) -> str:
    if "[" in text:
        text = _REDACTED.sub(" ", text)
    if "://" in text or "www." in text.lower():
        text = _ADDRESS.sub(" addresstoken ", text)
    if "@" in text:
        text = _MENTION.sub(" ", _MAIL.sub(" mailtoken ", text))
    if not _FACES.isdisjoint(text):
        text = _SAD.sub(" emosad ", _GLAD.sub(" emoglad ", text))
    return _TORN_SUFFIX.sub(r"\1\2", _NUMBER.sub("0", _RATING.sub(_rating_word, text)))


def _rating_word(found: re.Match[str]) -> str:
    share = int(found[1]) / int(found[2])
    if share > 1:
        return found[0]
    return " ratelow " if share <= _POOR_SHARE else " ratehigh " if share >= _GOOD_SHARE else " ratemiddle "


def _is_shouting(text: str) -> bool:
    upper = len(_UPPER.findall(text))
    if upper <= _SHOUTING_LETTERS:
        return False
    return upper > _SHOUTING_SHARE * sum(map(str.isalpha, text))
