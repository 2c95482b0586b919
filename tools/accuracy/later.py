"""S3, S4, S5 and more: what other tables tell of causes, changes and ways, where this version has them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pandas as pd
from accuracy.record import Finding, not_measured
from accuracy.worlds import ACTION_ID, Tried
from journey_mining.simulation import plan

_NO_TABLE = "this version publishes no such table"
_FAMILIES = {
    "comparison": "q_value",
    "root_cause": "q_value",
    "path_deviation": "q_value",
    "friction_point": "q_value",
    "path_drift": "q_value",
    "segment_trait": "q_value",
}
_LEVEL = 0.05


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
        own = own[text.str.contains("answer|response")].sort_values("q_value")
        best = own.iloc[0] if len(own) else None
        found = float(best["difference"]) if best is not None else None
        near = found is not None and abs(found - planted) <= 0.06 and bool(best["is_confirmed"])
        note = str(best["rule_text_en"]) if best is not None else "not among the conditions"
        n = int(best["customer_count"]) if best is not None else 0
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
    """Intended against real: who passes over research, who looks at reviews before the order."""
    table = tried.read("path_deviation")
    lives = [life for person in tried.people for life in person.lives]
    seen = [e for e in lives if plan.WINDOW_START + 30 <= e.episodes[0].entered < plan.WORLD_DAYS]
    pairs = [{(a.stage, b.stage) for a, b in zip(x.episodes, x.episodes[1:], strict=False)} for x in seen]
    planted = {
        ("skipped", "research"): sum((0, 2) in found for found in pairs) / max(len(seen), 1),
        ("extra", "feedback"): sum((1, 5) in found for found in pairs) / max(len(seen), 1),
    }
    for (kind, step), share in planted.items():
        measure = f"share of journeys: {kind} {step}"
        if not len(table.columns):
            yield not_measured("ways", measure, _NO_TABLE)
            continue
        own = table[(table["segment"] == "all") & (table["kind"] == kind) & (table["step"] == step)]
        found = float(own["share"].sum()) if len(own) else None
        near = found is not None and abs(found - share) <= max(0.15 * share, 0.01)
        n = int(own["customer_count"].sum()) if len(own) else 0
        yield Finding(
            claim="ways", measure=measure, planted=share, found=found, tolerance="15 % of it, at least a point",
            hit=near, n=n,
        )  # fmt: skip


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
    found = 0
    names = set(tried.tables())
    for family, column in _FAMILIES.items():
        table = tried.read(family) if family in names else pd.DataFrame()
        if column not in table.columns:
            yield not_measured("null", f"findings in {family}", _NO_TABLE)
            continue
        rows = table[pd.to_numeric(table[column], errors="coerce") < _LEVEL]
        if family == "root_cause":
            rows = rows[rows["is_confirmed"].astype(bool)]
        found += len(rows)
        yield _count_in_null(f"findings in {family}", len(rows), len(table), _first_keys(rows))
    alarm = tried.read("alarm")
    if len(alarm.columns):
        found += len(alarm)
        yield _count_in_null("findings in alarm", len(alarm), len(alarm), _first_keys(alarm))
    yield _count_in_null("a world with any finding", int(found > 0), 1, f"{found} findings")


def _count_in_null(measure: str, count: int, n: int, note: str) -> Finding:
    return Finding(
        claim="null", measure=measure, planted=0.0, found=float(count), tolerance="at most 10 % of worlds have one",
        hit=count == 0, n=n, note=note,
    )  # fmt: skip


def _first_keys(rows: pd.DataFrame) -> str:
    names = [n for n in ("estimand", "segment", "segment_a", "segment_b", "stage", "friction", "step", "value") if n in rows]
    texts = ["/".join(str(value) for value in row) for row in rows[names].head(3).itertuples(index=False)]
    return "; ".join(texts)


