from __future__ import annotations

from source_place import HEADINGS, Place, order

ORDERS = "".join(map(order, range(1, 61)))


def test_a_column_that_lost_its_heading_is_reported(place: Place) -> None:
    place.shop().put("shop/orders_2026-05-01.csv", HEADINGS + ORDERS)
    place.put("shop/orders_2026-05-02.csv", HEADINGS.replace("Почта", "Электронный адрес") + ORDERS)
    _, problem = place.load().report.problems
    assert (problem.code, problem.where) == ("COLUMN_EMPTIED", "shop/orders_2026-05-02.csv")
    assert "has no value of email (Почта); other files have one in 60 of 60 rows" in problem.text


def test_a_small_file_is_no_evidence(place: Place) -> None:
    place.shop().put("shop/orders_2026-05-01.csv", HEADINGS + ORDERS)
    place.put("shop/orders_2026-05-02.csv", HEADINGS.replace("Почта", "Адрес") + order(1))
    assert [problem.code for problem in place.load().report.problems] == ["SCHEMA_DRIFT"]


def test_a_column_that_was_never_filled_is_no_news(place: Place) -> None:
    empty = HEADINGS.replace("Почта", "Адрес") + ORDERS
    place.shop().put("shop/orders_2026-05-01.csv", empty)
    place.put("shop/orders_2026-05-02.csv", empty + order(61))
    assert place.load().report.problems == ()


def drift(place: Place, before: str, now: str) -> str:
    """What the load says of a file with other headings than the one before."""
    place.shop().put("shop/orders_2026-05-01.csv", before + "\n" + "1,01.04.2026 10:00" + "," * (before.count(",") - 1))
    place.put("shop/orders_2026-05-02.csv", now + "\n" + "2,01.04.2026 10:00" + "," * (now.count(",") - 1))
    (problem,) = place.load().report.problems
    assert (problem.code, problem.where, problem.is_notice) == ("SCHEMA_DRIFT", "shop/orders_2026-05-02.csv", True)
    return problem.text.split(". ")[0].partition("orders_2026-05-01.csv: ")[2]


def test_headings_that_the_spec_names_are_told_and_others_counted(place: Place) -> None:
    said = drift(place, "Номер,Создан,Сумма,Анна Котова", "Номер,Создан,Почта,+79165550101,x")
    assert said == "gone Сумма and 1 that the spec does not name, new Почта and 2 that the spec does not name"


def test_a_heading_that_was_renamed_is_pointed_at_by_its_place(place: Place) -> None:
    said = drift(place, "Номер,Создан,Почта", "Номер,Создан,Имя,Эл. почта")
    assert said == "gone Почта, new 2 that the spec does not name; number 4 looks like 'Почта'"


def test_a_renamed_column_is_kept_and_never_applied(place: Place) -> None:
    drift(place, "Номер,Создан,Почта", "Номер,Создан,Почта!")
    assert place.raw("select email from stg_shop__orders where order_id = '2'") == [(None,)]


def test_another_order_of_headings_is_no_news(place: Place) -> None:
    place.shop().put("shop/orders_2026-05-01.csv", "Номер,Создан\n1,01.04.2026\n")
    place.put("shop/orders_2026-05-02.csv", "Создан,Номер\n01.04.2026,2\n")
    assert place.load().report.problems == ()


def test_drift_is_said_once(place: Place) -> None:
    drift(place, "Номер,Создан,Почта", "Номер,Создан")
    assert place.load().report.problems == ()


def test_drift_is_measured_against_the_file_drawn_before(place: Place) -> None:
    place.shop().put("shop/orders_2026-05-02.csv", "Номер,Создан\n1,01.04.2026\n")
    place.load()
    place.put("shop/orders_2026-05-01.csv", "Номер,Создан,Почта\n2,01.04.2026,\n")
    assert place.load().report.problems == ()
