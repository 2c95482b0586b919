"""One spelling per identifier, so that equal people have equal identifiers."""

from __future__ import annotations

import re
import unicodedata

import phonenumbers

_LONGEST = 320
"""longest legal e-mail address; anything longer is no identifier"""
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_EXTENSION = re.compile(
    r"(?:,|;|\s)*(?:доб(?:авочный)?|вн(?:утр(?:енний)?)?|оп|ext(?:ension)?|x|#)[\s.:#]{0,3}\d{0,8}\D{0,3}$",
    re.IGNORECASE,
)
_LEAST_DIGITS, _MOST_DIGITS = 8, 15
_NATIONAL_DIGITS = 10
_SEQUENCES = ("01234567890", "09876543210")
_LOCAL_PART = re.compile(r"[^\s@,;:<>()\[\]\"\\]{1,64}")
_HOST = re.compile(r"(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:xn--[a-z0-9-]{2,59}|[a-z]{2,63})")


def normalise_phone(text: str | None, country: str = "RU") -> str | None:
    """The number in E.164, or None where the text is no number that could belong to somebody.

    A leading + keeps the country as written, except that "+8 9.." is a misspelt +7. Without a + the number is read as
    one of `country` (ISO 3166 code). Extensions are cut; fewer than 8 digits and made-up numbers give None.

    >>> normalise_phone("8 (916) 123-45-67 доб. 240")
    '+79161234567'
    """
    cleaned = _EXTENSION.sub("", _tidy(text)) if text else ""
    digits = "".join(str(int(c)) for c in cleaned if c.isdecimal())
    if not _LEAST_DIGITS <= len(digits) <= _MOST_DIGITS:
        return None
    number = _international(digits, has_plus=cleaned.lstrip("( ").startswith("+"), country=country)
    try:
        parsed = phonenumbers.parse(number, None if number.startswith("+") else country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed) or is_made_up(str(parsed.national_number)):
        return None
    return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))


def is_made_up(digits: str) -> bool:
    """Whether a national number was typed to get past a form: at most two different digits, or a plain sequence.

    >>> is_made_up("9999999999"), is_made_up("9161234567")
    (True, False)
    """
    return len(set(digits)) <= 2 or any(digits in sequence for sequence in _SEQUENCES)  # noqa: PLR2004


def normalise_email(text: str | None) -> str | None:
    """The address in lower case with its domain in ASCII, or None where the text is no address.

    Dots and +tags stay: only the provider knows whether they mean anything.

    >>> normalise_email(" Ivan.Petrov@Пример.РФ ")
    'ivan.petrov@xn--e1afmkfd.xn--p1ai'
    """
    cleaned = _tidy(text).lower().removeprefix("mailto:") if text else ""
    if cleaned.endswith(">"):
        cleaned = cleaned[cleaned.rfind("<") + 1 : -1].strip()
    local, at, domain = cleaned.rpartition("@")
    host = _ascii_host(domain.rstrip("."))
    if not at or host is None or not _LOCAL_PART.fullmatch(local) or local[0] == "." or local[-1] == ".":
        return None
    return f"{local}@{host}"


def normalise_identifier(kind: str, value: str | None, country: str = "RU") -> str | None:
    """An identifier of any kind in its one spelling, or None where nothing is left of it.

    >>> normalise_identifier("ym_client", " 1700000000123456789 ")
    '1700000000123456789'
    """
    if kind == "phone":
        return normalise_phone(value, country)
    if kind == "email":
        return normalise_email(value)
    return _tidy(value) or None if value else None


def _tidy(text: str) -> str:
    # length is cut first: NFKC may blow one character up to eighteen
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text[: 2 * _LONGEST])).strip()


def _international(digits: str, *, has_plus: bool, country: str) -> str:
    if has_plus:
        # no country code begins with 89, so "+8 9.." can only be a Russian trunk prefix after a habitual plus
        is_typo = digits.startswith("89") and len(digits) == _NATIONAL_DIGITS + 1
        return f"+7{digits[1:]}" if is_typo else f"+{digits}"
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    if country == "RU" and len(digits) == _NATIONAL_DIGITS + 1 and digits[0] in "78":
        return f"+7{digits[1:]}"
    if country == "RU" and len(digits) == _NATIONAL_DIGITS and digits[0] in "3489":
        return f"+7{digits}"
    return digits


def _ascii_host(domain: str) -> str | None:
    try:
        host = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    return host if _HOST.fullmatch(host) else None
