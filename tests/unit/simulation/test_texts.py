from __future__ import annotations

import numpy as np
import pytest

from journey_mining.simulation.people import generator, phone_as_written, words
from journey_mining.simulation.texts import card_number, draw_mood, rating_comment, survey_comment, write

MATTERS = ("presale", "onboarding", "support", "incident", "billing", "general")


def test_the_mood_of_texts_has_the_planted_mean():
    rng = generator(1)
    assert np.mean([draw_mood(rng, -0.45) for _ in range(20_000)]) == pytest.approx(-0.45, abs=0.02)


def test_texts_rarely_repeat():
    rng = generator(2)
    found = [write(rng, "ru", MATTERS[no % 6], no % 3 - 1).body for no in range(3000)]
    assert len(set(found)) > 0.85 * len(found)


@pytest.mark.parametrize("matter", MATTERS)
@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_slot_of_every_matter_is_filled(language, matter):
    rng = generator(3)
    texts = [write(rng, language, matter, no % 3 - 1) for no in range(300)]
    assert not any("{" in text.subject + text.body for text in texts)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_stage_that_is_asked_about_has_comments(language):
    rng = generator(4)
    stages = words(f"texts_{language}")["comments"]
    assert len(stages) == 6
    assert all(survey_comment(rng, language, stage, mood) for stage in stages for mood in (-1, 0, 1))


def test_ratings_come_with_a_word_of_their_own_kind():
    assert rating_comment(generator(5), "en", "good").lower().startswith(("thanks", "quick", "solved", "great"))


def test_card_numbers_pass_the_check_of_their_last_digit():
    digits = [int(digit) for digit in card_number(generator(6)).replace(" ", "")]
    odd = [2 * digit - 9 * (digit > 4) for digit in digits[::2]]
    assert (sum(odd) + sum(digits[1::2])) % 10 == 0


def test_phones_are_written_in_three_ways():
    rng = generator(7)
    written = {phone_as_written(rng, "9071234567") for _ in range(50)}
    assert written == {"+7 907 123-45-67", "8 (907) 123-45-67", "79071234567"}
