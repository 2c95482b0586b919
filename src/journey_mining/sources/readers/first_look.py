"""What the beginning of a refused file looks like, so that its error can say which setting would fit.

In: a delivered file. Out: an encoding or a delimiter, never anything of what the file says.
"""

from __future__ import annotations

import codecs
from collections import Counter

from journey_mining.sources.delivered import Delivered

_LOOK_BYTES = 1 << 16
_DELIMITERS = ",;\t|"
_MANY_NULS = 0.2
"""share of zero bytes from which text is taken for UTF-16: in the letters of Europe every second byte is one"""
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16", codecs.BOM_UTF8: "utf-8-sig"}


def seen_encoding(delivered: Delivered) -> str:
    """The encoding that the first bytes look like; cp1251 stands for all of eight bits, which look alike."""
    with delivered.open() as stream:
        start = stream.read(_LOOK_BYTES)
    for mark, encoding in _MARKS.items():
        if start.startswith(mark):
            return encoding
    if start.count(0) > _MANY_NULS * len(start):
        # the zero is the upper byte of a common letter: first or second of each pair
        return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    try:
        # a letter may be cut at the end of what was read
        codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return "cp1251"
    return "utf-8-sig"


def seen_delimiter(delivered: Delivered, encoding: str) -> str:
    """What divides the cells of the first line that holds any; '' where nothing does."""
    with delivered.text(encoding) as text:
        lines = text.read(_LOOK_BYTES).splitlines()
    counts = Counter(sign for line in lines[:1] for sign in line if sign in _DELIMITERS)
    return counts.most_common(1)[0][0] if counts else ""
