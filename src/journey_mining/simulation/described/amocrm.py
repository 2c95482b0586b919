"""Deals, their moves, contacts and letters as the API of amoCRM returns them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from journey_mining.simulation.described.plan import CompanyPlan, TouchPlan
from journey_mining.simulation.described.walks import Customer, Happening
from journey_mining.simulation.described.words import chance, last_day, moment, touches_of, written
from journey_mining.simulation.people import pick

_WON, _LOST = 142, 143
"""numbers of the two ends, the same in every pipeline"""
_ENDS = {"won": _WON, "lost": _LOST}
_END_NAMES = {_WON: "Успешно реализовано", _LOST: "Закрыто и не реализовано"}


@dataclass(slots=True)
class _Deal:
    """A deal as it stands at the end."""

    number: int
    customer: Customer
    pipeline: str
    status: int
    created: int
    updated: int
    price: int


@dataclass(slots=True)
class _Crm:
    """What the CRM knows when everything has happened."""

    plan: CompanyPlan
    pipelines: dict[str, dict[str, int]]
    """pipeline to its statuses with their numbers, in order of company.toml"""
    deals: list[_Deal] = field(default_factory=list)
    moves: list[dict[str, Any]] = field(default_factory=list)
    letters: list[dict[str, Any]] = field(default_factory=list)
    open: dict[tuple[int, str], _Deal] = field(default_factory=dict)
    """the deal of a customer in a pipeline that has not ended"""

    def take(self, one: Happening) -> None:
        """One touch: a letter, the opening of a deal, or a move."""
        at = round(moment(self.plan, one.at).timestamp())
        pipeline, _, status = pick(chance(self.plan, one, 91), one.touch.names).partition(": ")
        deal = self.open.get((one.customer.no, pipeline)) or self._opened(one, pipeline, status, at)
        if one.touch.what == "letter":
            self._write(one, deal, at)
        elif one.touch.what in _ENDS:
            self._move(deal, _ENDS[one.touch.what], at)
            del self.open[one.customer.no, pipeline]
        elif deal.created != at:
            self._move(deal, self.pipelines[pipeline][status], at)

    def _opened(self, one: Happening, pipeline: str, status: str, at: int) -> _Deal:
        low, high = one.touch.amount or (20_000, 90_000)
        price = int(chance(self.plan, one, 92).integers(low, high)) // 100 * 100
        first = self.pipelines[pipeline].get(status) or next(iter(self.pipelines[pipeline].values()))
        deal = _Deal(400_000 + len(self.deals), one.customer, pipeline, first, at, at, price)
        self.deals.append(deal)
        self.open[one.customer.no, pipeline] = deal
        return deal

    def _move(self, deal: _Deal, status: int, at: int) -> None:
        if deal.status == status:
            return
        before, deal.status, deal.updated = deal.status, status, at
        self.moves.append(
            {
                "id": f"01e{len(self.moves):06d}",
                "type": "lead_status_changed",
                "entity_id": deal.number,
                "entity_type": "lead",
                "created_by": 501,
                "created_at": at,
                "value_after": [_status(self.number(deal.pipeline), status)],
                "value_before": [_status(self.number(deal.pipeline), before)],
            }
        )

    def _write(self, one: Happening, deal: _Deal, at: int) -> None:
        text, _ = written(self.plan, one, chance(self.plan, one, 93))
        params = {"income": True, "from": {"email": one.member.email}, "subject": "Вопрос", "content_summary": text}
        number = 900_000 + len(self.letters)
        stamps = {"created_at": at, "updated_at": at}
        note = {"id": number, "entity_id": deal.number, "note_type": "amomail_message", "params": params}
        self.letters.append(note | stamps)

    def number(self, pipeline: str) -> int:
        """Number of a pipeline."""
        return 71 + list(self.pipelines).index(pipeline)


def exports(plan: CompanyPlan, told: Sequence[Happening]) -> Iterator[tuple[str, str]]:
    """`leads`, `events`, `contacts`, `notes_leads` and `pipelines`: deals, every move, people, letters, names."""
    crm = _Crm(plan, _pipelines(plan))
    for one in touches_of("amocrm", list(told)):
        crm.take(one)
    day = last_day(plan)
    yield f"pipelines_{day}.json", _text("pipelines", [_pipeline(crm, name) for name in crm.pipelines])
    yield f"leads_{day}.json.gz", _text("leads", [_lead(crm, deal) for deal in crm.deals])
    yield f"events_{day}.json.gz", _text("events", crm.moves)
    yield f"notes_leads_{day}.json.gz", _text("notes", crm.letters)
    yield f"contacts_{day}.json.gz", _text("contacts", [_contact(deal) for deal in _first_deals(crm)])


def _pipelines(plan: CompanyPlan) -> dict[str, dict[str, int]]:
    """Pipelines and statuses in the order in which touches name them: `pipeline: status`."""
    found: dict[str, dict[str, int]] = {}
    for name in (name for touch in plan.touch.values() for name in _names(touch)):
        pipeline, _, status = name.partition(": ")
        statuses = found.setdefault(pipeline, {})
        if status and status not in statuses:
            statuses[status] = (71 + list(found).index(pipeline)) * 100 + len(statuses) + 1
    return found


def _names(touch: TouchPlan) -> tuple[str, ...]:
    return touch.names if touch.system == "amocrm" else ()


def _first_deals(crm: _Crm) -> list[_Deal]:
    first: dict[int, _Deal] = {}
    for deal in crm.deals:
        first.setdefault(deal.customer.no, deal)
    return list(first.values())


def _status(pipeline: int, status: int) -> dict[str, Any]:
    return {"lead_status": {"id": status, "pipeline_id": pipeline}}


def _pipeline(crm: _Crm, name: str) -> dict[str, Any]:
    number = crm.number(name)
    statuses = {status: word for word, status in crm.pipelines[name].items()} | _END_NAMES
    listed = [{"id": status, "name": word, "pipeline_id": number} for status, word in statuses.items()]
    return {"id": number, "name": name, "_embedded": {"statuses": listed}}


def _lead(crm: _Crm, deal: _Deal) -> dict[str, Any]:
    kind = {"field_name": "Тип клиента", "values": [{"value": deal.customer.segment.mark}]}
    contact = {"id": 600_000 + deal.customer.members[0].no, "is_main": True}
    return {
        "id": deal.number,
        "name": deal.pipeline,
        "price": deal.price,
        "status_id": deal.status,
        "pipeline_id": crm.number(deal.pipeline),
        "created_at": deal.created,
        "updated_at": deal.updated,
        "closed_at": deal.updated if deal.status in _END_NAMES else None,
        "is_deleted": False,
        "custom_fields_values": [kind],
        "_embedded": {"contacts": [contact], "companies": [{"id": 800_000 + deal.customer.no}]},
    }


def _contact(deal: _Deal) -> dict[str, Any]:
    buyer = deal.customer.members[0]
    fields = [
        {"field_code": "PHONE", "values": [{"value": f"+7{buyer.mobile}"}]},
        {"field_code": "EMAIL", "values": [{"value": buyer.email}]},
    ]
    stamps = {"created_at": deal.created, "updated_at": deal.created, "is_deleted": False}
    return {"id": 600_000 + buyer.no, "custom_fields_values": fields, **stamps}


def _text(name: str, records: list[dict[str, Any]]) -> str:
    return json.dumps({"_page": 1, "_embedded": {name: records}}, ensure_ascii=False) + "\n"
