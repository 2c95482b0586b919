"""A person who asked to be forgotten is gone from everything the project holds, and stays gone."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import shutil
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from journey_mining.cli import app
from journey_mining.privacy import DEMO_KEY, normalise_email, normalise_phone, pseudonym
from journey_mining.project import load_project
from journey_mining.sources import read_quarantine
from journey_mining.steps import run_line
from journey_mining.voice.endpoint import KeptAnswers
from journey_mining.voice.label_file import read_labels
from journey_mining.voice.labelling import write_label_files
from journey_mining.voice.own_words import own_words
from journey_mining.voice.places import answers_file
from journey_mining.voice.traces import question, question_trace
from journey_mining.warehouse import DuckDBWarehouse

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class Planted:
    email: str
    phone: str
    contact: str
    """record number of the card in the CRM"""


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
        phones = [phone for cell in row if (phone := normalise_phone(cell)) and phone.startswith("+79")]
        # a switchboard is several people's, and stays
        if found and phones:
            return Planted(email=found, phone=phones[0], contact=row[0])
    pytest.fail("the small world has nobody in both systems")


def needles(root: Path, person: Planted) -> list[bytes]:
    """What leads to the person: as written, as hashed, and what they wrote; short record numbers stand anywhere."""
    values = [person.email, person.email.upper(), pseudonym("email", person.email, DEMO_KEY)]
    values += [person.phone.lstrip("+"), pseudonym("phone", person.phone, DEMO_KEY)]
    with DuckDBWarehouse(root / "warehouse" / "journeys.duckdb", read_only=True) as warehouse:
        own = warehouse.execute(
            "select person_id from person_identifier where kind = 'email' and value = ?", [values[2]]
        )[0]
        cookies = warehouse.execute(
            "select value from person_identifier where person_id = ? and length(value) > 16", own
        )
        texts = warehouse.execute(
            "select t.text from event_text as t inner join event_person as p on t.event_id = p.event_id "
            "where p.person_id = ? and length(t.text) > 30 and (select count(*) from event_text as other "
            "where other.text = t.text) = 1",
            own,
        )
        shown = warehouse.execute(
            "select concat('t', substr(event_id, 1, 16)) from event_person where person_id = ? and event_id in "
            "(select event_id from event_text)",
            own,
        )
    found = {*values, *own, *(row[0] for row in [*cookies, *texts, *shown])}
    return [str(value).encode() for value in sorted(found)]


def held(root: Path, wanted: list[bytes]) -> list[str]:
    """Files of the project, but for the inbox, that hold a planted string, unpacked where they are packed."""
    files = [p for p in sorted(root.rglob("*")) if p.is_file() and "inbox" not in p.relative_to(root).parts]
    found = [p.name for p in files for content in contents(p) if any(needle in content for needle in wanted)]
    for path in (p for p in files if p.suffix == ".duckdb"):
        with DuckDBWarehouse(path, read_only=True) as warehouse:
            for table in warehouse.tables():
                for needle in wanted:
                    sql = f'select count(*) from "{table}" as t where strpos(lower(cast(t as varchar)), lower(?)) > 0'
                    found += [f"{path.name}:{table}"] if warehouse.execute(sql, [needle.decode()])[0][0] else []
    return found


def contents(path: Path) -> list[bytes]:
    data = path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            return [data, *(packed.read(name) for name in packed.namelist())]
    if data[:2] == b"\x1f\x8b":
        return [data, gzip.decompress(data)]
    if path.suffix == ".parquet":
        return [data, json.dumps(pq.read_table(path).to_pylist(), default=str, ensure_ascii=False).encode()]
    return [data]


def cards(root: Path, contact: str) -> int:
    """Rows of the private database about a card, and about deals of it."""
    with DuckDBWarehouse(root / "warehouse" / "raw.duckdb", read_only=True) as warehouse:
        tables = [table for table in warehouse.tables() if table.startswith("stg_bitrix24__")]
        columns = [(t, c) for t in tables for c in warehouse.columns(t) if c == "contact_id"]
        assert columns
        return sum(
            warehouse.execute(f'select count(*) from "{t}" where cast("{c}" as varchar) = ?', [contact])[0][0]
            for t, c in columns
        )


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


def keep_texts_beside(root: Path) -> None:
    """What labelling and an endpoint leave in the folder of the voice: every text, as a workbook, CSV, and answers."""
    project = load_project(root)
    write_label_files(project, count=10_000, out=root / "voice" / "labels.xlsx")
    shutil.copy(root / "voice" / "labels.csv", root / "voice" / "labels (copy).csv")
    kept = KeptAnswers(answers_file(root))
    for text in texts_of(root):
        kept.keep(answer_key(text), (0.1, 0.2, 0.7), trace=question_trace(question(own_words(text))))


def texts_of(root: Path) -> list[str]:
    with DuckDBWarehouse(root / "warehouse" / "journeys.duckdb", read_only=True) as warehouse:
        return [str(row[0]) for row in warehouse.execute("select distinct text from event_text order by 1")]


def answer_key(text: str) -> str:
    return hashlib.sha256(f"a model\n1\n{question(own_words(text))}".encode()).hexdigest()


@dataclass(frozen=True)
class Forgotten:
    root: Path
    person: Planted
    needles: list[bytes]
    output: str
    own: set[str]
    others: set[str]
    customers: int
    texts: list[str]


def customers(root: Path) -> int:
    with DuckDBWarehouse(root / "warehouse" / "journeys.duckdb", read_only=True) as warehouse:
        sql = "select customer_count from metric_value where estimand = 'journeys' and segment = 'all'"
        return int(warehouse.execute(sql)[0][0])


@pytest.fixture
def forgotten(small_project: Path) -> Forgotten:
    run_line(small_project)
    person = planted(small_project)
    keep_texts_beside(small_project)
    own = events_of(small_project, person)
    others = events_of_others(small_project, own)
    wanted = needles(small_project, person)
    before = customers(small_project)
    assert own
    assert {"labels.xlsx", "labels.csv", "labels (copy).csv"} <= set(held(small_project, wanted))
    former = texts_of(small_project)
    assert cards(small_project, person.contact)
    words = ["forget", "-p", str(small_project), "--value", "-", "--now"]
    done = CliRunner().invoke(app, words, input=f"{person.email.upper()}\n")
    assert done.exit_code == 0
    return Forgotten(small_project, person, wanted, done.output, own, others, before, former)


def test_a_forgotten_person_is_gone_at_once_and_survives_a_replay_from_the_inbox(forgotten: Forgotten) -> None:
    root, person = forgotten.root, forgotten.person
    act = json.loads(next((root / "forgotten" / "acts").glob("*.json")).read_text())
    assert (act["is_known"], act["events"], act["earlier_act"]) == (True, len(forgotten.own), "")
    assert act["files"]
    assert f"Found: {len(forgotten.own)} events" in forgotten.output
    assert person.email not in forgotten.output.lower()
    assert held(root, forgotten.needles) == []
    assert cards(root, person.contact) == 0
    answers = KeptAnswers(answers_file(root))
    left = texts_of(root)
    assert {text for text in forgotten.texts if len(text) > 20 and answer_key(text) in answers} == {
        text for text in left if len(text) > 20
    }
    assert len(left) < len(forgotten.texts)
    assert len(read_labels(root / "voice" / "labels.csv").rows) == 0
    assert (root / "voice" / "labels.csv").read_text("utf-8-sig").count("\n") > 100
    assert events_of_others(root, set()) == forgotten.others
    assert customers(root) == forgotten.customers - 1
    assert {stat.S_IMODE(p.stat().st_mode) for p in (root / "forgotten").rglob("*.json*")} == {0o600}
    words = ["export", "log", "-p", str(root), "--out", str(root / "log.csv.gz"), "--format", "csv"]
    exported = CliRunner().invoke(app, words)
    assert exported.exit_code == 0
    assert held(root, forgotten.needles) == []

    shutil.rmtree(root / "warehouse")
    run_line(root)
    assert held(root, forgotten.needles) == []
    assert cards(root, person.contact) == 0
    assert events_of_others(root, set()) == forgotten.others
    rows = read_quarantine(load_project(root))
    assert sum(row.reason == "FORGOTTEN" for row in rows) > 0
    again = CliRunner().invoke(app, ["forget", "-p", str(root), "--value", person.email])
    assert f"Asked for already: act {act['act']}" in again.output
    assert run_line(root).status == "unchanged"
