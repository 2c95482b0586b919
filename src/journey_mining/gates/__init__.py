"""Quality gates: is each source as complete and as usable as it usually is?

Stands between the scores and what changed. `measure_gates` writes `gate_result`; `old_sources` holds the age of what is
published against the clock.
"""

from __future__ import annotations

from journey_mining.gates.ages import SourceAge, old_sources
from journey_mining.gates.measure import FAIL, measure_gates, red_sources

__all__ = ["FAIL", "SourceAge", "measure_gates", "old_sources", "red_sources"]
