"""One message of a mailbox as a record: its addresses, thread, time and the text somebody wrote.

In: the bytes of a message, however broken. Out: a `dict` of texts and lists of texts, as any JSON record. Pure, and it
never raises over what a message holds: mail is older than its standards.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import format_datetime, getaddresses, parsedate_to_datetime

from journey_mining.sources.cells import plain_text

LONGEST_BODY = 32_768
"""characters of the text that are kept"""
_LONGEST_HTML = 400_000
_LONGEST_HEADER = 20_000
_GUESSES = ("utf-8", "cp1251", "koi8-r")
_CHARSETS = {"cp-1251": "cp1251", "windows1251": "cp1251", "win-1251": "cp1251", "koi8": "koi8-r", "utf8mb4": "utf-8"}
_BLIND = frozenset({"", "us-ascii", "ascii", "unknown-8bit", "x-unknown", "default", "_iso-8859-1$esc"})
"""names of encodings that say nothing about bytes above 127"""
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,500})>")
_ADDRESS = re.compile(r"[^\s<>\"'(),;:?@]{1,64}@[^\s<>\"'(),;:?@]{1,253}")
_ENCODED_WORD = re.compile(r"=\?[^?\s]{1,40}\?[bBqQ]\?[^?\s]{0,1000}\?=")
_HIDDEN = ("style", "script", "head", "title")

Record = dict[str, str | bool | list[str] | None]


def record_of(content: bytes, encodings: Sequence[str] = _GUESSES) -> Record:
    """The record of a message; `encodings` are tried on bytes whose encoding nobody tells.

    Keys: message_id, in_reply_to, references, thread_id, from, from_name, to, cc, reply_to, date, subject, body,
    is_html, auto_submitted, precedence, list_id, delivered_to, content_type, spam_flag, gmail_labels.
    """
    message = _parsed(content)
    heads = _Headers(message, encodings)
    body, is_html = _body(message, encodings)
    senders, replies = heads.addresses("from") or heads.addresses("sender"), heads.addresses("reply-to")
    message_id = next(iter(heads.message_ids("message-id")), None) or heads.text("message-id")
    references = heads.message_ids("references")
    answered = next(iter(heads.message_ids("in-reply-to")), None)
    own_id = message_id or f"no-id-{hashlib.sha256(content).hexdigest()[:32]}"
    return {
        "message_id": own_id,
        "in_reply_to": answered,
        "references": references,
        "thread_id": next(iter(references), None) or answered or own_id,
        "from": senders[0][1] if senders else None,
        "from_name": senders[0][0] or None if senders else None,
        "to": [address for _, address in heads.addresses("to")],
        "cc": [address for _, address in heads.addresses("cc")],
        "reply_to": replies[0][1] if replies else None,
        "date": heads.moment(),
        "subject": heads.text("subject"),
        "body": body,
        "is_html": is_html,
        "auto_submitted": _first_word(heads.text("auto-submitted")),
        "precedence": _first_word(heads.text("precedence")),
        "list_id": heads.text("list-id"),
        "delivered_to": next((address for _, address in heads.addresses("delivered-to")), None),
        "content_type": message.get_content_type(),
        "spam_flag": _first_word(heads.text("x-spam-flag")),
        "gmail_labels": heads.text("x-gmail-labels"),
    }


def _parsed(content: bytes) -> Message:
    parser = BytesParser(policy=compat32)
    try:
        return parser.parsebytes(content)
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError):
        # parts within parts without end, or such: the headers are still worth having
        return parser.parsebytes(content[:_LONGEST_HEADER], headersonly=True)


class _Headers:
    """Headers by their name in lower case, decoded only where asked for."""

    def __init__(self, message: Message, encodings: Sequence[str]) -> None:
        self._encodings = encodings
        self._raw: dict[str, list[str]] = {}
        for name, value in message.raw_items():
            self._raw.setdefault(name.lower(), []).append(str(value))

    def _unfolded(self, value: str) -> str:
        # the parser keeps bytes above 127 as halves of surrogate pairs
        text = _decoded(value.encode("utf-8", "surrogateescape"), None, self._encodings)
        return re.sub(r"\r?\n[ \t]+|[\r\n\0]+", " ", text).strip()

    def all(self, name: str) -> list[str]:
        return [self._unfolded(value) for value in self._raw.get(name, [])]

    def text(self, name: str) -> str | None:
        first = next(iter(self.all(name)), "")
        return _words(first, self._encodings).strip() or None

    def message_ids(self, name: str) -> list[str]:
        return [found for value in self.all(name) for found in _MESSAGE_ID.findall(value)]

    def addresses(self, name: str) -> list[tuple[str, str]]:
        """Name and address of each; names are decoded after splitting, because they may hold commas."""
        values = [value[:_LONGEST_HEADER] for value in self.all(name)]
        try:
            pairs = [(who, where.strip()) for who, where in getaddresses(values) if where.strip()]
        except (ValueError, IndexError, RecursionError):
            pairs = []
        if pairs and all(_ADDRESS.fullmatch(where) for _, where in pairs):
            return [(_words(who, self._encodings).strip(), where) for who, where in pairs]
        plain = [_ENCODED_WORD.sub(" ", value) for value in values]
        read = [_words(value, self._encodings) for value in values]
        return [("", where) for value in plain for where in _ADDRESS.findall(value)] or [
            ("", where) for value in read for where in _ADDRESS.findall(value)
        ]

    def moment(self) -> str | None:
        """When it was sent, with offset; where the sender's own date is broken, when the next machine received it."""
        received = [value.rsplit(";", 1)[-1] for value in reversed(self.all("received"))]
        moments = [moment for text in (*self.all("date")[:1], *received) if (moment := _moment(text))]
        best = next((moment for moment in moments if moment.tzinfo), None) or next(iter(moments), None)
        if best is None:
            return None
        return format_datetime(best if best.tzinfo else best.replace(tzinfo=UTC))


