from __future__ import annotations

from journey_support import walk
from support import rows_of


def deal(name: str, start: float, end: float | None, *, who: str = "p", outcome: str = "won") -> list[dict]:
    opening = {"id": f"{name}-open", "act": "b", "day": start, "deal": name, "channel": "crm", "who": who}
    closing = {"id": f"{name}-close", "act": outcome, "day": end, "deal": name, "channel": "crm", "who": who}
    return [opening] if end is None else [opening, closing]


def placed(warehouse) -> list[tuple]:
    rows = rows_of(warehouse, "event_placement", "event_id placement deal_id")
    return [row for row in rows if row[0].startswith("e")]


def test_an_event_belongs_to_the_only_deal_around_it(warehouse, build) -> None:
    rows = [*deal("D1", 1, 10), *deal("D2", 5, 20), *walk("a@3 a@7 a@15 a@25")]
    report = build(rows, unit="deal", deal_lead="0d", deal_tail="0d")
    assert placed(warehouse) == [
        ("e0", "window", "D1"),
        ("e1", "ambiguous", None),
        ("e2", "window", "D2"),
        ("e3", "person", None),
    ]
    assert report.counts["outside: ambiguous_deal"] == 1


def test_each_deal_is_one_journey_and_the_rest_is_cut_by_person(warehouse, build) -> None:
    rows = [*deal("D1", 1, 10), *deal("D2", 5, 20), *walk("a@3 a@7 a@15 a@25")]
    build(rows, unit="deal", deal_lead="0d", deal_tail="0d")
    assert rows_of(warehouse, "journey", "journey_no deal_id ending event_count") == [
        (1, "D1", "won", 3),
        (2, "D2", "won", 3),
        (3, None, "open", 1),
    ]


def test_lead_and_tail_widen_the_window(warehouse, build) -> None:
    build([*deal("D1", 10, 20), *walk("a@7 a@23 a@25")], unit="deal", deal_lead="5d", deal_tail="3d")
    assert [row[1] for row in placed(warehouse)] == ["window", "window", "person"]


def test_an_open_deal_takes_events_up_to_the_cutoff(warehouse, build) -> None:
    build([*deal("D1", 1, None), *walk("a@40")], unit="deal", deal_lead="0d")
    assert placed(warehouse) == [("e0", "window", "D1")]


def test_what_follows_a_closed_deal_moves_it_no_more(warehouse, build) -> None:
    build([*deal("D1", 1, 10), *walk("d@12")], unit="deal")
    assert rows_of(warehouse, "stage_episode", "stage cause event_count") == [("b", "progress", 3)]


def test_silence_does_not_cut_a_deal(warehouse, build) -> None:
    build(deal("D1", -40, 20), unit="deal")
    assert rows_of(warehouse, "journey", "deal_id ending") == [("D1", "won")]


def test_a_person_s_events_ignore_the_deals_of_others(warehouse, build) -> None:
    build([*deal("D1", 1, 10, who="q"), *walk("a@5")], unit="deal")
    assert placed(warehouse) == [("e0", "person", None)]


def test_by_person_deals_make_no_difference(warehouse, build) -> None:
    build([*deal("D1", 1, 10), *walk("a@3")])
    assert rows_of(warehouse, "journey", "deal_id event_count") == [(None, 3)]


def test_what_a_deal_does_after_the_cutoff_shapes_no_window(warehouse, build) -> None:
    build([*deal("D1", 10, 60), *deal("D2", 70, 80), *walk("a@12")], until=50, unit="deal", deal_lead="60d")
    assert rows_of(warehouse, "deal_window", "deal_id") == [("D1",)]
    assert placed(warehouse) == [("e0", "window", "D1")]


def test_a_form_and_the_deal_it_opens_stand_in_the_deal(warehouse, build) -> None:
    ask = {"id": "ask", "priority": 1, "stage": "b", "touchpoint": "page_b", "when": {"activity_re": "^ask$"}}
    form = {"id": "form", "act": "ask", "day": 1}
    opened = {"id": "open", "act": "ask", "day": 1.001, "source": "crm", "channel": "crm", "deal": "D1"}
    build([form, opened], unit="deal", rules=[ask])
    assert rows_of(warehouse, "journey", "deal_id event_count") == [("D1", 1)]
