from __future__ import annotations

import hashlib
from datetime import datetime

import pyarrow as pa
import pytest

from journey_mining.warehouse import DuckDBWarehouse
from support import NOON, built, given, rows_of

EVENT = (
    "source stream natural_key event_kind activity_raw occurred_at actor_type channel ts_quality order_hint direction "
    "amount currency score_raw score_norm asked_stage pipeline customer_type url_host url_path referrer_host "
    "utm_source utm_medium utm_campaign exclude exclude_reason attributes file_id line"
)
LEDGER = (
    "file_id source stream path snapshot_at rows_read rows_accepted rows_quarantined rows_collapsed "
    "rows_superseded rows_deleted status "
    "error_code error_text"
)
LATER = datetime(2026, 5, 9)  # noqa: DTZ001
SOON = datetime(2026, 5, 5)  # noqa: DTZ001
EARLIER = datetime(2026, 5, 1)  # noqa: DTZ001


def event(source: str, key: str, **cells: object) -> list[object]:
    row: dict[str, object] = dict.fromkeys(EVENT.split())
    row |= {"source": source, "stream": "s", "natural_key": key, "event_kind": "pageview", "activity_raw": "/"}
    row |= {"occurred_at": NOON, "actor_type": "customer", "channel": "web", **cells}
    return list(row.values())


@pytest.fixture
def world(warehouse: DuckDBWarehouse) -> DuckDBWarehouse:
    given(
        warehouse,
        "source_setting",
        "source system role is_decisive priority",
        [("crm", "b24", "crm", True, 30), ("web", "ym", "web", True, 10)],
    )
    given(
        warehouse,
        "source_identifier",
        "source stream natural_key kind value",
        [("web", "s", "1", "email", "a@own.example"), ("web", "s", "1", "email", "A@own.example")],
    )
    given(
        warehouse,
        "identifier_token",
        "kind plain_value value blocked_reason is_internal",
        [("email", "a@own.example", "h1", None, True), ("email", "A@own.example", "h1", "test", True)],
    )
    return warehouse


def delivering(warehouse: DuckDBWarehouse, *streams: tuple[str, str, bool, datetime | None]) -> None:
    given(
        warehouse,
        "stream_setting",
        "source stream decides_freshness changed_at",
        streams,
        changed_at=pa.timestamp("us"),
    )
    built(warehouse, "stream_status", "source")


def happened(warehouse: DuckDBWarehouse, *rows: list[object]) -> None:
    given(warehouse, "source_event", EVENT, rows, order_hint=pa.int64(), amount=pa.float64(), line=pa.int64())


def test_an_event_id_is_the_hash_of_where_it_comes_from(world: DuckDBWarehouse) -> None:
    happened(world, event("crm", "k"))
    expected = hashlib.md5(b"crm|s|k", usedforsecurity=False).hexdigest()
    assert built(world, "event", "event_id") == [(expected,)]


def test_within_an_instant_dates_come_last_then_priority_then_hint(world: DuckDBWarehouse) -> None:
    happened(
        world,
        event("web", "date", ts_quality="date_only"),
        event("crm", "second"),
        event("web", "goal", order_hint=1),
        event("web", "page", order_hint=0),
    )
    keys = built(world, "event", "natural_key", order_by="occurred_at order_key event_id")
    assert keys == [("page",), ("goal",), ("second",), ("date",)]


def test_own_people_are_internal_unless_they_are_excluded_already(world: DuckDBWarehouse) -> None:
    happened(world, event("web", "1"), event("web", "2"), event("crm", "1", exclude="bot", exclude_reason="robot"))
    assert built(world, "event", "source natural_key exclude exclude_reason") == [
        ("crm", "1", "bot", "robot"),
        ("web", "1", "internal", "own domain"),
        ("web", "2", None, None),
    ]


def test_spellings_of_one_identifier_are_one_row(world: DuckDBWarehouse) -> None:
    happened(world, event("web", "1"))
    built(world, "event", "event_id")
    assert built(world, "event_identifier", "kind value blocked_reason is_internal") == [("email", "h1", "test", True)]


