"""The one-row table `run_setting`: what the SQL models need to know of the settings and of the window observed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from journey_mining.errors import JourneyMiningError
from journey_mining.project import Project
from journey_mining.warehouse import Warehouse

_STATUS_COLUMNS = ("source", "is_decisive", "first_event_at", "fresh_until")
_SECONDS = timedelta(seconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The time that the data can speak about, in UTC without a zone."""

    observed_from: datetime
    """every decisive source delivers from here on"""
    as_of: datetime
    """every decisive source is fresh up to here; later events wait for the next run"""
    silent_sources: tuple[str, ...] = ()
    """decisive sources without a single event; they cannot bound the window"""


def observed_window(warehouse: Warehouse, project: Project) -> Window:
    """The window of the run; settings win over what the sources say.

    Raises:
        JourneyMiningError: no source has delivered an event, or the window ends before it begins.
    """
    rows = warehouse.read_arrow("source_status", order_by=("source",), columns=_STATUS_COLUMNS).to_pylist()
    heard = [row for row in rows if row["first_event_at"] is not None and row["fresh_until"] is not None]
    deciding = [row for row in heard if row["is_decisive"]] or heard
    if not deciding:
        raise JourneyMiningError(
            "No source has delivered an event.",
            expected="at least one loaded export with events in `source_status`.",
            todo="Put exports into the inbox and look at `journey status` for files that were rejected.",
            code="NO_EVENTS",
        )
    asked = project.settings.journeys
    # a late source moves the cutoff back: what it has not told yet must not look like silence of customers
    window = Window(
        observed_from=utc(asked.observed_from or max(row["first_event_at"] for row in deciding)),
        as_of=utc(asked.as_of or min(row["fresh_until"] for row in deciding)),
        silent_sources=tuple(row["source"] for row in rows if row["is_decisive"] and row not in heard),
    )
    if window.as_of <= window.observed_from:
        raise JourneyMiningError(
            f"The window observed is empty: it begins at {window.observed_from} and ends at {window.as_of}.",
            expected="decisive sources whose times overlap.",
            todo="Deliver newer exports of the late source, or set is_decisive = false in its spec.",
            code="NO_WINDOW",
        )
    return window


def setting_row(project: Project, window: Window) -> pa.Table:
    """The table `run_setting`: durations as numbers with their unit in the name."""
    asked = project.settings.journeys
    stamp = pa.timestamp("us")
    return pa.table(
        {
            "as_of": pa.array([window.as_of], type=stamp),
            "observed_from": pa.array([window.observed_from], type=stamp),
            "calibrated_until": pa.array([quarter_start(window.as_of)], type=stamp),
            "unit": pa.array([asked.unit]),
            "silence_days": pa.array([asked.silence / _DAY]),
            "session_seconds": pa.array([asked.session_timeout // _SECONDS], type=pa.int64()),
            "deal_lead_days": pa.array([asked.deal_lead / _DAY]),
            "deal_tail_days": pa.array([asked.deal_tail / _DAY]),
            "segment_facts": pa.array([project.segments.facts]),
            "small_cell": pa.array([project.settings.scores.small_cell], type=pa.int64()),
        }
    )


def quarter_start(moment: datetime) -> datetime:
    """Midnight at which the calendar quarter of a moment began; thresholds stay frozen until the next.

    >>> quarter_start(datetime(2026, 9, 28, 3))
    datetime.datetime(2026, 7, 1, 0, 0)
    """
    return moment.replace(month=(moment.month - 1) // 3 * 3 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)


def utc(moment: datetime) -> datetime:
    """A time in UTC without a zone; a time without a zone is taken as UTC.

    >>> from datetime import timezone
    >>> utc(datetime(2026, 1, 1, 3, tzinfo=timezone(timedelta(hours=3))))
    datetime.datetime(2026, 1, 1, 0, 0)
    """
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
