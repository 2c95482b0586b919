"""Hashed n-grams: what is a feature and what it weighs."""

from __future__ import annotations

import numpy as np
import pytest

from journey_mining.voice.features import Block, blocks_of

BITS = 18


def buckets(text: str) -> tuple[set[int], set[int]]:
    characters, words = blocks_of([text], bits=BITS)
    return set(characters.bucket.tolist()), set(words.bucket.tolist())


def test_a_short_word_has_all_its_n_grams_with_the_edges():
    # ' да ' holds ' д', 'да', 'а ', ' да', 'да ', ' да '
    assert len(blocks_of(["да"], bits=BITS)[0].bucket) == 6


def test_words_and_pairs_are_features():
    assert len(blocks_of(["сайт быстро открылся"], bits=BITS)[1].bucket) == 3 + 2


def test_a_negation_marks_the_next_three_words():
    words = blocks_of(["все работает хорошо и быстро", "не работает хорошо и быстро"], bits=BITS)[1]
    assert np.bincount(words.message).tolist() == [5 + 4, 5 + 4 + 3]


def test_a_sign_ends_the_reach_of_a_negation():
    words = blocks_of(["не работает , хорошо"], bits=BITS)[1]
    assert len(words.bucket) == 4 + 3 + 1


def test_pairs_depend_on_the_order_of_words():
    assert buckets("быстро плохо")[1] != buckets("плохо быстро")[1]


def test_n_grams_do_not_reach_into_the_next_message():
    together = blocks_of(["сайт", "лежит"], bits=BITS)[0]
    apart = {*buckets("сайт")[0], *buckets("лежит")[0]}
    assert set(together.bucket.tolist()) == apart


@pytest.mark.parametrize("texts", [[""], ["", ""], []])
def test_empty_messages_have_no_words(texts):
    assert len(blocks_of(texts, bits=BITS)[1].bucket) == 0


def test_a_feature_of_a_long_message_weighs_less_than_one_over_the_root():
    block = Block(message=np.repeat([0, 1], [4, 64]), bucket=np.zeros(68, np.int64), plenty=16)
    assert block.message_weights(2).tolist() == [1 / 2, 4 / 64]
