"""A request to be forgotten: what is known of the person, marks that keep them away, and the act that says so.

In: identifiers as a person wrote them, and the published warehouse, which knows the person's other identifiers. Out:
tombstones, and for each request `forgotten/acts/<id>.json` and `.txt`. Erasing itself is done by the next run.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from journey_mining.errors import SettingsError
from journey_mining.privacy import block_reason, load_keys, normalise_identifier, pseudonym
from journey_mining.privacy.private_files import write_private
from journey_mining.privacy.tombstones import (
    FOLDER,
    TEXT,
    Tombstones,
    add_tombstones,
    load_tombstones,
)
from journey_mining.project import Project
from journey_mining.sources.erasure import Place, mark_rows
from journey_mining.sources.ledger import joined
from journey_mining.sources.setting_tables import published_kinds
from journey_mining.sources.spec import load_sources
from journey_mining.sources.staging import LEDGER
from journey_mining.warehouse import DuckDBWarehouse
from journey_mining.warehouse.duckdb_warehouse import quoted_text

_WORKING_DAYS = 10
_SATURDAY = 5
_EVENTS = (
    "event as e where e.event_id in (select event_id from event_person where person_id = ? union "
    "select i.event_id from event_identifier as i inner join person_identifier as p "
    "on i.kind = p.kind and i.value = p.value where p.person_id = ?)"
)
"""events of a person, and those that name them although they count as somebody else's; two parameters"""
_WITH_TEXT = " inner join event_text as t on e.event_id = t.event_id where "


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One identifier of a person who asks to be forgotten."""

    kind: str
    value: str
    """as the person wrote it"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """What was found and marked for one request; holds nothing that leads back to the person but the masked value."""

    act: str
    asked_at: str
    """UTC"""
    due_on: str
    """ten working days later; holidays are not known"""
    kind: str
    masked_value: str
    is_known: bool
    """whether the published warehouse knows the person"""
    earlier_act: str
    """the act that had marked the identifier already; empty where this one is the first"""
    identifiers: dict[str, int]
    """identifiers marked, by kind; those that several people share are not among them"""
    events: int
    texts: int
    files: tuple[str, ...]
    """exports that brought the person's events: they are the company's and are not changed"""


def read_requests(path: Path) -> list[Request]:
    """Requests from a file: `kind:value` a line; empty lines and those that begin with # are left out.

    Raises:
        SettingsError: a line is no such pair, or the file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeError) as fault:
        raise SettingsError(
            f"{path} cannot be read ({type(fault).__name__}).",
            expected="a text file in UTF-8 with kind:value a line.",
            todo="Name another file, or use --kind and --value.",
        ) from fault
    requests = []
    for number, line in enumerate(lines, 1):
        kind, colon, value = line.strip().partition(":")
        if not line.strip() or line.startswith("#"):
            continue
        if not (colon and kind.strip() and value.strip()):
            raise SettingsError(
                f"Line {number} of {path} is no identifier.",
                expected="kind:value, such as email:anna@mail.example.",
                todo="Correct the line; nothing was forgotten yet.",
            )
        requests.append(Request(kind=kind.strip(), value=value.strip()))
    return requests


Traces = Callable[[str, str | None], Iterable[str]]
"""what a text may have left beside the warehouse, by its event and, where nobody else wrote the same, its words"""


def forget(project: Project, request: Request, *, now: datetime, traces: Traces = lambda _event, _text: ()) -> Act:
    """Mark a person to be forgotten and write the act; the caller holds the project. `now` is UTC.

    Raises:
        SettingsError: the value is no identifier of its kind, or stands for nobody; or marks of another key are there.
        ModelError: the published warehouse cannot be opened.
    """
    value = _normalised(project, request)
    keys = load_keys(project)
    records = published_kinds(load_sources(project.sources))
    marks = Tombstones(keys=keys)
    # where no run has published with the present key yet, the warehouse knows the person by a former one
    found_with = [(n, (request.kind, pseudonym(request.kind, value, key, records))) for n, key in enumerate(keys)]
    knowing = [(made_with, node, _known(project, node)) for made_with, node in found_with]
    made_with, node, known = next((one for one in knowing if one[2].person is not None), knowing[0])
    earlier = load_tombstones(project)  # marks of another key would not be added to
    name = _act_name(project, now)
    act = Act(
        act=name,
        asked_at=now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        due_on=_due(now).date().isoformat(),
        kind=request.kind,
        masked_value=masked(request.kind, value),
        is_known=known.person is not None,
        earlier_act=earlier.act_of(request.kind, value),
        identifiers=dict(sorted(Counter(kind for kind, _ in {node, *known.nodes}).items())),
        events=known.events,
        texts=len(known.said),
        files=known.files,
    )
    found = {trace for event_id, text in known.said for trace in traces(event_id, text)}
    add_tombstones(project, [(TEXT, marks.text_mark(trace)) for trace in found], act=name)
    mark_rows(project, list(known.places), marks, act=name)
    nodes = {(kind, marks.mark(kind, text, made_with=made_with)) for kind, text in {node, *known.nodes}}
    objects = {(kind, marks.mark(kind, text)) for kind, text in known.objects}
    add_tombstones(project, nodes | objects, act=name)
    folder = project.root / FOLDER / "acts"
    write_private(folder / f"{name}.json", json.dumps(asdict(act), ensure_ascii=False, indent=1) + "\n")
    write_private(folder / f"{name}.txt", act_text(act))
    return act


