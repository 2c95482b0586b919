"""Web addresses cut down to what may be published: the host, and the path without what points at one person.

In: an address as a browser sent it. Out: host or path. Queries and fragments never leave the raw rows; segments of a
path that hold an e-mail, a phone or a secret are replaced by words in brackets: links in letters carry all three.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

_URL = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*:)?(?://([^/?#]*))?([^?#]*)")
"""host with user and port, path; several times faster than urlsplit"""
_SHORTEST_TOKEN = 20
_MOST_DECODINGS = 3
"""addresses inside of addresses are encoded once more each"""
_SUSPECT = re.compile(r"[@%]|\d(?:\D{0,3}\d){6}|[\w-]{16}")
_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d([-._])(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)")
_NUMBER = re.compile(r"\d(?:[ \t\u00a0().+_–—-]{0,3}\d){6}")
_UUID_OR_HEX = re.compile(r"(?i)(?<![0-9a-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{16,})(?![0-9a-z])")
_RUN = re.compile(rf"[A-Za-z0-9_-]{{{_SHORTEST_TOKEN},}}")
_MIXED = re.compile(r"(?=.*[A-Za-z])(?=.*\d)")
_PLAIN_WORD = re.compile(r"(?:[A-Za-z]?[a-z]*|[A-Z]*)\d{0,4}|\d{1,4}[a-z]{0,4}")


def url_host(text: str) -> str | None:
    """The name of the host in small letters, without user and port.

    >>> url_host("https://A.example:8080/p")
    'a.example'
    """
    match = _URL.match(text)
    host = match[1].rpartition("@")[2] if match and match[1] else ""
    # the port is no part of the name; an IPv6 address keeps its colons inside of brackets
    return re.sub(r":\d*$", "", host).casefold() or None


def url_path(text: str) -> str:
    """The path, decoded; a segment that holds something personal becomes `[email]`, `[number]` or `[token]`.

    >>> url_path("https://a.example/unsubscribe/anna%40mail.example?x=1")
    '/unsubscribe/[email]'
    """
    match = _URL.match(text)
    path = (match[2] if match else text).rstrip("/")
    if _SUSPECT.search(path):
        path = "/".join(segment_without_secrets(segment) or unquote(segment) for segment in path.split("/"))
    return path.rstrip("/") or "/"


def path_without_secrets(path: str) -> str:
    """A path that somebody wrote down, as `url_path` would have it but not decoded, because it may be already.

    >>> path_without_secrets("/unsubscribe/anna@mail.example?next=1")
    '/unsubscribe/[email]'
    """
    path = path.partition("?")[0]
    if not _SUSPECT.search(path):
        return path
    return "/".join(segment_without_secrets(segment) or segment for segment in path.split("/"))


def segment_without_secrets(segment: str) -> str:
    """The word in brackets that stands for a segment with something personal in it; '' where there is nothing."""
    plain = segment
    for _ in range(_MOST_DECODINGS + 1):
        plain = unquote(plain)
    if "@" in plain:
        return "[email]"
    if _UUID_OR_HEX.search(plain) or any(_is_token(run) for run in _RUN.findall(plain)):
        return "[token]"
    return "[number]" if _NUMBER.search(_DAY.sub(" . ", plain)) else ""


def _is_token(run: str) -> bool:
    """Whether letters and digits are mixed as no name of a page mixes them; `top-10-of-2026-php8` is a name."""
    pieces = re.split("[-_]", run)
    is_name = all(len(piece) < _SHORTEST_TOKEN and _PLAIN_WORD.fullmatch(piece) for piece in pieces)
    return bool(_MIXED.match(run)) and not is_name
