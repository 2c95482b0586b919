"""`voice_level`: corrected shares of negative, neutral and positive customers, where labels allow it.

In: `sentiment`, `voice_event`, `segment_member`, and `voice/levels.npz` of the project. Out: `voice_level`, empty
without labels, and where another engine scored than the one that the labels were compared with.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from journey_mining.project import Project
from journey_mining.report import StepReport
from journey_mining.vocabulary import ALL_SEGMENTS
from journey_mining.voice.batch import DECIMALS, LABELS
from journey_mining.voice.levels import calibration, corrected_shares
from journey_mining.voice.places import levels_file
from journey_mining.voice.stored_levels import StoredAnswers, load_calibration
from journey_mining.warehouse import Warehouse

FEWEST_CUSTOMERS = 100
"""a cell with fewer customers has an index only: the correction would mostly stretch its chance"""
LEVEL_SCHEMA = pa.schema(
    [
        ("segment", pa.string()),
        ("stage", pa.string()),
        ("level", pa.float64()),
        ("interval_low", pa.float64()),
        ("interval_high", pa.float64()),
        ("negative_share", pa.float64()),
        ("neutral_share", pa.float64()),
        ("positive_share", pa.float64()),
        ("customer_count", pa.int64()),
        ("label_count", pa.int64()),
        ("method", pa.string()),
        ("engine", pa.string()),
    ]
)
_METHOD = "pacc, bootstrap of customers and labels"
_DRAWS = 200
_SEED = 7_041
_COLUMNS = ["p_negative", "p_neutral", "p_positive"]

Numbers = NDArray[np.float64]


def measure_levels(warehouse: Warehouse, project: Project) -> StepReport:
    """Write `voice_level`, one row per segment and stage ('' = all stages) with enough customers, in their order.

    Raises:
        JourneyMiningError: the project's voice/levels.npz is damaged.
    """
    stored = load_calibration(levels_file(project.root))
    rows: list[dict[str, object]] = []
    if stored is not None and calibration(stored.labels, stored.probabilities).is_usable:
        texts = _texts(warehouse, stored.engine)
        scores = project.settings.scores
        needed = max(FEWEST_CUSTOMERS, scores.thin_cell)
        cells = [cell for cell in _cells(texts) if len(cell.people) >= needed]
        rows = [_row(cell, stored, scores.confidence) for cell in _told_apart(cells, scores.small_cell)]
    warehouse.write("voice_level", pa.Table.from_pylist(rows, schema=LEVEL_SCHEMA))
    return StepReport(counts={"voice_level": len(rows)})


def probabilities_of(scores: pd.DataFrame) -> Numbers:
    """Probabilities of rows of `sentiment` from score, label and confidence; shape (rows, 3).

    The likeliest one is the confidence, and the difference of the outer two the score.
    """
    score, surest = scores["score"].to_numpy(float), scores["confidence"].to_numpy(float)
    label = scores["label"].to_numpy()
    negative = np.select([label == LABELS[0], label == LABELS[2]], [surest, surest - score], (1 - surest - score) / 2)
    positive = negative + score
    shares: Numbers = np.clip(np.stack((negative, 1 - negative - positive, positive), axis=1), 0.0, 1.0)
    whole: Numbers = shares / shares.sum(axis=1, keepdims=True)
    return whole


def _texts(warehouse: Warehouse, engine: str) -> pd.DataFrame:
    """Texts that `engine` scored: segment, stage, person_id and probabilities."""
    scores = warehouse.read(
        "sentiment", order_by=["event_id"], columns=("event_id", "score", "label", "confidence", "engine")
    )
    scores = scores[scores["score"].notna() & (scores["engine"] == engine)].reset_index(drop=True)
    scores[_COLUMNS] = probabilities_of(scores)
    places = warehouse.read(
        "voice_event", order_by=["event_id"], columns=("event_id", "person_id", "journey_id", "stage")
    )
    members = warehouse.read("segment_member", order_by=["journey_id"], columns=("journey_id", "segment"))
    found = scores.merge(places, on="event_id", validate="one_to_one")
    # a segment too small to be in any picture is not in that of everybody either
    found = found.merge(members, on="journey_id", how="inner", validate="many_to_one")
    return found.assign(stage=found["stage"].fillna(""))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """What the customers of a segment wrote about a stage."""

    segment: str
    stage: str
    people: frozenset[str]
    means: Numbers
    """mean probabilities of each customer, shape (customers, 3)"""


def _cells(texts: pd.DataFrame) -> list[_Cell]:
    """Every cell that holds any text."""
    cells = []
    for segment in (ALL_SEGMENTS, *sorted(set(texts["segment"]))):
        mine = texts if segment == ALL_SEGMENTS else texts[texts["segment"] == segment]
        for stage in ("", *sorted(set(mine["stage"]) - {""})):
            cell = mine if not stage else mine[mine["stage"] == stage]
            means = cell.groupby("person_id", sort=True)[_COLUMNS].mean()
            people = frozenset(means.index)
            cells.append(_Cell(segment=segment, stage=stage, people=people, means=means.to_numpy(float)))
    return cells


def _told_apart(cells: list[_Cell], small: int) -> list[_Cell]:
    """The cells without those that, taken from everybody's, would leave fewer than `small` customers: the smallest."""
    hidden: set[tuple[str, str]] = set()
    for everybody in (cell for cell in cells if cell.segment == ALL_SEGMENTS):
        parts = [cell for cell in cells if cell.stage == everybody.stage and cell.segment != ALL_SEGMENTS]
        parts.sort(key=lambda cell: (-len(cell.people), cell.segment))
        while parts and 0 < len(everybody.people.difference(*(cell.people for cell in parts))) < small:
            hidden.add((parts[-1].segment, parts.pop().stage))
    return [cell for cell in cells if (cell.segment, cell.stage) not in hidden]


def _row(cell: _Cell, stored: StoredAnswers, confidence: float) -> dict[str, object]:
    customers = cell.means
    means = calibration(stored.labels, stored.probabilities).means
    shares = corrected_shares(means, customers.mean(axis=0))
    draws = _draws(customers, stored)
    low, high = np.quantile(draws, ((1 - confidence) / 2, (1 + confidence) / 2))
    values = [shares[2] - shares[0], low, high, *shares]
    names = ("level", "interval_low", "interval_high", "negative_share", "neutral_share", "positive_share")
    return {
        "segment": cell.segment,
        "stage": cell.stage,
        **{name: round(float(value), DECIMALS) + 0.0 for name, value in zip(names, values, strict=True)},
        "customer_count": len(customers),
        "label_count": len(stored.labels),
        "method": _METHOD,
        "engine": stored.engine,
    }


def _draws(customers: Numbers, stored: StoredAnswers) -> Numbers:
    """Levels of draws of the cell's customers and of labelled texts; draws that lack a label are left out."""
    chance = np.random.default_rng(_SEED)
    levels = []
    for _ in range(_DRAWS):
        labelled = chance.integers(0, len(stored.labels), len(stored.labels))
        means = calibration(stored.labels[labelled], stored.probabilities[labelled]).means
        observed = customers[chance.integers(0, len(customers), len(customers))].mean(axis=0)
        if not np.isnan(means).any():
            shares = corrected_shares(means, observed)
            levels.append(shares[2] - shares[0])
    return np.array(levels)
