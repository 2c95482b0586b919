"""Are there groups of customers that nobody named? Only those that samples drawn again find too: `cluster_check`.

In: `first_touch` and attributes of events: only what was known when a customer came, for groups made of what became
of them later would foretell nothing. Customers are rows of traits that hold or not; k-modes (Huang 1998) looks for
k = 2..5 groups. They count if groups of customers drawn again agree (adjusted Rand index of 0.8 on average), each holds
at least 50 customers and a twentieth of all, and they are more than the values of one field. Otherwise there are none.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from journey_mining.change.personas import attribute_words, first_words
from journey_mining.mining.path_types import rand_index
from journey_mining.warehouse import Warehouse

GROUP_COUNTS = (2, 3, 4, 5)
MIN_AGREEMENT = 0.8
MIN_CUSTOMERS, MIN_SHARE = 50, 0.05
MOST_CUSTOMERS = 1500
ONE_FIELD = 0.9
"""agreement with a single field from which groups are called after it"""
DRAWS = 10
STARTS = 4
ROUNDS = 20
SEED = 19980301
_USUAL = (0.05, 0.95)
"""a trait that nearly all or nearly none have splits nobody"""

_TEXT, _INT, _FLOAT = pa.string(), pa.int64(), pa.float64()
CLUSTER_CHECK = pa.schema(
    [
        ("cluster_no", _INT),
        ("status", _TEXT),
        ("cluster_count", _INT),
        ("agreement", _FLOAT),
        ("customer_count", _INT),
        ("customer_share", _FLOAT),
        ("traits", _TEXT),
        ("trait_count", _INT),
    ]
)

Bits = NDArray[np.bool_]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Groups of customers and how well samples drawn again find them."""

    labels: Ints
    modes: Bits
    agreement: float

    @property
    def sizes(self) -> Ints:
        """Customers of each group."""
        return np.bincount(self.labels, minlength=len(self.modes)).astype(np.int64)

    @property
    def is_stable(self) -> bool:
        """Whether the groups may be named."""
        smallest = int(self.sizes.min())
        return self.agreement >= MIN_AGREEMENT and smallest >= max(MIN_CUSTOMERS, MIN_SHARE * len(self.labels))


def cluster_table(warehouse: Warehouse, *, small: int) -> pa.Table:
    """`cluster_check`: a row for each group, or the one row that says that there are none."""
    words = pd.concat([first_words(warehouse), attribute_words(warehouse)])
    bits, names = trait_matrix(words)
    return pa.Table.from_pylist(cluster_rows(bits, names, small=small), schema=CLUSTER_CHECK)


def cluster_rows(bits: Bits, names: list[str], *, small: int) -> list[dict[str, object]]:
    """Rows of `cluster_check` for customers (rows) by traits (columns)."""
    count = len(bits)
    if count < max(2 * MIN_CUSTOMERS, small) or bits.shape[1] < GROUP_COUNTS[0]:
        return [{"cluster_no": 0, "status": "too_few", "customer_count": count if count >= small else None}]
    tried = [grouped(bits, k) for k in GROUP_COUNTS]
    steady = [found for found in tried if found.is_stable]
    stable = [found for found in steady if not is_one_field(bits, names, found.labels)]
    best = max(tried, key=lambda found: found.agreement)
    if not stable:
        status = "one_field" if steady else "no_stable_clusters"
        return [
            {"cluster_no": 0, "status": status, "cluster_count": len(best.modes), "trait_count": len(names),
             "agreement": round(best.agreement, 4), "customer_count": count, "customer_share": 1.0}
        ]  # fmt: skip
    chosen = stable[-1]
    return [
        {
            "cluster_no": number,
            "status": "stable",
            "cluster_count": len(chosen.modes),
            "agreement": round(chosen.agreement, 4),
            "customer_count": int(size),
            "customer_share": round(int(size) / count, 4),
            "traits": ",".join(name for name, has in zip(names, mode, strict=True) if has),
            "trait_count": len(names),
        }
        for number, (size, mode) in enumerate(zip(chosen.sizes, chosen.modes, strict=True), start=1)
    ]


