"""Limits of the alarms, by simulation: `python tools/alarm_limits.py`. Prints the table of `change/limits.py`.

A chart in a world where nothing changes: 120 days of entries give the usual share, a year more is watched. A limit is
passed within the year by at most one chart in N, so that N charts raise at most one false alarm a year in expectation.
The usual share is estimated as on a real night, so that its error is paid for. The largest limit over shares stands.
"""

from __future__ import annotations

import numpy as np

from journey_mining.change.cusum import ODDS_RATIO, shifted

BASELINE_DAYS, WATCHED_DAYS, WORLDS, SEED = 120, 364, 40_000, 20261122
RATES = (0.25, 0.5, 1, 2, 4, 8, 16, 32, 64)
CHARTS = (4, 9, 18, 36, 72, 144)
SHARES = (0.2, 0.5, 0.8)
LEAST_EVENTS, LEAST_ENTRIES = 5, 30
DAILY_FROM = 2
"""entries a day from which a chart is read every day, else every week"""


def highest_scores(rate: float, share: float, generator: np.random.Generator) -> np.ndarray:
    """The highest score of each world in the year, worse meaning fewer; 0 where the baseline has no spread."""
    entries = generator.poisson(rate * BASELINE_DAYS, WORLDS)
    events = generator.binomial(entries, share)
    usable = (np.minimum(events, entries - events) >= LEAST_EVENTS) & (entries >= LEAST_ENTRIES)
    usual = np.where(usable, events / np.maximum(entries, 1), 0.5)
    worse = shifted(usual, 1 / ODDS_RATIO)
    step = 1 if rate >= DAILY_FROM else 7
    score, highest = np.zeros(WORLDS), np.zeros(WORLDS)
    for _ in range(0, WATCHED_DAYS, step):
        came = generator.poisson(rate * step, WORLDS)
        happened = generator.binomial(came, share)
        change = happened * np.log(worse / usual) + (came - happened) * np.log((1 - worse) / (1 - usual))
        score = np.maximum(0, score + change)
        highest = np.maximum(highest, score)
    return np.where(usable, highest, 0.0)[usable]


def main() -> None:
    """Print the table, a line per rate."""
    generator = np.random.Generator(np.random.PCG64(SEED))
    print("charts:", CHARTS)
    for rate in RATES:
        scores = [highest_scores(rate, share, generator) for share in SHARES]
        usable = [found for found in scores if len(found) > WORLDS / 10]
        limits = [max(float(np.quantile(found, 1 - 1 / charts)) for found in usable) for charts in CHARTS]
        print(f"    {rate}: ({', '.join(f'{limit:.1f}' for limit in limits)}),", flush=True)


if __name__ == "__main__":
    main()
