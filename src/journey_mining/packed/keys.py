"""Arithmetic on packed 64-bit keys: order, counts of distinct values and quantiles out of one sort each.

In: arrays of numbers. Out: arrays of numbers. Nothing here knows what is counted: an edge is a number below
`segments * per_segment`, whose quotient by `per_segment` is its segment.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_BITS = 63
"""of a signed key that stays positive"""
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class EdgeRows:
    """Edges with what went along them; equal lengths, keys ascending."""

    keys: Ints
    passages: Ints
    journeys: Ints
    persons: Ints


@dataclass(slots=True)
class EdgeCounts:
    """Counts of parts that share no person; `of_all` without segments, because a person may be in several."""

    by_segment: list[EdgeRows] = field(default_factory=list)
    of_all: list[EdgeRows] = field(default_factory=list)

    def add(self, counted: tuple[EdgeRows, EdgeRows]) -> None:
        """Add the counts of one part."""
        self.by_segment.append(counted[0])
        self.of_all.append(counted[1])


@dataclass(frozen=True, slots=True)
class Quantiles:
    """Quantiles of edges; `seconds` has shape (probabilities, edges)."""

    keys: Ints
    """of the edges, ascending"""
    counts: Ints
    """timed passages"""
    seconds: NDArray[np.float64]

    def at(self, keys: Ints) -> NDArray[np.float64]:
        """Seconds of these edges, NaN where an edge has none; shape (probabilities, edges)."""
        found = np.full((len(self.seconds), len(keys)), np.nan)
        if len(self.keys):
            places = np.searchsorted(self.keys, keys).clip(max=len(self.keys) - 1)
            known = self.keys[places] == keys
            found[:, known] = self.seconds[:, places[known]]
        return found


@dataclass(slots=True)
class EdgeTimes:
    """Edges and seconds of every timed passage."""

    keys: list[NDArray[Any]] = field(default_factory=list)
    seconds: list[NDArray[Any]] = field(default_factory=list)

    def add(self, keys: NDArray[Any], seconds: NDArray[Any]) -> None:
        """Add the passages of one part; both arrays are kept as narrow as their values allow."""
        self.keys.append(narrow(keys, int(keys.max(initial=0)) + 1))
        self.seconds.append(narrow(seconds, int(np.abs(seconds).max(initial=0)) + 1))

    def quantiles(self, probabilities: tuple[float, ...], *, among: int = 0) -> Quantiles:
        """Quantiles by edge; of edges that are equal but for their multiples of `among`, where it is given."""
        keys = [part % among for part in self.keys] if among else self.keys
        return edge_quantiles(keys, self.seconds, probabilities)


def order_of(group: NDArray[Any], place: NDArray[Any]) -> Ints:
    """Indices that sort rows by group and place; rows of equal place keep their order.

    Where the rows already stand in the order of places, or where group, place and row fit into 63 bits, one sort of
    plain numbers does it.
    """
    rows = np.arange(len(group), dtype=np.int64)
    if not len(group):
        return rows
    columns = [(group, int(group.max()) + 1)]
    if (place[1:] < place[:-1]).any():
        columns.append((place - place.min(), int(place.max()) - int(place.min()) + 1))
    row_bits = bits(len(group))
    if row_bits + sum(bits(size) for _, size in columns) > _BITS:
        return np.asarray(np.lexsort((place, group)), dtype=np.int64)
    key = np.zeros(len(group), dtype=np.int64)
    for values, size in columns:
        key <<= bits(size)
        key |= values
    key <<= row_bits
    key |= rows
    key.sort()
    key &= (1 << row_bits) - 1
    return key


def counted_edges(
    keys: Ints, journey: NDArray[np.int32], person_of: NDArray[np.int32], *, per_segment: int
) -> tuple[EdgeRows, EdgeRows]:
    """Passages, journeys and persons by edge, and by edge of all segments.

    `journey` is the number of the journey of each passage, `person_of` the person of each journey; both ascend with
    each other.
    """
    if not len(keys):
        none = np.zeros(0, dtype=np.int64)
        return EdgeRows(none, none, none, none), EdgeRows(none, none, none, none)
    return _counted(keys, journey, person_of), _counted(keys % per_segment, journey, person_of)


def summed_edges(counts: EdgeCounts, *, per_segment: int, segments: int) -> EdgeRows:
    """All parts together; edges of all segments have the segment after the last."""
    own, of_all = _summed(counts.by_segment), _summed(counts.of_all)
    shifted = EdgeRows(of_all.keys + segments * per_segment, of_all.passages, of_all.journeys, of_all.persons)
    return EdgeRows(*(np.concatenate([getattr(own, n), getattr(shifted, n)]) for n in EdgeRows.__slots__))


def edge_quantiles(
    keys: list[NDArray[Any]], seconds: list[NDArray[Any]], probabilities: tuple[float, ...]
) -> Quantiles:
    """Quantiles of the seconds of each key with linear interpolation (as quantile_cont); arrays of equal lengths.

    Key and seconds become one number, so that one sort puts the seconds of each key in order.
    """
    if not sum(map(len, keys)):
        none = np.zeros(0, dtype=np.int64)
        return Quantiles(none, none, np.zeros((len(probabilities), 0)))
    least = min(int(part.min()) for part in seconds if len(part))
    second_bits = bits(max(int(part.max()) for part in seconds if len(part)) - least + 1)
    if second_bits + bits(max(int(part.max()) for part in keys if len(part)) + 1) > _BITS:
        return _wide_quantiles(np.concatenate(keys), np.concatenate(seconds), probabilities)
    packed = np.empty(sum(map(len, keys)), dtype=np.int64)
    first = 0
    for part, own in zip(keys, seconds, strict=True):
        place = packed[first : first + len(part)]
        np.left_shift(part, second_bits, out=place, dtype=np.int64)
        place |= own - np.int64(least)
        first += len(part)
    packed.sort()
    starts = _shifted_starts(packed, second_bits)
    lengths = np.diff(starts, append=len(packed))
    below = (1 << second_bits) - 1
    values = [
        _interpolated(lambda places: (packed[places] & below) + least, starts, lengths, probability)
        for probability in probabilities
    ]
    return Quantiles(packed[starts] >> second_bits, lengths, np.stack(values))


def _wide_quantiles(keys: NDArray[Any], seconds: NDArray[Any], probabilities: tuple[float, ...]) -> Quantiles:
    """The same where key and seconds do not fit into one number."""
    order = np.lexsort((seconds, keys))
    sorted_keys, sorted_seconds = keys[order], seconds[order].astype(np.int64)
    starts = _starts(sorted_keys)
    lengths = np.diff(starts, append=len(keys))
    values = [
        _interpolated(lambda places: sorted_seconds[places], starts, lengths, probability)
        for probability in probabilities
    ]
    return Quantiles(sorted_keys[starts].astype(np.int64), lengths, np.stack(values))


def bits(size: int) -> int:
    """Bits that hold the numbers from 0 to `size` - 1.

    >>> [bits(size) for size in (1, 2, 3, 256, 257)]
    [1, 1, 2, 8, 9]
    """
    return max(1, (size - 1).bit_length())


def narrow(numbers: NDArray[Any], size: int) -> NDArray[Any]:
    """The numbers, whose absolute values lie below `size`, in 32 bits where they fit."""
    return numbers.astype(np.int32) if size <= np.iinfo(np.int32).max else numbers


def _counted(keys: Ints, journey: NDArray[np.int32], person_of: NDArray[np.int32]) -> EdgeRows:
    first = int(journey.min())
    wide = bits(int(journey.max()) - first + 1)
    if wide + bits(int(keys.max()) + 1) > _BITS:
        # more edges than numbers can name: they get numbers of their own
        names, numbers = np.unique(keys, return_inverse=True)
        found = _counted(numbers.astype(np.int64), journey, person_of)
        return EdgeRows(names[found.keys], found.passages, found.journeys, found.persons)
    packed = keys << wide
    packed |= journey - np.int64(first)
    packed.sort()
    sorted_keys = packed >> wide
    packed &= (1 << wide) - 1
    packed += first
    starts = _starts(sorted_keys)
    is_first = np.zeros(len(packed), dtype=bool)
    is_first[starts] = True
    is_journey = is_first.copy()
    is_journey[1:] |= packed[1:] != packed[:-1]
    person = person_of[packed]
    is_person = is_first
    is_person[1:] |= person[1:] != person[:-1]
    return EdgeRows(
        sorted_keys[starts],
        np.diff(starts, append=len(packed)),
        np.add.reduceat(is_journey, starts, dtype=np.int64),
        np.add.reduceat(is_person, starts, dtype=np.int64),
    )


def _summed(rows: list[EdgeRows]) -> EdgeRows:
    if not rows:
        none = np.zeros(0, dtype=np.int64)
        return EdgeRows(none, none, none, none)
    if len(rows) == 1:
        return rows[0]
    keys, numbers = np.unique(np.concatenate([part.keys for part in rows]), return_inverse=True)
    totals = []
    for name in ("passages", "journeys", "persons"):
        total = np.zeros(len(keys), dtype=np.int64)
        np.add.at(total, numbers, np.concatenate([getattr(part, name) for part in rows]))
        totals.append(total)
    return EdgeRows(keys, *totals)


def _starts(ascending: NDArray[Any]) -> Ints:
    """Places at which a new value begins."""
    is_new = np.ones(len(ascending), dtype=bool)
    np.not_equal(ascending[1:], ascending[:-1], out=is_new[1:])
    return np.flatnonzero(is_new)


def _shifted_starts(ascending: Ints, shift: int) -> Ints:
    """Places at which a new value begins, the lowest bits aside; block by block, because there may be very many."""
    found = [np.zeros(1, dtype=np.int64)]
    for first in range(1, len(ascending), _BLOCK):
        block = ascending[first - 1 : first + _BLOCK]
        found.append(np.flatnonzero((block[1:] ^ block[:-1]) >> shift) + first)
    return np.concatenate(found)


def _interpolated(
    values_at: Callable[[Ints], Ints], starts: Ints, lengths: Ints, probability: float
) -> NDArray[np.float64]:
    place = (lengths - 1) * probability
    below = np.floor(place).astype(np.int64)
    low = values_at(starts + below).astype(np.float64)
    high = values_at(starts + np.ceil(place).astype(np.int64)).astype(np.float64)
    return np.asarray(low + (high - low) * (place - below), dtype=np.float64)