def test_an_object_stands_once_on_an_event(world: DuckDBWarehouse) -> None:
    happened(world, event("crm", "1"))
    built(world, "event", "event_id")
    thing = ("crm", "s", "1", "deal", "7", "subject")
    given(world, "source_object", "source stream natural_key object_type object_id qualifier", [thing, thing])
    assert built(world, "event_object", "object_type object_id qualifier") == [("deal", "7", "subject")]


def test_a_text_of_no_event_is_not_published(world: DuckDBWarehouse) -> None:
    happened(world, event("crm", "1"))
    built(world, "event", "event_id")
    texts = [("crm", "s", "1", "да", "ru", 0), ("crm", "s", "9", "нет", "ru", 0)]
    given(world, "text_token", "source stream natural_key text language redaction_count", texts)
    assert built(world, "event_text", "text language") == [("да", "ru")]


def test_freshness_is_the_later_of_the_last_event_and_the_last_snapshot(world: DuckDBWarehouse) -> None:
    happened(world, event("crm", "1"), event("web", "1"))
    built(world, "event", "event_id")
    files = [
        ("f1", "crm", "s", "a", LATER, 5, 4, 1, 0, 2, 1, "loaded", None, None),
        ("f2", "crm", "s", "b", None, 0, 0, 0, 0, 0, 0, "rejected", "EMPTY_FILE", "b is empty."),
    ]
    given(world, "file_ledger", LEDGER, files)
    delivering(world, ("crm", "s", True, None), ("web", "s", True, None))
    assert built(world, "source_status", "source fresh_until event_count files_loaded files_rejected rows_read") == [
        ("crm", LATER, 1, 1, 1, 5),
        ("web", NOON, 1, 0, 0, 0),
    ]


def test_a_source_is_as_fresh_as_the_stalest_stream_that_decides(world: DuckDBWarehouse) -> None:
    happened(world, event("crm", "1", stream="deals"), event("crm", "2", stream="people", occurred_at=EARLIER))
    built(world, "event", "event_id")
    given(world, "file_ledger", LEDGER, [("f1", "crm", "people", "a", LATER, 5, 4, 1, 0, 2, 1, "loaded", None, None)])
    never_came = ("crm", "moves", True, None)
    delivering(world, ("crm", "deals", True, SOON), ("crm", "people", False, None), never_came)
    assert built(world, "source_status", "source first_event_at fresh_until event_count") == [
        ("crm", NOON, SOON, 2),
        ("web", None, None, 0),
    ]


def test_an_own_domain_is_named_before_other_reasons_to_be_internal(world: DuckDBWarehouse) -> None:
    happened(world, event("web", "1", exclude="internal", exclude_reason="agent requester"))
    assert built(world, "event", "exclude exclude_reason") == [("internal", "own domain")]


def test_problems_are_files_rows_and_values_not_taken(world: DuckDBWarehouse) -> None:
    files = [
        ("f1", "crm", "s", "a", None, 5, 4, 1, 0, 2, 1, "loaded", None, None),
        ("f2", "crm", "s", "b", None, 0, 0, 0, 0, 0, 0, "rejected", "EMPTY_FILE", "b is empty."),
    ]
    given(world, "file_ledger", LEDGER, files, snapshot_at=pa.timestamp("us"))
    given(world, "quarantine", "file_id source stream column_name reason", [("f1", "crm", "s", None, "MALFORMED_ROW")])
    given(
        world,
        "value_warning",
        "file_id source stream column_name reason row_count",
        [("f1", "crm", "s", "p", "BAD_PHONE", 3), ("f1", "crm", "s", "id", "DUP_KEY_CONFLICT", 2)],
    )
    checks = [("crm", "s", "no_money", "deals without money", 2), ("crm", "s", "fine", "nothing", 0)]
    given(world, "source_check", "source stream check_name why row_count", checks)
    built(world, "load_problem", "path code")
    assert rows_of(world, "load_problem", "path code message row_count") == [
        ("a", "BAD_PHONE", "values left out: p", 3),
        ("a", "DUP_KEY_CONFLICT", "rows that differ from the one kept of their key: id", 2),
        ("a", "MALFORMED_ROW", "rows not taken: the whole row", 1),
        ("b", "EMPTY_FILE", "b is empty.", 0),
        ("checks/no_money.sql", "CHECK_no_money", "deals without money", 2),
    ]
