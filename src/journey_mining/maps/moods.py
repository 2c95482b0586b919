"""What stands behind the curves of mood: who spoke, how far the silent could move it, and the signals beside it.

In: rows of `mood_curve`, `mood_worst` and `voice_rating_link`. Out: values that hold only what may be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from journey_mining.maps.heads import StageHead
from journey_mining.maps.map_pictures import Spread, VoiceLink, WorstMood
from journey_mining.maps.numbers import Limits, Number
from journey_mining.maps.tables import Row, Tables
from journey_mining.vocabulary import Estimand

MOODS = (Estimand.VOICE, Estimand.RATING, Estimand.ALL_CUSTOMERS)
SIGNALS: Mapping[Estimand, str] = {
    Estimand.RATING_CSAT: "more",
    Estimand.RATING_NPS: "more",
    Estimand.RATING_CES: "more",
    Estimand.RATING_REVIEW: "more",
    Estimand.RATING_CALL: "more",
    Estimand.VOICE_AND_RATING: "more",
    Estimand.REPEAT_CONTACT: "less",
    Estimand.REOPENED: "less",
    Estimand.FIRST_RESPONSE_MEDIAN: "less",
    Estimand.RESOLUTION_MEDIAN: "less",
}
"""signals beside texts, each with the end that is good: more of it, or less"""


_PARTS = (
    *((Estimand.RATING, kind, kind) for kind in SIGNALS if kind.startswith("rating_")),
    (Estimand.RATING, Estimand.ALL_CUSTOMERS, Estimand.ALL_CUSTOMERS),
    (Estimand.VOICE_AND_RATING, Estimand.VOICE, Estimand.VOICE_AND_RATING),
    (Estimand.VOICE_AND_RATING, Estimand.RATING, Estimand.VOICE_AND_RATING),
)
"""number of a whole, number of a part of its customers, and which of the two gives up its n where the rest is small"""


def nested_bases(rows: Iterable[Row], small: int) -> set[tuple[str, object]]:
    """(segment, (estimand, stage)) whose n must stay hidden: it and another one leave a rest of a few customers."""
    counts = {(row["segment"], row["stage"] or "", row["estimand"]): int(row["customer_count"] or 0) for row in rows}
    places = {(segment, stage) for segment, stage, _ in counts}
    return {
        (segment, (str(hidden), stage))
        for segment, stage in places
        for whole, part, hidden in _PARTS
        if 0 < counts.get((segment, stage, whole), 0) - counts.get((segment, stage, part), 0) < small
    }


def spreads_of(
    tables: Tables, segment: str, stage: str, numbers: Mapping[Estimand, Number], limits: Limits
) -> dict[Estimand, Spread]:
    """What may be told beside each mood of a stage; `numbers` are those moods as they may be shown."""
    rows = {row["estimand"]: row for row in tables.of("mood_curve", segment, stage=stage)}
    return {estimand: _spread(rows.get(estimand), numbers[estimand], limits) for estimand in MOODS}


def _spread(row: Row | None, number: Number, limits: Limits) -> Spread:
    """A share tells the count behind it, and its complement: neither may be that of a few."""
    if row is None or number.low is None:
        return Spread()
    silent = int(row["stage_customer_count"]) - int(row["customer_count"])
    is_told = number.customers is not None and (silent <= 0 or silent >= limits.small)
    conflicts = int(row["conflict_count"] or 0)
    return Spread(
        spoken_share=row["spoken_share"] if is_told else None,
        # the middle of these bounds is the estimate, which a small sample must not show
        bound_low=row["bound_low"] if is_told and number.is_full else None,
        bound_high=row["bound_high"] if is_told and number.is_full else None,
        band_low=row["band_low"],
        band_high=row["band_high"],
        conflicts=conflicts if is_told and conflicts >= limits.small else None,
    )


def worst_moods_of(tables: Tables, segment: str, stages: Iterable[StageHead]) -> tuple[WorstMood, ...]:
    """The worst stage by each kind of mood; scoring ranks only what is large enough."""
    names = {stage.id: stage.name for stage in stages}
    rows = {row["estimand"]: row for row in tables.of("mood_worst", segment)}
    return tuple(
        WorstMood(estimand=estimand, stage=names[row["stage"]], delta=float(row["tipping_delta"]))
        for estimand in MOODS
        if (row := rows.get(estimand)) is not None and row["stage"] in names
    )


def link_of(tables: Tables, limits: Limits) -> VoiceLink | None:
    """Whether texts and answers go together; None where nobody did both."""
    row = next(iter(tables.rows["voice_rating_link"]), None)
    if row is None or not row["customer_count"]:
        return None
    is_shown = int(row["customer_count"]) >= limits.small
    return VoiceLink(
        reason=str(row["reason"]),
        customers=int(row["customer_count"]) if is_shown else None,
        correlation=row["rank_correlation"] if int(row["customer_count"]) >= limits.thin else None,
    )


def has_invitations(tables: Tables) -> bool:
    """Whether any source tells who was asked."""
    rows = [row for row in tables.rows["mood_curve"] if row["estimand"] == Estimand.ALL_CUSTOMERS]
    return bool(rows) and not any("no_invitations" in str(row["flags"] or "").split(",") for row in rows)
