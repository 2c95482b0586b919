"""Local times that a zone had twice, or never, because its clocks were changed."""

from __future__ import annotations

import pytest

from source_place import HEADINGS, SHOP, Place, order

BERLIN = SHOP.replace("Europe/Moscow", "Europe/Berlin")
WARNINGS = "select column_name, reason, row_count from value_warning order by all"


def made(place: Place, local: str, *, spec: str = BERLIN) -> list[tuple[str]]:
    place.shop(spec=spec).put("shop/orders.csv", HEADINGS + order(1, made=local))
    place.load()
    return place.raw("select made_at::varchar from stg_shop__orders")


@pytest.mark.parametrize(
    ("local", "utc"),
    [
        ("29.03.2026 02:30", "2026-03-29 01:30:00"),
        ("25.10.2025 02:30", "2025-10-25 00:30:00"),
        ("26.10.2025 02:30", "2025-10-26 00:30:00"),
        ("26.10.2025 03:00", "2025-10-26 02:00:00"),
        ("29.03.2026 03:00", "2026-03-29 01:00:00"),
    ],
    ids=["never: as much later as clocks went forward", "the day before", "twice: the earlier", "after", "after a gap"],
)
def test_a_time_in_doubt_is_taken_by_the_offset_before_the_change(place: Place, local: str, utc: str) -> None:
    assert made(place, local) == [(utc,)]


@pytest.mark.parametrize("local", ["29.03.2026 02:00", "29.03.2026 02:59", "26.10.2025 02:00", "26.10.2025 02:59"])
def test_a_time_in_doubt_is_counted_and_its_row_kept(place: Place, local: str) -> None:
    made(place, local)
    assert place.raw(WARNINGS) == [("made_at", "TZ_AMBIGUOUS", 1)]


@pytest.mark.parametrize("local", ["29.03.2026 01:59", "29.03.2026 03:00", "26.10.2025 01:59", "26.10.2025 03:00"])
def test_times_beside_a_change_are_in_no_doubt(place: Place, local: str) -> None:
    made(place, local)
    assert place.raw(WARNINGS) == []


def test_clocks_that_change_by_half_an_hour_leave_the_other_half_alone(place: Place) -> None:
    lord_howe = SHOP.replace("Europe/Moscow", "Australia/Lord_Howe")
    rows = order(1, made="05.04.2026 01:15") + order(2, made="05.04.2026 01:45")
    place.shop(spec=lord_howe).put("shop/orders.csv", HEADINGS + rows)
    place.load()
    assert place.raw(WARNINGS) == [("made_at", "TZ_AMBIGUOUS", 1)]
    assert place.raw("select order_id, made_at::varchar from stg_shop__orders order by 1") == [
        ("1", "2026-04-04 14:15:00"),
        ("2", "2026-04-04 14:45:00"),
    ]


def test_times_in_doubt_are_told_in_words(place: Place) -> None:
    made(place, "26.10.2025 02:30")
    assert place.built("select code, message, row_count from load_problem") == [
        ("TZ_AMBIGUOUS", "times that a change of the clocks makes doubtful: made_at", 1)
    ]
