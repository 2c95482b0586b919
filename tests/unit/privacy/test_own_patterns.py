"""Patterns of a project's own: what they find is gone from texts, and none of them can stall a night."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from journey_mining.errors import SettingsError
from journey_mining.privacy import OwnPatterns, redact
from journey_mining.project import Settings
from journey_mining.project.settings import RetentionSettings
from journey_mining.project.values import validated

OWN = OwnPatterns(patterns={"клиент": r"(?i)лс-?\d{6}", "site": r"[\pL\pN-]+\.oblako"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("мой ЛС-123456, не работает", "мой [клиент], не работает"),
        ("лс&#49;23456", "[клиент]"),
        ("сайт кафе-ромашка.oblako лёг, пишите anna@mail.example", "сайт [site] лёг, пишите [email]"),
        ("просто   текст", "просто текст"),
    ],
)
def test_finds_are_replaced_by_the_name_before_all_else(text: str, expected: str) -> None:
    assert OWN.redacted([text])[0].text == expected


def test_finds_are_counted_with_the_others() -> None:
    assert [found.count for found in OWN.redacted(["ЛС-123456 ЛС-123457 anna@mail.example", "ничего"])] == [3, 0]


@given(st.lists(st.text(), max_size=5))
def test_without_patterns_texts_are_redacted_as_ever(texts: list[str]) -> None:
    assert OwnPatterns().redacted(texts) == [redact(text) for text in texts]


@given(st.text(alphabet="лсЛС-0123456789 ab\u00a0\u200b&#;"))
def test_no_find_is_left(text: str) -> None:
    assert re.search(r"(?i)лс-?[0-9]{6}", OWN.redacted([text])[0].text) is None


BAD = {
    "(a": "no regular expression of RE2: missing \\): \\(a",
    r"(\d)\1": "no regular expression of RE2",
    "x(?=y)": "looking around and references back are not known here",
    r"\bдоговор": r"\\b knows Latin letters only; write \[\\pL\\pN_\]",
    r"№ \w+": "Latin letters only",
    "a*": "it finds an empty text",
    "": "it finds an empty text",
    "(a{100}){100}": "multiply to 10000, more than 1000",
    "a" * 501: "longer than 500 characters",
}


@pytest.mark.parametrize("pattern", BAD)
def test_a_pattern_that_cannot_be_used_is_refused_with_what_to_do(pattern: str) -> None:
    with pytest.raises(SettingsError, match=rf"(?s)privacy\.patterns\.contract: .*{BAD[pattern]}.*Expected: .*To do: "):
        validated(Settings, {"privacy": {"patterns": {"contract": pattern}}}, where="journey.toml")


@pytest.mark.parametrize("name", ["", "two words", "[x]", "1st", r"\0", "x" * 31])
def test_a_name_that_could_not_stand_in_brackets_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        RetentionSettings(patterns={name: "x"})


@pytest.mark.parametrize("bomb", ["(a+)+$", "(a|a)+b", "(a|aa)+$", "(.*a){20}", "(x+x+)+y", "([a-z]+)*[0-9]"])
def test_patterns_that_would_stall_another_engine_are_done_with_long_texts(bomb: str) -> None:
    own = OwnPatterns(patterns=RetentionSettings(patterns={"bomb": bomb.replace(")*[", ")+[")}).patterns)
    # the engine of the standard library would need more steps than there are atoms
    hostile = ["a" * 100_000 + "!", "x" * 100_000, "a" * 50_000 + "b" * 50_000 + "!"]
    assert len(own.replaced(hostile)[0]) == len(hostile)
