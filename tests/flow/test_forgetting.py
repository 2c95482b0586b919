"""A person who asked to be forgotten is gone from everything the project holds, and stays gone."""

from __future__ import annotations

import csv
import json
import shutil
import stat
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from journey_mining.privacy import DEMO_KEY, normalise_email, normalise_phone, pseudonym
from journey_mining.project import load_project
from journey_mining.sources import Act, Request, forget, read_quarantine
from journey_mining.steps import run_line
from journey_mining.warehouse import DuckDBWarehouse

pytestmark = pytest.mark.slow
NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Planted:
    email: str
    phone: str | None


def planted(root: Path) -> Planted:
    """Somebody the desk knows by mail, whom the CRM knows by mail and phone."""
    users = [json.loads(line) for line in next((root / "inbox").rglob("users_*.ndjson")).read_text().splitlines()]
    mails = {normalise_email(user.get("email")) for user in users} - {None}
    contacts = next((root / "inbox").rglob("contacts_*.csv"))
    data = contacts.read_bytes()
    text = data.decode("utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "cp1251")
    for row in csv.reader(text.splitlines(), delimiter=";"):
        cells = [normalise_email(cell) for cell in row]
        found = next((cell for cell in cells if cell in mails), None)
        phones = [phone for cell in row if (phone := normalise_phone(cell)) and cell.strip()[:1] in "+8(7"]
        if found and phones:
            return Planted(email=found, phone=phones[0])
    pytest.fail("the small world has nobody in both systems")


def needles(person: Planted) -> list[bytes]:
    values = [person.email, person.email.upper(), pseudonym("email", person.email, DEMO_KEY)]
    return [value.encode() for value in values]


def held(root: Path, wanted: list[bytes]) -> list[str]:
    """Files of the project, but for the inbox, that hold a planted string; databases also value by value."""
    files = [p for p in sorted(root.rglob("*")) if p.is_file() and "inbox" not in p.relative_to(root).parts]
    found = [p.name for p in files if any(needle in p.read_bytes() for needle in wanted)]
    for path in (p for p in files if p.suffix == ".duckdb"):
        with DuckDBWarehouse(path, read_only=True) as warehouse:
            for table in warehouse.tables():
                for needle in wanted:
                    sql = f'select count(*) from "{table}" as t where strpos(lower(cast(t as varchar)), lower(?)) > 0'
                    found += [f"{path.name}:{table}"] if warehouse.execute(sql, [needle.decode()])[0][0] else []
    return found


def events_of_others(root: Path, act_events: set[str]) -> set[str]:
    with DuckDBWarehouse(root / "warehouse" / "journeys.duckdb", read_only=True) as warehouse:
        return {str(row[0]) for row in warehouse.execute("select event_id from event")} - act_events


def events_of(root: Path, person: Planted) -> set[str]:
    node = ["email", pseudonym("email", person.email, DEMO_KEY)]
    with DuckDBWarehouse(root / "warehouse" / "journeys.duckdb", read_only=True) as warehouse:
        rows = warehouse.execute(
            "select event_id from event_person where person_id = "
            "(select person_id from person_identifier where kind = ? and value = ?)",
            node,
        )
    return {str(row[0]) for row in rows}


@pytest.fixture
def forgotten(small_project: Path) -> tuple[Path, Planted, Act, set[str], set[str]]:
    run_line(small_project)
    person = planted(small_project)
    own = events_of(small_project, person)
    others = events_of_others(small_project, own)
    assert own
    assert held(small_project, needles(person))
    act = forget(load_project(small_project), Request(kind="email", value=person.email.upper()), now=NOW)
    run_line(small_project)
    return small_project, person, act, own, others


def test_a_forgotten_person_is_gone_and_survives_a_replay_from_the_inbox(
    forgotten: tuple[Path, Planted, Act, set[str], set[str]],
) -> None:
    root, person, act, own, others = forgotten
    assert (act.is_known, act.events, act.due_on) == (True, len(own), "2026-11-16")
    assert held(root, needles(person)) == []
    assert events_of_others(root, set()) == others
    assert person.email not in "".join(p.read_text() for p in (root / "forgotten").rglob("*") if p.is_file())
    assert {stat.S_IMODE(p.stat().st_mode) for p in (root / "forgotten").rglob("*.json*")} == {0o600}
    assert act.files

    shutil.rmtree(root / "warehouse")
    run_line(root)
    assert held(root, needles(person)) == []
    assert events_of_others(root, set()) == others
    rows = read_quarantine(load_project(root))
    assert sum(row.reason == "FORGOTTEN" for row in rows) > 0
    assert run_line(root).status == "unchanged"
