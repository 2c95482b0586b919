# ruff: noqa: PLR2004 - tolerances are the content
"""S3, S4, S5 and more: what other tables tell of causes, changes and ways, where this version has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

import pandas as pd

from accuracy.record import Finding, not_measured
from accuracy.worlds import ACTION_ID, Tried, each
from journey_mining.simulation import plan
from journey_mining.vocabulary import FINDING_Q

_NO_TABLE = "this version publishes no such table"
_FAMILIES = {
    "comparison": "q_value",
    "root_cause": "q_value",
    "path_deviation": "q_value",
    "friction_point": "q_value",
    "path_drift": "q_value",
    "segment_trait": "q_value",
    "alarm": "",
}
"""tables that say that something is so, and their q-value; every row of one without a column is a finding"""


def day_of(when: object) -> float:
    """Day of the world of a published date or time."""
    return (pd.Timestamp(str(when)).to_pydatetime() - plan.WORLD_START) / timedelta(days=1)


def slow_answer(tried: Tried) -> Iterator[Finding]:
    """S3: the slow first answer is found as a condition of loss, confirmed, and as large as it is."""
    measure = "share lost after a slow first answer less after a prompt one, smb/decision"
    causes = tried.read("root_cause")
    key = tried.key("scenario")
    planted = key["lost_share_slow"] - key["lost_share_fast"]
    if causes.empty and not len(causes.columns):
        yield not_measured("S3", measure, _NO_TABLE)
    else:
        own = causes[(causes["segment"] == "smb") & (causes["stage"] == "decision")]
        text = own["condition"].astype(str).str.lower() + own["rule_text_en"].astype(str).str.lower()
        # the rule of this condition alone; joined with another one it is another difference
        own = own[text.str.contains("answer|response")]
        own = own.sort_values("condition", key=lambda c: c.astype(str).str.len(), kind="stable")
        best = next(each(own), None)
        found = float(best.difference) if best is not None else None
        near = best is not None and abs(best.difference - planted) <= 0.06 and bool(best.is_confirmed)
        note = str(best.rule_text_en) if best is not None else "not among the conditions"
        n = int(best.customer_count) if best is not None else 0
        yield Finding(
            claim="S3", measure=measure, planted=planted, found=found, tolerance="confirmed, within 6 points",
            hit=near, n=n, note=note,
        )  # fmt: skip
    yield from top_opportunity(tried)


def top_opportunity(tried: Tried) -> Iterator[Finding]:
    """S3: small business in decision is where most people could be kept."""
    measure = "rank of smb/decision among opportunities by people"
    table = tried.read("opportunity")
    if not len(table.columns):
        yield not_measured("S3", measure, _NO_TABLE)
        return
    named = table[table["segment"].isin(tried.scenario.segments)].copy()
    named["people"] = named["reach_per_quarter"] * named["excess"].clip(lower=0)
    named = named.sort_values("people", ascending=False).reset_index(drop=True)
    places = named.index[(named["segment"] == "smb") & (named["stage"] == "decision")]
    rank = int(places[0]) + 1 if len(places) else None
    yield Finding(
        claim="S3", measure=measure, planted=1.0, found=rank, tolerance="exact", hit=rank == 1, n=len(named),
        note="n is cells",
    )  # fmt: skip


def alarms(tried: Tried) -> Iterator[Finding]:
    """S4: the planted change raises an alarm in its cell and in time; nothing else does."""
    table = tried.read("alarm")
    measure = "alarms where nothing was planted"
    if not len(table.columns):
        yield not_measured("S4", measure, _NO_TABLE)
        return
    planted = {(c.segment, c.stage): c for c in tried.scenario.changes}
    cells = list(zip(table["segment"], table["stage"], strict=True))
    known = {*planted, *(("all", stage) for _, stage in planted)}
    false = sum(cell not in known for cell in cells)
    yield Finding(
        claim="S4", measure=measure, planted=0.0, found=float(false), tolerance="none", hit=false == 0, n=len(table),
        note=", ".join(sorted({"/".join(cell) for cell in cells if cell not in known})[:4]),
    )  # fmt: skip
    for cell, change in planted.items():
        raised = sorted(day_of(day) for day, where in zip(table["raised_on"], cells, strict=True) if where == cell)
        after = [day - change.from_day for day in raised if day >= change.from_day]
        early = len(raised) - len(after)
        delay = after[0] if after else None
        is_fall = change.progress_by < 0
        yield Finding(
            claim="S4",
            measure=f"days until the alarm, {'/'.join(cell)}",
            planted=0.0,
            found=delay,
            tolerance="within 60 days, none before" if is_fall else "shown only",
            hit=(delay is not None and delay <= 60 and not early) if is_fall else None,
            n=len(raised),
            note=f"{early} before the change; n is alarms of the cell",
        )


def action(tried: Tried) -> Iterator[Finding]:
    """S5: the effect of an action, or the honest word that the data are too few."""
    measure = "effect of the action on progress in smb/decision"
    table = tried.read("action_effect")
    own = table[table["action_id"] == ACTION_ID] if len(table.columns) else table
    if own.empty:
        yield not_measured("S5", measure, "no such table, or no row of the action")
        return
    row = own.iloc[0]
    low, high = float(row["low"]), float(row["high"])
    planted = next(c.progress_by for c in tried.scenario.changes if c.segment == "smb")
    mde = row.get("mde")
    # the published effect may be one on loss; it then has the other sign
    holds = low <= planted <= high or low <= -planted <= high
    yield Finding(
        claim="S5", measure=measure, planted=planted, found=float(row["estimate"]), tolerance="the interval holds it",
        hit=holds, n=int(row.get("customer_count", 0) or 0),
        note=f"{row.get('design')}, {low:.3f}..{high:.3f}, smallest visible {mde}, wording {row.get('wording')}",
    )  # fmt: skip


def ways(tried: Tried) -> Iterator[Finding]:
    """Intended against real: who of small business passes over research, and who looks at reviews before the order."""
    table = tried.read("path_deviation")
    for (kind, step, after), share in _true_deviations(tried, "smb").items():
        measure = f"smb: share with {step} {kind}" + (f" after {after}" if after else "")
        if not len(table.columns):
            yield not_measured("ways", measure, _NO_TABLE)
            continue
        own = table[(table["segment"] == "smb") & (table["kind"] == kind) & (table["step"] == step)]
        row = next(each(own[own["after_step"] == after]), None)
        wide = 0.0 if row is None else 1.5 * (row.share_high - row.share_low) / 2
        yield Finding(
            claim="ways", measure=measure, planted=share, found=None if row is None else float(row.share),
            tolerance="one and a half times its interval", hit=row is not None and abs(row.share - share) <= wide,
            n=0 if row is None else int(row.customer_count),
        )  # fmt: skip


def _true_deviations(tried: Tried, segment: str) -> dict[tuple[str, str, str], float]:
    """Shares of true journeys whose start is seen: of those due at research, and of those who did it."""
    lives = [life.episodes for person in tried.people if person.segment == segment for life in person.lives]
    seen = [stays for stays in lives if plan.WINDOW_START + 30 <= stays[0].entered < plan.WORLD_DAYS]
    pairs = [{(a.stage, b.stage) for a, b in pairwise(stays) if b.entered < plan.WORLD_DAYS} for stays in seen]
    did = [any(stay.stage == plan.RESEARCH for stay in stays) for stays in seen]
    skipped = [(plan.AWARENESS, plan.DECISION) in found and not done for found, done in zip(pairs, did, strict=True)]
    inserted = [(plan.RESEARCH, plan.FEEDBACK) in found for found in pairs]
    return {
        ("skipped", "research", ""): sum(skipped) / max(sum(did) + sum(skipped), 1),
        ("extra", "feedback", "research"): sum(inserted) / max(sum(did), 1),
    }


def importance(tried: Tried) -> Iterator[Finding]:
    """The placebo row is there and labelled; order that matters is seen where it is planted and not elsewhere."""
    table = tried.read("importance")
    if not len(table.columns):
        yield not_measured("importance", "a placebo row stands beside the touchpoints", _NO_TABLE)
        return
    has_row = bool(table["is_placebo"].fillna(value=False).astype(bool).any())
    yield Finding(
        claim="importance", measure="a placebo row stands beside the touchpoints", planted=1.0, found=float(has_row),
        tolerance="exact", hit=has_row, n=len(table),
    )  # fmt: skip
    own = table[(table["segment"] == "all") & (table["touchpoint"] == "calculator")]
    if tried.scenario.placebo_page and len(own):
        row = own.iloc[0]
        yield Finding(
            claim="importance", measure="removal effect of a touchpoint that does nothing (an association)",
            planted=0.0, found=float(row["removal_effect"]), tolerance="shown only: never called a cause", hit=None,
            n=int(row["customer_count"]), note=str(row.get("flags", "")),
        )  # fmt: skip
    if tried.scenario.name in {"memory", "default", "null"}:
        marked = table[table["is_order_dependent"].fillna(value=False).astype(bool)]
        names = sorted(set(marked["touchpoint"].astype(str)))
        wanted = tried.scenario.name == "memory"
        yield Finding(
            claim="importance", measure="order of touchpoints is seen to matter at the order form",
            planted=float(wanted), found=float("order_page" in names or "request" in names), tolerance="exact",
            hit=None if not wanted else bool({"order_page", "request"} & set(names)), n=len(marked),
            note=", ".join(names[:5]),
        )  # fmt: skip


def budget(tried: Tried) -> Iterator[Finding]:
    """What a world without anything planted is said to hold; judged over all seeds: at most every tenth world."""
    counts = []
    for family, column in _FAMILIES.items():
        table = tried.read(family)
        if (column and column not in table.columns) or not len(table.columns):
            yield not_measured("null", f"findings in {family}", _NO_TABLE)
            continue
        rows = table[pd.to_numeric(table[column], errors="coerce") < FINDING_Q] if column else table
        for claimed in ("is_confirmed", "is_specific"):
            if claimed in rows.columns:
                rows = rows[rows[claimed].astype(bool)]
        counts.append(len(rows))
        yield _count_in_null(f"findings in {family}", len(rows), len(table), _first_keys(rows))
    if not counts:
        yield not_measured("null", "a world with any finding", _NO_TABLE)
        return
    note = f"{sum(counts)} findings in {len(counts)} of {len(_FAMILIES)} families"
    yield _count_in_null("a world with any finding", int(sum(counts) > 0), len(counts), note)


def _count_in_null(measure: str, count: int, n: int, note: str) -> Finding:
    return Finding(
        claim="null", measure=measure, planted=0.0, found=float(count), tolerance="at most 10 % of worlds have one",
        hit=count == 0, n=n, note=note,
    )  # fmt: skip


def _first_keys(rows: pd.DataFrame) -> str:
    names = [
        n for n in ("estimand", "segment", "segment_a", "segment_b", "stage", "friction", "step", "value") if n in rows
    ]
    texts = ["/".join(str(value) for value in row) for row in rows[names].head(3).itertuples(index=False)]
    return "; ".join(texts)
