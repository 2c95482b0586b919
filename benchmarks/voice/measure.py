"""Speed of the embedded sentiment engine, as a ratio to VADER in the same process where that is installed.

    python benchmarks/voice/measure.py [--texts FILE.parquet] [--vader FOLDER]

Prints messages a CPU second on one core, cleaning included: the median of five rounds in which both take turns. A ratio
carries from machine to machine, a speed does not.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd

from journey_mining.voice import embedded_engine

ROUNDS, MESSAGES = 5, 20_000


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--texts", type=Path, required=True, help="a column `text` of messages")
    arguments.add_argument("--vader", type=Path, help="folder into which vaderSentiment was installed")
    given = arguments.parse_args()
    texts = pd.read_parquet(given.texts, columns=["text"])["text"].tolist()
    texts = random.Random(1).choices(texts, k=MESSAGES)  # noqa: S311 - a sample, no secret
    contenders: dict[str, Callable[[list[str]], object]] = {"embedded": embedded_engine().score}
    if given.vader:
        sys.path.insert(0, str(given.vader))
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

        judge = SentimentIntensityAnalyzer()
        contenders["vader"] = lambda messages: [judge.polarity_scores(text) for text in messages]
    speeds: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(ROUNDS):
        for name, score in contenders.items():
            started = time.process_time()
            score(texts)
            speeds[name].append(MESSAGES / (time.process_time() - started))
    middle = {name: statistics.median(values) for name, values in speeds.items()}
    print(f"{sum(map(len, texts)) / MESSAGES:.0f} characters a message")
    for name, speed in middle.items():
        print(f"{name}: {speed:,.0f} messages a CPU second, {speed / middle.get('vader', speed):.2f} of VADER")


if __name__ == "__main__":
    main()
