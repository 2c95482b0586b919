"""The identity step: three levels of joining, each more careful than the one before."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from journey_mining.identity.components import WORK_TABLES, label_components, rename
from journey_mining.identity.kinds import DEFAULT_KINDS, Kind
from journey_mining.project import Project
from journey_mining.report import Problem, StepReport
from journey_mining.vocabulary import Strength
from journey_mining.warehouse import Warehouse, layer_models, model_named

FAN_OUT_CAP = 5
"""an identifier that stands with more contacts than this belongs to none of them"""
REVIEW_CAP = 25
"""a person with more identifiers than this is put up for review"""
_LEVELS = (1, 2, 3)
_TRUST = {Strength.STRONG: 1, Strength.MEDIUM: 2, Strength.WEAK: 3}
_FIRST_MODELS = ("identifier_node", "event_node", "star_edge")
_BRIDGE_MODELS = ("naming_group", "bridge_touch", "shared_bridge", "bridge_edge")
_OTHER_WORK_TABLES = (
    "identifier_kind",
    "identity_setting",
    "identity_group",
    "blocked_node",
    "level_edge",
    "settled_group",
)


def stitch(warehouse: Warehouse, project: Project, *, kinds: Sequence[Kind] = DEFAULT_KINDS) -> StepReport:
    """Decide which identifiers are one person: first contacts and e-mails, then phones, then cookies.

    Reads `event` and `event_identifier`; writes `identifier_edge`, `person_identifier`, `person`, `event_person` and
    `identity_review`. Everything is built anew, so undoing a merge is removing its evidence and running again.
    """
    del project  # caps and kinds are not settings yet; the step has the signature of every step
    _write_kinds(warehouse, kinds)
    _write_settings(warehouse, level=1)
    warehouse.build_all(model_named(name) for name in _FIRST_MODELS)
    warehouse.build(model_named("identity_group"))
    warehouse.build(model_named("blocked_early"))
    rename(warehouse, "blocked_early", "blocked_node")
    for level in _LEVELS:
        _settle(warehouse, level)
    counts = warehouse.build_all(layer_models("identity"))
    blocked = _blocked(warehouse)
    for table in (*_FIRST_MODELS, *_BRIDGE_MODELS, *WORK_TABLES, *_OTHER_WORK_TABLES):
        warehouse.drop(table)
    return StepReport(counts={**counts, **blocked}, problems=_problems(counts["identity_review"]))


def _settle(warehouse: Warehouse, level: int) -> None:
    _write_settings(warehouse, level=level)
    if not warehouse.build(model_named("level_edge")):
        return
    warehouse.build_all(model_named(name) for name in _BRIDGE_MODELS)
    label_components(warehouse)
    warehouse.build(model_named("settled_group"))
    rename(warehouse, "settled_group", "identity_group")
    shared = warehouse.read_arrow("shared_bridge", order_by=["node_no"], columns=["node_no", "reason"])
    warehouse.append("blocked_node", shared)


def _write_kinds(warehouse: Warehouse, kinds: Sequence[Kind]) -> None:
    ordered = sorted(kinds, key=lambda kind: kind.name)
    columns = {
        "kind": pa.array([kind.name for kind in ordered], type=pa.string()),
        "trust": pa.array([_TRUST[kind.strength] for kind in ordered], type=pa.int32()),
        "level": pa.array([kind.level for kind in ordered], type=pa.int32()),
        "is_naming": pa.array([kind.is_naming for kind in ordered], type=pa.bool_()),
    }
    warehouse.write("identifier_kind", pa.table(columns))


def _write_settings(warehouse: Warehouse, *, level: int) -> None:
    values = {"level": level, "fan_out_cap": FAN_OUT_CAP, "review_cap": REVIEW_CAP}
    warehouse.write("identity_setting", pa.table({name: pa.array([value]) for name, value in values.items()}))


def _blocked(warehouse: Warehouse) -> dict[str, int]:
    reasons = warehouse.read_arrow("blocked_node", columns=["reason"])["reason"].value_counts().to_pylist()
    return {f"blocked: {row['values']}": row["counts"] for row in sorted(reasons, key=lambda row: str(row["values"]))}


def _problems(review_count: int) -> tuple[Problem, ...]:
    if not review_count:
        return ()
    text = (
        f"{review_count} persons have more than {REVIEW_CAP} identifiers. Expected: a handful each. "
        "To do: look at identity_review with `journey identity explain`, and block the identifier that joins them."
    )
    return (Problem(code="IDENTITY_REVIEW", where="identity_review", text=text, is_notice=True),)
