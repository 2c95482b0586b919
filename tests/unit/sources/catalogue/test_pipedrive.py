"""Pipedrive: from its fixtures to events, literal rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from journey_mining.privacy import pseudonym
from source_place import KEY, Place

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Catalogue, Rows


@pytest.fixture
def rows(events_of: Catalogue) -> Rows:
    return events_of("pipedrive")


def test_the_flow_tells_every_change_and_with_what_a_deal_began(rows: Rows) -> None:
    assert rows(
        "select natural_key, event_kind, activity_raw, occurred_at::varchar, amount, pipeline from event "
        "where natural_key like 'deal:701:%' or stream = 'flow' order by occurred_at, order_key"
    ) == [
        ("deal:701:created", "deal_created", "Deal created", "2026-04-01 07:00:00", 12500.0, "Sales"),
        ("deal:701:first", "deal_stage_changed", "New", "2026-04-01 07:00:00", 12500.0, "Sales"),
        ("change:5", "deal_stage_changed", "Qualified", "2026-04-05 08:00:00", 12500.0, "Sales"),
        ("change:6", "deal_stage_changed", "Proposal", "2026-04-12 09:00:00", 12500.0, "Sales"),
        ("change:7", "deal_lost", "Deal lost", "2026-04-15 09:00:00", 12500.0, "Sales"),
        ("change:8", "deal_stage_changed", "Deal reopened", "2026-04-18 09:00:00", 12500.0, "Sales"),
        ("change:9", "deal_won", "Deal won", "2026-04-20 09:30:00", 12500.0, "Sales"),
    ]


def test_entries_of_other_kinds_share_numbers_with_changes_and_are_no_events(events_of: Catalogue) -> None:
    assert events_of.place("pipedrive").raw(
        "select entry, entry_id from stg_pipedrive__flow where entry_id in ('4', '6') order by all"
    ) == [("activity", "6"), ("dealChange", "4"), ("dealChange", "6"), ("note", "4")]


def test_without_a_flow_the_times_of_the_deal_tell(rows: Rows) -> None:
    assert rows(
        "select natural_key, event_kind, activity_raw, occurred_at::varchar, ts_quality from event "
        "where natural_key like 'deal:702:%' order by occurred_at"
    ) == [
        ("deal:702:created", "deal_created", "Deal created", "2026-05-02 10:00:00", "exact"),
        ("deal:702:now", "deal_stage_changed", "Qualified", "2026-05-09 15:00:00", "exact"),
        ("deal:702:lost", "deal_lost", "Deal lost", "2026-05-20 12:00:00", "exact"),
    ]


def test_a_deal_that_never_moved_began_where_it_stands(rows: Rows) -> None:
    assert rows(
        "select event_kind, activity_raw, occurred_at::varchar, currency, pipeline from event "
        "where natural_key like 'deal:703:%' order by order_key"
    ) == [
        ("deal_created", "Deal created", "2026-06-01 10:00:00", "EUR", "Renewals"),
        ("deal_stage_changed", "Up for renewal", "2026-06-01 10:00:00", "EUR", "Renewals"),
    ]


def test_deleted_deals_are_no_events(rows: Rows) -> None:
    assert rows("select natural_key from event where natural_key like 'deal:704:%'") == []


def test_a_deal_of_the_dump_is_not_told_again_by_the_list(rows: Rows) -> None:
    assert rows("select natural_key from event where natural_key like 'deal:701:%' and stream = 'deals'") == []


def test_the_difference_between_two_lists_is_a_move(rows: Rows) -> None:
    assert rows(
        "select natural_key, event_kind, occurred_at::varchar, ts_quality, amount from event "
        "where natural_key like 'deal:901:%' order by occurred_at, order_key"
    ) == [
        ("deal:901:created", "deal_created", "2026-08-03 10:05:00", "exact", 1300.0),
        ("deal:901:Qualified:1", "deal_stage_changed", "2026-08-20 09:00:00", "approx", 1300.0),
        ("deal:901:Proposal:1", "deal_stage_changed", "2026-09-15 17:30:00", "approx", 1300.0),
        ("deal:901:won", "deal_won", "2026-09-15 17:30:00", "exact", 1300.0),
    ]


def test_a_loss_without_its_time_is_put_at_the_last_change(rows: Rows) -> None:
    assert rows(
        "select natural_key, occurred_at::varchar, ts_quality from event where natural_key like 'deal:902:%' order by 2"
    ) == [
        ("deal:902:created", "2026-08-04 10:00:00", "exact"),
        ("deal:902:Qualified:1", "2026-08-04 10:00:00", "approx"),
        ("deal:902:lost", "2026-09-02 08:00:00", "approx"),
    ]


def test_a_deal_absent_from_the_newest_list_is_deleted(rows: Rows) -> None:
    assert rows("select natural_key from event where natural_key like 'deal:903:%'") == []


def test_workbooks_show_times_as_numbers_or_as_dates(rows: Rows) -> None:
    assert rows(
        "select natural_key, event_kind, occurred_at::varchar, amount from event where stream = 'deals_sheet' "
        "order by 3, 1"
    ) == [
        ("deal:801:created", "deal_created", "2025-12-09 12:00:00", 99.5),
        ("deal:801:Proposal:1", "deal_stage_changed", "2025-12-19 06:00:00", 99.5),
        ("deal:801:lost", "deal_lost", "2025-12-19 06:00:00", 99.5),
        ("deal:802:created", "deal_created", "2026-01-05 09:30:00", 5.0),
        ("deal:802:Qualified:1", "deal_stage_changed", "2026-01-06 09:30:00", 5.0),
    ]


def test_a_deal_of_the_dump_names_its_person_by_number(rows: Rows) -> None:
    # an object in v1, a number in v2
    assert rows(
        "select natural_key, kind, value from event_identifier inner join event using (event_id) "
        "where natural_key in ('deal:701:created', 'deal:703:created') order by 1"
    ) == [("deal:701:created", "pipedrive_person", "501"), ("deal:703:created", "pipedrive_person", "502")]


def test_a_deal_of_a_list_names_its_person_by_address(rows: Rows) -> None:
    emails = ["nina@shop.example", "ns@mail.example"]
    assert rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'deal:901:won' order by kind, value"
    ) == [
        *sorted(("email", pseudonym("email", email, KEY)) for email in emails),
        ("phone", pseudonym("phone", "+12025550161", KEY)),
    ]


def test_persons_of_both_versions_bind_number_addresses_and_phones(rows: Rows) -> None:
    anna = ["anna@daisy.example", "anna.p@mail.example"]
    assert rows(
        "select natural_key, kind, value from event_identifier inner join event using (event_id) "
        "where natural_key in ('person:501', 'person:502') order by all"
    ) == [
        *sorted(("person:501", "email", pseudonym("email", email, KEY)) for email in anna),
        ("person:501", "phone", pseudonym("phone", "+12025550101", KEY)),
        ("person:501", "pipedrive_person", "501"),
        ("person:502", "email", pseudonym("email", "boris@daisy.example", KEY)),
        ("person:502", "phone", pseudonym("phone", "+12025550102", KEY)),
        ("person:502", "pipedrive_person", "502"),
    ]


def test_persons_are_made_once_whoever_tells_of_them(rows: Rows) -> None:
    assert rows(
        "select stream, natural_key, occurred_at::varchar from event where event_kind = 'contact_created' order by 3"
    ) == [
        ("persons_api", "person:501", "2026-03-30 08:00:00"),
        ("persons_api", "person:502", "2026-04-02 08:00:00"),
        ("persons", "person:601", "2026-08-01 09:00:00"),
    ]


def test_activities_that_were_done_have_the_best_time_there_is(rows: Rows) -> None:
    assert rows(
        "select natural_key, event_kind, occurred_at::varchar, ts_quality, channel, direction from event "
        "where stream = 'activities' order by occurred_at"
    ) == [
        ("activity:6", "call", "2026-04-09 12:00:00", "exact", "phone", None),
        ("activity:7", "meeting", "2026-04-13 18:00:00", "approx", "crm", None),
        ("activity:8", "email_out", "2026-04-16 00:00:00", "date_only", "email", "out"),
        ("activity:9", "task_done", "2026-04-18 18:00:00", "approx", "crm", None),
    ]


def test_a_lead_is_made_and_is_its_persons(rows: Rows) -> None:
    assert rows(
        "select event_kind, activity_raw, kind, value from event_identifier inner join event using (event_id) "
        "where stream = 'leads'"
    ) == [("lead_created", "Lead: Live Chat", "pipedrive_person", "502")]


def test_deals_companies_and_leads_are_objects(rows: Rows) -> None:
    assert rows(
        "select natural_key, object_type, object_id, qualifier from event_object inner join event using (event_id) "
        "where natural_key in ('change:9', 'activity:6') or stream = 'leads' order by all"
    ) == [
        ("activity:6", "deal", "701", "about"),
        ("change:9", "company", "8801", "account"),
        ("change:9", "deal", "701", "subject"),
        ("lead:c3d4e5f6-0000-4000-8000-00000000a001", "lead", "c3d4e5f6-0000-4000-8000-00000000a001", "subject"),
    ]


def test_times_of_the_api_are_utc_whatever_zone_lists_are_in(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.use("pipedrive")
    spec = place.root / "sources" / "pipedrive" / "spec.toml"
    spec.write_text(spec.read_text("utf-8").replace('timezone = "UTC"   ', 'timezone = "Europe/Moscow"   '), "utf-8")
    place.load()
    assert place.raw(
        "select created_at::varchar from stg_pipedrive__deals_api where deal_id = '701' union all "
        "select created_at::varchar from stg_pipedrive__deals where deal_id = '901'"
    ) == [("2026-04-01 07:00:00",), ("2026-08-03 07:05:00",)]
