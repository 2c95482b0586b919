"""Calls of a site as Segment and RudderStack archive them: one JSON object a line, a file a month."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from journey_mining.simulation.described.plan import CompanyPlan
from journey_mining.simulation.described.walks import Happening, Member
from journey_mining.simulation.described.words import chance, moment
from journey_mining.simulation.people import generator, pick

_BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/140.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64) Firefox/143.0",
)
_SECOND_DEVICE = 0.3
"""share of customers who use a second browser once they are known"""
_BEFORE = 60.0 / 86400
_NAMES_SOMEBODY = ("Order Completed", "Signed Up")


def exports(plan: CompanyPlan, told: Sequence[Happening]) -> Iterator[tuple[str, str]]:
    """`calls_YYYY-MM.ndjson.gz`: what was seen and done, and who logged in before he ordered or wrote."""
    months: defaultdict[str, list[str]] = defaultdict(list)
    known: set[int] = set()
    for one in told:
        for call in _calls(plan, one, known):
            months[call["timestamp"][:7]].append(json.dumps(call, ensure_ascii=False))
    for month, lines in sorted(months.items()):
        yield f"calls_{month}.ndjson.gz", "\n".join(lines) + "\n"


def _calls(plan: CompanyPlan, one: Happening, known: set[int]) -> Iterator[dict[str, Any]]:
    is_ours = one.touch.system == "segment"
    names = not is_ours or set(one.touch.names) & set(_NAMES_SOMEBODY)
    if names and one.member.no not in known:
        known.add(one.member.no)
        base = _call(plan, one, "identify", one.at - _BEFORE, _device(plan, one.member, is_known=False))
        yield base | {"userId": f"u{one.member.no}", "traits": {"email": one.member.email}}
    if is_ours:
        yield _seen(plan, one, is_known=one.member.no in known)


def _seen(plan: CompanyPlan, one: Happening, *, is_known: bool) -> dict[str, Any]:
    rng = chance(plan, one, 41)
    call = _call(plan, one, one.touch.what, one.at, _device(plan, one.member, is_known=is_known))
    name = pick(rng, one.touch.names).replace("{mark}", one.customer.segment.mark)
    properties: dict[str, Any] = {}
    if one.touch.what == "page":
        properties = {"url": f"https://{plan.site}{name}", "referrer": ""}
    else:
        call["event"] = name
    if one.touch.amount:
        low, high = one.touch.amount
        revenue = int(rng.integers(low, high))
        properties |= {"order_id": call["messageId"], "revenue": revenue, "currency": plan.currency}
    if is_known:
        call["userId"] = f"u{one.member.no}"
    if one.is_first and one.customer.segment.medium:
        source = one.customer.segment.id
        call["context"]["campaign"] = {"source": source, "medium": one.customer.segment.medium, "name": "season"}
    return call | {"properties": properties}


def _call(plan: CompanyPlan, one: Happening, kind: str, at: float, device: str) -> dict[str, Any]:
    stamp = moment(plan, at)
    return {
        "type": kind,
        "messageId": f"{kind}-{one.member.no}-{round(one.at * 86400)}",
        "anonymousId": device,
        "timestamp": stamp.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "context": {"userAgent": _BROWSERS[one.member.no % len(_BROWSERS)]},
    }


def _device(plan: CompanyPlan, member: Member, *, is_known: bool) -> str:
    """The browser: people come to have a second one, which shows whose it is because they log in there."""
    has_two = generator(plan.seed, 42, member.no).random() < _SECOND_DEVICE
    return f"an-{member.no}-{'b' if is_known and has_two else 'a'}"
