"""Numbers of support: how often customers must come back, how soon a human answers, how soon it is solved.

In: the table `contact`, one row per ticket. Out: `Metric` values per segment; the unit of inference is the customer.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from journey_mining.scoring.episodes import Cell, cell_of, in_segment
from journey_mining.scoring.intervals import clustered_wilson
from journey_mining.scoring.metric import Flag, Method, Metric
from journey_mining.scoring.occupancy import Reader, median_metric
from journey_mining.scoring.service_hours import ServiceHours, days_between
from journey_mining.vocabulary import Estimand

REPEAT_DAYS = 7
_SLOW = 0.9
_DONE = {"open": 0, "done": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSources:
    """What the sources of a project can tell of tickets."""

    has_tickets: bool
    has_replies: bool
    """whether any reply of a human is told; a solution alone says nothing of the first answer"""
    hours: ServiceHours | None = None
    """hours of service; None counts all hours"""


def contact_metrics(
    contacts: pd.DataFrame, segments: list[str], reader: Reader, told: ContactSources, *, as_of: pd.Timestamp
) -> list[Metric]:
    """Repeat contact, first response and resolution of every segment; `contacts` has `contact` and `person_no`.

    Tickets not answered (or not solved) by the cutoff are censored, not missing.
    """
    metrics: list[Metric] = []
    for segment in segments:
        rows = in_segment(contacts, segment)
        metrics.append(_silenced(repeat_contact(rows, reader, segment=segment), is_told=told.has_tickets))
        for column, estimands, is_told in (
            ("answered_at", (Estimand.FIRST_RESPONSE_MEDIAN, Estimand.FIRST_RESPONSE_Q90), told.has_replies),
            ("solved_at", (Estimand.RESOLUTION_MEDIAN, Estimand.RESOLUTION_Q90), told.has_tickets),
        ):
            cell = waiting_cell(rows, column, as_of=as_of, hours=told.hours)
            for estimand, share in zip(estimands, (0.5, _SLOW), strict=True):
                row = median_metric(cell, estimand, reader, segment=segment, share=share)
                flags = (*row.flags, Flag.SERVICE_HOURS) if told.hours else row.flags
                metrics.append(_silenced(replace(row, flags=flags), is_told=is_told))
    return metrics


def repeat_contact(contacts: pd.DataFrame, reader: Reader, *, segment: str, days: int = REPEAT_DAYS) -> Metric:
    """Share of tickets followed by another of the same customer about the same within `days`.

    Only tickets opened at least that long before the cutoff count: of younger ones nobody knows yet.
    """
    known = contacts[contacts["followed_days"] >= days]
    comes_back = (known["next_days"] <= days).to_numpy(np.bool_)
    customers = int(known["person_no"].nunique())
    share = float(comes_back.mean()) if len(known) else None
    low, high = clustered_wilson(comes_back, known["person_no"].to_numpy(np.int64), reader.z)
    return Metric(
        estimand=Estimand.REPEAT_CONTACT,
        segment=segment,
        estimate=share,
        interval_low=low if len(known) else None,
        interval_high=high if len(known) else None,
        customer_count=customers,
        journey_count=int(known["journey_id"].nunique()),
        event_count=int(comes_back.sum()),
        method=Method.WILSON,
        horizon_days=days,
        flags=reader.thresholds.flags(customers, share=share),
    )


def waiting_cell(
    contacts: pd.DataFrame, column: str, *, as_of: pd.Timestamp, hours: ServiceHours | None = None
) -> Cell:
    """Days from opening to the moment in `column`, or to the cutoff while that has not come."""
    cutoff = pd.Series(as_of, index=contacts.index, dtype="datetime64[us]")
    until = contacts[column].astype("datetime64[us]").fillna(cutoff)
    opened = contacts["opened_at"].astype("datetime64[us]")
    rows = contacts.assign(
        time_days=days_between(opened, until, hours),
        delay_days=0.0,
        state=np.where(contacts[column].notna(), "done", "open"),
    )
    return cell_of(rows, _DONE, cause="state")


def _silenced(row: Metric, *, is_told: bool) -> Metric:
    """A row without an estimate where no source tells what it rests on: that is not 0."""
    if is_told:
        return row
    flags = (*row.flags, Flag.NO_SOURCE)
    return replace(row, estimate=None, interval_low=None, interval_high=None, flags=flags)
