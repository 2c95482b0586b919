"""Mailboxes: an mbox file with many messages, or an .eml file with one.

In: a delivered file. Out: one record a message (see `mail.record_of`), with the line it begins at. No more than one
message is held at a time, and of a huge one only its beginning, which is where the text stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import IO

from journey_mining.sources.batches import RowFault
from journey_mining.sources.delivered import Delivered
from journey_mining.sources.json_path import Branch
from journey_mining.sources.readers.faults import rejected
from journey_mining.sources.readers.mail import record_of
from journey_mining.sources.readers.records import Record
from journey_mining.sources.spec import Stream

LARGEST_MESSAGE = 32 << 20
"""bytes of a message that are looked at"""
_LONGEST_LINE = 1 << 20
# "From ivan@mail.example Mon May  4 10:00:00 2026": how a message begins. A sentence in a letter may begin with
# "From " too, and not every writer quotes it, so that a time, a year and a header in the next line are asked for
_BEGINNING = re.compile(rb"From \S(?=.*\b\d{1,2}:\d{2}\b)(?=.*\b(?:19|20)\d{2}\b)")
_LONGEST_BEGINNING = 500
_HEADER = re.compile(rb"[\x21-\x39\x3b-\x7e]{1,80}:")
_MARK = b"\xef\xbb\xbf"
_QUOTED = re.compile(rb">+From ")


@dataclass(slots=True)
class Letter:
    """The bytes of a message while they are gathered."""

    line: int
    """where it begins in the file, from 1"""
    pieces: list[bytes] = field(default_factory=list)
    size: int = 0

    def add(self, line: bytes) -> None:
        """Take one more line, unless the message is too large already."""
        if self.size < LARGEST_MESSAGE:
            self.pieces.append(line)
        self.size += len(line)

    @property
    def content(self) -> bytes:
        """What was gathered."""
        return b"".join(self.pieces)


def read(delivered: Delivered, stream: Stream, encoding: str) -> Iterator[Record | RowFault]:  # noqa: ARG001
    """The messages of a mailbox, each under the line that it begins at.

    `encodings` of the stream are tried on text whose encoding the mail does not tell.

    Raises:
        FileRejectedError: the file is empty.
    """
    is_empty = True
    with delivered.open() as content:
        for letter in letters(content):
            is_empty = False
            yield _row(letter, stream)
    if is_empty:
        raise rejected(delivered, "EMPTY_FILE", "is empty", "a mailbox with at least one message")


def _row(letter: Letter, stream: Stream) -> Record | RowFault:
    try:
        record = record_of(letter.content, stream.encodings)
    except Exception as fault:  # noqa: BLE001 - whatever a mail does to the parser costs that mail only
        return RowFault(line=letter.line, reason="MALFORMED_ROW", detail=f"no mail ({type(fault).__name__})")
    if record["from"] or record["date"] or record["subject"]:
        return letter.line, Branch(record)
    return RowFault(line=letter.line, reason="MALFORMED_ROW", detail="no line From:, Date: or Subject:")


def letters(stream: IO[bytes]) -> Iterator[Letter]:
    """The messages of a mailbox; a file that does not begin as an mbox is one message."""
    letter: Letter | None = None
    is_mbox = False
    for (number, line), (_, following) in pairwise(enumerate(chain(_lines(stream), [b""]), start=1)):
        if letter is None:
            start = line.removeprefix(_MARK)
            if not start.strip():
                continue
            is_mbox, letter = start.startswith(b"From "), Letter(line=number)
            letter.add(b"" if is_mbox else start)
        elif is_mbox and _begins(line, following):
            if letter.size:
                yield letter
            letter = Letter(line=number)
        else:
            letter.add(line[1:] if is_mbox and _QUOTED.match(line) else line)
    if letter and letter.size:
        yield letter


def _begins(line: bytes, following: bytes) -> bool:
    is_beginning = line.startswith(b"From ") and len(line) < _LONGEST_BEGINNING and _BEGINNING.match(line)
    return bool(is_beginning) and _HEADER.match(following) is not None


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Lines, in pieces where one is longer than any mail's."""
    while line := stream.readline(_LONGEST_LINE):
        yield line
