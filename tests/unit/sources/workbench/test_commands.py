"""The commands of the workbench, as they are typed: what they print and their exit codes."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from journey_mining.cli import app
from source_place import HEADINGS, SHOP, SHOP_EVENTS, order

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


def journey(*words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, list(words))
    return done.exit_code, done.output


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    root = tmp_path / "p"
    assert journey("init", str(root), "--source", "none")[0] == 0
    folder = root / "sources" / "shop"
    folder.mkdir()
    (folder / "spec.toml").write_text(SHOP, encoding="utf-8")
    (folder / "events.sql").write_text(SHOP_EVENTS, encoding="utf-8")
    (folder / "event_identifiers.sql").write_text(WHO, encoding="utf-8")
    (root / "inbox" / "shop").mkdir()
    return root


def put(root: Path, text: str) -> Path:
    path = root / "inbox" / "shop" / "orders_1.csv"
    path.write_text(HEADINGS + text, encoding="utf-8")
    return path


def test_a_sound_source_leaves_with_zero(shop: Path) -> None:
    put(shop, order(1))
    code, output = journey("source", "check", "shop", "-p", str(shop))
    assert (code, "email=a9@aaaa.aaaaaaa" in output, "Every spec is sound." in output) == (0, True, True)


def test_values_are_shown_when_asked_for(shop: Path) -> None:
    put(shop, order(1))
    assert "email=u1@mail.example" in journey("source", "check", "shop", "-p", str(shop), "--show-values")[1]


def test_something_to_change_leaves_with_three(shop: Path) -> None:
    put(shop, order(1) + order(2, made="soon"))
    code, output = journey("source", "check", "-p", str(shop))
    assert (code, "set aside: 1 for BAD_TIMESTAMP in made_at, lines 3" in output) == (3, True)


def test_nothing_taken_leaves_with_one(shop: Path) -> None:
    put(shop, order(1, made="soon"))
    assert journey("source", "check", "shop", "-p", str(shop))[0] == 1


def test_without_files_the_check_says_so_and_leaves_with_zero(shop: Path) -> None:
    code, output = journey("source", "check", "-p", str(shop))
    assert (code, "no file of shop lies in inbox/" in output) == (0, True)


def test_sources_are_listed_with_their_files(shop: Path) -> None:
    put(shop, order(1))
    output = journey("source", "list", "-p", str(shop))[1]
    assert ["shop", "shop", "crm", "orders,", "notes", "1"] in [line.split() for line in output.splitlines()]
    assert "bitrix24" in output


def test_a_source_of_the_catalogue_is_added_and_explained(shop: Path) -> None:
    code, output = journey("source", "add", "zendesk", "-p", str(shop))
    assert (code, "zendesk/tickets*.ndjson*" in output) == (0, True)
    assert "journey source check zendesk" in output


def test_a_draft_says_where_its_files_belong(shop: Path, tmp_path: Path) -> None:
    export = tmp_path / "visits_2026-09-28.csv"
    export.write_text("id,at\n1,2026-04-01\n2,2026-04-02\n", encoding="utf-8")
    code, output = journey("source", "new", "web", "--from", str(export), "--role", "web", "-p", str(shop))
    assert (code, "Put visits_2026-09-28.csv into" in output) == (0, True)
    assert "key id, pageview at at_" in output


def test_quarantine_is_counted_by_reason_and_can_be_narrowed(shop: Path) -> None:
    put(shop, "".join(order(number) for number in range(1, 41)) + order(41, made="soon"))
    journey("run", str(shop))
    output = journey("quarantine", "show", "-p", str(shop), "--reason", "BAD_TIMESTAMP")[1]
    assert ["1", "shop", "orders", "BAD_TIMESTAMP", "made_at"] in [line.split() for line in output.splitlines()]
    assert "Nothing is in quarantine." in journey("quarantine", "show", "-p", str(shop), "--source", "other")[1]


def test_quarantine_is_tried_again_after_a_change(shop: Path) -> None:
    put(shop, "".join(order(number) for number in range(1, 41)) + order(41, made="2026/04/01"))
    journey("run", str(shop))
    spec = shop / "sources" / "shop" / "spec.toml"
    text = spec.read_text(encoding="utf-8").replace(
        'from = ["Создан"], type = "datetime"',
        'from = ["Создан"], type = "datetime", formats = ["%d.%m.%Y %H:%M", "%Y/%m/%d"]',
    )
    spec.write_text(text, encoding="utf-8")
    code, output = journey("quarantine", "retry", "-p", str(shop))
    assert (code, "shop.orders BAD_TIMESTAMP: 1 taken, 0 stay" in output) == (0, True)
