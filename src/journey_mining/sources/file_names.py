"""Names of delivered files as they may be shown and stored: people name files after people.

In: a path in the inbox. Out: the path without e-mails, phones, and names that give themselves away; dates stay, because
they tell files apart.
"""

from __future__ import annotations

import re

from journey_mining.privacy import redact

_DATE = re.compile(
    r"((?<!\d)(?:19|20)\d\d[-_.]?(?:0[1-9]|1[0-2])(?:[-_.]?(?:0[1-9]|[12]\d|3[01])"
    r"(?:[T_ -]?(?:[01]\d|2[0-3])(?:[-_.]?[0-5]\d){1,2})?)?(?!\d))"
)
_PHONE = re.compile(r"\d(?:[ ()+._–—-]{0,3}\d){9,14}")
_WORTH_A_LOOK = re.compile(rf"@|%40|[А-Яа-яЁё]|{_PHONE.pattern}")


def shown_name(name: str) -> str:
    """The name without personal data and without what cannot be printed.

    >>> shown_name("shop/anna@mail.example 2026-09-28.csv"), shown_name("deals_2026-09-28_utf8.csv")
    ('shop/[email] 2026-09-28.csv', 'deals_2026-09-28_utf8.csv')
    """
    printable = "".join(char if char.isprintable() else "?" for char in name)
    # names of files are full of long runs that are no secrets, so the rules for texts are for suspects only
    if not _WORTH_A_LOOK.search(_DATE.sub(" ", printable)):
        return printable
    pieces = _DATE.split(printable.replace("%40", "@"))
    return "".join(piece if number % 2 else _without_people(piece) for number, piece in enumerate(pieces))


def _without_people(piece: str) -> str:
    return _PHONE.sub("[number]", redact(piece).text)
