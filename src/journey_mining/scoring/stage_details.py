"""What stands behind the numbers of a stage: losses over time, drop-off by fact, lengths of waits.

In: the models of layer 70 and the horizons of the stages. Out: the tables `stage_curve`, `stage_fact`, `wait_bin`.
"""

from __future__ import annotations

import pandas as pd

from journey_mining.scoring.answer_waits import wait_bin_table
from journey_mining.scoring.occupancy import Reader
from journey_mining.scoring.stage_curves import stage_curve_table
from journey_mining.scoring.stage_facts import stage_fact_table
from journey_mining.scoring.stages import StageHorizon
from journey_mining.warehouse import Warehouse


def write_stage_details(
    warehouse: Warehouse,
    episodes: pd.DataFrame,
    waits: pd.DataFrame,
    horizons: list[StageHorizon],
    segments: list[str],
    reader: Reader,
) -> dict[str, int]:
    """Write the three tables; their row counts. `episodes` and `waits` have `person_no`."""
    conditions = warehouse.read("episode_condition", order_by=["journey_id", "episode_no", "condition"])
    stages = warehouse.read("stage", order_by=["stage_no"]).to_dict("records")
    names = {str(row["stage"]): (str(row["name_ru"]), str(row["name_en"])) for row in stages}
    tables = {
        "stage_curve": stage_curve_table(episodes, horizons, segments, reader),
        "stage_fact": stage_fact_table(episodes, conditions, horizons, segments, names, reader),
        "wait_bin": wait_bin_table(waits, list(names), segments, reader),
    }
    for name, table in tables.items():
        warehouse.write(name, table)
    return {name: int(table.num_rows) for name, table in tables.items()}
