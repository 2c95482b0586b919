"""Numbers of support, surveys and loyalty: reads their tables and gives `Metric` values.

All of them per segment (stage ''); those of support per stage as well.
"""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from journey_mining.project import Project
from journey_mining.scoring.contacts import ContactSources, contact_metrics
from journey_mining.scoring.episodes import with_person_no
from journey_mining.scoring.loyalty import LoyaltySettings, loyalty_metrics
from journey_mining.scoring.metric import Metric
from journey_mining.scoring.occupancy import Reader, days
from journey_mining.scoring.service_hours import ServiceHours
from journey_mining.scoring.surveys import survey_metrics
from journey_mining.warehouse import Warehouse


def customer_metrics(
    warehouse: Warehouse,
    project: Project,
    answers: pd.DataFrame,
    stages: list[str],
    segments: list[str],
    reader: Reader,
) -> list[Metric]:
    """All numbers of customers; `answers` has the columns of `voice_answer`."""
    contacts = with_person_no(warehouse.read("contact", order_by=["event_id"]))
    told = _told(warehouse, project)
    return [
        *contact_metrics(contacts, segments, reader, told, as_of=_cutoff(warehouse), stages=stages),
        *survey_metrics(with_person_no(answers), segments, reader),
        *_loyalty(warehouse, project, segments, reader),
    ]


def _loyalty(warehouse: Warehouse, project: Project, segments: list[str], reader: Reader) -> list[Metric]:
    buyers = with_person_no(warehouse.read("customer_loyalty", order_by=["person_id"]))
    purchases = warehouse.read("purchase", order_by=["event_id"])
    [(silence,)] = warehouse.execute("select silence_days from run_setting")
    settings = LoyaltySettings(
        silence_days=float(silence),
        min_days=days(project.settings.scores.min_horizon.total_seconds()),
        currency=project.settings.project.currency,
    )
    return loyalty_metrics(buyers, purchases, segments, reader, settings)


def _told(warehouse: Warehouse, project: Project) -> ContactSources:
    [(tickets, replies, reopenings)] = warehouse.execute(
        "select count(case when event_kind = 'ticket_created' then 1 end), "
        "count(case when event_kind = 'ticket_reply' and actor_type = 'agent' then 1 end), "
        "count(case when event_kind = 'ticket_reopened' then 1 end) from event"
    )
    hours = project.settings.scores.service_hours
    return ContactSources(
        has_tickets=bool(tickets),
        has_replies=bool(replies),
        has_reopenings=bool(reopenings),
        hours=ServiceHours(
            opens=hours.opens,
            closes=hours.closes,
            weekdays=hours.weekdays,
            holidays=hours.holidays,
            timezone=project.settings.project.timezone,
        )
        if hours
        else None,
    )


def _cutoff(warehouse: Warehouse) -> pd.Timestamp:
    as_of: datetime = warehouse.read_arrow("run_setting", columns=["as_of"]).to_pylist()[0]["as_of"]
    return pd.Timestamp(as_of).floor("s")
