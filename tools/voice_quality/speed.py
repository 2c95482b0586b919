"""Messages a CPU second on one core, cleaning, language and features included: the median of seven rounds.

A busy machine takes caches away and makes CPU seconds worth less, so that its load is recorded as well.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from typing import Any

from journey_mining.voice.embedded import EmbeddedEngine

ROUNDS, MESSAGES = 7, 20_000
_SEED = 1


def speed(engine: EmbeddedEngine, texts: list[str]) -> dict[str, Any]:
    """The speed on a sample of these texts; CPU time, as other work on the machine stretches the clock."""
    sample = random.Random(_SEED).choices(texts, k=MESSAGES)  # noqa: S311 - a sample, no secret
    found = []
    for _ in range(ROUNDS):
        started = time.process_time()
        engine.score(sample)
        found.append(MESSAGES / (time.process_time() - started))
    return {
        "characters": round(sum(map(len, sample)) / MESSAGES),
        "a_second": round(statistics.median(found), -2),
        "least": round(min(found), -2),
        "most": round(max(found), -2),
        "load_average": round(os.getloadavg()[0]),
        "cores": os.cpu_count(),
    }
