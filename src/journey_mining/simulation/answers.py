"""The answer key: files that hold the truth which the exports only hint at."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from journey_mining.simulation import invitations, plan, truth
from journey_mining.simulation.crm import Contact, DealRow
from journey_mining.simulation.desk import Request, Requester
from journey_mining.simulation.files import csv_text, json_text
from journey_mining.simulation.invitations import Asked
from journey_mining.simulation.noise import Excluded
from journey_mining.simulation.people import Person
from journey_mining.simulation.scenarios import DEFAULT, Scenario
from journey_mining.simulation.story import Story
from journey_mining.simulation.survey import Row
from journey_mining.simulation.web import Hit

Put = Callable[[str, str, int], None]
IDENTITY_HEADINGS = ("record_kind", "record_id", "true_person", "is_linkable")


@dataclass(slots=True, kw_only=True)
class Facts:
    """Everything that was simulated, before and while it is written."""

    customers: int
    seed: int
    stories: list[Story]
    contacts: list[Contact]
    broken_contact: Contact
    deals: list[DealRow]
    customer_hits: list[Hit]
    other_hits: list[Hit]
    strays: dict[str, Person]
    """cookies that nobody can place, and whose they are"""
    excluded: list[Excluded]
    requests: list[Request]
    requesters: dict[int, Requester]
    answers: list[Row]
    secrets: list[str]
    """personal strings planted in ticket texts"""
    delivered_hits: int = 0
    repeated_tickets: int = 0
    scenario: Scenario = DEFAULT
    asked: list[Asked] = field(default_factory=list)
    """everybody of every stage, where invitations are logged"""
    late_hits: int = 0
    """hits that a later night brought than the one they belong to"""

    def first_contacts(self) -> dict[int, Contact]:
        """The first contact of each registered person, by the person's number."""
        return {c.person.no: c for c in self.contacts if c.person is not None and not c.is_duplicate}


def write_answer_key(put: Put, facts: Facts) -> None:
    """Write all files of `answer_key/`."""
    identity = sorted(_identity(facts))
    put("answer_key/identity.csv.gz", csv_text(IDENTITY_HEADINGS, identity), len(identity))
    put("answer_key/drop_off.json", json_text(truth.drop_off(facts.scenario)), len(facts.scenario.cells))
    moods = truth.mood_rows(facts.scenario)
    put("answer_key/mood.csv", csv_text(("segment", "stage", "mood"), moods), len(moods))
    put("answer_key/planted.json", json_text(planted(facts)), 1)
    excluded = sorted((e.kind, e.value, e.reason) for e in facts.excluded)
    put("answer_key/excluded.csv", csv_text(("kind", "value", "reason"), excluded), len(excluded))
    secrets = personal_strings(facts)
    put("answer_key/pii.txt.gz", "".join(f"{secret}\n" for secret in secrets), len(secrets))
    if facts.asked:
        everybody = invitations.truth_rows(facts.asked, facts.scenario.segments)
        put("answer_key/everybody.csv", csv_text(invitations.TRUTH_HEADINGS, everybody), len(everybody))
    if facts.scenario is not DEFAULT:
        put("answer_key/scenario.json", json_text(facts.scenario.planted() | scenario_truth(facts)), 1)


def _identity(facts: Facts) -> Iterator[tuple[str, str, str, str]]:
    """Record, owner, and whether the exports hold evidence that ties it to the owner's other records."""
    yield from _cookies(facts)
    for contact in facts.contacts:
        if contact.person is not None:
            yield "contact", contact.contact_id, contact.person.true_id, "1"
    for row in facts.deals:
        by_cookie = not row.deal.by_phone and row.person.cookies[0] in row.person.linked
        own_reach = bool(row.person.email) or not row.person.shares_office_phone
        yield "deal", row.deal_id, row.person.true_id, _flag(own_reach or by_cookie)
    for request in facts.requests:
        yield "ticket", request.ticket_id, request.person.true_id, "1"
    for number, user in facts.requesters.items():
        yield "zendesk_user", user.user_id, facts.stories[number].person.true_id, "1"
    for line, answer in enumerate(facts.answers, start=2):
        yield "answer", str(line), answer.person.true_id, "1"


def _cookies(facts: Facts) -> Iterator[tuple[str, str, str, str]]:
    owners = {cookie: story.person for story in facts.stories for cookie in story.person.cookies} | facts.strays
    by_deal = {row.person.cookies[0] for row in facts.deals if not row.deal.by_phone}
    for cookie in {hit.cookie for hit in facts.customer_hits}:
        person = owners[cookie]
        alone = not person.contact_id
        yield "cookie", cookie, person.true_id, _flag(alone or cookie in by_deal or cookie in person.linked)


def _flag(value: bool) -> str:
    return "1" if value else "0"


