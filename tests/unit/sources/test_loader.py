"""Files in, rows out: what is taken, what is refused, and that nothing is lost on the way."""

from __future__ import annotations

import gzip
import io
import json
import stat
import zipfile

import pytest

from journey_mining.errors import JourneyMiningError
from journey_mining.sources import load_sources
from journey_mining.sources.current import rebuild_current
from journey_mining.sources.staging import (
    ARRIVING,
    create_table,
    ensure_ledgers,
    merge_arriving,
    open_arriving,
    version_schema,
)
from journey_mining.warehouse import DuckDBWarehouse
from source_place import HEADINGS, SHOP, Place, order

LEDGER = "select status, error_code, rows_read, rows_accepted, rows_quarantined, rows_collapsed from file_ledger"
ORDERS = "select order_id, cast(amount as varchar) from stg_shop__orders order by order_id"


def test_a_file_is_loaded_once_whatever_it_is_called(place: Place) -> None:
    place.shop().put("shop/orders_1.csv", HEADINGS + order(1))
    assert place.load().loaded == ("shop/orders_1.csv",)
    place.put("shop/orders_2.csv.gz", gzip.compress((HEADINGS + order(1)).encode()))
    again = place.load()
    assert (again.loaded, again.is_changed, again.report.counts["files_known"]) == ((), False, 2)


def test_rows_read_are_accepted_quarantined_or_collapsed(place: Place) -> None:
    place.settings(load={"max_quarantine_share": 0.5})
    rows = order(1) + order(1, amount="200") + order(2) + "3,never,,,\n" + "4,too short\n" + ",01.04.2026,,,\n"
    place.shop().put("shop/orders.csv", HEADINGS + rows)
    place.load()
    assert place.raw(LEDGER) == [("loaded", None, 6, 2, 3, 1)]


def test_a_bad_row_is_quarantined_with_line_column_and_reason(place: Place) -> None:
    place.settings(load={"max_quarantine_share": 0.9})
    many_lines = '1,01.04.2026,,"1\n2",\n'
    place.shop().put("shop/orders.csv", HEADINGS + many_lines + "3,never,,,\n" + "4,too short\n")
    place.load()
    assert place.raw("select line, column_name, reason from quarantine order by line") == [
        (4, "made_at", "BAD_TIMESTAMP"),
        (5, None, "MALFORMED_ROW"),
    ]


def test_a_bad_optional_value_is_left_out_and_counted(place: Place) -> None:
    place.shop().put("shop/orders.csv", HEADINGS + order(1, amount="a lot"))
    place.load()
    assert place.raw(ORDERS) == [("1", None)]
    assert place.raw("select column_name, reason, row_count from value_warning") == [("amount", "BAD_NUMBER", 1)]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("orders.csv", b"", "EMPTY_FILE"),
        ("orders.csv", HEADINGS.encode(), "EMPTY_FILE"),
        ("orders.csv.gz", gzip.compress((HEADINGS + order(1)).encode())[:-9], "TRUNCATED_FILE"),
        ("orders.csv.gz", b"not packed at all", "TRUNCATED_FILE"),
        ("orders.zip", b"PK\x03\x04 broken", "TRUNCATED_FILE"),
        ("orders.csv", "Номер,Сумма\n1,2\n".encode(), "MISSING_REQUIRED_COLUMN"),
        ("orders.csv", (HEADINGS + order(1)).encode("utf-16"), "BAD_ENCODING"),
        ("orders.csv", HEADINGS.encode() + b"1,01.04.2026,,,\xff\xfe\n", "BAD_ENCODING"),
        ("orders.csv", (HEADINGS + '1,01.04.2026,,,"' + "x\n" * 140_000).encode(), "BAD_DELIMITER"),
        ("orders.csv", (HEADINGS + '1,01.04.2026,,,"' + order(2) + order(3)).encode(), "BAD_DELIMITER"),
        ("orders.csv", (HEADINGS + "1,never,,,\n" + order(2)).encode(), "QUARANTINE_RATE"),
        ("notes.ndjson", b"\n\n", "EMPTY_FILE"),
    ],
)
def test_a_broken_file_is_rejected_as_a_whole(place: Place, name: str, content: bytes, code: str) -> None:
    place.shop().put("shop/a_good/orders_good.csv", HEADINGS + order(7))
    place.put(f"shop/{name}", content)
    place.spec("shop", SHOP.replace('["shop/orders*"]', '["shop/*orders*"]'))
    report = place.load().report
    assert [problem.code for problem in report.problems] == [code]
    assert place.raw("select count(*) from quarantine") == [(0,)]
    assert place.raw(ORDERS) == [("7", "100.00")]


def test_an_error_says_what_was_there_and_what_to_do(place: Place) -> None:
    place.shop().put("shop/orders.csv", "Номерр,Создан\n1,2\n")
    (problem,) = place.load().report.problems
    words = "lacks order_id (Номер); it has Создан; cells that the spec does not name: 1"
    assert f"{words}; number 1 looks like 'Номер'." in problem.text
    assert "Expected: " in problem.text
    assert "To do: " in problem.text


