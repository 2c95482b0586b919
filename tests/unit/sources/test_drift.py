from __future__ import annotations

from source_place import HEADINGS, Place, order

ORDERS = "".join(map(order, range(1, 61)))


def test_a_column_that_lost_its_heading_is_reported(place: Place) -> None:
    place.shop().put("shop/orders_2026-05-01.csv", HEADINGS + ORDERS)
    place.put("shop/orders_2026-05-02.csv", HEADINGS.replace("Почта", "Электронный адрес") + ORDERS)
    (problem,) = place.load().report.problems
    assert (problem.code, problem.where) == ("COLUMN_EMPTIED", "shop/orders_2026-05-02.csv")
    assert "has no value of email (Почта); other files have one in 60 of 60 rows" in problem.text


def test_a_small_file_is_no_evidence(place: Place) -> None:
    place.shop().put("shop/orders_2026-05-01.csv", HEADINGS + ORDERS)
    place.put("shop/orders_2026-05-02.csv", HEADINGS.replace("Почта", "Адрес") + order(1))
    assert place.load().report.problems == ()


def test_a_column_that_was_never_filled_is_no_news(place: Place) -> None:
    empty = HEADINGS.replace("Почта", "Адрес") + ORDERS
    place.shop().put("shop/orders_2026-05-01.csv", empty)
    place.put("shop/orders_2026-05-02.csv", empty + order(61))
    assert place.load().report.problems == ()
