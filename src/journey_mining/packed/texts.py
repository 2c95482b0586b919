"""Texts as numbers: words of eight bytes for ids, of which there are many, places in a list for names, which are few.

In: Arrow columns. Out: arrays of numbers. No hash stands for a text: words are the text itself, and the spread of them
is only where a row is looked for.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from journey_mining.packed.plain_arrow import numbers

Words = NDArray[np.uint64]
_BYTES = 8
"""of a word"""
_UP_TO = np.array([(1 << 8 * length) - 1 for length in range(_BYTES + 1)], dtype=np.uint64)
"""bits of the first bytes of a word, by their number"""
_SPREAD = np.uint64(0x9E3779B97F4A7C15)
"""2^64 by the golden ratio; odd, so that multiplying by it maps no two words to one"""
_HALF = np.uint64(32)


class Names:
    """Numbers of names in the order in which they were met; a missing and an empty name are `instead`."""

    def __init__(self, instead: str) -> None:
        self._instead = instead
        self._numbers: dict[str, int] = {}

    def known(self) -> tuple[str, ...]:
        """All names that were met, by number."""
        return tuple(self._numbers)

    def codes(self, column: pa.DictionaryArray) -> NDArray[Any]:
        """The number of each row's name, in as few bytes as the names met so far need."""
        names = [name or self._instead for name in column.dictionary.to_pylist()]
        if column.null_count:
            names.append(self._instead)
        found = [self._numbers.setdefault(name, len(self._numbers)) for name in names]
        places = numbers(pa.chunked_array([column.indices])) if not column.null_count else _with_last(column.indices)
        codes: NDArray[Any] = np.array(found, dtype=np.min_scalar_type(len(self._numbers)))[places]
        return codes


def words_of(column: pa.Array) -> list[Words]:
    """The bytes of each text as words, zeros after its end; as many words as the longest text needs, at least one.

    >>> [word.tolist() for word in words_of(pa.array(["", "ab", "abcdefgh!"], pa.string()))]
    [[0, 25185, 7523094288207667809], [0, 0, 33]]

    Raises:
        ValueError: a text holds a zero byte, which cannot be told from its end.
    """
    size = np.dtype(np.int64 if column.type == pa.large_string() else np.int32)
    _, places, content = column.buffers()
    offsets = np.frombuffer(places, size, len(column) + 1, column.offset * size.itemsize)
    first, last = int(offsets[0]), int(offsets[-1])
    # eight bytes more, so that a word may be read from any byte on
    padded = np.zeros(last - first + _BYTES, dtype=np.uint8)
    if last > first:
        padded[:-_BYTES] = np.frombuffer(content, np.uint8, last - first, first)
        if not padded[:-_BYTES].all():
            raise ValueError("zero byte")
    words = np.ndarray((last - first + 1,), dtype="<u8", buffer=padded, strides=(1,))
    starts, lengths = offsets[:-1] - first, np.diff(offsets)
    found = [words[starts] & _UP_TO[np.minimum(lengths, _BYTES)]]
    for before in range(_BYTES, int(lengths.max(initial=0)), _BYTES):
        rest = np.zeros(len(column), dtype=np.uint64)
        rows = np.flatnonzero(lengths > before)
        rest[rows] = words[starts[rows] + before] & _UP_TO[np.minimum(lengths[rows] - before, _BYTES)]
        found.append(rest)
    return found


def spread(words: list[Words]) -> Words:
    """A number for each text whose upper bits are spread evenly: equal for equal texts, and nearly always only then.

    Words of nothing but zeros add nothing, so that it does not matter how many of them other texts made necessary. Of
    texts of one word no two have the same.
    """
    key = words[0] * _SPREAD
    for number, word in enumerate(words[1:], 1):
        part = word * _SPREAD
        part ^= part >> _HALF
        # odd, and another for each place
        part *= _SPREAD ^ np.uint64(number << 1)
        key += part
    key ^= key >> _HALF
    key *= _SPREAD
    return key


def _with_last(indices: pa.Array) -> NDArray[Any]:
    """Places in a dictionary, of missing names the place after its last."""
    filled = indices.fill_null(-1)
    return numbers(pa.chunked_array([filled]))
