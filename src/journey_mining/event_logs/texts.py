"""How values stand in every kind of log. Pure."""

from __future__ import annotations

import re
from datetime import datetime
from xml.sax.saxutils import quoteattr

from journey_mining.event_logs.cases import LogCase, LogEvent

BEGINNING = "1970-01-01T00:00:00+00:00"
"""time of attributes that an object has from the beginning, by the standard of object-centric logs"""
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def time_text(moment: datetime) -> str:
    """A time in UTC, with its offset.

    >>> time_text(datetime(2026, 4, 1, 7, 0))
    '2026-04-01T07:00:00+00:00'
    """
    return f"{moment.isoformat()}+00:00"


def attribute(text: str) -> str:
    """A value as an attribute of XML, quoted; characters that XML has no place for are left out.

    >>> print(attribute('a "b" & c'))
    'a "b" &amp; c'
    """
    return quoteattr(_NOT_XML.sub("", text))


def event_attributes(event: LogEvent) -> dict[str, str]:
    """What is told of an event beside activity, time and actor; what is unknown is absent."""
    told = {"channel": event.channel, "event_kind": event.event_kind, "source": event.source, "stage": event.stage}
    return {name: value for name, value in told.items() if value is not None}


def case_attributes(case: LogCase) -> dict[str, str]:
    """What is told of a journey beside its name."""
    told = {"ending": case.ending, "furthest_stage": case.furthest_stage, "segment": case.segment}
    return {name: value for name, value in told.items() if value is not None}
