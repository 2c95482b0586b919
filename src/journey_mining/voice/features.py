"""Hashed n-grams of cleaned messages, computed for many messages at once with numpy.

In: cleaned texts (`cleaning.clean`). Out: two blocks of (message, bucket) pairs: character n-grams inside words, and
words, word pairs and negated words. The trainer and the embedded engine share this file; changing it makes every
trained table worthless, so `FEATURE_VERSION` stands in the table and is compared when it is loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FEATURE_VERSION = 1
LONGEST_NGRAM = 5
NEGATION_REACH = 3
"""words after a negation that count as negated, unless a sign ends the clause"""

Codes = NDArray[np.uint32]
Flags = NDArray[np.bool_]
Indices = NDArray[np.int64]

_SPACE, _NEWLINE = 32, 10
_ROLL = np.uint32(0x01000193)
_PAIR = np.uint32(0x9E3779B1)
_WORD_SALT = np.uint32(0x165667B1)
_NEGATED_SALT = np.uint32(0x0BADCAFE)
_LONGEST_WORD = 48
_PLENTY_OF_CHARACTERS, _PLENTY_OF_WORDS = 2_000, 200
_NEGATIONS = (
    "не ни нет без нельзя никак никаких никакого никакой никто ничего никогда not no never none nothing nobody cannot "
    "without neither nor don't doesn't didn't won't can't isn't wasn't aren't weren't couldn't wouldn't shouldn't "
    "haven't hasn't hadn't ain't dont doesnt didnt wont cant isnt wasnt arent couldnt wouldnt havent hasnt hardly"
)
_CLAUSE_ENDS = ". , ! ? ; : ( ) - — !! !!! ?? ??? ?! !?"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One kind of features of a batch."""

    message: Indices
    """number of the message in the batch, for each feature"""
    bucket: Indices
    """hashed feature, 0 <= bucket < 2**bits"""
    plenty: int
    """number of features from which on a longer message is no surer message"""

    def message_weights(self, messages: int) -> NDArray[np.float64]:
        """What one feature of each message weighs: 1 / sqrt(n) up to `plenty` features, then sqrt(plenty) / n."""
        counts = np.maximum(np.bincount(self.message, minlength=messages), 1)
        weights: NDArray[np.float64] = np.sqrt(np.minimum(counts, self.plenty)) / counts
        return weights


def blocks_of(cleaned: Sequence[str], *, bits: int) -> tuple[Block, Block]:
    """Character block and word block of a batch of cleaned messages.

    Each message's features depend on that message only, so any batching gives the same.
    """
    codes = _codes(" " + " \n ".join(cleaned) + " ")
    line_end = codes == _NEWLINE
    space = (codes == _SPACE) | line_end
    message = np.cumsum(line_end, dtype=np.int64)
    mask = np.uint32((1 << bits) - 1)
    return (
        _character_block(codes, space, line_end, message, mask),
        _word_block(codes, space, message, mask),
    )


def _character_block(codes: Codes, space: Flags, line_end: Flags, message: Indices, mask: np.uint32) -> Block:
    spaces_before = np.concatenate(([0], np.cumsum(space, dtype=np.int32)))
    rolled = np.zeros(len(codes), np.uint32)
    owners, buckets = [], []
    for size in range(1, LONGEST_NGRAM + 1):
        count = len(codes) - size + 1
        if count <= 0:
            break
        rolled = rolled[:count] * _ROLL + codes[size - 1 :] + np.uint32(1)
        if size == 1:
            continue
        inside = spaces_before[size - 1 : size - 1 + count] - spaces_before[1 : 1 + count]
        # a space may stand at either end (it marks the edge of a word) but not at both ends of two characters
        taken = (inside == 0) & ~line_end[:count] & ~line_end[size - 1 :]
        if size == 2:  # noqa: PLR2004 - the shortest n-gram has no inside
            taken = ~line_end[:count] & ~line_end[1:] & ~(space[:count] & space[1:])
        at = np.flatnonzero(taken)
        owners.append(message[at])
        buckets.append(_mixed(rolled[at] ^ np.uint32(size * 0x27D4EB2F & 0xFFFFFFFF)) & mask)
    return Block(message=_joined(owners), bucket=_joined(buckets), plenty=_PLENTY_OF_CHARACTERS)


def _word_block(codes: Codes, space: Flags, message: Indices, mask: np.uint32) -> Block:
    starts = np.flatnonzero(~space & np.concatenate(([True], space[:-1])))
    if len(starts) == 0:
        return Block(message=_joined([]), bucket=_joined([]), plenty=_PLENTY_OF_WORDS)
    words = _word_hashes(codes, space, starts)
    owner = message[starts]
    follows = owner[1:] == owner[:-1]
    pairs = _mixed(words[:-1] * _PAIR ^ words[1:])[follows]
    negated = _negated(words, follows)
    owners = [owner, owner[1:][follows], owner[negated]]
    hashes = [_mixed(words ^ _WORD_SALT), pairs, _mixed(words[negated] ^ _NEGATED_SALT)]
    buckets = _joined([h & mask for h in hashes])
    return Block(message=_joined(owners), bucket=buckets, plenty=_PLENTY_OF_WORDS)


def _word_hashes(codes: Codes, space: Flags, starts: Indices) -> Codes:
    number = np.cumsum(np.bincount(starts, minlength=len(codes))) - 1
    place = np.arange(len(codes)) - starts[np.maximum(number, 0)]
    weighed = (codes + np.uint32(1)) * _POWERS[np.clip(place, 0, _LONGEST_WORD - 1)]
    weighed[space] = 0
    return _mixed(np.add.reduceat(weighed, starts, dtype=np.uint32))


def _negated(words: Codes, follows: Flags) -> Flags:
    ends = np.isin(words, _CLAUSE_END_HASHES)
    reached = np.zeros(len(words), np.bool_)
    live = np.isin(words, _NEGATION_HASHES)
    for _ in range(NEGATION_REACH):
        live = np.concatenate(([False], live[:-1] & follows)) & ~ends
        reached |= live
    return reached


def _codes(text: str) -> Codes:
    # lone surrogates cannot be encoded strictly; they are hashed as they come
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def _mixed(hashes: Codes) -> Codes:
    hashes = (hashes ^ (hashes >> np.uint32(15))) * np.uint32(0x85EBCA6B)
    hashes = (hashes ^ (hashes >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    return hashes ^ (hashes >> np.uint32(16))


def _joined(parts: Sequence[NDArray[np.unsignedinteger] | Indices]) -> Indices:
    return np.concatenate(parts).astype(np.int64) if parts else np.zeros(0, np.int64)


def _powers() -> Codes:
    powers = np.ones(_LONGEST_WORD, np.uint32)
    for place in range(1, _LONGEST_WORD):
        powers[place : place + 1] = powers[place - 1 : place] * np.uint32(0x5BD1E995)
    return powers


def _hashes_of(words: str) -> Codes:
    codes = _codes(words)
    space = codes == _SPACE
    return _word_hashes(codes, space, np.flatnonzero(~space & np.concatenate(([True], space[:-1]))))


_POWERS = _powers()
_NEGATION_HASHES = _hashes_of(_NEGATIONS)
_CLAUSE_END_HASHES = _hashes_of(_CLAUSE_ENDS)
