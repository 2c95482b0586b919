"""Support requests as Zendesk exports them: tickets and users, one JSON object a line, times in UTC."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from numpy.random import Generator

from journey_mining.simulation import plan, texts
from journey_mining.simulation.people import Person, generator, phone_as_written, weighted, words
from journey_mining.simulation.plan import SITE, STAGES
from journey_mining.simulation.story import Story, Ticket

FIRST_TICKET, FIRST_USER = 20001, 70001
_CHANNELS = {"email": 4.0, "web": 4.0, "chat": 3.0, "voice": 1.0}
_ANSWER_DAYS = {"presale": 0.15, "onboarding": 0.7, "support": 0.5, "incident": 0.3, "billing": 0.6, "": 0.4}
_RATED = 0.35
_REPEATED = 0.01


@dataclass(slots=True)
class Request:
    """A ticket with its text, before it has a number."""

    ticket: Ticket
    person: Person
    subject: str
    body: str
    mood: int
    solved_at: float | None
    rating: str
    comment: str
    channel: str
    ticket_id: str = ""


@dataclass(frozen=True, slots=True)
class Requester:
    """What the help desk knows of a person."""

    user_id: str
    name: str
    email: str
    phone: str
    external_id: str
    created_at: float


def requests(stories: Iterable[Story], seed: int, secrets: list[str]) -> list[Request]:
    """All tickets inside the window, numbered by time; personal strings planted in texts are added to `secrets`."""
    found: list[Request] = []
    for story in stories:
        rng = generator(seed, 7, story.person.no)
        inside = [ticket for ticket in story.tickets if plan.WINDOW_START <= ticket.at < plan.WORLD_DAYS]
        found.extend(_request(story.person, ticket, rng, secrets) for ticket in inside)
    found.sort(key=lambda request: (request.ticket.at, request.person.no))
    for no, request in enumerate(found, start=FIRST_TICKET):
        request.ticket_id = str(no)
    return found


def requests_at(found: Iterable[Request], until: float) -> list[Request]:
    """The tickets as they stood before `until`: those not yet solved are open and unrated."""
    return [
        request
        if request.solved_at is None or request.solved_at < until
        else replace(request, solved_at=None, rating="", comment="")
        for request in found
        if request.ticket.at < until
    ]


def _request(person: Person, ticket: Ticket, rng: Generator, secrets: list[str]) -> Request:
    mood = texts.draw_mood(rng, person.nature.scenario.cells[person.segment, STAGES[ticket.stage]].mood)
    english = person.no % 100 < plan.ENGLISH * 100
    text = texts.write(rng, "en" if english else "ru", ticket.matter or "general", mood)
    body = text.body
    if rng.random() < plan.PII_TEXTS:
        body = texts.with_personal_data(rng, person, body, english=english, secrets=secrets)
    solved_at = _solved_at(ticket, rng)
    rated = solved_at is not None and rng.random() < _RATED
    rating = ("bad" if mood < 0 or (mood == 0 and rng.random() < 0.3) else "good") if rated else ""
    comment = texts.rating_comment(rng, "en" if english else "ru", rating) if rated and rng.random() < 0.4 else ""
    channel = weighted(rng, _CHANNELS)
    return Request(ticket, person, text.subject, body, mood, solved_at, rating, comment, channel)


def _solved_at(ticket: Ticket, rng: Generator) -> float | None:
    """When it is answered: before the customer's next decisive touch, or not at all inside the export."""
    room = min(ticket.until, plan.WORLD_DAYS) - ticket.at
    if room < 0.01:
        return None
    return ticket.at + min(0.02 + rng.exponential(_ANSWER_DAYS[ticket.matter]), room * 0.9)


def requesters(found: Iterable[Request], seed: int) -> dict[int, Requester]:
    """One help desk user for each person who wrote; some are known by phone only, some by the CRM's id only."""
    rng = generator(seed, 8)
    users: dict[int, Requester] = {}
    for request in found:
        person = request.person
        if person.no not in users:
            users[person.no] = _requester(person, str(FIRST_USER + len(users)), request.ticket.at, rng)
    return users


