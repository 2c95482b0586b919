"""How far each kind of identifier is trusted to name one person."""

from __future__ import annotations

from dataclasses import dataclass

from journey_mining.vocabulary import Strength


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
    _strong("amo_contact"),
    _strong("hubspot_contact"),
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
"""kinds that shipped sources use; every other kind counts as weak"""
