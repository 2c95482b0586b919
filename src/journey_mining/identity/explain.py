"""Why two identifiers are one person or are not, in words that show nobody's e-mail or phone.

In: identifiers as a person types them, and the key of the project. Out: values, and plain text for a terminal.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial

from journey_mining.errors import NotFoundError
from journey_mining.identity.evidence import Link, Node, identifiers_of, links_of, persons_of, shortest_chain
from journey_mining.identity.kinds import record_kinds
from journey_mining.privacy import block_reason, normalise_identifier, pseudonym
from journey_mining.warehouse import Warehouse

_SHOWN = 4
"""characters of a value that are shown"""
_REASONS = {
    "zero": "the value is a zero, which stands for nobody",
    "placeholder": "the value is a placeholder, which stands for nobody",
    "test_mailbox": "the address is a test mailbox",
    "made_up_phone": "the number was made up to get past a form",
    "shared_mailbox": "several people or a machine write from this address",
    "fan_out": "it stands with too many contacts to belong to one of them",
    "shared_phone": "the phone is used by several people",
    "shared_email": "the address stands on records of several people",
    "shared_record": "the record stands with records of several people",
    "shared_device": "the device is used by several people",
    "handed_over": "the device passed from one person to the next; its events go to whoever had it at the time",
    "several_people": "the only events that show both also name other people",
    "excluded_event": "only bots, staff or tests showed both",
    "conflict": "joining them would join two different people",
    "weak_bridge": "nothing else held two groups together that looked like a crowd",
    "override": "overrides.toml says that they are two people",
}


class Verdict(StrEnum):
    """What is known about two identifiers."""

    SAME = "same"
    BLOCKED = "blocked"
    """a chain exists, but part of it may not join people"""
    APART = "apart"
    """no evidence connects them"""
    UNKNOWN = "unknown"
    """at least one of them was never seen"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The answer about two identifiers."""

    a: Node
    b: Node
    verdict: Verdict
    chain: tuple[Link, ...] = ()
    """shortest chain from a to b; for `blocked` it holds at least one blocked link"""
    unknown: tuple[Node, ...] = ()
    """those of the two that were never seen"""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownIdentifier:
    """One identifier of a person."""

    node: Node
    event_count: int
    first_seen_at: datetime
    last_seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonExplanation:
    """Everything that makes up one person."""

    person_id: str
    identifiers: tuple[KnownIdentifier, ...]
    links: tuple[Link, ...]
    """edges that end in one of the identifiers, those that join first"""


def explain(warehouse: Warehouse, a: tuple[str, str], b: tuple[str, str], key: bytes) -> Explanation:
    """Whether two identifiers, each (kind, plain value), are one person, with the shortest chain of evidence.

    Raises:
        NotFoundError: a value cannot be an identifier of its kind.
    """
    start, goal = published(warehouse, a, key), published(warehouse, b, key)
    from_nodes = partial(links_of, warehouse)
    persons = persons_of(warehouse, (start, goal))
    unknown = tuple(node for node in (start, goal) if node not in persons and not from_nodes([node]))
    if unknown:
        return Explanation(a=start, b=goal, verdict=Verdict.UNKNOWN, unknown=unknown)
    is_same = start == goal or (start in persons and persons[start] == persons.get(goal))
    chain = shortest_chain(start, goal, from_nodes, with_blocked=not is_same)
    verdict = Verdict.SAME if is_same else Verdict.BLOCKED if chain else Verdict.APART
    return Explanation(a=start, b=goal, verdict=verdict, chain=chain or ())


def explain_person(warehouse: Warehouse, identifier: tuple[str, str], key: bytes) -> PersonExplanation:
    """All identifiers and edges of the person who has an identifier, given as (kind, plain value).

    Raises:
        NotFoundError: nobody has it.
    """
    node = published(warehouse, identifier, key)
    person_id = persons_of(warehouse, [node]).get(node)
    if person_id is None:
        reason = block_reason(*identifier)
        raise NotFoundError(
            f"Nobody is known by {masked(node)}{f': {_REASONS[reason]}' if reason else ''}.",
            expected="an identifier that stands on some event, such as email:..., phone:... or b24_contact:....",
            todo="Check the spelling, and that the exports that hold it were loaded with the same key.",
        )
    known = known_identifiers(warehouse, person_id)
    links = links_of(warehouse, [identifier.node for identifier in known])
    return PersonExplanation(person_id=person_id, identifiers=known, links=tuple(links))