def _requester(person: Person, user_id: str, at: float, rng: Generator) -> Requester:
    known_by = weighted(rng, {"both": 4.0, "email": 4.0, "phone": 1.2, "id": 1.0}) if person.email else "phone"
    external = person.contact_id if known_by in {"both", "id"} else ""
    email = person.email if known_by in {"both", "email"} else ""
    phone = phone_as_written(rng, person.mobile) if known_by == "phone" else ""
    return Requester(user_id, f"{person.first_name} {person.last_name}", email, phone, external, at)


def ticket_lines(found: Iterable[Request], users: dict[int, Requester], seed: int) -> list[str]:
    """The ticket export in no order; a few lines are older versions that the export's paging repeats."""
    rng = generator(seed, 9)
    lines = []
    for request in found:
        user = users[request.person.no]
        assignee = str(101 + int(rng.integers(len(words("names")["agents"]))))
        lines.append(_line(_ticket(request, user, assignee)))
        if request.solved_at is not None and rng.random() < _REPEATED:
            lines.append(_line(_older(_ticket(request, user, assignee), request.ticket.at)))
    return [lines[place] for place in rng.permutation(len(lines))]


def _ticket(request: Request, user: Requester, assignee: str) -> dict[str, Any]:
    ticket = request.ticket
    updated = ticket.at if request.solved_at is None else request.solved_at
    source = {"address": user.email, "name": user.name} if request.channel == "email" and user.email else {}
    record: dict[str, Any] = {
        "id": int(request.ticket_id),
        "via": {"channel": request.channel, "source": {"from": source, "to": {}, "rel": None}},
        "created_at": utc(ticket.at),
        "updated_at": utc(updated),
        "generated_timestamp": epoch(updated) + 7,
        "subject": request.subject,
        "description": request.body,
        "priority": "high" if ticket.matter == "incident" else "normal",
        "status": "open" if request.solved_at is None else "closed" if updated < plan.WORLD_DAYS - 4 else "solved",
        "requester_id": int(user.user_id),
        "assignee_id": int(assignee),
        "tags": [ticket.matter] if ticket.matter else [],
        "satisfaction_rating": {"score": request.rating or ("offered" if request.solved_at else "unoffered")},
    }
    if request.comment:
        record["satisfaction_rating"]["comment"] = request.comment
    return record


def _older(record: dict[str, Any], created_at: float) -> dict[str, Any]:
    """The ticket as it stood before anybody answered."""
    changed = {"updated_at": record["created_at"], "generated_timestamp": epoch(created_at) + 7}
    return {**record, **changed, "status": "open", "satisfaction_rating": {"score": "unoffered"}}


def user_lines(users: Iterable[Requester], seed: int) -> list[str]:
    """The user export: agents and requesters, in no order."""
    agents = words("names")["agents"]
    lines = [
        _line({"id": 101 + no, "name": name, "email": f"agent{no + 1}@{SITE}", "role": "agent", "active": True})
        for no, name in enumerate(agents)
    ]
    lines += [_line(_user(user)) for user in users]
    return [lines[place] for place in generator(seed, 10).permutation(len(lines))]


def _user(user: Requester) -> dict[str, Any]:
    return {
        "id": int(user.user_id),
        "name": user.name,
        "email": user.email or None,
        "phone": user.phone or None,
        "external_id": user.external_id or None,
        "role": "end-user",
        "active": True,
        "created_at": utc(user.created_at),
        "updated_at": utc(user.created_at),
    }


def utc(at: float) -> str:
    """A moment of the world as Zendesk writes it."""
    return (plan.moment(at) - plan.MOSCOW_OFFSET).strftime("%Y-%m-%dT%H:%M:%SZ")


def epoch(at: float) -> int:
    """Unix seconds of a moment of the world."""
    return 1_767_214_800 + round(at * 86400)


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False, separators=(",", ":"))
