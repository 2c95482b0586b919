"""What stands behind the numbers of the stages of the invented company: curves, facts, waits, rules, words, runs."""

from __future__ import annotations

import json
from typing import Any

import pyarrow as pa

from journey_mining.warehouse import DuckDBWarehouse
from support import given

FACTS = (("entry_channel", "web", 0.6), ("entry_channel", "crm", 0.38), ("customer_type", "Корпорация", 0.3))


def write_stage_tables(
    warehouse: DuckDBWarehouse, stages: list[str], entered: dict[str, int], *, name: str = ""
) -> None:
    """Write the tables of stage pages so that they agree with the drop-off in `metric_value`; `name` replaces names."""
    metrics = warehouse.read_arrow("metric_value", order_by=["estimand", "segment", "stage"]).to_pylist()
    cells = [row for row in metrics if row["estimand"] == "drop_off" and row["stage"] in stages]
    large = [row for row in cells if row["customer_count"] >= 30]
    _write_curves(warehouse, large)
    _write_facts(warehouse, large, name)
    _write_rules(warehouse, large, name)
    _write_deviations(warehouse, [row for row in large if entered[row["stage"]] > 200], stages)
    bins = ((0.0, 0.25, 0.4), (0.25, 1.0, 0.45), (1.0, None, 0.15))
    waits = [row for row in metrics if row["estimand"] == "answer_wait_median" and row["customer_count"] >= 30]
    rows = [(row["segment"], row["stage"], n, *edges, 20) for row in waits for n, edges in enumerate(bins, start=1)]
    given(warehouse, "wait_bin", "segment stage bin_no from_days until_days wait_share customer_count", rows)
    terms = [(row["segment"], row["stage"], name or "счёт", 44, 900, 3.1, 2.2, 4.4, 0.001, -0.4, "") for row in large]
    columns = "segment stage term customer_count base_customer_count lift lift_low lift_high q_value mean_score flags"
    given(warehouse, "stage_topic", columns, terms, flags=pa.string())
    wrote = [row for row in metrics if row["estimand"] == "voice" and row["customer_count"] >= 10]
    feelings = [
        (row["segment"], row["stage"], "satisfaction", 0.3, 0.2, 0.4, row["customer_count"], 99, "wilson", row["flags"])
        for row in wrote
    ]
    columns = "segment stage feeling share share_low share_high customer_count text_count method flags"
    if feelings:
        given(warehouse, "stage_feeling", columns, feelings, flags=pa.string())


def _write_curves(warehouse: DuckDBWarehouse, cells: list[dict[str, Any]]) -> None:
    rows = [
        (
            row["segment"],
            row["stage"],
            day,
            row["estimate"] * part,
            max(row["interval_low"] * part, 0.0),
            row["interval_high"] * part,
            row["customer_count"],
            row["horizon_days"],
            row["method"],
            "",
        )
        for row in cells
        for day, part in ((0, 0.0), (20, 0.5), (40, 0.8), (row["horizon_days"], 1.0))
    ]
    columns = "segment stage day_no lost_share low high customer_count horizon_days method flags"
    given(warehouse, "stage_curve", columns, rows)


def _write_facts(warehouse: DuckDBWarehouse, cells: list[dict[str, Any]], name: str) -> None:
    rows = []
    for row in cells:
        for condition, value, part in FACTS:
            n, share = int(row["customer_count"] * part), row["estimate"] * (1.2 if value == "web" else 0.8)
            rows.append(
                (
                    *(row["segment"], row["stage"], condition, value),
                    *(name or f"канал или тип: {value}", name or f"channel or type: {value}"),
                    *(n, row["customer_count"] - n, share, max(share - 0.03, 0.0), share + 0.03, row["estimate"]),
                    *(share - row["estimate"], -0.1, 0.1, n * (share - row["estimate"]), 0.01),
                    *(0.02 if value == "web" else 0.4, row["horizon_days"], "aalen_johansen"),
                    "small" if n < 10 else "thin" if n < 30 else "",
                )
            )
    columns = (
        "segment stage condition condition_value text_ru text_en customer_count other_count drop_off low "
        "high other_drop_off difference difference_low difference_high excess_count p_value q_value horizon_days "
        "method flags"
    )
    given(warehouse, "stage_fact", columns, rows)


def _write_rules(warehouse: DuckDBWarehouse, cells: list[dict[str, Any]], name: str) -> None:
    rule = json.dumps([{"condition": "entry_channel", "value": "web"}])
    rows = [
        (
            *(row["segment"], row["stage"], name or "канал входа: сайт", name or "channel of entry: website", rule),
            *(80, 90, 0.4, 0.2, 0.2, 0.08, 0.31, 0.001, 0.004, 0.1, True, row["horizon_days"]),
            *("subgroup_holdout_newcombe", ""),
        )
        for row in cells
        if row["customer_count"] >= 300
    ]
    columns = (
        "segment stage rule_text_ru rule_text_en condition customer_count other_count lost_share other_share "
        "difference low high p_value q_value search_quality is_confirmed horizon_days method flags"
    )
    if rows:
        given(warehouse, "root_cause", columns, rows)


def _write_deviations(warehouse: DuckDBWarehouse, cells: list[dict[str, Any]], stages: list[str]) -> None:
    rows = []
    for number, row in enumerate(cells, start=1):
        before = stages[max(stages.index(row["stage"]) - 1, 0)]
        rows.append((row["segment"], number, "skipped", row["stage"], "", 40, 40, 400, 0.1, 0.08, 0.13, 1.0))
        rows.append((row["segment"], 100 + number, "extra", row["stage"], before, 14, 14, 400, 0.03, 0.02, 0.05, 1.2))
    rows = [(*row, 1.6, 1.2, 2.1, 0.01, 40, "") for row in rows]
    columns = (
        "segment deviation_no kind step after_step journey_count customer_count base_customer_count share share_low "
        "share_high mean_times loss_ratio loss_ratio_low loss_ratio_high q_value mature_days flags"
    )
    given(warehouse, "path_deviation", columns, rows)
