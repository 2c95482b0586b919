"""Made-up ties of identifiers for the benchmark of identity: the same seed, the same rows.

    python benchmarks/identity/ties.py 10000000 build/bench/ties_10000000.parquet

A row is one observation of two identifiers together. Identifiers of a person have a Pareto tail (1.2, at most 200 and
two more); half of the observations tie neighbours, so that chains are long; one in 500 ties near persons, as a borrowed
device does; one in 2,000 names one of fifty hubs, as a kiosk does. `path` writes one chain instead, its ties shuffled.

Columns `a`, `b` are sparse 63-bit numbers, as hashes are.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

SEED = 20_260_402
_MOST, _HUBS, _BLOCK = 200, 50, 1_000_000
# an odd factor makes different numbers of different numbers (mod 2^63), and scatters them
_SCATTER, _MASK = np.uint64(0x9E3779B97F4A7C15), np.uint64(2**63 - 1)


def write_ties(path: Path, observations: int, *, seed: int = SEED) -> int:
    """Write so many observations, but those of an identifier with itself; how many identifiers could be met."""
    chance = np.random.default_rng(seed)
    persons = max(observations // 6, 1)
    held = np.minimum(1 + chance.pareto(1.2, persons).astype(np.int64), _MOST) + 2
    first = np.concatenate([[0], np.cumsum(held)])
    person = chance.integers(0, persons, observations)
    a = first[person] + chance.integers(0, 2**30, observations) % held[person]
    b = first[person] + chance.integers(0, 2**30, observations) % held[person]
    b = np.where(chance.random(observations) < 0.5, np.minimum(a + 1, first[person + 1] - 1), b)
    borrowed = np.minimum(b + chance.integers(1, 50, observations), first[-1] - 1)
    b = np.where(chance.random(observations) < 0.002, borrowed, b)
    hubs = chance.integers(0, first[-1], _HUBS)
    b = np.where(chance.random(observations) < 0.0005, hubs[chance.integers(0, _HUBS, observations)], b)
    _write(path, a, b, chance.permutation(first[-1]))
    return int(first[-1])


def write_path(path: Path, nodes: int, *, seed: int = SEED) -> int:
    """Write one chain of so many identifiers, the order of its ties and of their numbers shuffled; its length."""
    chance = np.random.default_rng(seed)
    a = chance.permutation(nodes - 1)
    _write(path, a, a + 1, chance.permutation(nodes))
    return nodes - 1


def _write(path: Path, a: Any, b: Any, name: Any) -> None:
    kept = a != b
    a, b = name[a[kept]], name[b[kept]]
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.table({"a": _scattered(a), "b": _scattered(b)})
    pq.write_table(table, path, compression="zstd", row_group_size=_BLOCK)


def _scattered(number: Any) -> Any:
    return (((number.astype(np.uint64) + np.uint64(1)) * _SCATTER) & _MASK).astype(np.int64)


if __name__ == "__main__":
    write = write_path if sys.argv[2].rsplit("/", maxsplit=1)[-1].startswith("path") else write_ties
    print(write(Path(sys.argv[2]), int(sys.argv[1])))
