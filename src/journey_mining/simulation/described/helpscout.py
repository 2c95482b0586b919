"""Conversations of a desk as Help Scout returns them, with ratings of some of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from journey_mining.simulation.described.plan import CompanyPlan
from journey_mining.simulation.described.walks import Happening
from journey_mining.simulation.described.words import chance, last_day, moment, touches_of, written
from journey_mining.simulation.people import pick

_MEAN_ANSWER_DAYS = 0.35
_RATED = 0.3
_RATINGS = {-1: "not_good", 0: "okay", 1: "great"}


def exports(plan: CompanyPlan, told: Sequence[Happening]) -> Iterator[tuple[str, str]]:
    """`conversations_*.ndjson.gz` and `ratings_*.ndjson`: conversations with threads, and how they were rated."""
    conversations: list[str] = []
    ratings: list[str] = []
    for number, one in enumerate(touches_of("helpscout", list(told)), start=1):
        conversation, mood, closed = _conversation(plan, one, 100_000 + number)
        conversations.append(json.dumps(conversation, ensure_ascii=False))
        if chance(plan, one, 52).random() < _RATED and closed < plan.days:
            ratings.append(json.dumps(_rating(plan, one, conversation["id"], mood, closed)))
    yield f"conversations_{last_day(plan)}.ndjson.gz", "\n".join(conversations) + "\n"
    yield f"ratings_{last_day(plan)}.ndjson", "\n".join(ratings) + "\n"


def _conversation(plan: CompanyPlan, one: Happening, number: int) -> tuple[dict[str, Any], int, float]:
    rng = chance(plan, one, 51)
    text, mood = written(plan, one, rng)
    closed = one.at + rng.gamma(2.0, _MEAN_ANSWER_DAYS / 2)
    who = {"id": 500_000 + one.member.no, "type": "customer", "email": one.member.email}
    desk = {"id": 11, "type": "user", "email": f"help@{plan.site}"}
    threads = [_thread(plan, number * 10, "customer", text, one.at, who, "active")]
    if closed < plan.days:
        threads.append(_thread(plan, number * 10 + 1, "message", "Thank you, see our answer.", closed, desk, "closed"))
    conversation = {
        "id": number,
        "type": "email",
        "status": "closed" if closed < plan.days else "active",
        "state": "published",
        "subject": pick(rng, one.touch.names),
        "createdBy": who,
        "createdAt": _stamp(plan, one.at),
        "userUpdatedAt": _stamp(plan, min(closed, plan.days)),
        "source": {"type": "email", "via": "customer"},
        "tags": [],
        "primaryCustomer": who,
        "_embedded": {"threads": threads},
    }
    return conversation, mood, closed


def _thread(
    plan: CompanyPlan, number: int, kind: str, text: str, at: float, who: dict[str, Any], status: str
) -> dict[str, Any]:
    return {
        "id": number,
        "type": kind,
        "status": status,
        "state": "published",
        "body": f"<div>{text}</div>",
        "source": {"type": "email", "via": who["type"]},
        "createdBy": who,
        "createdAt": _stamp(plan, at),
    }


def _rating(plan: CompanyPlan, one: Happening, conversation: int, mood: int, closed: float) -> dict[str, Any]:
    return {
        "id": conversation,
        "conversationId": conversation,
        "customer": {"id": 500_000 + one.member.no, "email": one.member.email},
        "rating": _RATINGS[mood],
        "comments": None,
        "createdAt": moment(plan, min(closed + 0.05, plan.days)).strftime("%Y-%m-%dT%H:%M:%S"),
    }


def _stamp(plan: CompanyPlan, at: float) -> str:
    return moment(plan, at).strftime("%Y-%m-%dT%H:%M:%SZ")
