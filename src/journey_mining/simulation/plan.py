"""The planted truth: every number that the pipeline has to recover stands in this file.

Times of the world are days (float) since 2026-01-01 00:00 in Moscow. A stage has three ways out: `progress` (a later
stage, or won in the last one), `back` (an earlier stage) and `lost` (the customer stops touching the company).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

STAGES = ("awareness", "research", "decision", "implementation", "support", "feedback", "renewal")
"""Stage ids of the `it_services` template, in order."""
AWARENESS, RESEARCH, DECISION, IMPLEMENTATION, SUPPORT, FEEDBACK, RENEWAL = range(7)

SEGMENTS = ("smb", "personal", "corp")
SEGMENT_SHARE = {"smb": 0.46, "personal": 0.36, "corp": 0.18}
CUSTOMER_TYPE = {"smb": "Малый бизнес", "personal": "Физлицо", "corp": "Корпорация", "partner": "Партнёр"}
"""Words of the CRM and of the client panel for the segments."""

WORLD_START = datetime(2026, 1, 1)  # noqa: DTZ001 - Moscow wall clock, written without a zone as the exports do
WORLD_DAYS = 270.0
WINDOW_START = 60.0
"""Web, tickets and surveys are exported from this day (2026-03-02) on; the CRM snapshot holds everything."""
EXPORT_DATE = "2026-09-28"
MOSCOW_OFFSET = timedelta(hours=3)

SILENCE_DAYS = {
    "awareness": 30,
    "research": 30,
    "decision": 30,
    "implementation": 30,
    "support": 45,
    "feedback": 30,
    "renewal": 30,
}
"""Days without a touch after which a customer in the stage counts as lost (settings of the template)."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What is planted for one segment in one stage."""

    progress: float
    """probability to move on"""
    back: float
    """probability to return to an earlier stage"""
    mean_days: float
    """mean stay in days; stays are Gamma distributed with shape 2, the same for each way out"""
    mood: float
    """mean polarity of what people write here, in [-0.7, 0.7]"""

    @property
    def lost(self) -> float:
        """Probability to be lost."""
        return round(1.0 - self.progress - self.back, 6)


CELLS: dict[tuple[str, str], Cell] = {
    ("smb", "awareness"): Cell(0.70, 0.00, 5.0, 0.15),
    ("smb", "research"): Cell(0.65, 0.06, 8.0, 0.05),
    ("smb", "decision"): Cell(0.44, 0.08, 7.0, -0.15),
    ("smb", "implementation"): Cell(0.82, 0.08, 8.0, -0.50),
    ("smb", "support"): Cell(0.78, 0.06, 24.0, -0.10),
    ("smb", "feedback"): Cell(0.86, 0.05, 5.0, 0.35),
    ("smb", "renewal"): Cell(0.72, 0.08, 9.0, 0.05),
    ("personal", "awareness"): Cell(0.66, 0.00, 4.0, 0.10),
    ("personal", "research"): Cell(0.66, 0.05, 6.0, 0.00),
    ("personal", "decision"): Cell(0.68, 0.06, 4.0, 0.05),
    ("personal", "implementation"): Cell(0.84, 0.05, 5.0, -0.40),
    ("personal", "support"): Cell(0.72, 0.05, 20.0, -0.20),
    ("personal", "feedback"): Cell(0.80, 0.05, 4.0, 0.25),
    ("personal", "renewal"): Cell(0.66, 0.06, 7.0, -0.05),
    ("corp", "awareness"): Cell(0.74, 0.00, 7.0, 0.15),
    ("corp", "research"): Cell(0.71, 0.07, 11.0, 0.10),
    ("corp", "decision"): Cell(0.70, 0.08, 14.0, 0.00),
    ("corp", "implementation"): Cell(0.62, 0.28, 12.0, -0.35),
    ("corp", "support"): Cell(0.82, 0.08, 30.0, 0.15),
    ("corp", "feedback"): Cell(0.88, 0.05, 6.0, 0.40),
    ("corp", "renewal"): Cell(0.80, 0.08, 12.0, 0.20),
}

BACK_TO = {
    RESEARCH: AWARENESS,
    DECISION: RESEARCH,
    IMPLEMENTATION: DECISION,
    SUPPORT: IMPLEMENTATION,
    FEEDBACK: SUPPORT,
    RENEWAL: SUPPORT,
}
TO_FEEDBACK = 0.45
"""Of those who leave support forwards, this share stops at the optional feedback stage."""

MIN_STAY_DAYS = 0.4
FIRST_GAP_DAYS = (0.105, 0.333)
"""The second touch of each episode comes this long after the first, so that no stay is a mere glance."""
MAX_GAP_DAYS = 12.0
"""Nobody who is still there keeps silent for longer: silence beyond a stage's threshold means loss."""
TOUCHES_PER_DAY = {
    "awareness": 0.20,
    "research": 0.24,
    "decision": 0.26,
    "implementation": 0.32,
    "support": 0.14,
    "feedback": 0.20,
    "renewal": 0.24,
}

HAS_DEAL = {"smb": 0.92, "personal": 0.60, "corp": 1.0, "partner": 1.0}
"""Share of customers whose order becomes a deal; the others buy in the panel. Renewals are always deals."""
LOSS_WRITTEN = {"smb": 0.60, "personal": 0.10, "corp": 0.85, "partner": 0.85}
"""Share of losses from decision and renewal, where a deal exists, that the CRM is told of."""
LOSS_WRITTEN_DAYS = (0.1, 3.0)
CRM_START = 0.15
"""Share of corporate customers who begin with a phone call that becomes a deal."""
COMES_BACK = {"lost": 0.05, "won": 0.15}
"""Share of ended journeys after which the same person begins a new one, well after the silence threshold."""

UNMAPPED = 0.075
"""Share of the later web touches that happen on pages no rule knows; with one or two hits each it makes 4 % of all."""
NEUTRAL_TICKETS = 0.10
REVISIT = 0.05
TICKET_SHARE = {
    "awareness": 0.0,
    "research": 0.05,
    "decision": 0.06,
    "implementation": 0.30,
    "support": 0.32,
    "feedback": 0.06,
    "renewal": 0.20,
}
MATTERS = {
    "research": ("presale",),
    "implementation": ("onboarding",),
    "support": ("support", "incident"),
    "renewal": ("billing",),
}
"""Tags that place a ticket in its stage; a stage without one gets tickets without a matter."""
SURVEY_SHARE = {
    "awareness": 0.0,
    "research": 0.05,
    "decision": 0.10,
    "implementation": 0.14,
    "support": 0.18,
    "feedback": 0.35,
    "renewal": 0.16,
}

DUPLICATE_CONTACTS = 0.05
DUPLICATE_HITS = 0.01
LATE_HITS = 0.004
BOTS = 0.03
STAFF = 0.01
UNLINKABLE_COOKIES = 0.008
PII_TEXTS = 0.07
ENGLISH = 0.20
SITE = "oblako-host.example"


def moment(day: float) -> datetime:
    """Moscow wall clock of a day of the world, to the second.

    >>> moment(60.5)
    datetime.datetime(2026, 3, 2, 12, 0)
    """
    return WORLD_START + timedelta(seconds=round(day * 86400))
