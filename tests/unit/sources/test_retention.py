"""Text of exports goes after its term: numbers stay, what cannot be made anew is said, forgetting reaches further."""

from __future__ import annotations

import json
from datetime import UTC, timedelta
from pathlib import Path

import pytest

from journey_mining.errors import SettingsError
from journey_mining.night_work import load
from journey_mining.nights import Night
from journey_mining.project.settings import RetentionSettings
from journey_mining.project.values import validated
from journey_mining.report import StepReport
from journey_mining.sources import Request, drop_old_text, erase_loaded, forget, load_files
from journey_mining.sources.retry import retry_quarantine
from source_place import HEADINGS, NOW, PEOPLE, SHOP, SHOP_EVENTS, Place, order

TERM, LATER = "90d", NOW + timedelta(days=91)
WIDER = SHOP.replace('[[stream]]\nid = "notes"', 'note = { from = ["Заметка"] }\n[[stream]]\nid = "notes"')
OTHER_KEY = SHOP.replace('key = ["order_id"]', 'key = ["order_id", "shop"]').replace(
    "email      =", 'shop = { from = ["Магазин"], type = "id" }\nemail      ='
)

WITH_LISTS = f"""{SHOP.rstrip()}
to      = {{ path = "$.to", type = "email_list" }}
tags    = {{ path = "$.tags", type = "text_list" }}
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.setenv("JOURNEY_KEY", "k" * 40)
    (tmp_path / "p").mkdir()
    made = Place(tmp_path / "p")
    made.spec("shop", SHOP, events=SHOP_EVENTS, event_identifiers=PEOPLE)
    made.settings(privacy={"retain_raw": TERM}, load={"max_quarantine_share": 0.5})
    made.put("shop/orders_old.csv", HEADINGS + order(1) + order(2) + order(3, made="no day"))
    made.load()
    return made


def dropped(shop: Place, *, days: int = 91) -> StepReport:
    return drop_old_text(shop.project, now=NOW + timedelta(days=days))


def orders(shop: Place, columns: str = "order_id, amount") -> list[tuple[object, ...]]:
    return shop.raw(f"select {columns} from stg_shop__orders order by 1")


def gone_from_inbox(shop: Place) -> None:
    (shop.inbox / "shop" / "orders_old.csv").unlink()


def respecified(shop: Place, toml: str) -> None:
    shop.spec("shop", toml, events=SHOP_EVENTS, event_identifiers=PEOPLE)
    load_files(shop.project, now=LATER)


def test_text_goes_after_its_term_and_what_was_typed_of_it_stays(shop: Place) -> None:
    events = shop.built("select * from event order by all")
    assert dropped(shop, days=90).counts == {}
    assert dropped(shop).counts == {"texts_dropped": 1}
    assert shop.raw("select count(*) from raw_shop__orders") == [(0,)]
    assert shop.raw("select line, reason, raw, detail from quarantine") == [(4, "BAD_TIMESTAMP", None, None)]
    assert [order_id for order_id, _ in orders(shop)] == ["1", "2"]
    assert shop.built("select * from event order by all") == events


def test_no_word_of_it_is_left_in_the_blocks_of_the_file(shop: Place) -> None:
    assert b"no day" in shop.project.raw_file.read_bytes()
    dropped(shop)
    assert b"no day" not in shop.project.raw_file.read_bytes()
    assert shop.project.raw_file.stat().st_mode & 0o777 == 0o600


def test_again_it_changes_nothing_and_a_known_file_is_not_read_again(shop: Place) -> None:
    dropped(shop)
    before = shop.project.raw_file.read_bytes()
    assert dropped(shop).counts == {}
    assert shop.project.raw_file.read_bytes() == before
    assert load_files(shop.project, now=LATER).loaded == ()


def test_younger_files_keep_their_text(shop: Place) -> None:
    shop.put("shop/orders_new.csv", HEADINGS + order(4))
    load_files(shop.project, now=NOW + timedelta(days=60))
    dropped(shop)
    assert shop.raw("select order_id from raw_shop__orders") == [("4",)]


def test_an_interrupted_sweep_is_made_up_for(shop: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(_path: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("journey_mining.sources.retention.write_anew", dies)
        dropped(shop)
    assert dropped(shop).counts == {}
    assert b"no day" not in shop.project.raw_file.read_bytes()
    assert shop.raw("select count(*) from information_schema.tables where table_name = 'text_sweep'") == [(0,)]


def test_exports_that_outlive_the_term_in_the_inbox_are_told_and_left(shop: Place) -> None:
    (problem,) = dropped(shop).problems
    assert (problem.code, problem.is_notice) == ("TEXT_IN_INBOX", True)
    assert problem.text.startswith("1 exports")
    gone_from_inbox(shop)
    assert dropped(shop).problems == ()


def test_a_new_spec_reaches_kept_files_only_and_says_which_it_does_not(shop: Place) -> None:
    dropped(shop)
    gone_from_inbox(shop)
    shop.put("shop/orders_new.csv", HEADINGS.strip() + ",Заметка\n" + order(4).strip() + ",gift\n")
    load_files(shop.project, now=LATER)
    respecified(shop, WIDER)
    assert orders(shop, "order_id, note") == [("1", None), ("2", None), ("4", "gift")]
    (problem,) = dropped(shop, days=92).problems
    assert (problem.code, problem.where) == ("TEXT_DROPPED", "shop.orders")
    assert "1 files of shop.orders keep the values that an earlier spec gave them" in problem.text


def test_a_new_spec_over_files_without_any_text_keeps_their_rows(shop: Place) -> None:
    dropped(shop)
    gone_from_inbox(shop)
    respecified(shop, WIDER)
    assert orders(shop, "order_id, note") == [("1", None), ("2", None)]
    assert not load_files(shop.project, now=LATER).is_changed


def test_rows_without_a_key_under_a_new_spec_are_set_aside(shop: Place) -> None:
    dropped(shop)
    gone_from_inbox(shop)
    respecified(shop, OTHER_KEY)
    assert orders(shop) == []
    assert shop.raw("select line, reason from quarantine order by all") == [
        (2, "TEXT_DROPPED"),
        (3, "TEXT_DROPPED"),
        (4, "BAD_TIMESTAMP"),
    ]
    assert shop.raw("select rows_read, rows_accepted, rows_quarantined from file_ledger") == [(3, 0, 3)]


def test_an_export_that_comes_again_is_read_under_the_present_spec(shop: Place) -> None:
    dropped(shop)
    respecified(shop, WIDER)
    assert shop.raw("select count(*) from raw_shop__orders") == [(3,)]
    assert dropped(shop, days=92).problems == ()


def test_rows_in_quarantine_need_their_file_afterwards(shop: Place) -> None:
    dropped(shop)
    gone_from_inbox(shop)
    [retried] = retry_quarantine(shop.project, now=LATER)
    assert (retried.came_back, retried.stays, retried.needs_file) == (0, 1, 1)


def test_forgotten_people_go_out_of_what_was_typed_as_well(shop: Place) -> None:
    dropped(shop)
    forget(shop.project, Request(kind="email", value="u1@mail.example"), now=LATER)
    assert erase_loaded(shop.project, now=LATER) == 1
    assert orders(shop, "order_id, email") == [("2", "u2@mail.example")]
    assert b"u1@mail.example" not in shop.project.raw_file.read_bytes()
    assert shop.raw("select rows_accepted, rows_quarantined from file_ledger") == [(1, 2)]
    assert not load_files(shop.project, now=LATER).is_changed


def test_people_in_lists_and_in_brackets_go_out_of_what_was_typed(shop: Place) -> None:
    respecified(shop, WITH_LISTS)
    lines = [
        {"id": 1, "body": {"text": "[срочно] кому"}, "to": ["o'k@mail.example", "u2@mail.example"], "tags": ["a"]},
        {"id": 2, "body": {"text": "[срочно] от o'k@mail.example [два]"}, "tags": ["ждёт o'k@mail.example", "b, c"]},
        {"id": 3, "body": {"text": "[три]"}, "tags": ["ждёт o'k@mail.example", "b, c"]},
    ]
    shop.put("shop/notes.ndjson", "".join(json.dumps(line) + "\n" for line in lines))
    shop.load()
    dropped(shop)
    forget(shop.project, Request(kind="email", value="o'k@mail.example"), now=LATER)
    assert erase_loaded(shop.project, now=LATER) == 1
    assert shop.raw('select note_id, "text", tags from stg_shop__notes order by 1') == [
        ("2", "[срочно] от [forgotten] [два]", ["ждёт [forgotten]", "b, c"]),
        ("3", "[три]", ["ждёт [forgotten]", "b, c"]),
    ]
    assert b"o'k@mail.example" not in shop.project.raw_file.read_bytes()


def test_a_night_drops_old_text_and_says_so_and_the_next_has_nothing_to_drop(small_project: Path) -> None:
    settings = small_project / "journey.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("[privacy]\n", f'[privacy]\nretain_raw = "{TERM}"\n'), encoding="utf-8")
    reports = [load(Night(root=small_project, started_at=at.replace(tzinfo=UTC))) for at in (NOW, LATER, LATER)]
    files = reports[0].counts["files_loaded"]
    assert [report.counts.get("texts_dropped", 0) for report in reports] == [0, files, 0]
    assert reports[2].counts["files_known"] == reports[1].counts["files_known"]


def test_without_a_term_text_stays(shop: Place) -> None:
    shop.settings()
    assert dropped(shop, days=4000) == StepReport()
    assert shop.raw("select count(*) from raw_shop__orders") == [(3,)]


def test_a_term_of_nothing_is_refused() -> None:
    with pytest.raises(SettingsError, match="would end everything at once"):
        validated(RetentionSettings, {"retain_raw": "0d"}, where="journey.toml")
