"""What the complaints of a stage are about: terms that its customers use more than those who complain elsewhere.

In: `negative_text`. Out: rows of `stage_topic` and `stage_topic_quote`. A customer counts once however often they say a
word. Shares are drawn towards the common one by an informative Dirichlet prior (Monroe, Colaresi, Quinn 2008), so
that a rare word needs more to stand out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

import pandas as pd
import pyarrow as pa

from journey_mining.scoring.differences import false_discovery, two_sided
from journey_mining.scoring.occupancy import Reader
from journey_mining.voice.own_words import own_words
from journey_mining.voice.terms import terms_of
from journey_mining.warehouse import Warehouse

PRIOR_CUSTOMERS = 50.0
"""customers of common speech that are added to each side"""
TERMS_SHOWN = 12
"""terms kept of a cell"""
UNSURE, THIN, SMALL_BASE = "unsure", "thin", "small_base"
_SURE = 0.05
_DECIMALS = 4
_QUOTES, _LONGEST_QUOTE = 3, 140
_LONG_NUMBER = re.compile(r"\d{5}")
_ABSORBED = 0.8
"""a word of which a pair is said by this share of its customers is told by the pair"""

TOPIC_SCHEMA = pa.schema(
    [
        ("segment", pa.string()),
        ("stage", pa.string()),
        ("term_no", pa.int64()),
        ("term", pa.string()),
        ("customer_count", pa.int64()),
        ("base_customer_count", pa.int64()),
        ("stage_customer_count", pa.int64()),
        ("other_customer_count", pa.int64()),
        ("lift", pa.float64()),
        ("lift_low", pa.float64()),
        ("lift_high", pa.float64()),
        ("q_value", pa.float64()),
        ("mean_score", pa.float64()),
        ("method", pa.string()),
        ("flags", pa.string()),
    ]
)
QUOTE_SCHEMA = pa.schema(
    [
        ("segment", pa.string()),
        ("stage", pa.string()),
        ("term", pa.string()),
        ("event_id", pa.string()),
        ("text", pa.string()),
        ("language", pa.string()),
        ("source", pa.string()),
        ("occurred_at", pa.timestamp("us")),
        ("score", pa.float64()),
    ]
)
METHOD = "log_ratio_dirichlet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lift:
    """How many times as often something is said here as elsewhere."""

    ratio: float
    low: float
    high: float
    z: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One term of one cell; counts are customers with complaints."""

    segment: str
    stage: str
    key: str
    term: str
    customer_count: int
    base_customer_count: int
    stage_customer_count: int
    other_customer_count: int
    lift: Lift
    mean_score: float
    q_value: float = 1.0


def lift_of(said: int, here: int, base_said: int, base: int, *, z: float, prior: float = PRIOR_CUSTOMERS) -> Lift:
    """Ratio of two shares of customers, each drawn towards the common share by `prior` customers.

    log ratio, with the delta-method variance (1 - s) / (s m) of each side, m = customers + prior; without a prior this
    is Katz's interval of a ratio of risks.

    >>> round(lift_of(30, 100, 30, 300, z=1.96, prior=0).ratio, 2)
    3.0
    """
    common = (said + base_said) / (here + base)
    counts = (said + prior * common, base_said + prior * common)
    sizes = (here + prior, base + prior)
    shares = [count / size for count, size in zip(counts, sizes, strict=True)]
    log_ratio = math.log(shares[0] / shares[1])
    error = math.sqrt(sum((1 - share) / count for share, count in zip(shares, counts, strict=True)))
    bounds = (math.exp(log_ratio - z * error), math.exp(log_ratio + z * error))
    return Lift(ratio=math.exp(log_ratio), low=bounds[0], high=bounds[1], z=log_ratio / error if error else 0.0)


def write_topics(warehouse: Warehouse, reader: Reader) -> dict[str, int]:
    """Write `stage_topic` and `stage_topic_quote`; row counts by table."""
    texts = warehouse.read("negative_text", order_by=["segment", "stage", "event_id"])
    said = said_terms(texts, small=reader.thresholds.small)
    topics = stage_topics(texts, said, reader)
    rows = [_row(topic, reader) for topic in topics]
    numbers = pd.DataFrame(rows, columns=TOPIC_SCHEMA.names).groupby(["segment", "stage"], sort=False).cumcount() + 1
    rows = [{**row, "term_no": int(number)} for row, number in zip(rows, numbers, strict=True)]
    quotes = topic_quotes(texts, said, topics)
    warehouse.write("stage_topic", pa.Table.from_pylist(rows, schema=TOPIC_SCHEMA))
    warehouse.write("stage_topic_quote", pa.Table.from_pylist(quotes, schema=QUOTE_SCHEMA))
    return {"stage_topic": len(rows), "stage_topic_quote": len(quotes)}


def said_terms(texts: pd.DataFrame, *, small: int) -> pd.DataFrame:
    """Which text says which term: columns event_id, key, words; terms of fewer than `small` customers are left out."""
    distinct = texts.drop_duplicates("event_id")
    triples = [
        (event, person, key, words)
        for event, person, text in zip(distinct["event_id"], distinct["person_id"], distinct["text"], strict=True)
        for key, words in terms_of(str(text)).items()
    ]
    said = pd.DataFrame(triples, columns=["event_id", "person_id", "key", "words"])
    customers = said.drop_duplicates(["person_id", "key"])["key"].value_counts()
    return said[said["key"].isin(customers.index[customers >= small])].drop(columns="person_id")


