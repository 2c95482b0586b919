"""Numbers of support: how often customers must come back, how soon a human answers, how soon it is solved.

In: the table `contact`, one row per ticket. Out: `Metric` values per segment, and per stage in which tickets were
opened; the unit of inference is the customer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
    has_reopenings: bool = False
    """whether any ticket is told to have been opened again"""
    hours: ServiceHours | None = None
    """hours of service; None counts all hours"""


def contact_metrics(
    contacts: pd.DataFrame,
    segments: list[str],
    reader: Reader,
    told: ContactSources,
    *,
    as_of: pd.Timestamp,
    stages: Sequence[str] = (),
) -> list[Metric]:
    """Repeat contact, reopening, first response and resolution of every segment, as a whole and in each stage.

    `contacts` has `contact` and `person_no`. Tickets not answered (or solved) by the cutoff are censored, not missing.
    """
    return [
        replace(metric, stage=stage)
        for segment in segments
        for of_segment in [in_segment(contacts, segment)]
        for stage in ("", *stages)
        for rows in [of_segment[of_segment["stage"] == stage] if stage else of_segment]
        for metric in _cell_metrics(rows, reader, told, segment=segment, as_of=as_of)
    ]


def _cell_metrics(
    rows: pd.DataFrame, reader: Reader, told: ContactSources, *, segment: str, as_of: pd.Timestamp
) -> Iterator[Metric]:
    yield _silenced(repeat_contact(rows, reader, segment=segment), is_told=told.has_tickets)
    yield _silenced(reopened_share(rows, reader, segment=segment), is_told=told.has_reopenings)
    for column, estimands, is_told in (
        ("answered_at", (Estimand.FIRST_RESPONSE_MEDIAN, Estimand.FIRST_RESPONSE_Q90), told.has_replies),
        ("solved_at", (Estimand.RESOLUTION_MEDIAN, Estimand.RESOLUTION_Q90), told.has_tickets),
    ):
        cell = waiting_cell(rows, column, as_of=as_of, hours=told.hours)
        for estimand, share in zip(estimands, (0.5, _SLOW), strict=True):
            row = median_metric(cell, estimand, reader, segment=segment, share=share)
            flags = (*row.flags, Flag.SERVICE_HOURS) if told.hours else row.flags
            yield _silenced(replace(row, flags=flags), is_told=is_told)


def reopened_share(contacts: pd.DataFrame, reader: Reader, *, segment: str) -> Metric:
    """Share of tickets that were opened again; those solved at least once, because only these can be."""
    solved = contacts[contacts["solved_at"].notna() | contacts["is_reopened"].astype(bool)]
    is_reopened = solved["is_reopened"].to_numpy(np.bool_)
    return _share(Estimand.REOPENED, solved, is_reopened, reader, segment=segment)


def repeat_contact(contacts: pd.DataFrame, reader: Reader, *, segment: str, days: int = REPEAT_DAYS) -> Metric:
    """Share of tickets followed by another of the same customer about the same within `days`.

    Only tickets opened at least that long before the cutoff count: of younger ones nobody knows yet.
    """
    known = contacts[contacts["followed_days"] >= days]
    comes_back = (known["next_days"] <= days).to_numpy(np.bool_)
    row = _share(Estimand.REPEAT_CONTACT, known, comes_back, reader, segment=segment)
    return replace(row, horizon_days=days)


def _share(estimand: Estimand, rows: pd.DataFrame, holds: np.ndarray, reader: Reader, *, segment: str) -> Metric:
    """Share of tickets of which something holds; Wilson's interval, clustered by customer."""
    customers = int(rows["person_no"].nunique())
    share = float(holds.mean()) if len(rows) else None
    low, high = clustered_wilson(holds, rows["person_no"].to_numpy(np.int64), reader.z)
    return Metric(
        estimand=estimand,
        segment=segment,
        estimate=share,
        interval_low=low if len(rows) else None,
        interval_high=high if len(rows) else None,
        customer_count=customers,
        journey_count=int(rows["journey_id"].nunique()),
        event_count=int(holds.sum()),
        method=Method.WILSON,
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
