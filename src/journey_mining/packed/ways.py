"""Distinct ways: how many orders of activities there are, found exactly by words of codes.

A way is a row of words, each of as many codes as fit into one. Ways are told apart word by word: those that share a
first word are compared by their second, and so on; one that shares its words with no other needs no further look.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from journey_mining.packed.keys import Ints, bits

_BITS = 63


@dataclass(slots=True)
class Ways:
    """Ways of journeys: words of `code_bits` for each activity, zeros after the end."""

    code_count: int
    group_count: int
    words: list[Ints] = field(default_factory=list)
    word_counts: list[Ints] = field(default_factory=list)
    groups: list[NDArray[Any]] = field(default_factory=list)

    @property
    def code_bits(self) -> int:
        """Bits of one code; zero is no activity."""
        return bits(self.code_count + 1)

    @property
    def per_word(self) -> int:
        """Codes in one word; it leaves room for the number of a group where it can."""
        return max(1, (_BITS - bits(self.group_count)) // self.code_bits)

    def add(self, codes: NDArray[Any], starts: Ints, groups: NDArray[Any]) -> None:
        """Add journeys: the codes of all of them in order, where each begins, and the group of each."""
        lengths = np.diff(starts, append=len(codes))
        place = np.arange(len(codes), dtype=np.int32)
        place -= np.repeat(starts.astype(np.int32), lengths)
        place %= self.per_word
        shifted = codes.astype(np.int64)
        shifted += 1
        shifted <<= place * np.int32(self.code_bits)
        self.words.append(np.add.reduceat(shifted, np.flatnonzero(place == 0)))
        self.word_counts.append(-(-lengths // self.per_word))
        self.groups.append(groups)

    def distinct(self) -> Ints:
        """Number of distinct ways of each group."""
        found = np.zeros(self.group_count, dtype=np.int64)
        if not self.words:
            return found
        words, counts = np.concatenate(self.words), np.concatenate(self.word_counts)
        group = np.concatenate(self.groups).astype(np.int64)
        word = np.cumsum(counts) - counts
        # what a way shares with others so far has a number; at first it is its group
        rest, shared, level = np.arange(len(group)), group, 0
        while len(rest):
            has_more = counts[rest] > level
            own = np.where(has_more, words[np.minimum(word[rest] + level, len(words) - 1)], 0)
            order = self._order(shared, own)
            rest, shared, own = rest[order], shared[order], own[order]
            is_new = np.ones(len(rest), dtype=bool)
            is_new[1:] = (shared[1:] != shared[:-1]) | (own[1:] != own[:-1])
            starts = np.flatnonzero(is_new)
            lengths = np.diff(starts, append=len(rest))
            is_told = (lengths == 1) | (own[starts] == 0)
            found += np.bincount(group[rest[starts[is_told]]], minlength=self.group_count)
            goes_on = np.repeat(~is_told, lengths)
            shared = np.repeat(np.arange(len(starts)), lengths)[goes_on]
            rest, level = rest[goes_on], level + 1
        return found

    def _order(self, shared: Ints, own: Ints) -> Ints:
        """Indices that sort by what is shared, then by the word."""
        word_bits = self.per_word * self.code_bits
        if word_bits + bits(int(shared.max()) + 1) > _BITS:
            return np.asarray(np.lexsort((own, shared)), dtype=np.int64)
        return np.argsort((shared << word_bits) | own)
