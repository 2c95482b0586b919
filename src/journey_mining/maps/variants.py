"""The most frequent ways through the stages.

In: `trace_variant` rows of one segment. Out: `Variants`, whose rows and remainder add up to all journeys.
"""

from __future__ import annotations

from collections.abc import Sequence

from journey_mining.maps.path_pictures import Variant, Variants
from journey_mining.maps.tables import Row

SHOWN = 12


def variants_of(
    rows: Sequence[Row], small: int, hidden: set[tuple[str, object]], *, is_size_hidden: bool = False
) -> Variants | None:
    """The table, or None where no variant may be shown.

    Variants of fewer than `small` customers, and complements of other segments' hidden cells, go into the remainder;
    a remainder that is itself too small takes the rarest shown variant along. Where the size of the segment must stay
    hidden, neither shares nor the remainder are told.
    """
    total = sum(int(row["journey_count"]) for row in rows)
    allowed = [
        row for row in rows if row["customer_count"] >= small and (row["segment"], (row["variant_id"],)) not in hidden
    ]
    shown = sorted(allowed, key=lambda row: (-row["journey_count"], row["variant_no"]))[:SHOWN]
    while shown and (is_size_hidden or total > _journeys(shown)) and total - _journeys(shown) < small:
        shown.pop()
    if not shown:
        return None
    return Variants(
        rows=tuple(
            _variant(row, _journeys(shown[: place + 1]), None if is_size_hidden else total)
            for place, row in enumerate(shown)
        ),
        variant_count=len(rows),
        rest_variants=len(rows) - len(shown),
        rest_journeys=None if is_size_hidden else total - _journeys(shown),
    )


def _variant(row: Row, so_far: int, total: int | None) -> Variant:
    return Variant(
        stages=tuple(stage for stage in str(row["stages"]).split(">") if stage),
        ending=row["ending"],
        journeys=int(row["journey_count"]),
        customers=int(row["customer_count"]),
        share=row["journey_count"] / total if total else None,
        cumulative=so_far / total if total else None,
        median_days=row["median_days"],
    )


def _journeys(rows: Sequence[Row]) -> int:
    return sum(int(row["journey_count"]) for row in rows)
