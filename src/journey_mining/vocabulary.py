"""The words that code, SQL and tables share. One concept, one name; docs/vocabulary.md explains them."""

from __future__ import annotations

from enum import StrEnum

JOURNEY_START = "journey_start"
JOURNEY_END = "journey_end"
OTHER = "other"
"""Bucket that keeps totals whole where small groups are not named."""
ALL_SEGMENTS = "all"
"""Segment id of everybody; always present."""
UNKNOWN_SEGMENT = "unknown"
"""Segment id of those no rule could place."""


class Ending(StrEnum):
    """How a journey stands at the cutoff."""

    WON = "won"
    LOST = "lost"
    """the source says so (a deal set to failed)"""
    SILENT = "silent"
    """no event for longer than the silence threshold"""
    OPEN = "open"
    """still under way: what will become of it is not known yet"""


class Cause(StrEnum):
    """How a stage episode ended; `open` is right-censored."""

    PROGRESS = "progress"
    LOST = "lost"
    BACK = "back"
    OPEN = "open"


class Exclusion(StrEnum):
    """Why an event stays in `event` but is absent from journeys."""

    BOT = "bot"
    INTERNAL = "internal"
    TEST = "test"


class Strength(StrEnum):
    """How far an identifier edge can be trusted."""

    STRONG = "strong"
    MEDIUM = "medium"
    WEAK = "weak"


class Evidence(StrEnum):
    """Where the content of a map cell comes from."""

    MEASURED = "measured"
    TEXTS = "texts"
    DECLARED = "declared"
    NO_DATA = "no_data"


class Estimand(StrEnum):
    """Names of the quantities in `metric_value`; docs/methods.md defines each."""

    ENTERED = "stage_entered"
    """customers whose stage entry was observed (a count)"""
    REACHED = "stage_reached"
    """share of journeys that reached this stage or a later one"""
    DROP_OFF = "drop_off"
    """share of those who entered a stage and are lost within the horizon (Aalen-Johansen F_2)"""
    MOVED_ON = "moved_on"
    MOVED_BACK = "moved_back"
    UNDER_WAY = "under_way"
    DWELL_MEDIAN = "stage_dwell_median"
    """median days in the stage, open episodes censored (Kaplan-Meier)"""
    GOAL_REACHED = "goal_reached"
    """share of started journeys that reach the goal within the horizon"""
    JOURNEY_MEDIAN = "journey_duration_median"
    VOICE = "voice"
    """mean text sentiment, one customer one vote, in [-1, 1]"""
    RATING = "rating"
    """mean survey answer on [-1, 1], one customer one vote"""
    JOURNEYS = "journeys"
    """journeys of a segment (a count)"""
    OPEN_JOURNEYS = "open_journeys"
    CONTACT_RATE = "contact_rate"
    """share of journeys after the sale with at least one support ticket"""
    MAPPED_SHARE = "mapped_share"
    """share of events that a stage rule recognised"""


METRIC_COLUMNS = (
    "estimand",
    "segment",
    "stage",
    "estimate",
    "interval_low",
    "interval_high",
    "customer_count",
    "journey_count",
    "event_count",
    "at_risk_count",
    "method",
    "horizon_days",
    "as_of",
    "flags",
)
"""Columns of `metric_value`; `stage` is '' for a whole journey, `flags` is a comma-separated list."""
