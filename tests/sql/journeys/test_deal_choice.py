from __future__ import annotations

from journey_support import MINUTE, walk
from support import rows_of


def deal(name: str, **more) -> list[dict]:
    shared = {"act": "b", "deal": name, "channel": "crm", **more}
    return [{"id": f"{name}-{n}", "day": when, **shared} for n, when in enumerate((1, 20))]


def placed(warehouse) -> list[tuple]:
    rows = rows_of(warehouse, "event_placement", "event_id placement deal_id")
    return [row for row in rows if row[0].startswith("e")]


def test_of_two_deals_the_one_of_the_same_pipeline_takes_the_event(warehouse, build) -> None:
    build([*deal("D1", pipeline="rent"), *deal("D2", pipeline="sale"), *walk("a@5", pipeline="sale")], unit="deal")
    assert placed(warehouse) == [("e0", "product", "D2")]


def test_of_two_deals_the_one_touched_in_the_same_session_takes_the_event(warehouse, build) -> None:
    form = {"id": "form", "act": "b", "day": 5 + 3 * MINUTE, "deal": "D1"}
    build([*deal("D1"), *deal("D2"), form, *walk("a@5 a@6")], unit="deal")
    assert placed(warehouse) == [("e0", "session", "D1"), ("e1", "ambiguous", None)]


def test_the_pipeline_says_more_than_the_session(warehouse, build) -> None:
    form = {"id": "form", "act": "b", "day": 5 + 3 * MINUTE, "deal": "D1"}
    build([*deal("D1"), *deal("D2", pipeline="sale"), form, *walk("a@5", pipeline="sale")], unit="deal")
    assert placed(warehouse) == [("e0", "product", "D2")]


def test_two_deals_touched_in_one_session_leave_the_event_between_them(warehouse, build) -> None:
    forms = [{"id": f"form{n}", "act": "b", "day": 5, "deal": f"D{n}"} for n in (1, 2)]
    report = build([*deal("D1"), *deal("D2"), *forms, *walk("a@5")], unit="deal")
    assert placed(warehouse) == [("e0", "ambiguous", None)]
    assert report.counts["outside: ambiguous_deal"] == 1
