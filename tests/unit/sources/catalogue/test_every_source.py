"""What holds for every folder of the catalogue."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from journey_mining.sources import catalog_dir, check_specs
from journey_mining.sources.exposure import RAW, expose
from journey_mining.sources.sandbox import checked_check, checked_model, checked_models
from journey_mining.sources.spec import load_source
from journey_mining.warehouse import DuckDBWarehouse
from journey_mining.warehouse.checks import check_promises

if TYPE_CHECKING:
    from conftest import Catalogue

NAMES = sorted(path.parent.name for path in catalog_dir().glob("*/spec.toml"))
WITH_MODELS = sorted({path.parent.parent.name for path in catalog_dir().glob("*/models/*.sql")})
KINDS = {
    "pageview",
    "goal",
    "outlink",
    "download",
    "search",
    "form_submitted",
    "signup",
    "hit",
    "visit",
    "cart_added",
    "checkout_started",
    "order_created",
    "order_paid",
    "order_cancelled",
    "lead_created",
    "lead_stage_changed",
    "lead_converted",
    "lead_lost",
    "contact_created",
    "deal_created",
    "deal_stage_changed",
    "deal_won",
    "deal_lost",
    "meeting",
    "task_done",
    "invoice_paid",
    "call",
    "email_in",
    "email_out",
    "chat_message",
    "ticket_created",
    "ticket_reply",
    "ticket_status_changed",
    "ticket_reopened",
    "ticket_solved",
    "ticket_merged",
    "csat",
    "nps",
    "ces",
    "review",
    "call_rating",
    "survey_invited",
    "activity",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_source_is_called_like_its_folder(name: str) -> None:
    assert load_source(catalog_dir() / name).id == name


@pytest.mark.parametrize("name", NAMES)
def test_its_sql_bears_empty_tables_and_rows_with_nothing_but_what_is_required(name: str, events_of: Catalogue) -> None:
    assert check_specs(events_of.place(name).project) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_source_says_what_its_exports_tell(name: str) -> None:
    text = (catalog_dir() / name / "README.md").read_text(encoding="utf-8")
    assert "| export |" in text
    assert "Identifiers" in text


@pytest.mark.parametrize("name", NAMES)
def test_no_fixture_is_rejected_and_each_is_claimed(name: str, events_of: Catalogue) -> None:
    place = events_of.place(name)
    assert place.raw("select path, error_text from file_ledger where status = 'rejected'") == []
    problems = [f"{problem.where}: {problem.text}" for problem in place.load().report.problems]
    assert [text for text in problems if "No source claims" in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_stream_has_a_fixture_with_rows(name: str, events_of: Catalogue) -> None:
    loaded = {row[0] for row in events_of.place(name).raw("select stream from file_ledger where rows_accepted > 0")}
    assert {stream.id for stream in load_source(catalog_dir() / name).streams} - loaded == set()


@pytest.mark.parametrize("name", NAMES)
def test_fixtures_become_events_of_known_kinds(name: str, events_of: Catalogue) -> None:
    kinds = {row[0] for row in events_of(name)("select distinct event_kind from event")}
    assert kinds
    assert kinds - KINDS == set()


@pytest.mark.parametrize("name", NAMES)
def test_no_published_key_holds_an_address_or_a_phone(name: str, events_of: Catalogue) -> None:
    keys = events_of(name)("select natural_key from event union all select object_id from event_object")
    assert [key for (key,) in keys if "@" in key or re.search(r"\+7\d{10}", key)] == []


@pytest.mark.parametrize("name", WITH_MODELS)
def test_each_model_is_read_by_two_others_or_more(name: str) -> None:
    source = load_source(catalog_dir() / name)
    models = checked_models(source)
    others = [checked_model(source, file) for file in source.sql] + [
        checked_check(source, file) for file in source.checks
    ]
    reads = [read for model in (*models.values(), *others) for read in model.reads]
    assert {table: reads.count(table) for table in models if reads.count(table) < 2} == {}


@pytest.mark.parametrize("name", WITH_MODELS)
def test_models_keep_what_their_headers_promise(name: str, events_of: Catalogue) -> None:
    place = events_of.place(name)
    source = load_source(catalog_dir() / name)
    with DuckDBWarehouse(attach={RAW: place.project.raw_file}) as warehouse:
        expose(warehouse, [source])
        broken = []
        for table, model in checked_models(source).items():
            warehouse.execute(f"create temp table {table} as {model.sql}")
            broken += check_promises(warehouse, replace(model, name=table))
    assert broken == []