def known_identifiers(warehouse: Warehouse, person_id: str) -> tuple[KnownIdentifier, ...]:
    """The identifiers of a person, ordered."""
    return tuple(
        KnownIdentifier(node=(kind, value), event_count=count, first_seen_at=first, last_seen_at=last)
        for kind, value, count, first, last in identifiers_of(warehouse, person_id)
    )


def published(warehouse: Warehouse, identifier: tuple[str, str], key: bytes) -> Node:
    """An identifier in the form in which the published warehouse holds it.

    Raises:
        NotFoundError: the value cannot be an identifier of its kind.
    """
    kind, plain = identifier
    value = normalise_identifier(kind, plain)
    if value is None:
        raise NotFoundError(
            f"The value given for {kind} cannot be one.",
            expected="a whole phone number, an e-mail address, or the number of a record.",
            todo="Write it as kind:value, for example email:name@firm.example.",
        )
    return kind, pseudonym(kind, value, key, record_kinds(warehouse))


def masked(node: Node) -> str:
    """Kind and last characters of an identifier: enough to tell two apart, too little to know whose they are.

    >>> masked(("phone", "0123456789abcdef"))
    'phone …cdef'
    """
    kind, value = node
    return f"{kind} …{value[-min(_SHOWN, (len(value) + 1) // 2) :]}"


def explanation_text(explanation: Explanation) -> str:
    """The answer about two identifiers for a terminal, one link of the chain a line."""
    a, b = masked(explanation.a), masked(explanation.b)
    heads = {
        Verdict.SAME: f"{a} and {b} are one person.",
        Verdict.BLOCKED: f"{a} and {b} are not one person: what connects them may not join people.",
        Verdict.APART: f"{a} and {b} are not one person: no event connects them.",
        Verdict.UNKNOWN: f"Never seen: {', '.join(masked(node) for node in explanation.unknown)}.",
    }
    lines = [heads[explanation.verdict]]
    lines += [f"  {number}. {link_text(link)}" for number, link in enumerate(explanation.chain, start=1)]
    return "\n".join(lines)


def person_text(explanation: PersonExplanation) -> str:
    """A person for a terminal: identifiers, then what ties them, then what was refused."""
    lines = [f"Person {explanation.person_id}, identifiers: {len(explanation.identifiers)}"]
    lines += [
        f"  {masked(known.node)}: {_events(known.event_count)}, {_period(known.first_seen_at, known.last_seen_at)}"
        for known in explanation.identifiers
    ]
    for title, is_blocked in (("Tied by", False), ("Refused", True)):
        links = [link for link in explanation.links if (link.blocked_reason is not None) == is_blocked]
        lines += [f"{title}:"] * bool(links) + [f"  {link_text(link)}" for link in links]
    return "\n".join(lines)


def link_text(link: Link) -> str:
    """One edge in words, with why it joins nobody where it does not."""
    if link.rule == "override":
        text = f"{masked(link.start)} and {masked(link.end)}: overrides.toml says that they are one"
        return text if link.blocked_reason is None else f"{text} - {_blocked(link.blocked_reason)}"
    text = (
        f"{masked(link.start)} and {masked(link.end)}: {link.rule}, {link.strength}, {_events(link.event_count)}, "
        f"{_period(link.first_seen_at, link.last_seen_at)}"
    )
    if link.blocked_reason is None:
        return text
    return f"{text} - {_blocked(link.blocked_reason)}"


def _blocked(reason: str) -> str:
    return f"blocked ({reason}): {_REASONS.get(reason, 'by the source')}"


def _events(count: int) -> str:
    return f"{count} event{'' if count == 1 else 's'}"


def _period(first: datetime, last: datetime) -> str:
    return f"{first:%Y-%m-%d}" if first.date() == last.date() else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
