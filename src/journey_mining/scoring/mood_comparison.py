"""Do the means of texts and of survey answers differ between two segments, and is it more than chance.

In: the table `voice_answer`. Out: rows of `comparison`. One customer has one vote. Welch 1947: unequal spreads, unequal
numbers.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
from scipy import stats

from journey_mining.scoring.answers import customer_votes
from journey_mining.scoring.comparison import Comparison, Pair, Procedure, pairs_of
from journey_mining.scoring.competing_risks import FloatArray
from journey_mining.scoring.intervals import Interval, student_t
from journey_mining.scoring.metric import Flag
from journey_mining.scoring.occupancy import Reader
from journey_mining.vocabulary import Estimand


def mood_comparisons(
    answers: pd.DataFrame, stages: list[str], segments: list[str], reader: Reader
) -> Iterator[Comparison]:
    """Differences of voice and of rating, stage by stage ('' = all stages).

    Args:
        answers: columns of `voice_answer` and `person_no`.
        stages: ids in order.
        segments: ids in order.
        reader: thresholds and confidence.
    """
    is_text = answers["kind"] == "text"
    for estimand, rows in ((Estimand.VOICE, answers[is_text]), (Estimand.RATING, answers[~is_text])):
        for stage in ("", *stages):
            of_stage = rows[rows["stage"] == stage] if stage else rows
            for pair in pairs_of(of_stage, segments, reader.thresholds.small):
                yield means_compared(estimand, pair, reader, stage=stage)


def means_compared(estimand: Estimand, pair: Pair, reader: Reader, *, stage: str) -> Comparison:
    """Two means of customer means; no interval and no test where one side has no spread."""
    sides: list[FloatArray] = [
        np.asarray(customer_votes(rows), dtype=np.float64) for rows in (pair.rows_a, pair.rows_b)
    ]
    means = [float(side.mean()) for side in sides]
    own = [_kept_inside(student_t(side, reader.confidence)) for side in sides]
    low = high = z = p_value = None
    if None not in own:
        tested = stats.ttest_ind(sides[0], sides[1], equal_var=False)
        low, high = (float(bound) for bound in tested.confidence_interval(reader.confidence))
        z, p_value = float(tested.statistic), float(tested.pvalue)
    flags = [flag for side in sides for flag in reader.thresholds.flags(len(side))]
    certain = [] if low is not None else [Flag.THIN]
    return Comparison(
        estimand=estimand,
        stage=stage,
        segment_a=pair.segment_a,
        segment_b=pair.segment_b,
        estimate_a=means[0],
        low_a=own[0][0] if own[0] else None,
        high_a=own[0][1] if own[0] else None,
        n_a=len(sides[0]),
        estimate_b=means[1],
        low_b=own[1][0] if own[1] else None,
        high_b=own[1][1] if own[1] else None,
        n_b=len(sides[1]),
        difference=means[0] - means[1],
        difference_low=low,
        difference_high=high,
        z=z,
        p_value=p_value,
        horizon_days=None,
        method=Procedure.WELCH,
        flags=",".join(dict.fromkeys(sorted([*flags, *certain]))),
    )


def _kept_inside(interval: Interval | None) -> Interval | None:
    """The interval inside the scale, as `metric_value` has it."""
    return None if interval is None else (float(np.maximum(-1.0, interval[0])), float(np.minimum(1.0, interval[1])))
