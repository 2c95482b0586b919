"""How far each kind of identifier is trusted to name one person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from journey_mining.privacy import RECORD_KINDS
from journey_mining.vocabulary import Strength
from journey_mining.warehouse import Warehouse


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of identifier."""

    name: str
    """as it stands in `event_identifier.kind`"""
    strength: Strength
    """trust in an edge that ends here"""
    level: int
    """round in which it may join: 1 joins freely, 2 adds to one person of level 1, 3 adds to one person of level 2"""
    is_naming: bool
    """whether a person who has it is somebody of their own, so that a phone may not join two of them"""


def _strong(name: str, *, is_naming: bool = True) -> Kind:
    return Kind(name=name, strength=Strength.STRONG, level=1, is_naming=is_naming)


def _weak(name: str) -> Kind:
    return Kind(name=name, strength=Strength.WEAK, level=3, is_naming=False)


DEFAULT_KINDS = (
    _strong("b24_contact"),
    _strong("crm_id"),
    _strong("user_id"),
    _strong("external_id"),
    # a support desk makes a new user for each new phone: strong inside the desk, nobody outside of it
    _strong("zendesk_user", is_naming=False),
    Kind(name="email", strength=Strength.MEDIUM, level=1, is_naming=True),
    Kind(name="phone", strength=Strength.MEDIUM, level=2, is_naming=False),
    _weak("ym_client"),
    _weak("ga_client"),
    _weak("matomo_visitor"),
    _weak("domain_userid"),
)
"""kinds that several systems share; sources declare their own, and every other kind counts as weak"""


def declared_kinds(warehouse: Warehouse) -> tuple[Kind, ...]:
    """The kinds that sources declare (`declared_kind`), by name; those that everybody shares stay as they are."""
    if "declared_kind" not in warehouse.tables():
        return ()
    shared = {kind.name for kind in DEFAULT_KINDS}
    rows = warehouse.read_arrow("declared_kind", order_by=["kind"]).to_pylist()
    return tuple(_declared(row) for row in rows if row["kind"] not in shared)


def record_kinds(warehouse: Warehouse) -> frozenset[str]:
    """Kinds whose values are published as they are: record numbers of the company's own systems."""
    if "declared_kind" not in warehouse.tables():
        return RECORD_KINDS
    rows = warehouse.read_arrow("declared_kind", order_by=["kind"]).to_pylist()
    return RECORD_KINDS | {row["kind"] for row in rows if not row["is_personal"]}


def _declared(row: dict[str, Any]) -> Kind:
    strength = Strength(row["strength"])
    level = {Strength.STRONG: 1, Strength.MEDIUM: 2, Strength.WEAK: 3}[strength]
    is_naming = bool(row["names_person"]) and strength is Strength.STRONG
    return Kind(name=row["kind"], strength=strength, level=level, is_naming=is_naming)
