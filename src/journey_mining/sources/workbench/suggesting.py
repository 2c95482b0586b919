"""Rules for activities that stages.toml does not know, as TOML for a person to look through.

In: the published warehouse. Out: text; stages.toml itself is never touched. The stage offered is the one in which the
neighbours of the activity stand (`unmapped_activity`); an activity of few customers is counted, not named.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from journey_mining.errors import NotFoundError
from journey_mining.project import Project
from journey_mining.warehouse import DuckDBWarehouse

_PRIORITY_STEP = 10
_MOST_RULES = 30
_SELECT = """
select source, event_kind, activity_raw, event_count, customer_count, suggested_stage, suggestion_share
from unmapped_activity
order by event_count desc, source, event_kind, activity_raw
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Activity:
    source: str
    event_kind: str
    activity_raw: str
    event_count: int
    customer_count: int
    suggested_stage: str | None
    suggestion_share: float | None


def suggest_rules(project: Project, *, limit: int = _MOST_RULES) -> str:
    """Blocks `[[rule]]` for the most frequent activities that no rule takes.

    Raises:
        NotFoundError: the project has not been run yet.
    """
    total, rows = _unmapped(project)
    if not rows:
        return "# Every event is taken by a rule of stages.toml: nothing to suggest.\n"
    smallest = project.settings.scores.small_cell
    shown = [row for row in rows if row.customer_count >= smallest][:limit]
    folded = [row for row in rows if row not in shown]
    missed = sum(row.event_count for row in rows)
    head = [
        f"# {missed} of {total} events ({missed / total:.1%}) are taken by no rule of stages.toml.",
        "# Copy what is right into stages.toml. A stage is a guess from the events before and after; '' is neutral.",
        "",
    ]
    free = max((rule.priority for rule in project.stages.rule), default=0) + _PRIORITY_STEP
    taken = {rule.id for rule in project.stages.rule}
    blocks = []
    for number, row in enumerate(shown):
        rule_id = _rule_id(row, taken)
        taken.add(rule_id)
        blocks.append(_block(row, rule_id, free + number * _PRIORITY_STEP, total))
    return "\n".join([*head, *blocks, *_rest(folded, smallest, total)]) + "\n"


def _unmapped(project: Project) -> tuple[int, list[_Activity]]:
    with DuckDBWarehouse(project.warehouse_file, read_only=True) as warehouse:
        if "unmapped_activity" not in warehouse.tables():
            raise NotFoundError(
                f"{project.warehouse_file} holds no journeys.",
                expected="a project whose last run was published.",
                todo="Run `journey run` first.",
            )
        total = warehouse.count("person_event")
        names = _Activity.__dataclass_fields__
        rows = [_Activity(**dict(zip(names, row, strict=True))) for row in warehouse.execute(_SELECT)]
    return total, rows


def _block(row: _Activity, rule_id: str, priority: int, total: int) -> str:
    activity = f", activity_re = {_quoted(f'^{_escaped(row.activity_raw)}$')}" if row.activity_raw else ""
    hint = "# TODO: neighbours do not agree on a stage"
    if row.suggested_stage and row.suggestion_share is not None:
        hint = f"# {row.suggestion_share:.0%} of the events around it stand in {row.suggested_stage}"
    return "\n".join(
        [
            f"# {row.event_count} events ({row.event_count / total:.1%}) of {row.customer_count} customers",
            "[[rule]]",
            f'id = "{rule_id}"',
            f"priority = {priority}",
            f"when = {{ source = [{_quoted(row.source)}], event_kind = [{_quoted(row.event_kind)}]{activity} }}",
            f'stage = "{row.suggested_stage or ""}"   {hint}',
            "",
        ]
    )


def _escaped(text: str) -> str:
    """The text as a pattern of RE2 that means itself."""
    return re.sub(r"([.^$*+?{}|()\[\]\\])", r"\\\1", text)


def _rest(folded: list[_Activity], smallest: int, total: int) -> list[str]:
    if not folded:
        return []
    events = sum(row.event_count for row in folded)
    kinds = sorted({row.event_kind for row in folded})
    what = f"{len(folded)} activities with {events} events ({events / total:.1%})"
    return [f"# Besides: {what}, rarer or of fewer than {smallest} customers each; kinds: {', '.join(kinds)}."]


def _rule_id(row: _Activity, taken: set[str]) -> str:
    words = re.sub(r"[^a-z0-9]+", "_", f"{row.source}_{row.event_kind}".casefold()).strip("_")
    return next(name for name in (words, *(f"{words}_{n}" for n in range(2, 10_000))) if name not in taken)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
