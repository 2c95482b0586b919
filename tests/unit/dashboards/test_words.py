from __future__ import annotations

import re

import pytest

from journey_mining.dashboards.catalogue import words_of
from journey_mining.errors import SpecError
from journey_mining.vocabulary import Ending, Estimand

RU, EN = words_of("ru"), words_of("en")


def _places(text: object) -> list[str]:
    return sorted(re.findall(r"{(\w+)}", str(text)))


def test_both_languages_have_the_same_texts_with_the_same_places() -> None:
    assert {key: _places(text) for key, text in RU.texts.items()} == {key: _places(t) for key, t in EN.texts.items()}


def test_every_estimand_and_ending_has_a_name_and_a_meaning() -> None:
    keys = [f"{part}.{e}" for e in Estimand for part in ("estimand", "meaning")] + [f"ending.{e}" for e in Ending]
    assert [key for key in keys if not (RU.has(key) and EN.has(key))] == []


def test_a_missing_text_is_an_error_and_not_an_empty_page() -> None:
    with pytest.raises(SpecError, match=r"no\.such"):
        RU("no.such")


def test_values_are_escaped_while_the_texts_own_tags_stand() -> None:
    made = EN("index.lead_goal", share="<script>", horizon="60 days")
    assert "<b>&lt;script&gt;</b>" in made


def test_pages_use_no_forbidden_words() -> None:
    every = " ".join(str(text).lower() for text in (*RU.texts.values(), *EN.texts.values()))
    assert re.findall(r"churn|юзер|пейн|тачпоинт|конверси|!", every) == []
