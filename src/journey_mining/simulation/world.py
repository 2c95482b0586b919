"""`write_world`: simulate customers and write their exports and the answer key.

Comes in: a folder, a number of customers, a seed. Goes out: the folders `bitrix24`, `metrica`, `zendesk`, `survey` as
the systems would deliver them, and `answer_key` with the truth. A scenario that delivers over several nights writes
these folders once for each night, under `delivery_1`, `delivery_2`, ... The same arguments give the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from journey_mining.errors import JourneyMiningError
from journey_mining.simulation import crm, desk, files, invitations, noise, plan, survey, web
from journey_mining.simulation.answers import Facts, write_answer_key
from journey_mining.simulation.people import generator, people
from journey_mining.simulation.scenarios import DEFAULT, Scenario, scenario_named
from journey_mining.simulation.story import tell
from journey_mining.simulation.web import Hit


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
    deliveries: tuple[str, ...] = ()
    """folders of the nights, in order, where the scenario delivers over several"""

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


@dataclass(frozen=True, slots=True)
class _Delivery:
    """What one night delivers: the state of the CRM and the desk at `until`, and the hits that arrived by then."""

    no: int
    after: float
    until: float
    folder: str = ""

    @property
    def day(self) -> str:
        return plan.moment(self.until).strftime("%Y-%m-%d")

    @property
    def suffix(self) -> str:
        """Part of the names of files of which each night brings a further one."""
        return f"_{self.no}" if self.folder else ""


_ONE_DELIVERY = _Delivery(0, 0.0, plan.WORLD_DAYS)


def write_world(out: Path, *, customers: int, seed: int, scenario: str | Scenario = DEFAULT) -> WorldSummary:
    """Write the exports and the answer key of a simulated world into `out`.

    Args:
        out: folder; made if missing, files of an earlier world are overwritten
        customers: how many people begin a journey in the 270 days of the world (at least 50)
        seed: any whole number from 0
        scenario: what is planted, or the name of a known scenario; the default is the world of the sample

    Raises:
        JourneyMiningError: fewer than 50 customers, a negative seed, or an unknown scenario
    """
    if customers < 50 or seed < 0:
        raise JourneyMiningError(
            f"A world of {customers} customers with seed {seed} cannot be simulated.",
            expected="at least 50 customers and a seed from 0.",
            todo="choose larger numbers; the sample uses 5000 customers and seed 7.",
            code="SIMULATION",
        )
    facts = _simulate(customers, seed, scenario_named(scenario) if isinstance(scenario, str) else scenario)
    writer = _Writer(out)
    nights = _nights(facts.scenario)
    arrivals = _arrivals(facts, nights, seed)
    for night in nights:
        _write_crm(writer, facts, seed, night)
        _write_web(writer, facts, seed, night, arrivals[night.no])
        _write_desk(writer, facts, seed, night)
        _write_survey(writer, facts, night)
    write_answer_key(writer.put, facts)
    folders = tuple(night.folder.rstrip("/") for night in nights if night.folder)
    return WorldSummary(customers, seed, tuple(writer.written), folders)


def _nights(scenario: Scenario) -> tuple[_Delivery, ...]:
    if not scenario.nights:
        return (_ONE_DELIVERY,)
    begins = (0.0, *scenario.nights)
    return tuple(
        _Delivery(no, begins[no - 1], until, f"delivery_{no}/") for no, until in enumerate(scenario.nights, start=1)
    )


def _arrivals(facts: Facts, nights: Sequence[_Delivery], seed: int) -> dict[int, list[Hit]]:
    """Hits by the night that brings them; of several nights, some come a few days late."""
    hits = [*facts.customer_hits, *facts.other_hits]
    if len(nights) == 1:
        return {nights[0].no: hits}
    rng = generator(seed, 17)
    found: dict[int, list[Hit]] = {night.no: [] for night in nights}
    for hit in hits:
        late = 1 + 7 * rng.random() if rng.random() < facts.scenario.late_share else 0.0
        bringer = next((night for night in nights if hit.at + late < night.until), nights[-1])
        found[bringer.no].append(hit)
        facts.late_hits += late > 0 and hit.at < bringer.after
    return found


def _simulate(customers: int, seed: int, scenario: Scenario) -> Facts:
    persons = people(seed, customers, scenario)
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
    asked = invitations.asked(stories, seed, scenario)
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
        answers=invitations.rows(asked) if scenario.survey else survey.rows(stories, seed),
        asked=asked,
        secrets=secrets,
        scenario=scenario,
    )


def _write_crm(writer: _Writer, facts: Facts, seed: int, night: _Delivery) -> None:
    day, folder = night.day, f"{night.folder}bitrix24"
    contacts = [contact for contact in facts.contacts if contact.created_at < night.until]
    text = crm.contact_csv(contacts, facts.broken_contact)
    writer.put(f"{folder}/contacts_{day}.csv", text.encode("cp1251"), len(contacts))
    deals = crm.deals_at(facts.deals, night.until)
    lines = crm.deal_cells(deals, facts.first_contacts(), seed)
    text = crm.deal_csv(lines)
    writer.put(f"{folder}/deals_{day}.csv", text.encode("cp1251"), len(lines))
    writer.put(f"{folder}/deals_{day}_utf8.csv.gz", text.encode("utf-8-sig"), len(lines))
    history = crm.history(deals)
    writer.put(f"{folder}/stagehistory_deal_{day}.json.gz", crm.dump_text(history, "items"), history["total"])
    statuses = crm.statuses()
    writer.put(f"{folder}/status_{day}.json", crm.dump_text(statuses), statuses["total"])


def _write_web(writer: _Writer, facts: Facts, seed: int, night: _Delivery, hits: list[Hit]) -> None:
    purpose = (16, night.no) if night.folder else (16,)
    months = web.months(hits, generator(seed, *purpose))
    for month, rows in months.items():
        text = "\n".join([web.HEADER, *rows]) + "\n"
        writer.put(f"{night.folder}metrica/hits_{month}{night.suffix}.tsv.gz", text, len(rows))
        facts.delivered_hits += len(rows)


def _write_desk(writer: _Writer, facts: Facts, seed: int, night: _Delivery) -> None:
    day, folder = night.day, f"{night.folder}zendesk"
    requests = desk.requests_at(facts.requests, night.until)
    askers = {request.person.no for request in requests}
    requesters = {no: user for no, user in facts.requesters.items() if no in askers}
    lines = desk.ticket_lines(requests, requesters, seed)
    facts.repeated_tickets = len(lines) - len(requests)
    lines.insert(len(lines) // 2, '{"id":99999,"via":{"channel":"email"},"created_at":"2026-07-')  # cut off on purpose
    writer.put(f"{folder}/tickets_{day}.ndjson.gz", "\n".join(lines) + "\n", len(lines))
    users = desk.user_lines(requesters.values(), seed)
    writer.put(f"{folder}/users_{day}.ndjson", "\n".join(users) + "\n", len(users))


def _write_survey(writer: _Writer, facts: Facts, night: _Delivery) -> None:
    answers = [row for row in facts.answers if night.after <= row.answer.day < night.until]
    writer.put(f"{night.folder}survey/answers_2026-09{night.suffix}.csv", survey.sheet(answers), len(answers))
    if facts.scenario.survey:
        invited = invitations.invited_between(facts.asked, night.after, night.until)
        path = f"{night.folder}survey/invitations_2026-09{night.suffix}.csv"
        writer.put(path, invitations.sheet(invited), len(invited))
