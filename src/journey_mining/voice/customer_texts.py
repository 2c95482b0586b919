"""Texts of customers as the published warehouse holds them: redacted, scored, with their stage and their customer."""

from __future__ import annotations

import hashlib

import pandas as pd

from journey_mining.errors import NotFoundError
from journey_mining.project import Project
from journey_mining.warehouse import DuckDBWarehouse, Warehouse

_ID_DIGITS = 16
RATING_KINDS = ("nps", "csat", "ces", "review", "call_rating")
"""kinds of event whose score tells how content somebody was"""


def text_id(event_id: str) -> str:
    """Id of a text for people: begins with a letter, so that no spreadsheet takes it for a number.

    >>> text_id("12345678901234567890123456789012")
    't1234567890123456'
    """
    return f"t{event_id[:_ID_DIGITS]}"


def stable_order(value: str) -> str:
    """A key that puts ids into an order that has nothing to do with time or content, and is always the same."""
    return hashlib.sha256(f"voice {value}".encode()).hexdigest()


def published_texts(project: Project) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`customer_texts` and `ratings` of the published warehouse.

    Raises:
        NotFoundError: the project has not been run yet.
    """
    if not project.warehouse_file.is_file():
        raise NotFoundError(
            f"The project {project.root} has no published warehouse yet.",
            expected="texts of customers in warehouse/journeys.duckdb.",
            todo=f"Run `journey run {project.root}` first.",
        )
    with DuckDBWarehouse(project.warehouse_file, read_only=True) as warehouse:
        return customer_texts(warehouse), ratings(warehouse)


def customer_texts(warehouse: Warehouse) -> pd.DataFrame:
    """One row per text of a known customer, ordered by `event_id`.

    Columns: event_id, text, language, stage ('' outside), person_id, source, occurred_at, score, label, confidence,
    flags.
    """
    texts = warehouse.read("event_text", order_by=["event_id"], columns=("event_id", "text"))
    scored = warehouse.read(
        "sentiment",
        order_by=["event_id"],
        columns=("event_id", "score", "label", "confidence", "language", "flags"),
    )
    found = texts.merge(scored, on="event_id", validate="one_to_one")
    found = found.merge(_places(warehouse), on="event_id", validate="one_to_one")
    found["stage"] = found["stage"].fillna("")
    return found.sort_values("event_id", ignore_index=True)


def ratings(warehouse: Warehouse) -> pd.DataFrame:
    """One row per answer of a known customer by `event_id`.

    Columns: event_id, person_id, source, occurred_at, rating (0..1).
    """
    answers = warehouse.read("event", order_by=["event_id"], columns=("event_id", "event_kind", "score_norm"))
    answers = answers[answers["event_kind"].isin(RATING_KINDS) & answers["score_norm"].notna()]
    found = answers.merge(_places(warehouse), on="event_id", validate="one_to_one")
    found = found.rename(columns={"score_norm": "rating"})
    columns = ["event_id", "person_id", "source", "occurred_at", "rating"]
    return found[columns].sort_values("event_id", ignore_index=True)


def _places(warehouse: Warehouse) -> pd.DataFrame:
    places = warehouse.read(
        "voice_event", order_by=["event_id"], columns=("event_id", "person_id", "stage", "occurred_at")
    )
    sources = warehouse.read("event", order_by=["event_id"], columns=("event_id", "source"))
    return places.merge(sources, on="event_id", validate="one_to_one")
