"""Texts as a reader sees them: HTML entities decoded, and tags inside of words left out.

In: a text as a source delivered it. Out: the same one, so that neither `anna&#64;mail.example` nor
`anna<b>@</b>mail.example` hides a value. Tags that begin a line, a paragraph or a quotation stay.
"""

from __future__ import annotations

import html
import re

_ENTITY = re.compile(r"&(?:#\d{1,20};?|#[xX][\da-fA-F]{1,20};?|[A-Za-z][A-Za-z\d]{1,31};)")
_LAYERS = 3
"""how often a text may have been encoded: `&amp;#64;` was twice"""
_INLINE_TAG = re.compile(
    r"</?(?:a|abbr|b|big|em|font|i|mark|s|small|span|strong|sub|sup|tt|u|wbr)\b"
    r"(?![^<>]{0,200}(?:quote|moz-cite|divRply|appendonsend))[^<>]{0,500}>"
    r"|<!--[^<>]{0,200}-->",
    re.IGNORECASE,
)


def as_seen(text: str) -> str:
    """The text without entities, and without tags that break no line.

    >>> as_seen("anna&#64;mail.example"), as_seen("tel &amp;#43;7"), as_seen("a<b>nn</b>a"), as_seen("R&D; x<y")
    ('anna@mail.example', 'tel +7', 'anna', 'R&D; x<y')
    """
    for _ in range(_LAYERS):
        decoded = _ENTITY.sub(lambda find: html.unescape(find[0]), text) if "&" in text else text
        if decoded == text:
            break
        text = decoded
    return _INLINE_TAG.sub("", text) if "<" in text else text
