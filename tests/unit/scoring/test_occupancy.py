from __future__ import annotations

import numpy as np
import pytest

from journey_mining.scoring.competing_risks import Durations, cumulative_incidence
from journey_mining.scoring.episodes import Cell
from journey_mining.scoring.horizon import Horizon
from journey_mining.scoring.intervals import wilson
from journey_mining.scoring.occupancy import median_metric, share_metrics
from journey_mining.vocabulary import Estimand

SHARES = {1: Estimand.MOVED_ON, 2: Estimand.DROP_OFF, 3: Estimand.MOVED_BACK, 0: Estimand.UNDER_WAY}
AT_30 = Horizon(days=30, is_short=False)


def cell(time: list[float], cause: list[int], followed: float = 100) -> Cell:
    count = len(time)
    durations = Durations(
        time=np.array(time, float), cause=np.array(cause, np.int64), delay=np.zeros(count), cluster=np.arange(count)
    )
    return Cell(
        curves=cumulative_incidence(durations, 3),
        followed_days=np.full(count, followed),
        customer_count=count,
        journey_count=count,
    )


def by_name(rows) -> dict[str, object]:
    return {row.estimand: row for row in rows}


def test_shares_and_counts_of_a_complete_cell(reader) -> None:
    rows = by_name(
        share_metrics(cell([5] * 60 + [20] * 30 + [50] * 10, [1] * 60 + [2] * 30 + [1] * 10), AT_30, SHARES, reader,
                      segment="smb", stage="decision")
    )  # fmt: skip
    assert [rows[e].estimate for e in SHARES.values()] == pytest.approx([0.6, 0.3, 0.0, 0.1])
    assert [rows[e].event_count for e in SHARES.values()] == [60, 30, 0, 10]
    assert rows["drop_off"].interval_low < 0.3 < rows["drop_off"].interval_high


def test_no_events_give_the_upper_bound_of_wilson_among_those_followed(reader) -> None:
    row = by_name(share_metrics(cell([50] * 40, [1] * 40), AT_30, SHARES, reader, segment="smb", stage="x"))["drop_off"]
    assert (row.estimate, row.interval_low) == (0.0, 0.0)
    assert row.interval_high == pytest.approx(wilson(0, 40, reader.z)[1])
    assert row.flags == ("thin", "no_events")
    assert row.method == "aalen_johansen_wilson"


def test_nothing_is_claimed_of_an_empty_cell(reader) -> None:
    rows = share_metrics(cell([], []), AT_30, SHARES, reader, segment="smb", stage="x")
    assert {row.estimate for row in rows} == {None}
    assert {row.flags for row in rows} == {("small", "thin")}


def test_a_short_horizon_is_said(reader) -> None:
    short = Horizon(days=7, is_short=True)
    row = share_metrics(cell([5] * 50, [1] * 50), short, SHARES, reader, segment="smb", stage="x")[0]
    assert row.horizon_days == 7
    assert "short_horizon" in row.flags


def test_few_expected_events_make_a_share_thin(reader) -> None:
    rows = by_name(
        share_metrics(cell([5] * 98 + [6] * 2, [1] * 98 + [2] * 2), AT_30, SHARES, reader, segment="a", stage="x")
    )
    assert rows["drop_off"].flags == ("thin",)
    assert rows["moved_on"].flags == ()


def test_median_with_open_episodes(reader) -> None:
    row = median_metric(cell([1, 2, 3, 5, 5], [1, 1, 1, 0, 0]), Estimand.DWELL_MEDIAN, reader, segment="a", stage="x")
    assert row.estimate == 3
    assert row.interval_low == 1
    assert row.interval_high is None


def test_no_median_while_half_are_under_way(reader) -> None:
    row = median_metric(cell([1, 5, 5], [1, 0, 0]), Estimand.DWELL_MEDIAN, reader, segment="a", stage="x")
    assert (row.estimate, row.event_count) == (None, 1)
