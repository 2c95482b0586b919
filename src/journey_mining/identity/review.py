"""Persons that may be several people: why they are in doubt, what holds them together, and what to paste.

In: the published tables of identities. Out: values, and plain text for a terminal that shows nobody's address.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from journey_mining.identity.evidence import Link, Node, links_of, weakest_first
from journey_mining.identity.explain import KnownIdentifier, known_identifiers, link_text, masked
from journey_mining.identity.kinds import record_kinds
from journey_mining.privacy import is_personal
from journey_mining.warehouse import Warehouse

_WORDS = {
    "many_identifiers": "has more identifiers than one person does",
    "many_addresses": "has more e-mails or phones than one person does",
    "long_chain": "holds identifiers that only a long chain of evidence connects",
    "parted": "was cut out of a larger one that looked like a crowd",
}
_SHOWN = 12
"""identifiers of a person that are listed"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A person somebody should look at."""

    person_id: str
    reasons: tuple[str, ...]
    """many_identifiers, many_addresses, long_chain or parted"""
    identifiers: tuple[KnownIdentifier, ...]
    to_cut: Link | None
    """weakest evidence that holds the person together; none where nothing is suspicious any more"""
    was_cut: tuple[Link, ...]
    """evidence that was not followed, weakest first"""


def review(warehouse: Warehouse, *, limit: int) -> tuple[Finding, ...]:
    """The persons in doubt, the largest first, at most `limit` of them."""
    reasons: dict[str, list[str]] = defaultdict(list)
    sizes: dict[str, int] = {}
    for row in warehouse.read_arrow("identity_review", order_by=["person_id", "reason"]).to_pylist():
        reasons[row["person_id"]].append(row["reason"])
        sizes[row["person_id"]] = int(row["identifier_count"])
    chosen = sorted(sizes, key=lambda person: (-sizes[person], person))[:limit]
    return tuple(_finding(warehouse, person, tuple(reasons[person])) for person in chosen)


def review_text(warehouse: Warehouse, findings: Iterable[Finding]) -> str:
    """The findings for a terminal, each with what to paste into `overrides.toml`."""
    kinds = record_kinds(warehouse)
    texts = ["\n".join(_lines(finding, kinds)) for finding in findings]
    return "\n\n".join(texts) or "Nobody is in doubt."


def pasted(table: str, link: Link, kinds: frozenset[str]) -> str:
    """An entry of `overrides.toml` for the ends of a link; personal values stand as the warehouse holds them."""
    a, b = (_written(node, kinds) for node in (link.start, link.end))
    return f'[[{table}]]\na = "{a}"\nb = "{b}"\nreason = "looked at in the review"'


def _finding(warehouse: Warehouse, person_id: str, reasons: tuple[str, ...]) -> Finding:
    known = known_identifiers(warehouse, person_id)
    own = {identifier.node for identifier in known}
    links = weakest_first(links_of(warehouse, own))
    holding = [link for link in links if link.blocked_reason is None]
    return Finding(
        person_id=person_id,
        reasons=reasons,
        identifiers=known,
        to_cut=holding[0] if holding and set(reasons) != {"parted"} else None,
        was_cut=tuple(link for link in links if link.blocked_reason == "weak_bridge"),
    )


def _lines(finding: Finding, kinds: frozenset[str]) -> list[str]:
    count = len(finding.identifiers)
    why = "; ".join(_WORDS[reason] for reason in finding.reasons)
    shown = [masked(identifier.node) for identifier in finding.identifiers[:_SHOWN]]
    more = f", and {count - _SHOWN} more" if count > _SHOWN else ""
    lines = [f"Person {finding.person_id}: {why}.", f"  {count} identifiers: {', '.join(shown)}{more}"]
    if finding.to_cut is not None:
        lines += [
            f"  weakest evidence: {link_text(finding.to_cut)}",
            "  if they are two people, add to overrides.toml:",
        ]
        lines += [f"    {line}" for line in pasted("split", finding.to_cut, kinds).splitlines()]
    for link in finding.was_cut:
        lines += [f"  not followed: {link_text(link)}", "  if they are one person, add to overrides.toml:"]
        lines += [f"    {line}" for line in pasted("merge", link, kinds).splitlines()]
    return lines


def _written(node: Node, kinds: frozenset[str]) -> str:
    kind, value = node
    return f"{kind}:#{value}" if is_personal(kind, kinds) else f"{kind}:{value}"