def test_an_error_repeats_no_cell_of_a_file_without_headings(place: Place) -> None:
    place.shop().put("shop/orders.csv", "Создан,Анна Котова,+79161234567,anna@mail.example,Номер 12\n")
    (problem,) = place.load().report.problems
    assert "it has Создан; cells that the spec does not name: 4. Expected" in problem.text


def test_a_rejected_file_is_reported_until_it_is_gone(place: Place) -> None:
    path = place.shop().put("shop/orders.csv", "")
    first, second = place.load(), place.load()
    assert first.report.problems == second.report.problems
    assert (first.is_changed, second.is_changed) == (True, False)
    path.unlink()
    assert (place.load().report.problems, place.raw(LEDGER)) == ((), [])


def test_a_rejected_file_is_tried_again_when_its_spec_changes(place: Place) -> None:
    place.shop().put("shop/orders.csv", HEADINGS.replace("Номер", "Код") + order(1))
    assert place.load().rejected == ("shop/orders.csv",)
    place.shop(spec=SHOP.replace('["Номер"]', '["Номер", "Код"]'))
    assert (place.load().loaded, place.raw(ORDERS)) == (("shop/orders.csv",), [("1", "100.00")])


def test_a_corrected_file_replaces_the_rejection(place: Place) -> None:
    place.shop().put("shop/orders.csv", "")
    place.load()
    place.put("shop/orders.csv", HEADINGS + order(1))
    assert place.load().report.problems == ()
    assert place.raw("select status from file_ledger") == [("loaded",)]


def test_a_file_that_no_spec_claims_is_reported_unless_ignored(place: Place) -> None:
    place.shop().put("notes.docx", "?")
    place.put(".hidden", "?")
    place.put("answer_key/truth.csv", "?")
    place.settings(inbox={"ignore": ["answer_key/*"]})
    assert [(p.code, p.where) for p in place.load().report.problems] == [("UNCLAIMED_FILE", "notes.docx")]


def test_files_still_being_written_wait(place: Place) -> None:
    place.shop().put("shop/orders.csv", HEADINGS + order(1))
    place.put("shop/orders_2.csv.part", HEADINGS)
    place.settings(load={"settle": "52w"})
    assert place.load().loaded == ()


def test_the_larger_version_wins_in_whatever_order_it_comes(place: Place) -> None:
    new = order(1, amount="300", changed="05.04.2026 10:00")
    place.shop().put("shop/orders_a.csv", HEADINGS + new)
    place.put("shop/orders_b.csv", HEADINGS + order(1, amount="200"))
    place.load()
    assert place.raw(ORDERS) == [("1", "300.00")]


def test_without_a_version_the_later_snapshot_wins(place: Place) -> None:
    place.shop().put("shop/orders_2026-05-02.csv", HEADINGS + order(1, amount="9", changed=""))
    place.put("shop/orders_2026-05-10.csv", HEADINGS + order(1, amount="1", changed=""))
    place.load()
    assert place.raw(ORDERS) == [("1", "1.00")]


def test_a_record_absent_from_the_newest_complete_snapshot_is_gone(place: Place) -> None:
    complete = SHOP.replace(
        'key = ["order_id"]', 'key = ["order_id"]\ndelivery = { mode = "snapshot", complete = true }'
    )
    place.shop(spec=complete).put("shop/orders_2026-05-01.csv", HEADINGS + "".join(map(order, range(1, 11))))
    place.put("shop/orders_2026-05-02.csv", HEADINGS + "".join(map(order, range(2, 11))))
    assert place.load().report.problems == ()
    assert place.raw("select min(cast(order_id as int)), count(*) from stg_shop__orders") == [(2, 9)]


def test_a_snapshot_that_shrank_too_much_deletes_nothing(place: Place) -> None:
    complete = SHOP.replace(
        'key = ["order_id"]', 'key = ["order_id"]\ndelivery = { mode = "snapshot", complete = true }'
    )
    place.shop(spec=complete).put("shop/orders_2026-05-01.csv", HEADINGS + "".join(map(order, range(1, 11))))
    place.put("shop/orders_2026-05-02.csv", HEADINGS + order(2))
    first, second = place.load(), place.load()
    assert [[p.code for p in load.report.problems] for load in (first, second)] == [["SNAPSHOT_SHRINK"]] * 2
    assert place.raw("select count(*) from stg_shop__orders") == [(10,)]


def test_a_soft_deleted_record_leaves_staging(place: Place) -> None:
    rule = 'key = ["note_id"]\ndelivery = { soft_delete = { column = "text", values = ["gone"] } }'
    place.shop(spec=SHOP.replace('key = ["note_id"]', rule))
    place.put("shop/notes.ndjson", '{"id": 1, "body": {"text": "gone"}}\n{"id": 2, "body": {"text": "here"}}\n')
    place.load()
    assert place.raw("select note_id from stg_shop__notes") == [("2",)]


