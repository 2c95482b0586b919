"""`write_world`: simulate customers and write their exports and the answer key.

Comes in: a folder, a number of customers, a seed. Goes out: the folders `bitrix24`, `metrica`, `zendesk`, `survey` as
the systems would deliver them, and `answer_key` with the truth. The same arguments give the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from journey_mining.errors import JourneyMiningError
from journey_mining.simulation import crm, desk, files, noise, plan, survey, web
from journey_mining.simulation.answers import Facts, write_answer_key
from journey_mining.simulation.people import generator, people
from journey_mining.simulation.story import tell


@dataclass(frozen=True, slots=True)
class WrittenFile:
    """One file of the world."""

    path: str
    """relative to the folder of the world"""
    row_count: int
    size_bytes: int


@dataclass(frozen=True, slots=True)
class WorldSummary:
    """What was written."""

    customers: int
    seed: int
    files: tuple[WrittenFile, ...]

    @property
    def size_bytes(self) -> int:
        """Size of all files together."""
        return sum(file.size_bytes for file in self.files)


@dataclass(slots=True)
class _Writer:
    out: Path
    written: list[WrittenFile] = field(default_factory=list)

    def put(self, path: str, text: str | bytes, rows: int) -> None:
        data = text.encode("utf-8") if isinstance(text, str) else text
        self.written.append(WrittenFile(path, rows, files.put(self.out / path, data)))


def write_world(out: Path, *, customers: int, seed: int) -> WorldSummary:
    """Write the exports and the answer key of a simulated world into `out`.

    Args:
        out: folder; made if missing, files of an earlier world are overwritten
        customers: how many people begin a journey in the 270 days of the world (at least 50)
        seed: any whole number from 0

    Raises:
        JourneyMiningError: fewer than 50 customers, or a negative seed
    """
    if customers < 50 or seed < 0:
        raise JourneyMiningError(
            f"A world of {customers} customers with seed {seed} cannot be simulated.",
            expected="at least 50 customers and a seed from 0.",
            todo="choose larger numbers; the sample uses 5000 customers and seed 7.",
            code="SIMULATION",
        )
    facts = _simulate(customers, seed)
    writer = _Writer(out)
    _write_crm(writer, facts, seed)
    _write_web(writer, facts, seed)
    _write_desk(writer, facts, seed)
    writer.put("survey/answers_2026-09.csv", survey.sheet(facts.answers), len(facts.answers))
    write_answer_key(writer.put, facts)
    return WorldSummary(customers, seed, tuple(writer.written))


def _simulate(customers: int, seed: int) -> Facts:
    persons = people(seed, customers)
    stories = [tell(person, generator(seed, 3, person.no)) for person in persons]
    employees, staff_cookies = noise.staff(customers, seed)
    broken = noise.broken_contact()
    contacts = crm.contacts(stories, seed, [*employees, broken])
    hits = web.hits(stories, seed)
    robot_hits, robots = noise.robots(customers, seed)
    employee_hits, own = noise.staff_hits(employees, staff_cookies, seed)
    stray_hits, strays = noise.stray_visits(persons, seed)
    secrets: list[str] = []
    requests = desk.requests(stories, seed, secrets)
    return Facts(
        customers=customers,
        seed=seed,
        stories=stories,
        contacts=contacts,
        broken_contact=broken,
        deals=crm.deals(stories),
        customer_hits=[*hits, *stray_hits],
        other_hits=[*robot_hits, *employee_hits],
        strays=strays,
        excluded=[*robots, *own],
        requests=requests,
        requesters=desk.requesters(requests, seed),
        answers=survey.rows(stories, seed),
        secrets=secrets,
    )


def _write_crm(writer: _Writer, facts: Facts, seed: int) -> None:
    day = plan.EXPORT_DATE
    text = crm.contact_csv(facts.contacts, facts.broken_contact)
    writer.put(f"bitrix24/contacts_{day}.csv", text.encode("cp1251"), len(facts.contacts))
    lines = crm.deal_cells(facts.deals, facts.first_contacts(), seed)
    text = crm.deal_csv(lines)
    writer.put(f"bitrix24/deals_{day}.csv", text.encode("cp1251"), len(lines))
    writer.put(f"bitrix24/deals_{day}_utf8.csv.gz", text.encode("utf-8-sig"), len(lines))
    history = crm.history(facts.deals)
    writer.put(f"bitrix24/stagehistory_deal_{day}.json.gz", crm.dump_text(history, "items"), history["total"])
    statuses = crm.statuses()
    writer.put(f"bitrix24/status_{day}.json", crm.dump_text(statuses), statuses["total"])


def _write_web(writer: _Writer, facts: Facts, seed: int) -> None:
    months = web.months([*facts.customer_hits, *facts.other_hits], generator(seed, 16))
    for month, rows in months.items():
        text = "\n".join([web.HEADER, *rows]) + "\n"
        writer.put(f"metrica/hits_{month}.tsv.gz", text, len(rows))
        facts.delivered_hits += len(rows)


def _write_desk(writer: _Writer, facts: Facts, seed: int) -> None:
    day = plan.EXPORT_DATE
    lines = desk.ticket_lines(facts.requests, facts.requesters, seed)
    facts.repeated_tickets = len(lines) - len(facts.requests)
    lines.insert(len(lines) // 2, '{"id":99999,"via":{"channel":"email"},"created_at":"2026-07-')  # cut off on purpose
    writer.put(f"zendesk/tickets_{day}.ndjson.gz", "\n".join(lines) + "\n", len(lines))
    users = desk.user_lines(facts.requesters.values(), seed)
    writer.put(f"zendesk/users_{day}.ndjson", "\n".join(users) + "\n", len(users))
