"""What segments share and what is one's own: the table `segment_trait`.

In: `customer_trait`. A trait is something that a customer did at least once: met at a touchpoint, reached a stage, used
a channel, was known to a source, came on a weekend. *Common* is what even the segment that has it least surely has in
half of its customers. *Specific* is what a segment has more often than the others: q < 5 % and at least 15 points. The
rest cannot be told apart, which is not the same as being equal.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from journey_mining.scoring.differences import false_discovery, newcombe, score_z, two_sided
from journey_mining.scoring.intervals import wilson
from journey_mining.scoring.occupancy import Reader
from journey_mining.vocabulary import FINDING_Q, UNKNOWN_SEGMENT
from journey_mining.warehouse import Warehouse

COMMON_FROM = 0.5
SPECIFIC_POINTS = 0.15

_TEXT, _INT, _FLOAT, _BOOL = pa.string(), pa.int64(), pa.float64(), pa.bool_()
SEGMENT_TRAIT = pa.schema(
    [
        ("segment", _TEXT),
        ("kind", _TEXT),
        ("value", _TEXT),
        ("share", _FLOAT),
        ("low", _FLOAT),
        ("high", _FLOAT),
        ("customer_count", _INT),
        ("other_share", _FLOAT),
        ("other_count", _INT),
        ("difference", _FLOAT),
        ("difference_low", _FLOAT),
        ("difference_high", _FLOAT),
        ("p_value", _FLOAT),
        ("q_value", _FLOAT),
        ("is_common", _BOOL),
        ("is_specific", _BOOL),
        ("flags", _TEXT),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Customers of a segment who have a trait."""

    having: int
    of: int

    @property
    def share(self) -> float:
        """Part of the segment."""
        return self.having / self.of

    def is_told(self, small: int) -> bool:
        """Whether neither those who have it nor those who have it not are too few to be counted in public."""
        return all(count == 0 or count >= small for count in (self.having, self.of - self.having))

    def blurred(self, small: int) -> Group:
        """The group with a side that is too small, or empty, drawn up to the smallest that may be told."""
        return Group(having=min(max(self.having, small), self.of - small), of=self.of)


def is_common(groups: Iterable[Group], z: float) -> bool:
    """Whether every segment surely has the trait in at least half of its customers.

    >>> is_common([Group(having=90, of=100), Group(having=92, of=100), Group(having=41, of=50)], 1.96)
    True
    """
    return lowest_bound(groups, z) >= COMMON_FROM


def lowest_bound(groups: Iterable[Group], z: float) -> float:
    """The least of the lower Wilson bounds; 0 without groups."""
    return min((wilson(group.having, group.of, z)[0] for group in groups), default=0.0)


def trait_rows(
    sizes: Mapping[str, int], having: Mapping[tuple[str, str, str], int], reader: Reader
) -> list[dict[str, Any]]:
    """Rows of all segments that are not thin.

    Args:
        sizes: customers by segment.
        having: customers by segment, kind and value of a trait.
        reader: thresholds and confidence.
    """
    told = sorted(name for name, size in sizes.items() if size >= reader.thresholds.thin and name != UNKNOWN_SEGMENT)
    traits = sorted({(kind, value) for segment, kind, value in having if segment in told})
    rows: list[dict[str, Any]] = []
    for kind, value in traits:
        groups = {name: Group(having=having.get((name, kind, value), 0), of=sizes[name]) for name in told}
        common = is_common(groups.values(), reader.z)
        rows += [
            {"segment": name, "kind": kind, "value": value, "is_common": common, **_row(name, groups, reader)}
            for name in told
            if groups[name].having >= reader.thresholds.small
        ]
    for row, q_value in zip(rows, false_discovery([row["p_value"] for row in rows]), strict=True):
        row["q_value"] = None if q_value is None else round(q_value, 6)
        is_far = q_value is not None and q_value < FINDING_Q and row["difference"] is not None
        row["is_specific"] = is_far and row["difference"] >= SPECIFIC_POINTS
    return rows


def _row(name: str, groups: Mapping[str, Group], reader: Reader) -> dict[str, Any]:
    small = reader.thresholds.small
    own = groups[name]
    # a segment with too few of them stays out of the others: from their sum it could be worked out
    rest = [group for other, group in groups.items() if other != name and group.is_told(small)]
    others = Group(having=sum(g.having for g in rest), of=sum(g.of for g in rest))
    shown = own if own.is_told(small) else own.blurred(small)
    low, high = wilson(shown.having, shown.of, reader.z)
    row: dict[str, Any] = {
        "share": round(shown.share, 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "customer_count": own.of,
        "flags": "" if shown is own else "blurred",
        "p_value": None,
        "difference": None,
    }
    if not others.of:
        return row
    p_value = two_sided(score_z(shown.having, shown.of, others.having, others.of))
    bounds = newcombe(shown.having, shown.of, others.having, others.of, reader.z)
    return row | {
        "other_share": round(others.share, 4),
        "other_count": others.of,
        "difference": round(shown.share - others.share, 4),
        "difference_low": round(bounds[0], 4),
        "difference_high": round(bounds[1], 4),
        "p_value": None if p_value is None else float(f"{p_value:.6g}"),
    }


def trait_table(warehouse: Warehouse, reader: Reader) -> pa.Table:
    """`segment_trait` from `customer_trait`."""
    counted = warehouse.execute(
        "select segment, kind, trait, count(*) from customer_trait group by segment, kind, trait order by all"
    )
    sizes = warehouse.execute("select segment, count(distinct person_id) from customer_trait group by segment")
    having: dict[tuple[str, str, str], int] = defaultdict(int)
    for segment, kind, value, count in counted:
        having[(str(segment), str(kind), str(value))] = int(count)
    rows = trait_rows({str(segment): int(size) for segment, size in sizes}, having, reader)
    return pa.Table.from_pylist(rows, schema=SEGMENT_TRAIT)
