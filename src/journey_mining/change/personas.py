"""Lines of persona cards that data can fill, and an honest gap for those they cannot: the table `persona_fact`.

In: `segment_customer`, `customer_word`, `customer_number`, attributes of events, `metric_value`, `rfm_score`. A line is
a field and its value, for how many customers it is known, and how far the segment stands from the others. A proxy is
named as what it is: a device is a device, not a fondness for technology.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import stats

from journey_mining.scoring.differences import false_discovery, newcombe, score_z, two_sided
from journey_mining.scoring.intervals import wilson
from journey_mining.scoring.occupancy import Reader
from journey_mining.vocabulary import ALL_SEGMENTS, Estimand, Evidence
from journey_mining.warehouse import Warehouse

FIRST_WORDS = ("first_channel", "first_source", "first_touchpoint")
WORDS = (*FIRST_WORDS, "touchpoint", "day_part", "language")
ATTRIBUTES = ("device", "os", "browser", "region", "city", "industry", "company_size", "age_group", "plan")
"""keys of `event.attributes` that a card has a line for"""
NUMBERS = ("tenure_days", "journeys", "touches", "tickets", "purchases", "purchase_amount")
SCORES = ("recency", "frequency", "money")
_METRICS = {
    Estimand.CONTACT_RATE: ("contact_rate", Evidence.MEASURED),
    Estimand.NPS: ("nps", Evidence.MEASURED),
    Estimand.CSAT_SHARE: ("csat_share", Evidence.MEASURED),
    Estimand.RETENTION: ("retention", Evidence.MEASURED),
    Estimand.REPEAT_PURCHASE: ("repeat_purchase", Evidence.MEASURED),
    Estimand.VOICE: ("voice", Evidence.TEXTS),
}
_QUARTILES = (0.25, 0.5, 0.75)

_TEXT, _INT, _FLOAT = pa.string(), pa.int64(), pa.float64()
PERSONA_FACT = pa.schema(
    [
        ("segment", _TEXT),
        ("field", _TEXT),
        ("kind", _TEXT),
        ("value", _TEXT),
        ("number", _FLOAT),
        ("low", _FLOAT),
        ("high", _FLOAT),
        ("quarter_low", _FLOAT),
        ("quarter_high", _FLOAT),
        ("known_count", _INT),
        ("customer_count", _INT),
        ("unknown_share", _FLOAT),
        ("evidence", _TEXT),
        ("other_number", _FLOAT),
        ("difference", _FLOAT),
        ("difference_low", _FLOAT),
        ("difference_high", _FLOAT),
        ("p_value", _FLOAT),
        ("q_value", _FLOAT),
        ("flags", _TEXT),
    ]
)

Row = dict[str, Any]


def fact_table(warehouse: Warehouse, reader: Reader) -> pa.Table:
    """`persona_fact` of every segment that is not too small to be spoken of."""
    sizes = warehouse.execute("select segment, count(*) from segment_customer group by segment order by segment")
    shown = {str(segment): int(size) for segment, size in sizes if size >= reader.thresholds.small}
    usual = warehouse.read("customer_word", order_by=("segment", "person_id", "field"))
    words = pd.concat([usual, first_words(warehouse), attribute_words(warehouse)])
    numbers = warehouse.read("customer_number", order_by=("segment", "person_id", "field"))
    numbers = pd.concat([numbers, _scores(warehouse)])
    rows: list[Row] = []
    for field in (*WORDS, *ATTRIBUTES):
        rows += word_rows(field, words[words["field"] == field], shown, reader)
    for field in (*NUMBERS, *SCORES):
        rows += number_rows(field, numbers[numbers["field"] == field], shown, reader)
    rows += _metric_rows(warehouse, shown, reader)
    for row, q_value in zip(rows, false_discovery([row.get("p_value") for row in rows]), strict=True):
        row["q_value"] = None if q_value is None else round(q_value, 6)
    rows.sort(key=lambda row: row["segment"])  # fields keep the order of the card
    return pa.Table.from_pylist(rows, schema=PERSONA_FACT)


def word_rows(field: str, words: pd.DataFrame, sizes: dict[str, int], reader: Reader) -> Iterator[Row]:
    """The most frequent word of each segment with its share among those of whom it is known."""
    small = reader.thresholds.small
    for segment, size in sizes.items():
        own, others = words[words["segment"] == segment], words[words["segment"] != segment]
        known = len(own)
        top = _most_frequent(own["word"]) if known >= small else None
        if top is None or int((own["word"] == top).sum()) < small:
            yield _gap(segment, field, "word", size)
            continue
        having = int((own["word"] == top).sum())
        is_blurred = 0 < known - having < small
        having = known - small if is_blurred and known >= 2 * small else having
        if is_blurred and known < 2 * small:
            yield _gap(segment, field, "word", size)
            continue
        low, high = wilson(having, known, reader.z)
        yield {
            **_known(segment, field, "word", known, size, small),
            "value": top,
            "number": round(having / known, 4),
            "low": round(low, 4),
            "high": round(high, 4),
            "flags": ",".join(
                f for f, holds in (("thin", known < reader.thresholds.thin), ("blurred", is_blurred)) if holds
            ),
            **_word_difference((having, known), (int((others["word"] == top).sum()), len(others)), reader),
        }


def _word_difference(own: tuple[int, int], others: tuple[int, int], reader: Reader) -> Row:
    small = reader.thresholds.small
    if others[1] < reader.thresholds.thin or any(0 < n < small for n in (others[0], others[1] - others[0])):
        return {}
    p_value = two_sided(score_z(*own, *others))
    low, high = newcombe(*own, *others, reader.z)
    return {
        "other_number": round(others[0] / others[1], 4),
        "difference": round(own[0] / own[1] - others[0] / others[1], 4),
        "difference_low": round(low, 4),
        "difference_high": round(high, 4),
        "p_value": None if p_value is None else float(f"{p_value:.6g}"),
    }


def number_rows(field: str, numbers: pd.DataFrame, sizes: dict[str, int], reader: Reader) -> Iterator[Row]:
    """The median of each segment with its quartiles, and the rank test against everybody else."""
    for segment, size in sizes.items():
        values = numbers.loc[numbers["segment"] == segment, "amount"].to_numpy(np.float64)
        others = numbers.loc[numbers["segment"] != segment, "amount"].to_numpy(np.float64)
        if len(values) < reader.thresholds.thin:
            yield _gap(segment, field, "number", size)
            continue
        quarter_low, middle, quarter_high = np.quantile(values, _QUARTILES)
        low, high = median_interval(values, reader.z)
        row = _known(segment, field, "number", len(values), size, reader.thresholds.small)
        row |= {"number": _rounded(middle), "low": _rounded(low), "high": _rounded(high), "flags": ""}
        row |= {"quarter_low": _rounded(quarter_low), "quarter_high": _rounded(quarter_high)}
        if len(others) >= reader.thresholds.thin:
            p_value = stats.mannwhitneyu(values, others, method="asymptotic").pvalue
            row["other_number"] = _rounded(float(np.median(others)))
            row["difference"] = _rounded(float(middle - np.median(others)))
            row["p_value"] = None if np.isnan(p_value) else float(f"{p_value:.6g}")
        yield row


def median_interval(values: np.ndarray[Any, np.dtype[np.float64]], z: float) -> tuple[float, float]:
    """Interval of a median from order statistics (normal approximation of the binomial)."""
    ordered = np.sort(values)
    half = z * np.sqrt(len(ordered)) / 2
    first = max(0, int(np.floor(len(ordered) / 2 - half)))
    last = min(len(ordered) - 1, int(np.ceil(len(ordered) / 2 + half)))
    return float(ordered[first]), float(ordered[last])


def _metric_rows(warehouse: Warehouse, sizes: dict[str, int], reader: Reader) -> Iterator[Row]:
    """Numbers of whole journeys that `metric_value` already holds."""
    metrics = warehouse.read("metric_value", order_by=("estimand", "segment", "stage"))
    own = metrics[(metrics["stage"] == "") & metrics["segment"].isin([*sizes, ALL_SEGMENTS])]
    for estimand, (field, evidence) in _METRICS.items():
        rows = {row.segment: row for row in list[Any](own[own["estimand"] == estimand].itertuples())}
        for segment, size in sizes.items():
            found = rows.get(segment)
            if found is None or pd.isna(found.estimate) or found.customer_count < reader.thresholds.small:
                yield _gap(segment, field, "number", size)
                continue
            row = _known(segment, field, "number", int(found.customer_count), size, reader.thresholds.small)
            bounds = [None if pd.isna(b) else round(float(b), 6) for b in (found.interval_low, found.interval_high)]
            yield row | {
                "number": round(float(found.estimate), 6),
                "low": bounds[0],
                "high": bounds[1],
                "evidence": str(evidence),
                "flags": str(found.flags),
            }


def _known(segment: str, field: str, kind: str, known: int, size: int, small: int) -> Row:
    unknown = size - known
    # how many are not known would be told by the share, where they are too few
    share = 0.0 if 0 < unknown < small else max(0.0, round(unknown / size, 4))
    return {
        "segment": segment,
        "field": field,
        "kind": kind,
        "known_count": size if 0 < unknown < small else known,
        "customer_count": size,
        "unknown_share": share,
        "evidence": str(Evidence.MEASURED),
    }


def _gap(segment: str, field: str, kind: str, size: int) -> Row:
    return {
        "segment": segment,
        "field": field,
        "kind": kind,
        "customer_count": size,
        "evidence": str(Evidence.NO_DATA),
        "flags": "",
    }


def _most_frequent(words: pd.Series) -> str | None:
    counts = sorted(((-int(count), str(word)) for word, count in words.value_counts().items()))
    return counts[0][1] if counts else None


def _rounded(value: float) -> float:
    return float(f"{float(value):.6g}")


def _scores(warehouse: Warehouse) -> pd.DataFrame:
    """Fifths by recency, frequency and money as numbers of a segment's customers."""
    scored = warehouse.read("rfm_score", order_by=("person_id",))
    members = warehouse.read("segment_customer", order_by=("segment", "person_id"), columns=("segment", "person_id"))
    long = members.merge(scored, on="person_id").melt(["segment", "person_id"], list(SCORES), "field", "amount")
    return long.assign(amount=long["amount"].astype(np.float64))


