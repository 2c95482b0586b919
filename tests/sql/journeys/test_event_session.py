from __future__ import annotations

from journey_support import MINUTE
from support import rows_of


def visits(*minutes: float, **more) -> list[dict]:
    return [{"id": f"e{m:03}", "act": "a", "day": m * MINUTE, **more} for m in minutes]


def sessions(warehouse) -> list[tuple]:
    return rows_of(warehouse, "event_session", "event_id session_no")


def test_a_pause_of_more_than_thirty_minutes_opens_a_session(warehouse, build) -> None:
    build(visits(0, 10, 45, 50, 90))
    assert [number for _, number in sessions(warehouse)] == [1, 1, 2, 2, 3]


def test_thirty_minutes_to_the_second_are_one_session(warehouse, build) -> None:
    build(visits(0, 30))
    assert [number for _, number in sessions(warehouse)] == [1, 1]


def test_what_the_crm_books_meanwhile_belongs_to_the_session_and_prolongs_none(warehouse, build) -> None:
    build([*visits(0, 40), *visits(20, 100, channel="crm")])
    assert sessions(warehouse) == [("e000", 1), ("e020", 1), ("e040", 2)]
