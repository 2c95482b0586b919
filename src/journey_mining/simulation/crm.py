"""The CRM as Bitrix24 exports it: contacts and deals as CSV, stage history and stage names as REST dumps."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from numpy.random import Generator

from journey_mining.simulation import plan
from journey_mining.simulation.people import Person, generator, phone_as_written, pick, words
from journey_mining.simulation.plan import moment
from journey_mining.simulation.story import RENEWALS, SALES, Deal, Story

_SEMANTICS = {"WON": "S", "LOSE": "F"}
FIRST_DEAL, FIRST_CONTACT = 501, 1001


@dataclass(slots=True)
class Contact:
    """A row of the contact export."""

    contact_id: str
    person: Person | None
    """None for staff and for the row that is broken on purpose"""
    first_name: str
    last_name: str
    company: str
    phones: tuple[str, str]
    emails: tuple[str, str]
    created_at: float
    is_duplicate: bool = False

    def row(self) -> list[str]:
        """Cells in the order of the headings."""
        names = [self.contact_id, self.first_name, self.last_name, self.company, "Клиенты"]
        return [*names, *self.phones, *self.emails, stamp(self.created_at), stamp(self.created_at)]


def stamp(at: float) -> str:
    """A moment as the portal prints it."""
    return moment(at).strftime("%d.%m.%Y %H:%M:%S")


def contacts(stories: Iterable[Story], seed: int, others: Sequence[Contact] = ()) -> list[Contact]:
    """Contacts of all registered people and `others`; numbers them by time and tells the people their ids."""
    rng = generator(seed, 5)
    found = list(others)
    for story in stories:
        if story.person.registered_at is None or story.person.registered_at >= plan.WORLD_DAYS:
            continue
        found.append(_contact(story.person, rng))
        if rng.random() < plan.DUPLICATE_CONTACTS and story.person.email:
            twin = _twin(story, rng)
            found.extend([twin] if twin else [])
    found.sort(key=lambda contact: (contact.created_at, contact.last_name, contact.first_name))
    for no, contact in enumerate(found, start=FIRST_CONTACT):
        contact.contact_id = str(no)
        if contact.person is not None and not contact.is_duplicate:
            contact.person.contact_id = str(no)
    return found


def _contact(person: Person, rng: Generator) -> Contact:
    mobile = phone_as_written(rng, person.mobile)
    if person.company is None or not person.shares_office_phone:
        work, other = mobile, "" if rng.random() < 0.7 else phone_as_written(rng, person.mobile)
    else:
        work, other = _office_phone(person, rng), mobile
    company = person.company
    mails = person.email
    if company is not None and company.shares_mailbox and mails:
        mails = f"info@{company.domain}, {mails}"
    private = person.private_email if rng.random() < 0.6 and person.private_email != person.email else ""
    at = person.registered_at or 0.0
    name = company.name if company else ""
    return Contact("", person, person.first_name, person.last_name, name, (work, other), (mails, private), at)


def _office_phone(person: Person, rng: Generator) -> str:
    written = phone_as_written(rng, person.company.office_phone if person.company else "")
    return f"{written} доб. {int(rng.integers(100, 999))}" if rng.random() < 0.15 else written


def _twin(story: Story, rng: Generator) -> Contact | None:
    """The same person entered again at the time of a later touch: other case of the address, other phone format."""
    person = story.person
    later = [visit.at for visit in story.visits if visit.at > (person.registered_at or 0.0) + 0.01]
    later = [at for at in later if at < plan.WORLD_DAYS]
    if not later:
        return None
    mail = person.email.upper() if rng.random() < 0.5 else person.email.capitalize()
    phone = phone_as_written(rng, person.mobile)
    names = (person.first_name, person.last_name if rng.random() < 0.7 else person.last_name.upper())
    company = person.company.name if person.company else ""
    return Contact("", person, *names, company, (phone, ""), (mail, ""), pick(rng, later), is_duplicate=True)


@dataclass(slots=True)
class DealRow:
    """A deal as it stands on the export day."""

    deal_id: str
    person: Person
    deal: Deal
    moves: list[tuple[float, str]]
    """moves before the export"""


def deals(stories: Iterable[Story]) -> list[DealRow]:
    """All deals opened before the export, numbered by time."""
    found = []
    for story in stories:
        for deal in story.deals:
            moves = [move for move in deal.moves if move[0] < plan.WORLD_DAYS]
            if moves:
                found.append(DealRow("", story.person, deal, moves))
    found.sort(key=lambda row: (row.moves[0][0], row.person.no))
    for no, row in enumerate(found, start=FIRST_DEAL):
        row.deal_id = str(no)
    return found


def deals_at(rows: Iterable[DealRow], until: float) -> list[DealRow]:
    """The deals as they stood before `until`; their numbers stay."""
    cut = [replace(row, moves=[move for move in row.moves if move[0] < until]) for row in rows]
    return [row for row in cut if row.moves]


def deal_cells(rows: Iterable[DealRow], first_contacts: dict[int, Contact], seed: int) -> list[list[str]]:
    """Lines of the deal export: one for each product of a deal, the deal's own columns repeated."""
    rng = generator(seed, 6)
    return [line for row in rows for line in _deal_lines(row, first_contacts[row.person.no], rng)]


