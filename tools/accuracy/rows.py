# ruff: noqa: PLR2004 - tolerances are the content
"""S7, S8, S9: whose a record is, what must not count, and whether flows add up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np

from accuracy.record import Finding, not_measured
from accuracy.worlds import Tried, each
from journey_mining.identity.quality import measure_quality
from journey_mining.simulation import STAGES, plan

_ROW = 200
"""fewest mature stays of a row of the transition matrix that is compared"""
_MATURE_DAYS = 60


def stitching(tried: Tried) -> Iterator[Finding]:
    """S7: precision and recall of pairs of records, B-cubed, and people whom a shared office phone ties together."""
    owners = tried.owners.dropna(subset=["person_id"])
    names = owners["record_kind"] + ":" + owners["record_id"]
    quality = measure_quality(
        dict(zip(names, owners["true_person"], strict=True)), dict(zip(names, owners["person_id"], strict=True))
    )
    together = owners.groupby("person_id")["true_person"].nunique()
    goals = {
        "precision of pairs": (quality.pair_precision, 0.99),
        "recall of pairs": (quality.pair_recall, 0.95),
        "precision, B-cubed": (quality.b3_precision, 0.99),
        "recall, B-cubed": (quality.b3_recall, 0.95),
        "records found": (len(owners) / max(len(tried.owners), 1), 0.99),
    }
    for measure, (found, least) in goals.items():
        yield Finding(
            claim="S7",
            measure=measure,
            planted=1.0,
            found=float(found),
            tolerance=f"at least {least:.2f}",
            hit=bool(found >= least),
            n=len(owners),
            note="n is records",
        )
    merged = int((together > 1).sum())
    yield Finding(
        claim="S7",
        measure="found persons that hold several true ones",
        planted=0.0,
        found=float(merged),
        tolerance="at most 0.2 % of persons",
        hit=merged <= 0.002 * len(together),
        n=len(together),
        note=f"{tried.key('planted')['contacts_with_shared_office_phone']} contacts share an office phone",
    )


def noise(tried: Tried) -> Iterator[Finding]:
    """S8: robots, staff, rows delivered twice, pages that no rule knows."""
    travelled = tried.records(
        "select distinct record_id as value from record join journey_step using (event_id) where record_kind = 'cookie'"
    )
    excluded = tried.key_table("excluded.csv")
    cookies = excluded[excluded["kind"] == "cookie"]
    least = {"bot_honest": 0.95, "bot_behaviour": 0.9, "staff": 1.0}
    for reason, wanted in least.items():
        own = cookies[cookies["reason"] == reason]
        share = float((~own["value"].isin(travelled["value"])).mean())
        yield Finding(
            claim="S8",
            measure=f"kept out: {reason}",
            planted=1.0,
            found=share,
            tolerance=f"at least {wanted:.2f}",
            hit=share >= wanted,
            n=len(own),
            note="n is cookies",
        )
    yield from _counted(tried)


def _counted(tried: Tried) -> Iterator[Finding]:
    key = tried.key("planted")
    collapsed_of = {row.source: int(row.rows_collapsed) for row in each(tried.read("source_status"))}
    if not tried.scenario.nights:
        doubled, collapsed = key["duplicate_hit_rows"], collapsed_of["metrica"]
        yield Finding(
            claim="S8",
            measure="rows delivered twice that are collapsed",
            planted=float(doubled),
            found=float(collapsed),
            tolerance="exact",
            hit=collapsed == doubled,
            n=doubled,
            note="n is rows",
        )
    events = tried.read("event")[["event_id", "source"]]
    steps = tried.read("person_event").merge(events, on="event_id", suffixes=("", "_told"))
    hits = steps[steps["source"] == "metrica"]
    share = float((hits["touchpoint"].isna() | (hits["touchpoint"] == "")).mean())
    yield Finding(
        claim="S8",
        measure="share of hits on pages that no rule knows",
        planted=key["unmapped_share_of_hits"],
        found=share,
        tolerance="half a point",
        hit=abs(share - key["unmapped_share_of_hits"]) <= 0.005,
        n=len(hits),
        note="n is hits",
    )


def flows(tried: Tried) -> Iterator[Finding]:
    """S9: the Sankey holds every journey, each stage is entered as often as left, transitions are those planted."""
    flow, journeys = tried.read("stage_flow"), tried.read("segment_member")
    whole = flow[flow["segment"] == "all"]
    begun = int(whole.loc[whole["stage"] == "journey_start", "journey_count"].sum())
    counted = journeys["journey_id"].nunique()
    yield _exact("journeys in the Sankey", counted, begun)
    entered = whole.groupby("next_stage")["journey_count"].sum()
    left = whole.groupby("stage")["journey_count"].sum()
    gap = sum(abs(int(left.get(stage, 0)) - int(entered.get(stage, 0))) for stage in STAGES)
    yield _exact("stages entered less stages left", 0, gap)
    yield from _transitions(tried)


def _exact(measure: str, planted: int, found: int) -> Finding:
    return Finding(
        claim="S9",
        measure=measure,
        planted=float(planted),
        found=float(found),
        tolerance="exact",
        hit=planted == found,
        n=planted,
        note="n is journeys",
    )


def _transitions(tried: Tried) -> Iterator[Finding]:
    """Rows of the stage transitions of stays entered long enough ago, against the true lives of the same days."""
    stays = tried.read("stage_episode").merge(tried.read("journey_segment"), on="journey_id")
    as_of = tried.read("run_setting")["as_of"].iloc[0]
    old = (as_of - stays["entered_at"]).dt.total_seconds() / 86400 >= _MATURE_DAYS
    # those known from the CRM's past alone are a selection; shares weight them by late entry, bare counts cannot
    stays = stays[old & stays["is_entry_observed"] & (stays["delay_days"] == 0) & (stays["cause"] != "open")]
    ways = stays["next_stage"].where(stays["cause"] != "lost", "lost").fillna("won")
    found = Counter(zip(stays["segment"], stays["stage"], ways, strict=True))
    truth = _true_ways(tried)
    distances = {}
    for segment, stage in sorted({(s, g) for s, g, _ in truth}):
        true_row = {way: count for (s, g, way), count in truth.items() if (s, g) == (segment, stage)}
        own_row = {way: int(count) for (s, g, way), count in found.items() if (s, g) == (segment, stage)}
        if sum(own_row.values()) >= _ROW:
            distances[segment, stage] = jensen_shannon(true_row, own_row)
    if not distances:
        yield not_measured("S9", "largest Jensen-Shannon distance of a row of transitions", "no row is large enough")
        return
    where, worst = max(distances.items(), key=lambda item: item[1])
    yield Finding(
        claim="S9",
        measure="largest Jensen-Shannon divergence of a row of transitions (bits)",
        planted=0.0,
        found=worst,
        tolerance="at most 0.03",
        hit=worst <= 0.03,
        n=len(distances),
        note=f"{'/'.join(where)}; n is rows of {_ROW} stays and more",
    )


def _true_ways(tried: Tried) -> Counter[tuple[str, str, str]]:
    names = {-1: "won", **dict(enumerate(STAGES))}
    return Counter(
        (person.segment, STAGES[stay.stage], "lost" if stay.cause == "lost" else names[stay.next_stage])
        for person in tried.people
        for life in person.lives
        for stay in life.episodes
        if plan.WINDOW_START <= stay.entered < plan.WORLD_DAYS - _MATURE_DAYS
    )


def jensen_shannon(first: dict[str, int], second: dict[str, int]) -> float:
    """Divergence of two distributions in bits, 0 (the same) to 1 (nothing in common).

    >>> jensen_shannon({"a": 1, "b": 1}, {"a": 5, "b": 5})
    0.0
    >>> jensen_shannon({"a": 1}, {"b": 1})
    1.0
    """
    names = sorted({*first, *second})
    p = np.array([first.get(name, 0) for name in names], dtype=float)
    q = np.array([second.get(name, 0) for name in names], dtype=float)
    p, q = p / p.sum(), q / q.sum()
    middle = (p + q) / 2

    def bits(of: np.ndarray) -> float:
        some = of > 0
        return float((of[some] * np.log2(of[some] / middle[some])).sum())

    return (bits(p) + bits(q)) / 2
