"""The identity step: three levels of joining, each more careful than the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyarrow as pa

from journey_mining.identity.clusters import Limits
from journey_mining.identity.components import WORK_TABLES, label_components
from journey_mining.identity.kinds import DEFAULT_KINDS, Kind, declared_kinds
from journey_mining.identity.overrides import apply_overrides
from journey_mining.identity.regrouping import (
    REGROUPING_TABLES,
    part_suspects,
    settle_conflicts,
    split_people,
    start_regrouping,
)
from journey_mining.project import Project
from journey_mining.report import Problem, StepReport
from journey_mining.vocabulary import Strength
from journey_mining.warehouse import Warehouse, layer_models, model_named

FAN_OUT_CAP = 5
"""an identifier that stands with more contacts than this belongs to none of them"""
REVIEW_CAP = 25
"""a person with more identifiers than this is put up for review"""
ADDRESS_CAP = 3
"""a person with more e-mails, or more phones, than this is put up for review"""
CHAIN_CAP = 4
"""a person with identifiers that lie more steps of evidence apart than this is put up for review"""
DOMAIN_CAP = 100
"""a mail domain of more people than this, of whom no record of a company is known, is taken for a public one"""
LIMITS = Limits(identifiers=REVIEW_CAP, addresses=ADDRESS_CAP, steps=CHAIN_CAP)
_LEVELS = (1, 2, 3)
_TRUST = {Strength.STRONG: 1, Strength.MEDIUM: 2, Strength.WEAK: 3}
_FIRST_MODELS = ("identifier_node", "event_node", "star_edge")
_BRIDGE_MODELS = ("naming_group", "bridge_touch", "shared_bridge", "bridge_edge")
_LAST_MODELS = ("device_login", "device_span")
_WORKING_MODELS = (*_FIRST_MODELS, *_BRIDGE_MODELS, *_LAST_MODELS, "card_address", "twin_record", "record_edge")
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

    Reads `event` and `event_identifier`; writes `identifier_edge`, `person_identifier`, `person`, `event_person`,
    `identity_review`, `account` and `account_person`. Everything is built anew, so undoing a merge is removing its
    evidence, or adding a split to `overrides.toml`, and running again.
    """
    _write_kinds(warehouse, (*kinds, *declared_kinds(warehouse)))
    _write_settings(warehouse, level=1)
    warehouse.build_all(model_named(name) for name in _FIRST_MODELS)
    applied = apply_overrides(warehouse, project)
    warehouse.build(model_named("identity_group"))
    warehouse.build(model_named("blocked_early"))
    warehouse.rename("blocked_early", "blocked_node")
    start_regrouping(warehouse)
    _join_records(warehouse)
    for level in _LEVELS:
        _settle(warehouse, level)
        if level == 1:
            settle_conflicts(warehouse)
    split_people(warehouse, applied.splits)
    part_suspects(warehouse, LIMITS)
    warehouse.build_all(model_named(name) for name in _LAST_MODELS)
    counts = warehouse.build_all(layer_models("identity"))
    blocked = _blocked(warehouse)
    for table in (*_WORKING_MODELS, *WORK_TABLES, *REGROUPING_TABLES, *_OTHER_WORK_TABLES):
        warehouse.drop(table)
    return StepReport(
        counts={**_told_first(counts), **blocked, **counts},
        problems=(*applied.problems, *_problems(counts["identity_review"])),
    )


def _join_records(warehouse: Warehouse) -> None:
    """Join what is one person by somebody's word, or by two addresses, before anything is weighed."""
    warehouse.build_all(model_named(name) for name in ("card_address", "twin_record"))
    if warehouse.build(model_named("record_edge")):
        warehouse.rename("record_edge", "bridge_edge")
        label_components(warehouse)
        warehouse.build(model_named("record_group"))
        warehouse.rename("record_group", "identity_group")
    warehouse.build(model_named("naming_record"))


def _settle(warehouse: Warehouse, level: int) -> None:
    _write_settings(warehouse, level=level)
    if not warehouse.build(model_named("level_edge")):
        return
    warehouse.build_all(model_named(name) for name in _BRIDGE_MODELS)
    label_components(warehouse)
    warehouse.build(model_named("settled_group"))
    warehouse.rename("settled_group", "identity_group")
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
    caps = {"fan_out_cap": FAN_OUT_CAP, "review_cap": REVIEW_CAP, "address_cap": ADDRESS_CAP, "domain_cap": DOMAIN_CAP}
    values = {"level": level, **caps}
    warehouse.write("identity_setting", pa.table({name: pa.array([value]) for name, value in values.items()}))


def _blocked(warehouse: Warehouse) -> dict[str, int]:
    """Identifiers that may join nobody, then ties that were cut, by reason."""
    counts: dict[str, int] = {}
    for word, table in (("blocked", "blocked_node"), ("cut", "cut_tie")):
        reasons = warehouse.read_arrow(table, columns=["reason"])["reason"].value_counts().to_pylist()
        ordered = sorted(reasons, key=lambda row: str(row["values"]))
        counts |= {f"{word}: {row['values']}": row["counts"] for row in ordered}
    return counts


def _told_first(counts: Mapping[str, int]) -> dict[str, int]:
    """What a person wants to see first; a terminal shows a few counts only."""
    return {name: counts[name] for name in ("person", "account", "identifier_edge")}


def _problems(review_count: int) -> tuple[Problem, ...]:
    if not review_count:
        return ()
    text = (
        f"{review_count} findings on persons that may be several people. Expected: at most {REVIEW_CAP} identifiers, "
        f"{ADDRESS_CAP} e-mails and {ADDRESS_CAP} phones a person, all close together. To do: look at them with "
        "`journey identity review`; it prints what to paste into overrides.toml where they are not one."
    )
    return (Problem(code="IDENTITY_REVIEW", where="identity_review", text=text, is_notice=True),)
