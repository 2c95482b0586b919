"""Tables over hashed features against plain sums."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from journey_mining.voice.features import blocks_of
from journey_mining.voice.hashed_table import HashedTable, rounded

BITS = 12
TEXTS = ["сайт не работает !", "thanks , all good", "", "ok"]


def table(columns: int, seed: int = 1) -> HashedTable:
    chance = np.random.default_rng(seed)
    return HashedTable(
        weights=chance.integers(-127, 128, (columns, 1 << BITS)).astype(np.int8),
        scale=chance.uniform(0.001, 0.1, columns),
        bias=chance.normal(size=columns),
    )


@pytest.mark.parametrize("columns", [1, 2, 5, 6])
def test_logits_are_sums_of_weights_over_features(columns):
    made = table(columns)
    blocks = blocks_of(TEXTS, bits=BITS)
    expected = np.tile(made.bias, (len(TEXTS), 1))
    for block in blocks:
        each = block.message_weights(len(TEXTS))
        for message, bucket in zip(block.message, block.bucket, strict=True):
            expected[message] += made.scale * made.weights[:, bucket] * each[message]
    assert np.allclose(made.logits(blocks, len(TEXTS)), expected)


def test_the_longest_message_of_the_largest_weights_is_summed_exactly():
    extreme = np.full((2, 1 << BITS), 127, np.int8)
    extreme[1] = -127
    made = HashedTable(weights=extreme, scale=np.ones(2), bias=np.zeros(2))
    blocks = blocks_of(["слово " * 700], bits=BITS)
    expected = sum(127 * len(block.bucket) * block.message_weights(1)[0] for block in blocks)
    assert made.logits(blocks, 1)[0] == pytest.approx([expected, -expected], rel=1e-12)


def test_no_messages_give_no_rows():
    assert table(3).logits(blocks_of([], bits=BITS), 0).shape == (0, 3)


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30))
def test_rounding_moves_no_weight_by_more_than_half_a_step(weights):
    given_weights = np.array([weights])
    whole, scale = rounded(given_weights)
    assert np.abs(whole * scale[:, None] - given_weights).max() <= scale[0] / 2 + 1e-9
