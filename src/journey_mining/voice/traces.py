"""What of a text is kept beside the warehouse: its id in label files, its words, and what an endpoint was asked.

In: a published text. Out: traces, hashes by which `journey forget` finds again what was kept of it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from journey_mining.privacy import redact
from journey_mining.voice.customer_texts import text_id
from journey_mining.voice.own_words import own_words

LONGEST_QUESTION = 4_000
_FEW_WORDS = 20
"""characters"""


def traces(event_id: str, text: str | None) -> Iterator[str]:
    """Traces of a text.

    Of its id alone where the text is None, for one that others wrote as well, or of a few words: neither leads to
    anybody, and labels of other people's equal texts stay.
    """
    yield id_trace(text_id(event_id))
    if text is not None and len(text) > _FEW_WORDS:
        yield words_trace(text)
        yield question_trace(question(own_words(text)))


def id_trace(shown_id: str) -> str:
    """The trace of an id as label files show it."""
    return f"id {shown_id}"


def words_trace(text: str) -> str:
    """The trace of a text in a label file, whatever a spreadsheet made of its spaces and lines."""
    words = "".join(sign for sign in text if sign.isalnum())
    return f"words {_hashed(words[:LONGEST_QUESTION].casefold())}"


def question(own: str) -> str:
    """What an endpoint is asked about the own words of a message: redacted once more, and not longer than it reads."""
    return redact(own).text[:LONGEST_QUESTION]


def question_trace(asked: str) -> str:
    """The trace of what an endpoint was asked."""
    return f"question {_hashed(asked)}"


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
