"""HubSpot: from its fixtures to events, literal rows."""

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
    return events_of("hubspot")


def test_every_value_of_the_stage_is_an_event_and_coming_back_is_one_too(rows: Rows) -> None:
    assert rows(
        "select event_kind, activity_raw, occurred_at::varchar, amount, currency, pipeline from event "
        "where natural_key like 'deal:701:%' order by occurred_at, order_key"
    ) == [
        ("deal_created", "Deal created", "2026-04-01 07:00:00", 12500.0, "USD", "Sales Pipeline"),
        ("deal_stage_changed", "Appointment Scheduled", "2026-04-01 07:00:00.05", 12500.0, "USD", "Sales Pipeline"),
        ("deal_stage_changed", "Contract Sent", "2026-04-05 08:00:00.1", 12500.0, "USD", "Sales Pipeline"),
        ("deal_stage_changed", "Qualified To Buy", "2026-04-10 09:00:00.25", 12500.0, "USD", "Sales Pipeline"),
        ("deal_stage_changed", "Contract Sent", "2026-04-12 09:00:00.5", 12500.0, "USD", "Sales Pipeline"),
        ("deal_won", "Closed Won", "2026-04-20 09:30:00.12", 12500.0, "USD", "Sales Pipeline"),
    ]  # fmt: skip


def test_a_deal_of_the_dump_is_not_told_again_by_the_list(rows: Rows) -> None:
    assert rows("select count(*) from event where stream = 'deals' and natural_key like 'deal:701:%'") == [(0,)]


def test_without_history_the_dates_of_entry_tell_the_moves(rows: Rows) -> None:
    assert rows(
        "select natural_key, event_kind, activity_raw, occurred_at::varchar, pipeline from event "
        "where natural_key like 'deal:702:%' order by occurred_at, order_key"
    ) == [
        ("deal:702:created", "deal_created", "Deal created", "2026-05-02 10:00:00", "Renewals"),
        ("deal:702:1101001", "deal_stage_changed", "Up for renewal", "2026-05-02 10:00:00.3", "Renewals"),
        ("deal:702:1101002", "deal_won", "Renewed", "2026-05-09 15:00:00", "Renewals"),
    ]  # fmt: skip


def test_of_other_properties_nothing_is_kept_but_times(events_of: Catalogue) -> None:
    assert events_of.place("hubspot").raw(
        "select property, entered_text from stg_hubspot__stage_entries "
        "where deal_id = '702' and property <> 'createdate' order by property"
    ) == [
        ("amount", None), ("dealname", None), ("dealstage", None), ("description", None),
        ("hs_v2_date_entered_1101001", "2026-05-02T10:00:00.300Z"),
        ("hs_v2_date_entered_1101002", "2026-05-09T15:00:00.000Z"),
        ("hs_v2_date_entered_closedwon", None), ("pipeline", None),
    ]  # fmt: skip


def test_without_any_dates_a_deal_shows_its_present_stage(rows: Rows) -> None:
    assert rows(
        "select natural_key, event_kind, activity_raw, occurred_at::varchar, ts_quality from event "
        "where natural_key like 'deal:703:%' order by occurred_at"
    ) == [
        ("deal:703:created", "deal_created", "Deal created", "2026-05-20 10:00:00", "exact"),
        ("deal:703:now", "deal_lost", "Closed Lost", "2026-06-01 12:00:00", "approx"),
    ]


def test_archived_records_are_no_events(rows: Rows) -> None:
    assert rows("select count(*) from event where natural_key like 'deal:704%' or natural_key = 'contact:503'") == [
        (0,)
    ]


def test_the_difference_between_two_lists_is_a_move(rows: Rows) -> None:
    assert rows(
        "select natural_key, event_kind, occurred_at::varchar, ts_quality, amount from event "
        "where natural_key like 'deal:19000000901:%' order by occurred_at, order_key"
    ) == [
        ("deal:19000000901:created", "deal_created", "2026-08-03 10:05:00", "exact", 1300.0),
        ("deal:19000000901:Qualified To Buy:1", "deal_stage_changed", "2026-08-20 09:00:00", "approx", 1300.0),
        ("deal:19000000901:Closed Won:1", "deal_won", "2026-09-15 17:30:00", "approx", 1300.0),
    ]


def test_a_change_of_the_amount_alone_is_no_move(rows: Rows) -> None:
    assert rows("select natural_key from event where natural_key like 'deal:19000000902:%' order by 1") == [
        ("deal:19000000902:Appointment Scheduled:1",),
        ("deal:19000000902:created",),
    ]


def test_a_deal_absent_from_the_newest_list_is_deleted(rows: Rows) -> None:
    assert rows("select count(*) from event where natural_key like 'deal:19000000903:%'") == [(0,)]


def test_kinds_of_deals_are_attributes(rows: Rows) -> None:
    assert rows("select attributes from event where natural_key = 'deal:19000000901:created'") == [
        ('{"deal_type": "New Business"}',)
    ]


def test_a_contact_binds_its_number_addresses_and_phone(rows: Rows) -> None:
    assert rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'contact:501' order by kind, value"
    ) == [
        *sorted(("email", pseudonym("email", value, KEY)) for value in ("anna@daisy.example", "anna.p@mail.example")),
        ("hubspot_contact", "501"),
        ("phone", pseudonym("phone", "+12025550101", KEY)),
    ]