def _moment(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text.strip())
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _words(value: str, encodings: Sequence[str]) -> str:
    """Text of a header with its encoded words (RFC 2047) read."""
    if "=?" not in value:
        return value
    try:
        pieces = decode_header(value)
    except (MessageError, ValueError):
        return value
    return "".join(
        _decoded(piece, charset, encodings) if isinstance(piece, bytes) else piece for piece, charset in pieces
    )


def _decoded(content: bytes, charset: str | None, encodings: Sequence[str]) -> str:
    """Text of bytes: by the name they carry where it can be true, else by the first guess that fits best."""
    name = (charset or "").strip().strip("\"'").lower()
    name = _CHARSETS.get(name, name)
    if name not in _BLIND:
        try:
            return content.decode(name)
        except (LookupError, UnicodeError):
            pass
    return _guessed(content, encodings)


def _guessed(content: bytes, encodings: Sequence[str]) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    readings = [
        text for name in encodings if name.startswith(("cp", "koi", "iso", "windows")) if (text := _try(content, name))
    ]
    # the Cyrillic encodings decode each other's bytes, with small and capital letters mixed up
    return max(readings, key=_plainness, default=content.decode("utf-8", "replace"))


def _try(content: bytes, name: str) -> str | None:
    try:
        return content.decode(name)
    except (LookupError, UnicodeError):
        return None


def _plainness(text: str) -> int:
    start = text[:4_000]
    return sum(("а" <= letter <= "я") - ("А" <= letter <= "Я") for letter in start)


def _first_word(text: str | None) -> str | None:
    words = re.split(r"[\s;]", text or "", maxsplit=1)
    return words[0].lower() or None


def _body(message: Message, encodings: Sequence[str]) -> tuple[str | None, bool]:
    """The first plain text that is no attachment, else that of the first HTML; whether it was HTML."""
    html = None
    for part in _texts(message):
        text = _part_text(part, encodings)
        if not text.strip():
            continue
        if part.get_content_type() == "text/plain":
            return text[:LONGEST_BODY], False
        html = html or text
    if html is None:
        return None, False
    return plain_text(without_hidden(html[:_LONGEST_HTML]))[:LONGEST_BODY] or None, True


def _texts(message: Message) -> Iterator[Message]:
    """Text parts of the message itself, not of messages that it carries."""
    if message.get_content_type() == "message/rfc822" or message.get_content_disposition() == "attachment":
        return
    if not message.is_multipart():
        if message.get_content_type() in ("text/plain", "text/html"):
            yield message
        return
    parts = message.get_payload()
    for part in parts if isinstance(parts, list) else []:
        if isinstance(part, Message):
            yield from _texts(part)


def _part_text(part: Message, encodings: Sequence[str]) -> str:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, AssertionError, LookupError):
        return ""
    if not isinstance(payload, bytes):
        return ""
    charset = part.get_param("charset")
    name = charset[-1] if isinstance(charset, tuple) else charset
    return _decoded(payload, name, encodings).replace("\0", "").replace("\r\n", "\n").strip()


def without_hidden(html: str) -> str:
    """HTML without the elements whose content nobody reads; one that is never closed hides all that follows.

    >>> without_hidden("<style>p {}</style><p>Hi</p>")
    '<p>Hi</p>'
    """
    folded = html.lower()
    if len(folded) != len(html):
        return html
    kept, place = [], 0
    opening = re.compile(rf"<({'|'.join(_HIDDEN)})\b[^>]{{0,500}}>")
    while found := opening.search(folded, place):
        kept.append(html[place : found.start()])
        end = folded.find(f"</{found[1]}>", found.end())
        if end < 0:
            return "".join(kept)
        place = end + len(found[1]) + 3
    return "".join([*kept, html[place:]])
