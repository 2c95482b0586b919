"""Mango Office: lines without headings, several of one call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from source_place import Place

if TYPE_CHECKING:
    from conftest import Catalogue


def test_calls_are_told_by_who_called_and_whether_somebody_answered(events_of: Catalogue) -> None:
    assert events_of("mango")(
        "select natural_key, activity_raw, occurred_at::varchar, actor_type, direction, exclude from event "
        "where event_kind = 'call' and channel = 'phone' order by occurred_at"
    ) == [
        ("call:ZW50cnkx", "Входящий звонок", "2026-05-04 08:00:00", "customer", "in", None),
        ("call:ZW50cnky", "Входящий звонок", "2026-05-04 09:00:00", "customer", "in", None),
        ("call:ZW50cnkz", "Пропущенный звонок", "2026-05-04 10:00:00", "customer", "in", None),
        ("call:ZW50cnk0", "Исходящий звонок", "2026-05-04 11:00:00", "agent", "out", None),
        ("call:ZW50cnk1", "Исходящий звонок без ответа", "2026-05-04 12:00:00", "agent", "out", None),
        ("call:ZW50cnk2", "Внутренний звонок", "2026-05-04 13:00:00", "agent", "internal", "internal"),
        ("call:ZW50cnk3", "Пропущенный звонок", "2026-05-04 14:00:00", "customer", "in", None),
        ("call:ZW50cnk4", "Входящий звонок", "2026-05-05 08:00:00", "customer", "in", None),
    ]


def test_a_call_that_rang_at_two_telephones_is_one_call(events_of: Catalogue) -> None:
    assert events_of("mango")("select attributes from event where natural_key = 'call:ZW50cnky'") == [
        ('{"answered": true, "talk_seconds": 60, "telephones": 2}',)
    ]


def test_the_customer_is_the_outer_number_and_never_the_mobile_of_an_employee(events_of: Catalogue) -> None:
    assert events_of("mango")(
        "select kind, list(natural_key order by natural_key) from event_identifier join event using (event_id) "
        "group by kind, value order by 2"
    ) == [
        ("phone", ["call:ZW50cnk0", "call:ZW50cnkz"]),
        ("phone", ["call:ZW50cnk1", "call:ZW50cnky"]),
        ("phone", ["call:ZW50cnk4", "call:ZW50cnkx"]),
    ]


def test_numbers_without_plus_and_with_an_eight_are_one_number(events_of: Catalogue) -> None:
    assert events_of.place("mango").raw(
        "select distinct from_phone, to_phone from stg_mango__calls "
        "where entry_id in ('ZW50cnkz', 'ZW50cnk0') order by 1"
    ) == [("+79165550103", None), (None, "+79165550103")]


def test_a_call_asked_for_twice_is_counted_once(events_of: Catalogue) -> None:
    assert events_of("mango")("select count(*) from event where natural_key = 'call:ZW50cnk3'") == [(1,)]


def test_a_line_of_another_width_is_told(events_of: Catalogue) -> None:
    assert events_of.place("mango").raw("select line, reason, detail from quarantine") == [
        (3, "MALFORMED_ROW", "3 cells instead of 12")
    ]


def test_a_call_is_an_object(events_of: Catalogue) -> None:
    assert events_of("mango")(
        "select object_type, object_id from event_object join event using (event_id) "
        "where natural_key = 'call:ZW50cnkx'"
    ) == [("call", "ZW50cnkx")]


def test_a_file_that_somebody_gave_headings_is_read_as_well(place: Place) -> None:
    place.use("mango", fixtures=False)
    place.put(
        "mango/calls.csv",
        "records;start;finish;answer;from_extension;from_number;to_extension;to_number;disconnect_reason;line_number;"
        "location;entry_id\n[];1777881600;1777881725;0;;79165550101;101;;1110;74955550100;abonent;aaa\n",
    )
    place.load()
    assert place.built("select natural_key, activity_raw from event") == [("call:aaa", "Пропущенный звонок")]
