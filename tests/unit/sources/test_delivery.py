"""How files of a stream relate: what a later one replaces, what it deletes, what contradicts, and that rows add up."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from journey_mining.errors import JourneyMiningError, SpecError
from journey_mining.sources import current, load_files, load_status, loaded_inputs
from source_place import HEADINGS, NOW, SHOP, Place, order

KEY = 'key = ["order_id"]'
ORDERS = "select order_id, cast(amount as varchar) from stg_shop__orders order by 1, 2"
FATES = "select path, rows_accepted, rows_superseded, rows_deleted from file_ledger order by path"
WARNINGS = (
    "select path, column_name, reason, row_count from value_warning inner join file_ledger using (file_id) order by all"
)
APPEND = SHOP.replace(KEY, KEY + '\ndelivery = { mode = "append" }')
COMPLETE = SHOP.replace(KEY, KEY + '\ndelivery = { mode = "snapshot", complete = true, max_shrink = 1 }')
DAYS = (
    SHOP.replace(KEY, KEY + '\ndelivery = { mode = "partition", partition = "day" }')
    .replace('version = ["changed_at"]\n', "")
    .replace("amount     =", 'day = { from = ["Создан"], type = "date" }\namount     =')
)
BY_CLOCK = DAYS.replace("snapshot_at = {", 'snapshot_at = { fallback = "mtime",')


def day_file(place: Place, name: str, *orders: str, written: int | None = None) -> None:
    """A file of orders; `written` is a day of September 2026."""
    path = place.put(f"shop/{name}", HEADINGS + "".join(orders))
    moment = datetime(2026, 9, written or 1, tzinfo=UTC).timestamp()
    os.utime(path, (moment, moment))


def on(day: int, number: int, amount: str = "100") -> str:
    return order(number, made=f"{day:02d}.09.2026", amount=amount)


# append: records never change


def test_a_record_that_never_changes_and_does_is_counted(place: Place) -> None:
    place.shop(spec=APPEND).put("shop/orders_a.csv", HEADINGS + order(1) + order(2))
    place.put("shop/orders_b.csv", HEADINGS + order(1) + order(2, amount="7"))
    place.load()
    assert place.raw(ORDERS) == [("1", "100.00"), ("2", "100.00")]
    assert place.raw(WARNINGS) == [("shop/orders_b.csv", "order_id", "DUP_KEY_CONFLICT", 1)]


def test_a_contradiction_within_one_file_is_counted(place: Place) -> None:
    rows = order(1, amount="1") + order(1, amount="2") + order(1, amount="2") + order(1, amount="3")
    place.shop(spec=APPEND).put("shop/orders_a.csv", HEADINGS + rows)
    place.load()
    assert (place.raw(ORDERS), [row[3] for row in place.raw(WARNINGS)]) == ([("1", "2.00")], [2])


def test_the_row_kept_of_a_contradiction_does_not_depend_on_the_order(place: Place) -> None:
    first, second = HEADINGS + order(1, amount="1"), HEADINGS + order(1, amount="2")
    place.shop(spec=APPEND).put("shop/orders_a.csv", first)
    place.load()
    place.put("shop/orders_b.csv", second)
    place.load()
    before = place.raw(ORDERS)
    place.project.raw_file.unlink()
    place.put("shop/orders_a.csv", second)
    place.put("shop/orders_b.csv", first)
    place.load()
    assert place.raw(ORDERS) == before


def test_a_change_is_no_contradiction_where_records_may_change(place: Place) -> None:
    place.shop().put("shop/orders_a.csv", HEADINGS + order(1) + order(1, amount="7"))
    place.put("shop/orders_b.csv", HEADINGS + order(1, amount="8"))
    place.load()
    assert place.raw(WARNINGS) == []


# partition: the newest delivery of a day is the day


def test_a_file_replaces_every_day_it_names_although_it_holds_one_order_under_two_of_them(place: Place) -> None:
    place.shop(spec=DAYS)
    day_file(place, "orders_2026-09-10.csv", on(1, 1), on(2, 2))
    day_file(place, "orders_2026-09-11.csv", on(1, 3, "5"), on(2, 3, "6"))
    place.load()
    assert place.raw("select order_id from stg_shop__orders") == [("3",)]
    assert place.raw(FATES) == [("shop/orders_2026-09-10.csv", 2, 2, 0), ("shop/orders_2026-09-11.csv", 2, 1, 0)]


def test_the_newest_delivery_of_a_day_replaces_the_day(place: Place) -> None:
    day_file(place.shop(spec=DAYS), "orders_2026-09-03.csv", on(1, 1), on(2, 2), on(2, 3))
    day_file(place, "orders_2026-09-04.csv", on(2, 3, "7"), on(3, 4))
    place.load()
    assert place.raw(ORDERS) == [("1", "100.00"), ("3", "7.00"), ("4", "100.00")]
    assert place.raw(FATES) == [("shop/orders_2026-09-03.csv", 3, 2, 0), ("shop/orders_2026-09-04.csv", 2, 0, 0)]


def test_an_older_delivery_of_a_day_that_comes_late_changes_nothing(place: Place) -> None:
    day_file(place.shop(spec=DAYS), "orders_2026-09-04.csv", on(2, 3, "7"))
    place.load()
    day_file(place, "orders_2026-09-03.csv", on(1, 1), on(2, 2))
    place.load()
    assert place.raw(ORDERS) == [("1", "100.00"), ("3", "7.00")]


def test_files_drawn_at_the_same_time_are_parts_of_one_delivery(place: Place) -> None:
    day_file(place.shop(spec=DAYS), "orders_2026-09-03.csv", on(2, 9))
    day_file(place, "orders_2026-09-04_part0.csv", on(2, 1))
    day_file(place, "orders_2026-09-04_part1.csv", on(2, 2))
    place.load()
    assert [row[0] for row in place.raw(ORDERS)] == ["1", "2"]


def test_a_file_of_unknown_time_gives_way_to_any_other(place: Place) -> None:
    day_file(place.shop(spec=DAYS), "orders_z.csv", on(2, 9), on(3, 8))
    day_file(place, "orders_2026-09-03.csv", on(2, 1))
    place.load()
    assert [row[0] for row in place.raw(ORDERS)] == ["1", "8"]


def test_a_row_without_a_day_stays(place: Place) -> None:
    spec = DAYS.replace('made_at    = { from = ["Создан"], type = "datetime", required = true }', "").replace(
        'version = ["changed_at"]', ""
    )
    place.spec("shop", spec, events="")
    day_file(place, "orders_2026-09-03.csv", order(1, made=""), on(2, 2))
    day_file(place, "orders_2026-09-04.csv", on(2, 3))
    place.load()
    assert [row[0] for row in place.raw(ORDERS)] == ["1", "3"]


# the time of the file, where its name says none


def test_the_file_written_last_is_the_newest(place: Place) -> None:
    day_file(place.shop(spec=BY_CLOCK), "orders_b.csv", on(2, 1), written=3)
    day_file(place, "orders_a.csv", on(2, 2), written=4)
    place.load()
    assert place.raw(ORDERS) == [("2", "100.00")]


def test_a_name_that_says_when_wins_over_the_clock_of_the_file(place: Place) -> None:
    day_file(place.shop(spec=BY_CLOCK), "orders_2026-09-10.csv", on(2, 1), written=3)
    day_file(place, "orders_a.csv", on(2, 2), written=4)
    place.load()
    assert place.raw(ORDERS) == [("1", "100.00")]


def test_a_copy_written_later_has_its_effect(place: Place) -> None:
    day_file(place.shop(spec=BY_CLOCK), "orders_a.csv", on(2, 1), written=3)
    day_file(place, "orders_b.csv", on(2, 2), written=4)
    place.load()
    before = loaded_inputs(place.project)
    day_file(place, "orders_c.csv", on(2, 1), written=5)
    again = place.load()
    assert (again.loaded, again.is_changed, loaded_inputs(place.project) != before) == ((), True, True)
    assert place.raw(ORDERS) == [("1", "100.00")]


def test_a_copy_written_earlier_has_none(place: Place) -> None:
    day_file(place.shop(spec=BY_CLOCK), "orders_a.csv", on(2, 1), written=3)
    day_file(place, "orders_b.csv", on(2, 2), written=4)
    place.load()
    day_file(place, "orders_a.csv", on(2, 1), written=2)
    assert (place.load().is_changed, place.raw(ORDERS)) == (False, [("2", "100.00")])


def test_a_file_from_the_future_says_nothing_of_its_time_yet(place: Place) -> None:
    day_file(place.shop(spec=BY_CLOCK), "orders_a.csv", on(2, 1), written=4)
    day_file(place, "orders_b.csv", on(2, 2), written=20)
    load_files(place.project, now=datetime(2026, 9, 10))  # noqa: DTZ001
    assert place.raw(ORDERS) == [("1", "100.00")]
    load_files(place.project, now=NOW)
    assert place.raw(ORDERS) == [("2", "100.00")]


# snapshots


@pytest.fixture
def back_again(place: Place) -> Place:
    """A second order that was there on one day only; the files of the other days are the same."""
    place.shop(spec=COMPLETE).put("shop/orders_2026-09-01.csv", HEADINGS + order(1))
    place.put("shop/orders_2026-09-02.csv", HEADINGS + order(1) + order(2))
    place.put("shop/orders_2026-09-03.csv", HEADINGS + order(1))
    place.load()
    return place


def test_a_snapshot_that_goes_back_to_an_earlier_state_counts(back_again: Place) -> None:
    assert (back_again.raw(ORDERS), back_again.load().is_changed) == ([("1", "100.00")], False)


def test_a_spec_that_changes_does_not_forget_the_latest_copy(back_again: Place) -> None:
    back_again.shop(spec=COMPLETE.replace('type = "decimal"', 'type = "decimal", minimum = 0'))
    back_again.load()
    assert back_again.raw(ORDERS) == [("1", "100.00")]


# every row accepted is current, superseded or deleted


def test_rows_accepted_are_current_superseded_or_deleted(place: Place) -> None:
    place.shop(spec=COMPLETE).put("shop/orders_2026-09-01.csv", HEADINGS + order(1) + order(2) + order(3))
    place.put("shop/orders_2026-09-02.csv", HEADINGS + order(1, changed="03.04.2026 10:00") + order(2))
    place.load()
    assert place.raw(FATES) == [("shop/orders_2026-09-01.csv", 3, 2, 1), ("shop/orders_2026-09-02.csv", 2, 0, 0)]
    (status,) = load_status(place.project)
    assert (status.rows_accepted, status.rows_superseded, status.rows_deleted) == (5, 2, 1)
    assert place.built("select rows_accepted, rows_superseded, rows_deleted from source_status") == [(5, 2, 1)]


def test_a_soft_deleted_record_counts_as_deleted(place: Place) -> None:
    rule = 'key = ["note_id"]\ndelivery = { soft_delete = { column = "text", values = ["gone"] } }'
    place.shop(spec=SHOP.replace('key = ["note_id"]', rule))
    place.put("shop/notes.ndjson", '{"id": 1, "body": {"text": "gone"}}\n{"id": 2, "body": {"text": "here"}}\n')
    place.load()
    assert place.raw(FATES) == [("shop/notes.ndjson", 2, 0, 1)]


def test_rows_lost_between_versions_and_current_stop_the_run(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(current, "_not_deleted", lambda _: ["order_id <> '2'"])
    monkeypatch.setattr(current, "_enter_fates", lambda *_: None)
    place.shop().put("shop/orders.csv", HEADINGS + order(1) + order(2))
    with pytest.raises(JourneyMiningError, match="does not account for every row accepted of 1 files"):
        place.load()
    assert "stg_shop__orders" not in [name for (name,) in place.raw("select table_name from information_schema.tables")]


# what a spec may say


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (DAYS.replace('"day" }', '"dya" }'), "no column 'dya'. Did you mean 'day'"),
        (DAYS.replace(', partition = "day"', ""), "need each other"),
        (DAYS.replace('mode = "partition"', 'mode = "upsert"'), "need each other"),
        (DAYS.replace('partition = "day"', 'partition = "made_at"'), "is a datetime; it must be a day"),
        (DAYS.replace("snapshot_at = {", "#"), "need snapshot_at"),
        (COMPLETE.replace("snapshot_at = {", "#"), "need snapshot_at"),
        (COMPLETE.replace('"snapshot"', '"upsert"'), "only deliveries of mode 'snapshot' can be complete"),
        (BY_CLOCK.replace('"mtime"', '"ctime"'), "fallback"),
    ],
)
def test_deliveries_that_make_no_sense_are_refused(place: Place, spec: str, words: str) -> None:
    with pytest.raises(SpecError, match=words):
        place.shop(spec=spec).load()


def test_the_clock_of_a_file_may_run_ahead_of_ours_by_two_days(place: Place) -> None:
    day_file(place.shop(spec=BY_CLOCK), "orders_a.csv", on(2, 1), written=4)
    load_files(place.project, now=datetime(2026, 9, 4) - timedelta(days=1))  # noqa: DTZ001
    assert place.raw("select snapshot_at from file_ledger") == [(datetime(2026, 9, 4),)]  # noqa: DTZ001


@pytest.mark.parametrize("numbers", [(1, 2, 3), (3, 1, 2)])
def test_the_current_table_lies_in_the_order_of_its_key(place: Place, numbers: tuple[int, ...]) -> None:
    place.shop().put("shop/orders.csv", HEADINGS + "".join(order(number) for number in numbers))
    place.load()
    assert place.raw("select order_id from stg_shop__orders order by rowid") == [("1",), ("2",), ("3",)]
