"""`stages.toml`: the stages of the map, the touchpoints, and the rules that place events."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from pydantic import Field, model_validator

from journey_mining.project.values import Named, PositiveDuration, Strict


class Stage(Named):
    """A phase of the journey map."""

    goal_ru: str = ""
    """what the customer wants here, as the company believes (declared)"""
    goal_en: str = ""
    """the same in English"""
    silence: PositiveDuration | None = None
    """silence threshold of this stage; default: journeys.silence"""
    optional: bool = False
    """skipping it is no deviation"""


class Touchpoint(Named):
    """A kind of event in which person and company meet."""

    icon: str = "dot"
    """picture of the touchpoint on the map"""
    ours: bool = True
    """false: the customer acts there and we are absent (a blind spot when nothing is measured)"""
    stage: str = ""
    """for declared touchpoints that no rule can see: the stage they belong to"""


class When(Strict):
    """Conditions of a rule: all keys must hold, a list means any of its values. *_re are RE2, case-insensitive.

    No keys at all take every event: good for a last rule.
    """

    source: tuple[str, ...] = ()
    """ids of sources"""
    event_kind: tuple[str, ...] = ()
    """kinds of events, as events.sql gives them"""
    event_kind_re: str = ""
    """matched against event_kind"""
    channel: tuple[str, ...] = ()
    """ways by which the event came: web, phone, ..."""
    direction: tuple[str, ...] = ()
    """in, out or internal"""
    actor_type: tuple[str, ...] = ()
    """who acted: customer, agent, system or bot"""
    activity_re: str = ""
    """matched against activity_raw, the name that the source itself gives"""
    url_re: str = ""
    """matched against url_path"""
    referrer_re: str = ""
    """matched against referrer_host"""
    utm_medium: tuple[str, ...] = ()
    """medium of the campaign"""
    pipeline_re: str = ""
    """matched against event.pipeline"""
    customer_type: tuple[str, ...] = ()
    """what the source says of the kind of customer (event.customer_type)"""
    score_min: float | None = None
    """lowest score_norm (0..1)"""
    score_max: float | None = None
    """highest score_norm (0..1)"""
    after_kind: tuple[str, ...] = ()
    """holds when the same person has a strictly earlier event of one of these kinds"""
    not_after_kind: tuple[str, ...] = ()
    """holds when the same person has no strictly earlier event of these kinds"""


class Rule(Strict):
    """Where events that meet `when` belong; the smallest priority wins."""

    id: str
    """name of the rule; no two are called the same"""
    priority: int
    """the smallest that matches wins"""
    when: When
    stage: str = ""
    """stage the event moves a journey to; '' = neutral, the journey stays where it is"""
    touchpoint: str = ""
    """touchpoint that the event is of; '' = none"""
    outcome: Literal["", "won", "lost"] = ""
    """the event ends the journey so"""
    exclude: Literal["", "bot", "internal", "test"] = ""
    """the event is none of a customer's and takes no part"""


class StageMap(Strict):
    """All of `stages.toml`."""

    mapping_version: Literal[1] = 1
    """version of this format"""
    id: str
    """name of the map; informative"""
    min_coverage: float = Field(default=0.9, ge=0, le=1)
    """warn when a smaller share of events is recognised"""
    stage: tuple[Stage, ...] = Field(min_length=2, max_length=12)
    touchpoint: tuple[Touchpoint, ...] = ()
    rule: tuple[Rule, ...] = ()

    @model_validator(mode="after")
    def _names_agree(self) -> StageMap:
        faults = [
            *_repeated("stage", [s.id for s in self.stage]),
            *_repeated("touchpoint", [t.id for t in self.touchpoint]),
            *_repeated("rule", [r.id for r in self.rule]),
            *_repeated("priority of rules", [str(r.priority) for r in self.rule]),
        ]
        stages = {s.id for s in self.stage} | {""}
        touchpoints = {t.id for t in self.touchpoint} | {""}
        faults += [f"rule {r.id}: unknown stage {r.stage!r}" for r in self.rule if r.stage not in stages]
        faults += [
            f"rule {r.id}: unknown touchpoint {r.touchpoint!r}" for r in self.rule if r.touchpoint not in touchpoints
        ]
        faults += [f"touchpoint {t.id}: unknown stage {t.stage!r}" for t in self.touchpoint if t.stage not in stages]
        if faults:
            raise ValueError("; ".join(faults))
        return self


def _repeated(what: str, names: list[str]) -> list[str]:
    return [f"{what} {name!r} stands {count} times" for name, count in Counter(names).items() if count > 1]