def trait_matrix(words: pd.DataFrame) -> tuple[Bits, list[str]]:
    """Customers by traits, at most `MOST_CUSTOMERS` chosen by a hash of their id, and the names of the traits."""
    people = sorted(set(words["person_id"]), key=lambda p: (_hash(str(p)), str(p)))[:MOST_CUSTOMERS]
    places = {person: place for place, person in enumerate(people)}
    kept = words[words["person_id"].isin(places)]
    labels = kept["field"].astype(str) + ":" + kept["word"].astype(str)
    names = sorted(set(labels))
    columns = {name: place for place, name in enumerate(names)}
    bits = np.zeros((len(people), len(names)), dtype=np.bool_)
    bits[[places[p] for p in kept["person_id"]], [columns[name] for name in labels]] = True
    shares = bits.mean(axis=0) if len(people) else np.zeros(len(names))
    splits = (shares >= _USUAL[0]) & (shares <= _USUAL[1])
    return bits[:, splits], [name for name, is_split in zip(names, splits, strict=True) if is_split]


def is_one_field(bits: Bits, names: list[str], labels: Ints) -> bool:
    """Whether the groups are hardly more than the values of one field, which needs no method to be seen."""
    fields = [name.partition(":")[0] for name in names]
    for field in sorted(set(fields)):
        own = bits[:, [name == field for name in fields]]
        _, values = np.unique(own, axis=0, return_inverse=True)
        for count in range(1, int(values.max()) + 1):
            # the field as it would be cut into as many groups: its most frequent values, and the rest
            common = np.argsort(-np.bincount(values), kind="stable")[:count]
            cut = np.full(int(values.max()) + 1, count)
            cut[common] = np.arange(count)
            if rand_index(labels, cut[values], np.ones(len(labels), dtype=np.int64)) >= ONE_FIELD:
                return True
            if count >= GROUP_COUNTS[-1]:
                break
    return False


def grouped(bits: Bits, k: int) -> Grouping:
    """The best of a few starts, and the agreement with groups of customers drawn again."""
    generator = np.random.Generator(np.random.PCG64(SEED + k))
    modes = _best_modes(bits, k, generator)
    labels = _nearest(bits, modes)
    agreements = []
    for _ in range(DRAWS):
        drawn = bits[generator.integers(0, len(bits), len(bits))]
        again = _nearest(bits, _best_modes(drawn, k, generator))
        agreements.append(rand_index(labels, again, np.ones(len(bits), dtype=np.int64)))
    return Grouping(labels=labels, modes=modes, agreement=float(np.mean(agreements)))


def _best_modes(bits: Bits, k: int, generator: np.random.Generator) -> Bits:
    found: list[tuple[int, int, Bits]] = []
    for _ in range(STARTS):
        modes = _modes(bits, k, generator)
        found.append((int(_distances(bits, modes).min(axis=1).sum()), len(found), modes))
    return min(found, key=lambda item: item[:2])[2]


def _modes(bits: Bits, k: int, generator: np.random.Generator) -> Bits:
    modes = bits[generator.choice(len(bits), k, replace=False)]
    for _ in range(ROUNDS):
        labels = _nearest(bits, modes)
        moved = np.array(
            [bits[labels == g].mean(axis=0) > 1 / 2 if (labels == g).any() else modes[g] for g in range(k)]
        )
        if (moved == modes).all():
            break
        modes = moved
    return modes


def _distances(bits: Bits, modes: Bits) -> NDArray[np.float64]:
    """Traits in which customers and modes differ, shape (customers, k)."""
    one, other = bits.astype(np.float64), modes.astype(np.float64)
    return one @ (1 - other).T + (1 - one) @ other.T


def _nearest(bits: Bits, modes: Bits) -> Ints:
    nearest: Ints = _distances(bits, modes).argmin(axis=1).astype(np.int64)
    return nearest


def _hash(person_id: str) -> str:
    return hashlib.md5(person_id.encode(), usedforsecurity=False).hexdigest()
