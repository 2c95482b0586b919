"""How many of those who wrote about a stage sound satisfied, as far as it may be told.

In: rows of `stage_feeling`. Out: `Number` values. The share stands beside the voice of the same texts, whose number of
customers is told by a rule of its own; Wilson's interval tells the number of customers to whoever can reckon, so that a
share goes with its number or not at all.
"""

from __future__ import annotations

from journey_mining.maps.numbers import ABSENT, Limits, Number, Standing, number_of
from journey_mining.maps.tables import Tables

SATISFACTION = "satisfaction"


def satisfied_of(tables: Tables, segment: str, stage: str, voice: Number, limits: Limits) -> Number:
    """Share of the customers behind `voice` who sound satisfied; no data where the engine tells no feelings."""
    row = next(iter(tables.of("stage_feeling", segment, stage=stage, feeling=SATISFACTION)), None)
    if row is None:
        # scoring leaves out cells of few customers, of which `voice` tells that they are few
        return Number(standing=Standing.HIDDEN) if voice.standing is Standing.HIDDEN else ABSENT
    ends = {"estimate": row["share"], "interval_low": row["share_low"], "interval_high": row["share_high"]}
    number = number_of({**row, **ends, "horizon_days": None}, limits)
    if number.customers is None or number.customers == voice.customers:
        return number
    return Number(standing=Standing.WITHHELD, method=number.method, flags=number.flags)