def personal_strings(facts: Facts) -> list[str]:
    """Strings that no published file may hold: all that was planted in texts, and all addresses and phones."""
    found = set(facts.secrets)
    for contact in facts.contacts:
        found.update(address for cell in contact.emails for address in cell.split(", ") if address)
        found.update(phone for phone in contact.phones if phone)
    found.update(user.phone for user in facts.requesters.values() if user.phone)
    return sorted(found)


def scenario_truth(facts: Facts) -> dict[str, object]:
    """What came of the scenario in this world: counts of people and stays, and who asks to be forgotten."""
    stays = [e for story in facts.stories for life in story.person.lives for e in life.episodes]
    answered = [e for e in stays if e.is_slow is not None and e.entered < plan.WORLD_DAYS]
    lost = {
        slow: sum(e.cause == "lost" for e in answered if e.is_slow is slow)
        / max(sum(e.is_slow is slow for e in answered), 1)
        for slow in (True, False)
    }
    return {
        "people_with_two_deals": sum(story.twin is not None for story in facts.stories),
        "people_who_open_the_placebo": sum(story.person.nature.opens_placebo for story in facts.stories),
        "stays_answered": len(answered),
        "lost_share_slow": round(lost[True], 4),
        "lost_share_fast": round(lost[False], 4),
        "late_hits": facts.late_hits,
        "erase": [erasure(facts, contact) for contact in _erased(facts)],
    }


def _erased(facts: Facts) -> list[Contact]:
    """First contacts with an address, spread evenly over the customers."""
    named = [contact for contact in facts.first_contacts().values() if contact.person and contact.person.email]
    count = facts.scenario.erasure_count
    return named[:: max(len(named) // count, 1)][:count] if count else []


def erasure(facts: Facts, contact: Contact) -> dict[str, object]:
    """One request to be forgotten, and every string by which the person may be found afterwards."""
    person = contact.person
    if person is None:
        return {}
    own = {text for c in facts.contacts if c.person is person for text in _written(c)}
    # a mailbox or a telephone of the office stays that of the others
    others = {_plain(text) for c in facts.contacts if c.person is not person for text in _written(c)}
    shared = {_plain(person.company.office_phone), f"info@{person.company.domain}"} if person.company else set()
    ours = sorted(text for text in own if _plain(text) not in others | shared)
    return {"true_person": person.true_id, "kind": "email", "value": person.email, "strings": ours}


def _written(contact: Contact) -> Iterator[str]:
    """Addresses and telephones of a card, as they are written there."""
    return (text for cell in (*contact.emails, *contact.phones) for text in cell.split(", ") if text)


def _plain(text: str) -> str:
    """An address, or the ten last digits of a telephone however it is written."""
    return text if "@" in text else re.sub(r"\D", "", text)[-10:]


def planted(facts: Facts) -> dict[str, object]:
    """Content of `planted.json`."""
    stories = facts.stories
    entries = truth.entries_in_window(stories)
    reasons = Counter(e.reason for e in facts.excluded if e.kind == "cookie")
    hits = facts.customer_hits
    events = len(hits)
    unmapped = sum(not hit.is_mapped for hit in hits)
    phones = Counter(c.phones[0][-4:] for c in facts.contacts if c.person is not None and c.person.shares_office_phone)
    return {
        "customers": facts.customers,
        "seed": facts.seed,
        "window": ["2026-03-02", plan.EXPORT_DATE],
        "worst": truth.worst(scenario=facts.scenario),
        "worst_by_segment": {s: truth.worst(s, facts.scenario)["stage"] for s in facts.scenario.segments},
        "worst_mood_stage": "implementation",
        "corp_implementation_to_decision": facts.scenario.cells["corp", "implementation"].back,
        "entries_in_window": entries,
        "cells_with_300_entries": sum(count >= 300 for row in entries.values() for count in row.values()),
        **truth.at_the_edges(stories),
        "registered": len(facts.first_contacts()),
        "duplicate_contacts": sum(c.is_duplicate for c in facts.contacts),
        "contacts_with_shared_office_phone": sum(phones.values()),
        "bots_honest": reasons["bot_honest"],
        "bots_behaviour": reasons["bot_behaviour"],
        "staff": reasons["staff"],
        "unlinkable_cookies": len(facts.strays),
        "hits_delivered": facts.delivered_hits,
        "duplicate_hit_rows": facts.delivered_hits - events - len(facts.other_hits),
        "customer_hits": events,
        "unmapped_hits": unmapped,
        "unmapped_share_of_hits": round(unmapped / events, 5),
        "deals": len(facts.deals),
        "tickets": len(facts.requests),
        "tickets_without_matter": sum(not request.ticket.matter for request in facts.requests),
        "repeated_ticket_lines": facts.repeated_tickets,
        "survey_answers": len(facts.answers),
        "broken_lines": {"zendesk tickets (cut JSON)": 1, "bitrix24 contacts (31.02.2026)": 1},
        "broken_contact_id": facts.broken_contact.contact_id,
    }
