"""All that is told of mood: reads its tables, writes `mood_curve`, `mood_worst` and `voice_rating_link`.

In: `voice_answer`, `stage_customer`, `answer_pair`. Out: these tables, and `Metric` values for `metric_value`.
"""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from journey_mining.scoring.answers import answer_metrics
from journey_mining.scoring.everybody_curve import everybody_curve
from journey_mining.scoring.joined_voice import conflicts, joined_metrics, link_of, link_table
from journey_mining.scoring.metric import Metric
from journey_mining.scoring.mood_curve import MOOD_CURVE, MOOD_WORST, curve_rows, told_curve, worst_rows
from journey_mining.scoring.occupancy import Reader
from journey_mining.vocabulary import Estimand
from journey_mining.warehouse import Warehouse


def write_moods(
    warehouse: Warehouse, answers: pd.DataFrame, stages: list[str], segments: list[str], reader: Reader
) -> list[Metric]:
    """Write the three tables; the numbers of mood of every segment and stage."""
    people = warehouse.read("stage_customer", order_by=["person_id", "segment", "stage"])
    pairs = warehouse.read("answer_pair", order_by=["text_event_id", "answer_event_id", "answer_kind"])
    link, opposed = link_of(pairs, reader.confidence), conflicts(pairs)
    told = answer_metrics(answers, stages, segments, reader)
    curves = {
        estimand: told_curve(estimand, answers, people, told, segments)
        for estimand in (Estimand.VOICE, Estimand.RATING)
    }
    curves[Estimand.ALL_CUSTOMERS] = everybody_curve(people, stages, segments, reader)
    rows, worst = [], []
    for estimand, curve in curves.items():
        # a contradiction is told where both sides of it are seen
        contradicted = opposed if estimand != Estimand.ALL_CUSTOMERS else opposed.head(0)
        own = curve_rows(estimand, curve, people, contradicted, stages, segments, reader)
        rows += own
        worst += worst_rows(own, stages, segments)
    warehouse.write("mood_curve", pa.Table.from_pylist(rows, schema=MOOD_CURVE))
    warehouse.write("mood_worst", pa.Table.from_pylist(worst, schema=MOOD_WORST))
    warehouse.write("voice_rating_link", link_table(link))
    everybody = list(curves[Estimand.ALL_CUSTOMERS].metrics.values())
    return [*told, *joined_metrics(answers, link, stages, segments, reader), *everybody]
