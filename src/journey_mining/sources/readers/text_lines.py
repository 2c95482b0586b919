"""Lines of a text as exports mean them, none of them longer than memory bears."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial

LONGEST_LINE = 64 << 20
"""characters; a file without line breaks would otherwise be one line as large as itself"""


class LineTooLongError(ValueError):
    """A line longer than any export has."""


def bounded_lines(text: io.TextIOWrapper) -> Iterator[str]:
    """The lines with their ends.

    Raises:
        LineTooLongError: a line has more than `LONGEST_LINE` characters.
    """
    for number, line in enumerate(iter(partial(text.readline, LONGEST_LINE), ""), start=1):
        if len(line) == LONGEST_LINE and not line.endswith("\n"):
            message = f"line {number} is longer than {LONGEST_LINE} characters"
            raise LineTooLongError(message)
        yield line


def physical_lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Lines that end with a newline; a lone carriage return is part of a cell."""
    text.reconfigure(newline="\n")
    for line in bounded_lines(text):
        yield line.rstrip("\n").removesuffix("\r")
