"""How an unknown delimited file is written: its encoding, the character between cells, quotes, and where headings are.

In: the first bytes or the text of a file. Out: guesses, each with the reason to doubt it. Pure.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from dataclasses import dataclass
from itertools import chain

_DELIMITERS = (",", ";", "\t", "|")
_SINGLE_BYTE = ("cp1251", "koi8-r", "cp866")
_COMMON = frozenset("оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё")
_LOOKED_AT = 400
"""rows that decide on the delimiter"""
_FEWEST_COLUMNS = 2
_LARGEST_CELL = 8 << 20
_END = "\x1e\x1d\x1e"
_PREAMBLE = 20
"""lines above the headings that a report may have at most"""
_LIKE_A_VALUE = re.compile(
    r"[+-]?[\d\s.,:/-]*\d[\d\s.,:/%-]*|.+@.+\..+|\d{4}-\d\d-\d\d.*|https?://.*|\+?\d[\d ()-]{8,}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a delimited file seems to be written."""

    delimiter: str
    quote: str
    skip_lines: int
    has_headings: bool
    drops_trailing: bool
    """every line ends with one delimiter too many"""
    width: int
    """cells of a row, the empty one at the end left out"""


def encoding_of(start: bytes) -> str:
    """The encoding under which the bytes make the most sense; they may end in the middle of a character.

    >>> encoding_of("Номер;Создан".encode("cp1251"))
    'cp1251'
    """
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if start.startswith(mark):
            return name
    try:
        start.decode("utf-8")
    except UnicodeDecodeError as fault:
        if len(start) - fault.start < 4:  # noqa: PLR2004 - a character of UTF-8 has at most four bytes
            return "utf-8-sig"
    else:
        return "utf-8-sig"
    scores = {name: _sense(start.decode(name, errors="replace")) for name in _SINGLE_BYTE}
    best = max(_SINGLE_BYTE, key=scores.__getitem__)
    return best if scores[best] > 0 else "cp1252"


def _sense(text: str) -> float:
    """How far letters beyond ASCII look like Russian: small common letters for it, signs and odd capitals against."""
    strange = [char for char in text if ord(char) > 127]  # noqa: PLR2004 - ASCII
    good = sum(char in _COMMON for char in strange)
    bad = sum(not char.isalpha() and char not in "«»—–№\u00a0…" for char in strange)
    # a capital right after a small letter: the mark of a wrong Russian code page
    humps = len(re.findall(r"[а-яё][А-ЯЁ]", text))
    # words of both alphabets: Western letters with accents, read as Russian
    mixed = len(re.findall(r"[A-Za-z][а-яёА-ЯЁ]|[а-яёА-ЯЁ][A-Za-z]", text))
    return (good - 2 * bad - 2 * humps - 2 * mixed) / max(len(strange), 1) - 0.3


def dialect_of(head: str, *, is_cut: bool = False) -> Dialect | None:
    """The dialect under which most rows have the same number of cells; None where nothing divides the lines."""
    found = [_measured(head, delimiter, quote, is_cut=is_cut) for quote in ('"', "") for delimiter in _DELIMITERS]
    sound = [(score, dialect) for score, dialect in found if dialect is not None]
    # the first wins a tie: a file without quotes reads the same both ways
    return max(sound, key=lambda pair: pair[0])[1] if sound else None


def _measured(head: str, delimiter: str, quote: str, *, is_cut: bool) -> tuple[float, Dialect | None]:
    rows = _rows(head, delimiter, quote, is_cut=is_cut)[:_LOOKED_AT]
    widths = Counter(len(cells) for _, cells in rows if len(cells) >= _FEWEST_COLUMNS)
    if not widths:
        return 0.0, None
    width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
    first = next(i for i, (_, cells) in enumerate(rows) if len(cells) == width)
    if first > _PREAMBLE:
        return 0.0, None
    table = [cells for _, cells in rows[first:] if len(cells) == width]
    trails = width > _FEWEST_COLUMNS and all(not cells[-1].strip() for cells in table)
    return count / len(rows) + min(width, 60) / 100, Dialect(
        delimiter=delimiter,
        quote=quote,
        skip_lines=rows[first][0] - 1,
        has_headings=_are_headings(table[0]),
        drops_trailing=trails,
        width=width - trails,
    )


def _rows(text: str, delimiter: str, quote: str, *, is_cut: bool) -> list[tuple[int, list[str]]]:
    """Line number and cells; nothing where a quote is left open, because all after it would be one cell."""
    if not quote:
        lines = text.replace("\r\n", "\n").split("\n")
        found = [(number, line.split(delimiter)) for number, line in enumerate(lines, start=1) if line]
        return found[:-1] if is_cut else found
    # a last row of our own comes back alone unless an open quote has swallowed it
    csv.field_size_limit(_LARGEST_CELL)
    reader = csv.reader(
        chain(io.StringIO(text.rstrip("\r\n") + "\n", newline=""), [_END]), delimiter=delimiter, quotechar=quote
    )
    rows, start = [], 1
    try:
        for cells in reader:
            if cells:
                rows.append((start, cells))
            start = reader.line_num + 1
    except csv.Error:
        return []
    is_closed = bool(rows) and rows[-1][1] == [_END]
    if not is_closed and not is_cut:
        return []
    return rows[: -2 if is_cut and is_closed else -1]


def _are_headings(cells: list[str]) -> bool:
    """Whether a first row names things: words that differ, and hardly a number, date or address among them."""
    filled = [cell.strip() for cell in cells if cell.strip()]
    values = sum(bool(_LIKE_A_VALUE.fullmatch(cell)) for cell in filled)
    return bool(filled) and values <= len(filled) / 10 and len(filled) > len(cells) / 2