def test_contacts_that_were_merged_bind_to_the_one_that_is_left(rows: Rows) -> None:
    # 490 and 491 went into 495, and 495 into 501
    assert rows(
        "select natural_key, value from event_identifier inner join event using (event_id) "
        "where kind = 'hubspot_contact' and natural_key in ('contact:495', 'call:30001', 'deal:702:created') order by 1"
    ) == [("call:30001", "501"), ("contact:495", "501"), ("deal:702:created", "501")]


def test_a_contact_of_the_list_has_all_its_addresses(rows: Rows) -> None:
    values = ["nina@shop.example", "nina.s@mail.example", "ns@mail.example"]
    assert rows(
        "select value from event_identifier inner join event using (event_id) "
        "where natural_key = 'contact:601' and kind = 'email' order by 1"
    ) == sorted((pseudonym("email", value, KEY),) for value in values)


def test_a_deal_of_several_contacts_is_the_first_ones(rows: Rows) -> None:
    assert rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where natural_key = 'deal:19000000902:created'"
    ) == [("hubspot_contact", "602")]


def test_all_contacts_and_companies_of_a_deal_are_objects_once(rows: Rows) -> None:
    assert rows(
        "select object_type, object_id, qualifier from event_object inner join event using (event_id) "
        "where natural_key = 'deal:701:created' order by all"
    ) == [
        ("company", "8801", "account"),
        ("contact", "501", "participant"),
        ("contact", "502", "participant"),
        ("deal", "701", "subject"),
    ]


def test_stages_of_the_life_cycle_are_moves_of_a_lead(rows: Rows) -> None:
    assert rows(
        "select event_kind, activity_raw, occurred_at::varchar from event where stream = 'lifecycle' order by 3"
    ) == [
        ("lead_stage_changed", "lead", "2026-03-30 08:00:00"),
        ("lead_stage_changed", "customer", "2026-04-20 09:30:02"),
    ]


def test_talks_have_a_channel_a_direction_and_somebody_who_began(rows: Rows) -> None:
    assert rows(
        "select natural_key, occurred_at::varchar, channel, direction, actor_type, attributes from event "
        "where stream in ('calls', 'emails', 'meetings') order by natural_key"
    ) == [
        ("call:30001", "2026-04-03 09:00:00", "phone", "in", "customer", '{"status": "COMPLETED", "seconds": 184}'),
        ("call:30002", "2026-04-04 09:00:00", "phone", "out", "agent", '{"status": "NO_ANSWER", "seconds": null}'),
        ("email:31001", "2026-04-06 09:00:00", "email", "out", "agent", None),
        ("email:31002", "2026-04-07 10:00:00", "email", "in", "customer", None),
        ("meeting:32001", "2026-04-09 12:00:00", "crm", None, "agent", '{"outcome": "COMPLETED"}'),
    ]  # fmt: skip


def test_talks_are_of_their_kinds(rows: Rows) -> None:
    assert rows(
        "select event_kind, count(*) from event where stream in ('calls', 'emails', 'meetings') group by all order by 1"
    ) == [("call", 2), ("email_in", 1), ("email_out", 1), ("meeting", 1)]


def test_a_mail_that_came_in_names_its_sender(rows: Rows) -> None:
    assert rows(
        "select kind, value from event_identifier inner join event using (event_id) where natural_key = 'email:31002'"
    ) == [("email", pseudonym("email", "anna.p@mail.example", KEY))]


def test_forms_are_events_of_the_web(rows: Rows) -> None:
    assert rows(
        "select event_kind, occurred_at::varchar, url_host, url_path, utm_source, utm_medium, actor_type, direction "
        "from event where stream = 'form_submissions' order by occurred_at"
    ) == [
        ("form_submitted", "2026-03-30 08:00:00", "www.host.example", "/contact", "google", "cpc", "customer", "in"),
        ("form_submitted", "2026-03-31 08:00:00", "www.host.example", "/pricing", None, None, "customer", "in"),
    ]


def test_a_form_names_who_sent_it(rows: Rows) -> None:
    assert rows(
        "select kind, value from event_identifier inner join event using (event_id) "
        "where stream = 'form_submissions' order by kind"
    ) == [
        ("email", pseudonym("email", "anna@daisy.example", KEY)),
        ("phone", pseudonym("phone", "+12025550199", KEY)),
    ]


def test_texts_are_the_customers_own_words_without_what_they_answer(rows: Rows) -> None:
    assert rows("select trim(text, chr(10)), language from event_text order by 1") == [
        ("Do you move sites from another host?", "en"),
        ("Re: Contract\nThe price is too high for us.", "en"),
    ]


def test_a_dump_without_history_is_taken(tmp_path: Path) -> None:
    place = Place(tmp_path)
    place.use("hubspot", fixtures=False)
    deal = (
        '{"id": "1", "properties": {"dealstage": "closedwon", "createdate": "2026-05-01T10:00:00Z"}, "archived": false}'
    )
    place.put("hubspot/deals_2026-09-28.json", f'{{"results": [{deal}]}}')
    assert (place.load().rejected, place.built("select event_kind from event order by 1")) == (
        (),
        [("deal_created",), ("deal_won",)],
    )