def first_words(warehouse: Warehouse) -> pd.DataFrame:
    """What is known of a customer's first touch, by segment, customer and field."""
    first = warehouse.read("first_touch", order_by=("segment", "person_id"))
    long = first.melt(["segment", "person_id"], list(FIRST_WORDS), "field", "word")
    return long[long["word"] != ""]


def attribute_words(warehouse: Warehouse) -> pd.DataFrame:
    """The latest word of each attribute that a card has a line for, by segment and customer."""
    picked = ", ".join(
        f"arg_max(json_extract_string(event.attributes, '$.{name}'), (event.occurred_at, event.event_id)) filter "
        f"(where json_extract_string(event.attributes, '$.{name}') is not null) as {name}"
        for name in ATTRIBUTES
    )
    found = warehouse.execute(
        "select segment_member.segment, journey_step.person_id, "
        f"{picked} from event inner join journey_step on event.event_id = journey_step.event_id "
        "inner join segment_member on journey_step.journey_id = segment_member.journey_id "
        "where event.attributes is not null group by all order by all"
    )
    return pd.DataFrame(_words(found), columns=["segment", "person_id", "field", "word"])


def _words(found: Sequence[tuple[Any, ...]]) -> list[tuple[str, str, str, str]]:
    return [
        (str(row[0]), str(row[1]), name, str(word))
        for row in found
        for name, word in zip(ATTRIBUTES, row[2:], strict=True)
        if word is not None and str(word).strip()
    ]
