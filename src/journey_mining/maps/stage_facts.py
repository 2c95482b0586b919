"""Drop-off by fact and the subgroups of the other half, as far as they may be shown.

In: rows of `stage_fact` and `root_cause`. Out: `Fact` and `Subgroup` values. Numbers of customers are left out where
another group could be worked out from them: the values of one thing add up to those who entered, and segments add up to
everybody.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Hashable, Sequence

from journey_mining.maps.heads import Name
from journey_mining.maps.numbers import Limits, Number, Standing, number_of
from journey_mining.maps.segment_maps import Ground
from journey_mining.maps.stage_pictures import Fact, Subgroup
from journey_mining.maps.suppression import forced_cells, hidden_cells
from journey_mining.maps.tables import Row
from journey_mining.vocabulary import ALL_SEGMENTS, OTHER, Estimand

HiddenFacts = set[tuple[str, Hashable]]
FactKey = tuple[str, str, str]
"""stage, condition and value"""
FACTS_SHOWN = 12


def hidden_facts(ground: Ground) -> HiddenFacts:
    """(segment, (stage, condition, value)) whose number of customers must stay hidden."""
    rows, small = ground.tables.rows["stage_fact"], ground.limits.small
    return _within_cells(rows, small) | set(forced_cells(_across_segments(ground, rows), small))


def _within_cells(rows: Sequence[Row], small: int) -> HiddenFacts:
    groups: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["segment"], row["stage"], row["condition"]].append(row)
    return {
        (segment, _key(found[place]))
        for (segment, _, _), found in groups.items()
        for place in hidden_cells([int(row["customer_count"]) for row in found], small)
    }


def _across_segments(ground: Ground, rows: Sequence[Row]) -> list[tuple[str, Hashable, int]]:
    """Customers by segment and fact that is told of everybody, too, so that segments can be taken off.

    One stands for those that a segment may have and that are not counted apart.
    """
    of_everybody = {_key(row) for row in rows if row["segment"] == ALL_SEGMENTS}
    counts: dict[FactKey, dict[str, int]] = defaultdict(dict)
    counted: set[tuple[str, str, str]] = set()
    for row in rows:
        if row["segment"] != ALL_SEGMENTS:
            counts[_key(row)][row["segment"]] = int(row["customer_count"])
            counted.add((row["segment"], row["stage"], row["condition"]))
    cells: list[tuple[str, Hashable, int]] = []
    for key, own in counts.items():
        if key not in of_everybody:
            continue
        stage, condition, _ = key
        rest = counts.get((stage, condition, OTHER), {})
        for segment in (row["segment"] for row in ground.tables.rows["segment"]):
            is_hidden_among_others = segment in rest or (segment, stage, condition) not in counted
            if segment in own:
                cells.append((segment, key, own[segment]))
            elif segment != ALL_SEGMENTS and is_hidden_among_others and _has_entered(ground, segment, stage):
                cells.append((segment, key, 1))
    return cells


def _key(row: Row) -> FactKey:
    return row["stage"], row["condition"], row["condition_value"]


def _has_entered(ground: Ground, segment: str, stage: str) -> bool:
    row = ground.tables.metric(Estimand.ENTERED, segment, stage)
    return bool(row and row["customer_count"])


def facts_of(ground: Ground, hidden: HiddenFacts, segment: str, stage: str) -> tuple[Fact, ...]:
    """The facts of one cell that were compared with those without them; twins of one group stand once."""
    confirmed = _confirmed(ground.tables.of("root_cause", segment, stage=stage))
    seen: set[tuple[object, ...]] = set()
    facts: list[Fact] = []
    for row in ground.tables.of("stage_fact", segment, stage=stage):
        twin = (row["customer_count"], row["drop_off"], row["other_drop_off"])
        if row["drop_off"] is None or twin in seen:
            continue
        seen.add(twin)
        facts.append(_fact(row, ground, hidden, is_confirmed=(row["condition"], row["condition_value"]) in confirmed))
    facts.sort(key=_rank)
    return tuple(facts[:FACTS_SHOWN])


def _fact(row: Row, ground: Ground, hidden: HiddenFacts, *, is_confirmed: bool) -> Fact:
    segment = row["segment"]
    is_base_hidden = (segment, _key(row)) in hidden or ground.reveals_size(segment, int(row["customer_count"]))
    told = {**row, "estimate": row["drop_off"], "interval_low": row["low"], "interval_high": row["high"]}
    number = number_of(told, ground.limits, is_base_hidden=is_base_hidden)
    is_told = number.is_full and not is_base_hidden
    return Fact(
        condition=row["condition"],
        name=Name(ru=row["text_ru"], en=row["text_en"]),
        drop_off=number,
        other_drop_off=row["other_drop_off"] if number.is_full else None,
        excess=row["excess_count"] if is_told else None,
        difference_low=row["difference_low"] if number.is_full else None,
        difference_high=row["difference_high"] if number.is_full else None,
        q_value=row["q_value"] if number.is_full else None,
        is_confirmed=is_confirmed,
    )


def _rank(fact: Fact) -> tuple[bool, float, float, str]:
    """Facts whose interval alone is shown come last; then most lost beyond the others first."""
    share = fact.drop_off.estimate or 0.0
    return not fact.drop_off.is_full, -(fact.excess or 0.0), -share, fact.name.en


def _confirmed(rows: Sequence[Row]) -> set[tuple[str, str]]:
    """Single conditions that the other half confirmed."""
    found: set[tuple[str, str]] = set()
    for row in rows:
        rule = json.loads(row["condition"])
        if row["is_confirmed"] and len(rule) == 1:
            found.add((str(rule[0]["condition"]), str(rule[0]["value"])))
    return found


def subgroups_of(ground: Ground, segment: str, stage: str) -> tuple[Subgroup, ...]:
    """Rules of one cell; both sides hold enough customers, which the search has seen to."""
    rows = ground.tables.of("root_cause", segment, stage=stage)
    found = [_subgroup(row, ground.limits, is_base_hidden=segment in ground.sizes) for row in rows]
    return tuple(sorted(found, key=lambda item: (not item.is_confirmed, -item.difference, item.name.en)))


def _subgroup(row: Row, limits: Limits, *, is_base_hidden: bool) -> Subgroup:
    is_thin = row["customer_count"] < limits.thin or "thin" in str(row["flags"] or "").split(",")
    # the interval is that of the difference; the share itself has none of its own
    lost = Number(
        standing=Standing.THIN if is_thin else Standing.FULL,
        estimate=None if is_thin else row["lost_share"],
        customers=None if is_base_hidden else int(row["customer_count"]),
        horizon_days=int(row["horizon_days"]),
        method=row["method"],
    )
    return Subgroup(
        name=Name(ru=row["rule_text_ru"], en=row["rule_text_en"]),
        lost=lost,
        other_share=None if is_thin else row["other_share"],
        difference=row["difference"],
        low=row["low"],
        high=row["high"],
        q_value=row["q_value"],
        is_confirmed=bool(row["is_confirmed"]),
    )
