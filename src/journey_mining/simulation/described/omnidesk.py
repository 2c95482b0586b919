"""Cases of a desk as the API of Omnidesk returns them: lists as objects, times as in mails."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta, timezone
from typing import Any

from journey_mining.simulation.described.plan import CompanyPlan
from journey_mining.simulation.described.walks import Happening, Member
from journey_mining.simulation.described.words import chance, last_day, moment, touches_of, written
from journey_mining.simulation.people import pick

_ZONE = timezone(timedelta(hours=3))
_MEAN_ANSWER_DAYS = 0.6
_RATED = 0.25
_RATINGS = {-1: "low", 0: "middle", 1: "high"}


def exports(plan: CompanyPlan, told: Sequence[Happening]) -> Iterator[tuple[str, str]]:
    """`cases_*.json.gz`, `messages_*.ndjson.gz`, `users_*.json.gz`: requests, what was written, and by whom."""
    cases: list[dict[str, Any]] = []
    messages: list[str] = []
    writers: dict[int, Member] = {}
    for number, one in enumerate(touches_of("omnidesk", list(told)), start=1):
        case, texts = _case(plan, one, 200_000 + number)
        cases.append({"case": case})
        messages.append(json.dumps({"case_id": case["case_id"], "messages": _listed(texts)}, ensure_ascii=False))
        writers[one.member.no] = one.member
    users = [{"user": _user(plan, member)} for _, member in sorted(writers.items())]
    yield f"cases_{last_day(plan)}.json.gz", _text(_listed(cases))
    yield f"messages_{last_day(plan)}.ndjson.gz", "\n".join(messages) + "\n"
    yield f"users_{last_day(plan)}.json.gz", _text(_listed(users))


def _case(plan: CompanyPlan, one: Happening, number: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    rng = chance(plan, one, 81)
    text, mood = written(plan, one, rng)
    answered = one.at + rng.gamma(2.0, _MEAN_ANSWER_DAYS / 2)
    is_closed = answered < plan.days
    case: dict[str, Any] = {
        "case_id": number,
        "case_number": f"664-{number}",
        "subject": pick(rng, one.touch.names),
        "user_id": 700_000 + one.member.no,
        "staff_id": 330,
        "status": "closed" if is_closed else "open",
        "channel": pick(rng, ("email", "email", "web", "telegram")),
        "deleted": False,
        "spam": False,
        "created_at": _stamp(plan, one.at),
        "updated_at": _stamp(plan, min(answered, plan.days)),
        "closed_at": _stamp(plan, answered) if is_closed else "-",
    }
    if is_closed and rng.random() < _RATED:
        case |= {"rating": _RATINGS[mood], "rating_comment": ""}
    asked = _message(plan, number * 10, one.at, text, user=700_000 + one.member.no, staff=0)
    answer = _message(plan, number * 10 + 1, answered, "Ответили по существу вопроса.", user=0, staff=330)
    return case, [asked, answer] if is_closed else [asked]


def _message(plan: CompanyPlan, number: int, at: float, text: str, *, user: int, staff: int) -> dict[str, Any]:
    message = {"message_id": number, "user_id": user, "staff_id": staff, "content": text, "note": False}
    return {"message": message | {"created_at": _stamp(plan, at)}}


def _user(plan: CompanyPlan, member: Member) -> dict[str, Any]:
    return {
        "user_id": 700_000 + member.no,
        "type": "email",
        "user_email": member.email,
        "user_phone": f"+7{member.mobile}",
        "updated_at": _stamp(plan, 0.0),
        "linked_users": [],
    }


def _listed(entries: list[dict[str, Any]]) -> dict[str, Any]:
    return {str(place): entry for place, entry in enumerate(entries)} | {"total_count": len(entries)}


def _text(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"


def _stamp(plan: CompanyPlan, at: float) -> str:
    return moment(plan, at).astimezone(_ZONE).strftime("%a, %d %b %Y %H:%M:%S %z")