def _deal_lines(row: DealRow, contact: Contact, rng: Generator) -> list[list[str]]:
    person, (changed_at, code) = row.person, row.moves[-1]
    lists = words("crm")
    goods = lists["goods"][person.segment]
    stage = lists["stages"][row.deal.category][code]
    count = 1 + int(rng.random() < 0.25)
    start = int(rng.random() * len(goods))
    title = f"{'Продление' if row.deal.category == RENEWALS else 'Заказ'} {row.deal_id}"
    source = "Звонок" if row.deal.by_phone else "Веб-сайт" if row.deal.category == SALES else "Текущий клиент"
    who = [plan.CUSTOMER_TYPE[person.segment], contact.company, f"{contact.first_name} {contact.last_name}"]
    reach = [contact.phones[0], contact.emails[0], "" if row.deal.by_phone else person.cookies[0]]
    closed = "Да" if code in _SEMANTICS else "Нет"
    times = [stamp(row.moves[0][0]), stamp(changed_at), closed, pick(rng, words("names")["managers"]), source]
    lines = []
    for no in range(count):
        name, price = goods[(start + no) % len(goods)]
        quantity = 1 + int(rng.random() < 0.2)
        amount = [f"{price * quantity}.00", "Российский рубль"]
        head = [row.deal_id, title, lists["pipelines"][row.deal.category], stage, *amount]
        lines.append([*head, *who, *reach, *times, name, f"{price}.00", str(quantity)])
    return lines


def history(rows: Iterable[DealRow]) -> dict[str, Any]:
    """Items of crm.stagehistory.list, numbered by time."""
    moves = [
        (at, int(row.deal_id), no, code, row.deal.category) for row in rows for no, (at, code) in enumerate(row.moves)
    ]
    items = [_history_item(no, *move) for no, move in enumerate(sorted(moves), start=9001)]
    return {"result": {"items": items}, "total": len(items)}


def _history_item(item_id: int, at: float, deal_id: int, no: int, code: str, category: int) -> dict[str, Any]:
    return {
        "ID": str(item_id),
        "TYPE_ID": "1" if no == 0 else "3" if code in _SEMANTICS else "2",
        "OWNER_ID": str(deal_id),
        "CREATED_TIME": moment(at).strftime("%Y-%m-%dT%H:%M:%S+03:00"),
        "CATEGORY_ID": str(category),
        "STAGE_ID": code if category == SALES else f"C1:{code}",
        "STAGE_SEMANTIC_ID": _SEMANTICS.get(code, "P"),
    }


def statuses() -> dict[str, Any]:
    """crm.status.list: names of the stages of both pipelines."""
    sales, renewals = words("crm")["stages"]
    records = [("DEAL_STAGE", code, name) for code, name in sales.items()]
    records += [("DEAL_STAGE_1", f"C1:{code}", name) for code, name in renewals.items()]
    result = [{"ENTITY_ID": entity, "STATUS_ID": code, "NAME": name} for entity, code, name in records]
    return {"result": result, "total": len(result)}


def contact_csv(found: Iterable[Contact], broken: Contact) -> str:
    """The contact export; the date of `broken` is one that does not exist."""
    rows = [contact.row() for contact in found]
    rows[[row[0] for row in rows].index(broken.contact_id)][-2] = "31.02.2026 10:00:00"
    return _cells_text([words("crm")["contact_headings"], *rows])


def deal_csv(lines: Iterable[Sequence[str]]) -> str:
    """The deal export."""
    return _cells_text([words("crm")["deal_headings"], *lines])


def _cells_text(lines: Iterable[Sequence[str]]) -> str:
    """The portal's CSV: every cell quoted and followed by a semicolon, also the last one."""
    return "".join("".join(f'"{_quoted(cell)}";' for cell in line) + "\n" for line in lines)


def _quoted(cell: str) -> str:
    return cell.replace('"', '""')


def dump_text(answer: dict[str, Any], key: str = "") -> str:
    """A REST answer as JSON, one record a line; `key` names the list inside `result`."""
    records = answer["result"][key] if key else answer["result"]
    lines = ",\n".join(json.dumps(record, ensure_ascii=False, separators=(",", ":")) for record in records)
    inner = f'{{"{key}":[\n{lines}\n]}}' if key else f"[\n{lines}\n]"
    return f'{{"result":{inner},"total":{answer["total"]}}}\n'
