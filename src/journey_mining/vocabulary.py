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
FINDING_Q = 0.01
"""Below this q value something is called a finding. A night looks into seven families of comparisons, each corrected
for itself; where nothing is so, at most 7 % of nights then say that something is."""


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


class SilenceRule(StrEnum):
    """Whose pauses a silence threshold was calibrated on."""

    CELL = "segment x stage"
    SEGMENT = "segment"
    STAGE = "stage"
    EVERYBODY = "everybody"
    SETTING = "setting"
    """too few pauses, or followed too shortly: the threshold of the project's settings stands"""


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
    RATING_NPS = "rating_nps"
    """mean answer of one kind of question on [-1, 1], one customer one vote; likewise the next four"""
    RATING_CSAT = "rating_csat"
    RATING_CES = "rating_ces"
    RATING_REVIEW = "rating_review"
    RATING_CALL = "rating_call_rating"
    VOICE_AND_RATING = "voice_and_rating"
    """mean of texts, brought to the scale of answers, and answers; only where both were seen to go together"""
    ALL_CUSTOMERS = "all_customers"
    """mean answer of everybody in the stage, corrected for who answers (augmented inverse probability weighting)"""
    JOURNEYS = "journeys"
    """journeys of a segment (a count)"""
    OPEN_JOURNEYS = "open_journeys"
    CONTACT_RATE = "contact_rate"
    """share of journeys after the sale with at least one support ticket"""
    MAPPED_SHARE = "mapped_share"
    """share of events that a stage rule recognised"""
    DROP_OFF_MATURE = "drop_off_mature"
    """cross-check of drop_off: lost within the horizon of those who entered at least that long ago"""
    LOST_BY_STATUS = "lost_by_status"
    """the part of drop_off that a source said"""
    LOST_BY_SILENCE = "lost_by_silence"
    """the part of drop_off that fell silent"""
    REPEAT_CONTACT = "repeat_contact"
    """share of tickets followed by another of the same customer about the same within 7 days"""
    REOPENED = "reopened_share"
    """share of tickets that were opened again"""
    FIRST_RESPONSE_MEDIAN = "first_response_median"
    """median days until a human answered a ticket, unanswered ones censored"""
    FIRST_RESPONSE_Q90 = "first_response_q90"
    RESOLUTION_MEDIAN = "resolution_median"
    """median days until a ticket was solved for good, open ones censored"""
    RESOLUTION_Q90 = "resolution_q90"
    ANSWER_WAIT_MEDIAN = "answer_wait_median"
    """median days from a message of a customer in a stage to our answer, unanswered ones censored"""
    ANSWER_WAIT_Q90 = "answer_wait_q90"
    ANSWERED_SHARE = "answered_share"
    """share of messages in a stage answered within the horizon"""
    NPS = "nps"
    """promoters minus detractors, from -100 to 100"""
    PROMOTERS = "promoter_share"
    CSAT_SHARE = "csat_share"
    """share of satisfaction answers of 4 or 5 out of 5"""
    RETENTION = "retention"
    """share of buyers who did not fall silent within the horizon after their first purchase"""
    REPEAT_PURCHASE = "repeat_purchase"
    """share of buyers who bought again within the horizon"""
    CUSTOMER_VALUE = "customer_value"
    """rough lifetime value of a buyer, in the currency of the project"""
    SKIPPED = "stage_skipped"
    """share of journeys that got beyond this stage without ever being in it"""
    TIED_SHARE = "tied_share"
    """share of events whose place in the order comes from a rule, because times do not tell it"""

    CONFORMING = "conforming"
    """share of journeys that follow the intended way as far as they went"""


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
