# ruff: noqa: PLR2004 - tolerances are the content
"""S6: whether intervals of voice hold what more customers would have written, and whether labels are as sure as said.

Voice is an index of the engine: its truth is not the planted mood but what the same engine reads in the words of
everybody who writes in such a cell. That is told here by eight times as many others, with true identities and stages.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

import numpy as np
import pandas as pd

from accuracy.record import Finding
from accuracy.worlds import Tried
from journey_mining.simulation import STAGES, scenario_named
from journey_mining.simulation.desk import Request, requests
from journey_mining.simulation.people import generator, people
from journey_mining.simulation.story import Story, tell
from journey_mining.simulation.survey import rows
from journey_mining.voice.engines import engine_named

_THIN = 30
_OTHER_SEED = 990_001
_TIMES_AS_MANY = 8
_Z = 1.96
_MOODS = {-1: "negative", 0: "neutral", 1: "positive"}


def voice_interval(tried: Tried) -> Iterator[Finding]:
    """Coverage of the intervals of voice; the truth has an error of its own, by which they are widened here."""
    metric = tried.read("metric_value")
    voice = metric[(metric["estimand"] == "voice") & (metric["stage"] != "") & (metric["customer_count"] >= _THIN)]
    cells = voice.merge(_truth(tried.scenario.name, _TIMES_AS_MANY * tried.world.customers), on=["segment", "stage"])
    half = (cells["interval_high"] - cells["interval_low"]) / 2
    off = (cells["estimate"] - cells["mean"]).abs()
    held = off <= np.sqrt(half**2 + (_Z * cells["error"]) ** 2)
    yield Finding(
        claim="S6", measure="voice: share of intervals that hold the truth", planted=0.95, found=float(held.mean()),
        tolerance="judged over all seeds", hit=None, n=len(cells), note="n is cells of 30 customers and more",
    )  # fmt: skip


@cache
def _truth(scenario: str, customers: int) -> pd.DataFrame:
    """Mean score of each segment and stage, one customer one vote, with its standard error."""
    stories = _stories(_OTHER_SEED, customers, scenario)
    found = [
        (r.person.no, r.person.segment, STAGES[r.ticket.stage], at, text)
        for r in requests(stories, _OTHER_SEED, [])
        for at, text in ((r.ticket.at, f"{r.subject}\n{r.body}"), (r.solved_at or r.ticket.at, r.comment))
    ]
    found += [
        (r.person.no, r.person.segment, STAGES[r.answer.stage], float(r.answer.day), r.cells[-1])
        for r in rows(stories, _OTHER_SEED)
    ]
    told = pd.DataFrame(found, columns=["person", "segment", "stage", "at", "text"]).query("text != ''")
    told["score"] = engine_named("embedded").score(told["text"].tolist()).scores()
    told = told.dropna(subset=["score"])
    first = told.groupby(["person", "stage"])["at"].transform("min")
    told["vote"] = ((told["at"] - first) // 30).astype(int)
    votes = told.groupby(["segment", "stage", "person", "vote"])["score"].mean()
    means = votes.groupby(level=["segment", "stage", "person"]).mean()
    cells = means.groupby(level=["segment", "stage"]).agg(["mean", "std", "count"]).reset_index()
    return cells.assign(error=cells["std"] / np.sqrt(cells["count"]))[["segment", "stage", "mean", "error"]]


def _stories(seed: int, customers: int, scenario: str) -> list[Story]:
    return [tell(person, generator(seed, 3, person.no)) for person in people(seed, customers, scenario_named(scenario))]


def calibration(tried: Tried) -> Iterator[Finding]:
    """Expected calibration error: how far the confidence of a label is from the share of such labels that are right."""
    texts = tried.read("event_object").merge(tried.read("sentiment"), on="event_id")
    opened = tried.read("event").query("event_kind == 'ticket_created'")["event_id"]
    texts = texts[(texts["object_type"] == "ticket") & texts["event_id"].isin(opened)].dropna(subset=["label"])
    moods = {request.ticket_id: _MOODS[request.mood] for request in _tickets(tried)}
    texts = texts[texts["object_id"].isin(moods)]
    right = texts["label"].to_numpy() == texts["object_id"].map(moods).to_numpy()
    sure = texts["confidence"].to_numpy(np.float64)
    error = calibration_error(sure, right)
    yield Finding(
        claim="S6", measure="calibration error of the labels of tickets", planted=0.0, found=error,
        tolerance="at most 0.1", hit=error <= 0.1, n=len(texts),
        note=f"{right.mean():.0%} of labels are right, {sure.mean():.0%} are said to be; n is tickets",
    )  # fmt: skip


def _tickets(tried: Tried) -> list[Request]:
    return requests(_stories(tried.world.seed, tried.world.customers, tried.world.scenario), tried.world.seed, [])


def calibration_error(sure: np.ndarray, right: np.ndarray, bins: int = 10) -> float:
    """Mean over equal bins of confidence of |share right - mean confidence|, weighed by size (Naeini et al. 2015).

    >>> round(calibration_error(np.array([0.9, 0.9, 0.5, 0.5]), np.array([True, True, True, False])), 3)
    0.05
    """
    places = np.minimum((sure * bins).astype(int), bins - 1)
    parts = [
        (places == place).mean() * abs(right[places == place].mean() - sure[places == place].mean())
        for place in np.unique(places)
    ]
    return float(math.fsum(parts))
