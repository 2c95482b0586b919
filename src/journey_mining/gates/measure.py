"""The step that holds each source against its limits.

In: tables of layers 30 to 50. Out: the models of layer 75 and `gate_result`, a row for each source and gate. Values are
measured whether or not a limit is set, so that somebody who sets one knows what is usual.
"""

from __future__ import annotations

import pyarrow as pa

from journey_mining.errors import CheckFailedError
from journey_mining.gates.values import Measured, measured
from journey_mining.project import GateLimit, GateSettings, Project
from journey_mining.report import Problem, StepReport
from journey_mining.scoring.metric import Thresholds
from journey_mining.warehouse import Warehouse, layer_models

OK, WARN, FAIL, UNSET, UNKNOWN = "ok", "warn", "fail", "unset", "unknown"
_HIGH = frozenset({"freshness", "quarantine"})
"""gates whose values should be low"""
GATE_RESULT = pa.schema(
    [
        ("source", pa.string()),
        ("gate", pa.string()),
        ("value", pa.float64()),
        ("low", pa.float64()),
        ("high", pa.float64()),
        ("base_count", pa.int64()),
        ("warn_at", pa.float64()),
        ("fail_at", pa.float64()),
        ("standing", pa.string()),
    ]
)


def measure_gates(warehouse: Warehouse, project: Project) -> StepReport:
    """Write `gate_result`; how many gates warn or fail, and a problem for each of them.

    How old a source is against the clock is asked at the end of every run (`old_sources`), so that freshness is no
    problem of this step.

    Raises:
        CheckFailedError: a gate fails and `gates.on_fail` is "stop".
    """
    scores, gates = project.settings.scores, project.settings.gates
    warehouse.build_all(layer_models("gates"))
    cells = Thresholds(small=scores.small_cell, thin=scores.thin_cell)
    rows = [_row(one, gates) for one in measured(warehouse, cells=cells, confidence=scores.confidence)]
    warehouse.write("gate_result", pa.Table.from_pylist(rows, schema=GATE_RESULT))
    failing = [row for row in rows if row["standing"] == FAIL]
    if failing and gates.on_fail == "stop":
        said = " ".join(_problem(row).text for row in failing)
        raise CheckFailedError(
            f"Quality gates fail. {said}",
            expected="values within the limits of [gates] in journey.toml.",
            todo="Deliver what is missing, or change the limit; the last good site stays.",
            code="GATE_FAILED",
        )
    told = [row for row in rows if row["standing"] in (WARN, FAIL) and row["gate"] != "freshness"]
    problems = [_problem(row) for row in told]
    counts = {f"gates_{name}": sum(row["standing"] == name for row in rows) for name in (OK, WARN, FAIL)}
    return StepReport(counts=counts, problems=(*problems, *_strangers(rows, gates)))


def red_sources(warehouse: Warehouse) -> tuple[str, ...]:
    """Sources of which a gate fails, sorted; while there are any, alarms about behaviour are muted."""
    if "gate_result" not in warehouse.tables():
        return ()
    rows = warehouse.execute("select distinct source from gate_result where standing = ? order by source", [FAIL])
    return tuple(str(source) for (source,) in rows)


def standing_of(gate: str, value: float | None, limit: GateLimit) -> str:
    """How a value stands to its limit; a volume may be as far above the usual as below it."""
    if limit.warn is None and limit.fail is None:
        return UNSET
    if value is None:
        return UNKNOWN
    for bound, standing in ((limit.fail, FAIL), (limit.warn, WARN)):
        if bound is None:
            continue
        is_beyond = value > bound if gate in _HIGH else value < bound
        if gate == "volume":
            is_beyond = not bound <= value <= 1 / bound
        if is_beyond:
            return standing
    return OK


def _row(one: Measured, gates: GateSettings) -> dict[str, object]:
    limit = gates.limit(one.gate, one.source)
    return {
        "source": one.source,
        "gate": one.gate,
        "value": _rounded(one.value),
        "low": _rounded(one.low),
        "high": _rounded(one.high),
        "base_count": one.base,
        "warn_at": limit.warn,
        "fail_at": limit.fail,
        "standing": standing_of(one.gate, one.value, limit),
    }


def _problem(row: dict[str, object]) -> Problem:
    source, gate, standing, value, bound = _named(row)
    return Problem(
        code="GATE_FAIL" if standing == FAIL else "GATE_WARN",
        where=_place(row),
        text=f"{source}: {gate} {standing}s at {value}, the limit is {bound}. "
        "Look at the last deliveries of this source.",
    )


def _named(row: dict[str, object]) -> tuple[str, str, str, str, str]:
    """Source, gate, standing, value and limit in words."""
    bound = row["fail_at"] if row["standing"] == FAIL else row["warn_at"]
    gate = str(row["gate"]).replace("_", " ")
    return str(row["source"]), gate, str(row["standing"]), f"{row['value']:.3g}", f"{bound:.3g}"


def _place(row: dict[str, object]) -> str:
    return f"{row['source']}/{row['gate']}"


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _strangers(rows: list[dict[str, object]], gates: GateSettings) -> list[Problem]:
    known = {str(row["source"]) for row in rows}
    return [
        Problem(
            code="GATE_SETTING",
            where=f"[gates.source.{name}]",
            text=f"journey.toml sets gates for {name}, which is no source of the project. Expected: one of "
            f"{', '.join(sorted(known))}. To do: correct the name.",
        )
        for name in sorted(set(gates.source) - known)
    ]
