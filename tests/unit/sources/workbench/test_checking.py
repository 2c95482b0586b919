"""Dry runs: what they find, what they advise, and that they leave nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from journey_mining.errors import NotFoundError
from journey_mining.sources.workbench import SourceCheck, check_source
from source_place import HEADINGS, NOW, SHOP, SHOP_EVENTS, Place, order

WHO = """-- model: event_identifiers
-- layer: events
-- grain: one row per order
-- key: stream, natural_key, kind
-- reads: stg_shop__orders
-- why: who bought
select
    'orders' as stream,
    order_id as natural_key,
    'email' as kind,
    email as value
from stg_shop__orders
"""


def checked(place: Place, *files: Path, show_values: bool = False) -> SourceCheck:
    (check,) = check_source(place.project, "shop", now=NOW, files=files, show_values=show_values)
    return check


def test_a_sound_source_is_counted_and_not_advised(place: Place) -> None:
    place.spec("shop", SHOP, events=SHOP_EVENTS, event_identifiers=WHO)
    place.put("shop/orders_2026-04-03.csv", HEADINGS + order(1) + order(2))
    check = checked(place)
    orders = check.streams[0]
    assert (orders.total("rows_read"), orders.total("rows_accepted"), orders.current_count) == (2, 2, 2)
    assert [(k.event_kind, k.event_count, k.named_share) for k in check.kinds] == [("deal_created", 2, 1.0)]
    assert [(i.kind, i.value_count, i.most_events) for i in check.identifiers] == [("email", 2, 1)]
    assert (check.first_at, check.last_at) == ("2026-04-01 07:00", "2026-04-01 07:00")


def test_nothing_is_written_to_the_project(place: Place) -> None:
    place.shop().put("shop/orders_1.csv", HEADINGS + order(1))
    before = sorted(place.root.rglob("*"))
    checked(place)
    assert sorted(place.root.rglob("*")) == before


def test_values_are_masked_unless_asked_for(place: Place) -> None:
    place.shop().put("shop/orders_1.csv", HEADINGS + order(1))
    assert checked(place).streams[0].rows[0]["email"] == "a9@aaaa.aaaaaaa"
    assert checked(place, show_values=True).streams[0].rows[0]["email"] == "u1@mail.example"


def test_bad_rows_are_told_with_their_lines_and_what_to_do(place: Place) -> None:
    place.shop().put("shop/orders_1.csv", HEADINGS + order(1) + order(2, made="1st of April") + order(3))
    check = checked(place)
    (reject,) = check.streams[0].rejects
    assert (reject.reason, reject.column_name, reject.lines, reject.texts) == ("BAD_TIMESTAMP", "made_at", (3,), ())
    assert check.advice[0].startswith("orders: a run would refuse shop/orders_1.csv, because 1 of 3 rows are bad;")
    assert check.advice[1] == (
        "orders: 1 row is set aside for BAD_TIMESTAMP (lines 3): the formats of made_at in spec.toml do not fit these "
        "times; add the one that does"
    )


def test_a_heading_that_may_be_meant_is_named(place: Place) -> None:
    place.shop().put("shop/orders_1.csv", HEADINGS.replace("Почта", "Эл. почта") + order(1))
    check = checked(place)
    assert check.streams[0].unmapped == (("Эл. почта", 1),)
    assert "orders: email is empty in every row, and nobody claims 'Эл. почта': add it to `from`" in check.advice


def test_a_file_that_lacks_a_needed_heading_fails(place: Place) -> None:
    place.shop().put("shop/orders_1.csv", HEADINGS.replace("Создан", "Заведён") + order(1))
    check = checked(place)
    assert check.is_failed
    assert "lacks made_at (Создан)" in check.streams[0].files[0].rejected


def test_a_wrong_spec_fails_in_its_own_words(place: Place) -> None:
    place.shop(spec=SHOP.replace('key = ["order_id"]', 'key = ["order"]'))
    check = checked(place)
    assert check.is_failed
    assert "no column 'order'" in check.faults[0].text


def test_without_files_the_sql_is_tried_all_the_same(place: Place) -> None:
    place.shop(events=SHOP_EVENTS.replace("made_at as", "made as"))
    assert "events.sql failed" in checked(place).faults[0].text
    place.shop()
    check = checked(place)
    assert not check.is_failed
    assert check.advice == (
        "no file of shop lies in inbox/: put exports there (shop/orders*, shop/notes*), or try others with --from",
    )


def test_files_can_be_tried_before_they_lie_in_the_inbox(place: Place, tmp_path: Path) -> None:
    place.shop()
    path = tmp_path / "orders_new.csv"
    path.write_text(HEADINGS + order(1), encoding="utf-8")
    assert checked(place, path).streams[0].total("rows_accepted") == 1


def test_files_of_one_name_from_two_folders_are_both_tried(place: Place, tmp_path: Path) -> None:
    place.shop()
    paths = [tmp_path / folder / "orders.csv" for folder in ("one", "two")]
    for number, path in enumerate(paths):
        path.parent.mkdir()
        path.write_text(HEADINGS + order(number + 1), encoding="utf-8")
    assert checked(place, *paths).streams[0].total("rows_accepted") == 2


def test_files_that_no_stream_takes_are_named(place: Place) -> None:
    place.shop().put("shop/clients.csv", "x\n1\n")
    (sentence,) = checked(place).advice
    assert sentence.startswith("no stream takes shop/clients.csv: name the files so, or widen `files` in spec.toml")


def test_events_without_anybody_are_told(place: Place) -> None:
    place.shop().put("shop/orders_1.csv", HEADINGS + order(1))
    assert (
        "deal_created: only 0% of 1 events name anybody; the others belong to no journey: add identifiers in "
        "event_identifiers.sql"
    ) in checked(place).advice


def test_activities_that_no_rule_takes_are_listed(place: Place) -> None:
    place.shop().put("shop/orders_1.csv", HEADINGS + order(1))
    check = checked(place)
    assert check.mapped_share == 0
    assert [(u.event_kind, u.activity, u.event_count) for u in check.unmapped] == [("deal_created", "Заказ", 1)]


def test_a_source_that_is_not_there_is_said_so(place: Place) -> None:
    place.shop()
    with pytest.raises(NotFoundError, match="Did you mean 'shop'"):
        check_source(place.project, "shap", now=NOW)
