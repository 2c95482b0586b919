"""Whatever a message holds, it is read, scored and redacted, and costs no more than its length."""

from __future__ import annotations

import re
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journey_mining.languages import language_of, transliteration
from journey_mining.privacy import redact
from journey_mining.voice import embedded_engine
from journey_mining.voice.cleaning import CLEAN_LIMIT, clean
from journey_mining.voice.own_words import RAW_LIMIT, own_words

PIECES = (
    "> ", "> > > ", "\n", "\r\n", "<div>", "</div>", "<blockquote>", "</blockquote>", "<!--", "<style", "[quote]",
    "[/quote]", "[code", "&amp;", "&#0;", "\x00", "\x08", "\u200b", "\u202e", "\u2066", "\ufeff", "\ud800", "\udfff",
    "😡", "👍🏻", "\u0301", "ﷺ", "From: ", "От: ", "wrote:", "пишет:", "On ", "--\n", "С уважением", "confidential",
    "2026-05-04 10:00", "at a.b(", "#1 ", "a@", "@a", ".", "://", "www.", "'", '"', "46", "shch", "ne ", "не ", "[имя]",
    "(", ")", ":(", "!!!", "aaaa", "1/", "из 10", " ",
)  # fmt: skip
messages = st.one_of(st.text(st.characters()), st.lists(st.sampled_from(PIECES), max_size=60).map("".join))


@given(messages)
def test_any_message_is_read(text):
    assert len(clean(text)) <= CLEAN_LIMIT + len(" shouting")
    assert language_of(text) in {"ru", "en", "mixed", "und"}
    score = embedded_engine().score([text]).scores()[0]
    assert np.isnan(score) or -1 <= score <= 1


@given(messages)
def test_own_words_are_never_longer_than_what_unescaping_gives(text):
    assert len(own_words(text)) <= 2 * len(text) + 1


@settings(max_examples=60)
@given(messages)
def test_any_message_is_redacted(text):
    assert isinstance(redact(text).text, str)


@pytest.mark.parametrize("piece", PIECES)
def test_only_the_beginning_of_a_long_message_is_looked_at(piece):
    long = piece * (1_000_000 // len(piece))
    assert own_words(long) == own_words(long[:RAW_LIMIT])
    assert not {"short", ""}.issuperset(embedded_engine().score([long]).flags[0].split(","))


@pytest.mark.parametrize("piece", PIECES)
def test_twice_the_length_is_at_most_about_twice_the_work(piece):
    short, long = (piece * (size // len(piece)) for size in (2_000, 4_000))
    assert calls_of(long) <= 3 * calls_of(short) + 200


def calls_of(text: str) -> int:
    """Calls of Python and C functions that reading a text takes: a count, so no clock is asked."""
    count = 0

    def counted(*_: object) -> None:
        nonlocal count
        count += 1

    embedded_engine().score(["warm"])
    re.purge()
    sys.setprofile(counted)
    try:
        clean(text)
    finally:
        sys.setprofile(None)
    return count


def test_no_pattern_of_addresses_starts_inside_a_run_without_blanks() -> None:
    # from every character of a long run the rest of it would be looked through again
    assert [found.start() for found in transliteration._ADDRESS.finditer("a" * 50 + " x" + "." * 50 + "b.c")] == [51]
