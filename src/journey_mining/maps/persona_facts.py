"""Lines of a persona card that data filled.

In: rows of `persona_fact` of one segment. Out: `PersonaFact`s that may be shown, and fields of which nothing is known.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from journey_mining.maps.numbers import Limits, Number, number_of
from journey_mining.maps.tables import Row
from journey_mining.vocabulary import FINDING_Q, Evidence

WORD_FIELDS = (
    "device",
    "region",
    "city",
    "industry",
    "company_size",
    "age_group",
    "plan",
    "language",
    "day_part",
)
SHARE_FIELDS = ("repeat_purchase",)
FIELDS = (*WORD_FIELDS, *SHARE_FIELDS)
"""fields of a card, in its order; what the numbers above it say already is not repeated"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonaFact:
    """One measured line."""

    field: str
    word: str
    """the most frequent word; empty where the field is a share by itself"""
    share: Number
    """of the customers of whom the field is known"""
    rest: float | None
    """the same share among all others; None where the difference may be chance"""


def facts_of(rows: list[Row], limits: Limits, *, shut: Collection[str] = ()) -> tuple[PersonaFact, ...]:
    """Lines whose share may be shown in full, in the order of the card; of fields in `shut` n must stay hidden."""
    known = {row["field"]: row for row in rows if row["evidence"] != Evidence.NO_DATA}
    facts = (_fact(known[field], limits, is_base_hidden=field in shut) for field in FIELDS if field in known)
    return tuple(fact for fact in facts if fact.share.is_full)


def gaps_of(rows: list[Row]) -> tuple[str, ...]:
    """Fields that no source tells, so that a card says so instead of guessing."""
    blank = {row["field"] for row in rows if row["evidence"] == Evidence.NO_DATA}
    return tuple(field for field in WORD_FIELDS if field in blank)


def _fact(row: Row, limits: Limits, *, is_base_hidden: bool) -> PersonaFact:
    told = {
        "customer_count": row["known_count"],
        "estimate": row["number"],
        "interval_low": row["low"],
        "interval_high": row["high"],
        "horizon_days": None,
        "method": "",
        "flags": row["flags"],
    }
    is_found = row["q_value"] is not None and row["q_value"] < FINDING_Q
    return PersonaFact(
        field=row["field"],
        word=row["value"] or "",
        share=number_of(told, limits, is_base_hidden=is_base_hidden),
        rest=row["other_number"] if is_found else None,
    )
