"""What the events of a dry run are like: kinds, whom they name, when they were, and whether stages know them.

In: the warehouse of a dry run. Out: the same `SourceCheck`, filled further.
"""

from __future__ import annotations

from dataclasses import replace

from journey_mining.project import Project, Rule, When
from journey_mining.sources.workbench.check_report import IdentifierCheck, KindCheck, SourceCheck, Unmapped
from journey_mining.warehouse import DuckDBWarehouse
from journey_mining.warehouse.duckdb_warehouse import quoted_text

_MOST_UNMAPPED = 8
_LISTS = ("source", "event_kind", "channel", "direction", "actor_type", "utm_medium", "customer_type")
_PATTERNS = {
    "event_kind_re": "event_kind", "activity_re": "activity_raw", "url_re": "url_path",
    "referrer_re": "referrer_host", "pipeline_re": "pipeline",
}  # fmt: skip


def event_checks(events: DuckDBWarehouse, check: SourceCheck, project: Project) -> SourceCheck:
    """The check with its events."""
    first, last = events.execute("select min(occurred_at), max(occurred_at) from event")[0]
    mapped_share, unmapped = _coverage(events, project.stages.rule)
    return replace(
        check,
        kinds=_kinds(events),
        identifiers=_identifiers(events),
        first_at=f"{first:%Y-%m-%d %H:%M}" if first else "",
        last_at=f"{last:%Y-%m-%d %H:%M}" if last else "",
        text_count=events.count("event_text"),
        mapped_share=mapped_share,
        unmapped=unmapped,
    )


def _kinds(events: DuckDBWarehouse) -> tuple[KindCheck, ...]:
    rows = events.execute(
        "select event_kind, count(*), cast(count(named.event_id) as double) / count(*) from event "
        "left join (select distinct event_id from event_identifier where blocked_reason is null) as named "
        "on event.event_id = named.event_id group by event_kind order by 2 desc, 1"
    )
    return tuple(KindCheck(event_kind=kind, event_count=count, named_share=share) for kind, count, share in rows)


def _identifiers(events: DuckDBWarehouse) -> tuple[IdentifierCheck, ...]:
    rows = events.execute(
        "select kind, cast(sum(event_count) as bigint), count(*), max(event_count), "
        "count(*) filter (where is_blocked) from ("
        "select kind, value, count(*) as event_count, max(blocked_reason) is not null as is_blocked "
        "from event_identifier group by kind, value) as valued group by kind order by kind"
    )
    names = ("kind", "event_count", "value_count", "most_events", "blocked_count")
    return tuple(IdentifierCheck(**dict(zip(names, row, strict=True))) for row in rows)


def _coverage(events: DuckDBWarehouse, rules: tuple[Rule, ...]) -> tuple[float | None, tuple[Unmapped, ...]]:
    """How much of the events some rule of stages.toml takes.

    What a rule asks of earlier events of the same person is left aside: a dry run knows no persons.
    """
    known = " or ".join(f"({_condition(rule.when)})" for rule in rules) or "false"
    total, mapped = events.execute(f"select count(*), count(*) filter (where {known}) from event")[0]
    rows = events.execute(
        f"select event_kind, coalesce(activity_raw, ''), count(*) from event where not coalesce({known}, false) "
        f"group by all order by 3 desc, 1, 2 limit {_MOST_UNMAPPED}"
    )
    unmapped = tuple(Unmapped(event_kind=kind, activity=activity, event_count=count) for kind, activity, count in rows)
    return mapped / total if total else None, unmapped


def _condition(when: When) -> str:
    parts = []
    for name in _LISTS:
        values = getattr(when, name)
        if values:
            parts.append(f"{name} in ({', '.join(map(quoted_text, values))})")
    for name, column in _PATTERNS.items():
        pattern = getattr(when, name)
        if pattern:
            parts.append(f"regexp_matches({column}, {quoted_text('(?i)' + pattern)})")
    if when.score_min is not None:
        parts.append(f"score_norm >= {when.score_min}")
    if when.score_max is not None:
        parts.append(f"score_norm <= {when.score_max}")
    return "coalesce(" + " and ".join(parts) + ", false)" if parts else "true"