def stage_topics(texts: pd.DataFrame, said: pd.DataFrame, reader: Reader) -> list[Topic]:
    """Terms that stand out, of every segment and stage with enough customers on both sides, strongest first.

    q values are over all terms of all cells that `small` customers of the cell use, also those that are not shown.
    """
    names = _names(texts, said)
    tried = [topic for cell in _cells(texts, said, reader.thresholds.small) for topic in _tried(cell, names, reader)]
    chances = false_discovery([two_sided(topic.lift.z) for topic in tried])
    judged = [replace(topic, q_value=float(q or 0.0)) for topic, q in zip(tried, chances, strict=True)]
    kept: dict[tuple[str, str], list[Topic]] = {}
    for topic in sorted(judged, key=lambda t: (t.segment, t.stage, -t.lift.z, -len(t.key), t.key)):
        cell = kept.setdefault((topic.segment, topic.stage), [])
        if topic.lift.ratio > 1 and len(cell) < TERMS_SHOWN and not _is_told(topic, cell):
            cell.append(topic)
    return [topic for cell in kept.values() for topic in cell]


def topic_quotes(texts: pd.DataFrame, said: pd.DataFrame, topics: list[Topic]) -> list[dict[str, Any]]:
    """Up to three short texts for each term, one per customer and no words twice, strongest first."""
    wanted = pd.DataFrame(
        [(t.segment, t.stage, t.key, t.term) for t in topics], columns=["segment", "stage", "key", "term"]
    )
    found = wanted.merge(said[["event_id", "key"]], on="key").merge(texts, on=["segment", "stage", "event_id"])
    found["text"] = [own_words(str(text)) for text in found["text"]]
    is_short = [len(text) <= _LONGEST_QUOTE and not _LONG_NUMBER.search(text) for text in found["text"]]
    short = found[pd.Series(is_short, index=found.index, dtype=bool)]
    short = short.assign(lowered=[text.lower() for text in short["text"]])
    short = short.sort_values(["segment", "stage", "term", "score", "occurred_at", "event_id"], kind="stable")
    cell = ["segment", "stage", "term"]
    for once in ("person_id", "lowered"):
        short = short.drop_duplicates([*cell, once])
    rows: list[dict[str, Any]] = short.groupby(cell, sort=False).head(_QUOTES)[QUOTE_SCHEMA.names].to_dict("records")
    return rows


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cell:
    """Complaints of a segment about a stage, and those about its other stages: one row per customer and term."""

    segment: str
    stage: str
    here: pd.DataFrame
    elsewhere: pd.DataFrame
    customers: int
    others: int


def _cells(texts: pd.DataFrame, said: pd.DataFrame, small: int) -> Iterator[_Cell]:
    for segment, own in texts.groupby("segment", sort=True):
        words = own[["event_id", "stage", "person_id", "score"]].merge(said, on="event_id")
        for stage in sorted(own["stage"].unique()):
            is_here = own["stage"] == stage
            customers, others = own[is_here]["person_id"].nunique(), own[~is_here]["person_id"].nunique()
            if min(customers, others) < small:
                continue
            yield _Cell(
                segment=str(segment),
                stage=str(stage),
                here=words[words["stage"] == stage],
                elsewhere=words[words["stage"] != stage],
                customers=customers,
                others=others,
            )


def _tried(cell: _Cell, names: dict[str, str], reader: Reader) -> Iterator[Topic]:
    # one customer, one vote
    votes = cell.here.groupby(["key", "person_id"], sort=True)["score"].mean()
    counts, moods = votes.groupby(level="key").size(), votes.groupby(level="key").mean()
    base = cell.elsewhere.drop_duplicates(["key", "person_id"])["key"].value_counts()
    for key in counts.index[counts >= reader.thresholds.small]:
        said, base_said = int(counts[key]), int(base.get(key, 0))
        yield Topic(
            segment=cell.segment,
            stage=cell.stage,
            key=key,
            term=names[key],
            customer_count=said,
            base_customer_count=base_said,
            stage_customer_count=cell.customers,
            other_customer_count=cell.others,
            lift=lift_of(said, cell.customers, base_said, cell.others, z=reader.z),
            mean_score=round(float(moods[key]), _DECIMALS),
        )


def _names(texts: pd.DataFrame, said: pd.DataFrame) -> dict[str, str]:
    """The words of each term that most customers use; ties go to the alphabet."""
    people = texts.drop_duplicates("event_id")[["event_id", "person_id"]]
    forms = said.merge(people, on="event_id").drop_duplicates(["key", "words", "person_id"])
    counted = forms.groupby(["key", "words"]).size().reset_index(name="count")
    best = counted.sort_values(["key", "count", "words"], ascending=[True, False, True]).drop_duplicates("key")
    return dict(zip(best["key"], best["words"], strict=True))


def _is_told(topic: Topic, kept: list[Topic]) -> bool:
    """Whether a kept term says the same: a pair that holds the word, or a word most of whose customers say the pair."""
    for other in kept:
        short, long = sorted((topic, other), key=lambda t: len(t.key))
        is_part = f" {short.key} " in f" {long.key} "
        if is_part and long.customer_count >= _ABSORBED * short.customer_count:
            return True
    return False


def _row(topic: Topic, reader: Reader) -> dict[str, Any]:
    flags = [
        (UNSURE, topic.q_value >= _SURE),
        (THIN, topic.customer_count < reader.thresholds.thin),
        (SMALL_BASE, 0 < topic.base_customer_count < reader.thresholds.small),
    ]
    counts = {name: value for name, value in asdict(topic).items() if name not in {"key", "lift"}}
    return {
        **counts,
        "lift": topic.lift.ratio,
        "lift_low": topic.lift.low,
        "lift_high": topic.lift.high,
        "method": METHOD,
        "flags": ",".join(name for name, holds in flags if holds),
    }
