from __future__ import annotations

from typing import Any

from journey_mining.journeys import build_journeys
from journey_support import day, project, walk, write_events, write_status
from support import rows_of

SEGMENTS = {
    "segment": [
        {"id": "big", "ru": "Б", "en": "B", "any": [{"customer_type": ["big"]}]},
        {"id": "tiny", "ru": "М", "en": "T", "any": [{"customer_type": ["tiny"]}]},
    ]
}
THRESHOLD = "segment stage silence_days rule pool gap_count customer_count days_in_force"


def regulars(count: int, pause: int, *, kind: str = "big", start: int = 0, last: int = 80) -> list[dict[str, Any]]:
    """Customers who show a sign every few days until day `last`, and none later."""
    text = " ".join(f"a@{n}" for n in range(start, last, pause))
    return [row for n in range(count) for row in walk(text, who=f"{kind}{n}-", customer_type=kind)]


def thresholds(warehouse, rows, *, until: float = 200, columns: str = THRESHOLD, **settings: Any) -> list[tuple]:
    write_events(warehouse, rows)
    write_status(warehouse, ("web", True, -100, until))
    build_journeys(warehouse, project(segments=SEGMENTS, **settings))
    return [
        row for row in rows_of(warehouse, "silence_threshold", columns) if "a" in row[1:2] or "stage" not in columns
    ]


def test_pauses_of_the_segment_in_the_stage_decide_where_there_are_enough(warehouse) -> None:
    # 30 customers, signs on day 0, 10, ... 70: 7 pauses each, and one that is open to the end
    found = thresholds(warehouse, regulars(30, 10))
    assert found[1] == ("big", "a", 10, "segment x stage", "segment x stage", 240, 30, 30)


def test_a_segment_with_few_pauses_borrows_those_of_the_stage(warehouse) -> None:
    found = thresholds(warehouse, [*regulars(30, 10), *regulars(12, 40, kind="tiny")])
    assert found[2] == ("tiny", "a", 40, "stage", "stage", 264, 42, 30)


def test_pauses_of_fewer_customers_than_may_be_shown_are_in_no_pool(warehouse) -> None:
    found = thresholds(warehouse, [*regulars(30, 10), *regulars(9, 40, kind="tiny")])
    assert found[2] == ("tiny", "a", 10, "stage", "stage", 240, 30, 30)


def test_with_too_few_pauses_the_setting_stands(warehouse) -> None:
    found = thresholds(warehouse, regulars(20, 20))
    assert {row[2:] for row in found} == {(30, "setting", None, None, None, 30)}


def test_a_setting_is_told_what_it_costs(warehouse) -> None:
    rows = [*regulars(30, 10), *regulars(10, 40, kind="tiny", last=41)]
    columns = "segment stage setting_false_lost_share setting_false_lost_low"
    told = thresholds(warehouse, rows, columns=columns, silence={"a": "35d"})[2]
    # 40 customers fall silent for good, 10 came back after 40 days
    assert told[2] == 0.2
    assert 0 < told[3] < 0.2


def test_calibrated_thresholds_cut_journeys_where_the_project_asks_for_them(warehouse) -> None:
    rows = [*regulars(60, 10), *walk("a@100 a@115", customer_type="big")]
    thresholds(warehouse, rows)
    assert len(spans(warehouse)) == 1
    thresholds(warehouse, rows, silence_from="calibrated")
    assert spans(warehouse) == [("p", day(100), day(110), "silent"), ("p", day(115), day(125), "silent")]
    assert rows_of(warehouse, "stage", "stage silence_days")[:2] == [("a", 10), ("b", 10)]


def spans(warehouse) -> list[tuple]:
    return [row for row in rows_of(warehouse, "journey", "person_id started_at ended_at ending") if row[0] == "p"]


def test_thresholds_are_frozen_for_a_quarter(warehouse) -> None:
    rows = [*regulars(30, 10), *regulars(30, 3, start=185, last=260, kind="tiny")]
    columns = "segment stage silence_days gap_count frozen_on"
    july = thresholds(warehouse, rows, until=182, columns=columns)
    assert july == thresholds(warehouse, rows, until=272, columns=columns)
    assert july[0][4] == day(181)
    assert july != thresholds(warehouse, rows, until=274, columns=columns)


def test_nobody_is_waited_for_after_an_outcome(warehouse) -> None:
    rows = [row for n in range(30) for row in walk("a@0 a@10 won@20", who=f"w{n}-")]
    thresholds(warehouse, rows)
    assert rows_of(warehouse, "silence_gap", "gap_days is_return") == [(10.0, True)] * 60
