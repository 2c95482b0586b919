"""Tables of whole numbers over hashed features: several linear models that are looked up in one go.

In: the blocks of features of a batch. Out: one logit for each message and column. Sums of whole numbers are exact in
doubles, so neither the order of features nor the batching can show in a score.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from journey_mining.voice.features import Block

LARGEST = 127
"""largest weight; with 4,000 characters a message no sum of a column reaches half of `_APART`"""
_APART = 2.0**26

Numbers = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class HashedTable:
    """Logit of column k is scale[k] * sum of weights[k] over the features of a message + bias[k]."""

    weights: NDArray[np.int8]
    """shape (columns, 2**bits)"""
    scale: Numbers
    """shape (columns,)"""
    bias: Numbers
    """shape (columns,)"""

    @property
    def bits(self) -> int:
        """log2 of the number of buckets."""
        return int(self.weights.shape[1]).bit_length() - 1

    def logits(self, blocks: Sequence[Block], rows: int) -> Numbers:
        """Logits of `rows` messages, shape (rows, columns)."""
        sums = np.zeros((rows, len(self.weights)))
        for block in blocks:
            sums += self._sums(block, rows) * block.message_weights(rows)[:, None]
        logits: Numbers = sums * self.scale + self.bias
        return logits

    @cached_property
    def _pairs(self) -> list[Numbers]:
        """Two columns in one double each, so that one look-up and one sum serve both; an odd last one alone."""
        columns = self.weights.astype(np.float64)
        if len(columns) % 2:
            columns = np.vstack([columns, np.zeros_like(columns[:1])])
        return [high * _APART + low for high, low in zip(columns[::2], columns[1::2], strict=True)]

    def _sums(self, block: Block, rows: int) -> Numbers:
        columns = []
        for pair in self._pairs:
            total = np.bincount(block.message, weights=pair[block.bucket], minlength=rows)
            high = np.round(total / _APART)
            columns += [high, total - high * _APART]
        return np.stack(columns[: len(self.weights)], axis=1)


def rounded(weights: Numbers, *, clipped: float = 0.0) -> tuple[NDArray[np.int8], Numbers]:
    """Whole numbers -127..127 of the same shape (columns, buckets), and the size of one in each column.

    The share `clipped` of the largest weights that are not 0 is cut to the rest.
    """
    scale = np.empty(len(weights))
    for place, column in enumerate(weights):
        used = np.abs(column[column != 0])
        scale[place] = (float(np.quantile(used, 1 - clipped)) if len(used) else 1.0) / LARGEST
    whole = np.clip(np.round(weights / scale[:, None]), -LARGEST, LARGEST).astype(np.int8)
    return whole, scale
