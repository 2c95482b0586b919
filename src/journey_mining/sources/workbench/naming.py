"""Names for a draft: of columns after headings, of streams after files, globs after names with dates in them.

In: headings and file names of strangers, Russian or English. Out: lower-case names, and what their words hint at. Pure.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

_LATIN = "a b v g d e e zh z i y k l m n o p r s t u f kh ts ch sh shch - y - e yu ya"
_LETTERS = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя", _LATIN.split(), strict=True))
_WORDS_OF_SQL = (
    "all and any as asc at between by case cast column constraint create cross current date day desc distinct else end "
    "except exists false for from full group having hour in inner interval into is join key left like limit minute "
    "month not null of offset on or order outer primary references right row rows second select set some table then "
    "time timestamp to true union unique user using values view when where window with year value language default "
    "position"
)
_RESERVED = frozenset(_WORDS_OF_SQL.split())
_LONGEST = 40
_EMPTY_WORDS = frozenset(
    {"data", "dataset", "export", "dump", "full", "all", "list", "report", "utf", "cp", "csv", "v"}
)
DATE_IN_NAME = re.compile(
    r"(?<!\d)(?P<date>(?:19|20)\d\d(?P<gap>[-_.]?)(?:0[1-9]|1[0-2])(?P=gap)(?:0[1-9]|[12]\d|3[01]))(?!\d)"
)
_DATE_AND_TIME = re.compile(
    DATE_IN_NAME.pattern.replace("(?!\\d)", "") + r"(?:[T_ -]?\d\d[-_.h]?\d\d(?:[-_.]?\d\d)?Z?)?(?!\d)"
)
_RUN = re.compile(r"\d+")
_ENDINGS = (".gz", ".zip")


def column_name(heading: str, taken: set[str]) -> str:
    """A name for SQL, different from those taken.

    >>> column_name("Дата создания", set()), column_name("order", set()), column_name("ID", {"id"})
    ('data_sozdaniya', 'order_', 'id_2')
    """
    plain = re.sub(r"(?<=[a-zа-я])(?=[A-ZА-Я])", "_", heading)
    latin = "".join(_LETTERS.get(char, char) for char in re.sub("[ьъ]", "", plain.casefold()))
    # signs of softness are no boundary between words
    name = re.sub(r"[^a-z0-9]+", "_", latin.replace("№", "no")).strip("_")[:_LONGEST].strip("_")
    name = name if name[:1].isalpha() else f"c_{name}".rstrip("_")
    name = f"{name}_" if name in _RESERVED else name
    candidates = [name, *(f"{name.rstrip('_')}_{number}" for number in range(2, 10_000))]
    return next(candidate for candidate in candidates if candidate not in taken)


def stream_name(file_name: str, taken: set[str], source: str = "") -> str:
    """A name for a stream after the first of its files, without the words that all of them share.

    >>> stream_name("inbox/Orders_2026-09-28.csv.gz", set()), stream_name("shop_users_data.csv", set(), "shop")
    ('orders', 'users')
    """
    stem = _RUN.sub(" ", _DATE_AND_TIME.sub(" ", _without_endings(PurePosixPath(file_name).name)[0]))
    words = column_name(stem, set()).strip("_").split("_") if re.search(r"[^\W\d_]", stem) else []
    telling = [word for word in words if word not in _EMPTY_WORDS and word != source]
    name = "_".join(telling or words) or "rows"
    return next(n for n in (name, *(f"{name}_{i}" for i in range(2, 1_000))) if n not in taken)


def glob_of(path: str) -> str:
    """The path with dates and long numbers replaced by `*`, and room for packing.

    >>> glob_of("shop/orders_2026-09-28.csv"), glob_of("shop/part-00017.ndjson.gz"), glob_of("shop/a[1].csv")
    ('shop/orders_*.csv*', 'shop/part-*.ndjson*', 'shop/a?1?.csv*')
    """
    folder, _, name = path.rpartition("/")
    stem, ending = _without_endings(name)
    starred = re.sub(r"\d{2,}", "*", _DATE_AND_TIME.sub("*", stem))
    starred = re.sub(r"\*[*_.-]*\*", "*", re.sub(r"[\[\]?]", "?", starred))
    prefix = f"{folder}/" if folder else ""
    # a member of an archive may have any name: the archive is what lies in the inbox
    return f"{prefix}{starred}{ending}*" if starred != "*" or ending else f"{prefix}*"


def dated_format(name: str) -> tuple[str, str] | None:
    """Regular expression and format of the date in a file name.

    >>> dated_format("orders_20260928.csv")[1]
    '%Y%m%d'
    """
    match = DATE_IN_NAME.search(PurePosixPath(name).name) or re.search(
        DATE_IN_NAME.pattern.replace("(?!\\d)", ""), PurePosixPath(name).name
    )
    if match is None:
        return None
    gap = match["gap"]
    inside = re.escape(gap) if gap == "." else gap
    return rf"(\d{{4}}{inside}\d{{2}}{inside}\d{{2}})", f"%Y{gap}%m{gap}%d"


def hints(words: str, text: str) -> bool:
    """Whether one of the words, divided by |, begins a word of the text; case and ё do not count.

    >>> hints("дата|created", "Дата создания"), hints("id", "paid_at"), hints("id", "orderId")
    (True, False, True)
    """
    parted = re.sub(r"(?<=[a-zа-яё])(?=[A-ZА-ЯЁ])", " ", text).casefold().replace("ё", "е")
    plain = re.sub(r"[^\w№]+|_+", " ", parted)
    return re.search(rf"(?<![^\W\d_])(?:{words})", plain) is not None


def hints_whole(words: str, text: str) -> bool:
    """The same for whole words only.

    >>> hints_whole("id|no", "Order ID"), hints_whole("id|no", "idle"), hints_whole("id", "№ id")
    (True, False, True)
    """
    return hints(rf"(?:{words})(?![^\W_])", text)


def _without_endings(name: str) -> tuple[str, str]:
    for packed in _ENDINGS:
        if name.lower().endswith(packed) and (packed == ".gz" or "." in name.removesuffix(packed)):
            name = name[: -len(packed)]
    stem, dot, ending = name.rpartition(".")
    return (stem, f".{ending}") if dot and stem and ending.isalnum() and not ending.isdigit() else (name, "")
