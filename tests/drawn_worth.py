"""What the invented company adds to its tables about worth and about the run: importance, opportunities, totals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pyarrow as pa

from journey_mining.gates.measure import GATE_RESULT
from journey_mining.scoring.moments_of_truth import MOMENT_SCHEMA
from journey_mining.scoring.opportunity import OPPORTUNITY_SCHEMA
from journey_mining.scoring.removal_effect_table import IMPORTANCE_SCHEMA
from journey_mining.warehouse import DuckDBWarehouse
from support import given

Row = dict[str, Any]
Met = dict[str, list[tuple[str, str, str, str]]]
"""touchpoints by stage: id, Russian and English name, icon"""


def fill_worth(warehouse: DuckDBWarehouse, met: Met, members: dict[str, int], *, name: str = "") -> None:
    """Write importance, moments of truth and opportunities of segments with so many customers."""
    metrics = warehouse.read_arrow("metric_value", order_by=("estimand", "segment", "stage")).to_pylist()
    places = [(stage, touchpoint) for stage, found in met.items() for touchpoint in found]
    kept = {segment: n for segment, n in members.items() if n >= 30}
    tables: dict[str, tuple[pa.Schema, list[Row]]] = {
        "importance": (
            IMPORTANCE_SCHEMA,
            [
                _importance(segment, n, t, rank, len(places), name)
                for segment, n in kept.items()
                for rank, (_, t) in enumerate(places, start=1)
            ],
        ),
        "moment_of_truth": (
            MOMENT_SCHEMA,
            [
                {"segment": segment, "touchpoint": t[0], "stage": stage, "is_moment_of_truth": rank == 2}
                for segment in kept
                for rank, (stage, t) in enumerate(places, start=1)
            ],
        ),
        "opportunity": (
            OPPORTUNITY_SCHEMA,
            [_opportunity(row) for row in metrics if row["estimand"] == "drop_off" and row["segment"] in kept],
        ),
    }
    for table, (schema, rows) in tables.items():
        ordered = sorted(rows, key=lambda row: (row["segment"], row.get("stage", ""), row.get("touchpoint", "")))
        warehouse.write(table, pa.Table.from_pylist(ordered, schema=schema))


def _importance(
    segment: str, customers: int, touchpoint: tuple[str, str, str, str], rank: int, ranked: int, name: str
) -> Row:
    effect = 1 - 0.9 * rank / (ranked + 1)
    return {
        "segment": segment,
        "touchpoint": touchpoint[0],
        "name_ru": name or touchpoint[1],
        "name_en": name or touchpoint[2],
        "reach_share": 0.6 - 0.4 * rank / (ranked + 1),
        "removal_effect": effect,
        "removal_low": max(0.0, effect - 0.05),
        "removal_high": min(1.0, effect + 0.05),
        "won_share": 0.2,
        "rank": rank,
        "rank_low": max(1, rank - 1),
        "rank_high": min(ranked, rank + 1),
        "customer_count": customers // 2,
        "journey_count": customers // 2,
        "is_placebo": False,
        "is_order_dependent": False,
        "method": "aalen_johansen_chain",
        "flags": "thin" if customers // 2 < 30 else "like_placebo" if rank % 4 == 0 else "",
    }


def _opportunity(row: Row) -> Row:
    loss, customers = row["estimate"] or 0.0, row["customer_count"]
    excess = max(loss - 0.2, 0.0)
    return {
        "segment": row["segment"],
        "stage": row["stage"],
        "reach_per_quarter": 0.44 * customers,
        "drop_off": loss,
        "reference": 0.2,
        "reference_kind": "rest",
        "excess": excess,
        "journeys_kept": 0.44 * customers * excess,
        "value": 1500.0,
        "unit": "money",
        "currency": "RUB",
        "amount": 0.44 * customers * excess * 1500,
        "amount_low": 0.3 * customers * excess * 1500,
        "amount_high": 0.6 * customers * excess * 1500,
        "probability_positive": 1.0 if excess else 0.2,
        "customer_count": customers,
        "reference_customer_count": 500,
        "horizon_days": row["horizon_days"],
        "method": "empirical_bayes",
        "flags": ",".join([*filter(None, [row["flags"]]), *([] if excess else ["not_proven"])]),
    }


_GATES: tuple[tuple[Any, ...], ...] = (
    ("bitrix24", "coverage", 0.971, 41022, 0.9, 0.5, "ok"),
    ("bitrix24", "quarantine", 0.002, 30100, 0.01, 0.2, "ok"),
    ("metrica", "coverage", 0.884, 412880, 0.9, 0.5, "warn"),
    ("metrica", "quarantine", 0.0122, 418000, 0.01, 0.2, "warn"),
    ("metrica", "volume", None, 0, 0.5, 0.2, "unknown"),
    ("zendesk", "match_rate", 0.61, 410, None, None, "unset"),
)
"""source, gate, value, rows that it is of, limits, standing; none fails, so that alarms are not muted"""


def _gate(
    source: str, gate: str, value: float | None, base: int, warn: float | None, fail: float | None, standing: str
) -> Row:
    return {
        "source": source,
        "gate": gate,
        "value": value,
        "low": None,
        "high": None,
        "base_count": base,
        "warn_at": warn,
        "fail_at": fail,
        "standing": standing,
    }


def fill_run(warehouse: DuckDBWarehouse, journeys: int, snapshot: datetime) -> None:
    """Write what the run tells of itself, and how its sources stand to their limits."""
    mark = "0123456789abcdef" * 4
    given(
        warehouse,
        "loaded_file",
        "file_id source stream path snapshot_at rows_read rows_accepted rows_quarantined rows_collapsed",
        [
            (mark, "bitrix24", "deals", "bitrix24/deals_2026-09-28.csv", snapshot, 30100, 30040, 60, 0),
            (mark[::-1], "metrica", "hits", "metrica/hits_2026-09.tsv.gz", snapshot, 418000, 412880, 5120, 0),
        ],
    )
    warehouse.write("gate_result", pa.Table.from_pylist([_gate(*row) for row in _GATES], schema=GATE_RESULT))
    given(
        warehouse,
        "run_total",
        "total part side amount",
        [
            ("events", "event", "whole", 463022),
            ("events", "source_status", "same", 463022),
            ("journeys", "segment_member", "whole", journeys),
            ("journeys", "trace_variant", "same", journeys),
            ("texts", "event_text", "whole", 410),
            ("texts", "sentiment", "same", 409),
            ("rows", "rows_read", "whole", 448100),
            ("rows", "rows_accepted", "part", 442920),
            ("rows", "rows_quarantined", "part", 5180),
        ],
    )
    given(
        warehouse,
        "identity_quality",
        "measure part amount base",
        [
            ("edge", "joined", 14900, 15607),
            ("edge", "shared_mailbox", 700, 15607),
            ("edge", "zero", 7, 15607),
            ("event_tied", "bitrix24", 41022, 41022),
            ("event_tied", "metrica", 300000, 412880),
            ("person_in_sources", "1", 2400, 4800),
            ("person_in_sources", "2", 2400, 4800),
        ],
    )


def fill_personas(warehouse: DuckDBWarehouse, members: dict[str, int], *, name: str = "") -> None:
    """Write what was measured for persona cards: one word that sets a segment apart, one that does not, one gap."""
    rows = []
    for segment, n in members.items():
        if segment == "all" or n < 10:
            continue
        flags = "thin" if n < 30 else ""
        rows += [
            (segment, "device", name or "desktop", 0.72, 0.68, 0.76, n, n, "measured", 0.55, 0.0004, flags),
            (segment, "day_part", "evening", 0.41, 0.37, 0.45, n, n, "measured", 0.4, 0.61, flags),
            (segment, "region", None, None, None, None, None, n, "no_data", None, None, ""),
        ]
    given(
        warehouse,
        "persona_fact",
        "segment field value number low high known_count customer_count evidence other_number q_value flags",
        rows,
    )
