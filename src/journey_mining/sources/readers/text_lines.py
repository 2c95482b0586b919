"""Lines of a text as exports mean them."""

from __future__ import annotations

import io
from collections.abc import Iterator


def physical_lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Lines that end with a newline; a lone carriage return is part of a cell."""
    text.reconfigure(newline="\n")
    for line in text:
        yield line.rstrip("\n").removesuffix("\r")
