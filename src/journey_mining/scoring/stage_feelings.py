"""How many customers sound satisfied in a stage: feelings told from texts, by segment and stage.

In: `voice_answer`, `sentiment`. Out: `stage_feeling`. What a customer wrote of a stage within 30 days is one vote, as
for voice; cells of fewer than `small_cell` customers are left out.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from journey_mining.scoring.answers import customer_votes
from journey_mining.scoring.episodes import in_segment
from journey_mining.scoring.intervals import normal_quantile, wilson
from journey_mining.scoring.metric import Method
from journey_mining.scoring.occupancy import Reader
from journey_mining.voice import FEELINGS
from journey_mining.warehouse import Warehouse

STAGE_FEELING = pa.schema(
    [
        ("segment", pa.string()),
        ("stage", pa.string()),
        ("feeling", pa.string()),
        ("share", pa.float64()),
        ("share_low", pa.float64()),
        ("share_high", pa.float64()),
        ("customer_count", pa.int64()),
        ("text_count", pa.int64()),
        ("method", pa.string()),
        ("flags", pa.string()),
    ]
)
TOLD_FROM = 0.5
"""chance from which a feeling counts as told; the bar of docs/voice-model.md was measured at it"""


def write_stage_feelings(
    warehouse: Warehouse, answers: pd.DataFrame, stages: list[str], segments: list[str], reader: Reader
) -> None:
    """Write `stage_feeling`; `answers` has `voice_answer`. Empty where the engine tells no feelings."""
    chances = warehouse.read("sentiment", order_by=["event_id"], columns=("event_id", *FEELINGS))
    texts = answers[answers["kind"] == "text"].merge(chances, on="event_id", validate="one_to_one")
    rows = feeling_rows(texts, stages, segments, reader)
    warehouse.write("stage_feeling", pa.Table.from_pylist(rows, schema=STAGE_FEELING))


def feeling_rows(
    texts: pd.DataFrame, stages: list[str], segments: list[str], reader: Reader
) -> list[dict[str, object]]:
    """Share of customers with each feeling; stage '' is the whole journey.

    A customer's share is the mean over his votes, and Wilson's interval counts customers: those between 0 and 1 make it
    too wide rather than too narrow. `texts` has `voice_answer` with a column for each of `FEELINGS`.
    """
    rows: list[dict[str, object]] = []
    for feeling in FEELINGS:
        told = texts[texts[feeling].notna()]
        told = told.assign(value=(told[feeling] >= TOLD_FROM).astype(float))
        for segment in segments:
            mine = in_segment(told, segment)
            for stage in ("", *stages):
                row = _row(mine[mine["stage"] == stage] if stage else mine, reader)
                if row:
                    rows.append({"segment": segment, "stage": stage, "feeling": feeling, **row})
    return rows


def _row(texts: pd.DataFrame, reader: Reader) -> dict[str, object]:
    """Share, interval and counts of one cell; nothing for too few customers."""
    shares = customer_votes(texts)
    count = len(shares)
    if count < reader.thresholds.small:
        return {}
    share = float(shares.mean())
    low, high = wilson(float(shares.sum()), count, normal_quantile(reader.confidence))
    return {
        "share": share,
        "share_low": low,
        "share_high": high,
        "customer_count": count,
        "text_count": len(texts),
        "method": Method.WILSON.value,
        "flags": ",".join(flag.value for flag in reader.thresholds.flags(count, share=share)),
    }
