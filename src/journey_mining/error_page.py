"""What a code of an error means: one section of docs/errors.md, as plain text.

The page is made from the code (`make reference`) and goes into the wheel, so that terminal and page say the same.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from journey_mining.errors import NotFoundError, did_you_mean

_SECTION = re.compile(r"^## (?P<code>\S+)\n(?P<body>.*?)(?=^## |\Z)", re.DOTALL | re.MULTILINE)
_MARKUP = re.compile(r"\\(?=[<*])|^\*|\*$", re.MULTILINE)
_OPEN_END = "{name}"
"""a code that ends so stands for many, such as CHECK_{name} for every check of a source"""


def error_page() -> Path:
    """The page: inside the installed package, or in docs/ of a checkout."""
    here = Path(__file__).resolve()
    packaged = here.parent / "_docs" / "errors.md"
    return packaged if packaged.is_file() else here.parents[2] / "docs" / "errors.md"


@cache
def sections() -> dict[str, str]:
    """Text of every code, in the order of the page."""
    text = error_page().read_text(encoding="utf-8")
    return {found["code"]: _MARKUP.sub("", found["body"]).strip() for found in _SECTION.finditer(text)}


def explanation(code: str) -> str:
    """What leads to a code and what helps.

    Raises:
        NotFoundError: no message of the product has this code.
    """
    wanted = code.strip().rstrip(":").upper()
    known = sections()
    if wanted in known:
        return f"{wanted}\n\n{known[wanted]}"
    families = [name for name in known if name.endswith(_OPEN_END)]
    family = next((name for name in families if wanted.startswith(name.removesuffix(_OPEN_END))), None)
    if family is None:
        raise NotFoundError(
            f"There is no code {code!r}.{did_you_mean(wanted, list(known))}",
            expected="a code as messages begin with, such as SETTINGS or EMPTY_FILE.",
            todo="Correct it; docs/errors.md lists all.",
        )
    return f"{wanted}\n\n{known[family]}"
