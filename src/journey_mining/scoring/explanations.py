"""What the numbers may hang on: importance of touchpoints, moments of truth, what-if, root causes, topics.

Everything here is association: docs/methods.md says what each table does and does not show.
"""

from __future__ import annotations

from journey_mining.scoring.moments_of_truth import write_moments
from journey_mining.scoring.occupancy import Reader
from journey_mining.scoring.removal_effect_table import write_importance
from journey_mining.scoring.root_cause_table import write_root_causes
from journey_mining.scoring.topics import write_topics
from journey_mining.scoring.what_if_table import write_what_if
from journey_mining.warehouse import Warehouse


def write_explanations(warehouse: Warehouse, reader: Reader, *, timezone: str) -> dict[str, int]:
    """Write `importance`, `moment_of_truth`, the tables of what-if and of topics, `root_cause`; row counts by table.

    Reads the models of layer 70 and `metric_value`; `timezone` is the one in which weekdays and hours are read.
    """
    importance = write_importance(warehouse, reader)
    return {
        "importance": len(importance),
        "moment_of_truth": write_moments(warehouse, reader, importance),
        **write_what_if(warehouse, reader),
        "root_cause": write_root_causes(warehouse, reader, timezone=timezone),
        **write_topics(warehouse, reader),
    }
