"""`journey.toml`: how one project is run."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from pydantic import Field

from journey_mining.project.values import Duration, Strict


class ProjectSettings(Strict):
    """Who and where."""

    name: str = "Journeys"
    """shown in the head of every page"""
    template: str = "it_services"
    """template the project was made from; informative"""
    timezone: str = "Europe/Moscow"
    """zone in which pages print times"""
    languages: tuple[Literal["ru", "en"], ...] = ("ru", "en")
    """languages of the site; the first is the one it opens in"""
    currency: str = "RUB"
    """ISO code in which amounts are printed"""


class InboxSettings(Strict):
    """Where exports land."""

    path: str = "inbox"
    """folder, relative to the project"""
    ignore: tuple[str, ...] = ()
    """globs of files that belong to no source on purpose"""


class LoadSettings(Strict):
    """How strictly files are taken."""

    max_quarantine_share: float = Field(default=0.05, ge=0, le=1)
    """a file with a larger share of quarantined rows is rejected as a whole"""
    settle: Duration = timedelta(0)
    """files modified more recently than this are left for the next run"""


class JourneySettings(Strict):
    """How events become journeys."""

    unit: Literal["person", "deal"] = "person"
    """what a journey follows"""
    silence: Duration = timedelta(days=45)
    """without events for this long a customer counts as lost (stages may say otherwise)"""
    session_timeout: Duration = timedelta(minutes=30)
    """a longer pause between web events starts a new session"""
    deal_lead: Duration = timedelta(days=60)
    """events without a deal belong to the only deal created within this time after them"""
    deal_tail: Duration = timedelta(days=14)
    """... or closed within this time before them"""
    as_of: datetime | None = None
    """observation cutoff in UTC; default: the earliest time up to which all decisive sources are fresh"""
    observed_from: datetime | None = None
    """start of observation in UTC; default: the latest first event among the decisive sources"""
    internal_domains: tuple[str, ...] = ()
    """e-mail domains of the company itself: events of these people are flagged internal"""


class ScoreSettings(Strict):
    """How numbers are estimated and when they are shown."""

    confidence: float = Field(default=0.95, gt=0.5, lt=1)
    small_cell: int = Field(default=10, ge=5)
    """cells with fewer customers are never shown (k)"""
    thin_cell: int = Field(default=30, ge=10)
    """cells with fewer customers are shown as an interval only"""
    min_horizon: Duration = timedelta(days=30)
    """shortest horizon of a drop-off"""


class RetentionSettings(Strict):
    """What personal data stays, and where."""

    key_file: str = ""
    """file with the secret for hashing identifiers; default: a file in the user's configuration folder"""
    public_demo_key: bool = False
    """use the fixed, published key: for synthetic data only"""


class Settings(Strict):
    """All of `journey.toml`."""

    project: ProjectSettings = ProjectSettings()
    inbox: InboxSettings = InboxSettings()
    load: LoadSettings = LoadSettings()
    journeys: JourneySettings = JourneySettings()
    scores: ScoreSettings = ScoreSettings()
    privacy: RetentionSettings = RetentionSettings()