def _act_name(project: Project, now: datetime) -> str:
    """The moment, and a number for acts of the same second; nothing of the person stands in it."""
    stamp = f"{now:%Y%m%dT%H%M%S}"
    return f"{stamp}-{1 + len(list((project.root / FOLDER / 'acts').glob(f'{stamp}-*.json')))}"


def act_text(act: Act) -> str:
    """The act for people."""
    kinds = ", ".join(f"{kind} {count}" for kind, count in act.identifiers.items())
    person = f"{act.events} events and {act.texts} texts" if act.is_known else "nothing: no loaded event names them"
    earlier = f"Asked for already: act {act.earlier_act}\n" if act.earlier_act else ""
    files = "".join(f"\n  {name}" for name in act.files) or " none"
    return (
        f"Act {act.act}\nAsked at: {act.asked_at}\nTo be erased by: {act.due_on}\n"
        f"Identifier: {act.kind} {act.masked_value}\n{earlier}Marked: {kinds}\nFound: {person}\n"
        f"Exports that still hold the person, for the company to correct:{files}\n"
    )


def masked(kind: str, value: str) -> str:
    """Enough of a value to recognise one's own request by, and not enough to find the person.

    >>> masked("email", "anna@mail.example"), masked("phone", "+79161234567")
    ('a***@***', '+7***67')
    """
    if kind == "email":
        return f"{value[:1]}***@***"
    return f"{value[:2]}***{value[-2:]}" if kind == "phone" else f"{value[:1]}***"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    person: str | None = None
    nodes: tuple[tuple[str, str], ...] = ()
    events: int = 0
    said: tuple[tuple[str, str | None], ...] = ()
    """texts by event; None in place of one that others wrote as well"""
    files: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    """rows that the events came from"""
    objects: tuple[tuple[str, str], ...] = ()
    """deals and the like that no event of anybody else names, as (object:<type>, id)"""


def _known(project: Project, node: tuple[str, str]) -> _Known:
    """What the published warehouse knows of the person behind an identifier."""
    if not project.warehouse_file.is_file():
        return _Known()
    with DuckDBWarehouse(project.warehouse_file, read_only=True) as warehouse:
        found = warehouse.execute("select person_id from person_identifier where kind = ? and value = ?", node)
        if not found:
            return _Known()
        person = str(found[0][0])
        # shared and blocked identifiers belong to nobody and are not in this table
        nodes = warehouse.execute(
            "select kind, value from person_identifier where person_id = ? order by all", [person]
        )
        events = warehouse.execute(f"select count(*) from {_EVENTS}", [person] * 2)[0][0]
        said = warehouse.execute(
            f"with own as (select e.event_id, t.text from {_EVENTS.replace(' where ', _WITH_TEXT, 1)}) "
            "select event_id, case when text in (select o.text from event_text as o where o.event_id not in "
            "(select event_id from own)) then null else text end from own order by event_id",
            [person] * 2,
        )
        places = warehouse.execute(
            f"select distinct e.source, e.stream, e.file_id, e.line from {_EVENTS} and e.line is not null order by all",
            [person] * 2,
        )
        objects = warehouse.execute(
            "select concat('object:', o.object_type), o.object_id from event_object as o "
            "left join event_person as p on o.event_id = p.event_id group by all "
            "having min(coalesce(p.person_id, ?)) = ? and max(coalesce(p.person_id, ?)) = ? "
            "and max(case when p.person_id = ? then 1 else 0 end) = 1 order by all",
            [person] * 5,
        )
    files = sorted({str(place[2]) for place in places if place[2]})
    pairs = tuple((str(kind), str(value)) for kind, value in nodes)
    return _Known(
        person=person,
        nodes=pairs,
        events=events,
        said=tuple((str(event_id), text) for event_id, text in said),
        files=_names(project, files),
        places=tuple((str(s), str(t), str(f), int(line)) for s, t, f, line in places if f),
        objects=tuple((str(kind), str(text)) for kind, text in objects),
    )


def _names(project: Project, files: list[str]) -> tuple[str, ...]:
    if not (files and project.raw_file.is_file()):
        return ()
    listed = ", ".join(map(quoted_text, files))
    with DuckDBWarehouse(project.raw_file, read_only=True) as warehouse:
        rows = warehouse.execute(f"select distinct path, member from {LEDGER} where file_id in ({listed}) order by all")
    return tuple(joined(str(path), str(member or "")) for path, member in rows)


def _normalised(project: Project, request: Request) -> str:
    countries = sorted({source.settings.default_country for source in load_sources(project.sources)}) or ["RU"]
    value = normalise_identifier(request.kind, request.value, countries[0])
    if value is None or block_reason(request.kind, value) not in (None, "shared_mailbox"):
        raise SettingsError(
            f"The value given is no {request.kind} of a person.",
            expected=f"one identifier as the kind {request.kind} has it, such as email anna@mail.example.",
            todo="Correct --kind and --value; nothing was forgotten.",
        )
    return value


def _due(now: datetime) -> datetime:
    day, left = now, _WORKING_DAYS
    while left:
        day += timedelta(days=1)
        left -= day.weekday() < _SATURDAY
    return day
