"""Salesforce: from its fixtures to events, literal rows."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pytest

from journey_mining.privacy import pseudonym
from journey_mining.sources import catalog_dir
from source_place import KEY, Place

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Catalogue, Rows

OBJECTS = ("Account", "Contact", "Event", "Lead", "LeadHistory", "Opportunity", "OpportunityHistory", "Task")


@pytest.fixture
def rows(events_of: Catalogue) -> Rows:
    return events_of("salesforce")


def test_changes_of_the_stage_are_events_and_changes_of_the_amount_are_not(rows: Rows) -> None:
    assert rows(
        "select natural_key, event_kind, activity_raw, occurred_at::varchar, amount from event "
        "where natural_key like 'oh:%' order by occurred_at"
    ) == [
        ("oh:008A000001OhAAA", "deal_stage_changed", "Prospecting", "2026-04-02 09:00:05", 9000.0),
        ("oh:008A000001OhACA", "deal_stage_changed", "Proposal/Price Quote", "2026-04-06 10:00:00", 12500.0),
        ("oh:008A000001OhAEA", "deal_stage_changed", "Prospecting", "2026-04-08 10:00:00", 12500.0),
        ("oh:008A000001OhAFA", "deal_won", "Closed Won", "2026-04-20 09:30:00", 12500.0),
    ]


def test_the_beginning_of_an_opportunity_comes_before_its_first_stage(rows: Rows) -> None:
    assert rows(
        "select natural_key, event_kind, customer_type, attributes from event "
        "where occurred_at = timestamp '2026-04-02 09:00:05' and event_kind like 'deal%' order by order_key"
    ) == [
        (
            "opportunity:006A000001OppAA:created",
            "deal_created",
            "Customer - Direct",
            '{"opportunity_type": "New Business"}',
        ),
        ("oh:008A000001OhAAA", "deal_stage_changed", "Customer - Direct", '{"opportunity_type": "New Business"}'),
    ]


def test_tracked_fields_tell_the_moves_where_no_history_came(rows: Rows) -> None:
    assert rows(
        "select natural_key, event_kind, activity_raw, occurred_at::varchar, ts_quality from event "
        "where stream = 'field_history'"
    ) == [("ofh:017A000001FhBBA", "deal_stage_changed", "Negotiation/Review", "2026-05-20 10:00:00", "exact")]


def test_without_any_history_an_opportunity_shows_its_present_stage(rows: Rows) -> None:
    assert rows(
        "select event_kind, activity_raw, occurred_at::varchar, ts_quality from event "
        "where natural_key = 'opportunity:006A000001OppCC:now'"
    ) == [("deal_lost", "Closed Lost", "2026-05-21 10:00:00", "approx")]


def test_deleted_records_are_no_events(rows: Rows) -> None:
    assert rows(
        "select natural_key from event where natural_key like '%OppDD%' or natural_key like '%OhDAA%' "
        "or natural_key like '%Gone%' or natural_key like '%TkEEA%'"
    ) == []  # fmt: skip


def test_the_newest_version_of_a_record_wins(events_of: Catalogue) -> None:
    assert events_of.place("salesforce").raw(
        "select stage, amount::varchar from stg_salesforce__opportunities where opportunity_id = '006A000001OppAA'"
    ) == [("Closed Won", "12500.00")]


def test_ids_of_fifteen_and_eighteen_characters_are_the_same(rows: Rows) -> None:
    assert rows(
        "select natural_key, occurred_at::varchar, amount from event where natural_key like '%RepAA%' order by 2"
    ) == [
        ("opportunity:006A000001RepAA:created", "2026-08-03 10:05:00", 1250.0),
        ("opportunity:006A000001RepAA:Prospecting:1", "2026-08-20 09:00:00", 1250.0),
        ("opportunity:006A000001RepAA:Closed Lost:1", "2026-09-15 13:30:00", 1250.0),
    ]


def test_a_report_names_the_address_and_its_moves_are_approximate(rows: Rows) -> None:
    assert rows(
        "select event_kind, ts_quality, kind, value from event_identifier inner join event using (event_id) "
        "where stream = 'report' order by occurred_at"
    ) == [
        ("deal_created", "exact", "email", pseudonym("email", "nina@shop.example", KEY)),
        ("deal_stage_changed", "approx", "email", pseudonym("email", "nina@shop.example", KEY)),
        ("deal_lost", "approx", "email", pseudonym("email", "nina@shop.example", KEY)),
    ]


def test_the_footer_of_a_report_is_no_row(events_of: Catalogue) -> None:
    assert events_of.place("salesforce").raw(
        "select rows_read, rows_quarantined from file_ledger where stream = 'report' order by path"
    ) == [(2, 0), (1, 0)]


def test_what_the_export_knows_is_not_told_again_by_the_report(rows: Rows) -> None:
    assert rows("select count(*) from event where stream = 'report' and natural_key like '%OppAA%'") == [(0,)]


def test_leads_are_made_worked_on_and_converted(rows: Rows) -> None:
    assert rows(
        "select event_kind, activity_raw, occurred_at::varchar, ts_quality from event "
        "where natural_key like 'lead:00QA000001LdAAA:%' or natural_key like 'lh:%' order by occurred_at"
    ) == [
        ("lead_created", "Lead: Web", "2026-04-01 14:00:00", "exact"),
        ("lead_stage_changed", "Working", "2026-04-01 16:30:00", "exact"),
        ("lead_converted", "Lead converted", "2026-04-02 09:00:05", "exact"),
    ]


def test_a_day_of_conversion_is_never_before_the_lead(rows: Rows) -> None:
    assert rows(
        "select event_kind, occurred_at::varchar, ts_quality from event "
        "where natural_key like 'lead:00QA000001LdBBA:%' order by occurred_at, order_key"
    ) == [
        ("lead_created", "2026-05-05 10:00:00", "exact"),
        ("lead_converted", "2026-05-05 10:00:00", "date_only"),
    ]


def test_a_lead_may_be_lost(rows: Rows) -> None:
    assert rows(
        "select natural_key, activity_raw, occurred_at::varchar, ts_quality from event where event_kind = 'lead_lost'"
    ) == [("lead:00QA000001LdEEA:lost", "Closed - Not Converted", "2026-06-09 10:00:00", "approx")]


def test_a_conversion_binds_lead_and_contact(rows: Rows) -> None:
    assert rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'lead:00QA000001LdAAA:converted' order by kind"
    ) == [("salesforce_contact", "003A000001AnnaA"), ("salesforce_lead", "00QA000001LdAAA")]


def test_a_contact_binds_its_number_address_and_phone(rows: Rows) -> None:
    assert rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'contact:003A000001AnnaA' order by kind"
    ) == [
        ("email", pseudonym("email", "anna@daisy.example", KEY)),
        ("phone", pseudonym("phone", "+12025550101", KEY)),
        ("salesforce_contact", "003A000001AnnaA"),
    ]


def test_merged_contacts_and_leads_bind_to_the_one_that_is_left(rows: Rows) -> None:
    # AnnC went into AnnB, and AnnB into Anna; LdCC went into LdDD
    assert rows(
        "select natural_key, value from event_identifier inner join event using (event_id) "
        "where kind like 'salesforce%' and natural_key in ('contact:003A000001AnnBA', 'contact:003A000001AnnCA', "
        "'lead:00QA000001LdCCA:created', 'task:00TA000001TkBBA') order by 1"
    ) == [
        ("contact:003A000001AnnBA", "003A000001AnnaA"),
        ("contact:003A000001AnnCA", "003A000001AnnaA"),
        ("lead:00QA000001LdCCA:created", "00QA000001LdDDA"),
        ("task:00TA000001TkBBA", "003A000001AnnaA"),
    ]


def test_the_person_of_an_opportunity_is_its_primary_role_or_the_lead_it_came_from(rows: Rows) -> None:
    assert rows(
        "select natural_key, value from event_identifier inner join event using (event_id) "
        "where natural_key in ('opportunity:006A000001OppAA:created', 'opportunity:006A000001OppBB:created') order by 1"
    ) == [
        ("opportunity:006A000001OppAA:created", "003A000001AnnaA"),
        ("opportunity:006A000001OppBB:created", "003A000001BoriA"),
    ]


def test_what_hangs_on_an_opportunity_are_objects(rows: Rows) -> None:
    assert rows(
        "select object_type, object_id, qualifier from event_object inner join event using (event_id) "
        "where natural_key = 'ofh:017A000001FhBBA' order by all"
    ) == [
        ("company", "001A000001AccAA", "account"),
        ("contact", "003A000001AnnCA", "participant"),
        ("contact", "003A000001BoriA", "participant"),
        ("deal", "006A000001OppBB", "subject"),
    ]


def test_tasks_that_were_done_are_calls_mails_and_to_dos(rows: Rows) -> None:
    assert rows(
        "select event_kind, activity_raw, occurred_at::varchar, ts_quality, channel, direction, actor_type, attributes "
        "from event where stream = 'tasks' order by occurred_at"
    ) == [
        ("call", "Call", "2026-04-01 15:00:00", "exact", "phone", "in", "customer", '{"seconds": 184}'),
        ("email_out", "Email", "2026-04-10 00:00:00", "date_only", "email", "out", "agent", None),
        ("task_done", "Task", "2026-04-11 15:05:00", "approx", "crm", None, "agent", None),
    ]


def test_a_call_to_a_lead_is_bound_to_the_lead(rows: Rows) -> None:
    assert rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'task:00TA000001TkAAA'"
    ) == [("salesforce_lead", "00QA000001LdAAA")]


def test_a_meeting_is_one_event_and_one_to_come_is_none(rows: Rows) -> None:
    assert rows("select natural_key, event_kind, occurred_at::varchar from event where stream = 'meetings'") == [
        ("event:00UA000001EvAAA", "meeting", "2026-04-09 12:00:00")
    ]


def packed(objects: tuple[str, ...]) -> bytes:
    """The fixtures as the data export packs them, with an object that nobody reads."""
    folder = catalog_dir() / "salesforce" / "fixtures"
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("User.csv", '"Id","Email"\n"005A000001UserAIAU","olivia@host.example"\n')
        archive.writestr("OpportunityContactRole.csv", '"Id","OpportunityId","ContactId"\n')
        for name in objects:
            archive.write(folder / f"{name}_2026-09-27.csv", f"{name}.csv")
    return content.getvalue()


def test_the_zip_of_the_data_export_is_read_as_it_is(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.use("salesforce", fixtures=False)
    place.put("salesforce/WE_00DA000000AAAAAEAA_1.ZIP", packed(OBJECTS))
    loaded = place.load()
    assert loaded.rejected == ()
    assert [name.partition(":")[2] for name in sorted(loaded.loaded)] == [
        "Account.csv", "Contact.csv", "Event.csv", "Lead.csv", "LeadHistory.csv", "Opportunity.csv",
        "OpportunityContactRole.csv", "OpportunityHistory.csv", "Task.csv",
    ]  # fmt: skip


def test_without_the_table_of_stages_the_forecast_says_what_is_won(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.use("salesforce", fixtures=False)
    place.put("salesforce/WE_00DA000000AAAAAEAA_1.ZIP", packed(OBJECTS))
    place.load()
    assert place.built(
        "select natural_key, event_kind from event where event_kind in ('deal_won', 'deal_lost') order by 1"
    ) == [
        ("oh:008A000001OhAFA", "deal_won"),
        ("opportunity:006A000001OppCC:now", "deal_lost"),
    ]


def test_an_archive_in_which_nothing_is_known_is_told(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.use("salesforce", fixtures=False)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("Возможности.csv", "a,b\n1,2\n")
    place.put("salesforce/WE_1.ZIP", content.getvalue())
    assert [(problem.code, problem.where) for problem in place.load().report.problems] == [
        ("UNCLAIMED_FILE", "salesforce/WE_1.ZIP")
    ]


def test_a_damaged_archive_is_told_once_however_many_streams_read_it(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.use("salesforce", fixtures=False)
    place.put("salesforce/WE_1.ZIP", b"PK\x03\x04 broken")
    summary = place.load()
    assert (summary.rejected, summary.report.counts["files_rejected"]) == (("salesforce/WE_1.ZIP",), 1)
