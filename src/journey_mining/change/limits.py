"""Limits of the charts: all charts of a project together raise at most one false alarm a year.

The table comes from `tools/alarm_limits.py`: charts of worlds in which nothing changes, each with a usual share that is
itself estimated from 120 days. A rare stage needs a limit for an uncertain baseline, a busy one for many readings.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right

DAILY_FROM = 2.0
"""entries a day from which a chart is read every day, else every week"""
CHARTS = (4, 9, 18, 36, 72, 144)
LIMITS = {
    0.25: (2.5, 4.0, 5.2, 6.5, 7.7, 8.9),
    0.5: (3.0, 4.8, 6.5, 8.2, 9.8, 11.5),
    1: (3.4, 5.2, 7.2, 9.2, 11.2, 13.2),
    2: (4.3, 6.0, 8.0, 10.4, 12.9, 15.3),
    4: (4.8, 6.2, 7.8, 10.0, 12.6, 15.0),
    8: (5.1, 6.4, 7.6, 9.0, 10.5, 12.4),
    16: (5.5, 6.6, 7.5, 8.6, 9.7, 10.9),
    32: (5.6, 6.6, 7.5, 8.4, 9.3, 10.2),
    64: (5.7, 6.7, 7.5, 8.3, 9.0, 9.9),
}
"""entries a day to the limits for so many charts"""


def limit_for(entries_per_day: float, charts: int) -> float:
    """Limit of a chart, among so many charts, rounded up to a tenth; the higher of the two rates around.

    Fewer charts than 4 are held to the limit of 4: one false alarm in four years. More than 144 continue the logarithm.

    >>> limit_for(8, 18)
    7.6
    """
    rates = sorted(LIMITS)
    lower = rates[max(0, min(bisect_right(rates, entries_per_day) - 1, len(rates) - 1))]
    upper = rates[min(bisect_left(rates, entries_per_day), len(rates) - 1)]
    return math.ceil(10 * max(_at(LIMITS[lower], charts), _at(LIMITS[upper], charts)) - 1e-9) / 10


def _at(limits: tuple[float, ...], charts: int) -> float:
    """Between two numbers of charts the limit grows with the logarithm of their number."""
    place = max(1, min(bisect_left(CHARTS, charts), len(CHARTS) - 1))
    left, right = CHARTS[place - 1], CHARTS[place]
    part = (math.log(max(charts, CHARTS[0])) - math.log(left)) / (math.log(right) - math.log(left))
    return limits[place - 1] + part * (limits[place] - limits[place - 1])
