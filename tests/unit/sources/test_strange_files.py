"""Files that no export should be, and that arrive all the same: none stops the others, none loses a row unseen."""

from __future__ import annotations

import gzip
import io
import json
import logging
import os
import zipfile

import pytest

from journey_mining.errors import JourneyMiningError
from journey_mining.sources import delivered
from journey_mining.sources.readers import csv_text, json_documents, json_lines, text_lines
from source_place import HEADINGS, Place, order

NOTES = "select note_id, text from stg_shop__notes order by note_id"
DEEP = "[" * 100_000 + "]" * 100_000


def packed(compression: int = zipfile.ZIP_DEFLATED, **members: str) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", compression) as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__DOT__", "."), text)
    return held.getvalue()


def encrypted() -> bytes:
    """An archive whose member claims to need a password."""
    content = bytearray(packed(orders=HEADINGS + order(1)))
    content[content.index(b"PK\x03\x04") + 6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def of_unknown_packing() -> bytes:
    content = bytearray(packed(orders=HEADINGS + order(1)))
    content[content.index(b"PK\x03\x04") + 8] = 97
    content[content.index(b"PK\x01\x02") + 10] = 97
    return bytes(content)


def codes(place: Place) -> list[str]:
    return [problem.code for problem in place.load().report.problems]


def test_half_an_emoji_becomes_the_replacement_character(place: Place) -> None:
    place.shop().put("shop/notes.ndjson", r'{"id": 1, "body": {"text": "ok \ud83d"}, "x\udc00": "\ud83d"}' + "\n")
    assert codes(place) == []
    assert place.raw(NOTES) == [("1", "ok \ufffd")]
    assert json.loads(place.raw("select _extra from raw_shop__notes")[0][0]) == {"x\ufffd": "\ufffd"}


def test_a_whole_emoji_stays_whole(place: Place) -> None:
    place.shop().put("shop/notes.ndjson", r'{"id": 1, "body": {"text": "ok \ud83d\ude00"}}' + "\n")
    place.load()
    assert place.raw(NOTES) == [("1", "ok \U0001f600")]


def test_json_nested_without_end_costs_its_line_only(place: Place) -> None:
    place.settings(load={"max_quarantine_share": 0.5})
    place.shop().put("shop/notes.ndjson", '{"id": 1}\n' + DEEP + "\n")
    assert codes(place) == []
    assert place.raw("select line, reason from quarantine") == [(2, "MALFORMED_JSON")]


def test_a_document_nested_without_end_is_rejected(place: Place) -> None:
    place.use("bitrix24", fixtures=False)
    place.put("bitrix24/status.json", DEEP)
    assert codes(place) == ["MALFORMED_JSON"]


def test_parameters_nested_without_end_are_left_out(place: Place) -> None:
    place.use("metrica", fixtures=False)
    hit = "1\t7\t2026-04-01 10:00:00\thttps://x.example/a\t" + "[" * 100_000 + "\n"
    place.put("metrica/hits.tsv", "ym:pv:watchID\tym:pv:clientID\tym:pv:dateTime\tym:pv:URL\tym:pv:params\n" + hit)
    assert codes(place) == []
    assert place.raw("select distinct reason from value_warning") == [("MALFORMED_JSON",)]


@pytest.mark.parametrize("content", [encrypted(), of_unknown_packing()], ids=["encrypted", "unknown packing"])
def test_an_archive_that_cannot_be_opened_is_rejected(place: Place, content: bytes) -> None:
    place.shop().put("shop/orders_1.zip", content)
    place.put("shop/orders_2.csv", HEADINGS + order(2))
    assert codes(place) == ["LOCKED_ARCHIVE"]
    assert place.raw("select order_id from stg_shop__orders") == [("2",)]


def test_an_archive_without_files_is_rejected(place: Place) -> None:
    place.shop().put("shop/orders.zip", packed())
    assert codes(place) == ["EMPTY_FILE"]


FLOODS = {"shop/orders.csv.gz": gzip.compress(bytes(4 << 20)), "shop/orders.zip": packed(orders="\0" * (4 << 20))}


@pytest.mark.parametrize("name", FLOODS)
def test_an_archive_that_unpacks_without_end_is_rejected(
    place: Place, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivered, "SUSPECT_SIZE", 1 << 20)
    place.shop().put(name, FLOODS[name])
    place.put("shop/orders_2.csv", HEADINGS + order(2))
    assert codes(place) == ["UNSAFE_FILE"]
    assert place.raw("select order_id from stg_shop__orders") == [("2",)]


def test_a_member_that_names_a_place_outside_is_written_nowhere(place: Place) -> None:
    place.shop().put("shop/orders.zip", packed(**{"../../../orders__DOT__csv": HEADINGS + order(1)}))
    before = set(place.root.parent.rglob("orders*"))
    place.load()
    assert set(place.root.parent.rglob("orders*")) == before


def test_what_systems_add_to_archives_is_no_export(place: Place) -> None:
    content = packed(**{"a.csv": HEADINGS + order(1), "__MACOSX/._a.csv": "?", ".DS_Store": "?", "in/.x/b.csv": "?"})
    place.shop().put("shop/orders.zip", content)
    assert place.load().loaded == ("shop/orders.zip:a.csv",)


@pytest.fixture
def stumbling(place: Place, monkeypatch: pytest.MonkeyPatch) -> Place:
    """A place whose reader fails on the first file with words that nobody may see."""

    def stumble(*_: object) -> object:
        message = "anna@mail.example"
        raise ZeroDivisionError(message)

    place.shop().put("shop/notes.ndjson", '{"id": 1}\n')
    place.put("shop/orders.csv", HEADINGS + order(2))
    monkeypatch.setattr(json_lines, "read", stumble)
    return place


def test_an_unforeseen_fault_is_the_fault_of_one_file(stumbling: Place, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        (problem,) = stumbling.load().report.problems
    assert (problem.code, problem.where, problem.is_file) == ("UNREADABLE_FILE", "shop/notes.ndjson", True)
    assert "(ZeroDivisionError). Expected: " in problem.text
    assert "mail.example" not in problem.text + caplog.text
    assert stumbling.raw("select status from file_ledger order by path") == [("rejected",), ("loaded",)]


def test_an_unforeseen_fault_is_tried_again_every_night(stumbling: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    stumbling.load()
    assert stumbling.load().is_changed is False
    monkeypatch.undo()
    assert stumbling.load().loaded == ("shop/notes.ndjson",)


def test_a_fault_of_our_own_is_not_blamed_on_the_file(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def lose_a_row(_: str, counts: object) -> None:
        raise JourneyMiningError("Rows do not reconcile.", expected="they do.", todo="report it.")

    monkeypatch.setattr("journey_mining.sources.ledger.reconcile", lose_a_row)
    place.shop().put("shop/orders.csv", HEADINGS + order(1))
    with pytest.raises(JourneyMiningError, match="do not reconcile"):
        place.load()


def test_a_long_cell_is_a_cell(place: Place) -> None:
    long = "x" * 200_000
    place.shop().put("shop/orders.csv", HEADINGS.strip() + f",Заметка\n{order(1).strip()},{long}\n")
    assert codes(place) == []
    assert place.raw("select length(_extra) > 200000 from raw_shop__orders") == [(True,)]


def test_a_cell_too_long_to_be_one_costs_its_row(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_text, "LARGEST_CELL", 1_000)
    place.settings(load={"max_quarantine_share": 0.5})
    place.shop().put("shop/orders.csv", HEADINGS + order(1) + "2," + "x" * 1_001 + ",,,\n" + order(3))
    assert codes(place) == []
    assert place.raw("select line, reason from quarantine") == [(3, "OVERSIZE_CELL")]
    assert place.raw("select order_id from stg_shop__orders order by 1") == [("1",), ("3",)]


def test_a_quote_that_swallows_lines_rejects_the_file(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_text, "LARGEST_CELL", 1_000)
    lines = "".join(order(number) for number in range(100))
    place.shop().put("shop/orders.csv", HEADINGS + '7,"' + lines)
    (problem,) = place.load().report.problems
    assert problem.code == "BAD_DELIMITER"
    assert "line 2 opens a quote" in problem.text


def test_a_rejection_for_bad_rows_is_lifted_by_the_setting(place: Place) -> None:
    place.shop().put("shop/orders.csv", HEADINGS + order(1) + "2,never,,,\n")
    assert codes(place) == ["QUARANTINE_RATE"]
    place.settings(load={"max_quarantine_share": 0.5})
    assert codes(place) == []


def test_a_message_of_an_error_on_a_line_is_no_export(place: Place) -> None:
    place.shop().put("shop/notes.ndjson", '{"error": "expired_token"}\n')
    assert codes(place) == ["NO_RECORDS"]


def test_the_last_page_of_an_answer_may_be_empty(place: Place) -> None:
    place.shop().put("shop/notes.ndjson", "[]\n")
    assert codes(place) == []


@pytest.mark.parametrize(
    "content", ['{"error": "expired_token"}', '{"result": {"items": [{"ID": "1"}]}}\n{"error": "x"}']
)
def test_a_message_of_an_error_is_no_export(place: Place, content: str) -> None:
    place.use("bitrix24", fixtures=False)
    place.put("bitrix24/stagehistory_deal.json", content)
    assert codes(place) == ["NO_RECORDS"]


def test_a_file_that_may_not_be_read_says_so(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> object:
        raise PermissionError(13, "Permission denied", "/home/anna/inbox")

    place.shop().put("shop/orders.csv", HEADINGS + order(1))
    monkeypatch.setattr("journey_mining.sources.loader.fingerprint_of", refuse)
    (problem,) = place.load().report.problems
    assert (problem.code, problem.text.split(".")[1]) == ("UNREADABLE_FILE", "csv cannot be read: permission")


def test_a_missing_inbox_is_a_problem_and_loses_nothing(place: Place) -> None:
    place.shop().put("shop/orders.csv", "")
    place.load()
    place.inbox.rename(place.root / "away")
    summary = place.load()
    assert [(p.code, p.where, p.is_file) for p in summary.report.problems] == [("INBOX_MISSING", "inbox", False)]
    assert (summary.is_changed, place.raw("select status from file_ledger")) == (False, [("rejected",)])


def test_a_file_in_the_place_of_the_inbox_is_a_problem(place: Place) -> None:
    place.shop().inbox.rmdir()
    place.inbox.write_text("x")
    assert codes(place) == ["INBOX_MISSING"]


def test_a_folder_that_may_not_be_entered_is_a_problem(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.shop().put("shop/orders.csv", HEADINGS + order(1))
    real = os.scandir

    def scandir(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return real(path)

    (place.inbox / "closed").mkdir()
    monkeypatch.setattr("os.scandir", scandir)
    assert [(p.code, p.where) for p in place.load().report.problems] == [("UNREADABLE_FOLDER", "closed")]


def test_links_that_lead_nowhere_are_no_problem(place: Place) -> None:
    place.shop().inbox.joinpath("loop").symlink_to(place.inbox / "loop")
    place.inbox.joinpath("nothing").symlink_to("/nonexistent")
    assert codes(place) == []


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("orders_anna@mail.example.csv", "shop/[email]"),
        ("orders 8-916-123-45-67.csv", "shop/orders [phone].csv"),
        ("orders Иванов Иван Иванович 2026-09-28.csv", "shop/orders [имя] 2026-09-28.csv"),
        ("orders_of_all_departments_2026-09-28.csv", "shop/orders_of_all_departments_2026-09-28.csv"),
    ],
)
def test_names_of_files_show_no_people(place: Place, name: str, shown: str) -> None:
    place.shop().put(f"shop/{name}", "")
    (problem,) = place.load().report.problems
    assert (problem.where, problem.text.startswith(shown)) == (shown, True)
    assert place.raw("select path from file_ledger") == [(shown,)]
    assert place.load().is_changed is False


def test_a_name_that_is_no_text_is_shown_with_marks(place: Place) -> None:
    place.shop().put("shop/orders.csv", "").rename(os.fsdecode(os.fsencode(place.inbox) + b"/shop/orders\xff\n.csv"))
    assert [problem.where for problem in place.load().report.problems] == ["shop/orders??.csv"]


@pytest.mark.parametrize(
    ("name", "content"), [("orders.csv", HEADINGS + "1," + "x" * 500), ("notes.ndjson", '{"id": "' + "x" * 500)]
)
def test_a_text_without_line_breaks_is_rejected(
    place: Place, monkeypatch: pytest.MonkeyPatch, name: str, content: str
) -> None:
    monkeypatch.setattr(text_lines, "LONGEST_LINE", 200)
    place.shop().put(f"shop/{name}", content)
    assert codes(place) == ["OVERSIZE_LINE"]


def test_a_document_too_large_to_be_read_whole_is_rejected(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_documents, "LARGEST_FILE", 50)
    place.use("bitrix24", fixtures=False)
    place.put("bitrix24/stagehistory_deal.json", '{"result": {"items": [{"ID": "1"}]}}' + " " * 50)
    assert codes(place) == ["OVERSIZE_DOCUMENT"]