def test_every_member_of_a_zip_is_a_file(place: Place) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("b.csv", HEADINGS + order(2))
        archive.writestr("a.csv", HEADINGS + order(1))
    place.shop().put("shop/orders.zip", packed.getvalue())
    assert place.load().loaded == ("shop/orders.zip:a.csv", "shop/orders.zip:b.csv")
    assert place.raw("select path, member from file_ledger order by member")[0] == ("shop/orders.zip", "a.csv")


def test_a_bad_json_line_is_quarantined_and_big_numbers_stay_whole(place: Place) -> None:
    place.settings(load={"max_quarantine_share": 0.7})
    place.shop().put("shop/notes.ndjson", '{"id": 14389127361827369821}\n{"id": 2, "bo\n{"id": 1.5e3}\n')
    place.load()
    assert place.raw("select note_id from stg_shop__notes") == [("14389127361827369821",)]
    assert place.raw("select line, reason from quarantine order by line") == [
        (2, "MALFORMED_JSON"),
        (3, "PRECISION_LOSS"),
    ]


def test_cells_that_no_column_claims_are_kept(place: Place) -> None:
    place.shop().put("shop/orders.csv", HEADINGS.strip() + ",Менеджер\n" + order(1).strip() + ",Олег\n")
    place.load()
    assert json.loads(place.raw("select _extra from raw_shop__orders")[0][0]) == {"Менеджер": "Олег"}


def test_a_changed_spec_is_applied_to_files_that_are_gone(place: Place) -> None:
    file = place.shop().put("shop/orders.csv", HEADINGS.strip() + ",Город\n" + order(1).strip() + ",Омск\n")
    place.load()
    file.unlink()
    place.shop(spec=SHOP.replace("amount     =", 'town = { from = ["Город"] }\namount     ='))
    assert place.load().is_changed
    assert place.raw("select order_id, town from stg_shop__orders") == [("1", "Омск")]
    assert place.load().is_changed is False


def test_a_changed_spec_gives_quarantined_rows_another_chance(place: Place) -> None:
    place.settings(load={"max_quarantine_share": 0.5})
    place.shop().put("shop/orders.csv", HEADINGS + order(1) + order(2, made="2026/04/01"))
    place.load()
    formats = 'type = "datetime", required = true, formats = ["%d.%m.%Y %H:%M", "%Y/%m/%d"]'
    place.shop(spec=SHOP.replace('type = "datetime", required = true', formats))
    place.load()
    assert place.raw(LEDGER) == [("loaded", None, 2, 2, 0, 0)]
    assert place.raw("select count(*) from quarantine") == [(0,)]


def test_a_stricter_spec_quarantines_rows_of_files_that_are_gone(place: Place) -> None:
    place.shop().put("shop/orders.csv", HEADINGS + order(1) + order(2, amount="")).rename(place.root / "away.csv")
    place.put("shop/orders.csv", (place.root / "away.csv").read_bytes())
    place.load()
    (place.inbox / "shop/orders.csv").unlink()
    place.shop(spec=SHOP.replace('type = "decimal"', 'type = "decimal", required = true'))
    place.load()
    assert place.raw(LEDGER) == [("loaded", None, 2, 1, 1, 0)]
    assert place.raw("select line, reason from quarantine") == [(3, "MISSING_VALUE")]


def test_the_private_database_is_readable_by_its_owner_only(place: Place) -> None:
    place.shop().put("shop/orders.csv", HEADINGS + order(1))
    place.load()
    assert stat.S_IMODE(place.project.raw_file.stat().st_mode) == 0o600


def test_a_file_of_more_than_one_row_group_is_staged_whole(place: Place) -> None:
    source = load_sources(place.shop().project.sources)[0]
    orders = source.streams[0]
    with DuckDBWarehouse(place.project.raw_file) as warehouse:
        ensure_ledgers(warehouse)
        warehouse.execute(
            "insert into file_ledger by name select 'f' as file_id, 'shop' as source, 'orders' as stream, "
            "130000 as rows_accepted"
        )
        with warehouse.transaction():
            open_arriving(warehouse, orders)
            warehouse.execute(
                f"insert into {ARRIVING} by name select i as order_id, i as _line from range(130000) t(i)"
            )
            merge_arriving(warehouse, "shop", orders, file_id="f", snapshot_at=None)
        rebuild_current(warehouse, source, orders)
        assert len(warehouse.execute("select order_id from stg_shop__orders")) == 130_000


def test_rows_that_cannot_be_read_back_stop_the_run(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("journey_mining.sources.intake.merge_arriving", lambda *_, **__: 1)
    place.shop().put("shop/orders_1.csv", HEADINGS + order(1))
    with DuckDBWarehouse(place.project.raw_file) as warehouse:
        create_table(
            warehouse, "stg_shop__orders__version", version_schema(load_sources(place.project.sources)[0].streams[0])
        )
    with pytest.raises(JourneyMiningError, match="does not hold what the ledger says"):
        place.load()


def test_an_empty_inbox_is_no_error(place: Place) -> None:
    summary = place.shop().load()
    assert (summary.report.problems, summary.is_changed) == ((), False)
