"""What changed: the memory of runs, alarms, drift of paths, effects of actions, and what segments are like.

In: tables of layers 30 to 70 and earlier published runs. Out: the tables of layer 80. `measure_change` is the step of
the line; `keep_run` remembers a run once it is published.
"""

from __future__ import annotations

from journey_mining.change.history import StoredRun, history_folder, keep_run, read_runs
from journey_mining.change.measure import measure_change

__all__ = ["StoredRun", "history_folder", "keep_run", "measure_change", "read_runs"]
