"""Stages, touchpoints, segments and rules as tables, so that the SQL models can join what a user wrote in TOML.

A rule is taken apart into conditions: one row of `rule_condition` for each value or pattern that a `when` names. Rules
of stages.toml and of segments.toml share these tables; `rule_set` tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from journey_mining.project import Project, When
from journey_mining.vocabulary import ALL_SEGMENTS, UNKNOWN_SEGMENT

_LISTS = {
    "source": "source",
    "event_kind": "event_kind",
    "channel": "channel",
    "direction": "direction",
    "actor_type": "actor_type",
    "utm_medium": "utm_medium",
    "customer_type": "customer_type",
}
"""condition of a `when` that names values, and the column of `event` that it looks at"""
_PATTERNS = {
    "event_kind_re": "event_kind",
    "activity_re": "activity_raw",
    "url_re": "url_path",
    "referrer_re": "referrer_host",
    "pipeline_re": "pipeline",
}
"""condition of a `when` that is a pattern, and the column of `event` that it looks at"""
_TEXT, _WHOLE, _REAL = pa.string(), pa.int64(), pa.float64()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Predicate:
    rule_set: str
    rule_id: str
    priority: int
    when: When


def rule_tables(project: Project) -> dict[str, pa.Table]:
    """Every table that stages.toml and segments.toml become, by name; rows stand in the order of the files."""
    predicates = [*_stage_predicates(project), *_segment_predicates(project)]
    return {
        "stage": _stage_table(project),
        "touchpoint": _touchpoint_table(project),
        "segment": _segment_table(project),
        "stage_rule": _stage_rule_table(project),
        "segment_rule": _segment_rule_table(project),
        "rule_predicate": _predicate_table(predicates),
        "rule_condition": _table(
            [row for predicate in predicates for row in _conditions(predicate)],
            {"rule_set": _TEXT, "rule_id": _TEXT, "slot": _TEXT, "field": _TEXT, "is_pattern": pa.bool_(),
             "operand": _TEXT},
        ),
        "rule_history": _table(
            [row for predicate in predicates for row in _histories(predicate)],
            {"rule_set": _TEXT, "rule_id": _TEXT, "is_after": pa.bool_(), "event_kind": _TEXT},
        ),
    }  # fmt: skip


def _stage_table(project: Project) -> pa.Table:
    default = project.settings.journeys.silence
    return _table(
        [
            (stage.id, number, stage.ru, stage.en, (stage.silence or default).total_seconds() / 86400, stage.optional)
            for number, stage in enumerate(project.stages.stage, start=1)
        ],
        {"stage": _TEXT, "stage_no": _WHOLE, "name_ru": _TEXT, "name_en": _TEXT, "silence_days": _REAL,
         "is_optional": pa.bool_()},
    )  # fmt: skip


def _touchpoint_table(project: Project) -> pa.Table:
    return _table(
        [(t.id, t.ru, t.en, t.icon, t.ours, t.stage) for t in project.stages.touchpoint],
        {"touchpoint": _TEXT, "name_ru": _TEXT, "name_en": _TEXT, "icon": _TEXT, "is_ours": pa.bool_(),
         "declared_stage": _TEXT},
    )  # fmt: skip


def _segment_table(project: Project) -> pa.Table:
    own = [
        (segment.id, number, segment.ru, segment.en, segment.about_ru, segment.about_en)
        for number, segment in enumerate(project.segments.segment, start=1)
    ]
    everybody = (ALL_SEGMENTS, 0, "Все клиенты", "All customers", "", "")
    unknown = (UNKNOWN_SEGMENT, len(own) + 1, "Не определён", "Unknown", "", "")
    return _table(
        [everybody, *own, unknown],
        {"segment": _TEXT, "segment_no": _WHOLE, "name_ru": _TEXT, "name_en": _TEXT, "about_ru": _TEXT,
         "about_en": _TEXT},
    )  # fmt: skip


def _stage_rule_table(project: Project) -> pa.Table:
    return _table(
        [
            (r.id, r.priority, r.stage or None, r.touchpoint or None, r.outcome or None, r.exclude or None)
            for r in project.stages.rule
        ],
        {"rule_id": _TEXT, "priority": _WHOLE, "stage": _TEXT, "touchpoint": _TEXT, "outcome": _TEXT,
         "exclude": _TEXT},
    )  # fmt: skip


def _segment_rule_table(project: Project) -> pa.Table:
    return _table(
        [
            (f"{segment.id}#{number}", segment.id)
            for segment in project.segments.segment
            for number, _ in enumerate(segment.any, start=1)
        ],
        {"rule_id": _TEXT, "segment": _TEXT},
    )


def _stage_predicates(project: Project) -> Iterator[_Predicate]:
    for rule in project.stages.rule:
        yield _Predicate(rule_set="stage", rule_id=rule.id, priority=rule.priority, when=rule.when)


def _segment_predicates(project: Project) -> Iterator[_Predicate]:
    places = ((segment.id, n, when) for segment in project.segments.segment for n, when in enumerate(segment.any, 1))
    for priority, (segment, number, when) in enumerate(places, start=1):
        yield _Predicate(rule_set="segment", rule_id=f"{segment}#{number}", priority=priority, when=when)


def _predicate_table(predicates: Sequence[_Predicate]) -> pa.Table:
    return _table(
        [
            (
                p.rule_set,
                p.rule_id,
                p.priority,
                len({row[2] for row in _conditions(p)}),
                bool(p.when.after_kind or p.when.not_after_kind),
                p.when.score_min,
                p.when.score_max,
            )
            for p in predicates
        ],
        {"rule_set": _TEXT, "rule_id": _TEXT, "priority": _WHOLE, "slot_count": _WHOLE, "has_history": pa.bool_(),
         "score_min": _REAL, "score_max": _REAL},
    )  # fmt: skip


def _conditions(predicate: _Predicate) -> list[tuple[str, str, str, str, bool, str]]:
    rule_set, rule_id, when = predicate.rule_set, predicate.rule_id, predicate.when
    named = [
        (rule_set, rule_id, slot, field, False, value)
        for slot, field in _LISTS.items()
        for value in dict.fromkeys(getattr(when, slot))
    ]
    patterns = [
        (rule_set, rule_id, slot, field, True, "(?i)" + getattr(when, slot))
        for slot, field in _PATTERNS.items()
        if getattr(when, slot)
    ]
    return named + patterns


def _histories(predicate: _Predicate) -> Iterator[tuple[str, str, bool, str]]:
    for is_after, kinds in ((True, predicate.when.after_kind), (False, predicate.when.not_after_kind)):
        for kind in dict.fromkeys(kinds):
            yield predicate.rule_set, predicate.rule_id, is_after, kind


def _table(rows: Sequence[tuple[Any, ...]], columns: dict[str, pa.DataType]) -> pa.Table:
    return pa.table(
        {name: pa.array([row[i] for row in rows], type=kind) for i, (name, kind) in enumerate(columns.items())}
    )
