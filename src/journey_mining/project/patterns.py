r"""Patterns of a project's own for what must not be published: numbers of its clients, names of its objects.

They run in RE2 (Cox, "Regular Expression Matching in the Wild", 2010), which takes time in proportion to the length of
the text whatever the pattern: no pattern can stall a night. For this it knows neither references back nor looking
around. Its `\w` and `\b` know Latin letters only, so they are refused rather than let Russian words through.
"""

from __future__ import annotations

import math
import re
from typing import Annotated

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import AfterValidator, StringConstraints

MOST_PATTERNS = 50
_LONGEST = 500
_MOST_REPEATED = 1_000
_COUNT = re.compile(r"(?<!\\)\{(\d{1,9})(?:,(\d{0,9}))?\}")
_LATIN_ONLY = re.compile(r"(?<!\\)(?:\\\\)*\\([wWbB])")
_LOOKS_AROUND = re.compile(r"(?<!\\)\(\?(?:[=!]|<[=!])")


def checked_pattern(pattern: str) -> str:
    """The pattern, if it may run over every text of a night.

    Raises:
        ValueError: it cannot be compiled, is too large, means nothing in Russian, or finds an empty text.
    """
    if len(pattern) > _LONGEST:
        message = f"longer than {_LONGEST} characters; split it into several patterns"
        raise ValueError(message)
    if latin := _LATIN_ONLY.search(pattern):
        message = (
            rf"\{latin[1]} knows Latin letters only; write [\pL\pN_] for letters and digits, (^|[^\pL\pN]) for an edge"
        )
        raise ValueError(message)
    repeated = math.prod(max(int(low), int(high or 1), 1) for low, high in _COUNT.findall(pattern))
    if repeated > _MOST_REPEATED:
        message = f"its counts multiply to {repeated}, more than {_MOST_REPEATED}; write + or smaller counts"
        raise ValueError(message)
    if finds(pattern, ""):
        message = "it finds an empty text, and so a place between any two letters; write + in place of *"
        raise ValueError(message)
    return pattern


def finds(pattern: str, text: str) -> bool:
    """Whether a pattern finds something in a text.

    Raises:
        ValueError: it cannot be compiled.
    """
    try:
        return bool(pc.match_substring_regex(pa.scalar(text), pattern=pattern).as_py())
    except pa.ArrowInvalid as fault:
        around = " (looking around and references back are not known here)" if _LOOKS_AROUND.search(pattern) else ""
        message = f"no regular expression of RE2{around}: {str(fault).splitlines()[0].partition(': ')[2]}"
        raise ValueError(message) from fault


Pattern = Annotated[str, AfterValidator(checked_pattern)]
PatternName = Annotated[str, StringConstraints(pattern=r"^[^\W\d]\w{0,29}$")]
"""what stands in brackets in place of a find"""
