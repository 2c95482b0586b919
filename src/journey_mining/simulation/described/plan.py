"""`company.toml`: what a simulated company is like, as a typed value."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, model_validator

from journey_mining.project.values import Slug, Strict, read_toml, validated

SYSTEMS = ("amocrm", "helpscout", "mango", "omnidesk", "segment", "surveymonkey")
"""systems of the catalogue whose exports are written for a described company"""


class CellPlan(Strict):
    """What happens to customers of one segment in one stage."""

    progress: float = Field(ge=0, le=1)
    """share who move on"""
    back: float = Field(default=0.0, ge=0, le=1)
    """share who return to an earlier stage"""
    days: float = Field(gt=0)
    """mean stay in days; stays are Gamma distributed with shape 2"""
    mood: float = Field(default=0.0, ge=-0.7, le=0.7)
    """mean polarity of what is written here"""

    @model_validator(mode="after")
    def _shares_fit(self) -> CellPlan:
        if self.progress + self.back > 1:
            message = f"progress {self.progress} and back {self.back} are more than everybody"
            raise ValueError(message)
        return self


class StagePlan(Strict):
    """A stage as its customers live through it."""

    id: Slug
    """as in stages.toml"""
    back_to: str = ""
    """where those who return go"""
    enters: str
    """touch by which everybody comes in: a rule of stages.toml must know it as this stage"""
    touches: dict[str, float] = Field(min_length=1)
    """later touches with their weights"""
    per_day: float = Field(gt=0)
    """touches a day"""
    ends: str = ""
    """of the last stage: the touch that ends the journey well"""
    lost: str = ""
    """touch by which the company is told of a loss"""
    lost_told: float = Field(default=0.0, ge=0, le=1)
    """share of losses that are told; the others fall silent"""
    asked: float = Field(default=0.0, ge=0, le=1)
    """share of stays after which `asks` is answered"""
    asks: str = ""
    """touch that answers a survey"""


class SegmentPlan(Strict):
    """A group of customers; `mark` is how the exports tell them apart."""

    id: Slug
    """as in segments.toml"""
    share: float = Field(gt=0)
    """weight among all customers"""
    mark: str
    """stands for {mark} in addresses of pages, and is the kind of customer in the CRM"""
    medium: str = ""
    """campaign medium of the first visit"""
    cell: dict[str, CellPlan]
    """stage to what happens there"""


class TouchPlan(Strict):
    """One kind of touch, and what becomes of it in the exports of a system."""

    system: Literal["amocrm", "helpscout", "mango", "omnidesk", "segment", "surveymonkey"]
    what: str = ""
    """what the system calls it: page, track; deal, move, letter; for others nothing"""
    names: tuple[str, ...] = ("",)
    """addresses, names of events, subjects, or pipeline and status; one is drawn"""
    texts: str = ""
    """group of texts that customers write from"""
    by: Literal["buyer", "user"] = "buyer"
    """who of an account acts; a single customer is both"""
    amount: tuple[int, int] | None = None
    """bounds of an amount of money"""


class TextPlan(Strict):
    """Sentences of one group of texts, by mood."""

    negative: tuple[str, ...] = Field(min_length=2)
    """sentences of the discontented"""
    neutral: tuple[str, ...] = Field(min_length=2)
    """plain questions"""
    positive: tuple[str, ...] = Field(min_length=2)
    """sentences of the content"""


class ChangePlan(Strict):
    """From a day on, more or fewer of those who enter a stage progress; the lost take up the difference."""

    stage: str
    """id of the stage"""
    segment: str = ""
    """'' is everybody"""
    from_day: float
    """day of the simulated time; decides by the day of entry"""
    progress_by: float
    """difference of the share"""


class CompanyPlan(Strict):
    """All of `company.toml`."""

    sources: tuple[str, ...]
    """sources of the catalogue that the project uses"""
    customers: int = Field(ge=50)
    """customers, or accounts where `members` is 2"""
    seed: int = Field(ge=0)
    """same seed, same bytes"""
    scenario: str = ""
    """a world of `journey simulate` instead of what follows"""
    begins: date = date(2026, 1, 1)
    """first day of the exports"""
    days: int = Field(default=270, ge=60)
    """length of the simulated time"""
    longest_pause: float = Field(default=12.0, gt=0)
    """nobody who is still there keeps silent for longer; silence thresholds must be above it"""
    members: int = Field(default=1, ge=1, le=2)
    """2: customers are accounts, of which a buyer and often a user of its own act"""
    site: str = ""
    """host of the company's site"""
    currency: str = "RUB"
    """of all amounts"""
    stage: tuple[StagePlan, ...] = ()
    segment: tuple[SegmentPlan, ...] = ()
    touch: dict[str, TouchPlan] = Field(default_factory=dict)
    text: dict[str, TextPlan] = Field(default_factory=dict)
    change: tuple[ChangePlan, ...] = ()

    @model_validator(mode="after")
    def _names_are_known(self) -> CompanyPlan:
        faults = list(self._faults())
        if faults:
            raise ValueError("; ".join(faults))
        return self

    def _faults(self) -> list[str]:
        if self.scenario:
            return []
        stages = [stage.id for stage in self.stage]
        asked = [(f"stage {s.id}", name) for s in self.stage for name in (s.enters, s.ends, s.lost, s.asks, *s.touches)]
        faults = [f"{place}: no touch {name!r}" for place, name in asked if name and name not in self.touch]
        faults += [f"stage {s.id}: no stage {s.back_to!r}" for s in self.stage if s.back_to not in {"", *stages}]
        faults += [
            f"touch {no}: no text {t.texts!r}" for no, t in self.touch.items() if t.texts not in {"", *self.text}
        ]
        faults += [f"segment {s.id}: cells are not those of all stages" for s in self.segment if list(s.cell) != stages]
        groups = {"", *(segment.id for segment in self.segment)}
        faults += [
            f"change of {c.stage!r} in {c.segment!r}: no such stage or segment"
            for c in self.change
            if c.stage not in stages or c.segment not in groups
        ]
        return faults if stages and self.segment else [*faults, "neither a scenario nor stages with segments"]


def read_company(path: Path, **instead: Any) -> CompanyPlan:
    """The company that a file describes; `instead` replaces top-level keys, such as `customers`.

    Raises:
        SettingsError: the file is missing, is not TOML, has an unknown key, or names what is not there.
    """
    return validated(CompanyPlan, read_toml(path) | instead, where=str(path))
