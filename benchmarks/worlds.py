"""Made-up events of any number for the benchmarks: the same seed, the same rows.

    python benchmarks/worlds.py 1000000 build/bench/1000000.parquet

Touchpoints are drawn by Zipf's law (exponent 1.1 over 60 names, the order shifted by segment), a fifth of the steps go
back two, and repeats in a row are one event, so that every tool counts the same graph. Lengths of journeys have a
Pareto tail (1.3, at most 2,000 steps), gaps are lognormal. Events stand in the order of time, as exports do, and name
up to three identifiers: the device (one per 20 steps), the mail (of some who are known), the number in the CRM.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SEED = 20_260_401
TOUCHPOINTS, SEGMENTS = 60, 12
_LONGEST, _BLOCK = 2_000, 2_000_000
_START = np.int64(1_767_225_600_000_000)
"""2026-01-01 in microseconds"""
_KINDS = ("view", "click", "form", "mail", "call", "ticket", "deal", "chat", "order", "renewal")
_CUMULATED = np.cumsum(1 / np.arange(1, TOUCHPOINTS + 1) ** 1.1)


def write_world(path: Path, events: int, *, seed: int = SEED) -> int:
    """Write the events as Parquet in the order of time; the number of journeys. The last journey is cut at its end."""
    chance = np.random.default_rng(seed)
    lengths = _lengths(chance, events + events // 2 + 10_000)
    blocks: list[pa.Table] = []
    for block in _blocks(chance, lengths):
        blocks.append(_without_repeats(pa.table(block)))
        if sum(map(len, blocks)) >= events:
            break
    table = pa.concat_tables(blocks).slice(0, events)
    order = np.argsort(table["occurred_us"].to_numpy(), kind="stable")
    path.parent.mkdir(parents=True, exist_ok=True)
    with pq.ParquetWriter(path, _named(table.slice(0, 0), order[:0], 0).schema, compression="zstd") as writer:
        for first in range(0, events, _BLOCK):
            rows = order[first : first + _BLOCK]
            writer.write_table(_named(table, rows, first), row_group_size=500_000)
    return len(table["person"].unique())


def _lengths(chance: np.random.Generator, events: int) -> np.ndarray[Any, Any]:
    """Steps of each journey, of which one in seven will be a repeat and go."""
    drawn = 2 + np.floor(2.2 * chance.pareto(1.3, size=events // 2 + 1))
    lengths = np.minimum(drawn, _LONGEST).astype(np.int64)
    ends = np.cumsum(lengths)
    last = int(np.searchsorted(ends, events))
    return lengths[: last + 1]


def _blocks(chance: np.random.Generator, lengths: np.ndarray[Any, Any]) -> Iterator[dict[str, Any]]:
    """Columns of whole journeys, about two million events at a time."""
    shares = chance.dirichlet(np.full(SEGMENTS, 3.0))
    ends = np.cumsum(lengths)
    first = 0
    while first < len(lengths):
        before = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, before + _BLOCK, side="right")))
        yield _journeys(chance, np.arange(first, last), lengths[first:last], shares)
        first = last


def _journeys(
    chance: np.random.Generator, numbers: np.ndarray[Any, Any], lengths: np.ndarray[Any, Any], shares: Any
) -> dict[str, Any]:
    count = int(lengths.sum())
    starts = np.cumsum(lengths) - lengths
    place = np.arange(count) - np.repeat(starts, lengths)
    segment = np.repeat(chance.choice(SEGMENTS, size=len(numbers), p=shares), lengths)
    known = np.repeat(chance.random(len(numbers)) < 0.6, lengths)
    person = np.repeat(numbers, lengths)
    touchpoint = _touchpoints(chance, segment, place)
    device = person * 128 + np.minimum(place // 20, 127)
    in_crm = known & (touchpoint >= TOUCHPOINTS * 2 // 3) & (chance.random(count) < 0.8)
    return {
        "occurred_us": _times(chance, lengths, starts, place),
        "person": person,
        "segment": segment.astype(np.int8),
        "touchpoint": touchpoint.astype(np.int8),
        "device": pa.array(device, mask=touchpoint >= TOUCHPOINTS * 2 // 3),
        "mail": pa.array(person * 2 + (chance.random(count) < 0.02), mask=~(known & (chance.random(count) < 0.35))),
        "record": pa.array(person, mask=~in_crm),
    }


def _without_repeats(table: pa.Table) -> pa.Table:
    person, touchpoint = table["person"].to_numpy(), table["touchpoint"].to_numpy()
    is_kept = np.ones(len(table), dtype=bool)
    is_kept[1:] = (person[1:] != person[:-1]) | (touchpoint[1:] != touchpoint[:-1])
    return table.filter(pa.array(is_kept))


def _touchpoints(chance: np.random.Generator, segment: Any, place: Any) -> Any:
    """By Zipf's law, early steps nearer the head of the list; then ways back."""
    drawn = np.searchsorted(_CUMULATED, chance.random(len(place)) * _CUMULATED[-1]).clip(0, TOUCHPOINTS - 1)
    drawn = (drawn * (1 + np.minimum(place, 5)) // 6 + segment * 2) % TOUCHPOINTS
    luck = chance.random(len(place))
    source = np.arange(len(place))
    source -= np.where((luck < 0.2) & (place >= 2), 2, 0)
    return drawn[source[source]]


def _times(chance: np.random.Generator, lengths: Any, starts: Any, place: Any) -> Any:
    """Microseconds; whole seconds, so that ties within a journey happen."""
    gaps = np.where(place == 0, 0, np.exp(chance.normal(7, 2.2, size=len(place))))
    since = np.cumsum(gaps)
    since -= np.repeat(since[starts], lengths)
    first = np.repeat(chance.integers(0, 365 * 86_400, size=len(lengths)), lengths)
    return _START + (first + np.minimum(since, 4e8)).astype(np.int64) * 1_000_000


def _named(table: pa.Table, rows: Any, first: int) -> pa.Table:
    """Those rows with their final columns: names instead of numbers, as exports have them."""
    part = table.take(pa.array(rows))
    names = pa.array([f"{_KINDS[number % 10]} {number:02d}" for number in range(TOUCHPOINTS)])
    segments = pa.array([f"segment {number:02d}" for number in range(SEGMENTS)])
    return pa.table(
        {
            "event_id": pa.array(np.arange(first, first + len(rows), dtype=np.int64)),
            "occurred_at": part["occurred_us"].cast(pa.timestamp("us")),
            "segment": segments.take(part["segment"].combine_chunks()),
            "touchpoint": names.take(part["touchpoint"].combine_chunks()),
            "journey_id": _prefixed("j", part["person"]),
            "device": _prefixed("device ", part["device"]),
            "mail": _prefixed("mail ", part["mail"]),
            "record": _prefixed("record ", part["record"]),
        }
    )


def _prefixed(prefix: str, numbers: Any) -> Any:
    import pyarrow.compute as pc

    return pc.binary_join_element_wise(pa.scalar(prefix), numbers.cast(pa.string()), pa.scalar(""))


if __name__ == "__main__":
    print(write_world(Path(sys.argv[2]), int(sys.argv[1])), "journeys")
