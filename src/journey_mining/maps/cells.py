"""Cells of the map that are not plain numbers: persona lines, goals, friction, quotes, actions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from journey_mining.maps.heads import Name
from journey_mining.maps.map_pictures import DeclaredAction, Friction, Line, Quote
from journey_mining.maps.numbers import Limits
from journey_mining.maps.tables import Row
from journey_mining.project import Persona, Project
from journey_mining.vocabulary import Evidence

_QUOTE_LENGTH, _CANDIDATE_LENGTH = 90, 140
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - times of the tables are naive UTC


def lines_of(persona: Persona | None) -> tuple[Line, ...]:
    """What people declared about the segment."""
    if persona is None:
        return ()
    return tuple(
        Line(
            label=Name(ru=line.ru, en=line.en),
            value=Name(ru=line.value_ru, en=line.value_en),
            evidence=Evidence.DECLARED,
        )
        for line in persona.line
    )


def goal_of(project: Project, segment: str, stage: str) -> Name | None:
    """The declared goal of a stage: the segment's own, else that of all, else the stage's."""
    declared = [known for known in project.knowledge.stage if known.stage == stage and known.segment in (segment, "")]
    declared.sort(key=lambda known: known.segment == "")
    for known in declared:
        if known.goal_ru or known.goal_en:
            return Name(ru=known.goal_ru, en=known.goal_en)
    own = next(item for item in project.stages.stage if item.id == stage)
    return Name(ru=own.goal_ru, en=own.goal_en) if own.goal_ru or own.goal_en else None


def actions_of(project: Project, segment: str, stage: str) -> tuple[DeclaredAction, ...]:
    """What the company does about a stage."""
    return tuple(
        DeclaredAction(
            id=action.id,
            text=Name(ru=action.ru, en=action.en),
            status=action.status,
            owner=action.owner,
            effect=Name(ru=action.effect_ru, en=action.effect_en),
        )
        for action in project.knowledge.action
        if action.stage == stage and action.segment in (segment, "")
    )


def frictions_of(rows: Sequence[Row], limits: Limits) -> tuple[Friction, ...]:
    """Obstacles of a stage that enough customers met; what goes with less loss is none.

    Those with more loss beyond chance come first, then the others; both by customers times excess loss.
    """
    found = [friction_of(row) for row in rows if (row["customer_count"] or 0) >= limits.thin]
    return tuple(sorted((item for item in found if not item.is_harmless), key=_rank_of_friction))


def friction_of(row: Row) -> Friction:
    """A row of `friction_point`."""
    return Friction(
        kind=row["friction"],
        customers=int(row["customer_count"]),
        share=float(row["prevalence_share"] or 0.0),
        loss_ratio=row["loss_ratio"],
        loss_low=row["loss_ratio_low"],
        loss_high=row["loss_ratio_high"],
        q_value=row["q_value"],
        extra_days=row["extra_days"],
    )


def _rank_of_friction(item: Friction) -> tuple[bool, float, str]:
    excess = (item.loss_ratio or 1.0) - 1.0
    return not item.is_harmful, -item.customers * excess, item.kind


def quote_of(rows: Sequence[Row]) -> Quote | None:
    """The strongest candidate that fits a cell; scoring has redacted it and checked that enough customers wrote."""
    fitting = [row for row in rows if row["text"] and len(row["text"]) <= _CANDIDATE_LENGTH]
    if not fitting:
        return None
    return _quote(min(fitting, key=_rank), _QUOTE_LENGTH)


def quotes_of(rows: Sequence[Row]) -> tuple[Quote, ...]:
    """All candidates of a stage, the strongest first."""
    told = [row for row in rows if row["text"] and len(row["text"]) <= _CANDIDATE_LENGTH]
    return tuple(_quote(row, _CANDIDATE_LENGTH) for row in sorted(told, key=_rank))


def _quote(row: Row, length: int) -> Quote:
    return Quote(
        text=_cut(row["text"], length),
        language=row["language"] if row["language"] in ("ru", "en") else "",
        source=row["source"],
        occurred_at=row["occurred_at"],
        score=row["score"],
    )


def _rank(row: Row) -> tuple[bool, float, object, str]:
    """Whole quotes first, then the strongest, then the latest."""
    is_long = len(row["text"]) > _QUOTE_LENGTH
    return is_long, -abs(row["score"] or 0.0), _EPOCH - row["occurred_at"], row["event_id"]


def _cut(text: str, length: int) -> str:
    """At most so many signs, cut between words."""
    return text if len(text) <= length else f"{text[: length - 1].rsplit(' ', 1)[0]}…"
